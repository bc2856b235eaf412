"""The sentence for each state of a reported subject: as a headline, as a step, and with what was seen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.refs import SubjectKind
from amparo.letters.link_state import LinkState

ByKind = Mapping[SubjectKind, Promise]


def _by_kind(post: Promise, message: Promise, live: Promise, account: Promise) -> ByKind:
    kinds = (SubjectKind.POST, SubjectKind.MESSAGE, SubjectKind.LIVE, SubjectKind.ACCOUNT)
    return dict(zip(kinds, (post, message, live, account), strict=True))


NAMES = _by_kind(_("A post"), _("A message"), _("A live video"), _("An account"))

_NOT_HIDDEN_YET = _by_kind(
    _("We have not hidden the post yet."),
    _("We have not hidden the message yet."),
    _("We have not hidden the live video yet."),
    _("We have not locked the account yet."),
)
_MUST_GO = _by_kind(
    _("We decided: the post must go."),
    _("We decided: the message must go."),
    _("The live video must go."),
    _("We decided: the account must be locked."),
)
_HEADLINES: Mapping[LinkState, ByKind] = {
    LinkState.WAITING: _NOT_HIDDEN_YET,
    LinkState.HIDING: _NOT_HIDDEN_YET,
    LinkState.CANNOT_HIDE: _by_kind(
        _("We have not hidden the post yet, because this site does not let us."),
        _("We have not hidden the message yet, because this site does not let us."),
        _("We have not hidden the live video, because this site does not let us."),
        _("We have not locked the account yet, because this site does not let us."),
    ),
    LinkState.HIDDEN: _by_kind(
        _("The post is hidden."),
        _("The message is hidden."),
        _("The live video is hidden."),
        _("The account is locked."),
    ),
    LinkState.REMOVING: _MUST_GO,
    LinkState.CANNOT_REMOVE: _MUST_GO,
    LinkState.GONE: _by_kind(
        _("The post is gone from this site."),
        _("The message is gone from this site."),
        _("The live video is gone from this site."),
        _("The account is locked."),
    ),
    LinkState.SHUT: _by_kind(
        _("The post is taken down. It does not open any more."),
        _("The message is taken down. It does not open any more."),
        _("The live video is taken down. It does not open any more."),
        _("The account is locked."),
    ),
    LinkState.CAME_BACK: _by_kind(
        _("The post can be seen again, and it should not be."),
        _("The message can be seen again, and it should not be."),
        _("The live video can be seen again, and it should not be."),
        _("The account is open again, and it should not be."),
    ),
    LinkState.KEPT: _by_kind(
        _("We decided that the post may stay."),
        _("We decided that the message may stay."),
        _("The live video may stay."),
        _("We decided that the account may stay."),
    ),
    # Only accounts are locked for a time; the other kinds have the sentence so that the table has no hole.
    LinkState.LOCK_ENDED: _by_kind(*[_("The account was locked. The time for that is over.")] * 4),
    LinkState.NOT_FOUND: _by_kind(
        _("We could not find the post at this link."),
        _("We could not find the message at this link."),
        _("We could not find the live video at this link."),
        _("We could not find the account at this link."),
    ),
}
_AND_NOW: Mapping[LinkState, tuple[Promise, ...]] = {
    LinkState.WAITING: (_("A person has to look at it first."),),
    LinkState.CANNOT_HIDE: (_("A person has to help here."),),
    LinkState.HIDING: (_("We are asking the site to do it."), _("We say so here once we have seen it.")),
    LinkState.REMOVING: (_("We are asking the site to do it."), _("We say so here once we have seen it.")),
    LinkState.CANNOT_REMOVE: (
        _("This site does not let us do that."),
        _("A person has to do it there."),
        _("We say so here once we have seen it."),
    ),
    LinkState.CAME_BACK: (_("We have told the site again, and we have called a person."),),
    LinkState.NOT_FOUND: (
        _("It may be gone, or the link may be cut short."),
        _("Your report is still open."),
        _("You can add the link again, or tell us the name on the account."),
        _("Please do not save or send us the picture."),
    ),
}
_STILL_HIDDEN = _by_kind(
    _("The post is still hidden."),
    _("The message is still hidden."),
    _("The live video is still hidden."),
    _("The account is still locked."),
)


def name_of(kind: SubjectKind) -> str:
    """Return what the subject is, as the name of a link."""
    return str(NAMES[kind])


def headline(state: LinkState, kind: SubjectKind) -> str:
    """Return the one sentence that says how a subject stands."""
    return str(_HEADLINES[state][kind])


def more_of(state: LinkState, *, seen_at: str | None, can_tell_site: bool = True) -> list[str]:
    """Return what else is true in that state.

    `seen_at`: when the logged-out page was looked at last. `can_tell_site`: the site can be asked for what is wanted.
    """
    if state is LinkState.CAME_BACK and not can_tell_site:
        return [gettext("We have called a person.")]
    if state in (LinkState.HIDDEN, LinkState.GONE, LinkState.SHUT):
        if seen_at is None:
            return []
        return [gettext("We looked at %(time)s, not signed in. It does not open.") % {"time": seen_at}]
    return [str(sentence) for sentence in _AND_NOW.get(state, ())]


def media_unlisted() -> str:
    """Return that an account's posts are not looked through. Say it of an account on a site that does not list them."""
    return gettext("This site does not show us everything the account has posted. Send us the links of posts, too.")


def looking() -> str:
    """Return that somebody has it open. Say it only between the first look and the decision."""
    return gettext("A person is looking at it now.")


def still_hidden(kind: SubjectKind) -> str:
    """Return that a subject stays hidden while something else happens. Say it only of one that was seen hidden."""
    return str(_STILL_HIDDEN[kind])
