"""One case: the facts first, the media veiled, what may be decided beside them. Looking at the page changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.case import Case
from amparo.cases.case_commands import StartLook
from amparo.cases.notice import Notice
from amparo.cases.refused import Refused
from amparo.console import choices, completeness, copies, enough, exposure, facts, wording
from amparo.console.access import NotNow, case_for, has_in_hand, text_of
from amparo.console.card import about_of, tags_of, what_of
from amparo.console.frame import page
from amparo.console.media import parts_of
from amparo.console.member import Member, member_of
from amparo.console.passages import Passage, passages
from amparo.plugins import installation
from amparo.records import office_queues, people, queues

BUSY = "Somebody else has this case open now. Take the next one, or try again in a few minutes."
_MOST_WORDS = 5


@dataclass(frozen=True)
class Words:
    """What one reporter wrote, newest last; `trouble` is a sentence where it cannot be opened now."""

    notice: Notice
    said_by: str
    texts: tuple[tuple[Passage, ...], ...]
    trouble: str


@require_safe
def case_page(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show a case. The media and the reporters' words are there for whoever has it open for review."""
    member = member_of(request)
    return show(request, member, case_for(member, case_id))


@require_POST
def open_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take a case in hand: from now on a person is looking. Pressing the button again keeps it in hand."""
    member = member_of(request)
    case, here = case_for(member, case_id), installation()
    if not people.claim(case.id, member.id, here.casebook.now()):
        return show(request, member, case, errors=[BUSY], status=409)
    try:
        here.casebook.execute(StartLook(case.id, member.reviewer))
    except Refused as refusal:
        people.release(case.id, member.id)
        return show(request, member, case_for(member, case_id), errors=[refusal.sentence], status=409)
    are_enough = not enough.of_case(case, here.policies, people.staffing())
    people.answer_calls(case.id, member.id, here.casebook.now(), are_enough=are_enough)
    return HttpResponseRedirect(f"/cases/{case.id}")


@require_POST
def put_down(request: HttpRequest, case_id: str) -> HttpResponse:
    """Give a case back to the queue without having decided."""
    member = member_of(request)
    people.release(case_for(member, case_id).id, member.id)
    return HttpResponseRedirect("/")


def show(
    request: HttpRequest,
    member: Member,
    case: Case,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a case; with `errors`, as an answer to a form, whose answers it keeps."""
    here, sent = installation(), request.POST
    is_ours = case.round is not None and has_in_hand(member, case)
    is_looking = is_ours and request.GET.get("look") == "1"
    look_by = queues.look_by(case.id) if case.round is not None else None
    now = here.casebook.now()
    policies, staffing, entries = here.policies, people.staffing(), here.casebook.entries(case.id)
    gravest = choices.gravest(case, policies)
    is_over_budget = queues.is_over_budget(case.id)
    card = here.capabilities_of(case.subject.platform)
    offered = choices.suspensions(case, card)
    context = {
        "case": case,
        "errors": errors or [],
        "what": what_of(case),
        "about": about_of(case),
        "tags": tags_of(case, policies, staffing, is_over_budget=is_over_budget),
        "lacks": enough.of_case(case, policies, staffing),
        "said_by": wording.said_by(case),
        "platform": wording.on_the_platform(case, card),
        "limits": choices.limits(case, card) if case.round is not None else [],
        "is_asked": card.reaches(case.wanted, is_account=case.subject.is_account),
        "seen": case.seen.value,
        "seen_by": exposure.seen_by(case, card),
        "late": facts.missed(entries),
        "likes": copies.likes_of(case),
        "copies": copies.copies_of(case, card),
        "past": None if case.owner is None else queues.past_of(case.owner, case.id),
        "look_by": look_by,
        "left": "" if look_by is None else wording.left(look_by, now),
        "urgency": "calm" if look_by is None else wording.urgency(look_by, now),
        "grounds": facts.ground_facts(case, policies),
        "lines": facts.lines_of(entries, policies),
        "parts": parts_of(member, case, is_looking=is_looking),
        "is_looking": is_looking,
        "is_ours": is_ours,
        "words": _words(member, case) if is_ours else [],
        "notices": [
            (each, _said(each), completeness.standing(each, policies)) for each in queues.some_notices_of(case.id)
        ],
        "digest": "" if case.content is None else case.content.digest,
        "removals": choices.removals(case, policies),
        "chosen": sent.get("policy") or ("" if gravest is None else gravest.ref),
        "suspensions": offered,
        "suspend": sent.get("suspend") or offered[0][0],
        "open_grounds": [policies.get(ground.policy) for ground in case.open_grounds],
        "named": sent.getlist("policies") or [ground.policy for ground in case.open_grounds],
        "reasons": choices.reasons(case, policies),
        "reason": sent.get("reason", ""),
        "keep_label": choices.keep_label(case, policies),
        "referrals": office_queues.referrals_of(case.id),
        "own": _own_part(member, case),
        "outcome": _outcome(case, here.policies.get),
    }
    return page(request, "case", context, status)


def _own_part(member: Member, case: Case) -> dict[str, bool]:
    """Return what this person alone has done or may do: never anything of another's."""
    if case.round is None:
        return {}
    person = people.find(member.id)
    return {
        "voted": any(vote.voter == member.id for vote in case.round.votes),
        "asked_for_good": member.id in case.round.asks_good,
        "excluded": member.id in case.round.excluded,
        "unapproved": person is None or person.approved_by is None,
    }


def _outcome(case: Case, policy_of: Any) -> str:
    if case.round is not None or not case.grounds:
        return ""
    if case.removed_for is not None:
        return f"Decided: it breaks the rule. {policy_of(case.removed_for).title}."
    return "Decided: it is kept." if case.kept_for else "There is nothing to decide here now."


def _said(notice: Notice) -> str:
    if notice.sender is not None:
        return "an office" if notice.sender.is_verified else "somebody who says to be an office"
    return "somebody" if notice.relation is None else wording.RELATIONS[notice.relation]


def _words(member: Member, case: Case) -> list[Words]:
    """Open what the reporters wrote. Once the vault does not answer, it is not asked again for this page."""
    found: list[Words] = []
    away = ""
    for notice in queues.notices_with_words(case.id):
        texts: list[tuple[Passage, ...]] = []
        trouble = away
        for letter in () if away else notice.words[-_MOST_WORDS:]:
            try:
                texts.append(passages(text_of(member, "read_notice", letter.sealed)))
            except NotNow as error:
                trouble = str(error)
                away = trouble if error.is_away else ""
                break
        found.append(Words(notice, _said(notice), tuple(texts), trouble))
    return found
