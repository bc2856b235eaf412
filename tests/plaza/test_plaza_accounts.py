"""Joining, signing in, posting, editing and direct messages, as a member does it in a browser."""

import httpx
import pytest

from plaza import drawing
from tests.plaza.running_plaza import RunningPlaza

PICTURE = drawing.picture(3).content


def newest_post(plaza: RunningPlaza, handle: str) -> dict[str, object]:
    return plaza.moderator.get(f"/accounts/{handle}/subjects").json()["subjects"][0]


def test_somebody_joins_posts_a_picture_and_edits_the_words(plaza: RunningPlaza):
    browser = httpx.Client(base_url=plaza.base_url, headers={"Origin": plaza.base_url}, trust_env=False)
    joined = browser.post("/join", data={"handle": "tin_whistle", "password": "a long enough one", "about": "Tunes."})
    posted = browser.post("/new", data={"text": "Scales.", "tags": "#Tunes"}, files={"media": ("a.jpg", PICTURE)})
    edited = browser.post(f"{posted.headers['location']}/edit", data={"text": "Scales, again.", "tags": "tunes slow"})

    assert (joined.status_code, posted.status_code, edited.status_code) == (303, 303, 303)
    post = newest_post(plaza, "tin_whistle")
    assert (post["version"], post["tags"]) == (2, ["slow", "tunes"])
    assert plaza.stranger.get(post["media"][0]["url"]).content == PICTURE
    assert "Scales, again." in plaza.stranger.get(posted.headers["location"]).text


def test_the_session_cookie_is_strict_and_ends_with_signing_out(plaza: RunningPlaza):
    handle = plaza.account()
    browser = httpx.Client(base_url=plaza.base_url, headers={"Origin": plaza.base_url}, trust_env=False)
    answer = browser.post("/sign-in", data={"handle": handle, "password": plaza.password})
    token = browser.cookies["plaza_session"]
    assert browser.get("/new").status_code == 200

    signed_out = browser.post("/sign-out", headers={"Content-Type": "application/x-www-form-urlencoded"})
    browser.cookies.set("plaza_session", token)

    assert signed_out.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    assert browser.get("/new").status_code == 403


@pytest.mark.parametrize("handle", ["harbour_light", "nobody_here", ""])
def test_a_wrong_password_and_an_unknown_name_answer_alike(plaza: RunningPlaza, handle: str):
    data = {"handle": handle, "password": "not this one"}

    answer = plaza.stranger.post("/sign-in", data=data, headers={"Origin": plaza.base_url})

    assert answer.status_code == 403
    assert "Name and password do not fit together." in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", [None, "null", "http://127.0.0.1:9", "https://127.0.0.1"])
def test_a_form_from_another_site_is_refused(plaza: RunningPlaza, origin: str | None):
    handle = plaza.account()
    browser = plaza.member(handle)
    del browser.headers["Origin"]

    answer = browser.post("/new", data={"text": "Hello."}, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 403
    assert plaza.moderator.get(f"/accounts/{handle}").json()["subjects"] == 0


@pytest.mark.parametrize(
    ("handle", "password", "status"),
    [
        ("harbour_light", "a long enough one", 409),
        ("ab", "a long enough one", 400),
        ("über_boot", "a long enough one", 400),
        ("short_word", "short", 400),
    ],
    ids=["taken", "too short a name", "other letters", "too short a password"],
)
def test_joining_says_what_is_wrong(plaza: RunningPlaza, handle: str, password: str, status: int):
    data = {"handle": handle, "password": password}

    answer = plaza.stranger.post("/join", data=data, headers={"Origin": plaza.base_url})

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


def test_only_its_author_edits_a_post(plaza: RunningPlaza):
    post = plaza.post(media="none")
    other = plaza.member(plaza.account())

    assert other.post(f"/post/{post['id']}/edit", data={"text": "Mine now."}).status_code == 403
    assert plaza.read(post)["version"] == 1


@pytest.mark.parametrize("path", ["/new", "/messages", "/messages/harbour_light"])
def test_what_is_for_members_asks_to_sign_in(plaza: RunningPlaza, path: str):
    assert plaza.stranger.get(path).status_code == 403


def test_a_message_with_a_picture_is_read_by_its_two_people_only(plaza: RunningPlaza):
    sender, recipient, third = (plaza.account() for _ in range(3))
    plaza.member(sender).post(
        f"/messages/{recipient}", data={"text": "Only for you."}, files={"media": ("a.jpg", PICTURE)}
    )
    message = newest_post(plaza, sender)
    paths = [f"/message/{message['id']}", message["media"][0]["url"]]

    def statuses(browser: httpx.Client) -> list[int]:
        return [browser.get(path).status_code for path in paths]

    assert statuses(plaza.member(sender)) == [200, 200]
    assert statuses(plaza.member(recipient)) == [200, 200]
    assert statuses(plaza.member(third)) == [403, 403]
    assert statuses(plaza.stranger) == [403, 403]
    assert "Only for you." in plaza.member(recipient).get(f"/messages/{sender}").text
    assert sender in plaza.member(recipient).get("/messages").text
    assert "Only for you." not in plaza.member(third).get(f"/messages/{sender}").text


def test_a_hidden_message_is_gone_from_the_thread_of_both(plaza: RunningPlaza):
    message = plaza.message()
    plaza.move(message, "hide")

    for one, other in ((message["account"], message["recipient"]), (message["recipient"], message["account"])):
        browser = plaza.member(one)
        thread = browser.get(f"/messages/{other}").text
        assert message["id"] not in thread
        assert message["media"][0]["id"] not in thread
        assert "This message is not available." in thread
        assert browser.get(f"/message/{message['id']}").status_code == 404


def test_a_member_opens_a_live_room(plaza: RunningPlaza):
    answer = plaza.member(plaza.account()).post("/live", data={"title": "Ruler and compass"})

    assert "Ruler and compass" in plaza.stranger.get(answer.headers["location"]).text
    assert answer.headers["location"] in plaza.stranger.get("/live").text
