"""What we say of a link that has no case: which kind it is and, once a person has looked, what it turned out to be."""

from datetime import datetime

from django.utils.translation import gettext as _

from amparo.cases.notice import NoticeLink
from amparo.cases.words import LinkProblem, Told
from amparo.letters.moments import clock_time


def headline_of_unplaced(link: NoticeLink, site: str) -> str:
    """Return what is wrong with a link, or what a person found."""
    if link.answer is Told.LINK_ELSEWHERE:
        return _("A person looked. This is on another site, not on %(site)s.") % {"site": site}
    if link.answer is not None and link.problem is LinkProblem.NO_LINK:
        return _("A person looked. We have found nothing here yet.")
    if link.answer is not None:
        return _("A person looked. Nothing is at this link any more.")
    match link.problem:
        case LinkProblem.FOREIGN:
            return _("This link is on another site, not on %(site)s.") % {"site": site}
        case LinkProblem.NO_LINK:
            return _("You gave no link. That is all right.")
        case LinkProblem.UNKNOWN_PLACE:
            return _("This link names no post, message or account on %(site)s.") % {"site": site}
        case _:
            return _("We could not read this as a link.")


def more_of_unplaced(link: NoticeLink, due_at: datetime | None, now: datetime) -> list[str]:
    """Return what happens with it and what the reporter can do."""
    if link.answer is Told.LINK_ELSEWHERE:
        return [_("We cannot take it down there."), _("The help lines below know how to report it.")]
    if link.answer is not None and link.problem is LinkProblem.NO_LINK:
        return [_("You can add a link at any time.")]
    if link.answer is not None:
        return [_("It may be gone, or the link may be cut short."), _("You can add the link again.")]
    if due_at is None or due_at <= now:
        said = [_("A person will look at it.")]
    else:
        said = [_("A person will look at it before %(time)s.") % {"time": clock_time(due_at, now)}]
    if link.problem is LinkProblem.UNKNOWN_PLACE:
        said.append(_("The link may be cut short. You can add it again."))
    if link.problem is LinkProblem.NO_LINK:
        said.append(_("You can tell us the name on the account, or add a link."))
    return [*said, _("Your report is open.")]
