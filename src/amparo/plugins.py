"""What is plugged in: connectors by entry point, policies from the home folder. Wiring; nothing is decided here."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from amparo.cases.refs import Subject
from amparo.cases.words import LinkProblem
from amparo.connectors.connector import NO_CAPABILITY, Capabilities, Connector
from amparo.connectors.file_addresses import LooksAtFiles
from amparo.home import BadSettings, Home, home
from amparo.letters.elsewhere import Site, sites
from amparo.media.sandbox import Sandbox
from amparo.policies.parse import MalformedPolicy, parse_policy
from amparo.policies.policy import Policy, PolicyBook
from amparo.postgres import NotDurable, check_durable
from amparo.practice import check_reach, clock, is_practice
from amparo.records import policy_versions, practice_mark
from amparo.records.casebook import Casebook
from amparo.records.file_addresses import KeptAddresses
from amparo.signed_note import BadKey, Signer
from amparo.vault.client import VaultClient
from amparo.vault.keys import read_recipients
from amparo.vault.seal import Sealer
from amparo.vault.spool_writer import Spool

if TYPE_CHECKING:
    from amparo.records.matcher import Matcher

SHIPPED = Path(__file__).parent / "policies" / "shipped"
UNCHECKED = "AMPARO_BOOKS_UNCHECKED"
"""Set in the environment of a door that started while its database was away: it checks it at the first meeting."""
_SPOOL_LIMIT_MB = 1024
_SANDBOX_SETTINGS = {"required": False, "none-i-accept-the-risk": True}


class BadBooks(BadSettings):
    """The database answers and is not one we may keep reports in: not durable, a standby, or with older tables."""


@dataclass(frozen=True)
class Installation:
    """Everything a process of this installation works with. `regimes`: the countries whose law binds the operator."""

    policies: PolicyBook
    regimes: frozenset[str]
    connectors: Mapping[str, Connector]
    casebook: Casebook
    sealer: Sealer
    pause: Callable[[float], None] = time.sleep

    def capabilities_of(self, platform: str) -> Capabilities:
        """Return what a platform can be asked for: nothing, where it is no longer connected."""
        connector = self.connectors.get(platform)
        return NO_CAPABILITY if connector is None else connector.capabilities

    def place(self, link: str) -> Subject | LinkProblem:
        """Return which subject a pasted link names on any connected platform, or why none."""
        problem = LinkProblem.NOT_A_LINK
        for connector in self.connectors.values():
            found = connector.subject_of(link)
            if isinstance(found, Subject):
                return found
            if found is LinkProblem.UNKNOWN_PLACE or problem is LinkProblem.NOT_A_LINK:
                problem = found
        return problem


@cache
def installation() -> Installation:
    """Return this process's installation, put together once. Raises BadSettings with a sentence.

    Raises BadBooks, or Django's errors where the database is away, and then it is tried again at the next call.
    """
    here, texts = _put_together(home())
    other_sites()
    if os.environ.get(UNCHECKED):
        check_books()
    policy_versions.keep(texts)
    return here


def without_books() -> Installation:
    """Return the installation for what asks no database: policies in force, places of links. It never waits."""
    if installation.cache_info().currsize:
        return installation()
    return _before_the_books(home())


def check_books() -> None:
    """Raise BadBooks for a database that is not durable or has older tables, OperationalError where it is away."""
    try:
        connection.ensure_connection()
        check_durable(connection.connection)
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except NotDurable as error:
        raise BadBooks(str(error)) from None
    if behind:
        raise BadBooks("The database has older tables than this version. Run `amparo init --upgrade`.")
    check_kind()


def check_kind() -> None:
    """Raise BadBooks where the home and its database do not agree on whether this is practice or real."""
    wanted, found = is_practice(home().read()), practice_mark.is_there()
    if wanted and not found:
        raise BadBooks(
            "This database was not made for practice, and amparo.toml says `practice = true`. Nothing can turn real "
            "cases into tests: take the line out, or make a practice home of its own with `amparo init --practice`."
        )
    if found and not wanted:
        raise BadBooks(
            "This database was made for practice, and amparo.toml does not say `practice = true`. Write it there, or "
            "name another database."
        )


def _put_together(here: Home) -> tuple[Installation, Mapping[str, str]]:
    """Return the installation and the texts of its policies; nothing is asked or written."""
    settings = here.read()
    current = read_policies(here.policies)
    policies = policy_versions.KeptPolicyBook(current)
    if is_practice(settings):
        check_reach(settings)
    casebook = Casebook(policies, clock(here), os.urandom, _look_now)
    regimes = frozenset(str(each) for each in settings.get("site", {}).get("regimes", []))
    connectors = read_connectors(here, settings)
    for connector in connectors.values():
        if isinstance(connector, LooksAtFiles):
            connector.addresses = KeptAddresses()
    found = Installation(policies, regimes, connectors, casebook, sealer())
    return found, {policy.ref: text for policy, text in current.items()}


@lru_cache(maxsize=1)
def _before_the_books(here: Home) -> Installation:
    return _put_together(here)[0]


@cache
def spool() -> Spool:
    """Return where the door keeps what comes while the database is away. It can seal and cannot open."""
    here = home()
    limit_bytes = int(here.read().get("spool", {}).get("limit_mb", _SPOOL_LIMIT_MB)) * 1024 * 1024
    return Spool(here.spool, read_recipients(here.keys / "recipients.txt"), limit_bytes)


@cache
def sandbox() -> Sandbox:
    """Return where this process has media opened. Nothing starts before it is used. Raises BadSettings."""
    return Sandbox(accepts_less=accepts_less())


def accepts_less() -> bool:
    """Return whether the operator wants media opened without a full sandbox, too. Raises BadSettings."""
    setting = home().read().get("media", {}).get("sandbox", "required")
    if setting not in _SANDBOX_SETTINGS:
        words = " or ".join(f'"{each}"' for each in _SANDBOX_SETTINGS)
        raise BadSettings(f"[media] sandbox must be {words}. Correct it in amparo.toml.")
    return _SANDBOX_SETTINGS[setting]


@cache
def matcher() -> "Matcher":
    """Return what says which files are known, and who shows them. It looks for what is new at every search."""
    # Only here: a door or a console matches nothing, and loads no arrays.
    from amparo.matching.copies import compare
    from amparo.records.matcher import Matcher

    return Matcher(home().index, compare, clock(home()))


@cache
def sealer() -> Sealer:
    """Return what seals words and letters. It needs no vault process and cannot open anything."""
    here = home()
    return Sealer(here.objects, read_recipients(here.keys / "recipients.txt"))


@cache
def certificate_signer() -> Signer:
    """Return what signs certificates: for the process that looks, the worker, and for no other."""
    path = home().keys / "certificate.key"
    if not path.exists():
        raise BadSettings(
            f"The key {path} is missing. Put it back from your backup; for a home that never had one, run: "
            "amparo init --upgrade"
        )
    try:
        return Signer.read(home().secret(path.name))
    except BadKey as error:
        raise BadSettings(f"{path}: {error} Put it back from your backup.") from None


def certificate_keys() -> str:
    """Return the public keys of this installation's certificates as they are published, one a line."""
    return (home().keys / "certificate.pub").read_text()


def vault(channel: str) -> VaultClient:
    """Return a client of the vault for this process's channel: `door`, `console` or `worker`."""
    return VaultClient(home().run / f"vault-{channel}.sock")


def read_policies(folder: Path) -> Mapping[Policy, str]:
    """Return the policies in a folder's files, each with its text.

    Raises BadSettings for a malformed policy, naming file, line and reason, and for two that cover one matter.
    """
    current = dict(_read_policy(file) for file in sorted(folder.glob("*.toml")))
    if not current:
        raise BadSettings(f"There is no policy in {folder}. Copy the shipped ones there: `amparo init` does.")
    taken: dict[tuple[str, str], str] = {}
    names = [policy.name for policy in current]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadSettings(f"Two files in {folder} state the policy {twice}. Take one of them out.")
    for policy in current:
        for topic in policy.topics:
            place = (policy.lane.name, topic.value)
            if place in taken:
                raise BadSettings(f"Both {taken[place]} and {policy.name} cover {topic.value}. Take one out.")
            taken[place] = policy.name
    return current


def read_connectors(here: Home, settings: Mapping[str, Any]) -> Mapping[str, Connector]:
    """Return the connectors the settings name. Raises BadSettings for one that is not installed or lacks a setting."""
    found: dict[str, Connector] = {}
    for each in settings.get("connector", []):
        name = str(each.get("name"))
        found[name] = make_connector(each, here.secret(f"{name}.key"))
    if not found:
        raise BadSettings("No platform is connected. Add a [[connector]] to amparo.toml, or run `amparo init`.")
    return found


def make_connector(settings: Mapping[str, Any], secret: str, **more: Any) -> Connector:
    """Return the connector of one `[[connector]]`. Raises BadSettings for one that its settings do not make."""
    known = {point.name: point for point in entry_points(group="amparo.connectors")}
    kind, name = str(settings.get("kind")), str(settings.get("name"))
    if kind not in known:
        raise BadSettings(f"There is no connector of the kind {kind!r}. Known: {', '.join(sorted(known))}.")
    try:
        connector: Connector = known[kind].load()(name, settings, secret, **more)
    except KeyError as error:
        raise BadSettings(f"The connector {name!r} lacks the setting {error}. Add it to amparo.toml.") from None
    except ValueError as error:
        raise BadSettings(f"The connector {name!r} cannot be set up: {error}.") from None
    return connector


def _read_policy(file: Path) -> tuple[Policy, str]:
    try:
        text = file.read_text()
        return parse_policy(text, str(file)), text
    except (MalformedPolicy, UnicodeDecodeError) as error:
        raise BadSettings(str(error)) from None


def _look_now(aggregate: str) -> None:
    from amparo.workers.jobs import look_now

    look_now(aggregate)


def other_sites() -> Mapping[str, Site]:
    """Return the other sites that are known here, by id: the shipped ones and those of the home. Raises BadSettings."""
    try:
        return sites(home().path / "elsewhere.toml")
    except MalformedPolicy as error:
        raise BadSettings(str(error)) from None
