"""Proves a connector on a canary: a post that its operator made to be hidden, shown again and, if asked, removed.

Nothing that the site answers counts; what a stranger sees does. However it ends, a canary that was hidden is shown
again, and its account that was locked is opened again.
"""

import argparse
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from amparo.cases.refs import Subject
from amparo.cases.words import Seen, Wanted
from amparo.cli.canary_listing import prove_listing
from amparo.cli.doctor import Findings, Row
from amparo.cli.mending import MEND, mend_of
from amparo.connectors.connector import Answer, Connector, ConnectorError, Fetched
from amparo.connectors.standard_webhooks import new_secret
from amparo.connectors.webhook import WebhookConnector
from amparo.home import BadSettings, Home
from amparo.plugins import make_connector

_AWAY = (Seen.HIDDEN, Seen.GONE)
_PATIENCE_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 0.25
_OLD_SECONDS = 3600


class _Stop(Exception):
    """What follows could not be judged."""


def prove(here: Home, settings: Mapping[str, Any], arguments: argparse.Namespace, findings: Findings) -> None:
    """Try everything that the connector's card says, and add a row for each."""
    table = _table(settings, arguments.name)
    secret = here.secret(f"{table.get('name')}.key")
    connector = make_connector(table, secret)
    stale = None
    if isinstance(connector, WebhookConnector):
        stale = make_connector(table, secret, clock=lambda: time.time() - _OLD_SECONDS)
    trial = _Trial(connector, make_connector(table, new_secret()), stale, findings, arguments.watch)
    # So that a canary that is hidden just now is shown again before we end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        trial.begin(arguments.canary)
        trial.list_all()
        trial.refuse_strangers()
        trial.hide_and_restore()
        trial.account(may_suspend=arguments.suspend)
        trial.remove(is_allowed=arguments.remove)
    except _Stop:
        pass  # The last row says why.
    finally:
        # A second signal ends us at once.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        trial.leave_as_found()


def _table(settings: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    tables = [each for each in settings.get("connector", []) if name is None or each.get("name") == name]
    if len(tables) != 1:
        known = ", ".join(str(each.get("name")) for each in settings.get("connector", []))
        raise BadSettings(f"Say which connector: amparo doctor connector NAME. There are: {known or 'none'}.")
    return dict(tables[0])


class _Trial:
    def __init__(
        self, connector: Connector, forged: Connector, stale: Connector | None, findings: Findings, watch: float
    ) -> None:
        self._connector, self._forged, self._stale = connector, forged, stale
        self._findings, self._watch = findings, watch
        self._card = connector.capabilities
        self._name = f"doctor_{secrets.token_hex(8)}"
        self._orders = 0
        # What an order went out for and was not seen as it was found since: an order may be done after it timed out.
        self._touched: set[Subject] = set()
        self._subject: Subject
        self._fetched: Fetched

    def begin(self, canary: str) -> None:
        """Understand the link, ask what it is, and see it open."""
        found = self._connector.subject_of(canary)
        if not isinstance(found, Subject) or found.is_account:
            mend = "Give the whole address of a post, and compare it with url and [connector.pages] in amparo.toml."
            self._row("the canary's link is understood", False, "it names no post here", mend=mend)
            raise _Stop
        self._subject = found
        self._row("the canary's link is understood", True, f"{found.kind.value} {found.id}")
        started = time.monotonic()
        try:
            self._fetched = self._connector.fetch(found)
        except ConnectorError as error:
            self._failed("a signed question is answered", error, started)
            raise _Stop from None
        size = sum(len(part.body) for part in self._fetched.parts)
        held = f"files and texts: {len(self._fetched.parts)}, {size:,} bytes"
        mend = "Answer subject.fetch with the text and every file: without them nobody can decide."
        self._row("what it holds is fetched", bool(self._fetched.parts), held, started, mend)
        self._compare_cards()
        started, seen = time.monotonic(), self._connector.observe(found)
        mend = "A stranger must see it now: is it public? Does another status mean shown ([connector.statuses])?"
        if not self._row("a stranger sees it", seen is Seen.SHOWN, seen.value, started, mend):
            raise _Stop

    def list_all(self) -> None:
        """Look for the canary in the list of everything that is shown."""
        what = "the list of all has it"
        if not self._card.lists_all:
            self._row(what, None, "the card says that it cannot")
            return
        started = time.monotonic()
        bodies = [part.body for part in self._fetched.parts if part.media_type != "text/plain"]
        try:
            prove_listing(self._connector, self._subject, bodies, self._row)
        except ConnectorError as error:
            self._failed(what, error, started)

    def refuse_strangers(self) -> None:
        """Send what must be refused, and see that it changed nothing."""
        unknown = Subject(self._subject.platform, self._subject.kind, f"{self._name}_nothing")
        self._refused("what does not exist is said to be unknown", "unknown_subject", self._connector, unknown)
        self._refused("a wrong signature is refused", "key_refused", self._forged, self._subject)
        if self._stale is not None:
            self._refused("an old message is refused", "key_refused", self._stale, self._subject)

    def hide_and_restore(self) -> None:
        """Hide it, see it stay hidden, repeat the order, show it again, and repeat the old order once more."""
        if not self._card.hides:
            self._row("hidden, seen by a stranger", None, "the card says that it cannot")
            return
        hide = self._key("hide")
        self._order("hidden, seen by a stranger", lambda: self._connector.hide(self._subject, key=hide), _AWAY)
        self._stays()
        started = time.monotonic()
        try:
            again = self._connector.hide(self._subject, key=hide)
        except ConnectorError as error:
            self._failed("the same order again", error, started)
        else:
            self._replayed(again, started)
        if not self._card.restores:
            self._row("shown again, seen by a stranger", None, "the card says that it cannot")
            return
        self._restore()
        if not self._card.remembers_keys:
            self._row("an old order again changes nothing", None, "the card says that it forgets them")
            return
        started = time.monotonic()
        self._touched.add(self._subject)
        try:
            self._connector.hide(self._subject, key=hide)
        except ConnectorError as error:
            self._failed("an old order again changes nothing", error, started)
            return
        seen = self._connector.observe(self._subject)
        mend = "Keep each webhook-id with its answer, and answer it as before without acting."
        if self._row("an old order again changes nothing", seen is Seen.SHOWN, seen.value, started, mend):
            self._touched.discard(self._subject)
        else:
            self._restore()

    def account(self, *, may_suspend: bool) -> None:
        """List what the account posted, and lock it where that is allowed."""
        account = self._fetched.account
        if account is None:
            mend = "Name the account in subject.fetch, so that it can be locked with a removal."
            self._row("its account is named", not self._card.suspends, "none", mend=mend)
            return
        self._row("its account is named", True, account.id)
        self._demonetise()
        if self._card.lists_media:
            started = time.monotonic()
            try:
                is_listed = any(each == self._subject for each in self._connector.media_of(account))
            except ConnectorError as error:
                self._failed("its account lists it", error, started)
            else:
                mend = "Answer account.media with everything the account posted, hidden or not."
                self._row("its account lists it", is_listed, "listed" if is_listed else "missing", started, mend)
        if not self._card.suspends:
            self._row("the account is locked and opened again", None, "the card says that it cannot")
        elif not may_suspend:
            self._row("the account is locked and opened again", None, "only with --suspend")
        else:
            until = datetime.now(UTC) + timedelta(hours=1)
            key = self._key("suspend")
            lock = lambda: self._connector.suspend(account, until=until, key=key)  # noqa: E731
            self._order("the account is locked, seen by a stranger", lock, _AWAY, account)
            key = self._key("restore")
            reopen = lambda: self._connector.restore(account, key=key)  # noqa: E731
            if self._order("the account is opened again", reopen, (Seen.SHOWN,), account):
                self._touched.discard(account)

    def remove(self, *, is_allowed: bool) -> None:
        """Remove it, where that is allowed."""
        if not self._card.removes or not is_allowed:
            why = "only with --remove" if self._card.removes else "the card says that it cannot"
            self._row("removed, seen by a stranger", None, why)
            return
        key, wanted = self._key("remove"), (Seen.GONE,) if self._card.shows_removal else _AWAY
        order = lambda: self._connector.remove(self._subject, key=key)  # noqa: E731
        if self._order("removed, seen by a stranger", order, wanted):
            self._touched.discard(self._subject)

    def leave_as_found(self) -> None:
        """Show the canary again where it may be hidden still, and open its account where that may be locked."""
        for subject in sorted(self._touched, key=lambda each: each.is_account):
            if not self._card.reaches(Wanted.SHOWN, is_account=subject.is_account):
                continue
            what, key = "the account" if subject.is_account else "the canary", self._key("restore")
            order = lambda subject=subject, key=key: self._connector.restore(subject, key=key)  # noqa: E731
            self._order(f"{what} is left as it was found", order, (Seen.SHOWN,), subject)

    def _compare_cards(self) -> None:
        if not isinstance(self._connector, WebhookConnector):
            return
        started = time.monotonic()
        try:
            told = self._connector.card_of_site()
        except ConnectorError as error:
            self._failed("the site's card is as in amparo.toml", error, started)
            return
        differ = [name for name, value in vars(self._card).items() if value != getattr(told, name)]
        more = [name for name in differ if getattr(told, name)]
        less = [name for name in differ if not getattr(told, name)]
        mend = f"Under [connector.can] set to false: {', '.join(less)}." if less else ""
        found = f"it says that it can more: {', '.join(more)}" if more else "the same"
        self._row("the site's card is as in amparo.toml", not less, "it can less" if less else found, started, mend)

    def _refused(self, what: str, code: str, connector: Connector, subject: Subject) -> None:
        started = time.monotonic()
        try:
            if connector is self._connector or not self._card.hides:
                connector.fetch(subject)
            else:
                # An order and not a question: a site may guard the one and forget the other.
                self._touched.add(subject)
                connector.hide(subject, key=self._key("hide"))
            told = "taken"
        except ConnectorError as error:
            told = error.code
        mend = {"key_refused": MEND["old_taken" if connector is self._stale else "wrong_key_taken"]}.get(
            code, MEND["status_404"]
        )
        seen = self._connector.observe(self._subject)
        is_right = told == code and seen is Seen.SHOWN
        self._row(what, is_right, told if seen is Seen.SHOWN else f"{told}; the canary is {seen.value}", started, mend)
        if is_right:
            self._touched.discard(self._subject)
        elif seen is not Seen.SHOWN:
            self._touched.add(self._subject)
            if self._card.restores:
                self._restore()

    def _replayed(self, again: Answer, started: float) -> None:
        if again.is_replay is None or not self._card.remembers_keys:
            self._row("the same order again", True, "taken; it does not say whether it acted", started)
            return
        mend = "It acts twice on one webhook-id: keep each id with its answer, and answer it as before."
        found = "known" if again.is_replay else "acted on again"
        self._row("the same order again is known", again.is_replay, found, started, mend)

    def _stays(self) -> None:
        started, seen = time.monotonic(), Seen.HIDDEN
        while seen in _AWAY and time.monotonic() - started < self._watch:
            time.sleep(min(_LOOK_EVERY_SECONDS, self._watch))
            seen = self._connector.observe(self._subject)
        mend = "Something shows it again: a cache, a job, another moderator."
        self._row("it stays hidden", seen in _AWAY, seen.value, started, mend)

    def _restore(self) -> None:
        key = self._key("restore")
        order = lambda: self._connector.restore(self._subject, key=key)  # noqa: E731
        if self._order("shown again, seen by a stranger", order, (Seen.SHOWN,)):
            self._touched.discard(self._subject)

    def _demonetise(self) -> None:
        if not self._card.demonetises:
            return
        started = time.monotonic()
        try:
            self._connector.demonetise(self._subject, key=self._key("demonetise"))
        except ConnectorError as error:
            self._failed("no advertisement beside it", error, started)
        else:
            self._row("no advertisement beside it", True, "answered; nobody looks whether it is so", started)

    def _order(
        self, what: str, order: Callable[[], Answer], wanted: tuple[Seen, ...], subject: Subject | None = None
    ) -> bool:
        """Give an order and look until it is seen; a late answer is wrong even where the work was done."""
        started, subject = time.monotonic(), subject or self._subject
        self._touched.add(subject)
        try:
            order()
        except ConnectorError as error:
            seen = self._connector.observe(subject)
            found = f"{error.code}; a stranger sees it {seen.value}"
            return self._row(what, False, found, started, mend_of(error))
        while True:
            seen = self._connector.observe(subject)
            if seen in wanted or time.monotonic() - started > _PATIENCE_SECONDS:
                break
            time.sleep(_LOOK_EVERY_SECONDS)
        mend = "It answered as if it were done; its logged-out page or one of its files says otherwise."
        if seen is Seen.UNKNOWN:
            mend = "It cannot be told from outside: what does the page answer now? Set that under [connector.statuses]."
        return self._row(what, seen in wanted, seen.value, started, mend)

    def _key(self, order: str) -> str:
        self._orders += 1
        return f"{self._name}:{self._orders}:{order}"

    def _failed(self, what: str, error: ConnectorError, started: float) -> None:
        self._row(what, False, error.code, started, mend_of(error))

    def _row(self, what: str, is_right: bool | None, found: str, started: float | None = None, mend: str = "") -> bool:
        seconds = None if started is None else time.monotonic() - started
        self._findings.add(Row(what, is_right, found, seconds, "" if is_right else mend))
        return is_right is True
