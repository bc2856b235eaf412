"""`amparo demo --check`: reports as strangers would, decides as people do, and looks at what anybody can see.

Every row is judged by the practice site's logged-out pages and by the reporter's own page, never by our database.
"""

import json
import random
import re
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from amparo.cli.demo import World
from amparo.cli.visitor import Visitor
from amparo.signed_note import BadNote, open_note, read_keys

_PATIENCE_SECONDS = 20.0
_POLL_SECONDS = 0.02
_HIDDEN_WITHIN_SECONDS = 2.0
_READY_WITHIN_SECONDS = 60.0
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}\b")


class Missed(AssertionError):
    """Something did not come true. The text says what was looked for and what was found."""


@dataclass
class Row:
    what: str
    found: str
    seconds: float | None
    is_right: bool


@dataclass
class Checked:
    """The rows so far, printed as they come."""

    world: World
    as_json: bool
    rows: list[Row] = field(default_factory=list)

    def row(self, what: str, found: str, seconds: float | None = None, *, is_right: bool = True) -> None:
        self.rows.append(Row(what, found, seconds, is_right))
        if not self.as_json:
            took = "" if seconds is None else f"{seconds:8.2f} s"
            print(f"  {'✓' if is_right else '✗'} {what:<58} {took:>10}   {found}", flush=True)


class Plaza:
    """The practice site: posts are made by its practice helpers, and looked at as a stranger."""

    def __init__(self, world: World) -> None:
        self._address = world.plaza
        self._key = {"Authorization": f"Bearer {world.plaza_key}"}
        self._stranger = httpx.Client(trust_env=False, timeout=10)

    def account(self) -> str:
        handle = f"h{uuid.uuid4().hex[:12]}"
        self._make("accounts", {"handle": handle})
        return handle

    def post(self, account: str = "") -> dict[str, Any]:
        made = {"account": account or self.account(), "text": "Shapes and noise.", "media": "image", "tags": ["shapes"]}
        return self._make("posts", made)

    def sees(self, address: str) -> int:
        """Return what a stranger is answered there."""
        return self._stranger.get(address).status_code

    def wait(self, address: str, *wanted: int) -> float:
        """Look until a stranger is answered so; return how long it took. Raises Missed."""
        started = time.monotonic()
        while (status := self.sees(address)) not in wanted:
            if time.monotonic() - started > _PATIENCE_SECONDS:
                raise Missed(f"a stranger is answered {status}, not {wanted}")
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - started

    def _make(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._stranger.post(f"{self._address}/moderation/practice/{what}", json=body, headers=self._key)
        answer.raise_for_status()
        return dict(answer.json())


class Stranger:
    """Somebody who reports, and comes back with nothing but the code."""

    def __init__(self, world: World) -> None:
        self._address = _an_address()
        self.visitor, self._world, self.code = Visitor(self._address), world, ""

    def report(self, page: str, who: str, adult: str) -> float:
        """Report from the page itself and answer every question; return when the first button was pressed."""
        self.visitor.open(page)
        pressed = time.monotonic()
        self.visitor.press("A sexual picture of me or a child")
        self.visitor.press(who).press(adult).press("A private page").press("Send")
        self._keep_code()
        return pressed

    def report_links(self, links: list[str]) -> None:
        """Paste many links at the door."""
        self.visitor.open(f"{self._world.door}/help-me")
        self.visitor.press("Go on", links="\n".join(links), topic="sexual_picture")
        self.visitor.press("I don").press("Not sure").press("A private page").press("Send")
        self._keep_code()

    def page(self) -> str:
        """Come back in a fresh browser with the code, and read the page."""
        self.visitor = Visitor(self._address)
        self.visitor.open(f"{self._world.door}/u/").press("Open", code=self.code)
        return self.visitor.text

    def wait_to_read(self, *words: str) -> float:
        """Come back until the page says all of these; return how long it took. Raises Missed."""
        started = time.monotonic()
        while any(each not in (text := self.page()) for each in words):
            if time.monotonic() - started > _PATIENCE_SECONDS:
                raise Missed(f"the private page does not say {words}: {text[:300]}")
            time.sleep(0.2)
        return time.monotonic() - started

    def _keep_code(self) -> None:
        found = CODE.search(self.visitor.text)
        if found is None:
            raise Missed(f"the receipt shows no code: {self.visitor.text[:300]}")
        self.code = found[0]


class Person:
    """A member of staff at the console."""

    def __init__(self, world: World, name: str) -> None:
        self._console, self.visitor = world.console, Visitor()
        self.visitor.open(f"{world.console}/sign-in").press("Sign in", username=name, password=world.staff[name])

    def opens_the_next_case(self) -> None:
        """Take the first card of the queue."""
        self.visitor.open(self._console + "/")
        self.visitor.press("Open", within="/cases/")

    def has_cards(self) -> int:
        """Return how many cards the queue shows this person."""
        self.visitor.open(self._console + "/")
        return sum(label.startswith("Open") for label in self.visitor.buttons("/cases/"))


def check(world: World, *, reports: int, ready_seconds: float, as_json: bool) -> int:
    """Prove each step; print the rows; return 0 only if every one came true."""
    checked = Checked(world, as_json)
    checked.row("ready", f"within {_READY_WITHIN_SECONDS:.0f} s", ready_seconds, is_right=ready_seconds <= 60)
    for step in (_looking_opens_nothing, _removal, _refusal, _account, _many_links, _adult_then_child):
        _try(checked, step)
    _try(checked, partial(_speed, reports=reports))
    wrong = [row for row in checked.rows if not row.is_right]
    if as_json:
        print(json.dumps([vars(row) for row in checked.rows], indent=1, ensure_ascii=False))
    else:
        print(f"\n{len(checked.rows) - len(wrong)} right, {len(wrong)} wrong.")
    return 1 if wrong else 0


def _an_address() -> str:
    """Return a loopback address of a network of its own: a household's reports share a budget, a city's do not."""
    return f"127.{random.randrange(1, 255)}.{random.randrange(255)}.1"  # noqa: S311 - nothing secret


def _without_names_and_times(text: str) -> str:
    """Return a page's words without who reads it, without what only leads have in their menu, and without numbers."""
    return re.sub(r"\d+", "#", re.sub(r"Signed in as \S+ \(\w+\)", "", text).replace(" Staff ", " "))


def _first_difference(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 30) : at + 40]!r} … {other[max(0, at - 30) : at + 40]!r}"


def _try(checked: Checked, step: Callable[[Checked], None]) -> None:
    try:
        step(checked)
    except (AssertionError, httpx.HTTPError) as missed:
        name = getattr(step, "__name__", "speed").strip("_").replace("_", " ")
        checked.row(name, str(missed), is_right=False)


def _looking_opens_nothing(checked: Checked) -> None:
    plaza = Plaza(checked.world)
    post = plaza.post()
    form = {"link": post["url"], "topic": "sexual_picture", "key": str(uuid.uuid4())}
    for method in ("GET", "HEAD", "OPTIONS"):
        httpx.request(method, f"{checked.world.door}/report", params=form, trust_env=False)
    time.sleep(1.0)
    seen = plaza.sees(post["url"])
    checked.row("GET, HEAD and OPTIONS of the door open nothing", f"the post answers {seen}", is_right=seen == 200)


def _removal(checked: Checked) -> None:
    plaza, stranger = Plaza(checked.world), Stranger(checked.world)
    post = plaza.post()
    pressed = stranger.report(post["url"], "It is me", "Yes")
    plaza.wait(post["url"], 404)
    checked.row("reported from the post: hidden from strangers", "404", time.monotonic() - pressed)
    checked.row("the private page says so", "The post is hidden", stranger.wait_to_read("The post is hidden"))
    reviewer = Person(checked.world, "reviewer")
    reviewer.opens_the_next_case()
    checked.row("the reporter sees that a person looks", "looking", stranger.wait_to_read("A person is looking"))
    reviewer.visitor.press("Remove", within="/remove")
    checked.row("one person removes it: gone for strangers", "410", plaza.wait(post["url"], 410))
    took = stranger.wait_to_read("gone from this site", "We keep watch")
    checked.row("the private page says decided, gone, watching", "gone from this site", took)
    took = stranger.wait_to_read("Read or print the certificate")
    is_right = f"{post['url']}\nCertified" in _certificate(stranger, checked.world)
    checked.row("the certificate is genuine and says so", "Certified: it was seen gone", took, is_right=is_right)
    profile = f"{checked.world.plaza}/user/{post['account']}"
    checked.row("the account is suspended for a time", "403", plaza.wait(profile, 403))


def _certificate(stranger: Stranger, world: World) -> str:
    """Download the certificate of a page that is open, and return its text once it is found genuine."""
    key = read_keys(httpx.get(f"{world.door}/certificate-key", trust_env=False).text)
    file = stranger.visitor.open(f"{world.door}/u/certificate.txt").page
    try:
        return open_note(b"" if file is None else file.content, key)[0]
    except BadNote as error:
        raise Missed(f"the certificate is not genuine: {error}") from None


def _refusal(checked: Checked) -> None:
    plaza, stranger = Plaza(checked.world), Stranger(checked.world)
    post = plaza.post()
    stranger.report(post["url"], "Someone I know", "Not sure")
    plaza.wait(post["url"], 404)
    first = Person(checked.world, "reviewer")
    first.opens_the_next_case()
    before = _without_names_and_times(first.visitor.text)
    first.visitor.press("Keep", within="/keep", reason="not_sexual")
    time.sleep(1.0)
    seen, left = plaza.sees(post["url"]), first.has_cards()
    checked.row("one vote to keep changes nothing", f"{seen}, {left} cards left", is_right=(seen, left) == (404, 0))
    text = stranger.page()
    is_silent = "may stay" not in text and "is hidden" in text
    checked.row("and the reporter is not told of it", "still hidden, still looking", is_right=is_silent)
    lead = Person(checked.world, "lead")
    lead.opens_the_next_case()
    after = _without_names_and_times(lead.visitor.text)
    differs = "" if after == before else _first_difference(before, after)
    checked.row("the second person's page is as the first one's was", differs or "the same words", is_right=not differs)
    lead.visitor.press("Keep", within="/keep", reason="not_sexual")
    checked.row("two people keep it: shown again", "200", plaza.wait(post["url"], 200))
    stranger.wait_to_read("may stay")
    stranger.visitor.press("No. Look again")
    checked.row("the reporter asks again: hidden again", "404", plaza.wait(post["url"], 404))
    for name in ("reviewer", "lead"):
        cards = Person(checked.world, name).has_cards()
        what = f"the {name} who decided before is not asked again"
        checked.row(what, f"{cards} cards", is_right=cards == 0)
    second = Person(checked.world, "second-reviewer")
    second.opens_the_next_case()
    second.visitor.press("Remove", within="/remove")
    checked.row("somebody new removes it", "410", plaza.wait(post["url"], 410))


def _account(checked: Checked) -> None:
    plaza, stranger = Plaza(checked.world), Stranger(checked.world)
    account = plaza.account()
    posts = [plaza.post(account) for _ in range(3)]
    stranger.report(f"{checked.world.plaza}/user/{account}", "A child I look after", "Yes")
    slowest = max(plaza.wait(post["url"], 404) for post in posts)
    checked.row("an account reported: its unreviewed media are hidden", "3 × 404", slowest)


def _many_links(checked: Checked) -> None:
    plaza, stranger = Plaza(checked.world), Stranger(checked.world)
    posts = [plaza.post() for _ in range(17)]
    foreign = [f"https://elsewhere.example/post/{number}" for number in range(3)]
    stranger.report_links([post["url"] for post in posts] + foreign)
    checked.row("twenty links, three of them foreign: one receipt", stranger.code[:4] + "-…")
    slowest = max(plaza.wait(post["url"], 404) for post in posts)
    checked.row("the seventeen are hidden", "17 × 404", slowest)
    text = stranger.page()
    answers = text.count("another site")
    checked.row("each foreign link has its answer", f"{answers} × another site", is_right=answers >= len(foreign))


def _adult_then_child(checked: Checked) -> None:
    plaza = Plaza(checked.world)
    post = plaza.post()
    Stranger(checked.world).report(post["url"], "It is me", "No")
    plaza.wait(post["url"], 404)
    httpx.post(
        f"{checked.world.door}/report",
        data={"link": post["url"], "topic": "sexual_picture", "key": str(uuid.uuid4())},
        trust_env=False,
    )
    seen = plaza.sees(post["url"])
    checked.row("an adult's report, then a child's: hidden throughout", str(seen), is_right=seen == 404)


def _speed(checked: Checked, *, reports: int) -> None:
    """Measure from the press of the button until a stranger's look at the post is answered 404, polling included."""
    plaza = Plaza(checked.world)
    took = []
    for _ in range(reports):
        post = plaza.post()
        form = {"link": post["url"], "topic": "sexual_picture", "key": str(uuid.uuid4())}
        pressed = time.monotonic()
        with httpx.Client(transport=httpx.HTTPTransport(local_address=_an_address())) as client:
            answer = client.post(f"{checked.world.door}/report", data=form)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise Missed(f"the door answered {answer.status_code}")
        plaza.wait(post["url"], 404)
        took.append(time.monotonic() - pressed)
    p50, p95 = statistics.median(took), sorted(took)[max(0, round(0.95 * len(took)) - 1)]
    checked.row(f"submit → seen hidden, median of {reports}", "", p50)
    found = f"bar {_HIDDEN_WITHIN_SECONDS:.0f} s"
    checked.row(f"submit → seen hidden, p95 of {reports}", found, p95, is_right=p95 <= _HIDDEN_WITHIN_SECONDS)
