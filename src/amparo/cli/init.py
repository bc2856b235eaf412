"""`amparo init`: makes a home. Nothing that exists is overwritten; run it again after an upgrade with --upgrade."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from amparo.cli.first_staff import found_staff, read_staff
from amparo.cli.new_home import make_certificate_key, write_home
from amparo.cli.new_settings import PAGES, Wanted, check_connector
from amparo.cli.tables import migrate
from amparo.connectors.standard_webhooks import new_secret
from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError, prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what cannot be guessed; everything else stands in amparo.toml afterwards."""
    parser.add_argument("--upgrade", action="store_true", help="only bring the database's tables up to this version")
    parser.add_argument(
        "--practice",
        action="store_true",
        help="make a home for tests: it reaches only this machine, and its clock can be moved on",
    )
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
    parser.add_argument("--api-listen", default="127.0.0.1:8004")
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
    staff = read_staff(arguments.staff or ["lead:lead", "reviewer:reviewer"])
    wanted = Wanted(
        site_name=arguments.site_name,
        site_url=arguments.site_url,
        connector=arguments.connector,
        secret=_secret(arguments),
        regimes=tuple(each.strip().upper() for each in arguments.regimes.split(",") if each.strip()),
        door_listen=arguments.door_listen,
        console_listen=arguments.console_listen,
        api_listen=arguments.api_listen,
        door_url=arguments.door_url or f"http://{arguments.door_listen}",
        console_url=arguments.console_url or f"http://{arguments.console_listen}",
        pages=tuple(arguments.page or PAGES),
        recovery=tuple(arguments.recovery),
        is_practice=arguments.practice,
    )
    check_connector(wanted)
    _make_home(here, wanted)
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
    if wanted.is_practice:
        print("This home is for practice: `amparo clock advance 48h` moves its time on.")
    print("These passwords are shown once. Start with: amparo up")
    return 0


def _secret(arguments: argparse.Namespace) -> str:
    if arguments.secret_file:
        return str(arguments.secret_file.read_text().strip())
    return new_secret() if arguments.connector == "webhook" else _ask_secret(arguments.connector)


def _make_home(here: Home, wanted: Wanted) -> None:
    """Write keys, settings and policies, and make the database with its tables."""
    write_home(here, wanted)
    try:
        if "DATABASE_URL" not in os.environ:
            prepare(here.database)
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    migrate(here, for_practice=wanted.is_practice)


def _ask_secret(connector: str) -> str:
    if not sys.stdin.isatty():
        raise BadSettings(f"Name the file with {connector}'s moderation key: --secret-file FILE.")
    return getpass.getpass(f"The moderation key of {connector}: ").strip()
