"""Sealed bytes go to the one person who has the case in hand, on record, in a form that nothing can run."""

import pytest

from amparo.records import models
from tests.console.desk import PIXEL, Desk

HTML = b"<script>alert(1)</script>"


@pytest.fixture
def two(desk: Desk) -> Desk:
    desk.enrol("reviewer", "reviewer")
    desk.enrol("other", "lead")
    return desk


def test_nothing_is_served_before_the_case_is_opened_or_after_it_was_put_down(two: Desk, vault: None) -> None:
    case = two.report()
    browser = two.browser("reviewer")
    assert browser.get(f"/cases/{case}/parts/1").status_code == 404
    browser.send(f"/cases/{case}/open")
    assert browser.get(f"/cases/{case}/parts/1").status_code == 200
    assert two.browser("other").get(f"/cases/{case}/parts/1").status_code == 404
    browser.send(f"/cases/{case}/put-down")
    assert browser.get(f"/cases/{case}/parts/1").status_code == 404
    browser.send(f"/cases/{case}/open")
    two.pass_time(minutes=5, seconds=1)
    assert browser.get(f"/cases/{case}/parts/1").status_code == 404


def test_what_is_served_is_on_record_and_inert(two: Desk, vault: None) -> None:
    case = two.report()
    browser = two.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    answer = browser.get(f"/cases/{case}/parts/1")
    access = models.Access.objects.get()
    assert (access.actor, access.purpose) == (f"reviewer:{two.staff['reviewer']}", "review")
    assert b"".join(answer.streaming_content) == PIXEL
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(PIXEL))


@pytest.mark.parametrize(
    ("media_type", "served_as"),
    [
        ("image/jpeg", "image/jpeg"),
        ("image/gif", "image/gif"),
        ("image/webp", "image/webp"),
        ("image/avif", "image/avif"),
        ("video/mp4", "video/mp4"),
        ("video/webm", "video/webm"),
        ("IMAGE/PNG; charset=x", "image/png"),
        pytest.param("text/html", "text/plain; charset=utf-8", id="a page is text"),
        pytest.param("text/plain", "text/plain; charset=utf-8", id="text is text"),
        pytest.param("image/svg+xml", None, id="a drawing can run scripts"),
        pytest.param("application/xhtml+xml", None, id="a page by another name"),
        pytest.param("application/pdf", None, id="a document"),
        pytest.param("application/octet-stream", None, id="anything"),
        pytest.param("", None, id="nothing said"),
    ],
)
def test_only_pictures_videos_and_text_are_served(
    two: Desk, vault: None, media_type: str, served_as: str | None
) -> None:
    case = two.report(content=False)
    two.fetch(case, (media_type, HTML))
    browser = two.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    answer = browser.get(f"/cases/{case}/parts/0")
    if served_as is None:
        assert answer.status_code == 415
        assert HTML not in answer.content
        assert models.Access.objects.count() == 0
    else:
        assert answer.headers["Content-Type"] == served_as
        assert b"".join(answer.streaming_content) == HTML
    assert HTML.decode() not in browser.get(f"/cases/{case}?look=1").content.decode()


def test_no_media_is_named_on_a_page_before_somebody_asks_to_look(two: Desk, vault: None) -> None:
    case = two.report()
    browser = two.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    assert "/parts/" not in browser.get(f"/cases/{case}").content.decode()
    assert "/parts/" not in two.browser("other").get(f"/cases/{case}?look=1").content.decode()
    assert models.Access.objects.count() == 0


def test_a_part_that_is_not_there_is_not_there(two: Desk, vault: None) -> None:
    case = two.report()
    browser = two.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    assert browser.get(f"/cases/{case}/parts/2").status_code == 404
