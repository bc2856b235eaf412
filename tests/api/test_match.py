"""`POST /v1/match`: what is known is found, and what cannot be told is never called "no match"."""

import hashlib
import json
from collections.abc import Callable
from importlib.resources import files

import pytest
from PIL import Image

from amparo.api.matching import May
from amparo.cases.refs import Subject, SubjectKind
from amparo.matching.align import Piece
from amparo.media.wire import Reason
from tests.api.asking import Asking, told
from tests.api.double import Double
from tests.connectors.json_schema import breaches
from tests.media.drawn import encoded, pattern, video

PLAIN = encoded(Image.new("RGB", (200, 200), (255, 220, 0)), "PNG")

DOCUMENT = json.loads(files("amparo.api").joinpath("openapi.json").read_text())
NEAR = "0" * 62 + "07"
HASH = "0" * 64


def _pdq(index: Double, picture: bytes) -> str:
    file = index.fingerprint(picture, is_whole=True, within_seconds=60)
    index.asked.clear()
    return file.frames.hashes[0].tobytes().hex()


def _is_as_published(answer: object) -> bool:
    return breaches(answer, {"$ref": "#/components/schemas/Answer"}, DOCUMENT) == []


def test_a_picture_that_nothing_is_known_of_is_no_match(asking: Asking, index: Double, picture: bytes) -> None:
    answer = asking.post("/v1/match", picture, "image/jpeg")
    assert answer.status_code == 200
    assert told(answer)["answer"] == "no_match"
    assert (told(answer)["may"], told(answer)["matches"], told(answer)["looked_at"]) == ("nothing", [], "whole")
    assert _is_as_published(told(answer))


@pytest.mark.parametrize("way", ["body", "form"])
def test_a_known_picture_in_another_encoding_is_a_match_that_never_does_more_than_hide(
    asking: Asking, index: Double, picture: bytes, way: str
) -> None:
    index.bank("CONFIRMED", May.REMOVE)
    item = index.put("CONFIRMED", pdq=_pdq(index, picture))
    again = encoded(pattern(seed=3), "PNG")
    answer = asking.post("/v1/match", again) if way == "body" else asking.send("/v1/match", file=again)
    assert told(answer)["answer"] == "match"
    assert told(answer)["may"] == "hide"
    (match,) = told(answer)["matches"]
    assert (match["bank"], match["item"], match["is_exact"]) == ("CONFIRMED", item, False)
    assert match["distance"] <= 31
    assert _is_as_published(told(answer))


def test_a_file_that_is_known_byte_for_byte_is_told_without_a_look_into_it(
    asking: Asking, index: Double, picture: bytes
) -> None:
    index.bank("CONFIRMED", May.REMOVE)
    index.put("CONFIRMED", sha256=hashlib.sha256(picture).hexdigest())
    answer = told(asking.post("/v1/match", picture))
    assert (answer["answer"], answer["may"], answer["looked_at"]) == ("match", "remove", "digests")
    assert answer["matches"][0]["is_exact"] is True
    assert index.asked == []


def test_ranges_say_which_seconds_show_which(asking: Asking, index: Double, picture: bytes) -> None:
    index.pieces = (Piece(130.0, 139.5, 0.0, 9.5, 1.0, 19),)
    index.bank("CONFIRMED")
    index.put("CONFIRMED", pdq=_pdq(index, picture))
    (match,) = told(asking.post("/v1/match", picture))["matches"]
    assert match["ranges"] == [{"from": 130.0, "to": 139.5, "bank_from": 0.0, "bank_to": 9.5, "speed": 1.0}]


def test_a_video_is_read_by_its_key_frames_and_as_a_whole_only_where_it_is_suspicious(
    asking: Asking, index: Double
) -> None:
    clip = video("libx264", "mp4", seconds=1)
    assert told(asking.post("/v1/match", clip))["looked_at"] == "key_frames"
    assert [is_whole for is_whole, _ in index.asked] == [False]
    index.asked.clear()
    index.bank("CONFIRMED")
    index.put(
        "CONFIRMED", pdq=index.fingerprint(clip, is_whole=False, within_seconds=60).frames.hashes[0].tobytes().hex()
    )
    index.suspects = True
    index.asked.clear()
    answer = told(asking.post("/v1/match", clip))
    assert (answer["answer"], answer["looked_at"]) == ("match", "whole")
    assert [is_whole for is_whole, _ in index.asked] == [False, True]


def test_a_plain_picture_is_not_hashable_and_never_no_match(asking: Asking, index: Double) -> None:
    answer = told(asking.post("/v1/match", PLAIN))
    assert answer["answer"] == "not_hashable"
    assert "too little" in answer["sentence"]


def test_what_is_no_picture_is_not_hashable_unless_its_bytes_are_known(asking: Asking, index: Double) -> None:
    answer = told(asking.post("/v1/match", b"yellow squares"))
    assert (answer["answer"], answer["looked_at"]) == ("not_hashable", "digests")
    index.bank("CONFIRMED", May.REVIEW)
    index.put("CONFIRMED", sha256=hashlib.sha256(b"yellow squares").hexdigest())
    answer = told(asking.post("/v1/match", b"yellow squares"))
    assert (answer["answer"], answer["may"]) == ("match", "review")


def test_past_its_deadline_the_answer_is_unknown_and_never_no_match(
    asking: Asking, index: Double, picture: bytes
) -> None:
    index.refused = Reason.TOO_LONG
    answer = told(asking.post("/v1/match?within=0.5", picture))
    assert answer["answer"] == "unknown"
    assert "Ask again" in answer["sentence"]
    assert 0 < index.asked[0][1] <= 0.5


def test_a_video_that_was_broken_off_at_the_deadline_is_unknown_and_never_no_match(
    asking: Asking, index: Double
) -> None:
    index.breaks_off_in = 0.3
    answer = told(asking.post("/v1/match?within=0.1", video("libx264", "mp4", seconds=1)))
    assert answer["answer"] == "unknown"


def test_without_a_whole_index_the_answer_is_503_and_never_no_match(
    asking: Asking, index: Double, picture: bytes
) -> None:
    index.ready = False
    for answer in (
        asking.post("/v1/match", picture),
        asking.json("/v1/match", {"sha256": "a" * 64}),
        asking.json("/hooks/plaza", {"sha256": "a" * 64}),
    ):
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert told(answer)["code"] == "index_not_ready"
        assert int(answer.headers["Retry-After"]) > 0
        assert b"no_match" not in answer.content


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param({"pdq": NEAR, "quality": 80}, ("match", "hide", False), id="a-near-hash"),
        pytest.param({"sha256": "b" * 64}, ("match", "remove", True), id="an-equal-digest"),
        pytest.param({"sha256": "B" * 64}, ("match", "remove", True), id="a-digest-in-capitals"),
        pytest.param({"md5": "c" * 32}, ("match", "hide", False), id="an-md5-which-can-be-forged"),
        pytest.param({"pdq": NEAR, "sha256": "b" * 64}, ("match", "remove", True), id="both-the-strongest-counts"),
    ],
)
def test_hashes_that_the_site_made_itself_are_looked_up(
    asking: Asking, index: Double, asked: dict[str, object], wanted: tuple[str, str, bool]
) -> None:
    index.bank("CONFIRMED", May.REMOVE)
    index.put("CONFIRMED", pdq=HASH, sha256="b" * 64, md5="c" * 32)
    answer = told(asking.json("/v1/match", asked))
    assert (answer["answer"], answer["may"], answer["matches"][0]["is_exact"]) == wanted
    assert answer["looked_at"] == "hashes"
    assert _is_as_published(answer)


def test_a_hash_of_too_low_a_quality_is_not_hashable(asking: Asking, index: Double) -> None:
    index.bank("CONFIRMED")
    index.put("CONFIRMED", pdq=HASH)
    assert told(asking.json("/v1/match", {"pdq": HASH, "quality": 49}))["answer"] == "not_hashable"
    assert told(asking.json("/v1/match", {"pdq": HASH, "quality": 50}))["answer"] == "match"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({}, "pdq", id="nothing"),
        pytest.param({"pdq": "zz"}, "pdq", id="no-hash"),
        pytest.param({"sha256": 7}, "sha256", id="a-number"),
        pytest.param({"md5": "c" * 32, "quality": 101}, "quality", id="more-than-all-quality"),
        pytest.param({"md5": "c" * 32, "quality": True}, "quality", id="a-quality-that-is-no-number"),
        pytest.param({"md5": "c" * 32, "subject": "plaza:post:1"}, "subject", id="hashes-cannot-be-searched-backwards"),
    ],
)
def test_what_is_no_hash_is_refused_by_the_name_of_its_field(
    asking: Asking, asked: dict[str, object], field: str
) -> None:
    answer = asking.json("/v1/match", asked)
    assert (answer.status_code, told(answer)["field"]) == (422, field)
    assert breaches(told(answer), {"$ref": "#/components/schemas/Problem"}, DOCUMENT) == []


def test_an_upload_with_its_subject_enters_the_index_of_what_is_shown(
    asking: Asking, index: Double, picture: bytes
) -> None:
    answer = asking.post("/v1/match?subject=plaza:post:4711&account=plaza:account:ada", picture)
    assert told(answer)["is_noted"] is True
    digest = hashlib.sha256(picture).hexdigest()
    subject, account = Subject("plaza", SubjectKind.POST, "4711"), Subject("plaza", SubjectKind.ACCOUNT, "ada")
    assert (index.kept, index.shown) == ([digest], [(subject, account, digest)])


def test_an_upload_that_must_not_be_shown_is_not_noted_as_shown(asking: Asking, index: Double, picture: bytes) -> None:
    index.bank("CONFIRMED", May.HIDE)
    index.put("CONFIRMED", pdq=_pdq(index, picture))
    answer = told(asking.send("/v1/match", file=picture, subject="plaza:post:4711"))
    assert (answer["answer"], answer["is_noted"], index.shown) == ("match", False, [])


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("subject=moon:post:1", id="no-such-platform"),
        pytest.param("subject=plaza:planet:1", id="no-such-kind"),
        pytest.param("subject=plaza:post:", id="no-id"),
        pytest.param("subject=plaza:account:ada", id="an-account-shows-nothing"),
        pytest.param("subject=plaza:post:1&account=plaza:post:2", id="a-post-posts-nothing"),
        pytest.param("account=plaza:account:ada", id="an-account-alone"),
        pytest.param("within=0", id="no-time-at-all"),
        pytest.param("within=121", id="more-time-than-there-is"),
        pytest.param("within=nan", id="no-number"),
    ],
)
def test_a_wrong_subject_or_time_is_refused_before_the_file_is_looked_at(
    asking: Asking, index: Double, picture: bytes, query: str
) -> None:
    answer = asking.post(f"/v1/match?{query}", picture)
    assert answer.status_code == 422
    assert (index.asked, index.shown) == ([], [])


def test_saying_what_is_shown_takes_a_key_that_may(index: Double, new_key: Callable[..., str], picture: bytes) -> None:
    asking = Asking(new_key("match"))
    answer = asking.post("/v1/match?subject=plaza:post:4711", picture)
    assert (answer.status_code, index.shown) == (403, [])
    assert "--may show" in told(answer)["detail"]


def test_a_request_without_a_file_is_refused(asking: Asking) -> None:
    for answer in (asking.post("/v1/match"), asking.send("/v1/match", within="2")):
        assert (answer.status_code, told(answer)["code"]) == (400, "no_file")


def test_two_files_at_once_are_refused(asking: Asking, picture: bytes) -> None:
    assert asking.send("/v1/match", one=picture, other=picture).status_code == 400
