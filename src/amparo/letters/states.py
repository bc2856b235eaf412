"""The sentence for each state of a reported subject: as a headline, as a step, and with what was seen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from amparo.cases.refs import SubjectKind
from amparo.letters.link_state import LinkState

ByKind = Mapping[SubjectKind, Promise]


def _by_kind(post: Promise, message: Promise, live: Promise, account: Promise) -> ByKind:
    kinds = (SubjectKind.POST, SubjectKind.MESSAGE, SubjectKind.LIVE, SubjectKind.ACCOUNT)
    return dict(zip(kinds, (post, message, live, account), strict=True))


NAMES = _by_kind(later("A post"), later("A message"), later("A live video"), later("An account"))

_NOT_HIDDEN_YET = _by_kind(
    later("We have not hidden the post yet."),
    later("We have not hidden the message yet."),
    later("We have not hidden the live video yet."),
    later("We have not locked the account yet."),
)
_HEADLINES: Mapping[LinkState, ByKind] = {
    LinkState.WAITING: _NOT_HIDDEN_YET,
    LinkState.HIDING: _NOT_HIDDEN_YET,
    LinkState.CANNOT_HIDE: _by_kind(
        later("We have not hidden the post yet, because this site does not let us."),
        later("We have not hidden the message yet, because this site does not let us."),
        later("We have not hidden the live video, because this site does not let us."),
        later("We have not locked the account yet, because this site does not let us."),
    ),
    LinkState.HIDDEN: _by_kind(
        later("The post is hidden."),
        later("The message is hidden."),
        later("The live video is hidden."),
        later("The account is locked."),
    ),
    LinkState.REMOVING: _by_kind(
        later("We decided: the post must go."),
        later("We decided: the message must go."),
        later("We decided: the live video must go."),
        later("We decided: the account must be locked."),
    ),
    LinkState.GONE: _by_kind(
        later("The post is gone from this site."),
        later("The message is gone from this site."),
        later("The live video is gone from this site."),
        later("The account is locked."),
    ),
    LinkState.CAME_BACK: _by_kind(
        later("The post can be seen again, and it should not be."),
        later("The message can be seen again, and it should not be."),
        later("The live video can be seen again, and it should not be."),
        later("The account is open again, and it should not be."),
    ),
    LinkState.KEPT: _by_kind(
        later("We decided that the post may stay."),
        later("We decided that the message may stay."),
        later("We decided that the live video may stay."),
        later("We decided that the account may stay."),
    ),
    LinkState.NOT_FOUND: _by_kind(
        later("We could not find the post at this link."),
        later("We could not find the message at this link."),
        later("We could not find the live video at this link."),
        later("We could not find the account at this link."),
    ),
}
_AND_NOW: Mapping[LinkState, tuple[Promise, ...]] = {
    LinkState.WAITING: (later("A person has to look at it first."),),
    LinkState.CANNOT_HIDE: (later("A person has to help here."),),
    LinkState.HIDING: (later("We are asking the site to do it."), later("We say so here once we have seen it.")),
    LinkState.REMOVING: (later("We are asking the site to do it."), later("We say so here once we have seen it.")),
    LinkState.CAME_BACK: (later("We have told the site again, and we have called a person."),),
    LinkState.NOT_FOUND: (
        later("It may be gone, or the link may be cut short."),
        later("Your report is still open."),
        later("You can add the link again, or tell us the name on the account."),
        later("Please do not save or send us the picture."),
    ),
}
_STILL_HIDDEN = _by_kind(
    later("The post is still hidden."),
    later("The message is still hidden."),
    later("The live video is still hidden."),
    later("The account is still locked."),
)


def name_of(kind: SubjectKind) -> str:
    """Return what the subject is, as the name of a link."""
    return str(NAMES[kind])


def headline(state: LinkState, kind: SubjectKind) -> str:
    """Return the one sentence that says how a subject stands."""
    return str(_HEADLINES[state][kind])


def more_of(state: LinkState, *, seen_at: str | None) -> list[str]:
    """Return what else is true in that state. `seen_at`: when the logged-out page was looked at last."""
    if state in (LinkState.HIDDEN, LinkState.GONE):
        if seen_at is None:
            return []
        return [_("We looked without signing in at %(time)s, and it does not open.") % {"time": seen_at}]
    return [str(sentence) for sentence in _AND_NOW.get(state, ())]


def still_hidden(kind: SubjectKind) -> str:
    """Return that a subject stays hidden while something else happens. Say it only of one that was seen hidden."""
    return str(_STILL_HIDDEN[kind])
