"""`amparo bank`: makes banks, says what their hits may do, and confirms, as a second person, what was entered by hand.

Whatever changes something is done by a member of the staff, who types their password: so the person who confirms is
never the one who entered, at a shell as little as on the console. Leads make and change banks; reviewers do what
concerns single items, as leads do.
"""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amparo.cli.bank_arguments import OF_BANKS, SAID, check, moment
from amparo.cli.bank_arguments import add_arguments as add_arguments
from amparo.cli.running import running_database
from amparo.cli.typed import typed
from amparo.home import BadSettings, home
from amparo.postgres import DatabaseError

if TYPE_CHECKING:
    from amparo.records.bank_values import BankError

_UNDOES_NOTHING = "What it has hidden or removed already stays so: look at that through its case."


def run(arguments: argparse.Namespace) -> int:
    """Do it, or say in a sentence why it cannot be done."""
    here = home()
    here.read()
    check(arguments)
    until = moment(arguments.until)
    try:
        with running_database(here):
            import django

            django.setup()
            from django.db import connection

            from amparo import plugins
            from amparo.records.bank_values import BankError

            try:
                plugins.check_books()
                _do(arguments, until)
            except BankError as error:
                raise BadSettings(_sentence(error)) from None
            finally:
                connection.close()
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    return 0


@dataclass(frozen=True)
class _Doing:
    """Who does something, when, and until when what they disable stays so."""

    by: str
    now: datetime
    until: datetime | None


def _do(arguments: argparse.Namespace, until: datetime | None) -> None:
    from amparo.cli import bank_listing
    from amparo.cli.signing import who_signs

    now = datetime.now(UTC)
    if arguments.act == "list":
        return bank_listing.print_banks(now)
    if arguments.act == "items":
        return bank_listing.print_items(arguments, now)
    roles = {"lead"} if arguments.act in OF_BANKS else {"lead", "reviewer"}
    doing = _Doing(who_signs(arguments.by, frozenset(roles)).id, now, until)
    if arguments.act in OF_BANKS:
        return _bank(arguments, doing)
    return _items(arguments.act, [int(number) for number in arguments.what], doing)


def _sentence(error: "BankError") -> str:
    if error.code != "of_cases":
        return str(error)
    new = typed("bank", "new", "NAME", "--source", "where what is in it comes from", "--by", "LEAD")
    return f"{error} A lead makes it: {new}"


def _bank(arguments: argparse.Namespace, doing: _Doing) -> None:
    from amparo.cli import bank_listing
    from amparo.records import bank_acts
    from amparo.records.bank_values import May

    name, said = arguments.what[0], {field: getattr(arguments, field) for field in SAID}
    said["may"] = None if arguments.may is None else May(arguments.may)
    match arguments.act:
        case "new":
            said = {field: value for field, value in said.items() if value is not None}
            bank_acts.make(name, **said, by=doing.by, now=doing.now)
            print(f"The bank {name} is made. What is entered by hand counts once a second person has confirmed it.")
        case "delete":
            bank_acts.delete(name, by=doing.by, now=doing.now)
            print(f"The bank {name} is deleted, and nothing that was in it is found any more. {_UNDOES_NOTHING}")
        case _:
            # To disable until a moment is said by that moment alone.
            is_switched = arguments.enable or (arguments.disable and doing.until is None)
            bank = bank_acts.change(
                name, **said, new_name=arguments.rename, is_enabled=arguments.enable if is_switched else None,
                disabled_until=doing.until, by=doing.by, now=doing.now,
            )  # fmt: skip
            undoes_nothing = f" {_UNDOES_NOTHING}" if arguments.disable else ""
            still = bank_listing.still_to_be_searched_for(bank.name, doing.now)
            print(f"The bank {bank.name} is changed.{undoes_nothing}{still}")


def _items(act: str, numbers: list[int], doing: _Doing) -> None:
    """Do it with one item after the other. What cannot be done ends it, and it is said how far it came."""
    from amparo.records.bank_values import BankError

    for place, number in enumerate(numbers):
        try:
            print(_item(act, number, doing))
        except BankError as error:
            sentence = f"Item {number}: {_sentence(error)}"
            if len(numbers) > 1:
                done, left = (", ".join(map(str, some)) for some in (numbers[:place], numbers[place:]))
                sentence += f" Done before it: {done or 'none'}. Not done: {left}."
            raise BadSettings(sentence) from None


def _item(act: str, number: int, doing: _Doing) -> str:
    from amparo.records import bank_acts, banks
    from amparo.records.bank_values import FOR_GOOD

    if act == "disable":
        bank_acts.disable(number, doing.until or FOR_GOOD, by=doing.by, now=doing.now)
        until = "" if doing.until is None else f" until {doing.until:%Y-%m-%d %H:%M} UTC"
        return f"Item {number} is disabled{until}, and finds nothing new. {_UNDOES_NOTHING}"
    done, word = (bank_acts.confirm, "confirmed") if act == "confirm" else (bank_acts.enable, "enabled")
    item = done(number, by=doing.by, now=doing.now)
    rest = "and found from now on; the worker searches what is shown already"
    if item.waits_for_a_second_person:
        rest = "but waits for a second person"
    elif item.is_disabled(doing.now):
        rest = "but disabled"
    elif not banks.bank(item.bank).counts(doing.now):
        rest = "but its bank is disabled"
    return f"Item {number} is {word}, {rest}."
