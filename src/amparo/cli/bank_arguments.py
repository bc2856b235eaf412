"""What can be said after `amparo bank`, and what of it goes together: asked before anything is started."""

import argparse
import re
from datetime import UTC, datetime

from amparo.cli.shown import shown
from amparo.cli.typed import typed
from amparo.home import BadSettings

OF_ITEMS = ("confirm", "disable", "enable")
OF_BANKS = ("new", "change", "delete")
_READING = ("list", "items")
# As many digits as the database counts.
_NUMBER = re.compile(r"[0-9]{1,18}")
_TEXTS = ("source", "licence", "confirmed_by")
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
    _check_can_be_read(arguments)
    if act == "list" and count:
        raise BadSettings(
            f"Say: {typed('bank', 'list')}. One bank's items are shown by: {typed('bank', 'items', 'NAME')}."
        )
    if act in ("items", *OF_BANKS) and count != 1:
        raise BadSettings(f"Name one bank: {typed('bank', act, 'NAME')}.")
    if act in OF_ITEMS and not (count and all(map(_NUMBER.fullmatch, arguments.what))):
        raise BadSettings(
            f"Name the items by their numbers: {typed('bank', act, '17', '18')}. They are shown by: "
            f"{typed('bank', 'items', 'NAME')}."
        )
    if (act in _READING) != (arguments.by is None):
        raise BadSettings(
            "Whoever looks needs no name: leave --by out."
            if arguments.by
            else f"Say who does it: {typed('bank', act)} … --by NAME."
        )
    is_from_nowhere = not (arguments.source or "").strip()
    if is_from_nowhere and (act == "new" or (act == "change" and arguments.source is not None)):
        raise BadSettings('Say where what is in it comes from: --source "our own decisions until 2030".')
    if act == "change" and arguments.enable and arguments.disable:
        raise BadSettings("A bank is enabled or disabled. Leave one of the two out.")
    _check_options(arguments)


def _check_can_be_read(arguments: argparse.Namespace) -> None:
    """Refuse bytes that are no text, which no table keeps, and characters that would move a terminal's cursor."""
    words = [*arguments.what, *(getattr(arguments, name) or "" for name in ("by", "rename", *_TEXTS))]
    if any(shown(word) != word for word in words):
        raise BadSettings("One of these words has characters that cannot be read. Type it anew.")


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
            raise BadSettings(
                f"--{name.replace('_', '-')} says nothing to {typed('bank', arguments.act)}. Leave it out."
            )
    changes = (*SAID, "rename", "disable", "enable")
    if arguments.act == "change" and all(getattr(arguments, name) in (None, False) for name in changes):
        raise BadSettings("Say what changes: --may hide, --disable, --rename NAME, and so on.")


def moment(written: str | None) -> datetime | None:
    """Return a moment to come, None where nothing was said. Raises BadSettings."""
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadSettings("--until is a day or a time in UTC, such as 2031-02-28 or 2031-02-28T12:00.") from None
    if moment <= datetime.now(UTC):
        raise BadSettings("--until lies in the past, so nothing would be disabled. Name a time to come.")
    return moment
