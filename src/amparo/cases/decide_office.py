"""The rules of an office's notice: what it may ask, and what it takes to believe that it is that office.

Two ways lead to an office that is on file, and two of ours walk them: one hands out a signed link for a contact that
has long been on file, and whoever is there opens it; somebody else calls back. Neither alone verifies anything, and
neither do both by one person's hand. `decide_notice` brings it here.
"""

from datetime import timedelta

from amparo.cases.clock import Clock
from amparo.cases.clock_events import AlarmRaised, ClockExpired
from amparo.cases.notice_draft import NoticeDraft
from amparo.cases.office_commands import GiveOfficeLink, NameOffice, OpenOfficeLink, RecordOfficeCall, SetOfficeAside
from amparo.cases.office_events import (
    OfficeCalled,
    OfficeLinkGiven,
    OfficeLinkOpened,
    OfficeNamed,
    OfficeSetAside,
    OfficeVerified,
)
from amparo.cases.refs import StaffId
from amparo.cases.refused import Refused
from amparo.cases.sender import ContactOnFile, Sender
from amparo.cases.words import Alarm
from amparo.policies.policy import ClockName

SENDER = "sender"
# A contact ripens for a week: until then nobody can confirm the office, and a call each day is enough.
_ASK_AGAIN = timedelta(days=1)


def name_office(draft: NoticeDraft, command: NameOffice) -> None:
    """Take down that an office asks, and call for somebody who finds out whether it is one."""
    draft.must_be_open()
    if draft.notice.sender is not None:
        raise Refused("office_named", "This report names its office already.")
    if not (command.removes or command.preserves):
        raise Refused("nothing_asked", "Choose to hide it, to keep it, or both.")
    draft.add(
        OfficeNamed(
            command.kind, command.country, command.sealed, command.removes, command.preserves, command.in_danger
        )
    )
    if command.in_danger:
        draft.add(AlarmRaised(Alarm.OFFICE_SAYS_DANGER))
    draft.start(SENDER, ClockName.FIRST_LOOK)


def give_link(draft: NoticeDraft, command: GiveOfficeLink) -> None:
    """Hand out a signed link for a contact that counts; the one before it works no more."""
    sender = _waiting(draft)
    _check(draft, command.contact, command.actor.id)
    if sender.called is not None and sender.called.by == command.actor.id:
        raise Refused("second_person_must_differ", "You called them back. Somebody else hands out the link.")
    if command.expires_at > draft.now + draft.policy.office.link_works:
        raise Refused("link_works_too_long", "A link may not work for longer than the policy says.")
    contact = command.contact
    draft.add(
        OfficeLinkGiven(contact.office, contact.id, command.link_sha256, contact.on_file_since, command.expires_at)
    )
    draft.start(SENDER, ClockName.FIRST_LOOK)


def open_link(draft: NoticeDraft, command: OpenOfficeLink) -> None:
    """Take down that the link was opened. A link that is over, or is not the last one, opens nothing."""
    sender = draft.notice.sender
    link = None if sender is None else sender.link
    if link is None or link.sha256 != command.link_sha256 or link.expires_at <= draft.now:
        raise Refused("link_is_over", "This link does not work any more. Ask us for a new one.")
    if link.opened_at is None:
        draft.add(OfficeLinkOpened(link.sha256))
        _verified_or_not(draft)


def record_call(draft: NoticeDraft, command: RecordOfficeCall) -> None:
    """Take down that the office was called back by a contact that counts, and knew of its notice."""
    sender, contact, caller = _waiting(draft), command.contact, command.actor.id
    _check(draft, contact, caller)
    if caller == contact.added_by:
        raise Refused("second_person_must_differ", "You put this contact on file. Somebody else calls it.")
    if sender.link is not None and sender.link.by == caller:
        raise Refused("second_person_must_differ", "You handed out the link. Somebody else calls them back.")
    if sender.link is not None and sender.link.office != contact.office:
        raise Refused("another_office", "The link went to another office. Call the one that has it.")
    draft.add(OfficeCalled(contact.office, contact.id, contact.on_file_since))
    draft.start(SENDER, ClockName.FIRST_LOOK)
    _verified_or_not(draft)


def set_aside(draft: NoticeDraft, command: SetOfficeAside) -> None:
    """Stop asking who it is. Its report goes on as anybody's."""
    _waiting(draft)
    _approved(draft, command.actor.id)
    draft.add(OfficeSetAside())
    draft.stop(SENDER)


def expire(draft: NoticeDraft, clock: Clock) -> None:
    """Nobody has found out yet who it is: a person is called, now and each day."""
    draft.add(ClockExpired(clock.key, clock.due_at, draft.now + _ASK_AGAIN))
    draft.add(AlarmRaised(Alarm.OFFICE_WAITS))


def _waiting(draft: NoticeDraft) -> Sender:
    draft.must_be_open()
    sender = draft.notice.sender
    if sender is None:
        raise Refused("no_office", "Nobody says that this report comes from an office.")
    if sender.is_verified:
        raise Refused("office_verified", "This office has been confirmed meanwhile.")
    return sender


def _approved(draft: NoticeDraft, staff: StaffId) -> None:
    voter = draft.facts.staffing.find(staff)
    if voter is None or not voter.is_approved:
        raise Refused("enrolment_not_approved", "A second person has to approve your enrolment before you do this.")


def _check(draft: NoticeDraft, contact: ContactOnFile, staff: StaffId) -> None:
    """Raise Refused for a contact that does not count: put on file lately, or by one person alone."""
    _approved(draft, staff)
    if contact.confirmed_by is None or contact.confirmed_by == contact.added_by:
        raise Refused("contact_not_confirmed", "A second person has to confirm this contact before it counts.")
    counts_from = contact.on_file_since + draft.policy.office.contact_on_file
    if draft.now < counts_from:
        raise Refused(
            "contact_too_new", f"This contact is too new. It counts from {counts_from:%d %b %Y, %H:%M} UTC on."
        )


def _verified_or_not(draft: NoticeDraft) -> None:
    sender = draft.notice.sender
    assert sender is not None  # noqa: S101 - for the type checker: both callers have one
    link, called = sender.link, sender.called
    if link is None or link.opened_at is None or called is None or link.office != called.office:
        return
    draft.add(OfficeVerified(called.office))
    draft.stop(SENDER)
