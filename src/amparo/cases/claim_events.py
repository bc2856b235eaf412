"""What has happened to the codes of pictures that somebody claims."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import ClaimId, StaffId
from amparo.cases.words import WhyClaimEnded


@dataclass(frozen=True)
class PictureClaimed:
    """Somebody made a code of a picture on their device. The code is in no event.

    `radius`: in how many bits a copy's hash may differ. Unless it `works`, a person has to start it.
    """

    claim: ClaimId
    quality: int
    pipeline: str
    until: datetime
    radius: int
    works: bool


@dataclass(frozen=True)
class ClaimStarted:
    claim: ClaimId


@dataclass(frozen=True)
class ClaimRenewed:
    claim: ClaimId
    until: datetime


@dataclass(frozen=True)
class ClaimEndVoted:
    """One person voted to end a claim, without seeing whether anybody else did."""

    claim: ClaimId
    voter: StaffId
    is_lead: bool


@dataclass(frozen=True)
class ClaimEnded:
    """Nothing is looked for by it any more, and its code is deleted."""

    claim: ClaimId
    why: WhyClaimEnded
