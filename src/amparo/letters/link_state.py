"""How a reported subject stands now, as the one word that every sentence about it follows from.

A state is claimed only where it was seen (law k): `hidden` and `gone` need the platform's logged-out page.
"""

from collections.abc import Sequence
from enum import Enum

from amparo.cases.case import Case
from amparo.cases.notice import News
from amparo.cases.words import GroundStatus, Seen, Told, Wanted, WhyRound
from amparo.connectors.connector import Capabilities


class LinkState(Enum):
    """WAITING: a person looks before anything is hidden. CANNOT_HIDE, CANNOT_REMOVE: the platform has no way to.

    HIDING and REMOVING: asked for and not seen yet. SHUT: taken down and seen to open no more, on a platform whose page
    does not tell gone from hidden. CAME_BACK: it was gone or hidden and shows again. LOCK_ENDED: an account was locked
    for a time that is over.
    """

    WAITING = "waiting"
    CANNOT_HIDE = "cannot_hide"
    HIDING = "hiding"
    HIDDEN = "hidden"
    REMOVING = "removing"
    CANNOT_REMOVE = "cannot_remove"
    GONE = "gone"
    SHUT = "shut"
    CAME_BACK = "came_back"
    KEPT = "kept"
    NOT_FOUND = "not_found"
    LOCK_ENDED = "lock_ended"


_VISIBILITY = frozenset({Told.HIDDEN, Told.GONE, Told.CAME_BACK, Told.KEPT, Told.REOPENED})


def state_of(case: Case, news: Sequence[News], capabilities: Capabilities) -> LinkState:
    """Return how a case stands. `news`: what this notice was told, of which only that of this case counts."""
    told = [each.what for each in news if each.case == case.id]
    if case.wanted is Wanted.SHOWN and case.kept_for and case.decided_at is not None and not case.open_grounds:
        return LinkState.KEPT
    if _is_not_found(case, news):
        return LinkState.NOT_FOUND
    if case.wanted is Wanted.SHOWN:
        return LinkState.LOCK_ENDED if _was_locked(case) else LinkState.WAITING
    if case.removed_for is not None and is_out_of_sight(case) and _is_final(case):
        return LinkState.GONE if capabilities.shows_removal or case.subject.is_account else LinkState.SHUT
    if not is_out_of_sight(case) and [each for each in told if each in _VISIBILITY][-1:] == [Told.CAME_BACK]:
        return LinkState.CAME_BACK
    is_possible = capabilities.reaches(case.wanted, is_account=case.subject.is_account)
    if case.removed_for is not None:
        return LinkState.REMOVING if is_possible else LinkState.CANNOT_REMOVE
    if is_out_of_sight(case):
        return LinkState.HIDDEN
    return LinkState.HIDING if is_possible else LinkState.CANNOT_HIDE


def is_out_of_sight(case: Case) -> bool:
    """Whether the subject was asked away and has been seen hidden or gone."""
    is_asked = case.wanted in (Wanted.HIDDEN, Wanted.REMOVED)
    return is_asked and case.hidden_at is not None and case.seen in (Seen.HIDDEN, Seen.GONE)


def is_second_look(case: Case) -> bool:
    """Whether the open round asks somebody new, because a reporter disagreed with a refusal."""
    return case.round is not None and bool(case.round.excluded) and case.round.why is not WhyRound.APPEAL


def _is_not_found(case: Case, news: Sequence[News]) -> bool:
    """Whether the platform did not know the subject, and nothing has been seen or decided of it since."""
    said = [each.at for each in news if each.case == case.id and each.what is Told.LINK_NOT_FOUND]
    if not said or case.decided_at is not None or is_out_of_sight(case):
        return False
    return case.seen is not Seen.SHOWN or case.seen_at is None or case.seen_at <= said[-1]


def _was_locked(case: Case) -> bool:
    """Whether an account was found to break a rule, and the time for which it was locked is over."""
    is_decided = any(ground.status is GroundStatus.UPHELD for ground in case.grounds) and not case.open_grounds
    return case.subject.is_account and is_decided


def _is_final(case: Case) -> bool:
    """Whether what was seen is what was decided. An account that is locked for a time is not gone but locked."""
    return case.gone_at is not None or (case.subject.is_account and case.wanted is Wanted.HIDDEN)
