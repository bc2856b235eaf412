"""Everybody on the other side: people who look and decide, the platform as it is seen, a clock that a test moves."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amparo.cases.actor import Connector, Reviewer, System
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    DecideRemoval,
    RecordContent,
    RecordObservation,
    RecordTrouble,
    StartLook,
    VoteToKeep,
)
from amparo.cases.commands import ExpireClock
from amparo.cases.notice_commands import AnswerLink, SendLetter, TellReporter
from amparo.cases.refs import Digest, NoticeId, SealedRef, StaffId, Subject
from amparo.cases.words import Seen, Suspend, Told
from amparo.plugins import installation, sealer
from amparo.records import models
from amparo.records.casebook import Casebook, Enclosed

_DIGEST = Digest(hashlib.sha256(b"a yellow square").hexdigest())
_PLATFORM = Connector("plaza")


@dataclass
class Staff:
    reviewer: Reviewer
    lead: Reviewer

    @classmethod
    def enrolled(cls) -> "Staff":
        people = (Reviewer(StaffId("staff_reviewer")), Reviewer(StaffId("staff_lead"), is_lead=True))
        now = datetime.now(UTC)
        for person, role in zip(people, ("reviewer", "lead"), strict=True):
            models.Staff.objects.create(
                id=person.id, username=role, role=role, enrolled_at=now, approved_by="staff_admin", approved_at=now
            )
        return cls(*people)

    @property
    def book(self) -> Casebook:
        return installation().casebook

    def passes(self, **length: float) -> None:
        """Let time pass for the door and the books."""
        before, by = self.book.now, timedelta(**length)
        self.book.now = lambda: before() + by  # type: ignore[method-assign, unused-ignore]

    def notice(self) -> NoticeId:
        """The notice that came last."""
        return NoticeId(models.Notice.objects.order_by("-opened_at").values_list("id", flat=True)[0])

    def case_of(self, link: str) -> Case:
        subject = installation().place(link)
        assert isinstance(subject, Subject)
        row = models.Case.objects.get(platform=subject.platform, kind=subject.kind.value, subject_id=subject.id)
        case = self.book.case(row.id)
        assert case is not None
        return case

    def sees(self, link: str, seen: Seen, *, tells_gone: bool = True) -> None:
        """The platform's logged-out page was looked at."""
        case = self.case_of(link).id
        self.book.execute(RecordObservation(case, seen, tells_gone=tells_gone, actor=_PLATFORM))

    def does_not_know(self, link: str) -> None:
        """The platform says that it has no such subject, and the reporters are told."""
        case = self.case_of(link).id
        self.book.execute(RecordTrouble(case, "hide", "unknown_subject", True, _PLATFORM))
        self.tells(link, Told.LINK_NOT_FOUND)

    def tells(self, link: str, what: Told) -> None:
        case = self.case_of(link)
        notice = models.CaseNotice.objects.get(case=case.id).notice
        key = f"{case.id}:{case.seq}:{what.value}"
        self.book.execute(TellReporter(NoticeId(notice), case.id, what, self.book.now(), None, key, System("workers")))

    def looks(self, link: str) -> None:
        self.book.execute(StartLook(self.case_of(link).id, self.reviewer))

    def removes(self, link: str) -> None:
        case = self.case_of(link)
        assert case.round is not None
        ground = case.open_grounds[0].policy
        digest = None if case.content is None else case.content.digest
        self.book.execute(DecideRemoval(case.id, case.round.number, ground, digest, Suspend.NO, self.reviewer))

    def keeps(self, link: str, reason: str = "not_sexual") -> None:
        """Two people, each alone, find that it may stay, and the reporters are told."""
        case = self.case_of(link)
        assert case.round is not None
        self.book.execute(RecordContent(case.id, _DIGEST, 1, None, (), None, _PLATFORM))
        refs = tuple(ground.policy for ground in case.open_grounds)
        for person in (self.reviewer, self.lead):
            self.book.execute(VoteToKeep(case.id, case.round.number, refs, reason, _DIGEST, person))
        self.tells(link, Told.KEPT)

    def is_late(self, link: str, clock: str) -> None:
        """A promise of that name runs out; the books notice."""
        case = self.case_of(link)
        due = case.running(clock)[0]
        self.passes(seconds=(due.due_at - self.book.now()).total_seconds() + 1)
        self.book.execute(ExpireClock(case.id, due.key, System("clocks")))

    def answers_link(self, position: int, answer: Told) -> None:
        self.book.execute(AnswerLink(self.notice(), position, answer, self.reviewer))

    def writes(self, text: str) -> None:
        """Send a letter, sealed, to whoever reported last."""
        sealed = sealer().seal(text.encode(), kind="letter", owner=self.notice())
        command = SendLetter(self.notice(), SealedRef(sealed.id), self.reviewer)
        self.book.execute(command, enclosed=Enclosed(sealed=(sealed,)))

    def suspends(self, link: str) -> None:
        case = self.case_of(link)
        assert case.round is not None
        ground = case.open_grounds[0].policy
        command = DecideRemoval(case.id, case.round.number, ground, None, Suspend.FOR_A_TIME, self.reviewer)
        self.book.execute(command)

    def closes(self, notice: NoticeId) -> None:
        """Let the time run out in which a report can be answered."""
        state = self.book.notice(notice)
        assert state is not None
        clock = next(clock for clock in state.clocks if clock.name == "closing")
        self.passes(seconds=(clock.due_at - self.book.now()).total_seconds() + 1)
        self.book.execute(ExpireClock(notice, clock.key, System("clocks")))
