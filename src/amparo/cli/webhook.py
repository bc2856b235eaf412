"""`amparo webhook`: the list of endpoints that are told of notices. Nobody is told who is not on it."""

import argparse
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from amparo.cli.running import running_database
from amparo.connectors.standard_webhooks import new_secret
from amparo.home import BadSettings, Home, home


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with which endpoint."""
    acts = ["add", "list", "test", "replay", "rotate", "remove"]
    parser.add_argument("act", choices=acts, help="put one on the list, show all, or do something with one")
    parser.add_argument("name", nargs="?", help="what the endpoint is called, such as forum")
    parser.add_argument("url", nargs="?", help="where it is, for `add`: https://…")
    parser.add_argument("--of", metavar="SENDER", help="whose notices it is told of; its own name if left out")
    parser.add_argument("--only", action="append", default=[], metavar="TYPE", help="a type it wants; once for each")
    parser.add_argument("--inside", action="store_true", help="it may stand in your own network, and speak http://")
    parser.add_argument("--hours", type=int, help="for `replay`: everything of the last hours, arrived or not")


def run(arguments: argparse.Namespace) -> int:
    """Do it; a secret is printed alone on a line, once."""
    here = home()
    here.read()
    if (arguments.name is None) != (arguments.act == "list") or (arguments.url is None) != (arguments.act != "add"):
        raise BadSettings("Say: amparo webhook add NAME URL, amparo webhook list, or an act and the name of one.")
    with running_database(here):
        import django

        django.setup()
        from django.db import connection

        from amparo import plugins
        from amparo.cases.refused import Refused

        try:
            plugins.check_books()
            _do(arguments, here)
        except Refused as refused:
            raise BadSettings(refused.sentence) from None
        finally:
            connection.close()
    return 0


def _do(arguments: argparse.Namespace, here: Home) -> None:
    from amparo.records import webhooks

    now, name = datetime.now(UTC), arguments.name
    match arguments.act:
        case "add":
            sender = arguments.of or name
            webhooks.add(name, sender, arguments.url, arguments.only, now, is_inside=arguments.inside)
            print(_keep(here, name, first=True))
        case "test":
            webhooks.prove(webhooks.find(name), f"msg_{secrets.token_hex(16)}", now)
            print("A message goes out with the worker's next round; `amparo webhook list` says whether one is stuck.")
        case "replay":
            since = None if arguments.hours is None else now - timedelta(hours=arguments.hours)
            print(f"{webhooks.replay_since(webhooks.find(name), since, now)} messages are sent again.")
        case "rotate":
            webhooks.find(name)
            print(_keep(here, name, first=False))
        case "remove":
            webhooks.remove(name, now)
            _path(here, name).unlink(missing_ok=True)
            print(f"The endpoint {name} is told nothing any more.")
        case _:
            for each, waiting, lost in webhooks.everyone():
                only = ", ".join(each.only) or "everything"
                print(f"{each.name:<40} of {each.sender}: {each.url}; {only}; {waiting} wait, {lost} given up")


def _keep(here: Home, name: str, *, first: bool) -> str:
    """Write a fresh secret before the one of before, so that both are signed with until the next; return it."""
    from amparo.workers.webhooks import secret_file

    fresh = new_secret()
    before = [] if first else here.secret(secret_file(name)).split()[:1]
    path = _path(here, name)
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join([fresh, *before]) + "\n")
    beside.replace(path)
    return fresh


def _path(here: Home, name: str) -> Path:
    from amparo.workers.webhooks import secret_file

    return here.keys / secret_file(name)
