"""What can be said after `amparo bank`, and what of it goes together: asked before anything is started."""

import argparse
import re
from datetime import UTC, datetime

from amparo.home import BadSettings

OF_ITEMS = ("confirm", "disable", "enable")
OF_BANKS = ("new", "change", "delete")
_READING = ("list", "items")
# As many digits as the database counts.
_NUMBER = re.compile(r"[0-9]{1,18}")
SAID = ("source", "licence", "may", "confirmed_by")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, with which bank or items, what is said of the bank, and who does it."""
    parser.add_argument(
        "act", choices=[*_READING, *OF_BANKS, *OF_ITEMS], help="list, new, change, delete: banks; the others: items"
    )
    parser.add_argument("what", nargs="*", help="the bank's name; for confirm, disable and enable the items' numbers")
    parser.add_argument("--by", metavar="WHO", help="the member of staff who does it, and types their password")
    parser.add_argument("--source", help="where what is in the bank comes from")
    parser.add_argument("--licence", help="under which terms you may use it")
    parser.add_argument("--may", choices=["review", "hide", "remove"], help="the most that an equal file leads to")
    parser.add_argument("--confirmed-by", metavar="WHOM", help="who answers for all that came as a list")
    parser.add_argument("--rename", metavar="NAME", help="change: the bank's new name")
    parser.add_argument("--disable", action="store_true", help="change: nothing in it is found any more")
    parser.add_argument("--enable", action="store_true", help="change: what is in it is found again")
    parser.add_argument(
        "--until", metavar="TIME", help="with disable: until then only, such as 2031-02-28T12:00, in UTC"
    )
    parser.add_argument("--waiting", action="store_true", help="items: only those that wait for a second person")
    parser.add_argument("--after", type=int, default=0, metavar="NUMBER", help="items: those behind this one")


def check(arguments: argparse.Namespace) -> None:
    """Refuse words that do not go together, before anything is asked or started. Raises BadSettings."""
    act, count = arguments.act, len(arguments.what)
    if act == "list" and count:
        raise BadSettings("Say: amparo bank list. One bank's items are shown by: amparo bank items NAME.")
    if act in ("items", *OF_BANKS) and count != 1:
        raise BadSettings(f"Name one bank: amparo bank {act} NAME.")
    if act in OF_ITEMS and not (count and all(map(_NUMBER.fullmatch, arguments.what))):
        raise BadSettings(f"Name the items by their numbers: amparo bank {act} 17 18. `amparo bank items` shows them.")
    if (act in _READING) != (arguments.by is None):
        raise BadSettings(
            "Whoever looks needs no name: leave --by out."
            if arguments.by
            else f"Say who does it: amparo bank {act} … --by NAME."
        )
    if act == "new" and not arguments.source:
        raise BadSettings('Say where what is in it comes from: --source "our own decisions until 2030".')
    if act == "change" and arguments.enable and arguments.disable:
        raise BadSettings("A bank is enabled or disabled. Leave one of the two out.")
    _check_options(arguments)


def _check_options(arguments: argparse.Namespace) -> None:
    """Refuse an option that the act would not heed: whoever said it believes that it was."""
    disables = arguments.act == "disable" or (arguments.act == "change" and arguments.disable)
    heeded = {
        **dict.fromkeys(SAID, arguments.act in ("new", "change")),
        **dict.fromkeys(("rename", "disable", "enable"), arguments.act == "change"),
        "until": disables,
        **dict.fromkeys(("waiting", "after"), arguments.act == "items"),
    }
    for name, is_heeded in heeded.items():
        if getattr(arguments, name) and not is_heeded:
            raise BadSettings(f"--{name.replace('_', '-')} says nothing to amparo bank {arguments.act}. Leave it out.")
    changes = (*SAID, "rename", "disable", "enable")
    if arguments.act == "change" and all(getattr(arguments, name) in (None, False) for name in changes):
        raise BadSettings("Say what changes: --may hide, --disable, --rename NAME, and so on.")


def moment(written: str | None) -> datetime | None:
    """Return a moment to come, None where nothing was said. Raises BadSettings."""
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise BadSettings("--until is a day or a time in UTC, such as 2031-02-28 or 2031-02-28T12:00.") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment <= datetime.now(UTC):
        raise BadSettings("--until lies in the past, so nothing would be disabled. Name a time to come.")
    return moment
