"""What an office's form does: a report like anybody's, in one step, and beside it who says to have sent it.

The name of the office, who writes and their number of the case are sealed before the command that names them.
"""

import os
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from amparo.cases.actor import Reporter
from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.office_commands import NameOffice, OpenOfficeLink
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.sender import OfficeKind
from amparo.cases.words import Age, Way
from amparo.plugins import installation, sealer
from amparo.public import start
from amparo.public.acts import Taken
from amparo.public.forms import BadForm, digest, kept, readable
from amparo.records import budgets, codes
from amparo.records.casebook import Enclosed, Intake
from amparo.records.forms import Form, commands_of, sealed_links
from amparo.records.spooled import notice_of

NOWHERE = "ZZ"
"""Stands for a country that is not on the list."""
FIELDS = ("office", "writer", "case_number")
_LONGEST = 300


@dataclass(frozen=True)
class Said:
    """What an office says of itself and asks for."""

    kind: OfficeKind
    details: str
    removes: bool
    preserves: bool
    in_danger: bool


def read_said(request: HttpRequest) -> Said:
    """Return what an office's form says. Raises BadForm with a sentence for each thing that is missing."""
    wrong = []
    kind = next((each for each in OfficeKind if each.value == request.POST.get("kind")), None)
    if kind is None:
        wrong.append(_("Say who writes: the police, a regulator or a court."))
    if not request.POST.get("office", "").strip():
        wrong.append(_("Give the name of the office."))
    removes, preserves = "remove" in request.POST.getlist("asks"), "preserve" in request.POST.getlist("asks")
    if not (removes or preserves):
        wrong.append(_("Choose to hide it, to keep it, or both."))
    if wrong or kind is None:
        raise BadForm(*wrong)
    return Said(kind, details_of(request), removes, preserves, request.POST.get("danger") == "yes")


def details_of(request: HttpRequest) -> str:
    """Return what is sealed: the office's name, who writes and how to reach them, and its number of the case."""
    said = [readable(request.POST.get(field, "").strip())[:_LONGEST] for field in FIELDS]
    names = ("Office", "Who writes", "Case number")
    return "\n".join(f"{name}: {value or '–'}" for name, value in zip(names, said, strict=True))


def kept_fields(request: HttpRequest) -> dict[str, str]:
    """Return what was typed of the office, as it is given back in the form."""
    return {field: kept(request.POST.get(field, "")) for field in FIELDS}


def intake_of(form: start.Form, said: Said) -> Intake:
    """Return what makes sending it twice sending it once: the same whether the books or the spool take it."""
    about = (said.kind.value, said.details, said.removes, said.preserves, said.in_danger)
    return Intake(form.intake.key, digest(form.intake.body_sha256, *about))


def open_notice(form: start.Form, said: Said, network: str) -> Taken:
    """Take an office's notice in, hidden and on its clocks as anybody's; return it with its code. Raises KeyReused."""
    here, country, intake = installation(), form.answers.country, intake_of(form, said)
    now = here.casebook.now()
    notice = notice_of(intake.key, intake.body_sha256, now, settings.SECRET_KEY)
    links, sealed = sealed_links(notice, ((each.text, each.found) for each in form.pasted), sealer())
    details = sealer().seal(said.details.encode(), kind="words", owner=notice)
    report = Form(notice, network, form.topic, links, None, form.answers.age, country, Way.PRIVATE_PAGE, is_sent=True)
    policy = here.policies.for_notice(form.topic, is_adult=form.answers.age is Age.ADULT)
    room = budgets.room(policy, network, now)
    names = NameOffice(
        notice,
        said.kind,
        country or NOWHERE,
        SealedRef(details.id),
        said.removes,
        said.preserves,
        said.in_danger,
        room > 0,
        Reporter(notice),
        room=room,
    )
    code = codes.new_code(os.urandom)
    enclosed = Enclosed((*sealed, details), codes.hash_of(code), now + codes.VALID_FOR, network)
    commands = [*commands_of(report, None, here.casebook, here.regimes), names]
    done = here.casebook.execute(commands, intake=intake, enclosed=enclosed)
    states = [change.state for change in done.changes]
    opened = next((state for state in states if isinstance(state, Notice)), None)
    if opened is None and done.notice is not None:
        opened = here.casebook.notice(done.notice)
    return Taken(opened, {state.id: state for state in states if isinstance(state, Case)}, code)


def open_link(notice: NoticeId, sha256: str) -> Notice | None:
    """Take down that the signed link was opened, and return its notice. Raises Refused."""
    here = installation()
    here.casebook.execute(OpenOfficeLink(notice, sha256, Reporter(notice)))
    return here.casebook.notice(notice)
