"""Looking at a page changes nothing, whoever looks and however (law o)."""

import pytest
from django.apps import apps
from django.test import Client

from tests.public.visitor import PLAZA, Visitor

PATHS = (
    "/", "/help-me", "/help", "/leave", "/healthz", "/report", "/report/who", "/report/age", "/report/how",
    "/report/check", "/u", "/u/", "/u/page", "/u/words", "/u/again", "/u/links", "/u/answers", "/u/code",
    "/language", "/language/first", "/language/enter", "/language/check", "/language/page", "/language/receipt",
    "/language/code", "/language/kept", "/language/error", "/officials", "/officials/confirm", "/u/preserved.txt",
    "/language/officials", "/embed", "/.well-known/report-door", "/language/statement", "/language/packet",
    "/u/facts", "/u/statement", "/u/packet", "/u/packet.txt", "/u/school", "/u/school.txt",
)  # fmt: skip
QUERY = f"?link={PLAZA}/post/1&links={PLAZA}/post/1&topic=sexual_picture&key=1&relation=me&age=yes"
QUERY += f"&words=x&code=x&language=pl&lang=pl&item={PLAZA}/post/1"
QUERY += "&fact=police&police_number=1&name=x&contact=x@y.example&site=x&account=x"
AS = {
    "a visitor": {},
    "a prefetcher": {"HTTP_SEC_PURPOSE": "prefetch", "HTTP_PURPOSE": "prefetch"},
    "an img tag on another site": {"HTTP_SEC_FETCH_DEST": "image", "HTTP_SEC_FETCH_SITE": "cross-site"},
}


def _rows() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("kind", AS)
def test_no_row_is_written_by_looking(visitor: Visitor, method: str, kind: str, post: str) -> None:
    visitor.report(post)
    stranger, holder = Client(HTTP_HOST="127.0.0.1"), visitor.client
    before = _rows()
    for client in (stranger, holder):
        for path in PATHS:
            getattr(client, method)(path + QUERY, **AS[kind])
    assert _rows() == before


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_kept_or_names_where_somebody_came_from(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not any("analytics" in line or "http://" in line for line in _fetched(answer.content.decode()))


@pytest.mark.parametrize("path", ["/", "/help", "/u/", "/nowhere"])
def test_every_page_has_a_neutral_title_and_a_way_out(visitor: Visitor, path: str) -> None:
    text = visitor.client.get(path).content.decode()
    assert "<title>Update on your request</title>" in text
    assert 'class="leave" href="/leave" rel="noreferrer' in text


def test_leaving_forgets_the_report_and_opens_another_site(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    answer = visitor.client.get("/leave")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    for page in ("/u/page", "/report/check"):
        assert visitor.client.get(page).status_code == 403


def test_the_door_says_that_it_is_well(visitor: Visitor) -> None:
    assert visitor.client.get("/healthz").content == b"ok"


def _fetched(text: str) -> list[str]:
    """What a page makes a browser fetch."""
    return [tag for tag in text.split("<") if tag.startswith(("link ", "script", "img", "iframe"))]
