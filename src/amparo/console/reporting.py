"""Reports by the staff themselves. Whoever reports something never decides about it."""

import hashlib
import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from amparo.cases.notice_commands import AnswerAge, AnswerRelation, OpenNotice, PlacedLink, SendNotice
from amparo.cases.refs import Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Relation
from amparo.console.forms import ReportForm, errors_of
from amparo.console.frame import page
from amparo.console.links import NO_SUCH_PLACE
from amparo.console.member import Member, member_of
from amparo.plugins import installation
from amparo.records import budgets
from amparo.records.casebook import Intake, KeyReused


@require_http_methods(["GET", "HEAD", "POST"])
def report_as_staff(request: HttpRequest) -> HttpResponse:
    """Report a link. It opens or joins a case like any report; the person who sent it is kept from deciding it."""
    topics = frozenset().union(*(policy.topics for policy in installation().policies.current))
    empty = ReportForm(topics, initial={"key": uuid.uuid4()})
    if request.method != "POST":
        return page(request, "report", {"form": empty})
    form = ReportForm(topics, request.POST)
    if not form.is_valid():
        return page(request, "report", {"form": form, "errors": errors_of(form)}, 422)
    found = installation().place(form.cleaned_data["link"])
    if not isinstance(found, Subject):
        return page(request, "report", {"form": form, "errors": [NO_SUCH_PLACE]}, 422)
    try:
        _report(member_of(request), form, found)
    except Refused as refusal:
        return page(request, "report", {"form": form, "errors": [refusal.sentence]}, 409)
    except KeyReused as error:
        return page(request, "report", {"form": form, "errors": [str(error)]}, 409)
    return page(request, "report", {"form": empty, "is_reported": True})


def _report(member: Member, form: ReportForm, subject: Subject) -> None:
    """Open the notice, then answer it as the door would. Should we die in between, it counts as a child's."""
    here, answers = installation(), form.cleaned_data
    policy = here.policies.for_notice(form.topic_chosen(), is_adult=False)
    is_within = budgets.is_within(policy, "", here.casebook.now())
    body = "\n".join(str(answers[name]) for name in ("link", "topic", "relation", "age"))
    done = here.casebook.execute(
        OpenNotice(
            here.casebook.new_notice_id(),
            form.topic_chosen(),
            policy.ref,
            None,
            (PlacedLink(subject, UNKNOWN_YET),),
            here.regimes,
            is_within,
            member.actor,
            reported_by=member.id,
        ),
        intake=Intake(f"staff:{member.id}:{answers['key']}", hashlib.sha256(body.encode()).hexdigest()),
    )
    notice = done.notice
    assert notice is not None  # noqa: S101 - for the type checker: an intake always names its notice
    relation, age = Relation(answers["relation"]), Age(answers["age"])
    here.casebook.execute(AnswerRelation(notice, relation, here.regimes, is_within, member.actor))
    here.casebook.execute(AnswerAge(notice, age, here.regimes, is_within, member.actor))
    here.casebook.execute(SendNotice(notice, here.regimes, is_within, member.actor))
