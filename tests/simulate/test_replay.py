"""The founding case, lived again: what the rules make of each published step, and that the figures are measured."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amparo.cases.case_events import RemovalDecided, RoundOpened
from amparo.cases.events import Entry
from amparo.cases.platform_events import AccountMediaListed, HideRequested
from amparo.cases.refs import StaffId
from amparo.cases.words import Told, WhyHide
from amparo.cli.replay import default_staff
from amparo.policies.parse import parse_policy
from amparo.policies.policy import Voting
from amparo.simulate.founding_case import ACCOUNT, founding_case
from amparo.simulate.lived import Lived
from amparo.simulate.replay import Replay, replay
from amparo.simulate.result import as_json
from amparo.simulate.staffing import NOBODY
from amparo.simulate.systems import systems
from tests.simulate.replays import CHILD, CURVES, SHIPPED, by_day_only, by_default, in_place, without_hiding

DAY = 24 * 60


def figures(lived: Replay) -> dict[str, dict[str, object]]:
    return as_json(lived, systems())


def entries_of_account(lived: Lived) -> list[Entry]:
    books = lived.world.casebook
    return [e for case in books.cases() if case.subject == ACCOUNT for e in books.entries(case.id)]


def test_history_is_what_was_published() -> None:
    history = figures(by_default())["history"]
    assert history["minutes_to_hidden"] == history["minutes_to_gone"] == 36 * DAY
    assert history["minutes_to_decision"] == 34 * DAY
    assert history["minutes_victim_to_hidden"] == 9 * DAY
    assert history["cases_for_the_item"] == 2
    assert history["lone_refusal_refused"] is False


def test_the_bystanders_notice_of_the_account_hides_the_post() -> None:
    whole = by_default().staffed.whole
    assert [e.event for e in entries_of_account(whole) if isinstance(e.event, AccountMediaListed)] == [
        AccountMediaListed(found=1, joined=1)
    ]
    assert [e.event.why for e in whole.entries if isinstance(e.event, HideRequested)] == [WhyHide.ACCOUNT_REPORTED]
    minutes = whole.minutes_to_hidden()
    assert minutes is not None
    assert minutes < 1


def test_one_person_removes_it() -> None:
    removals = [e.event.by for e in by_default().staffed.whole.entries if isinstance(e.event, RemovalDecided)]
    assert removals == [StaffId("lead")]


def test_the_account_is_suspended_for_good_by_two() -> None:
    by = [e.event.by for e in entries_of_account(by_default().staffed.whole) if isinstance(e.event, RemovalDecided)]
    assert by == [StaffId("reviewer")]
    assert by_default().staffed.whole.platform.observe(ACCOUNT).value == "gone"


def test_four_notices_are_one_case_one_card_and_one_decision() -> None:
    for lived in (by_default().staffed.whole, by_default().staffed.victim_first):
        assert lived.notices() == 4
        assert len(lived.cases) == 1
        assert sum(isinstance(e.event, RoundOpened) for e in lived.entries) == 1
        assert lived.decisions() == 1


def test_every_reporter_is_told_that_it_is_gone() -> None:
    lived = by_default().staffed.victim_first
    told = [{news.what for news in notice.news} for notice in lived.world.casebook.notices()]
    assert len(told) == 4
    assert all(what & {Told.GONE, Told.REMOVED} for what in told)


@pytest.mark.parametrize("curve", CURVES)
def test_after_the_victims_notice_at_most_a_hundred_views_follow(curve: str) -> None:
    found = figures(by_default())
    assert found["amparo"]["views_after_victims_notice"][curve] <= 100  # type: ignore[index]
    assert found["history"]["views_after_victims_notice"][curve] > 40_000  # type: ignore[index]


def test_a_victim_is_as_fast_as_an_officer() -> None:
    found = figures(by_default())
    assert found["amparo"]["minutes_victim_to_hidden"] == found["amparo"]["minutes_officer_to_hidden"]
    assert found["history"]["minutes_victim_to_hidden"] > found["history"]["minutes_officer_to_hidden"]  # type: ignore[operator]


def test_the_lone_refusal_of_28_january_is_refused_by_the_core_and_voided_by_the_boys_reply() -> None:
    alone = by_default().lone_refusal
    assert alone.answers == ("KeepVoted", "You have voted on this. Somebody else has to vote, too.")
    assert alone.was_refused
    assert alone.is_hidden_after
    assert alone.is_void_after_reply


def test_were_one_person_enough_to_keep_it_the_replay_would_say_that_the_refusal_stands() -> None:
    # No file can say so: the parser refuses it. The measurement must be able to come out otherwise all the same.
    policy = replace(parse_policy(CHILD, "child.toml"), keep=Voting(1))
    alone = replay(founding_case(), in_place(policy), NOBODY).lone_refusal
    assert not alone.was_refused


def test_with_zero_reviewers_it_stays_hidden_nothing_is_refused_and_the_page_says_that_we_are_late() -> None:
    row = figures(by_default())["zero_reviewers"]
    assert row["still_hidden"] is True
    assert row["refusals"] == row["decisions"] == 0
    assert row["minutes_to_hidden"] == figures(by_default())["amparo"]["minutes_to_hidden"]
    assert row["minutes_to_decision"] is None
    assert all(count > 0 for count in row["clock_breaches"].values())  # type: ignore[attr-defined]
    assert row["late_letters"] > 0  # type: ignore[operator]
    assert row["at_limit"] == {"rule": "stay_hidden", "hid": 0, "removed": 0}


def test_with_zero_reviewers_every_reporter_was_told_late() -> None:
    notices = by_default().nobody.whole.world.casebook.notices()
    # The officer reports on the last day and within a promise that is renewed; the others waited for days.
    assert [any(news.what is Told.LATE for news in notice.news) for notice in notices[:4]] == [True] * 4


def test_a_policy_that_never_hides_gives_worse_figures() -> None:
    worse, shipped = figures(without_hiding()), figures(by_default())
    assert worse["amparo"]["minutes_to_hidden"] > 27 * DAY  # type: ignore[operator]
    for curve in CURVES:
        assert worse["amparo"]["views_after_first_notice"][curve] > 1_000  # type: ignore[index]
        after = [each["amparo"]["views_after_victims_notice"][curve] for each in (shipped, worse)]  # type: ignore[index]
        assert after[0] < after[1]
    assert worse["amparo"]["minutes_victim_to_hidden"] > 30  # type: ignore[operator]


def test_where_no_report_hides_the_limit_does_with_nobody_there() -> None:
    row = figures(without_hiding())["zero_reviewers"]
    assert row["at_limit"] == {"rule": "stay_hidden", "hid": 1, "removed": 0}
    assert row["still_hidden"] is True
    assert row["minutes_victim_to_hidden"] == pytest.approx(DAY, abs=1)


def test_with_nobody_at_night_it_is_decided_later_and_hidden_as_soon() -> None:
    by_night, by_day = figures(by_default())["amparo"], figures(by_day_only())["amparo"]
    assert by_day["minutes_to_hidden"] == by_night["minutes_to_hidden"]
    assert by_day["views_after_victims_notice"] == by_night["views_after_victims_notice"]
    assert by_day["minutes_to_decision"] > by_night["minutes_to_decision"]  # type: ignore[operator]


def test_on_a_platform_that_obeys_slowly_more_people_see_it() -> None:
    case = replace(founding_case(), order_takes=timedelta(hours=1))
    slow, quick = figures(replay(case, SHIPPED, NOBODY))["amparo"], figures(by_default())["amparo"]
    assert slow["minutes_victim_to_hidden"] > 60  # type: ignore[operator]
    for curve in CURVES:
        after = [each["views_after_victims_notice"][curve] for each in (quick, slow)]  # type: ignore[index]
        assert after[0] < 100 < after[1]


def test_the_same_seed_lives_the_same_events_and_another_the_same_figures() -> None:
    again, other = (replay(founding_case(), SHIPPED, default_staff(), seed=seed) for seed in (0, 1))
    assert again.staffed.whole.entries == by_default().staffed.whole.entries
    assert other.staffed.whole.cases[0].id != again.staffed.whole.cases[0].id
    assert figures(other) == figures(by_default())
