"""Random histories: a few notices, subjects and people, and whatever may happen between them, in any order.

A history is a list of steps, each an action and a number; the number chooses among what the state of the books
offers at that moment. So most commands make sense, some do not, and a failing history shrinks to a short one.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from hypothesis import strategies as st

from amparo.cases.actor import Actor, Admin, Reporter, Reviewer, Rule, Staffing, System, Voter
from amparo.cases.actor import Connector as Platform
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    DecideRemoval,
    JoinFromAccount,
    ReceiveAppeal,
    ReceiveReply,
    RecordAccountMedia,
    RecordContent,
    RecordMatch,
    RecordObservation,
    RecordReach,
    RecordTrouble,
    StartLook,
    VoteToKeep,
    WithdrawMatches,
)
from amparo.cases.case_events import KeepDecided, KeepVoted
from amparo.cases.commands import Command, ExpireClock
from amparo.cases.likeness import Likeness, Range
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerLanguage,
    AnswerLink,
    AnswerRelation,
    AnswerWay,
    GiveElements,
    Link,
    OpenNotice,
    PlacedLink,
    PlaceLink,
    ReceiveWords,
    SendLetter,
    SendNotice,
    TellFacts,
    UnplacedLink,
    VouchForSender,
)
from amparo.cases.office_commands import (
    DecideReferral,
    GiveOfficeLink,
    NameOffice,
    OpenOfficeLink,
    OpenReferral,
    RecordOfficeCall,
    SetOfficeAside,
)
from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import CaseId, ContactId, Digest, NoticeId, OfficeId, SealedRef, StaffId
from amparo.cases.sender import ContactOnFile, OfficeKind
from amparo.cases.stages.visibility import FORGETS_KEYS, UNDONE, UNKNOWN_SUBJECT
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Seen, Suspend, Told, Wanted, Way
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import IN_WORDS, Signal
from tests.cases.books import MemoryBooks
from tests.cases.given import ACCOUNT, ADULT, CHILD, ENTICEMENT, NINE, OTHER_POST, POST, REASON, SPAM

SUBJECTS = (POST, OTHER_POST, ACCOUNT)
GROUNDS = (CHILD, ADULT, ENTICEMENT, SPAM)
WAITS = tuple(
    timedelta(seconds=s) for s in (1, 20, 70, 400, 1000, 4000, 20_000, 90_000, 900_000, 9_000_000, 18_000_000)
)
_PLATFORM = Platform("plaza")
_MOST_NOTICES = 4
_AS_WANTED = {Wanted.SHOWN: Seen.SHOWN, Wanted.HIDDEN: Seen.HIDDEN, Wanted.REMOVED: Seen.GONE}


class Chooser:
    """Picks one thing after the other by a number, so that a number is a whole choice."""

    def __init__(self, number: int) -> None:
        self.left = number

    def below(self, count: int) -> int:
        self.left, chosen = divmod(self.left, count)
        return chosen

    def of(self, *things):  # type: ignore[no-untyped-def]
        return things[self.below(len(things))]

    def often(self, usual, *rare):  # type: ignore[no-untyped-def]
        """Return the usual thing three times out of four."""
        return usual if not rare or self.below(4) else self.of(*rare)


class History:
    """The books while a history runs. `commands` yields what a step asks of them, one after the other."""

    def __init__(self, staff: tuple[Voter, ...]) -> None:
        self.books = MemoryBooks(NINE, Staffing(staff))
        self.staff = staff
        self.told: list[Command] = []

    def commands(self, action: str, number: int) -> Iterator[Command]:
        if action in SEQUELS:
            yield from SEQUELS[action](self, Chooser(number))
        elif (command := ACTIONS[action](self, Chooser(number))) is not None:
            yield command

    def cases(self) -> list[Case]:
        return [state for state in self.books.states.values() if isinstance(state, Case)]

    def notices(self) -> list[Notice]:
        return [state for state in self.books.states.values() if isinstance(state, Notice)]


def _links(pick: Chooser) -> tuple[Link, ...]:
    chosen = [PlacedLink(each, UNKNOWN_YET) for each in SUBJECTS if pick.below(2)]
    unplaced = [UnplacedLink(SealedRef("sealed_link"), pick.of(*LinkProblem))] if not pick.below(4) else []
    return (*chosen, *unplaced) or (PlacedLink(POST, UNKNOWN_YET),)


def _open(history: History, pick: Chooser) -> Command:
    if len(history.notices()) == _MOST_NOTICES:
        return AddLinks(history.notices()[0].id, _links(pick), _regimes(pick), True, Reporter(NoticeId("notice_1")))
    notice = NoticeId(f"notice_{len(history.notices()) + 1}")
    topic = pick.often(Topic.SEXUAL_PICTURE, *Topic)
    policy = history.books.policies.for_notice(topic, is_adult=False).ref
    by = pick.often(None, *(voter.id for voter in history.staff)) if pick.below(2) else None
    links = _links(pick)
    return OpenNotice(notice, topic, policy, None, links, _regimes(pick), bool(pick.below(5)), Reporter(notice), by)


def _regimes(pick: Chooser) -> frozenset[str]:
    return frozenset(pick.often((), ("IN",), ("US", "GB")))


def _of_notice(make: Callable[[NoticeId, Notice, Chooser, Actor], Command | None]):  # type: ignore[no-untyped-def]
    def command(history: History, pick: Chooser) -> Command | None:
        notices = history.notices()
        if not notices:
            return _open(history, pick)
        notice = pick.of(*notices)
        return make(notice.id, notice, pick, Reporter(notice.id))

    return command


def _of_case(make: Callable[[History, Case, Chooser], Command | None]):  # type: ignore[no-untyped-def]
    def command(history: History, pick: Chooser) -> Command | None:
        cases = history.cases()
        return make(history, pick.of(*cases), pick) if cases else _open(history, pick)

    return command


def _person(history: History, pick: Chooser) -> StaffId:
    return pick.of(*(voter.id for voter in history.staff)) if history.staff else StaffId("staff_nobody")  # type: ignore[no-any-return]


def _digest(case: Case, pick: Chooser) -> Digest | None:
    seen = None if case.content is None else case.content.digest
    return pick.often(seen, seen, seen, Digest("c" * 64))  # type: ignore[no-any-return]


def _remove(history: History, case: Case, pick: Chooser) -> Command:
    actor = Reviewer(_person(history, pick))
    usual = case.open_grounds[0].policy if case.open_grounds else CHILD
    ground = pick.often(usual, *GROUNDS, "junk@0000")
    suspend = pick.of(*Suspend)
    return DecideRemoval(case.id, case.rounds - (not pick.below(8)), ground, _digest(case, pick), suspend, actor)


def _keep(history: History, case: Case, pick: Chooser) -> Command:
    person = _person(history, pick)
    actor = pick.often(Reviewer(person), Reviewer(person), Admin(person), Rule(CHILD), System("api"), _PLATFORM)
    open_now = tuple(ground.policy for ground in case.open_grounds)
    grounds = pick.often(open_now, open_now[:1], open_now[1:], pick.of(*GROUNDS), ("junk@0000",))
    grounds = grounds if isinstance(grounds, tuple) else (grounds,)
    reason = REASON.get(grounds[0], "junk") if grounds else "junk"
    return VoteToKeep(case.id, case.rounds - (not pick.below(8)), grounds, reason, _digest(case, pick), actor)


def _content(history: History, case: Case, pick: Chooser) -> Command:
    digest = Digest(pick.often("a", "b") * 64)
    account = None if case.subject.is_account else pick.often(ACCOUNT, None)
    parts = tuple(
        ContentPart(SealedRef("sealed_part"), Digest(each * 64), "image/jpeg", 9)
        for each in pick.of("", "d", "e", "de")
    )
    return RecordContent(case.id, digest, pick.below(3), account, parts, None, _PLATFORM)


def _observe(history: History, case: Case, pick: Chooser) -> Command:
    return RecordObservation(case.id, pick.of(*Seen), bool(pick.below(3)), _PLATFORM)


def _reach(history: History, case: Case, pick: Chooser) -> Command:
    """A reading as platforms give them: mostly rising, sometimes fallen, senseless, old or of a clock ahead of ours."""
    before = 0 if case.exposure is None else case.exposure.views_read
    views = pick.often(before + pick.below(50), before - 1 - pick.below(9), -5)
    reshares = pick.often(pick.below(9), None, -1)
    read_at = history.books.now + pick.often(timedelta(), timedelta(seconds=3), -timedelta(minutes=5))
    return RecordReach(case.id, views, reshares, read_at, _PLATFORM)


def _trouble(history: History, case: Case, pick: Chooser) -> Command:
    code = pick.of("timed_out", UNKNOWN_SUBJECT, FORGETS_KEYS, UNDONE)
    return RecordTrouble(case.id, "hide", code, bool(pick.below(2)), System("workers"))


def _match(history: History, pick: Chooser) -> Command | None:
    """Another subject shows what one that is reported shows; or what a bank holds."""
    centres = [case for case in history.cases() if case.grounds and not case.is_only_like]
    if not centres:
        return _open(history, pick)
    centre = pick.of(*centres)
    policy = pick.of(*centre.grounds).policy
    star = pick.often(centre.id, "bank:known")
    files = (Digest("d" * 64), Digest("e" * 64))
    ranges = (Range(0, 9000, 0, 9000, 100, 30),) if pick.below(2) else ()
    is_exact = bool(pick.below(2))
    is_found = is_exact and centre.wanted is Wanted.REMOVED and bool(pick.below(3))
    only_asks = star != centre.id and not is_found and bool(pick.below(3))
    likeness = Likeness(star, pick.of(*files), pick.of(*files), is_exact, pick.below(32), ranges, is_found, only_asks)
    subject = pick.of(*(each for each in (POST, OTHER_POST) if each != centre.subject))
    return RecordMatch(
        UNKNOWN_YET, subject, likeness, policy, _regimes(pick), centre.wanted is not Wanted.SHOWN and not only_asks,
        bool(pick.below(5)), System("matching"),
    )  # fmt: skip


def _released(history: History, pick: Chooser) -> Iterator[Command]:
    """What a star is about was kept, and a worker lets go of everything that was held for being like it."""
    for centre in history.cases():
        log = history.books.log[centre.id]
        kept = next((entry for entry in reversed(log) if isinstance(entry.event, KeepDecided)), None)
        if kept is None or not isinstance(kept.event, KeepDecided) or not isinstance(kept.actor, Reviewer):
            continue
        leads = {e.event.voter for e in log if isinstance(e.event, KeepVoted) and e.event.is_lead}
        if not centre.is_held:
            for case in history.cases():
                by = kept.event.by
                yield WithdrawMatches(case.id, centre.id, kept.seq, by, bool(leads & set(by)), kept.actor)


def _join_from_account(history: History, pick: Chooser) -> Command:
    subject = pick.of(POST, OTHER_POST)
    ground = pick.of(*GROUNDS)
    return JoinFromAccount(
        UNKNOWN_YET, subject, ACCOUNT, ground, _regimes(pick), System("workers"), bool(pick.below(4))
    )


def _clock(history: History, pick: Chooser) -> Command | None:
    running = [(each, clock.key) for each, state in history.books.states.items() for clock in state.clocks]
    if not running:
        return None
    aggregate, key = pick.of(*running)
    return ExpireClock(CaseId(aggregate), pick.often(key, "nonsense/key"), System("clocks"))


def _wait(history: History, pick: Chooser) -> None:
    history.books.wait(pick.of(timedelta(), *WAITS))


def _staff_changes(history: History, pick: Chooser) -> None:
    """Let somebody be away today: who is on the staff differs from day to day."""
    away = pick.below(len(history.staff) + 1)
    history.books.staffing = Staffing(tuple(v for number, v in enumerate(history.staff) if number != away))


def _link_answered(notice: NoticeId, state: Notice, pick: Chooser, _: Actor) -> Command:
    told = pick.often(Told.LINK_NOT_FOUND, *Told)
    return AnswerLink(notice, pick.below(len(state.links) + 1), told, Reviewer(StaffId("staff_reviewer")))


def _names_office(notice: NoticeId, state: Notice, pick: Chooser, actor: Actor) -> Command:
    kind, country = pick.of(*OfficeKind), pick.of("AU", "IN", "US")
    asks = (bool(pick.below(3)), bool(pick.below(3)), bool(pick.below(2)), bool(pick.below(5)))
    return NameOffice(notice, kind, country, SealedRef("sealed_office"), *asks, actor)


def _contact(history: History, pick: Chooser) -> ContactOnFile:
    added, confirmed = _person(history, pick), pick.often(StaffId("staff_else"), None)
    since = history.books.now - pick.often(timedelta(days=30), timedelta(days=2))
    return ContactOnFile(ContactId("contact_a"), OfficeId(pick.often("office_a", "office_b")), added, confirmed, since)


def _with_office(make: Callable[[History, Notice, Chooser, ContactOnFile, Reviewer], Command]):  # type: ignore[no-untyped-def]
    def command(history: History, pick: Chooser) -> Command | None:
        notices = history.notices()
        if not notices:
            return _open(history, pick)
        notice = pick.of(*notices)
        return make(history, notice, pick, _contact(history, pick), Reviewer(_person(history, pick)))

    return command


def _decides_referral(history: History, notice: Notice, pick: Chooser, _: ContactOnFile, by: Reviewer) -> Command:
    number = len(notice.referrals) - (not pick.below(8))
    told_at = pick.of(None, history.books.now, history.books.now + timedelta(hours=1))
    return DecideReferral(notice.id, number, SealedRef("sealed_answer"), told_at, by)


def _link_placed(notice: NoticeId, state: Notice, pick: Chooser, _: Actor) -> Command:
    link = PlacedLink(pick.of(*SUBJECTS), UNKNOWN_YET)
    position = pick.below(len(state.links) + 1)
    return PlaceLink(notice, position, link, _regimes(pick), True, Reviewer(StaffId("staff_reviewer")))


def _about_an_office(history: History, pick: Chooser) -> Command | None:
    return _OFFICE[pick.below(len(_OFFICE))](history, pick)  # type: ignore[no-any-return]


def _about_a_referral(history: History, pick: Chooser) -> Command | None:
    return _REFERRAL[pick.below(len(_REFERRAL))](history, pick)  # type: ignore[no-any-return]


_OFFICE = (
    _of_notice(_names_office),
    _with_office(
        lambda h, n, p, c, by: GiveOfficeLink(n.id, c, "link", h.books.now + timedelta(hours=p.of(5, 99)), by)
    ),
    _of_notice(lambda n, s, p, a: OpenOfficeLink(n, p.often("link", "other"), a)),
    _with_office(lambda h, n, p, c, by: RecordOfficeCall(n.id, c, by)),
    _with_office(lambda h, n, p, c, by: SetOfficeAside(n.id, by)),
)
_REFERRAL = (_with_office(lambda h, n, p, c, by: OpenReferral(n.id, by)), _with_office(_decides_referral))


def _said(notice: NoticeId, signal: Signal, by: Actor) -> Command:
    """Let the reporter tick a fact; what no reporter can tick, the key says that the notice came with."""
    command = TellFacts if signal in IN_WORDS else VouchForSender
    return command(notice, frozenset({signal}), by)


ACTIONS: dict[str, Callable[[History, Chooser], Command | None]] = {
    "open": _open,
    "links": _of_notice(lambda n, s, p, a: AddLinks(n, _links(p), _regimes(p), bool(p.below(5)), a)),
    "relation": _of_notice(lambda n, s, p, a: AnswerRelation(n, p.of(*Relation), _regimes(p), True, a)),
    "age": _of_notice(lambda n, s, p, a: AnswerAge(n, p.of(*Age), _regimes(p), True, a)),
    "country": _of_notice(lambda n, s, p, a: AnswerCountry(n, p.of("IN", "US"), frozenset({"IN", "US"}), True, a)),
    "way": _of_notice(lambda n, s, p, a: AnswerWay(n, p.of(*Way), a)),
    "language": _of_notice(lambda n, s, p, a: AnswerLanguage(n, p.of("en", "pl"), a)),
    "facts": _of_notice(lambda n, s, p, a: _said(n, p.of(*Signal), a)),
    "elements": _of_notice(
        lambda n, s, p, a: GiveElements(
            n,
            frozenset(Element) if p.below(2) else frozenset({p.of(*Element)}),
            p.of(None, SealedRef("sealed_contact")),
            _regimes(p),
            bool(p.below(5)),
            a,
        )
    ),
    "send": _of_notice(lambda n, s, p, a: SendNotice(n, _regimes(p), bool(p.below(5)), a)),
    "words": _of_notice(
        lambda n, s, p, a: ReceiveWords(
            n, SealedRef("sealed_words"), bool(p.below(2)), bool(p.below(2)), a, signals=frozenset({p.of(*Signal)})
        )
    ),
    "letter": _of_notice(lambda n, s, p, a: SendLetter(n, SealedRef("sealed_letter"), Reviewer(StaffId("staff_lead")))),
    "link_answered": _of_notice(_link_answered),
    "link_placed": _of_notice(_link_placed),
    "office": _about_an_office,
    "referral": _about_a_referral,
    "content": _of_case(_content),
    "observe": _of_case(_observe),
    "trouble": _of_case(_trouble),
    "reach": _of_case(_reach),
    "look": _of_case(lambda h, c, p: StartLook(c.id, Reviewer(_person(h, p)))),
    "remove": _of_case(_remove),
    "keep": _of_case(_keep),
    "appeal": _of_case(lambda h, c, p: ReceiveAppeal(c.id, System("appeals"))),
    "reply": _of_case(
        lambda h, c, p: ReceiveReply(c.id, NoticeId("notice_1"), True, bool(p.below(2)), Reporter(NoticeId("notice_1")))
    ),
    "account_media": _of_case(lambda h, c, p: RecordAccountMedia(c.id, 2, 1, _PLATFORM)),
    "join_from_account": _join_from_account,
    "match": _match,
    "clock": _clock,
    "wait": _wait,
    "staff_changes": _staff_changes,
}


def _two_keep(history: History, pick: Chooser) -> Iterator[Command]:
    """Two people after each other vote to keep whatever is open, seeing what is there."""
    in_review = [case for case in history.cases() if case.round is not None]
    if not in_review:
        yield _open(history, pick)
        return
    case = pick.of(*in_review)
    if case.content is None and not case.subject.is_account:
        yield _content(history, case, pick)
    first = pick.below(max(1, len(history.staff)))
    for number in (first, first + 1 + pick.below(3), first + 2):
        now = history.books.case_of(case.subject)
        person = history.staff[number % len(history.staff)].id if history.staff else StaffId("staff_nobody")
        digest = None if now.content is None else now.content.digest
        grounds = tuple(ground.policy for ground in now.open_grounds)
        if grounds:
            yield VoteToKeep(case.id, now.rounds, grounds, REASON[grounds[0]], digest, Reviewer(person))


def _adult_after_all(history: History, pick: Chooser) -> Iterator[Command]:
    """A reporter answers that the person is an adult, and sends."""
    if history.notices():
        notice = pick.of(*history.notices()).id
        yield AnswerAge(notice, Age.ADULT, frozenset(), True, Reporter(notice))
        yield SendNotice(notice, frozenset(), True, Reporter(notice))


def _obeyed(history: History, pick: Chooser) -> Iterator[Command]:
    """The platform has done everywhere what was wanted."""
    for case in history.cases():
        yield RecordObservation(case.id, _AS_WANTED[case.wanted], True, _PLATFORM)


def _news(history: History, pick: Chooser) -> Iterator[Command]:
    """All that cases have to tell arrives, in this order or the other way round, and something old once more."""
    new = [letter for case, entry in history.books.news for letter in history.books.letters(case, entry)]
    history.books.news.clear()
    history.told.extend(new)
    yield from new if pick.below(2) else reversed(new)
    if history.told:
        yield pick.of(*history.told)


SEQUELS: dict[str, Callable[[History, Chooser], Iterator[Command]]] = {
    "two_keep": _two_keep,
    "adult_after_all": _adult_after_all,
    "obeyed": _obeyed,
    "news": _news,
    "released": _released,
}
CLOCKS_RUN = "clocks_run"
"""The step at which time passes and a worker acts on everything that is due."""

# Votes, looks at the platform and time make most of the trouble, so they come more often than the rest.
_OFTEN = (
    *SEQUELS,
    *SEQUELS,
    "two_keep",
    "match",
    "match",
    "keep",
    "keep",
    "content",
    "observe",
    "reach",
    "words",
    "remove",
    CLOCKS_RUN,
    CLOCKS_RUN,
)
STEP = st.tuples(st.sampled_from([*ACTIONS, CLOCKS_RUN, *_OFTEN]), st.integers(0, 10**6))
HISTORY = st.lists(STEP, min_size=15, max_size=50)
