"""`amparo bank`: makes banks, says what their hits may do, and confirms, as a second person, what was entered by hand.

Whatever changes something is done by a member of the staff, who types their password: so the person who confirms is
never the one who entered, at a shell as little as on the console. Leads make and change banks; reviewers do what
concerns single items, as leads do.
"""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime

from amparo.cli.bank_arguments import OF_BANKS, SAID, check, moment
from amparo.cli.bank_arguments import add_arguments as add_arguments
from amparo.cli.running import running_database
from amparo.home import BadSettings, home
from amparo.postgres import DatabaseError

_MOST_ITEMS = 1000


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
                raise BadSettings(str(error)) from None
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
    from amparo.cli.signing import who_signs

    now = datetime.now(UTC)
    if arguments.act == "list":
        return _list(now)
    if arguments.act == "items":
        return _items(arguments, now)
    roles = {"lead"} if arguments.act in OF_BANKS else {"lead", "reviewer"}
    doing = _Doing(who_signs(arguments.by, frozenset(roles)).id, now, until)
    if arguments.act in OF_BANKS:
        return _bank(arguments, doing)
    for number in map(int, arguments.what):
        print(_item(arguments.act, number, doing))
    return None


def _bank(arguments: argparse.Namespace, doing: _Doing) -> None:
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
            print(f"The bank {name} is deleted, and nothing that was in it is found any more.")
        case _:
            is_enabled = True if arguments.enable else False if arguments.disable and doing.until is None else None
            bank = bank_acts.change(
                name, **said, new_name=arguments.rename, is_enabled=is_enabled, disabled_until=doing.until,
                by=doing.by, now=doing.now,
            )  # fmt: skip
            print(f"The bank {bank.name} is changed.{_still_to_be_searched_for(bank.name, doing.now)}")


def _item(act: str, number: int, doing: _Doing) -> str:
    from amparo.records import bank_acts, banks
    from amparo.records.bank_values import FOR_GOOD

    if act == "disable":
        bank_acts.disable(number, doing.until or FOR_GOOD, by=doing.by, now=doing.now)
        return f"Item {number} is disabled{'' if doing.until is None else f' until {doing.until:%Y-%m-%d %H:%M} UTC'}."
    done = bank_acts.confirm if act == "confirm" else bank_acts.enable
    item = done(number, by=doing.by, now=doing.now)
    rest = "and found from now on; the worker searches what is shown already"
    if item.waits_for_a_second_person:
        rest = "but waits for a second person"
    elif item.is_disabled(doing.now):
        rest = "but disabled"
    elif not banks.bank(item.bank).counts(doing.now):
        rest = "but its bank is disabled"
    return f"Item {number} is {act}{'ed' if act == 'confirm' else 'd'}, {rest}."


def _still_to_be_searched_for(bank: str, now: datetime) -> str:
    from amparo.records import bank_searches

    left = bank_searches.count_left(bank, now)
    items = "1 item is" if left == 1 else f"{left:,} items are"
    return f" {items} still to be searched for among what is shown already: the worker does." if left else ""


def _list(now: datetime) -> None:
    from amparo.records import bank_lists

    for filled in bank_lists.every(now):
        bank = filled.bank
        counts = f"{filled.items:,} items, {filled.waiting:,} waiting, {filled.disabled:,} disabled"
        said = [f"may {bank.may.value}", counts, f"from: {bank.source}"]
        said += [f"licence: {bank.licence}"] if bank.licence else []
        said += [f"confirmed by {bank.confirmed_by}"] if bank.confirmed_by else []
        if not bank.counts(now):
            until = bank.disabled_until if bank.is_enabled else None
            said.append("disabled" if until is None else f"disabled until {until:%Y-%m-%d %H:%M} UTC")
        print(f"{bank.name:<30} {'; '.join(said)}")


def _items(arguments: argparse.Namespace, now: datetime) -> None:
    from amparo.records import bank_lists, banks, people
    from amparo.records.bank_lists import Which

    name, which = arguments.what[0], Which.WAITING if arguments.waiting else Which.ALL
    banks.check_by_hand(name)
    names = {str(person.id): person.username for person in people.everybody()}
    for item in bank_lists.items(name, which, now, after=arguments.after, most=_MOST_ITEMS):
        digest = item.signals.get("sha256") or item.signals.get("md5") or "no digest"
        state = "disabled" if item.is_disabled(now) else "waits" if item.waits_for_a_second_person else "counts"
        came = f"by {names.get(item.added_by, item.added_by)} {item.added_at:%Y-%m-%d %H:%M}"
        case = f", case {item.case}" if item.case else ""
        print(f"{item.id:>9} {state:<8} {digest} {'+'.join(item.signals)}; {came}{case}")
    if which is Which.ALL and (still := _still_to_be_searched_for(name, now)):
        print(still.strip())
