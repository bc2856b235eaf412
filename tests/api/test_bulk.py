"""Lists of hotlines: a result for each link, and nothing lost for what is wrong beside it."""

import argparse
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from amparo.api.notices import bulk
from amparo.api.notices.names import notice_of
from amparo.cases.words import Wanted
from amparo.plugins import installation
from amparo.policies.policy import Lane
from amparo.records import models
from tests.api.asking import told
from tests.api.reporting import Program, a_link
from tests.public.staff import Staff


@pytest.fixture
def hotline(new_program: Callable[..., Program]) -> Program:
    return new_program("bulk", "follow")


def _csv(program: Program, text: str, key: str | None = None) -> HttpResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    return program.asking._ask("POST", "/v1/notices/bulk", headers, {}, text.encode(), "text/csv")


def _row(*links: str, **more: Any) -> dict[str, Any]:
    return {"topic": "sexual_picture", "links": list(links), **more}


def _results(answer: HttpResponse) -> list[list[tuple[str, str | None]]]:
    assert answer.status_code == 200, answer.content
    return [[(link["result"], link["reason"]) for link in each["links"]] for each in told(answer)["results"]]


def test_each_link_of_a_list_has_its_result_and_what_is_wrong_costs_no_other(hotline: Program) -> None:
    link = a_link()
    rows = [
        _row(link, reference="A-1"), _row(link), _row("the lake"), _row("https://elsewhere.example/1"),
        _row(a_link(), age="seventeen"), {"links": [a_link()]}, 7, _row(a_link(), a_link()),
    ]  # fmt: skip
    answer = hotline.posts("/v1/notices/bulk", {"notices": rows})
    assert _results(answer) == [
        [("accepted", None)], [("joined", None)], [("unknown", "not_a_link")], [("unknown", "another_site")],
        [("invalid", "wrong_field")], [("invalid", "missing")], [], [("accepted", None)] * 2,
    ]  # fmt: skip
    results = told(answer)["results"]
    assert results[0]["notice"] == results[1]["notice"]
    assert results[0]["reference"] == "A-1"
    assert results[4]["problem"]["field"] == "age"
    assert results[6]["problem"]["code"] == "wrong_row"
    assert told(answer)["counts"] == {"accepted": 3, "joined": 1, "unknown": 2, "invalid": 2}
    assert len(told(hotline.asking.get("/v1/notices"))["data"]) == 4


def test_the_same_list_under_the_same_key_is_the_same_answer_and_nothing_new(hotline: Program) -> None:
    link = a_link()
    rows = {"notices": [_row(link), _row(a_link(), link), _row(a_link())]}
    first, again = (hotline.posts("/v1/notices/bulk", rows, key="list-1") for _ in range(2))
    assert again.content == first.content
    assert len(told(hotline.asking.get("/v1/notices"))["data"]) == 3


def test_what_others_reported_is_accepted_and_only_ones_own_joins(hotline: Program, another: Program) -> None:
    link = a_link()
    another.sends(link)
    body = {"notices": [_row(link)]}
    assert _results(hotline.posts("/v1/notices/bulk", body)) == [[("accepted", None)]]
    assert _results(hotline.posts("/v1/notices/bulk", body)) == [[("joined", None)]]


def test_what_a_link_that_joins_says_anew_is_kept_once(hotline: Program) -> None:
    link = a_link()
    name = told(hotline.posts("/v1/notices/bulk", {"notices": [_row(link)]}))["results"][0]["notice"]
    more = {"notices": [_row(link, age="yes", words="They are fifteen.")]}
    for _ in range(2):
        assert _results(hotline.posts("/v1/notices/bulk", more, key="more")) == [[("joined", None)]]
    seen = hotline.sees(name)
    assert (seen["age"], len(seen["replies"]), len(seen["links"])) == ("yes", 1, 1)


GRAVER = pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param({"topic": "spam", "age": "yes"}, {"age": "yes"}, id="another-topic"),
        pytest.param({"age": "no"}, {}, id="an-age-left-out-counts-as-a-childs"),
        pytest.param({"age": "no"}, {"age": "not_sure"}, id="not-sure-counts-as-a-childs"),
        pytest.param({"age": "no"}, {"age": "yes"}, id="a-childs"),
        pytest.param({}, {"relation": "me"}, id="the-person-shown"),
        pytest.param({"country": "NO"}, {"country": "FR"}, id="the-clocks-of-another-law"),
    ],
)


@GRAVER
@pytest.mark.parametrize("is_one_list", [True, False], ids=["in-one-list", "in-two"])
def test_a_row_that_says_something_graver_joins_nothing_and_the_next_like_it_joins_that_one(
    hotline: Program, staff: Staff, first: dict[str, Any], then: dict[str, Any], is_one_list: bool
) -> None:
    link = a_link()
    rows = [_row(link, **first), _row(link, **then), _row(link, **then)]
    lists = [rows] if is_one_list else [[row] for row in rows]
    keys = [f"graver-{link}-{number}" for number in range(len(lists))]
    for _ in range(2):
        answers = [
            hotline.posts("/v1/notices/bulk", {"notices": each}, key) for each, key in zip(lists, keys, strict=True)
        ]
        results = [result for answer in answers for result in told(answer)["results"]]
        assert [each["links"][0]["result"] for each in results] == ["accepted", "accepted", "joined"]
        assert results[0]["notice"] != results[1]["notice"] == results[2]["notice"]
    assert hotline.sees(results[1]["notice"])["age"] == then.get("age")
    assert staff.case_of(link).notices == 2


def test_what_an_adults_first_row_says_hides_no_childs_report_from_the_graver_lane(
    hotline: Program, staff: Staff
) -> None:
    link = a_link()
    hotline.posts("/v1/notices/bulk", {"notices": [_row(link, topic="spam"), _row(link)]})
    case = staff.case_of(link)
    assert Lane.CHILD in {ground.lane for ground in case.open_grounds}
    assert case.wanted is Wanted.HIDDEN


def test_a_link_that_has_its_answer_is_asked_again_though_another_of_its_notice_waits(
    hotline: Program, staff: Staff
) -> None:
    kept = a_link()
    hotline.posts("/v1/notices/bulk", {"notices": [_row(kept, "the lake")]})
    staff.keeps(kept)
    assert staff.case_of(kept).round is None
    assert _results(hotline.posts("/v1/notices/bulk", {"notices": [_row(kept)]})) == [[("accepted", None)]]
    assert staff.case_of(kept).round is not None
    assert _results(hotline.posts("/v1/notices/bulk", {"notices": [_row(kept)]})) == [[("joined", None)]]


def test_a_vouched_sender_is_held_back_by_no_networks_budget(hotline: Program) -> None:
    # The shipped policies let one network hide fifty posts an hour.
    answer = told(hotline.posts("/v1/notices/bulk", {"notices": [_row(a_link(), age="yes") for _ in range(55)]}))
    last = hotline.sees(answer["results"][-1]["notice"])
    assert last["links"][0]["state"] == "hiding"


def test_no_code_is_given_for_a_list(hotline: Program) -> None:
    answer = told(hotline.posts("/v1/notices/bulk", {"notices": [_row(a_link(), way="private_page")]}))
    notice = notice_of(answer["results"][0]["notice"])
    assert not models.NoticeCode.objects.filter(notice=notice).exists()


def test_a_list_in_csv_is_read_as_one_in_json(hotline: Program) -> None:
    link = a_link()
    head, row = "\ufefflink,topic,age,words,reference", f'{link},sexual_picture,yes,"two\nlines",A-1'
    text = f"{head}\r\n{row}\r\n\r\n,,,,\r\nlake,,,,\r\n"
    answer = _csv(hotline, text)
    assert _results(answer) == [[("accepted", None)], [("unknown", "not_a_link")]]
    seen = hotline.sees(told(answer)["results"][0]["notice"])
    assert (seen["age"], seen["reference"], len(seen["replies"])) == ("yes", "A-1", 1)


@pytest.mark.parametrize(
    "head", ["", "topic", "link,link", "link,name", "\x00", '"link', "link;topic"], ids=lambda head: repr(head)
)
def test_a_table_without_a_first_line_that_names_its_columns_is_refused(hotline: Program, head: str) -> None:
    answer = _csv(hotline, f"{head}\n{a_link()}\n")
    assert (answer.status_code, told(answer)["code"]) == (422, "wrong_head")


def test_what_stands_before_a_broken_row_is_taken(hotline: Program) -> None:
    answer = _csv(hotline, f'link\n{a_link()}\n"{a_link()}" x\n{a_link()}\n')
    results = told(answer)["results"]
    assert [each["problem"] and each["problem"]["code"] for each in results] == [None, "no_table"]
    wrong = hotline.asking.post("/v1/notices/bulk", f"link\n{a_link()}\n".encode() + b"\xff\n", "text/csv")
    assert told(wrong)["results"][-1]["problem"]["code"] == "no_table"


def test_a_row_with_more_cells_than_columns_is_refused_alone(hotline: Program) -> None:
    answer = _csv(hotline, f"link,age\n{a_link()},yes,no\n{a_link()},yes\n")
    assert [each["problem"] is None for each in told(answer)["results"]] == [False, True]


def test_a_list_that_is_too_long_says_from_where_on(hotline: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    results = told(_csv(hotline, "link\n" + "".join(f"{a_link()}\n" for _ in range(4))))["results"]
    assert [each["problem"] and each["problem"]["code"] for each in results] == [None, None, "too_many_rows"]
    assert hotline.posts("/v1/notices/bulk", {"notices": [_row(a_link())] * 3}).status_code == 422


def test_a_body_that_is_too_large_is_not_read(hotline: Program) -> None:
    for kind in ("text/csv", "application/json"):
        assert hotline.asking.post("/v1/notices/bulk", b"0" * (bulk.MOST_BYTES + 1), kind).status_code == 413


def test_a_line_without_an_end_is_not_held(hotline: Program) -> None:
    answer = _csv(hotline, f"link\n{a_link()}\n" + "x" * 200_000)
    assert told(answer)["results"][-1]["problem"]["code"] == "no_table"


def test_a_list_takes_a_key_that_may(program: Program) -> None:
    assert program.posts("/v1/notices/bulk", {"notices": []}).status_code == 403


def test_a_file_is_imported_by_the_command_and_its_table_holds_no_formula(
    reporting: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from amparo.cli import notices

    file = tmp_path / "list.csv"
    file.write_text(f'link,reference\n{a_link()},A-1\n"=HYPERLINK(1,2)",\n@here,\n{a_link()},a name\n')
    arguments = argparse.Namespace(act="import", file=file, of="imported", results=None)
    first, second = [], []
    for rows in (first, second):
        assert notices._import(arguments) == 1
        rows += list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [each["result"] for each in first] == ["accepted", "unknown", "unknown", "invalid"]
    assert [each["link"] for each in first][1:3] == ["'=HYPERLINK(1,2)", "'@here"]
    assert first == second
    assert models.ApiNotice.objects.filter(sender="imported").count() == 3


XARF = {
    "xarf_version": "4.0.0", "report_id": "a-1", "timestamp": "2026-03-01T09:00:00Z", "category": "content",
    "type": "csam", "classification": "A1", "detection_method": "hash_match", "source_identifier": "192.0.2.1",
    "reporter": {"org": "A hotline", "contact": "desk@hotline.example", "domain": "hotline.example"},
    "sender": {"org": "A hotline", "contact": "desk@hotline.example", "domain": "hotline.example"},
    "hash_values": {"sha256": "0" * 64}, "description": "yellow squares",
    "evidence": [{"content_type": "text/plain", "payload": "eA==", "description": "x"}],
}  # fmt: skip


def test_a_report_in_xarf_is_a_notice_about_a_child_with_its_words_sealed(hotline: Program) -> None:
    body = {**XARF, "url": a_link()}
    answer = hotline.posts("/v1/xarf", body)
    assert answer.status_code == 201
    seen = hotline.sees(told(answer)["id"])
    assert (seen["age"], seen["reference"], len(seen["replies"])) == ("yes", "a-1", 1)
    rows = json.dumps([*models.Event.objects.values(), *models.ApiNotice.objects.values()], default=str)
    assert not any(word in rows for word in ("desk@hotline", "yellow squares", "0" * 64))
    again = hotline.posts("/v1/xarf", body)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (answer.content, "true")


@pytest.mark.parametrize(
    ("exploited", "topic"),
    [("sextortion", "threat"), ("grooming", "enticement"), ("solicitation", "enticement"),
     ("distribution", "sexual_picture"), ("something new", "sexual_picture")],
)  # fmt: skip
def test_what_csem_reports_is_the_topic(hotline: Program, exploited: str, topic: str) -> None:
    body = {**XARF, "type": "csem", "exploitation_type": exploited, "url": a_link(), "report_id": f"b-{topic}"}
    answer = told(hotline.posts("/v1/notices/bulk", {"notices": [body]}))
    assert hotline.sees(answer["results"][0]["notice"])["topic"] == topic


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"evidence": [{"content_type": "image/jpeg", "payload": "eA=="}]}, "evidence"),
        ({"evidence": [{"content_type": " Video/mp4", "payload": "eA=="}]}, "evidence"),
        ({"evidence": [{"payload": "eA=="}]}, "evidence"),
        ({"evidence": 7}, "evidence"),
        ({"xarf_version": "3"}, "xarf_version"),
        ({"type": "phishing"}, "type"),
        ({"category": "connection"}, "type"),
        ({"report_id": "two words"}, "report_id"),
        ({"url": ""}, "url"),
        ({"url": ["x"]}, "url"),
    ],
    ids=str,
)
def test_a_report_that_brings_a_picture_or_is_none_is_refused_whole(
    hotline: Program, change: dict[str, object], field: str
) -> None:
    answer = hotline.posts("/v1/xarf", {**XARF, "url": a_link(), **change})
    assert (answer.status_code, told(answer)["field"]) == (422, field)
    assert told(hotline.asking.get("/v1/notices"))["data"] == []


COOP = {
    "reporter": {"kind": "user", "typeId": "user-type", "id": "the-reporter-7"},
    "reportedAt": "2026-03-01T09:00:00.000Z",
    "reportedForReason": {"policyId": "p", "reason": "yellow squares", "csam": True},
    "reportedItem": {"id": "coop-1", "typeId": "post", "data": {"images": ["http://plaza.test:8000/media/1"]}},
    "reportedItemThread": [{"id": "m-1", "typeId": "message", "data": {}}],
    "reportedItemsInThread": [{"id": "m-2", "typeId": "message"}],
    "additionalItems": [{"id": "other", "typeId": "post", "data": {}}],
}


def test_coops_report_call_is_a_notice_and_who_reported_is_kept_nowhere(program: Program) -> None:
    answer = program.posts("/api/v1/report", COOP)
    assert answer.status_code == 201
    seen = program.sees(told(answer)["reportId"])
    assert seen["age"] == "yes"
    assert [link["subject"] for link in seen["links"]] == ["plaza:post:coop-1", "plaza:message:m-2"]
    tables = (models.Event, models.Notice, models.ApiNotice, models.Case, models.Intake, models.SealedObject)
    rows = json.dumps([row for table in tables for row in table.objects.values()], default=str)
    assert "the-reporter-7" not in rows
    assert "yellow squares" not in rows


def test_a_report_to_coop_without_a_reporter_is_taken(program: Program) -> None:
    answer = program.posts("/api/v1/report", {"reportedItem": {"id": "coop-2", "typeId": "Comment"}})
    assert program.sees(told(answer)["reportId"])["links"][0]["subject"] == "plaza:post:coop-2"


def test_an_item_of_a_type_that_is_not_known_waits_for_a_person(program: Program) -> None:
    answer = program.posts("/api/v1/report", {"reportedItem": {"id": "x", "typeId": "0f3a"}})
    assert program.sees(told(answer)["reportId"])["links"][0]["state"] == "unplaced"


@pytest.mark.parametrize(
    "body",
    [{}, {"reportedItem": 7}, {"reportedItem": {"id": "x"}}, {"reportedItem": {"id": 7, "typeId": "post"}},
     {**COOP, "reportedForReason": "bad"}, {**COOP, "reportedForReason": {"csam": "yes"}},
     {**COOP, "reportedItemsInThread": [7]}, {**COOP, "reportedItemsInThread": [{"id": "x", "typeId": "y"}] * 50}],
    ids=str,
)  # fmt: skip
def test_a_report_to_coop_that_is_none_gets_400(program: Program, body: object) -> None:
    assert program.posts("/api/v1/report", body).status_code == 400


def test_the_types_of_items_are_what_the_settings_say() -> None:
    from amparo.api.limits import read_limits
    from amparo.home import BadSettings

    assert read_limits({"coop_types": ["0f3a=forum:post"]}).coop_types == {"0f3a": "forum:post"}
    for wrong in (["0f3a"], ["=forum:post"], ["a=forum:picture"], "a=forum:post", [7]):
        with pytest.raises(BadSettings):
            read_limits({"coop_types": wrong})
    assert installation().connectors
