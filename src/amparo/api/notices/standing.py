"""Which of a sender's own notices a link of a list joins: one that asks all that the new one asks, and still waits.

A row that says something graver, or something else, is a notice of its own: what it asks for would be lost in another.
"""

from dataclasses import dataclass, field

from amparo.api.callers import Caller
from amparo.api.notices.sending import Sending
from amparo.api.notices.taking import LinkTaken
from amparo.cases.notice import Notice
from amparo.cases.refs import NoticeId, Subject
from amparo.cases.words import Age, Relation
from amparo.plugins import installation
from amparo.records import api_notices


@dataclass
class Standing:
    """The notices of one sender that the rows of one list may join. `opened`: those that rows before have opened."""

    caller: Caller
    opened: dict[object, list[NoticeId]] = field(default_factory=dict)

    def note(self, link: LinkTaken, notice: NoticeId) -> None:
        """Remember that a row of this list has opened a notice for a link."""
        self.opened.setdefault(link.subject or link.link, []).append(notice)

    def found(self, link: LinkTaken, sent: Sending, own: Notice | None) -> NoticeId | None:
        """Return the notice that a link joins, or None. `own`: what this very row opened when it came before."""
        if own is not None and link.subject is not None and any(each.subject == link.subject for each in own.links):
            return None
        for notice in self._of(link):
            if (own is None or notice.id != own.id) and covers(notice, sent):
                return notice.id
        return None

    def _of(self, link: LinkTaken) -> list[Notice]:
        # What this list opened is joined even where its answer came at once: that others had reported it tells nobody.
        book = installation().casebook
        here = [book.notice(name) for name in self.opened.get(link.subject or link.link, ())]
        waiting = [] if link.subject is None else api_notices.standing(self.caller.sender, link.subject)
        still = [notice for notice in waiting if link.subject is not None and not _is_decided(notice, link.subject)]
        return [*(notice for notice in here if notice is not None), *still]


def covers(notice: Notice, sent: Sending) -> bool:
    """Whether a notice asks all that a later one asks: the same topic, as grave an age, who is shown, and which law.

    No answer, and one that is not sure, count as a child's, as at the door.
    """
    is_adults = (notice.settled_age or notice.age) is Age.ADULT
    return (
        notice.topic is sent.topic
        and (sent.age is Age.ADULT or not is_adults)
        and sent.relation in (None, Relation.STRANGER, notice.relation)
        and (sent.country in (None, notice.country) or sent.country in installation().regimes)
    )


def _is_decided(notice: Notice, subject: Subject) -> bool:
    cases = {link.case for link in notice.links if link.subject == subject}
    return any(outcome.case in cases for outcome in notice.outcomes)
