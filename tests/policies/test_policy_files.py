"""A policy file says what it means, or it is refused with file, line and reason."""

from datetime import date, timedelta

import pytest

from amparo.policies.parse import MalformedPolicy, parse_policy
from amparo.policies.policy import AtLimit, ClockName, Hide, Lane, OnExpiry, Topic, Who
from tests.policies.small_policy import SMALL, line_with, spoiled

_WATCH = 'length     = "90d"\non_expiry  = ["close"]'
_SAYS = 'on_expiry  = ["alarm", "tell:reporter:late"]'

# id, what is spoiled, by what, words on the line that must be named, words of the reason
MALFORMED = [
    ("not-toml", "harm  = 7", "harm  = = 7", "harm  =", "is not TOML"),
    ("a-key-twice", "harm  = 7", "harm  = 7\nharm = 8", "harm = 8", "is not TOML"),
    ("no-name", 'name  = "small"\n', "", "title", "name: is missing"),
    ("a-name-that-would-break-an-address", '"small"', '"Small@1"', 'name  = "Small', "does not have the form"),
    ("an-empty-title", '"As little as a policy can say"', '"  "', "title", "is empty"),
    ("harm-as-text", "harm  = 7", 'harm  = "7"', "harm", "needs a whole number"),
    ("harm-as-truth", "harm  = 7", "harm  = true", "harm", "needs a whole number"),
    ("harm-of-nothing", "harm  = 7", "harm  = 0", "harm", "not between 1 and 1000"),
    ("a-lane-nobody-knows", '"child"', '"teen"', "lane", "'teen' is not one of ordinary, adult, child"),
    ("sexual-pictures-as-an-ordinary-matter", '"child"', '"ordinary"', "lane", "are never ordinary"),
    ("a-topic-nobody-knows", '["sexual_picture"]', '["gossip"]', "topics", "'gossip' is not one of"),
    ("a-topic-in-a-list-too-many", '["sexual_picture"]', '[["spam"]]', "topics", "is not one of"),
    ("topics-not-a-list", '["sexual_picture"]', '"spam"', "topics", "needs a list"),
    ("no-topic-at-all", '["sexual_picture"]', "[]", "topics", "no report would ever fall under"),
    ("applies-is-no-table", '[applies]\nlane   = "child"\ntopics = ["sexual_picture"]', "", "name  =", "applies"),
    ("a-misspelt-key", "rehide_once", "re_hide_once", "[on_report]", "rehide_once: is missing"),
    ("a-key-too-many", "harm  = 7", "harm  = 7\nharms = 8", "harms", "is not a key of a policy"),
    ("a-key-too-many-in-a-clock", 'length     = "60s"', 'length     = "60s"\nlenght = "1s"', "lenght", "not a key"),
    ("a-key-too-many-in-the-budget", "in_all_per_hour = 2000", "in_all_per_hour = 9, a_day = 9", "budget", "not a key"),
    ("a-dotted-key-too-many", "[decide]", "[decide]\nban.people = 1", "ban.people", "decide.ban: is not a key"),
    ("lead-for-removal", "{ people = 1 }", '{ people = 1, one_of = "lead" }', "remove", "is not a key of a policy"),
    ("hide-nobody-knows", '"at_once"', '"tomorrow"', "hide ", "not one of at_once, after_look, never"),
    ("who-nobody-knows", '"anyone"', '"friends"', "who", "not one of anyone, depicted, verified"),
    ("a-yes-in-words", "rehide_once = true", 'rehide_once = "yes"', "rehide_once", "needs true or false"),
    ("a-budget-of-nothing", "per_network_per_hour = 50", "per_network_per_hour = 0", "budget", "not between"),
    ("no-budget", "budget      = {", "budgets     = {", "[on_report]", "budget: is missing"),
    ("a-clock-nobody-knows", 'name       = "gone"', 'name       = "gonne"', "gonne", "'gonne' is not one of"),
    ("a-length-without-unit", '"15min"', '"15"', '"15"', "is not a length"),
    ("a-length-of-nothing", '"15min"', '"0min"', '"0min"', "is not a length"),
    ("a-length-in-months", '"90d"', '"3months"', "3months", "is not a length"),
    ("a-length-beyond-lives", '"90d"', '"999999999y"', "999999999y", "longer than 100 years"),
    ("a-length-as-number", '"90d"', "90", "length     = 90", "needs a length"),
    ("a-page-after-the-end", "page_at    = 0.5", "page_at    = 1.5", "page_at", "1.5 is not between 0 and 1"),
    ("a-page-that-is-no-number", "page_at    = 0.5", "page_at    = nan", "page_at", "nan is not between 0 and 1"),
    ("a-regime-in-lower-case", 'length     = "24h"', 'length     = "24h"\nregime = "us"', "regime", "form [A-Z]{2}"),
    ("a-day-that-is-a-text", "2026-11-21", '"2026-11-21"', 'checked_on = "', "needs a day"),
    ("a-day-with-a-time", "2026-11-21", "2026-11-21T08:00:00Z", "08:00", "without a time"),
    ("no-source", 'source     = "house rule"\n', "", "[[clock]]", "source: is missing"),
    ("a-limit-that-restores", '"stay_hidden"', '"restore"', "at_limit", "not one of stay_hidden, remove"),
    ("a-limit-that-refuses", '"stay_hidden"', '"refuse"', "at_limit", "not one of stay_hidden, remove"),
    ("an-answer-nobody-knows", '["escalate:lead"', '["escalate:god"', "escalate:god", "is not one of"),
    ("reasons-that-are-no-tables", "harm  = 7", "harm = 7\nreason = [1]", "[[reason]]", "is not TOML"),
    ("removing-takes-two", "{ people = 1 }", "{ people = 2 }", "remove", "removing takes one person"),
    ("suspending-takes-two", "suspend = 1", "suspend = 2", "account", "suspending for a time takes one person"),
    ("keeping-takes-one", "people = 2", "people = 1", "keep", "takes at least two people"),
    ("keeping-with-open-eyes", "blind = true", "blind = false", "keep", "takes at least two people, blind"),
    ("no-lead-in-the-child-lane", ', one_of = "lead"', "", "keep", "one of the two is a lead"),
    ("a-lead-by-another-name", '"lead"', '"boss"', "keep", "'boss' is not one of lead"),
    ("for-good-by-one", "suspend_for_good = 2", "suspend_for_good = 1", "account", "at least two people"),
    ("no-rule-to-cite", '[[reason]]\nid   = "not_sexual"\ntext = "The picture is not sexual."\n', "", "name", "reason"),
    ("a-rule-twice", "[[clock]]", '[[reason]]\nid = "not_sexual"\ntext = "Again."\n\n[[clock]]', "id = ", "twice"),
    ("nobody-notices-a-failed-hide", 'name       = "hidden"', 'name       = "gone"\nregime = "US"', "name  =", "hides"),
    ("no-first-look", 'name       = "first_look"', 'name = "first_look"\nregime = "US"', "name  =", '"first_look" is'),
    ("a-clock-twice", 'name       = "gone"', 'name       = "decided"', "name  =", '"gone" is missing'),
    ("the-same-clock-twice", 'name       = "gone"', 'name = "hidden"\nregime="US"', "name  =", '"gone" is missing'),
    ("a-limit-on-the-first-look", "page_at    = 0.5", 'at_limit = "remove"', 'at_limit = "remove"', "hard limit"),
    ("a-first-look-that-closes", _SAYS, 'on_expiry = ["close", "alarm"]', '"close", "alarm"', '"close" belongs'),
    ("a-watch-that-never-closes", _WATCH, 'length     = "90d"\non_expiry = []', "= []", '"close" belongs'),
    ("hidden-without-alarm", '["alarm"]', '["escalate:lead"]', '["escalate:lead"]', "did not obey"),
    ("not-hidden-told-of-a-look", _SAYS, 'on_expiry = ["tell:reporter:not_hidden_yet"]', "not_hidden", "is true"),
    ("a-missed-promise", _SAYS, 'on_expiry = ["alarm"] #', '["alarm"] #', "owned up to"),
    ("nobody-called", _SAYS, 'on_expiry = ["tell:reporter:late"]', '["tell:reporter:late"]', "nobody is called"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words", "reason"), [row[1:] for row in MALFORMED], ids=[r[0] for r in MALFORMED]
)
def test_a_malformed_policy_is_refused_with_file_line_and_reason(old: str, new: str, words: str, reason: str) -> None:
    text = spoiled(old, new)
    with pytest.raises(MalformedPolicy) as refusal:
        parse_policy(text, "spoiled.toml")
    said = str(refusal.value)
    assert said.startswith(f"spoiled.toml, line {line_with(text, words)}: "), said
    assert reason in said, said
    assert said.endswith(".")


def test_a_clock_that_stands_there_twice_is_refused() -> None:
    second = SMALL.replace('length     = "60s"', 'length     = "9s"').split("[[clock]]")[4]
    text = f"{SMALL}\n[[clock]]{second}"
    with pytest.raises(MalformedPolicy, match=r'line 70: .*"gone" of that regime stands there twice'):
        parse_policy(text, "twice.toml")


def test_a_limit_that_hides_needs_the_hidden_clock_even_where_reports_never_hide() -> None:
    text = spoiled('"at_once"', '"never"').replace('name       = "hidden"', 'name = "gone"\nregime = "US"', 1)
    with pytest.raises(MalformedPolicy, match='a policy that hides needs a clock "hidden"'):
        parse_policy(text, "limit.toml")


def test_a_file_that_ends_too_early_is_refused_at_its_last_line() -> None:
    with pytest.raises(MalformedPolicy, match=r"short.toml, line 2: is not TOML"):
        parse_policy('name = "x"\ntitle = ["', "short.toml")


def test_a_number_with_thousands_of_digits_is_refused() -> None:
    with pytest.raises(MalformedPolicy, match=r"long.toml, line \d+: is not TOML"):
        parse_policy(spoiled("harm  = 7", f"harm  = {'9' * 5000}"), "long.toml")


def test_reasons_that_are_no_tables_are_refused() -> None:
    text = SMALL.replace("[[reason]]", "[reasons]", 1).replace("harm  = 7", "harm  = 7\nreason = [1]")
    with pytest.raises(MalformedPolicy, match=r"line 4: reason: needs at least one \[\[reason\]\]"):
        parse_policy(text, "reasons.toml")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(MalformedPolicy, match=r"empty.toml, line 1: name: is missing"):
        parse_policy("", "empty.toml")


def test_what_a_policy_says_is_what_it_holds() -> None:
    policy = parse_policy(SMALL, "small.toml")
    assert (policy.name, policy.lane, policy.topics) == ("small", Lane.CHILD, frozenset({Topic.SEXUAL_PICTURE}))
    assert (policy.harm, policy.on_report.hide, policy.on_report.who) == (7, Hide.AT_ONCE, Who.ANYONE)
    assert (policy.keep.people, policy.keep.blind, policy.keep.one_of_lead) == (2, True, True)
    assert policy.account.suspend_for == timedelta(days=30)
    assert [reason.id for reason in policy.reasons] == ["not_sexual"]
    decided = policy.rules(ClockName.DECIDED, frozenset())[0]
    assert (decided.length, decided.renew) == (timedelta(hours=24), timedelta(hours=4))
    assert decided.at_limit is AtLimit.STAY_HIDDEN
    assert decided.on_expiry == (OnExpiry.ESCALATE_LEAD, OnExpiry.TELL_LATE)
    assert (decided.source, decided.checked_on) == ("house rule", date(2026, 11, 21))


def test_a_clock_without_renew_goes_on_for_its_own_length() -> None:
    first_look = parse_policy(SMALL, "small.toml").rules(ClockName.FIRST_LOOK, frozenset())[0]
    assert first_look.renew == first_look.length == timedelta(minutes=15)


def test_a_changed_comment_is_another_version() -> None:
    plain = parse_policy(SMALL, "small.toml")
    commented = parse_policy(f"# read again\n{SMALL}", "small.toml")
    assert plain.ref == parse_policy(SMALL, "elsewhere.toml").ref
    assert plain.ref != commented.ref
    assert commented.ref.startswith("small@")
