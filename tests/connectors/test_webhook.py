"""The webhook connector keeps every connector's promises, on the example site over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import LinkProblem, Seen
from amparo.connectors import webhook
from amparo.connectors.connector import ConnectorError
from amparo.connectors.webhook import WebhookConnector
from tests.connectors.connector_contract import ConnectorContract
from tests.connectors.running_site import PAGES, RunningSite, running_site


class SitePlatform:
    def __init__(self, site: RunningSite) -> None:
        self.site = site
        self.connector = site.connector()
        # Port 9 on loopback: nothing listens there.
        nowhere = {**site.settings(), "url": "http://127.0.0.1:9"}
        self.unreachable = WebhookConnector("site", nowhere, site.secret)
        self._subjects: dict[Subject, dict[str, Any]] = {}

    def publish(self) -> tuple[Subject, str]:
        made = self.site.post()
        subject = Subject("site", SubjectKind.POST, made["id"])
        self._subjects[subject] = made
        return subject, made["url"]

    def account_of(self, subject: Subject) -> Subject:
        return Subject("site", SubjectKind.ACCOUNT, self._subjects[subject]["account"])

    def view(self, subject: Subject) -> None:
        assert self.site.stranger.get(f"/post/{subject.id}").status_code == 200

    def count_changes(self, subject: Subject) -> int:
        return len(self.site.changes(self._subjects[subject]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def platform(site: RunningSite) -> Iterator[SitePlatform]:
    site.faults()
    yield SitePlatform(site)
    site.faults()


class TestWebhookConnector(ConnectorContract):
    pass


def test_a_lie_is_seen_through(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.site.faults(lies=True)
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.observe(subject) is Seen.SHOWN


def test_forgotten_keys_show_in_the_answer(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.site.faults(forgets_keys=True)
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.hide(subject, key="case:1:hide" + subject.id).is_replay is False


def test_another_secret_is_refused_for_good(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    stranger = WebhookConnector("site", platform.site.settings(), "whsec_" + "A" * 32)
    with pytest.raises(ConnectorError) as told:
        stranger.hide(subject, key="case:1:hide")
    assert (told.value.code, told.value.permanent) == ("key_refused", True)
    assert platform.connector.observe(subject) is Seen.SHOWN


def test_while_a_secret_is_exchanged_both_sign(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    both = WebhookConnector("site", platform.site.settings(), f"whsec_{'A' * 32}\n{platform.site.secret}\n")
    both.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.observe(subject) is Seen.HIDDEN


def test_looking_sends_no_signature_and_keeps_no_cookie(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.connector.observe(subject)
    stranger = platform.connector._stranger
    assert not [name for name in stranger.headers if name.startswith("webhook-")]
    assert len(stranger.cookies) == 0


def test_a_file_that_still_opens_is_not_called_hidden(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    platform.site.faults(leaves_files=True)
    assert platform.connector.observe(subject) is Seen.SHOWN


def test_a_file_that_is_left_behind_when_the_post_is_unknown_is_still_looked_at(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.connector.fetch(subject)
    # The page answers 404 and the site knows nothing of it any more, but the picture opens.
    platform.site.faults(leaves_files=True, endpoint_status=404, endpoint_body='{"error": "unknown_subject"}')
    platform.site.set_state("post", subject.id, "removed")
    assert platform.connector.observe(subject) is Seen.SHOWN


@pytest.mark.parametrize("status", [401, 403, 302, 429, 500, 503])
def test_a_page_that_says_neither_is_unknown_and_never_hidden(platform: SitePlatform, status: int) -> None:
    subject, _ = platform.publish()
    platform.site.faults(page_status=status)
    assert platform.connector.observe(subject) is Seen.UNKNOWN


def test_a_sites_own_status_means_what_its_operator_says(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    connector = platform.site.connector(statuses={"403": "hidden"})
    platform.site.faults(page_status=403)
    assert connector.observe(subject) is Seen.HIDDEN


def test_a_page_that_opens_and_carries_the_sites_mark_is_hidden(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    connector = platform.site.connector(marks={"hidden": '<meta name="robots" content="taken-down">'})
    assert connector.observe(subject) is Seen.SHOWN
    platform.site.set_state("post", subject.id, "hidden")
    platform.site.faults(page_status=200, page_body='<meta name="robots" content="taken-down"><p>Not available.')
    # Its file answers 200 here, too, and a file that opens is shown whatever its page says.
    assert connector.observe(subject) is Seen.SHOWN
    account = platform.account_of(subject)
    assert connector.observe(account) is Seen.HIDDEN


def test_files_on_a_host_that_no_setting_names_are_not_asked_and_nothing_is_called_hidden(
    platform: SitePlatform,
) -> None:
    subject, _ = platform.publish()
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    elsewhere = {"media": [{"id": "image", "url": "http://127.0.0.1:9/x.png", "media_type": "image/png"}]}
    platform.site.faults(answers=elsewhere)
    assert platform.site.connector().observe(subject) is Seen.UNKNOWN


def test_files_on_a_host_that_the_settings_name_are_looked_at(
    platform: SitePlatform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    subject, _ = platform.publish()
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    with running_site(tmp_path_factory.mktemp("files")) as files:
        address = f"{files.base_url}/media/first"
        platform.site.faults(answers={"media": [{"id": "image", "url": address, "media_type": "image/png"}]})
        connector = platform.site.connector(media_hosts=[files.base_url.removeprefix("http://")])
        assert connector.observe(subject) is Seen.SHOWN


def test_a_redirect_is_refused_and_not_followed(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    before = len(platform.site.messages())
    platform.site.faults(endpoint_status=307, location=f"{platform.site.base_url}/amparo")
    with pytest.raises(ConnectorError) as told:
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert (told.value.code, told.value.permanent) == ("status_307", False)
    assert len(platform.site.messages()) == before


def test_a_404_without_its_word_is_a_mistyped_endpoint_and_no_missing_post(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.site.faults(endpoint_status=404, endpoint_body="<h1>Not found</h1>")
    with pytest.raises(ConnectorError) as told:
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert (told.value.code, told.value.permanent) == ("status_404", False)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([], id="no-object"),
        pytest.param({"media": "all"}, id="no-list"),
        pytest.param({"media": [{"id": "image"}]}, id="a-file-without-an-address"),
        pytest.param({"media": [{"id": "x", "url": "/\0", "media_type": "image/png"}]}, id="an-address-with-a-nul"),
        pytest.param({"media": [{"id": "../x", "url": "/x", "media_type": "image/png"}]}, id="an-id-that-climbs"),
        pytest.param({"media": [{"id": "x", "url": "/x", "media_type": "<script>"}]}, id="a-strange-media-type"),
        pytest.param({"account": 7}, id="an-account-that-is-no-text"),
        pytest.param({"account": "a/b"}, id="an-account-with-a-path"),
        pytest.param({"version": True}, id="a-version-that-is-no-number"),
        pytest.param({"text": "x" * 300_000}, id="too-long-a-text"),
        pytest.param({"text": "x" * 2_000_000}, id="too-long-an-answer"),
    ],
)
def test_a_strange_answer_is_refused_whole(platform: SitePlatform, answer: object) -> None:
    subject, _ = platform.publish()
    platform.site.faults(answers=answer)
    with pytest.raises(ConnectorError) as told:
        platform.connector.fetch(subject)
    assert told.value.code in ("strange_answer", "too_large")


def test_files_that_are_together_too_much_are_refused_whole(
    platform: SitePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, _ = platform.publish()
    file = {"url": f"/media/{subject.id}", "media_type": "image/bmp"}
    platform.site.faults(answers={"media": [{"id": "one", **file}, {"id": "two", **file}]})
    size_bytes = len(platform.connector.fetch(subject).parts[0].body)
    monkeypatch.setattr(webhook, "_LARGEST_CONTENT_BYTES", 2 * size_bytes - 1)
    with pytest.raises(ConnectorError) as told:
        platform.connector.fetch(subject)
    assert (told.value.code, told.value.permanent) == ("too_large", True)


def test_a_strange_counter_is_no_counter_and_keeps_nothing_from_being_called_hidden(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.site.faults(answers={"views": -1, "reshares": "many"})
    assert platform.connector.fetch(subject).views is None
    assert platform.connector.reach(subject) is None
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.observe(subject) is Seen.HIDDEN


def test_views_are_told_only_where_the_card_says_that_they_are_counted(platform: SitePlatform) -> None:
    subject, _ = platform.publish()
    platform.site.stranger.get(f"/post/{subject.id}")
    assert platform.connector.fetch(subject).views == 1
    assert platform.site.connector(can={}).fetch(subject).views is None


def test_a_site_that_cannot_list_is_not_asked(platform: SitePlatform) -> None:
    before = len(platform.site.messages())
    with pytest.raises(ConnectorError) as told:
        next(platform.site.connector(can={}).catalogue(None))
    assert (told.value.code, told.value.permanent) == ("unsupported", True)
    assert len(platform.site.messages()) == before


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        pytest.param("yesterday", "since", id="a-time-that-is-none"),
        pytest.param("2030-01-31T12:00:00", "since", id="a-time-without-its-zone"),
        pytest.param("0001-01-01T00:00:00+12:00", "since", id="a-time-before-all-time"),
        pytest.param("account", "kind", id="an-account"),
        pytest.param("../x", "id", id="an-id-that-climbs"),
        pytest.param("a/b", "account", id="an-account-with-a-path"),
        pytest.param([{"id": "x", "media_type": "image/png", "size_bytes": -1}], "media", id="a-size-below-nothing"),
        pytest.param([{"id": "x", "media_type": "image/png", "sha256": "beef"}], "media", id="a-digest-that-is-none"),
        pytest.param([{"id": "x", "media_type": "<b>"}], "media", id="a-strange-media-type"),
        pytest.param([{"id": "x", "media_type": "image/png"}] * 201, "media", id="too-many-files"),
        pytest.param(["x"], "media", id="a-file-that-is-a-word"),
    ],
)
def test_a_strange_line_of_a_list_is_refused(platform: SitePlatform, wrong: object, at: str) -> None:
    right = {"kind": "post", "id": "first", "since": "2030-01-31T12:00:00Z", "media": []}
    platform.site.faults(catalogue={"null": {"subjects": [right]}})
    assert [each.subject.id for each in platform.connector.catalogue(None)] == ["first"]
    platform.site.faults(catalogue={"null": {"subjects": [{**right, at: wrong}]}})
    with pytest.raises(ConnectorError) as told:
        list(platform.connector.catalogue(None))
    assert (told.value.code, told.value.permanent) == ("strange_answer", False)


def test_a_list_of_several_pages_goes_on_with_the_page_that_was_not_done(platform: SitePlatform) -> None:
    def page(names: str, following: str | None) -> dict[str, object]:
        line = {"kind": "post", "since": "2030-01-31T12:00:00Z", "media": []}
        return {"subjects": [{**line, "id": name} for name in names], "next_cursor": following}

    pages = {"null": page("ab", "2"), "2": page("", "3"), "3": page("cd", None)}
    platform.site.faults(catalogue=pages)
    listed = list(platform.connector.catalogue(None))
    assert [(each.subject.id, each.cursor) for each in listed] == [("a", None), ("b", "2"), ("c", "3"), ("d", "3")]
    assert [each.subject.id for each in platform.connector.catalogue("2")] == ["c", "d"]


@pytest.mark.parametrize("loop", [["1"], ["1", "2"], ["1", "2", "3", "4", "2"]], ids=len)
def test_a_list_that_never_ends_is_left(platform: SitePlatform, loop: list[str]) -> None:
    empty: dict[str, object] = {"subjects": []}
    places = ["null", *loop]
    pages = {place: {**empty, "next_cursor": following} for place, following in zip(places, [*loop, "1"], strict=True)}
    platform.site.faults(catalogue=pages)
    with pytest.raises(ConnectorError) as told:
        list(platform.connector.catalogue(None))
    assert told.value.permanent


def test_it_is_made_without_asking_a_site_that_is_down() -> None:
    connector = WebhookConnector("site", {"url": "http://127.0.0.1:9", "pages": PAGES}, "whsec_" + "A" * 32)
    assert connector.capabilities.hides
    assert not connector.capabilities.suspends


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param({"pages": {}}, "is empty", id="no-page"),
        pytest.param({"pages": {"post": "/post/"}}, "has no {id}", id="no-slot"),
        pytest.param({"pages": {"post": "javascript:{id}"}}, "has no {id}", id="no-address"),
        pytest.param({"pages": {"book": "/b/{id}"}}, "the kinds are", id="no-such-kind"),
        pytest.param({"can": {"hide": True}}, "the words are", id="no-such-capability"),
        pytest.param({"can": {"hides": "yes"}}, "true and false", id="a-word-for-yes"),
        pytest.param({"can": {"suspends": True}, "pages": {"post": "/p/{id}"}}, "account page", id="no-account-page"),
        pytest.param({"statuses": {"maybe": "gone"}}, "no HTTP status", id="no-status"),
        pytest.param({"statuses": {"404": "perhaps"}}, "know shown", id="no-such-sight"),
        pytest.param({"marks": {"hidden": "Not available"}}, "no markup", id="a-mark-that-an-author-can-write"),
        pytest.param({"media_hosts": ["https://cdn.example/x"]}, "list of hosts", id="an-address-for-a-host"),
    ],
)
def test_a_setting_that_cannot_hold_is_refused_at_the_start(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        WebhookConnector("site", {"url": "https://x.example", "pages": PAGES, **settings}, "whsec_" + "A" * 32)


def _connector(**settings: object) -> WebhookConnector:
    return WebhookConnector("site", {"url": "https://x.example", "pages": PAGES, **settings}, "whsec_" + "A" * 32)


@pytest.mark.parametrize(
    ("template", "link", "wanted"),
    [
        pytest.param("/post/{id}", "https://x.example/post/7/a-title#c3", "7", id="a-title-behind"),
        pytest.param("/p-{id}.html", "https://x.example/p-7.html", "7", id="in-the-middle"),
        pytest.param("/t.php?t={id}", "https://x.example/t.php?f=2&t=7", "7", id="in-the-query"),
        pytest.param("/t.php?t={id}", "https://x.example/t.php?t=7&t=8", None, id="twice-in-the-query"),
        pytest.param("/post/{id}", "https://x.example/post/%2e%2e", None, id="an-escaped-path"),
        pytest.param("/post/{id}", "http://X.EXAMPLE:80/post/7", "7", id="the-usual-port"),
        pytest.param("/post/{id}", "https://www.x.example/post/7", "7", id="an-alias"),
        pytest.param("/post/{id}", "https://x.example:8443/post/7", None, id="another-port"),
    ],
)
def test_a_template_reads_links(template: str, link: str, wanted: str | None) -> None:
    found = _connector(pages={"post": template}, aliases=["www.x.example"]).subject_of(link)
    if wanted is None:
        assert isinstance(found, LinkProblem)
    else:
        assert found == Subject("site", SubjectKind.POST, wanted)


def test_a_short_template_takes_no_link_of_a_longer_one() -> None:
    connector = _connector(pages={"account": "/{id}", "post": "/p/{id}"})
    assert connector.subject_of("https://x.example/p/7") == Subject("site", SubjectKind.POST, "7")
    assert connector.subject_of("https://x.example/alice") == Subject("site", SubjectKind.ACCOUNT, "alice")
