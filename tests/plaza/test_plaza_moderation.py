"""The moderation API: what it shows, what it does, and that it does everything once."""

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.plaza.running_plaza import RunningPlaza


def make(plaza: RunningPlaza, kind: str) -> dict[str, Any]:
    return {"post": plaza.post, "message": plaza.message, "live": plaza.live}[kind]()


def path_of(url: str, plaza: RunningPlaza) -> str:
    assert url.startswith(plaza.base_url)
    return url.removeprefix(plaza.base_url)


@pytest.mark.parametrize("kind", ["post", "message", "live"])
def test_each_kind_of_subject_can_be_hidden_restored_and_removed(plaza: RunningPlaza, kind: str):
    subject = make(plaza, kind)
    page = path_of(subject["url"], plaza)
    shown = 403 if kind == "message" else 200

    statuses = [plaza.stranger.get(page).status_code]
    for action in ("hide", "restore", "remove", "restore"):
        assert plaza.move(subject, action)["changed"] is True
        statuses.append(plaza.stranger.get(page).status_code)

    assert statuses == [shown, 404, shown, 410, shown]
    assert [(c["from"], c["to"]) for c in plaza.changes(subject)] == [
        ("shown", "hidden"),
        ("hidden", "shown"),
        ("shown", "removed"),
        ("removed", "shown"),
    ]


@pytest.mark.parametrize("kind", ["post", "message", "live"])
def test_media_of_hidden_content_are_gone_for_visitors_and_there_for_moderators(plaza: RunningPlaza, kind: str):
    subject = make(plaza, kind)
    plaza.move(subject, "hide")
    media = plaza.read(subject)["media"][0]

    assert plaza.stranger.get(path_of(media["url"], plaza)).status_code == 404
    answer = plaza.moderator.get(f"/media/{media['id']}")
    assert answer.headers["content-type"] == media["content_type"]
    assert (sha256(answer.content).hexdigest(), len(answer.content)) == (media["sha256"], media["size_bytes"])

    plaza.move(subject, "remove")
    assert plaza.stranger.get(path_of(media["url"], plaza)).status_code == 410


def test_a_subject_says_what_it_is_and_its_text(plaza: RunningPlaza):
    author = plaza.account()
    subject = plaza.post(author, text="Grey squares.", tags=["squares", "grey"], media="video")

    assert subject["url"] == f"{plaza.base_url}/post/{subject['id']}"
    assert (subject["kind"], subject["account"], subject["version"], subject["state"]) == ("post", author, 1, "shown")
    assert subject["text_sha256"] == sha256(b"Grey squares.").hexdigest()
    assert subject["tags"] == ["grey", "squares"]
    assert [media["content_type"] for media in subject["media"]] == ["video/mp4"]
    assert subject["text"] == "Grey squares."


def test_hiding_what_is_hidden_changes_nothing(plaza: RunningPlaza):
    subject = plaza.post(media="none")
    plaza.move(subject, "hide")

    assert plaza.move(subject, "hide") == {"state": "hidden", "changed": False, "replayed": False}
    assert [c["from"] != c["to"] for c in plaza.changes(subject)] == [True, False]


def test_the_same_key_and_request_is_answered_again_without_work(plaza: RunningPlaza):
    subject = plaza.post(media="none")
    hide = f"/subjects/post/{subject['id']}/hide"
    first = plaza.write(hide, {"version": 1}, key="effect-1")
    plaza.move(subject, "restore")

    second = plaza.write(hide, {"version": 1}, key="effect-1")

    assert first.json() == {"state": "hidden", "changed": True, "replayed": False}
    assert second.json() == {"state": "hidden", "changed": True, "replayed": True}
    assert plaza.read(subject)["state"] == "shown"


@pytest.mark.parametrize(
    ("action", "body"), [pytest.param("remove", {"version": 1}, id="path"), pytest.param("hide", {}, id="body")]
)
def test_the_same_key_for_another_request_is_refused(plaza: RunningPlaza, action: str, body: dict[str, object]):
    subject = plaza.post(media="none")
    key = f"used-for-{action}"
    plaza.write(f"/subjects/post/{subject['id']}/hide", {"version": 1}, key=key)

    answer = plaza.write(f"/subjects/post/{subject['id']}/{action}", body, key=key)

    assert (answer.status_code, answer.json()["error"]) == (409, "key_reused")
    assert plaza.read(subject)["state"] == "hidden"


def test_a_write_for_an_older_version_is_refused_and_its_key_stays_free(plaza: RunningPlaza):
    subject = plaza.post(media="none")
    edited = plaza.moderator.post(f"/practice/posts/{subject['id']}/edit", json={"text": "Other words."}).json()
    hide = f"/subjects/post/{subject['id']}/hide"

    refused = plaza.write(hide, {"version": 1}, key="versioned")

    assert edited["version"] == 2
    assert (refused.status_code, refused.json()["error"]) == (409, "version_changed")
    assert plaza.read(subject)["state"] == "shown"
    assert plaza.write(hide, {"version": 2}, key="versioned").json()["changed"] is True


@pytest.mark.parametrize(
    "key", [None, "", "x" * 256, "zoë".encode()], ids=["missing", "empty", "too long", "not ascii"]
)
def test_a_write_needs_an_idempotency_key(plaza: RunningPlaza, key: str | bytes | None):
    subject = plaza.post(media="none")
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = plaza.moderator.post(f"/subjects/post/{subject['id']}/hide", headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (400, "bad_idempotency_key")
    assert plaza.read(subject)["state"] == "shown"


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic x"])
def test_without_the_moderation_key_nothing_is_read_or_done(plaza: RunningPlaza, authorization: str | None):
    subject = plaza.post()
    headers = {"Idempotency-Key": "x"} | ({"Authorization": authorization} if authorization else {})
    api = f"/moderation/subjects/post/{subject['id']}"

    answers = [
        plaza.stranger.get(api, headers=headers),
        plaza.stranger.get(f"/moderation/media/{subject['media'][0]['id']}", headers=headers),
        plaza.stranger.post(f"{api}/hide", headers=headers),
        plaza.stranger.put("/moderation/faults", headers=headers, json={"down": True}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert plaza.read(subject)["state"] == "shown"


def test_demonetise_takes_the_advertisement_away_from_that_post_only(plaza: RunningPlaza):
    author = plaza.account()
    subject, other = plaza.post(author, media="none"), plaza.post(author, media="none")

    answer = plaza.write(f"/posts/{subject['id']}/demonetise").json()

    assert answer == {"state": "demonetised", "changed": True, "replayed": False}
    assert "Advertisement" not in plaza.stranger.get(f"/post/{subject['id']}").text
    assert "Advertisement" in plaza.stranger.get(f"/post/{other['id']}").text
    assert plaza.stranger.get(f"/user/{author}").text.count("Advertisement") == 1
    assert plaza.write(f"/posts/{subject['id']}/demonetise").json()["changed"] is False


@pytest.mark.parametrize(
    ("until", "status"),
    [
        pytest.param((datetime.now(UTC) + timedelta(days=7)).isoformat(), 403, id="for a time"),
        pytest.param(None, 410, id="for good"),
    ],
)
def test_a_suspended_account_shows_no_profile_and_cannot_post(plaza: RunningPlaza, until: str | None, status: int):
    post = plaza.post(text="A post that stays.", tags=["staying"])
    handle = post["account"]
    member = plaza.member(handle)

    answer = plaza.write(f"/accounts/{handle}/suspend", {"until": until}).json()

    assert answer == {"state": "suspended", "changed": True, "replayed": False}
    profile = plaza.stranger.get(f"/user/{handle}")
    assert profile.status_code == status
    assert "suspended" in profile.text
    assert post["id"] not in profile.text
    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 200
    assert post["id"] not in plaza.stranger.get("/tag/staying").text
    assert member.post("/new", data={"text": "More."}).status_code == 403
    account = plaza.moderator.get(f"/accounts/{handle}").json()
    assert (account["state"], account["suspended_until"]) == ("suspended", until)

    assert plaza.write(f"/accounts/{handle}/unsuspend").json()["state"] == "active"
    assert plaza.stranger.get(f"/user/{handle}").status_code == 200
    changes = plaza.moderator.get(f"/accounts/{handle}/changes").json()["changes"]
    assert [(c["from"], c["to"]) for c in changes] == [("active", "suspended"), ("suspended", "active")]


def test_a_suspension_for_a_time_ends_by_itself(plaza: RunningPlaza):
    handle = plaza.account()
    until = datetime.now(UTC) + timedelta(seconds=1)
    plaza.write(f"/accounts/{handle}/suspend", {"until": until.isoformat()})

    time.sleep(1.1)

    assert plaza.moderator.get(f"/accounts/{handle}").json()["state"] == "active"
    assert plaza.stranger.get(f"/user/{handle}").status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"until": "tomorrow"}, {"until": "2001-01-01T00:00:00Z"}, {"until": "2999-01-01T00:00:00"}, {"until": 5}],
    ids=["missing", "not a time", "past", "without zone", "number"],
)
def test_a_suspension_needs_a_clear_end(plaza: RunningPlaza, body: dict[str, object]):
    handle = plaza.account()

    assert plaza.write(f"/accounts/{handle}/suspend", body).status_code == 400
    assert plaza.moderator.get(f"/accounts/{handle}").json()["state"] == "active"


def test_everything_of_an_account_is_listed_newest_first_in_pages_of_fifty(plaza: RunningPlaza):
    handle = plaza.account()
    made = [plaza.post(handle, media="none")["id"] for _ in range(52)]
    plaza.write(f"/subjects/post/{made[-1]}/hide")

    first = plaza.moderator.get(f"/accounts/{handle}/subjects").json()
    second = plaza.moderator.get(f"/accounts/{handle}/subjects", params={"cursor": first["next_cursor"]}).json()

    assert (len(first["subjects"]), second["next_cursor"]) == (50, None)
    assert [subject["id"] for subject in first["subjects"] + second["subjects"]] == made[::-1]


@pytest.mark.parametrize(
    "path",
    [
        "/subjects/post/aaaaaaaaaa",
        "/subjects/poem/aaaaaaaaaa",
        "/subjects/post/aaaaaaaaaa/changes",
        "/accounts/nobody_here",
        "/accounts/nobody_here/subjects",
        "/media/aaaaaaaaaa",
        "/nothing",
    ],
)
def test_what_does_not_exist_is_a_404_in_json(plaza: RunningPlaza, path: str):
    answer = plaza.moderator.get(path)

    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "message"}


def test_reading_as_a_moderator_is_not_a_view(plaza: RunningPlaza):
    subject = plaza.post()

    for _ in range(3):
        plaza.moderator.get(f"/media/{subject['media'][0]['id']}")
        assert plaza.read(subject)["views"] == 0
