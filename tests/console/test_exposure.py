"""Who saw it: on the case, on its card, and for the lead in all."""

import html
import re
from datetime import timedelta

import pytest

from amparo.cases.refs import SubjectKind
from amparo.cases.words import Age, Seen
from amparo.connectors.plaza import PlazaConnector
from amparo.policies.policy import Topic
from amparo.records import reports
from amparo.records.reports import ExposureRow
from tests.console.desk import Desk


def _words(desk: Desk, name: str, path: str) -> str:
    body = desk.browser(name).get(path).content.decode()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def people(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.enrol("lead", "lead")
    desk.enrol("admin", "admin")


@pytest.mark.usefixtures("people")
def test_a_case_says_who_saw_it_before_the_report_after_it_and_after_it_was_hidden(desk: Desk) -> None:
    case = desk.report()
    desk.count(case, 1)
    desk.see(case, Seen.HIDDEN)
    desk.count(case, 3, 1)
    desk.count(case, 3, 1)
    page = _words(desk, "reviewer", f"/cases/{case}")
    assert "1 view before the report, 2 after it, 0 after it was hidden" in page
    assert "1 reshare before the report, 0 after it, 0 after it was hidden" in page
    assert "First counted 1 second after the report; last at" in page
    assert "Our own looks may be among them." in page
    assert "3 views" in _words(desk, "reviewer", "/")


@pytest.mark.usefixtures("people")
def test_one_view_is_one_view_on_the_card_too(desk: Desk) -> None:
    desk.count(desk.report(), 1)
    assert re.search(r"\b1 view\b", _words(desk, "reviewer", "/"))


@pytest.mark.usefixtures("people")
def test_a_first_count_of_what_was_hidden_already_says_what_it_cannot_tell(desk: Desk) -> None:
    case = desk.report()
    desk.see(case, Seen.HIDDEN)
    desk.count(case, 9)
    page = _words(desk, "reviewer", f"/cases/{case}")
    assert "9 views before the report, 0 after it, 0 after it was hidden" in page
    assert "when it was hidden already: what was seen in between counts as before" in page


@pytest.mark.usefixtures("people")
def test_of_a_report_of_an_outage_the_delay_of_the_first_count_runs_from_when_the_report_came(desk: Desk) -> None:
    case = desk.report(came_at=desk.clock[0] - timedelta(hours=3))
    desk.count(case, 9)
    page = _words(desk, "reviewer", f"/cases/{case}")
    assert (
        "First counted 3 hours after the report, since our books were away: what was seen in between counts as before"
        in page
    )


@pytest.mark.usefixtures("people")
def test_the_delay_runs_from_the_first_report_of_all_that_were_taken_in(desk: Desk) -> None:
    case = desk.report(came_at=desk.clock[0] - timedelta(minutes=50))
    desk.report(came_at=desk.clock[0] - timedelta(minutes=90), content=False)
    desk.report(came_at=desk.clock[0] - timedelta(minutes=10), content=False)
    desk.count(case, 9)
    assert "First counted 90 minutes after the report" in _words(desk, "reviewer", f"/cases/{case}")


@pytest.mark.usefixtures("people")
def test_in_all_a_report_of_an_outage_counts_in_the_month_in_which_it_came(desk: Desk) -> None:
    came_at = desk.clock[0] - timedelta(days=35)
    desk.count(desk.report(came_at=came_at), 1)
    (row,) = reports.exposure(desk.clock[0] - timedelta(days=365))
    assert row.month == came_at.date().replace(day=1)


@pytest.mark.usefixtures("people")
def test_a_counter_that_went_back_is_told_of(desk: Desk) -> None:
    case = desk.report()
    desk.count(case, 9)
    desk.count(case, 4)
    assert "went back, so these are the least" in _words(desk, "reviewer", f"/cases/{case}")


@pytest.mark.usefixtures("people")
def test_a_site_that_does_not_count_is_said_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.report()
    assert "not counted yet" in _words(desk, "reviewer", f"/cases/{case}")
    connector = desk.here.connectors["plaza"]
    assert isinstance(connector, PlazaConnector)
    uncounted = type(connector.capabilities)(**{**vars(connector.capabilities), "counts_views": False})
    monkeypatch.setattr(connector, "capabilities", uncounted)
    page = _words(desk, "reviewer", f"/cases/{case}")
    assert "this site does not count views" in page
    assert "before the report" not in page


@pytest.mark.usefixtures("people")
def test_an_account_says_nothing_of_views(desk: Desk) -> None:
    case = desk.report("somebody", kind=SubjectKind.ACCOUNT)
    assert "Seen by people" not in _words(desk, "reviewer", f"/cases/{case}")


@pytest.mark.usefixtures("people")
def test_the_exposure_in_all_is_summed_by_month_and_by_the_gravest_rule(desk: Desk) -> None:
    for number, views in (("1", (5, 7)), ("2", (10, 4))):
        case = desk.report(number)
        for each in views:
            desk.count(case, each)
    desk.report("uncounted")
    desk.count(desk.report("spam", topic=Topic.SPAM, age=Age.ADULT), 2)
    desk.report("somebody", kind=SubjectKind.ACCOUNT)
    month = desk.clock[0].date().replace(day=1)
    assert reports.exposure(desk.clock[0] - timedelta(days=365)) == [
        ExposureRow(month, "child-imagery", 3, 15, 2, 0, uncounted=1, fell=1),
        ExposureRow(month, "spam", 1, 2, 0, 0, uncounted=0, fell=0),
    ]
    assert reports.exposure(desk.clock[0] + timedelta(days=1)) == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("name", "is_told"), [("lead", True), ("reviewer", False), ("admin", False)])
def test_the_figures_in_all_stand_on_the_leads_wall_and_on_no_other(desk: Desk, name: str, is_told: bool) -> None:
    desk.count(desk.report(), 1)
    desk.report("uncounted")
    page = _words(desk, name, "/clocks")
    assert ("Seen by people" in page) is is_told
    assert ("1 case without a count" in page) is is_told
