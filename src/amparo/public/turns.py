"""What becomes of a report in a flood: who did the work is taken in at once, everybody else is kept and waits.

Nobody is refused. A report without work, as from a browser without scripts, is sealed to the spool and acknowledged,
and taken in behind the others (`vault/spool_turn.py`). Only an office's form is not: who wrote would lose its fields
there. It comes back with all that was typed, and goes in with the work, or after half a minute.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from amparo.plugins import without_books
from amparo.policies.policy import Topic
from amparo.public import officials, picture, private, start, steps, work
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
OFFICE_WAITS_SECONDS = 30
"""After which an office's form is taken without work, so that no scripts are needed."""
OFFICES_THAT_WAITED = 6.0
"""How many such forms a minute are taken of one network. Offices of one network are few; a bot's forms are not."""
_OPENERS = (start.report, picture.picture, officials.officials)
_ABOUT_A_REPORT = {
    **dict.fromkeys((steps.who, steps.age, steps.how, steps.check), DRAFT),
    **dict.fromkeys((private.words, private.again, private.links, private.answers, private.new_code), PAGE),
}


@dataclass(frozen=True)
class Wait:
    """A form is to be kept and to wait. `behind_seconds` is None where it goes before all that came without work.

    `comes_again`: it is not kept, but given back with all that was typed; only without books it is kept all the same.
    """

    behind_seconds: int | None
    comes_again: bool = False


def judge(request: HttpRequest, view: object) -> Wait | None:
    """Count what came, and return how it has to wait; None for what is taken in at once."""
    if request.method != "POST":
        return None
    if view in _OPENERS:
        return _judge_report(request, view)
    ticket = _ABOUT_A_REPORT.get(view)  # type: ignore[call-overload]
    if ticket is None:
        return None
    try:
        rate = rates().note(f"report:{ticket.read(request)}")
    except NoTicket:
        return None
    return Wait(_later(rate)) if rate > FORMS_OF_A_REPORT else None


def _judge_report(request: HttpRequest, view: object) -> Wait | None:
    network, key = network_of(request), key_of(request)
    bits, of_network = count_report(network)
    again = rates().note(f"form:{key}")
    # The same links from the same network stand behind its others: their case is open with the first of them.
    named = request.POST.get("pdq", "") if view is picture.picture else start.links_of(request)
    same = rates().note(f"same:{network}:{digest(named)}")
    if not bits:
        return None
    is_of_an_office, now = view is officials.officials, without_books().casebook.now()
    task = request.POST.get("task", "")
    proof = work.proven(task, request.POST.get("work", ""), key, now)
    if proof and again <= _REPEATS_OF_A_FORM:
        # What was asked for before the flood grew is less than what is asked now: it waits, in front.
        return None if proof >= bits or is_of_an_office else Wait(None)
    if is_of_an_office and work.seconds_since(task, key, now) >= OFFICE_WAITS_SECONDS and _may_go(network):
        return None
    ordinary = _SPAM_LATER_SECONDS if request.POST.get("topic") == Topic.SPAM.value else 0
    return Wait(_later(of_network + same) + ordinary, comes_again=is_of_an_office)


def _may_go(network: str) -> bool:
    return rates().note(f"office:{network}") <= OFFICES_THAT_WAITED


def _later(rate: float) -> int:
    return min(int(_SECONDS_FOR_EACH * rate), _LATER_SECONDS)
