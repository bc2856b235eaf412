"""The way from every kind of subject to the door: at most two activations, without scripts."""

import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.plaza.running_plaza import DOOR, RunningPlaza

LABELS = [
    "A sexual picture of me or a child",
    "Someone threatens to post a sexual picture",
    "Someone asks a child for sexual pictures, or offers them",
    "Spam",
]
TOPICS = ["sexual_picture", "threat", "enticement", "spam"]
KINDS = ["post", "user", "message", "live"]


@dataclass
class Form:
    action: str
    method: str
    activations: int
    fields: dict[str, str] = field(default_factory=dict)
    label: str = ""


class ReportForms(HTMLParser):
    """Collect the forms that lead to the door; each costs its button, and one more inside a closed <details>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.scripts = 0
        self._details = 0
        self._form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.scripts += tag == "script"
        self._details += tag == "details"
        if tag == "form" and given.get("action", "").startswith(DOOR):
            self._form = Form(given["action"], given["method"], activations=1 + self._details)
            self.forms.append(self._form)
        if tag == "input" and self._form:
            assert given["type"] == "hidden"
            self._form.fields[given["name"]] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        self._details -= tag == "details"
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._form:
            self._form.label += data.strip()


def subject_page(plaza: RunningPlaza, kind: str) -> tuple[str, str, str]:
    """Return the absolute link of a subject, its name for /report, and its page as its reader sees it."""
    if kind == "user":
        handle = plaza.account()
        return f"{plaza.base_url}/user/{handle}", f"user:{handle}", plaza.stranger.get(f"/user/{handle}").text
    subject = {"post": plaza.post, "message": plaza.message, "live": plaza.live}[kind]()
    reader = plaza.member(subject["recipient"]) if kind == "message" else plaza.stranger
    return subject["url"], f"{kind}:{subject['id']}", reader.get(subject["url"]).text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_subject_reaches_the_door_in_two_activations_without_scripts(plaza: RunningPlaza, kind: str):
    link, _, page = subject_page(plaza, kind)

    found = ReportForms(page)

    # One, of the door; where it does not run, everything below is there all the same.
    assert found.scripts == 1
    assert [form.label for form in found.forms] == LABELS
    assert [form.fields["topic"] for form in found.forms] == TOPICS
    for form in found.forms:
        assert (form.action, form.method) == (f"{DOOR}/report", "post")
        assert form.activations <= 2
        assert set(form.fields) == {"link", "topic", "key"}
        assert form.fields["link"] == link
        assert uuid.UUID(form.fields["key"]).version == 4


@pytest.mark.parametrize("kind", ["post", "user", "live"])
def test_the_report_page_offers_the_same_choices(plaza: RunningPlaza, kind: str):
    link, name, _ = subject_page(plaza, kind)

    answer = plaza.stranger.get("/report", params={"subject": name})

    forms = ReportForms(answer.text).forms
    assert [(form.fields["topic"], form.fields["link"]) for form in forms] == [(topic, link) for topic in TOPICS]
    assert {form.activations for form in forms} == {1}


def test_a_message_is_reported_by_its_reader_from_the_thread_and_from_the_report_page(plaza: RunningPlaza):
    message = plaza.message()
    reader = plaza.member(message["recipient"])

    for path in (f"/messages/{message['account']}", f"/report?subject=message:{message['id']}"):
        assert {form.fields["link"] for form in ReportForms(reader.get(path).text).forms} == {message["url"]}
    assert plaza.stranger.get(f"/report?subject=message:{message['id']}").status_code == 403


def test_every_post_in_the_feed_can_be_reported_there(plaza: RunningPlaza):
    post = plaza.post(media="none")

    forms = [form for form in ReportForms(plaza.stranger.get("/").text).forms if form.fields["link"] == post["url"]]

    assert [form.fields["topic"] for form in forms] == TOPICS


def test_every_form_has_a_fresh_key(plaza: RunningPlaza):
    keys = [form.fields["key"] for _ in range(2) for form in ReportForms(plaza.stranger.get("/").text).forms]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("path", ["/", "/user/harbour_light", "/search", "/live", "/sign-in", "/nothing", "/report"])
def test_every_page_links_to_help(plaza: RunningPlaza, path: str):
    assert f'<a href="{DOOR}/help-me">Get help with a sexual picture</a>' in plaza.stranger.get(path).text


@pytest.mark.parametrize(
    ("subject", "status"),
    [("", 400), ("poem:aaaaaaaaaa", 400), ("post:aaaaaaaaaa", 404), ("user:nobody_here", 404), ("post", 404)],
)
def test_a_report_of_nothing_is_refused(plaza: RunningPlaza, subject: str, status: int):
    assert plaza.stranger.get("/report", params={"subject": subject}).status_code == status
