"""`POST /hooks/plaza`: one word for an upload hook, and a doubtful one is never "allow"."""

import hashlib
import json
from importlib.resources import files

import pytest
from PIL import Image

from amparo.api.matching import May
from amparo.cases.refs import Subject, SubjectKind
from amparo.media.wire import Reason
from tests.api.asking import Asking, told
from tests.api.double import Double
from tests.connectors.json_schema import breaches
from tests.media.drawn import encoded

PLAIN = encoded(Image.new("RGB", (200, 200), (255, 220, 0)), "PNG")

DOCUMENT = json.loads(files("amparo.api").joinpath("openapi.json").read_text())


@pytest.mark.parametrize(
    ("may", "decision"),
    [
        pytest.param(May.REMOVE, "block", id="may-be-removed"),
        pytest.param(May.HIDE, "block", id="may-be-hidden"),
        pytest.param(May.REVIEW, "flag", id="a-person-has-to-judge"),
    ],
)
@pytest.mark.parametrize("way", ["digest", "file"])
def test_what_is_known_is_blocked_where_it_may_be_hidden(
    asking: Asking, index: Double, picture: bytes, may: May, decision: str, way: str
) -> None:
    sha256 = hashlib.sha256(picture).hexdigest()
    index.bank("CONFIRMED", may)
    index.put("CONFIRMED", sha256=sha256)
    if way == "digest":
        answer = asking.json(
            "/hooks/plaza", {"sha256": sha256, "content_type": "image/jpeg", "size_bytes": len(picture)}
        )
    else:
        answer = asking.send("/hooks/plaza", file=picture, sha256=sha256)
    assert told(answer)["decision"] == decision
    assert breaches(told(answer), {"$ref": "#/components/schemas/Decision"}, DOCUMENT) == []


def test_what_is_not_known_is_allowed_and_noted_under_its_subject(
    asking: Asking, index: Double, picture: bytes
) -> None:
    answer = asking.send("/hooks/plaza", file=picture, subject="post:4711", account="ada")
    assert told(answer)["decision"] == "allow"
    assert [(subject, account) for subject, account, _ in index.shown] == [
        (Subject("plaza", SubjectKind.POST, "4711"), Subject("plaza", SubjectKind.ACCOUNT, "ada"))
    ]


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(Reason.TOO_LONG, id="no-time"),
        pytest.param(Reason.DAMAGED, id="damaged"),
        pytest.param(Reason.FORBIDDEN_ACT, id="hostile"),
        pytest.param(Reason.UNKNOWN_FORMAT, id="not-a-picture"),
    ],
)
def test_what_could_not_be_looked_into_is_flagged(
    asking: Asking, index: Double, picture: bytes, reason: Reason
) -> None:
    index.refused = reason
    assert told(asking.send("/hooks/plaza", file=picture))["decision"] == "flag"


def test_a_plain_picture_is_allowed_since_it_was_looked_at(asking: Asking, index: Double) -> None:
    assert told(asking.send("/hooks/plaza", file=PLAIN))["decision"] == "allow"


def test_a_platform_that_is_not_connected_has_no_hook(asking: Asking) -> None:
    answer = asking.json("/hooks/moon", {"sha256": "a" * 64})
    assert (answer.status_code, told(answer)["code"]) == (404, "unknown_platform")


@pytest.mark.parametrize("body", [{}, {"sha256": "short"}, {"sha256": None}], ids=["nothing", "no-digest", "null"])
def test_a_question_without_a_digest_is_refused(asking: Asking, body: dict[str, object]) -> None:
    assert asking.json("/hooks/plaza", body).status_code == 422


def test_a_digest_in_capitals_is_the_same_digest(asking: Asking, index: Double, picture: bytes) -> None:
    sha256 = hashlib.sha256(picture).hexdigest()
    index.bank("CONFIRMED", May.HIDE)
    index.put("CONFIRMED", sha256=sha256)
    assert told(asking.json("/hooks/plaza", {"sha256": sha256.upper()}))["decision"] == "block"


def test_a_bare_file_is_told_what_the_hook_takes(asking: Asking, picture: bytes) -> None:
    answer = asking.post("/hooks/plaza", picture, "image/jpeg")
    assert (answer.status_code, told(answer)["code"]) == (415, "wrong_content_type")
    assert "multipart/form-data" in told(answer)["detail"]
    assert "application/json" in told(answer)["detail"]
