"""Whose turn it is among the records that wait: who did the work goes first, and who did not is never left waiting.

Two lanes. In front is what came in an outage, what belongs to a report that the books have, and reports whose browser
did the work of the door (`public/work.py`). Behind is what came in a flood without it. Of four records that are taken
in, one is from behind as long as any is there: so much is sure, whatever comes in front. All records of a report that
lies behind stand there with it.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from amparo.vault.spool import NO_TIME, Label

CAME_FORWARD = "forward"
_IN_FRONT_FOR_ONE_BEHIND = 3


def in_turn(labels: Collection[Label], forward: Collection[str] = ()) -> Iterator[Label]:
    """Give the labels in the order in which they are to be taken in. `forward`: notices whose work was done since.

    Behind, the turn is the time at which a report came and `behind_seconds`, which grow with what its network has sent:
    a network's first report is before another's hundredth. A turn never moves, so each comes.
    """
    turns = {
        label.notice: (label.received_at.timestamp() + label.behind_seconds, label.name)
        for label in labels
        if label.behind_seconds is not None and label.notice not in forward
    }
    behind = sorted(
        (label for label in labels if label.notice in turns and label.received_at != NO_TIME),
        key=lambda label: (turns[label.notice], label.received_at, label.name),
    )
    is_behind = {label.name for label in behind}
    in_front = sorted(
        (label for label in labels if label.name not in is_behind), key=lambda label: (label.received_at, label.name)
    )
    first, second = iter(in_front), iter(behind)
    while True:
        some = [*islice(first, _IN_FRONT_FOR_ONE_BEHIND), *islice(second, 1)]
        if not some:
            return
        yield from some


def bring_forward(directory: Path, notice: str) -> None:
    """Let a report that lies behind go in front. It is a matter of order alone, so a power cut may undo it."""
    folder = directory / CAME_FORWARD
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / notice).touch(mode=0o600)


def brought_forward(directory: Path) -> set[str]:
    """Return the notices that were brought forward."""
    try:
        return {path.name for path in (directory / CAME_FORWARD).iterdir()}
    except FileNotFoundError:
        return set()


def forget_forward(directory: Path, notices: Collection[str]) -> None:
    """Forget that these were brought forward: nothing of theirs waits any more."""
    for notice in notices:
        (directory / CAME_FORWARD / notice).unlink(missing_ok=True)
