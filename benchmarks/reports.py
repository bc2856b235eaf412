"""People who report one post each, by the five forms or by one; and how many of their reports the database holds."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from itertools import count
from urllib.parse import urlsplit

import psycopg

from benchmarks.clients import Answer, Visit, request

_CODE = re.compile(rb'id="own-code">([0-9A-Z-]+)<')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;]+)=([^;\r]*)", re.IGNORECASE)
_PLACE = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)

# What "durable" means here: sent, with the code that was shown; its case open and its post on the way to be hidden;
# and a clock running for both. Asked after the run, of the tables and of nobody else.
_HELD = """
SELECT count(DISTINCT code.sha256)
FROM records_noticecode code
JOIN records_notice notice ON notice.id = code.notice AND notice.is_open AND notice.state ->> 'sent_at' IS NOT NULL
JOIN records_casenotice joined ON joined.notice = notice.id
JOIN records_case held ON held.id = joined.case AND held.is_open AND held.state ->> 'wanted' = 'hidden'
WHERE code.sha256 = ANY(%s)
AND EXISTS (SELECT FROM records_clock clock WHERE clock.aggregate = notice.id)
AND EXISTS (SELECT FROM records_clock clock WHERE clock.aggregate = held.id)
AND EXISTS (SELECT FROM records_effect effect WHERE effect.aggregate = held.id AND effect.name = 'hide')
"""


class NotTaken(Exception):
    """The door answered a report otherwise than with a receipt."""


def held(database: str, codes: Sequence[str]) -> int:
    """Return how many of the reports with these codes the database holds whole."""
    hashes = [hashlib.sha256(code.replace("-", "").encode()).hexdigest() for code in codes]
    with psycopg.connect(database) as connection:
        row = connection.execute(_HELD, [hashes]).fetchone()
    return 0 if row is None else int(row[0])


def made_up_posts(site: str) -> Iterator[str]:
    """Yield links of posts that nobody has reported yet. Nobody looks whether they are there: no worker runs."""
    return (f"{site}/post/bench{number}" for number in count(1))


def in_one_post(door: str, posts: Iterator[str]) -> Iterator[Visit]:
    """Yield people whose platform sends the whole report at once."""
    host = urlsplit(door).netloc
    return (_one_post(host, link) for link in posts)


def by_the_forms(door: str, posts: Iterator[str]) -> Iterator[Visit]:
    """Yield people who press the platform's button and answer a question a page, as browsers do without scripts."""
    host = urlsplit(door).netloc
    return (_five_forms(host, link) for link in posts)


def _one_post(host: str, link: str) -> Visit:
    fields = {**_opening(link), "relation": "i_dont_know_them", "age": "yes", "way": "private_page", "send": "yes"}
    return _code((yield request("POST", host, "/report", fields=fields)))


def _five_forms(host: str, link: str) -> Visit:
    answer = yield request("POST", host, "/report", fields=_opening(link))
    cookies: dict[str, str] = {}
    for field, said in (("relation", "i_dont_know_them"), ("age", "yes"), ("way", "private_page"), ("country", "")):
        place = _next(answer, cookies)
        page = yield request("GET", host, place, _jar(cookies))
        cookies.update(_cookies(page))
        token = _TOKEN.search(page.body)
        if token is None:
            raise NotTaken(f"The door answered {page.status} without a form.")
        fields = {"csrfmiddlewaretoken": token[1].decode(), field: said}
        answer = yield request("POST", host, place, _jar(cookies), fields)
    return _code(answer)


def _opening(link: str) -> dict[str, str]:
    return {"topic": "sexual_picture", "link": link, "key": str(uuid.uuid4())}


def _next(answer: Answer, cookies: dict[str, str]) -> str:
    cookies.update(_cookies(answer))
    place = _PLACE.search(answer.head)
    if answer.status != 303 or place is None:
        raise NotTaken(f"The door answered {answer.status} to a form.")
    return place[1].decode()


def _cookies(answer: Answer) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _COOKIE.findall(answer.head)}


def _jar(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _code(answer: Answer) -> str:
    code = _CODE.search(answer.body)
    if answer.status != 200 or code is None:
        raise NotTaken(f"The door answered {answer.status} without a code.")
    return code[1].decode()
