"""A desk to test on: staff who can sign in, reports as the door takes them, content as a worker fetches it."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from amparo.cases.actor import Connector, Reporter, Reviewer
from amparo.cases.case import Case
from amparo.cases.case_commands import RecordContent, RecordObservation, RecordReach, StartLook, VoteToKeep
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AnswerAge,
    AnswerRelation,
    OpenNotice,
    PlacedLink,
    ReceiveWords,
    SendNotice,
    UnplacedLink,
)
from amparo.cases.office_commands import NameOffice
from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import CaseId, Digest, NoticeId, SealedRef, StaffId, Subject, SubjectKind
from amparo.cases.sender import OfficeKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Seen
from amparo.plugins import Installation
from amparo.policies.policy import Topic
from amparo.records import models, offices, people
from amparo.records.casebook import Enclosed
from amparo.signals import heard

PASSWORD = "a long enough password"
# One green pixel, as a PNG: the smallest shape there is.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f0001040100"
    "5fe5c34b0000000049454e44ae426082"
)
UPLOADER = Subject("plaza", SubjectKind.ACCOUNT, "uploader")


class Browser(Client):
    """Sends forms as a browser does."""

    def send(self, path: str, form: Mapping[str, object] | None = None, *, follow: bool = False) -> Any:
        body = urlencode(form or {}, doseq=True)
        return self.post(path, body, content_type="application/x-www-form-urlencoded", follow=follow)


@dataclass
class Desk:
    """One console with its books. `clock` is the time it goes by."""

    here: Installation
    clock: list[datetime]
    staff: dict[str, StaffId] = field(default_factory=dict)

    def enrol(self, name: str, role: str, *, is_approved: bool = True, account: Subject | None = None) -> StaffId:
        """Put somebody on the staff who has set a password already."""
        person = people.enrol(name, PASSWORD, role, enrolled_by=None, now=self.clock[0], draw=os.urandom(16))
        if is_approved:
            models.Staff.objects.filter(id=person.id).update(approved_by="staff_other", approved_at=self.clock[0])
        if account is not None:
            people.link_account(person.id, account)
        self.staff[name] = StaffId(person.id)
        return self.staff[name]

    def browser(self, name: str, *, enforce_csrf_checks: bool = False) -> Browser:
        """Return a browser in which that person is signed in."""
        client = Browser(enforce_csrf_checks=enforce_csrf_checks)
        client.force_login(models.Staff.objects.get(id=self.staff[name]))
        return client

    def pass_time(self, **length: float) -> None:
        self.clock[0] += timedelta(**length)

    def report(
        self,
        number: str = "1",
        *,
        kind: SubjectKind = SubjectKind.POST,
        topic: Topic = Topic.SEXUAL_PICTURE,
        relation: Relation = Relation.DEPICTED,
        age: Age = Age.CHILD,
        content: bool = True,
        came_at: datetime | None = None,
    ) -> CaseId:
        """Report a subject as a stranger does, and fetch what it shows; return its case.

        `came_at`: when it came, where the books were away then.
        """
        subject = Subject("plaza", kind, number)
        notice = self._open(topic, PlacedLink(subject, UNKNOWN_YET), came_at)
        reporter, regimes = Reporter(notice), frozenset[str]()
        self.here.casebook.execute(AnswerRelation(notice, relation, regimes, True, reporter))
        self.here.casebook.execute(AnswerAge(notice, age, regimes, True, reporter))
        self.here.casebook.execute(SendNotice(notice, regimes, True, reporter))
        case = self.notice(notice).cases[0]
        if content and kind is not SubjectKind.ACCOUNT:
            self.fetch(case)
        return case

    def report_unplaced(self, text: str = "it is on the wall of somebody", came_at: datetime | None = None) -> NoticeId:
        """Report with a link that nobody could place."""
        notice = self.here.casebook.new_notice_id()
        sealed = self.here.sealer.seal(text.encode(), kind="words", owner=notice)
        link = UnplacedLink(SealedRef(sealed.id), LinkProblem.NOT_A_LINK)
        policy = self.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
        self.here.casebook.execute(
            OpenNotice(
                notice,
                Topic.SEXUAL_PICTURE,
                policy.ref,
                None,
                (link,),
                frozenset(),
                True,
                Reporter(notice),
                received_at=came_at,
            ),
            enclosed=Enclosed(sealed=(sealed,)),
        )
        return notice

    def fetch(self, case: CaseId, *parts: tuple[str, bytes], views: int | None = 1204) -> None:
        """Keep what a case's subject shows, as the worker does."""
        held, sealed = [], []
        for media_type, body in parts or (("text/plain", b"some words"), ("image/png", PIXEL)):
            kept = self.here.sealer.seal(body, kind="content", owner=case)
            sealed.append(kept)
            digest = Digest(hashlib.sha256(body).hexdigest())
            held.append(ContentPart(SealedRef(kept.id), digest, media_type, len(body)))
        whole = Digest(hashlib.sha256("".join(part.digest for part in held).encode()).hexdigest())
        self.here.casebook.execute(
            RecordContent(case, whole, 1, UPLOADER, tuple(held), views, Connector("plaza")),
            enclosed=Enclosed(sealed=tuple(sealed)),
        )

    def count(self, case: CaseId, views: int, reshares: int | None = None) -> None:
        """Let the platform's counters say that, a second later."""
        self.pass_time(seconds=1)
        self.here.casebook.execute(RecordReach(case, views, reshares, self.clock[0], Connector("plaza")))

    def see(self, case: CaseId, seen: Seen) -> None:
        """Let the platform's logged-out page show that."""
        self.here.casebook.execute(RecordObservation(case, seen, True, Connector("plaza")))

    def write(self, notice: NoticeId, text: str) -> None:
        """Let a reporter write something."""
        sealed = self.here.sealer.seal(text.encode(), kind="words", owner=notice)
        self.here.casebook.execute(
            ReceiveWords(notice, SealedRef(sealed.id), False, False, Reporter(notice), signals=heard(text)),
            enclosed=Enclosed(sealed=(sealed,)),
        )

    def name_office(self, notice: NoticeId, said: str = "Office: an office", *, in_danger: bool = False) -> None:
        """Let whoever sent a notice say that they are the police."""
        sealed = self.here.sealer.seal(said.encode(), kind="words", owner=notice)
        police, ref = OfficeKind.POLICE, SealedRef(sealed.id)
        self.here.casebook.execute(
            NameOffice(notice, police, "PL", ref, True, True, in_danger, True, Reporter(notice)),
            enclosed=Enclosed(sealed=(sealed,)),
        )

    def put_office_on_file(self, by: str, *, domain: str = "police.example") -> offices.Office:
        """Have somebody put an office and its number on file, now."""
        now, staff = self.clock[0], self.staff[by]
        office = offices.add("City police", OfficeKind.POLICE, "PL", domain, by=staff, now=now, draw=os.urandom)
        page = f"https://{domain}/contact"
        offices.add_contact(office.id, "+48 22 123 45 67", page, by=staff, now=now, draw=os.urandom)
        found = offices.find(office.id)
        assert found is not None
        return found

    def look(self, name: str, case: CaseId) -> None:
        """Have somebody look at a case, and put it down again."""
        self.here.casebook.execute(StartLook(case, self.reviewer(name)))

    def vote_to_keep(self, name: str, case: CaseId) -> None:
        state = self.case(case)
        assert state.round is not None
        grounds = state.open_grounds
        reason = self.here.policies.get(grounds[0].policy).reasons[0].id
        digest = None if state.content is None else state.content.digest
        refs = tuple(ground.policy for ground in grounds)
        self.here.casebook.execute(VoteToKeep(case, state.round.number, refs, reason, digest, self.reviewer(name)))

    def reviewer(self, name: str) -> Reviewer:
        return Reviewer(self.staff[name])

    def case(self, case: CaseId) -> Case:
        state = self.here.casebook.case(case)
        assert state is not None
        return state

    def notice(self, notice: NoticeId) -> Notice:
        state = self.here.casebook.notice(notice)
        assert state is not None
        return state

    def notice_of(self, case: CaseId) -> NoticeId:
        from amparo.records import queues

        return NoticeId(queues.notices_of(case)[0])

    def seen_form(self, case: CaseId) -> dict[str, str]:
        """What every decision carries: the round and what was shown in it."""
        state = self.case(case)
        assert state.round is not None
        return {"round": str(state.round.number), "digest": "" if state.content is None else state.content.digest}

    def remove_form(self, case: CaseId, suspend: str = "no") -> dict[str, str]:
        gravest = max(self.case(case).open_grounds, key=lambda ground: ground.lane)
        return {**self.seen_form(case), "policy": gravest.policy, "suspend": suspend}

    def keep_form(self, case: CaseId) -> dict[str, str | list[str]]:
        grounds = self.case(case).open_grounds
        reason = self.here.policies.get(grounds[0].policy).reasons[0].id
        return {**self.seen_form(case), "policies": [ground.policy for ground in grounds], "reason": reason}

    def _open(self, topic: Topic, link: PlacedLink, came_at: datetime | None) -> NoticeId:
        notice = self.here.casebook.new_notice_id()
        policy = self.here.policies.for_notice(topic, is_adult=False)
        self.here.casebook.execute(
            OpenNotice(
                notice, topic, policy.ref, None, (link,), frozenset(), True, Reporter(notice), received_at=came_at
            )
        )
        return notice
