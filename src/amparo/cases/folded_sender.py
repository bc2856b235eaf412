"""What the events of an office and of a referral mean for a notice. `evolve_notice` brings them here."""

from dataclasses import replace

from amparo.cases.actor import Reviewer
from amparo.cases.events import Entry
from amparo.cases.office_events import (
    OfficeCalled,
    OfficeLinkGiven,
    OfficeLinkOpened,
    OfficeNamed,
    OfficeSetAside,
    OfficeVerified,
    ReferralDecided,
    ReferralOpened,
)
from amparo.cases.referral import Referral
from amparo.cases.refs import StaffId
from amparo.cases.sender import Called, GivenLink, Sender


def evolve_referrals(referrals: tuple[Referral, ...], entry: Entry) -> tuple[Referral, ...]:
    """Return the referrals of a notice after one more event about them."""
    match entry.event:
        case ReferralOpened(number=number, signals=signals):
            return (*referrals, Referral(number, signals, entry.at))
        case ReferralDecided() as event:
            return tuple(
                replace(
                    each,
                    refers=event.refers,
                    decided_at=entry.at,
                    by=_staff(entry),
                    sealed=event.sealed,
                    told_at=event.told_at,
                )
                if each.number == event.number
                else each
                for each in referrals
            )
        case event:
            raise TypeError(f"{type(event).__name__} is not about a referral.")


def evolve_sender(sender: Sender | None, entry: Entry) -> Sender:
    """Return the office behind a notice after one more event about it. Only OfficeNamed may be the first."""
    event, at = entry.event, entry.at
    if isinstance(event, OfficeNamed):
        return Sender(
            event.kind, event.country, event.sealed, event.removes, event.preserves, event.in_danger, named_at=at
        )
    if sender is None:
        raise TypeError(f"{type(event).__name__} cannot be the first event of an office.")
    match event:
        case OfficeLinkGiven():
            link = GivenLink(event.office, event.contact, event.link_sha256, _staff(entry), event.expires_at)
            return replace(sender, link=link, is_set_aside=False)
        case OfficeLinkOpened():
            return sender if sender.link is None else replace(sender, link=replace(sender.link, opened_at=at))
        case OfficeCalled():
            called = Called(event.office, event.contact, _staff(entry), at)
            return replace(sender, called=called, is_set_aside=False)
        case OfficeVerified():
            return replace(sender, office=event.office, verified_at=at)
        case OfficeSetAside():
            return replace(sender, is_set_aside=True)
        case _:
            raise TypeError(f"{type(event).__name__} is not about an office.")


def _staff(entry: Entry) -> StaffId:
    if not isinstance(entry.actor, Reviewer):
        raise TypeError(f"{type(entry.event).__name__} is a person's doing.")
    return entry.actor.id
