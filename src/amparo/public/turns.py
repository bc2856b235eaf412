"""What becomes of a report in a flood: who did the work is taken in at once, everybody else is kept and waits.

Nobody is refused. A report without work, as from a browser without scripts, is sealed to the spool and acknowledged,
and taken in behind the others (`vault/spool_turn.py`).
"""

from dataclasses import dataclass

from django.http import HttpRequest

from amparo.plugins import without_books
from amparo.policies.policy import Topic
from amparo.public import private, start, steps, work
from amparo.public.brake import count_report, rates
from amparo.public.forms import digest, key_of
from amparo.public.network import network_of
from amparo.public.tickets import DRAFT, PAGE, NoTicket

FORMS_OF_A_REPORT = 60.0
"""How many forms about one report may come in a minute before they wait like others."""
_REPEATS_OF_A_FORM = 10.0
_SECONDS_FOR_EACH = 10
_LATER_SECONDS = 3600
_SPAM_LATER_SECONDS = 60
_ABOUT_A_REPORT = {
    **dict.fromkeys((steps.who, steps.age, steps.how, steps.check), DRAFT),
    **dict.fromkeys((private.words, private.again, private.links, private.answers, private.new_code), PAGE),
}


@dataclass(frozen=True)
class Wait:
    """A form is to be kept and to wait. `behind_seconds` is None where it goes before all that came without work."""

    behind_seconds: int | None


def judge(request: HttpRequest, view: object) -> Wait | None:
    """Count what came, and return how it has to wait; None for what is taken in at once."""
    if request.method != "POST":
        return None
    if view is start.report:
        return _judge_report(request)
    ticket = _ABOUT_A_REPORT.get(view)  # type: ignore[call-overload]
    if ticket is None:
        return None
    try:
        rate = rates().note(f"report:{ticket.read(request)}")
    except NoTicket:
        return None
    return Wait(_later(rate)) if rate > FORMS_OF_A_REPORT else None


def _judge_report(request: HttpRequest) -> Wait | None:
    network, key = network_of(request), key_of(request)
    bits, of_network = count_report(network)
    again = rates().note(f"form:{key}")
    # The same links from the same network stand behind its others: their case is open with the first of them.
    same = rates().note(f"same:{network}:{digest(start.links_of(request))}")
    if not bits:
        return None
    proof = work.proven(request.POST.get("task", ""), request.POST.get("work", ""), key, without_books().casebook.now())
    if proof and again <= _REPEATS_OF_A_FORM:
        # What was asked for before the flood grew is less than what is asked now: it waits, in front.
        return None if proof >= bits else Wait(None)
    ordinary = _SPAM_LATER_SECONDS if request.POST.get("topic") == Topic.SPAM.value else 0
    return Wait(_later(of_network + same) + ordinary)


def _later(rate: float) -> int:
    return min(int(_SECONDS_FOR_EACH * rate), _LATER_SECONDS)
