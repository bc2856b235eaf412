"""From TOML to policies. A malformed policy is refused with its file, line and reason; nothing is guessed.

The digest is that of the file's bytes, so a changed comment is a changed version too: what people read is what
is pinned.
"""

import hashlib

from amparo.policies.elements import Element, ElementRule
from amparo.policies.laws import check_laws
from amparo.policies.policy import (
    AccountRule,
    AtLimit,
    Budget,
    Claims,
    ClockName,
    ClockRule,
    Copies,
    Hide,
    Lane,
    OfficeRule,
    OnExpiry,
    OnReport,
    Policy,
    Reason,
    Topic,
    Voting,
    Who,
)
from amparo.policies.table import MalformedPolicy as MalformedPolicy
from amparo.policies.table import Table, read_toml


def parse_policy(text: str, file: str) -> Policy:
    """Return the policy that a TOML text states. Raises MalformedPolicy naming `file`, line and reason."""
    root = read_toml(text, file)
    policy = Policy(
        name=root.text("name", pattern=r"[a-z][a-z0-9-]*"),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        title=root.text("title"),
        lane=Lane[root.table("applies").choice("lane", {lane.name.lower(): lane for lane in Lane}).name],
        topics=frozenset(root.table("applies").choices("topics", Topic)),
        harm=root.number("harm", least=1, most=1000),
        on_report=_on_report(root.table("on_report")),
        remove=Voting(root.table("decide").table("remove").number("people", least=1, most=5)),
        keep=_voting(root.table("decide").table("keep")),
        account=_account(root.table("decide").table("account")),
        reasons=tuple(_reason(t) for t in root.tables("reason")),
        clocks=tuple(_clock(t) for t in root.tables("clock")),
        elements=tuple(_elements(t) for t in root.tables("elements", may_be_absent=True)),
        office=_office(root.table("office", absent={})),
        claims=_claims(root.table_or_none("claims")),
    )
    check_laws(policy, root)
    root.refuse_unknown()
    return policy


def _on_report(table: Table) -> OnReport:
    budget = table.table("budget")
    return OnReport(
        hide=table.one_of("hide", Hide),
        who=table.one_of("who", Who),
        rehide_once=table.yes_or_no("rehide_once"),
        budget=Budget(budget.number("per_network_per_hour", least=1), budget.number("in_all_per_hour", least=1)),
        copies=table.choice("copies", {copies.value: copies for copies in Copies}, absent=Copies.LEAVE),
    )


def _claims(table: Table | None) -> Claims:
    if table is None:
        return Claims()
    made, hides = table.table("budget"), table.table("hides")
    return Claims(
        length=table.length("length"),
        radius=table.number("radius", least=0, most=31),
        budget=Budget(made.number("per_network_per_hour", least=1), made.number("in_all_per_hour", least=1)),
        hides=Budget(hides.number("per_claim_per_hour", least=1), hides.number("in_all_per_hour", least=1)),
    )


def _voting(table: Table) -> Voting:
    return Voting(
        people=table.number("people", least=1, most=5),
        blind=table.yes_or_no("blind", absent=False),
        one_of_lead=table.choice("one_of", {"lead": True}, absent=False),
    )


def _account(table: Table) -> AccountRule:
    return AccountRule(
        suspend=table.number("suspend", least=1, most=5),
        suspend_for_good=table.number("suspend_for_good", least=1, most=5),
        suspend_for=table.length("suspend_for"),
        hide_unreviewed_media=table.yes_or_no("hide_unreviewed_media"),
    )


def _office(table: Table) -> OfficeRule:
    usual = OfficeRule()
    return OfficeRule(
        contact_on_file=table.length("contact_on_file", absent=usual.contact_on_file),
        link_works=table.length("link_works", absent=usual.link_works),
        unverified_hold=table.length("unverified_hold", absent=usual.unverified_hold),
    )


def _reason(table: Table) -> Reason:
    return Reason(table.text("id", pattern=r"[a-z][a-z0-9_]*"), table.text("text"))


def _clock(table: Table) -> ClockRule:
    length = table.length("length")
    page_at = table.fraction("page_at")
    return ClockRule(
        name=table.one_of("name", ClockName),
        length=length,
        regime=table.text("regime", pattern=r"[A-Z]{2}", absent=None),
        page_at=page_at,
        renew=table.length("renew", absent=length),
        on_expiry=tuple(table.choices("on_expiry", OnExpiry)),
        at_limit=table.choice("at_limit", {limit.value: limit for limit in AtLimit}, absent=None),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
    )


def _elements(table: Table) -> ElementRule:
    return ElementRule(
        regime=table.text("regime", pattern=r"[A-Z]{2}"),
        title=table.text("title"),
        needs=frozenset(table.choices("needs", Element)),
        binds=table.yes_or_no("binds"),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
    )
