"""What `amparo bank list` and `amparo bank items` print: a line each, which moves no terminal's cursor."""

import argparse
from datetime import datetime

from amparo.cli.shown import shown
from amparo.records import bank_lists, bank_searches, banks, people
from amparo.records.bank_lists import Filled, Which
from amparo.records.bank_values import Item

_MOST_ITEMS = 1000


def print_banks(now: datetime) -> None:
    """Print every bank: what a hit may do, how much is in it, who says so."""
    for filled in bank_lists.every(now):
        print(f"{filled.bank.name:<30} {shown('; '.join(_said_of(filled, now)))}")


def print_items(arguments: argparse.Namespace, now: datetime) -> None:
    """Print items of one bank: number, state, digest, what finds them, who entered them and which file. No media."""
    name, which = arguments.what[0], Which.WAITING if arguments.waiting else Which.ALL
    banks.check_by_hand(name)
    names = {str(person.id): person.username for person in people.everybody()}
    for item in bank_lists.items(name, which, now, after=arguments.after, most=_MOST_ITEMS):
        state = "disabled" if item.is_disabled(now) else "waits" if item.waits_for_a_second_person else "counts"
        came = f"by {names.get(item.added_by, item.added_by)} {item.added_at:%Y-%m-%d %H:%M}"
        case = f", case {item.case}" if item.case else ""
        file = f", file {item.file}" if item.file else ""
        print(shown(f"{item.id:>9} {state:<8} {item.digest} {_found_by(item)}; {came}{case}{file}"))
    if which is Which.ALL and (still := still_to_be_searched_for(name, now)):
        print(still.strip())


def still_to_be_searched_for(bank: str, now: datetime) -> str:
    """Return a sentence with a space before it; nothing where all of a bank was searched for."""
    left = bank_searches.count_left(bank, now)
    items = "1 item is" if left == 1 else f"{left:,} items are"
    return f" {items} still to be searched for among what is shown already: the worker does." if left else ""


def _said_of(filled: Filled, now: datetime) -> list[str]:
    bank = filled.bank
    counts = f"{filled.items:,} items, {filled.waiting:,} waiting, {filled.disabled:,} disabled"
    said = [f"may {bank.may.value}", counts, f"from: {bank.source}"]
    said += [f"licence: {bank.licence}"] if bank.licence else []
    said += [f"confirmed by {bank.confirmed_by}"] if bank.confirmed_by else []
    if not bank.counts(now):
        until = bank.disabled_until if bank.is_enabled else None
        said.append("disabled" if until is None else f"disabled until {until:%Y-%m-%d %H:%M} UTC")
    return said


def _found_by(item: Item) -> str:
    return f"{'+'.join(item.signals)}, looks alike: {'yes' if item.is_hashable else 'no'}"
