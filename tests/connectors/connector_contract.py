"""What every connector promises. A connector's tests subclass this and give it a real platform to try."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import LinkProblem, Seen
from amparo.connectors.connector import Connector, ConnectorError, ListedFile


class Platform(Protocol):
    """A platform under test: what a contract needs made on it, and what it may be made to do wrong."""

    connector: Connector
    unreachable: Connector

    def publish(self) -> tuple[Subject, str]:
        """Publish a post with a picture; return it and the link that people would paste."""

    def account_of(self, subject: Subject) -> Subject: ...
    def count_changes(self, subject: Subject) -> int:
        """Return how often the subject has visibly changed."""

    def view(self, subject: Subject) -> None:
        """Look at a subject as a visitor without an account does. Where views are not counted, nothing is to do."""


class ConnectorContract:
    """Subclasses give a fixture `platform`."""

    def test_a_pasted_link_names_its_subject(self, platform: Platform) -> None:
        subject, link = platform.publish()
        for written in (
            link,
            f"  {link}\n",
            f"{link}?utm_source=mail",
            f"{link}#top",
            link.upper().replace(subject.id.upper(), subject.id).replace("/POST/", "/post/"),
        ):
            assert platform.connector.subject_of(written) == subject

    @pytest.mark.parametrize(
        ("link", "problem"),
        [
            pytest.param("", LinkProblem.NOT_A_LINK, id="empty"),
            pytest.param("please help", LinkProblem.NOT_A_LINK, id="words"),
            pytest.param("ftp://elsewhere.example/post/1", LinkProblem.NOT_A_LINK, id="another-scheme"),
            pytest.param("https://elsewhere.example/post/abc", LinkProblem.FOREIGN, id="another-site"),
            pytest.param("javascript:alert(1)", LinkProblem.NOT_A_LINK, id="script"),
            pytest.param("http://[::1", LinkProblem.NOT_A_LINK, id="broken-address"),
            pytest.param("http://exa\x00mple.com/", LinkProblem.NOT_A_LINK, id="nul"),
            pytest.param("http://user:secret@elsewhere.example/", LinkProblem.FOREIGN, id="another-site-with-a-name"),
        ],
    )
    def test_what_names_nothing_here_says_why(self, platform: Platform, link: str, problem: LinkProblem) -> None:
        assert platform.connector.subject_of(link) is problem

    def test_a_look_alike_host_is_foreign(self, platform: Platform) -> None:
        _, link = platform.publish()
        host = link.split("/")[2].split(":")[0]
        for other in (f"{host}.elsewhere.example", f"{host}@elsewhere.example", f"x{host}"):
            assert platform.connector.subject_of(link.replace(host, other)) is LinkProblem.FOREIGN

    def test_what_is_published_is_seen_by_strangers(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        assert platform.connector.observe(subject) is Seen.SHOWN

    def test_hiding_is_seen_and_undone_by_restoring(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
        assert platform.connector.observe(subject) is Seen.HIDDEN
        platform.connector.restore(subject, key="case:2:restore" + subject.id)
        assert platform.connector.observe(subject) is Seen.SHOWN

    def test_removing_is_seen(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        platform.connector.remove(subject, key="case:1:remove" + subject.id)
        wanted = Seen.GONE if platform.connector.capabilities.tells_gone else Seen.HIDDEN
        assert platform.connector.observe(subject) is wanted

    def test_an_order_given_twice_acts_once(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        key = "case:1:hide" + subject.id
        platform.connector.hide(subject, key=key)
        again = platform.connector.hide(subject, key=key)
        if platform.connector.capabilities.remembers_keys:
            assert again.is_replay is True
        assert platform.count_changes(subject) == 1

    def test_content_is_fetched_even_when_hidden(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        before = platform.connector.fetch(subject)
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
        after = platform.connector.fetch(subject)
        assert [part.body for part in after.parts] == [part.body for part in before.parts]
        assert after.account == platform.account_of(subject)
        assert any(part.media_type.startswith("image/") and part.body for part in after.parts)

    def test_views_are_told_before_and_after_hiding_and_removing(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        if not platform.connector.capabilities.counts_views:
            assert platform.connector.reach(subject) is None
            return
        first = platform.connector.reach(subject)
        assert first is not None
        platform.view(subject)
        seen = platform.connector.reach(subject)
        assert seen == platform.connector.reach(subject), "asking is no view"
        assert seen is not None
        assert seen.views == first.views + 1
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
        assert platform.connector.reach(subject) == seen
        platform.connector.remove(subject, key="case:2:remove" + subject.id)
        assert platform.connector.reach(subject) == seen

    def test_an_account_has_no_counter_of_its_own(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        assert platform.connector.reach(platform.account_of(subject)) is None

    def test_an_account_lists_its_media(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        assert subject in list(platform.connector.media_of(platform.account_of(subject)))

    def test_what_is_shown_is_listed_with_its_files_and_what_is_hidden_is_not(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        hidden, _ = platform.publish()
        platform.connector.hide(hidden, key="case:1:hide" + hidden.id)
        listed = {each.subject: each for each in platform.connector.catalogue(None)}
        assert hidden not in listed
        found = listed[subject]
        assert found.account == platform.account_of(subject)
        assert timedelta(hours=-1) < datetime.now(UTC) - found.since < timedelta(hours=1)
        bodies = [b"".join(platform.connector.fetch_file(subject, file)) for file in found.files]
        fetched = platform.connector.fetch(subject)
        assert bodies == [part.body for part in fetched.parts if not part.media_type.startswith("text/")]
        for file, body in zip(found.files, bodies, strict=True):
            assert file.size_bytes in (None, len(body))
            assert file.sha256 in (None, hashlib.sha256(body).hexdigest())

    def test_a_list_goes_on_after_each_item_and_leaves_none_out(self, platform: Platform) -> None:
        for _ in range(3):
            platform.publish()
        listed = list(platform.connector.catalogue(None))
        for number, each in enumerate(listed):
            left = [one.subject for one in platform.connector.catalogue(each.cursor)]
            behind = [one.subject for one in listed[number + 1 :]]
            assert left[len(left) - len(behind) :] == behind

    def test_a_file_that_is_hidden_since_it_was_listed_is_still_fetched(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        (file,) = next(each for each in platform.connector.catalogue(None) if each.subject == subject).files
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
        assert b"".join(platform.connector.fetch_file(subject, file))

    def test_a_suspended_account_is_not_shown(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        account = platform.account_of(subject)
        assert platform.connector.observe(account) is Seen.SHOWN
        until = datetime.now(UTC) + timedelta(days=30)
        platform.connector.suspend(account, until=until, key="case:1:suspend" + account.id)
        assert platform.connector.observe(account) is Seen.HIDDEN
        platform.connector.suspend(account, until=None, key="case:2:suspend" + account.id)
        assert platform.connector.observe(account) is Seen.GONE
        platform.connector.restore(account, key="case:3:restore" + account.id)
        assert platform.connector.observe(account) is Seen.SHOWN

    def test_an_unknown_subject_is_a_permanent_error(self, platform: Platform) -> None:
        unknown = Subject(platform.connector.platform, SubjectKind.POST, "nothing0here")
        asked: tuple[Callable[[], object], ...] = (
            lambda: platform.connector.fetch(unknown),
            lambda: platform.connector.reach(unknown),
            lambda: platform.connector.hide(unknown, key="case:1:hide"),
            lambda: list(platform.connector.fetch_file(unknown, ListedFile("nothing0here", "image/png", None, None))),
        )
        if not platform.connector.capabilities.counts_views:
            asked = (asked[0], *asked[2:])
        for ask in asked:
            with pytest.raises(ConnectorError) as told:
                ask()
            assert told.value.permanent
            assert told.value.code == "unknown_subject"

    def test_a_platform_that_is_away_is_not_a_permanent_error(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        with pytest.raises(ConnectorError) as told:
            platform.unreachable.hide(subject, key="case:1:hide")
        assert not told.value.permanent
        asked: list[Callable[[], object]] = [
            lambda: list(platform.unreachable.catalogue(None)),
            lambda: list(platform.unreachable.fetch_file(subject, ListedFile("x", "image/png", None, None))),
        ]
        if platform.connector.capabilities.counts_views:
            asked.append(lambda: platform.unreachable.reach(subject))
        for ask in asked:
            with pytest.raises(ConnectorError) as told:
                ask()
            assert not told.value.permanent

    def test_what_cannot_be_looked_at_is_unknown_never_hidden(self, platform: Platform) -> None:
        subject, _ = platform.publish()
        assert platform.unreachable.observe(subject) is Seen.UNKNOWN
        assert platform.unreachable.observe(platform.account_of(subject)) is Seen.UNKNOWN

    def test_errors_name_no_link_and_no_person(self, platform: Platform) -> None:
        subject, link = platform.publish()
        with pytest.raises(ConnectorError) as told:
            platform.unreachable.hide(subject, key="case:1:hide")
        assert subject.id not in str(told.value)
        assert link not in str(told.value)
