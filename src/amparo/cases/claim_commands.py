"""What may be asked of a notice about the codes of pictures."""

from dataclasses import dataclass

from amparo.cases.actor import Actor, Reviewer
from amparo.cases.picture_claim import PictureCode
from amparo.cases.refs import ClaimId, NoticeId


@dataclass(frozen=True)
class ClaimPicture:
    """A picture that somebody has on their device shall not be shown here: its code, made there."""

    notice: NoticeId
    picture: PictureCode
    actor: Actor


@dataclass(frozen=True)
class RenewClaim:
    notice: NoticeId
    claim: ClaimId
    actor: Actor


@dataclass(frozen=True)
class WithdrawClaim:
    """Whoever made the code does not want it to be at work any more. What it has hidden waits for people."""

    notice: NoticeId
    claim: ClaimId
    actor: Actor


@dataclass(frozen=True)
class StartClaim:
    """A person lets a claim work that came over the budget."""

    notice: NoticeId
    claim: ClaimId
    actor: Reviewer


@dataclass(frozen=True)
class VoteToEndClaim:
    """A person finds that a claim finds what it should not. It takes as many as keeping up what it finds."""

    notice: NoticeId
    claim: ClaimId
    actor: Reviewer


ClaimCommand = ClaimPicture | RenewClaim | WithdrawClaim | StartClaim | VoteToEndClaim
