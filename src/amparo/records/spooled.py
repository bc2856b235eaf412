"""What one form brought while the books were away, as it is sealed and read again. Nothing here asks the database.

It is signed inside: whoever can write to the folder of the spool, and not sign, can leave nothing that is taken in.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from amparo.cases.refs import NoticeId, new_id
from amparo.cases.words import Age, Relation, Way
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.records import codec
from amparo.records.picture_claims import ClaimedPicture


class Forged(ValueError):
    """What was sealed was not signed by a door of this installation, or has another shape."""


@dataclass(frozen=True)
class Spooled:
    """One form. With a `topic` it opens its notice; whatever else is set is said of it, in the order of the fields.

    `key` and `body_sha256` are what the books would have taken it under, so that a form which they took before they
    went away is known again. The code itself is kept nowhere.
    """

    notice: NoticeId
    key: str
    body_sha256: str
    received_at: datetime
    network: str
    topic: Topic | None = None
    links: tuple[str, ...] = ()
    relation: Relation | None = None
    age: Age | None = None
    country: str | None = None
    way: Way | None = None
    words: str | None = None
    asks_again: bool = False
    brings_new_facts: bool = False
    told: frozenset[Signal] = frozenset()
    elements: frozenset[Element] = frozenset()
    contact: str | None = None
    is_sent: bool = False
    picture: ClaimedPicture | None = None
    code_sha256: str | None = None
    code_expires_at: datetime | None = None
    language: str | None = None

    @property
    def name(self) -> str:
        """The name of its record: the same for the same form."""
        return f"{self.notice}.{hashlib.sha256(self.key.encode()).hexdigest()[:24]}"

    @property
    def body_mac(self) -> str:
        """What tells whether the same form came again. Nobody without the form's key can guess a body by it."""
        return hmac.new(self.key.encode(), self.body_sha256.encode(), hashlib.sha256).hexdigest()


def notice_of(key: str, body_sha256: str, at: datetime, secret: str) -> NoticeId:
    """Return the id of the notice that this form opens, whether the books or the spool take it.

    It cannot be guessed without the installation's secret, however the key was chosen. The same form an hour later
    opens another one: whoever has its key by then is somebody else, who must not come to the first one's report.
    """
    form = f"{key}\n{body_sha256}\n{at.astimezone(UTC):%Y%m%d%H}"
    drawn = hmac.new(f"amparo.notice:{secret}".encode(), form.encode(), hashlib.sha256).digest()
    return NoticeId(new_id("notice", drawn[:16]))


def to_bytes(spooled: Spooled, secret: str) -> bytes:
    """Return what is to be sealed."""
    said = json.dumps(codec.to_json(spooled), ensure_ascii=False, sort_keys=True)
    return json.dumps({"said": said, "signed": _signature(said, secret)}, ensure_ascii=False).encode()


def from_bytes(opened: bytes, secret: str) -> Spooled:
    """Return what was sealed. Raises Forged."""
    try:
        whole = json.loads(opened)
        said, signed = str(whole["said"]), str(whole["signed"])
        if not hmac.compare_digest(signed, _signature(said, secret)):
            raise Forged("a record that no door of this installation signed")
        return codec.from_json(Spooled, json.loads(said))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Forged("a record that no door of this installation signed") from error


def _signature(said: str, secret: str) -> str:
    return hmac.new(f"amparo.spool:{secret}".encode(), said.encode(), hashlib.sha256).hexdigest()
