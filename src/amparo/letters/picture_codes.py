"""What the private page says of the codes that its reporter made of pictures: whether each is at work and how long.

It never says what a code has found. Whoever holds a picture can make its code, so else anybody could ask what others
have posted, in private, too.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from amparo.cases.picture_claim import PictureClaim
from amparo.cases.words import WhyClaimEnded
from amparo.letters.moments import clock_time, day


def said_of(claim: PictureClaim, now: datetime, *, may_hide: bool) -> list[str]:
    """Return how one code stands, in sentences. `may_hide`: by its policy it may hide before anybody has looked."""
    if claim.ended is not None and claim.ended_at is not None:
        ended = {
            WhyClaimEnded.WITHDRAWN: _("You stopped this code."),
            WhyClaimEnded.EXPIRED: _("The time of this code is over."),
            WhyClaimEnded.PEOPLE: _("Two people here stopped this code."),
        }[claim.ended]
        return [ended, _("We deleted it at %(time)s.") % {"time": clock_time(claim.ended_at, now)}]
    if not claim.works:
        return [
            _("We got many codes at once."),
            _("A person has to start this one first."),
            _("You do not need to do anything else."),
        ]
    return [
        _("We got it at %(time)s.") % {"time": clock_time(claim.came_at, now)},
        # A hide depends on whose code it is and on how many it has hidden, so none is promised.
        _("We look for the picture here."),
        _("If we find it, a person looks at it."),
        *([_("We may hide it first.")] if may_hide else []),
        _("We use the code until %(day)s.") % {"day": day(claim.until)},
    ]
