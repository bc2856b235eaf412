"""One item of a bank as the console lists it: what is known of it without a look at any media."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from amparo.console.access import case_for
from amparo.console.member import Member
from amparo.records.bank_values import Item


@dataclass(frozen=True)
class Line:
    """One item as it is listed. `may_confirm`: it waits, and this person is approved and did not enter it.

    `case` is empty also where it is this person's own, which does not exist for them.
    """

    item: Item
    digest: str
    types: str
    added_by: str
    state: str
    is_off: bool
    may_confirm: bool
    case: str


def line_of(item: Item, member: Member, names: Mapping[str, str], now: datetime) -> Line:
    """Return an item as that person sees it. `names`: who the staff are, by id."""
    is_off = item.is_disabled(now)
    state = "off" if is_off else "waits for a second person" if item.waits_for_a_second_person else "counts"
    return Line(
        item,
        item.digest,
        ", ".join(item.signals),
        names.get(item.added_by, item.added_by),
        state,
        is_off,
        member.is_approved and item.waits_for_a_second_person and not is_off and item.added_by != member.id,
        _case(item, member),
    )


def _case(item: Item, member: Member) -> str:
    try:
        return "" if item.case is None else case_for(member, item.case).id
    except Http404:
        return ""
