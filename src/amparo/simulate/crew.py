"""The people of a simulated platform: they come on duty or are called, take a card, look, and decide.

What they find is an assumption of every replay: whoever looks sees what it is, removes it and asks for the account's
suspension for good. How long that takes is what the staffing says.
"""

from datetime import datetime

from amparo.cases.case import PROMISES, Case
from amparo.cases.case_commands import DecideRemoval, StartLook
from amparo.cases.refs import CaseId, StaffId
from amparo.cases.transaction import Change
from amparo.cases.words import Suspend
from amparo.simulate.staffing import Person, Staff
from amparo.simulate.virtual_time import Steps
from amparo.simulate.world import World


class Crew:
    """Everybody who decides in one world. `calls` counts the alarms that rang, whether or not anybody heard them."""

    def __init__(self, world: World, staff: Staff) -> None:
        self._world, self._people = world, staff.people
        self._at_work: dict[StaffId, CaseId] = {}
        self._is_up: set[StaffId] = set()
        self._awaited: set[tuple[StaffId, datetime]] = set()
        self.calls = 0
        world.watchers.append(self._on_change)

    def page(self, kind: str, about: str) -> None:
        """Call whoever is on call and neither on duty nor called already."""
        self.calls += 1
        now = self._world.time()
        for person in self._people:
            if person.is_on_call(now) and not person.is_on_duty(now) and person.id not in self._is_up:
                self._is_up.add(person.id)
                self._turn_at(person, now + person.answers_after)

    def _on_change(self, change: Change) -> None:
        now = self._world.time()
        if isinstance(change.state, Case) and change.state.round is not None:
            for person in self._people:
                begins = now if person.is_on_duty(now) else person.next_duty(now)
                if begins is not None:
                    self._turn_at(person, begins + person.takes_up_after)

    def _turn_at(self, person: Person, moment: datetime) -> None:
        if (person.id, moment) not in self._awaited:
            self._awaited.add((person.id, moment))
            self._world.time.at(moment, lambda: self._turn(person))

    def _turn(self, person: Person) -> None:
        """Take the most urgent card, if there is one and the person is there and free."""
        now = self._world.time()
        if person.id in self._at_work:
            return
        card = self._next_card(person)
        if card is None:
            self._is_up.discard(person.id)
        elif person.id not in self._is_up and not person.is_on_duty(now):
            begins = person.next_duty(now)
            if begins is not None:
                self._turn_at(person, begins + person.takes_up_after)
        else:
            self._at_work[person.id] = card.id
            self._world.time.begin(self._look(person, card.id))

    def _look(self, person: Person, card: CaseId) -> Steps:
        self._world.execute(StartLook(card, person.reviewer))
        yield person.look
        case = self._world.casebook.case(card)
        if case is not None and case.round is not None and case.open_grounds:
            policy = max(case.open_grounds, key=lambda ground: ground.lane).policy
            digest = None if case.content is None else case.content.digest
            suspend = Suspend.NO if case.owner is None else Suspend.FOR_GOOD
            self._world.execute(DecideRemoval(card, case.round.number, policy, digest, suspend, person.reviewer))
        del self._at_work[person.id]
        self._turn(person)

    def _next_card(self, person: Person) -> Case | None:
        """Return the case to look at next: content before accounts, then whose promise ends first."""
        waiting = [
            case
            for case in self._world.casebook.cases()
            if case.round is not None
            and case.open_grounds
            and case.id not in self._at_work.values()
            and person.id not in case.round.asks_good
        ]
        return min(waiting, key=lambda case: (case.subject.is_account, _due(case), case.opened_at), default=None)


def _due(case: Case) -> datetime:
    return min((clock.due_at for clock in case.clocks if clock.name in PROMISES), default=case.opened_at)
