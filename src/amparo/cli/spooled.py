"""What an outage has left in the spool of this machine: acknowledged to somebody, and in no database yet."""

from dataclasses import dataclass

from amparo.home import Home
from amparo.vault.spool import lying_aside, waiting


@dataclass(frozen=True)
class Spooled:
    """How many records wait to be taken in, and how many could not be and were set aside."""

    waiting: int
    aside: int

    def sentences(self, of: str) -> list[str]:
        """Return what to say of something that holds none of them; nothing where there are none."""
        told = []
        if self.waiting:
            told.append(
                f"Waiting in spool/ and not in {of}: {self.waiting}. Start a worker and a vault, and let them take in "
                "what waits."
            )
        if self.aside:
            told.append(
                f"Set aside in spool/aside/ and not in {of}: {self.aside}. Somebody was told that we have it: keep it, "
                "and see docs/howto/take-up-an-alarm.md."
            )
        return told


def spooled(here: Home) -> Spooled:
    """Count what lies in the spool now."""
    return Spooled(len(waiting(here.spool)), len(lying_aside(here.spool)))
