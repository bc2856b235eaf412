"""`amparo init`: makes a home. Nothing that exists is overwritten; run it again after an upgrade with --upgrade."""

import argparse
import getpass
import os
import secrets
import shutil
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from amparo.cli.running import running_database
from amparo.connectors.standard_webhooks import new_secret
from amparo.connectors.webhook import WebhookConnector
from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError, prepare

_SHIPPED = Path(__file__).parent.parent / "policies" / "shipped"

_TOML = """\
# This installation. Times are UTC inside; `time_zone` is how they are shown to reporters.
[site]
name      = {site_name}
leave_url = "https://www.wikipedia.org/"   # where "Leave this page" goes
time_zone = "UTC"
regimes   = [{regimes}]                    # ISO countries whose law binds you: their clocks apply to every report

[door]
listen = {door_listen}
url    = {door_url}
hosts  = [{door_host}]
trusted_proxies = []                       # e.g. ["127.0.0.1", "::1"]: proxies of yours that say who asks

[console]
listen = {console_listen}
url    = {console_url}
hosts  = [{console_host}]
trusted_proxies = []

[spool]
limit_mb = 1024                            # how much may wait on the door's disk while the database is away

[media]
sandbox = "required"                       # no picture or video is opened where the machine has no full sandbox

[pager]
url = ""                                   # gets a POST with {{alarm, about, console}} when a person is called

[[connector]]                              # its secret stands in keys/{connector}.key
name = {connector_name}
kind = {connector_kind}
url  = {site_url}
"""
_WEBHOOK_TOML = """
[connector.pages]                          # where a stranger sees each kind; {{id}} is the site's own id
{pages}

[connector.can]                            # what the site can be asked for: wording and rules follow from it
hides          = true
restores       = true
removes        = true
suspends       = false                     # locks an account; needs an account page above
demonetises    = false
lists_media    = false                     # tells everything that an account posted
counts_views   = false
tells_gone     = false                     # the page of a removed post looks otherwise than that of a hidden one
remembers_keys = false                     # the same webhook-id twice is one order
"""
_PAGES = ("post=/post/{id}", "account=/user/{id}")


@dataclass(frozen=True)
class Wanted:
    """What a new home is to be. `recovery`: public keys to seal to as well, whose secret halves are elsewhere."""

    site_name: str
    site_url: str
    connector: str
    secret: str
    regimes: tuple[str, ...]
    door_listen: str
    console_listen: str
    door_url: str
    console_url: str
    recovery: tuple[str, ...] = ()
    pages: tuple[str, ...] = _PAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what cannot be guessed; everything else stands in amparo.toml afterwards."""
    parser.add_argument("--upgrade", action="store_true", help="only bring the database's tables up to this version")
    parser.add_argument("--site-name", default="Plaza", help="what reporters call the site")
    parser.add_argument("--site-url", default="http://127.0.0.1:8000", help="the platform's public address")
    parser.add_argument("--connector", default="plaza", help="the kind of connector: plaza, webhook, or one you add")
    parser.add_argument(
        "--secret-file", type=Path, help="file with the platform's moderation key; for webhook one is made if left out"
    )
    parser.add_argument(
        "--page",
        action="append",
        metavar="KIND=ADDRESS",
        help="for webhook: where a kind of subject stands (default: post=/post/{id} account=/user/{id})",
    )
    parser.add_argument("--regimes", default="EU", help="ISO countries whose law binds you, e.g. US,GB")
    parser.add_argument("--door-listen", default="127.0.0.1:8001")
    parser.add_argument("--console-listen", default="127.0.0.1:8002")
    parser.add_argument("--door-url", help="the door's public address (default: http:// and where it listens)")
    parser.add_argument("--console-url", help="the console's address (default: http:// and where it listens)")
    parser.add_argument(
        "--recovery",
        action="append",
        default=[],
        metavar="age1…",
        help="a public key to which everything is sealed as well; its secret is kept elsewhere, on paper",
    )
    parser.add_argument(
        "--staff",
        action="append",
        metavar="NAME:ROLE",
        help="the first people, at least two (default: lead:lead reviewer:reviewer); roles: reviewer, lead, admin",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the home, or upgrade it; print what the two first people sign in with, once."""
    here = home()
    if arguments.upgrade:
        here.read()
        make_certificate_key(here, str(here.read().get("door", {}).get("url", "")))
        migrate(here)
        print("The database is up to this version.")
        return 0
    if here.settings_file.exists():
        raise BadSettings(f"{here.settings_file} exists already. Use --upgrade, or name another home in AMPARO_HOME.")
    staff = _staff(arguments.staff or ["lead:lead", "reviewer:reviewer"])
    wanted = Wanted(
        site_name=arguments.site_name,
        site_url=arguments.site_url,
        connector=arguments.connector,
        secret=_secret(arguments),
        regimes=tuple(each.strip().upper() for each in arguments.regimes.split(",") if each.strip()),
        door_listen=arguments.door_listen,
        console_listen=arguments.console_listen,
        door_url=arguments.door_url or f"http://{arguments.door_listen}",
        console_url=arguments.console_url or f"http://{arguments.console_listen}",
        pages=tuple(arguments.page or _PAGES),
        recovery=tuple(arguments.recovery),
    )
    _check(wanted)
    make_home(here, wanted)
    passwords = found_staff(here, staff)
    print(f"The home is {here.path}. Keep keys/ out of every backup that others can read.")
    for (name, role), password in zip(staff, passwords, strict=True):
        print(f"  {role}: signs in as {name} with {password}")
    if not arguments.recovery:
        print("No recovery key is named: if keys/vault.key is lost, everything sealed is. See docs/howto.")
    if wanted.connector == "webhook":
        print("Your site needs three things:")
        print(f"  the secret in {here.keys / 'webhook.key'}: it verifies every message with it")
        print(f"  an address that takes them: {wanted.site_url.rstrip('/')}/amparo")
        print(f"  where its report button leads: {wanted.door_url}/report")
    print("These passwords are shown once. Start with: amparo up")
    return 0


def _secret(arguments: argparse.Namespace) -> str:
    if arguments.secret_file:
        return str(arguments.secret_file.read_text().strip())
    return new_secret() if arguments.connector == "webhook" else _ask_secret(arguments.connector)


def _check(wanted: Wanted) -> None:
    """Refuse settings that make no connector before anything is written."""
    if any("=" not in each for each in wanted.pages):
        raise BadSettings("Name each page as --page KIND=ADDRESS, such as --page 'post=/post/{id}'.")
    if wanted.connector == "webhook":
        try:
            table = tomllib.loads(_settings(wanted))["connector"][0]
            WebhookConnector(wanted.connector, table, wanted.secret)
        except ValueError as error:
            raise BadSettings(f"The connector cannot be set up: {error}.") from None


def _staff(words: list[str]) -> list[tuple[str, str]]:
    staff = [(name, role) for name, _, role in (word.partition(":") for word in words)]
    if len(staff) < 2 or any(not name or role not in ("reviewer", "lead", "admin") for name, role in staff):
        raise BadSettings("Name at least two people, each as --staff NAME:ROLE with reviewer, lead or admin as role.")
    return staff


def make_home(here: Home, wanted: Wanted) -> None:
    """Write keys, settings and policies, and make the database with its tables."""
    write_home(here, wanted)
    try:
        if "DATABASE_URL" not in os.environ:
            prepare(here.database)
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    migrate(here)


def write_home(here: Home, wanted: Wanted) -> None:
    """Write everything of a home but its database. The settings file comes last: it says that the rest is there.

    Raises BadSettings, before it writes, for a recovery key that is none.
    """
    from amparo.vault.errors import BadSetup
    from amparo.vault.keys import make_keys, parse_recipients

    try:
        parse_recipients(wanted.recovery, "--recovery")
    except BadSetup as error:
        raise BadSettings(str(error)) from None
    here.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (here.keys, here.objects, here.spool, here.run):
        folder.mkdir(exist_ok=True, mode=0o700)
    make_keys(here.keys, wanted.recovery)
    make_certificate_key(here, wanted.door_url)
    _write_secret(here.keys / "django.key", secrets.token_urlsafe(48))
    _write_secret(here.keys / f"{wanted.connector}.key", wanted.secret)
    if not here.policies.exists():
        shutil.copytree(_SHIPPED, here.policies)
    here.settings_file.write_text(_settings(wanted))


def make_certificate_key(here: Home, door_url: str) -> None:
    """Make the key that signs certificates, unless there is one. Its name is the address at which it is published."""
    from amparo.signed_note import Signer

    path = here.keys / "certificate.key"
    if not path.exists():
        name = "".join((door_url.partition("://")[2] or "amparo").split()).replace("+", "-").rstrip("/")
        _write_secret(path, Signer(f"{name}/certificate-key", os.urandom(32)).secret + "\n")
    own, public = str(Signer.read(here.secret(path.name)).key), here.keys / "certificate.pub"
    # Keys of before stay below, so that what was signed with them is still found genuine.
    before = public.read_text() if public.exists() else ""
    if own not in before.splitlines():
        public.write_text(f"{own}\n{before}")


def migrate(here: Home) -> None:
    """Bring the database's tables up to this version, starting the embedded server if it does not run."""
    os.environ["AMPARO_HOME"] = str(here.path)
    with running_database(here):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        connection.close()


def found_staff(here: Home, staff: list[tuple[str, str]]) -> list[str]:
    """Enrol the first people, each approved by the one beside them at this shell; return their passwords."""
    with running_database(here):
        from amparo.records import people

        passwords = [secrets.token_urlsafe(12) for _ in staff]
        people.found(
            [(name, role, password) for (name, role), password in zip(staff, passwords, strict=True)],
            now=datetime.now(UTC),
            draw=os.urandom,
        )
        from django.db import connection

        connection.close()
    return passwords


def _settings(wanted: Wanted) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def host(url: str) -> str:
        return quoted(url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0])

    written = _TOML.format(
        site_name=quoted(wanted.site_name),
        site_url=quoted(wanted.site_url),
        regimes=", ".join(quoted(each) for each in wanted.regimes),
        door_listen=quoted(wanted.door_listen),
        door_url=quoted(wanted.door_url),
        door_host=host(wanted.door_url),
        console_listen=quoted(wanted.console_listen),
        console_url=quoted(wanted.console_url),
        console_host=host(wanted.console_url),
        connector=wanted.connector,
        connector_name=quoted(wanted.connector),
        connector_kind=quoted(wanted.connector),
    )
    if wanted.connector != "webhook":
        return written
    pages = (each.partition("=") for each in wanted.pages)
    return written + _WEBHOOK_TOML.format(
        pages="\n".join(f"{kind.strip()} = {quoted(at.strip())}" for kind, _, at in pages)
    )


def _write_secret(path: Path, secret: str) -> None:
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


def _ask_secret(connector: str) -> str:
    if not sys.stdin.isatty():
        raise BadSettings(f"Name the file with {connector}'s moderation key: --secret-file FILE.")
    return getpass.getpass(f"The moderation key of {connector}: ").strip()
