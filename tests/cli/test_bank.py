"""`amparo bank`: a bank is made, changed and filled by people who sign for it, and confirmed by a second one."""

import io
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test.utils import override_settings

from amparo.cli import bank
from amparo.home import BadSettings
from amparo.records import bank_acts, banks, models, people

Run = Callable[..., str]
MD5 = "0" * 32
PASSWORD = "words that only I know"
NO_TEXT = os.fsdecode(b"caf\xe9")


def said(*words: str) -> Namespace:
    parser = ArgumentParser()
    bank.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def run(empty_books: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """`run("list")` is what `amparo bank list` prints; whoever is named after `--by` types the right password."""
    now = datetime.now(UTC)
    staff = [(name, role, PASSWORD) for name, role in (("lea", "lead"), ("rob", "reviewer"), ("abe", "admin"))]

    def run(*words: str, typed: str = PASSWORD) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        assert bank.run(said(*words)) == 0
        return capsys.readouterr().out

    # A slow hash protects real passwords; here it would only make every signature slow.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        people.found(staff, now=now, draw=os.urandom)
        yield run


def person(name: str) -> str:
    return models.Staff.objects.get(username=name).id


def test_a_bank_is_made_changed_and_deleted_by_a_lead_and_listed_to_anybody_at_the_shell(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--licence", "ours", "--may", "hide", "--by", "lea")
    assert "ours                           may hide; 0 items, 0 waiting, 0 disabled; from: our own" in run("list")
    assert banks.bank("ours").made_by == person("lea")
    run("change", "ours", "--may", "remove", "--confirmed-by", "a hotline", "--rename", "mine", "--by", "lea")
    listed = run("list")
    assert "mine " in listed
    assert "may remove" in listed
    assert "confirmed by a hotline" in listed
    run("change", "mine", "--disable", "--until", "2990-02-28", "--by", "lea")
    assert "disabled until 2990-02-28 00:00 UTC" in run("list")
    run("change", "mine", "--enable", "--by", "lea")
    run("change", "mine", "--disable", "--by", "lea")
    assert run("list").endswith("; disabled\n")
    run("delete", "mine", "--by", "lea")
    assert run("list") == ""
    acts = ["deleted", "changed", "changed", "changed", "renamed", "changed", "made"]
    assert [act.act for act in bank_acts.every()] == acts


def test_an_item_counts_once_a_second_person_has_confirmed_it_by_their_own_password(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    item = banks.add("ours", {"md5": MD5}, person("rob")).id
    waits = run("items", "ours", "--waiting")
    assert f"{item} waits    {MD5} md5, looks alike: no; by rob " in waits
    with pytest.raises(BadSettings, match="somebody else"):
        run("confirm", str(item), "--by", "rob")
    with pytest.raises(BadSettings, match="do not fit"):
        run("confirm", str(item), "--by", "lea", typed="a guess")
    with pytest.raises(BadSettings, match="lead or reviewer; abe has the role admin"):
        run("confirm", str(item), "--by", "abe")
    assert run("items", "ours", "--waiting") == waits
    assert run("confirm", str(item), "--by", "lea") == (
        f"Item {item} is confirmed, and found from now on; the worker searches what is shown already.\n"
    )
    assert run("items", "ours", "--waiting") == ""
    assert f"{item} counts" in run("items", "ours")
    assert banks.item(item).confirmed_by == person("lea")


def test_how_much_is_still_to_be_searched_for_is_said(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    for _ in range(2):
        run("confirm", str(banks.add("ours", {"md5": MD5}, person("rob")).id), "--by", "lea")
    banks.add("ours", {"md5": MD5}, person("rob"))
    still = "2 items are still to be searched for among what is shown already: the worker does.\n"
    assert run("items", "ours").endswith(f"\n{still}")
    assert run("change", "ours", "--may", "hide", "--by", "lea") == f"The bank ours is changed. {still}"
    models.BankSearch.objects.all().delete()
    assert run("change", "ours", "--may", "review", "--by", "lea") == "The bank ours is changed.\n"


def test_items_are_disabled_and_enabled_by_a_reviewer(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    one, two = (banks.add("ours", {"md5": MD5}, person("lea")).id for _ in range(2))
    run("disable", str(one), str(two), "--until", "2990-02-28T12:30", "--by", "rob")
    assert run("items", "ours").count(" disabled ") == 2
    assert run("items", "ours", "--after", str(one)).count("\n") == 1
    assert "waits for a second person" in run("enable", str(one), "--by", "rob")
    assert "is disabled, and finds nothing new." in run("disable", str(one), "--by", "rob")


def test_what_is_confirmed_is_called_found_only_where_it_is(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    one, two = (str(banks.add("ours", {"md5": MD5}, person("lea")).id) for _ in range(2))
    run("disable", one, "--by", "rob")
    assert run("confirm", one, "--by", "rob") == f"Item {one} is confirmed, but disabled.\n"
    run("change", "ours", "--disable", "--by", "lea")
    assert run("confirm", two, "--by", "rob") == f"Item {two} is confirmed, but its bank is disabled.\n"


def test_a_password_that_somebody_else_knows_signs_for_nothing(run: Run) -> None:
    people.enrol("new", PASSWORD, "lead", enrolled_by=person("abe"), now=datetime.now(UTC), draw=os.urandom(16))
    with pytest.raises(BadSettings, match="given to you by somebody else"):
        run("new", "ours", "--source", "x", "--by", "new")
    assert banks.every() == []


def test_only_a_lead_makes_and_changes_banks(run: Run) -> None:
    for words in (("new", "ours", "--source", "x"), ("change", "ours", "--may", "hide"), ("delete", "ours")):
        with pytest.raises(BadSettings, match="takes the role lead"):
            run(*words, "--by", "rob")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("list", "ours"), "amparo bank items NAME", id="list-of-one"),
        pytest.param(("list", "--by", "lea"), "leave --by out", id="a-name-for-looking"),
        pytest.param(("items",), "Name one bank", id="items-of-none"),
        pytest.param(("new", "ours", "--by", "lea"), "--source", id="no-source"),
        pytest.param(("new", "ours", "--source", "x"), "--by NAME", id="nobody-does-it"),
        pytest.param(("change", "ours", "--by", "lea"), "Say what changes", id="no-change"),
        pytest.param(("change", "ours", "--enable", "--disable", "--by", "lea"), "one of the two", id="on-and-off"),
        pytest.param(("confirm", "ours", "--by", "lea"), "by their numbers", id="an-item-by-a-name"),
        pytest.param(("confirm", "--by", "lea"), "by their numbers", id="no-item"),
        pytest.param(("confirm", "1", "--may", "hide", "--by", "lea"), "--may says nothing", id="an-option-unheeded"),
        pytest.param(("confirm", "1", "--until", "2990-01-01", "--by", "lea"), "--until says", id="a-time-for-nothing"),
        pytest.param(("disable", "1", "--until", "soon", "--by", "lea"), "2031-02-28", id="no-time"),
        pytest.param(("disable", "1", "--until", "9999-12-31T23:59:59-01:00", "--by", "lea"), "2031", id="no-end"),
        pytest.param(("items", NO_TEXT), "cannot be read", id="a-bank-that-is-no-text"),
        pytest.param(("new", "ours", "--source", NO_TEXT, "--by", "lea"), "cannot be read", id="a-source-no-text"),
        pytest.param(("delete", "ours", "--by", NO_TEXT), "cannot be read", id="somebody-no-text"),
        pytest.param(("new", "ours", "--source", "\x1b[2J", "--by", "lea"), "cannot be read", id="moves-the-cursor"),
        pytest.param(("new", "ours", "--source", " ", "--by", "lea"), "Say where", id="a-new-bank-from-nowhere"),
        pytest.param(("change", "ours", "--source", "", "--by", "lea"), "Say where", id="from-nowhere"),
        pytest.param(("change", "ours", "--source", "   ", "--by", "lea"), "Say where", id="from-a-space"),
        pytest.param(("disable", "1", "--until", "2001-01-01", "--by", "lea"), "in the past", id="a-time-that-was"),
    ],
)  # fmt: skip
def test_words_that_do_not_go_together_are_refused_before_anything_is_asked(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        bank.run(said(*words))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("disable", "1", "--by", "lea"), "no such item", id="an-item-that-is-none"),
        pytest.param(("delete", "ours", "--by", "lea"), "no bank of that name", id="a-bank-that-is-none"),
        pytest.param(("new", "reported", "--source", "x", "--by", "lea"), "what people decide", id="of-cases"),
        pytest.param(("new", "Reported", "--source", "x", "--by", "lea"), "what people decide", id="as-of-cases"),
        pytest.param(("items", "removed"), "filled by what people decide", id="items-of-cases"),
        pytest.param(("new", "a b", "--source", "x", "--by", "lea"), "1 to 60 letters", id="a-name-with-a-space"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_with_what_to_say_instead(run: Run, words: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        run(*words)
    assert models.BankAct.objects.count() == 0


def test_what_others_wrote_moves_no_cursor(run: Run) -> None:
    banks.create("ours", source="our own\x1b[2J\nbanks", licence="\u202eours", now=datetime.now(UTC))
    (line,) = run("list").splitlines()
    assert "from: our own\\x1b[2J\\nbanks" in line
    assert line.isprintable()


def test_sentences_name_the_command_as_it_was_called(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPARO_CALLED_AS", "./run")
    for words, says in (
        (("items", "removed"), "./run bank new NAME"),
        (("confirm", "x", "--by", "lea"), "./run bank items NAME"),
        (("delete", "ours"), "./run bank delete … --by NAME"),
        (("list", "ours"), "./run bank items NAME"),
        (("new", "--by", "lea"), "./run bank new NAME"),
    ):
        with pytest.raises(BadSettings) as told:
            run(*words)
        assert says in str(told.value)
        assert "amparo bank" not in str(told.value)


def test_of_several_items_it_is_said_how_far_it_came(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    one, last = (banks.add("ours", {"md5": MD5}, person("lea")).id for _ in range(2))
    with pytest.raises(BadSettings) as told:
        run("confirm", str(one), "999999", str(last), "--by", "rob")
    assert str(told.value).startswith("Item 999999: There is no such item.")
    assert f"Done before it: {one}. Not done: 999999, {last}." in str(told.value)
    assert [banks.item(each).waits_for_a_second_person for each in (one, last)] == [False, True]


def test_items_are_listed_with_their_file_and_whether_they_are_found_by_likeness(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    banks.add("ours", {"md5": MD5}, person("lea"), metadata={"file": "a\x1b[2J.png"})
    banks.add("ours", {"pdq": "0f" * 32 + "@pdq-full-1"}, person("lea"))
    equal, alike = run("items", "ours").splitlines()
    assert "md5, looks alike: no;" in equal
    assert equal.endswith(", file a\\x1b[2J.png")
    assert "pdq, looks alike: yes;" in alike


def test_disabling_says_what_it_does_not_undo(run: Run) -> None:
    run("new", "ours", "--source", "our own", "--by", "lea")
    item = str(banks.add("ours", {"md5": MD5}, person("lea")).id)
    for words in (("disable", item), ("change", "ours", "--disable"), ("delete", "ours")):
        assert "What it has hidden or removed already stays so" in run(*words, "--by", "lea")
