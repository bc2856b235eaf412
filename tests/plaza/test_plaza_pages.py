"""What visitors see: lists, search, reshares, views, media, and what is gone when content is hidden."""

import io

import av
import pytest
from PIL import Image

from tests.plaza.running_plaza import RunningPlaza


def views(plaza: RunningPlaza, subject: dict[str, object]) -> int:
    return plaza.read(subject)["views"]


def test_every_page_view_of_a_post_counts_once(plaza: RunningPlaza):
    post = plaza.post(media="none")
    member = plaza.member(plaza.account())

    plaza.stranger.get(f"/post/{post['id']}")
    member.get(f"/post/{post['id']}")
    plaza.stranger.head(f"/post/{post['id']}")

    assert views(plaza, post) == 2


def test_being_shown_in_the_home_feed_is_a_view(plaza: RunningPlaza):
    post = plaza.post(media="none")

    plaza.stranger.get("/")
    plaza.stranger.head("/")

    assert views(plaza, post) == 1


def test_a_hidden_post_gathers_no_views(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.move(post, "hide")

    plaza.stranger.get(f"/post/{post['id']}")
    plaza.stranger.get("/")

    assert views(plaza, post) == 0


def test_a_live_room_counts_its_views(plaza: RunningPlaza):
    room = plaza.live()

    plaza.stranger.get(f"/live/{room['id']}")

    assert views(plaza, room) == 1


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("Turquoise", True),
        ("turquoise hexagon", True),
        ("ÉTUDE", True),
        ("#angles7", True),
        ("angles7 turquoise", True),
        ("turquoise pentagon", False),
        ("#turquoise", False),
        ("%", False),
        ("'", False),
        ("", False),
    ],
)
def test_search_finds_posts_that_hold_every_word(plaza: RunningPlaza, words: str, is_found: bool):
    post = plaza.post(text="A turquoise hexagon, étude.", tags=["angles7"], media="none")

    answer = plaza.stranger.get("/search", params={"q": words})

    assert answer.status_code == 200
    assert (f"/post/{post['id']}" in answer.text) is is_found


def test_the_feed_goes_on_behind_its_first_page(plaza: RunningPlaza):
    author = plaza.account()
    posts = [plaza.post(author, media="none")["id"] for _ in range(21)]

    first = plaza.stranger.get(f"/user/{author}").text
    link = first.split("?before=")[1].split('"')[0]
    second = plaza.stranger.get(f"/user/{author}?before={link}").text

    assert [post in first for post in posts] == [False] + [True] * 20
    assert [post in second for post in posts] == [True] + [False] * 20


def test_a_hidden_post_is_gone_everywhere_for_everybody(plaza: RunningPlaza):
    post = plaza.post(text="Vermilion zigzag.", tags=["zigzag"])
    author, sharer = plaza.member(post["account"]), plaza.account()
    plaza.member(sharer).post(f"/post/{post['id']}/reshare", data={"go": "1"})
    places = ["/", "/search?q=vermilion", "/tag/zigzag", f"/user/{post['account']}", f"/user/{sharer}"]
    assert [post["id"] in plaza.stranger.get(place).text for place in places] == [True] * 5

    plaza.move(post, "hide")

    assert [post["id"] in plaza.stranger.get(place).text for place in places] == [False] * 5
    stranger_sees, author_sees = (who.get(f"/post/{post['id']}") for who in (plaza.stranger, author))
    assert (stranger_sees.status_code, author_sees.status_code) == (404, 404)
    assert "This post is not available." in stranger_sees.text
    assert "Vermilion" not in stranger_sees.text + author_sees.text


def test_a_removed_post_answers_gone(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.move(post, "remove")

    answer = plaza.stranger.get(f"/post/{post['id']}")

    assert answer.status_code == 410
    assert "This post is not available." in answer.text


def test_a_reshare_is_reach_of_the_original(plaza: RunningPlaza):
    post, sharer = plaza.post(media="none"), plaza.account()

    for _ in range(2):
        plaza.member(sharer).post(f"/post/{post['id']}/reshare", data={"go": "1"})

    profile = plaza.stranger.get(f"/user/{sharer}").text
    assert f'href="/post/{post["id"]}"' in profile
    assert f"Post by {post['account']}" in profile
    assert plaza.read(post)["reshares"] == 1


@pytest.mark.parametrize("path", ["/", "/user/harbour_light", "/live", "/sign-in"])
def test_pages_are_never_stored(plaza: RunningPlaza, path: str):
    assert plaza.stranger.get(path).headers["cache-control"] == "no-store"


def test_subject_pages_and_media_are_never_stored(plaza: RunningPlaza):
    post = plaza.post()

    for path in (f"/post/{post['id']}", post["media"][0]["url"].removeprefix(plaza.base_url)):
        assert plaza.stranger.get(path).headers["cache-control"] == "no-store"


def test_pictures_and_videos_are_real_and_the_same_seed_draws_the_same_bytes(plaza: RunningPlaza):
    picture, video = plaza.post(media="image", seed=7), plaza.post(media="video", seed=7)
    again = [plaza.post(media=media, seed=7)["media"][0]["sha256"] for media in ("image", "video")]
    other = plaza.post(media="image", seed=8)

    jpeg, mp4 = (plaza.stranger.get(post["media"][0]["url"]).content for post in (picture, video))

    assert Image.open(io.BytesIO(jpeg)).size == (480, 360)
    with av.open(io.BytesIO(mp4)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert len(list(container.decode(video=0))) == 24
    assert again == [picture["media"][0]["sha256"], video["media"][0]["sha256"]]
    assert other["media"][0]["sha256"] != picture["media"][0]["sha256"]


def test_a_video_can_be_read_in_parts(plaza: RunningPlaza):
    url = plaza.post(media="video")["media"][0]["url"]

    answer = plaza.stranger.get(url, headers={"Range": "bytes=4-7"})

    assert (answer.status_code, answer.content) == (206, b"ftyp")


def test_a_media_address_with_another_ending_is_unknown(plaza: RunningPlaza):
    url = plaza.post()["media"][0]["url"]

    assert plaza.stranger.get(url.replace(".jpg", ".png")).status_code == 404


def test_a_live_picture_stays_for_moderators_when_the_room_shows_the_next(plaza: RunningPlaza):
    room = plaza.live()
    first = room["media"][0]["id"]
    shown = plaza.stranger.get(f"/live/{room['id']}").text

    plaza.make_frames_old(room)
    later = plaza.stranger.get(f"/live/{room['id']}").text

    assert f"/media/{first}.jpg" in shown
    assert f"/media/{first}.jpg" not in later
    assert plaza.moderator.get(f"/media/{first}").status_code == 200
    assert plaza.read(room)["version"] == 1


def test_a_picture_has_a_page_of_its_own_that_goes_with_its_post(plaza: RunningPlaza):
    post = plaza.post()
    path = f"/picture/{post['media'][0]['id']}"

    page = plaza.stranger.get(path)
    seen = views(plaza, post)
    plaza.move(post, "hide")

    assert page.status_code == 200
    assert f'<report-door item="{post["url"]}" type="image"' in page.text
    assert seen == 1
    assert plaza.stranger.get(path).status_code == 404


def test_the_picture_of_a_message_is_for_its_two_people(plaza: RunningPlaza):
    message = plaza.message()
    path = f"/picture/{message['media'][0]['id']}"

    assert plaza.stranger.get(path).status_code == 403
    assert plaza.member(message["recipient"]).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/picture/nothing", "/picture/"])
def test_a_picture_that_is_none_is_unknown(plaza: RunningPlaza, path: str):
    assert plaza.stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    ("about", "leads_back"),
    [("/post/abcdefghij", True), ("https://elsewhere.example/", False), ("//elsewhere.example/post/a", False)],
)
def test_the_page_on_copyright_leads_back_only_to_pages_of_plaza(plaza: RunningPlaza, about: str, leads_back: bool):
    page = plaza.stranger.get("/copyright", params={"about": about}).text

    assert ("Go back" in page) is leads_back
    assert "elsewhere.example" not in page
