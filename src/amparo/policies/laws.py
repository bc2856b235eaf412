"""What no policy may say: the laws of the work are not configurable.

A policy that broke one of these would let a case stand still, let one person refuse, or tell a reporter what is not
so; it is refused when it is loaded, not when a case meets it.
"""

from datetime import timedelta

from amparo.policies.policy import AtLimit, ClockName, ClockRule, Copies, Hide, Lane, OnExpiry, Policy, Topic
from amparo.policies.table import Table

_ON_FILE_AT_LEAST = timedelta(days=7)
_EVERY_POLICY_HAS = (ClockName.FIRST_LOOK, ClockName.DECIDED, ClockName.GONE, ClockName.WATCH, ClockName.WINDOW)


def check_laws(policy: Policy, root: Table) -> None:
    """Raise MalformedPolicy for a policy that breaks a law of the work. `root` is the file that it was read from."""
    decide = root.table("decide")
    if not policy.topics:
        root.table("applies").refuse("topics", "is empty, so no report would ever fall under this policy")
    if policy.lane is Lane.ORDINARY and policy.topics & {Topic.SEXUAL_PICTURE, Topic.THREAT}:
        # Or the ordinary lane, where one person may refuse, would be the way to keep sexual imagery up alone.
        root.table("applies").refuse("lane", "sexual pictures and threats with them are never ordinary: adult or child")
    if policy.remove.people != 1:
        decide.table("remove").refuse(
            "people", "removing takes one person; a second would let one person's absence stop it"
        )
    if policy.account.suspend != 1:
        decide.table("account").refuse("suspend", "suspending for a time takes one person, like removing")
    if policy.lane is not Lane.ORDINARY:
        if policy.keep.people < 2 or not policy.keep.blind:
            decide.table("keep").refuse("people", "keeping sexual imagery up takes at least two people, blind")
        if policy.lane is Lane.CHILD and not policy.keep.one_of_lead:
            decide.table("keep").refuse("one_of", 'in the child lane one of the two is a lead: one_of = "lead"')
        if policy.account.suspend_for_good < 2:
            decide.table("account").refuse("suspend_for_good", "a suspension for good takes at least two people")
    if not policy.reasons:
        root.refuse("reason", "a refusal cites a rule, so at least one [[reason]] is needed")
    for number, reason in enumerate(policy.reasons):
        if reason.id in [earlier.id for earlier in policy.reasons[:number]]:
            root.tables("reason")[number].refuse("id", f"{reason.id!r} stands there twice")
    for name in _EVERY_POLICY_HAS:
        if not policy.rules(name, frozenset()):
            root.refuse("clock", f'a house rule for the clock "{name.value}" is missing, so a case could stand still')
    if policy.office.contact_on_file < _ON_FILE_AT_LEAST:
        # Or whoever pretends to be an office has a number put on file in the morning and is called back at noon.
        root.table("office").refuse("contact_on_file", "a contact counts after 7 days on file or more")
    hides_at_limit = any(clock.at_limit is AtLimit.STAY_HIDDEN for clock in policy.clocks)
    hides_copies = policy.on_report.copies is not Copies.LEAVE
    hides_more = hides_at_limit or hides_copies or policy.account.hide_unreviewed_media
    hides = policy.on_report.hide is not Hide.NEVER or hides_more
    if hides and not policy.rules(ClockName.HIDDEN, frozenset()):
        root.refuse("clock", 'a policy that hides needs a clock "hidden", or nobody notices that it failed')
    if policy.elements and policy.lane is not Lane.ADULT:
        # Where it may be about a child nobody is asked for a name, whatever a law would take it for.
        root.refuse("elements", 'what a law asks of a notice is asked of adults alone: lane = "adult"')
    for number, rule in enumerate(policy.clocks):
        _check_clock(policy, rule, policy.clocks[:number], root.tables("clock")[number])


def _check_clock(policy: Policy, rule: ClockRule, earlier: tuple[ClockRule, ...], table: Table) -> None:
    """Refuse a clock that would let a case stand still, call nobody, or say what is not so."""
    said, name = set(rule.on_expiry), rule.name.value
    if any((rule.name, rule.regime) == (other.name, other.regime) for other in earlier):
        table.refuse("name", f'the clock "{name}" of that regime stands there twice, so it is not clear which one runs')
    if rule.at_limit is not None and rule.name not in (ClockName.DECIDED, ClockName.ORDERED):
        table.refuse("at_limit", f'only the clock "decided" is a hard limit, not "{name}"')
    if rule.name is ClockName.ORDERED and rule.at_limit is AtLimit.REMOVE:
        # It runs for whoever says to be an authority: what that sets off must be possible to take back.
        table.refuse("at_limit", '"ordered" runs before anybody confirmed the sender, so it hides at most')
    if (OnExpiry.CLOSE in said) != (rule.name in (ClockName.WATCH, ClockName.WINDOW, ClockName.HOLD)):
        table.refuse("on_expiry", '"close" belongs to "watch", "window" and "hold" and to no other clock')
    if OnExpiry.TELL_NOT_HIDDEN in said and rule.name is not ClockName.HIDDEN:
        table.refuse("on_expiry", '"tell:reporter:not_hidden_yet" is true only of the clock "hidden"')
    if rule.name in (ClockName.HIDDEN, ClockName.GONE) and OnExpiry.ALARM not in said:
        table.refuse("on_expiry", f'"{name}" needs "alarm", or nobody hears that the platform did not obey')
    if rule.name in (ClockName.ORDERED, ClockName.REFERRAL):
        if OnExpiry.TELL_LATE in said:
            table.refuse("on_expiry", f'"{name}" is no promise to a reporter, so no reporter is told of it')
        if not said & {OnExpiry.ALARM, OnExpiry.ESCALATE_LEAD}:
            table.refuse("on_expiry", f'"{name}" needs "alarm" or "escalate:lead", or nobody is called')
    if rule.name in (ClockName.FIRST_LOOK, ClockName.DECIDED):
        if OnExpiry.TELL_LATE not in said:
            table.refuse("on_expiry", f'"{name}" needs "tell:reporter:late": a missed promise is owned up to')
        if policy.lane is not Lane.ORDINARY and not said & {OnExpiry.ALARM, OnExpiry.ESCALATE_LEAD}:
            table.refuse("on_expiry", f'"{name}" needs "alarm" or "escalate:lead", or nobody is called')
