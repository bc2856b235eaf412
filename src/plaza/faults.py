"""Ways in which a platform can fail its moderators, switched on and off while Plaza runs.

They live in memory: a restarted Plaza has none. Switching a fault off also ends what it had still planned to do.
"""

import sqlite3
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from plaza import changes, subjects
from plaza.database import transaction
from plaza.refusals import Refusal

LONGEST_SECONDS = 86_400


@dataclass(frozen=True)
class Faults:
    """What goes wrong at the moment. The default is that nothing does."""

    lies: bool = False
    unhides_after_s: float | None = None
    times_out_after_work: float | None = None
    forgets_keys: bool = False
    down: bool = False


def parse(body: dict[str, object]) -> Faults:
    """Return the faults that the body switches on; what it does not name is off."""
    names = {field.name for field in fields(Faults)}
    if strange := sorted(set(body) - names):
        raise Refusal(
            400, "unknown_fault", f"There is no fault {strange[0]!r:.40}. Choose from: {', '.join(sorted(names))}."
        )
    return Faults(
        lies=_switch(body, "lies"),
        unhides_after_s=_seconds(body, "unhides_after_s"),
        times_out_after_work=_seconds(body, "times_out_after_work"),
        forgets_keys=_switch(body, "forgets_keys"),
        down=_switch(body, "down"),
    )


def _switch(body: dict[str, object], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise Refusal(400, "bad_fault", f'"{name}" is true or false.')
    return value


def _seconds(body: dict[str, object], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_SECONDS:
        raise Refusal(400, "bad_fault", f'"{name}" is a number of seconds from 0 to {LONGEST_SECONDS}, or null.')
    return float(value)


class FaultSwitch:
    """Hold the faults in force, and the hides that the platform is going to undo by itself."""

    def __init__(self) -> None:
        self.now = Faults()
        self._unhides: dict[tuple[str, str], datetime] = {}

    def put(self, faults: Faults) -> None:
        """Replace all faults at once."""
        self.now = faults
        if faults.unhides_after_s is None:
            self._unhides.clear()

    def hidden(self, kind: str, subject_id: str, at: datetime) -> None:
        """Remember to undo this hide later, when that fault is on."""
        if self.now.unhides_after_s is not None:
            self._unhides[kind, subject_id] = at + timedelta(seconds=self.now.unhides_after_s)

    def drift(self, database: sqlite3.Connection, at: datetime) -> None:
        """Undo the hides whose time has come. Runs before every request, so nobody can see that it was late."""
        for (kind, subject_id), due_at in list(self._unhides.items()):
            if due_at > at:
                continue
            del self._unhides[kind, subject_id]
            with transaction(database):
                if subjects.find(database, kind, subject_id).state == subjects.HIDDEN:
                    changes.move(database, kind, subject_id, subjects.SHOWN, action="drift", key=None, at=due_at)

    def as_json(self) -> dict[str, object]:
        """Return the faults in force, in the shape that `parse` takes."""
        return asdict(self.now)
