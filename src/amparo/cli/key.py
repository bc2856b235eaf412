"""`amparo key`: makes, lists and revokes the keys with which programs ask the API. A key is shown once, here."""

import argparse
import os
from datetime import UTC, datetime

from amparo.cli.running import running_database
from amparo.home import BadSettings, home
from amparo.practice import is_practice

_SCOPES = ("match", "hash", "banks", "show", "notices", "bulk", "trusted_flagger", "follow", "webhooks")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, with which key, and what a new one may do."""
    parser.add_argument("act", choices=["new", "list", "revoke"], help="make one, show all, or end one")
    parser.add_argument("name", nargs="?", help="what the key is called, such as upload-hook")
    parser.add_argument(
        "--may", action="append", default=[], choices=_SCOPES, help="what a new key may do; say it once for each word"
    )
    parser.add_argument(
        "--of", metavar="SENDER", help="in whose name it sends and sees notices; the name of the key if left out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; print a new key alone on a line, so that a script can keep it."""
    here = home()
    here.read()
    if (arguments.name is None) != (arguments.act == "list"):
        raise BadSettings("Say: amparo key new NAME --may match, amparo key list, or amparo key revoke NAME.")
    with running_database(here):
        import django

        django.setup()
        from django.db import connection

        from amparo import plugins
        from amparo.cases.refused import Refused

        try:
            plugins.check_books()
            _do(arguments, is_test=is_practice(here.read()))
        except Refused as refused:
            raise BadSettings(refused.sentence) from None
        finally:
            connection.close()
    return 0


def _do(arguments: argparse.Namespace, *, is_test: bool) -> None:
    from amparo.records import api_keys

    now = datetime.now(UTC)
    match arguments.act:
        case "new":
            scopes = map(api_keys.Scope, arguments.may)
            print(api_keys.create(arguments.name, scopes, now, os.urandom, arguments.of, is_test=is_test))
        case "revoke":
            api_keys.revoke(arguments.name, now)
            print(f"The key {arguments.name} opens nothing any more.")
        case _:
            for key in api_keys.everyone():
                may = ", ".join(sorted(scope.value for scope in key.may))
                used = "never used" if key.last_used_at is None else f"last used {key.last_used_at:%Y-%m-%d %H}h UTC"
                ended = "" if key.revoked_at is None else f", revoked {key.revoked_at:%Y-%m-%d}"
                of = "" if key.sender == key.name else f" of {key.sender}"
                print(f"{key.name:<40} may {may}{of}; made {key.created_at:%Y-%m-%d}, {used}{ended}")
