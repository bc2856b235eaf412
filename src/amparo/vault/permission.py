"""Who may have which object opened, for what, through which door: everything not written here is refused.

The door is for reporters and opens only letters to the notice whose page is being read. The console is for staff who
may see the case. The socket a request came on is a fact; the actor in it is what that process says, so a door that was
taken over can name any notice it knows of, but never reach a reporter's words or the media. The worker takes in what
came while the books were away, and has media hashed, so that its copies are found; it opens nothing else.
"""

import re
from dataclasses import dataclass
from typing import Literal

from amparo.vault import spool
from amparo.vault.errors import VaultRefused
from amparo.vault.register import Register
from amparo.vault.sealed import OBJECT_ID, SealedObject

Channel = Literal["door", "console", "worker"]

PURPOSES = frozenset({"read_notice", "review", "read_letter", "contact", "export", "take_in", "match"})

OPENS: dict[tuple[Channel, str], frozenset[str]] = {
    ("door", "read_letter"): frozenset({"letter"}),
    ("console", "read_notice"): frozenset({"words", "letter"}),
    ("console", "read_letter"): frozenset({"letter"}),
    ("console", "review"): frozenset({"words", "letter", "content"}),
    ("console", "contact"): frozenset({"contact"}),
    ("console", "export"): frozenset({"words", "letter", "content"}),
    ("worker", "take_in"): frozenset({"report"}),
    ("worker", "match"): frozenset({"content"}),
}

_REPORTER = re.compile(r"reporter:(notice_[A-Za-z0-9_-]{1,64})")
_REVIEWER = re.compile(r"reviewer:([A-Za-z0-9_-]{1,64})")
_WORKER = re.compile(r"system:(spool|matching)")
_ACTORS = {"door": _REPORTER, "console": _REVIEWER, "worker": _WORKER}
_WORKERS = {"take_in": "system:spool", "match": "system:matching"}


@dataclass(frozen=True)
class Request:
    """One wish to open an object, as it came in: nothing in it is checked yet."""

    actor: str
    purpose: str
    object_id: str


def check_wish(channel: Channel, request: Request) -> None:
    """Raise VaultRefused if no row could make this right: unknown words, or the wrong door. Asks no database."""
    names = spool.NAME if request.purpose == "take_in" else OBJECT_ID
    if not names.fullmatch(request.object_id):
        raise VaultRefused("That is not the id of a sealed object.", "no_object_id")
    if request.purpose not in PURPOSES:
        raise VaultRefused("The purpose must be one of those that permission.py lists.", "unknown_purpose")
    if not _ACTORS[channel].fullmatch(request.actor):
        raise VaultRefused(f"Such an actor has nothing opened through the {channel}.", "wrong_actor")
    if (channel, request.purpose) not in OPENS:
        raise VaultRefused(f"Nothing is opened through the {channel} for this purpose.", "wrong_channel")
    if channel == "worker" and request.actor != _WORKERS[request.purpose]:
        raise VaultRefused("Another part of the worker has that opened.", "wrong_actor")


def check_right(channel: Channel, request: Request, register: Register) -> SealedObject:
    """Return the row if this actor may have it opened, else raise VaultRefused. `check_wish` must have passed."""
    sealed = register.find(request.object_id)
    if sealed is None:
        raise VaultRefused("Nothing can be opened under this id.", "not_found")
    if sealed.kind not in OPENS[channel, request.purpose]:
        raise VaultRefused("Such an object is not opened for this purpose.", "wrong_kind")
    actor_id = request.actor.partition(":")[2]
    if channel == "door":
        if sealed.owner != actor_id:
            raise VaultRefused("The letter is for another notice.", "wrong_owner")
    elif channel == "worker":
        pass  # What is hashed is known by its kind alone: media of cases, for nobody's eyes.
    elif register.staff_may_open(actor_id, sealed.owner) is not True:
        raise VaultRefused("This member of staff may not see this case.", "not_assigned")
    return sealed


def in_log(request: Request) -> str:
    """Return the request in a form that can be logged: ids and known words only, whatever the caller sent."""
    actor_is_id = any(actors.fullmatch(request.actor) for actors in _ACTORS.values())
    object_is_id = OBJECT_ID.fullmatch(request.object_id) or spool.NAME.fullmatch(request.object_id)
    return " ".join(
        [
            request.object_id if object_is_id else "(no id)",
            request.actor if actor_is_id else "(no actor)",
            request.purpose if request.purpose in PURPOSES else "(no purpose)",
        ]
    )
