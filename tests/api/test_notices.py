"""`/v1/notices`: the door's rules for programs; each sees its own notices, links and times, and nothing else."""

import json
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError

from amparo.api.notices import patience
from amparo.api.notices.names import notice_of
from amparo.cases.words import Seen, Told
from amparo.plugins import installation
from amparo.policies.policy import Lane
from amparo.records import api_keys, casebook, codes, models
from amparo.records.api_keys import Scope
from tests.api.asking import told
from tests.api.reporting import Program, a_link
from tests.public.staff import Staff

SECRET = "my own words, which are yellow"


def _case(subject: str) -> models.Case:
    platform, kind, own = subject.split(":")
    return models.Case.objects.get(platform=platform, kind=kind, subject_id=own)


def test_a_notice_opens_the_case_in_the_childs_lane_and_asks_for_the_hide(program: Program) -> None:
    link = a_link()
    answer = program.sends(link)
    assert answer.status_code == 201
    (taken,) = told(answer)["links"]
    assert (taken["link"], taken["result"], taken["reason"]) == (link, "accepted", None)
    assert answer.headers["Location"] == f"/v1/notices/{told(answer)['id']}"
    case = _case(taken["subject"])
    assert case.lane == Lane.CHILD
    assert models.Effect.objects.filter(aggregate=case.id, name="hide").exists()
    assert models.Clock.objects.filter(aggregate=case.id, name="hidden").exists()


def test_the_code_opens_the_private_page_and_is_kept_nowhere(program: Program) -> None:
    told_us = told(program.sends())
    notice = codes.notice_of(told_us["code"], installation().casebook.now())
    assert notice is not None
    assert told_us["id"] == f"ntc_{notice.removeprefix('notice_')}"
    assert told_us["page"].endswith(f"/u/#{told_us['code']}")
    assert told_us["code"].replace("-", "") not in json.dumps(list(models.NoticeCode.objects.values()), default=str)
    assert "code" not in program.sees(told_us["id"])


def test_whoever_wants_no_answer_gets_no_code(program: Program) -> None:
    answer = told(program.sends(way="not_at_all"))
    assert (answer["code"], answer["page"]) == (None, None)
    notice = answer["id"].replace("ntc_", "notice_")
    assert not models.NoticeCode.objects.filter(notice=notice).exists()


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(program: Program) -> None:
    link = a_link()
    first, again = program.sends(link, key="one"), program.sends(link, key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    notice = told(first)["id"].replace("ntc_", "notice_")
    assert models.NoticeCode.objects.filter(notice=notice).count() == 1
    assert len(_all(program)) == 1


def test_a_key_that_comes_with_another_body_is_refused(program: Program) -> None:
    program.sends(a_link(), key="one")
    answer = program.sends(a_link(), key="one")
    assert (answer.status_code, told(answer)["code"], told(answer)["field"]) == (422, "key_reused", "Idempotency-Key")
    assert len(_all(program)) == 1


def test_one_senders_idempotency_key_is_nothing_to_another(program: Program, another: Program) -> None:
    link = a_link()
    first, second = told(program.sends(link, key="one")), told(another.sends(link, key="one"))
    assert first["id"] != second["id"]
    assert first["code"] != second["code"]


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "grün"])
def test_an_idempotency_key_that_is_none_is_refused(program: Program, key: str) -> None:
    body = json.dumps({"topic": "spam", "links": [a_link()]}).encode()
    headers = {"Idempotency-Key": key}
    answer = program.asking._ask("POST", "/v1/notices", headers, {}, body, "application/json")
    assert (answer.status_code, told(answer)["code"]) == (422, "wrong_key")


def test_without_an_idempotency_key_each_request_is_a_notice_of_its_own(program: Program) -> None:
    body = {"topic": "sexual_picture", "links": [a_link()]}
    first, second = program.asking.json("/v1/notices", body), program.asking.json("/v1/notices", body)
    assert told(first)["id"] != told(second)["id"]
    assert told(first)["code"] != told(second)["code"]


def test_another_senders_notice_is_answered_like_one_that_is_none(program: Program, another: Program) -> None:
    name = told(program.sends())["id"]
    answers = [
        asked
        for each in (name, "ntc_" + "a" * 26, "ntc_1", "notice_x", "..")
        for asked in (
            another.asking.get(f"/v1/notices/{each}"),
            another.posts(f"/v1/notices/{each}/links", {"links": [a_link()]}),
            another.posts(f"/v1/notices/{each}/replies", {"words": "look"}),
        )
    ]
    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    assert told(another.asking.get("/v1/notices"))["data"] == []


def test_a_further_key_of_a_sender_sees_what_the_first_one_sent(program: Program) -> None:
    name = told(program.sends())["id"]
    key = api_keys.create("further", [Scope.FOLLOW], datetime.now(UTC), os.urandom, program.sender)
    assert Program(key, program.sender).sees(name)["id"] == name


def test_that_somebody_else_reported_it_stands_nowhere(program: Program, another: Program, staff: Staff) -> None:
    link = a_link()
    alone = told(program.sends(link, key="a"))
    program_sees = program.sees(alone["id"])["links"][0]
    staff.sees(link, Seen.HIDDEN)
    staff.passes(hours=1)
    late = told(another.sends(link, key="a"))
    assert late["links"] == alone["links"]
    seen = another.sees(late["id"])["links"][0]
    assert seen["hidden_at"] is None
    assert set(seen) == set(program_sees)
    assert len(another.sees(late["id"])["links"]) == 1


def test_what_is_promised_does_not_tell_that_somebody_else_reported_before(
    program: Program, another: Program, staff: Staff
) -> None:
    known = a_link()
    another.sends(known)
    staff.passes(minutes=20)
    links = program.sees(told(program.sends(known, a_link()))["id"])["links"]
    assert links[0]["look_by"] == links[1]["look_by"] is not None


def test_hidden_and_gone_are_said_once_they_were_seen(program: Program, staff: Staff) -> None:
    link = a_link()
    name = told(program.sends(link))["id"]
    assert program.sees(name)["links"][0]["state"] == "hiding"
    staff.sees(link, Seen.HIDDEN)
    (seen,) = program.sees(name)["links"]
    assert seen["state"] == "hidden"
    assert seen["hidden_at"] is not None
    assert seen["look_by"] is not None


def test_a_link_that_names_nothing_is_kept_sealed_for_a_person(program: Program) -> None:
    answer = told(program.sends("https://elsewhere.example/p/1", "the post by the lake"))
    assert [(each["result"], each["reason"]) for each in answer["links"]] == [
        ("unknown", "another_site"), ("unknown", "not_a_link"),
    ]  # fmt: skip
    found = program.sees(answer["id"])["links"]
    assert [(each["state"], each["page"]) for each in found] == [("unplaced", None), ("unplaced", None)]
    assert "lake" not in json.dumps(list(models.Event.objects.values("body")), default=str)
    assert models.SealedObject.objects.filter(owner=notice_of(answer["id"])).count() == 2


def test_a_subject_may_be_named_without_a_page(program: Program) -> None:
    (taken,) = told(program.sends("plaza:message:77"))["links"]
    assert (taken["result"], taken["subject"]) == ("accepted", "plaza:message:77")


def test_a_link_that_stands_there_twice_joins_the_first(program: Program) -> None:
    link = a_link()
    answer = told(program.sends(link, link, link + "?utm=1"))
    assert [each["result"] for each in answer["links"]] == ["accepted", "joined", "joined"]
    assert len(program.sees(answer["id"])["links"]) == 1


def test_words_and_answers_come_with_it_sealed(program: Program) -> None:
    sent = told(program.sends(age="no", relation="me", country="US", words=SECRET, reference="A-17"))
    seen = program.sees(sent["id"])
    assert (seen["age"], seen["relation"], seen["country"], seen["reference"]) == ("no", "me", "US", "A-17")
    assert len(seen["replies"]) == 1
    rows = [*models.Event.objects.values(), *models.Notice.objects.values(), *models.ApiNotice.objects.values()]
    assert SECRET not in json.dumps(rows, default=str)


def test_links_and_words_are_added_once_each(program: Program) -> None:
    name = told(program.sends())["id"]
    link = a_link()
    first = program.posts(f"/v1/notices/{name}/links", {"links": [link]}, key="l")
    again = program.posts(f"/v1/notices/{name}/links", {"links": [link]}, key="l")
    assert (first.status_code, first.content) == (201, again.content)
    for _ in range(2):
        assert program.posts(f"/v1/notices/{name}/replies", {"words": SECRET}, key="r").status_code == 201
    seen = program.sees(name)
    assert len(seen["links"]) == 2
    assert len(seen["replies"]) == 1


def test_asking_again_after_a_refusal_hides_it_again_for_new_facts(program: Program, staff: Staff) -> None:
    link = a_link()
    name = told(program.sends(link))["id"]
    staff.keeps(link)
    staff.tells(link, Told.KEPT)
    assert program.sees(name)["links"][0]["state"] == "kept"
    asked = {"asks_again": True, "brings_new_facts": True}
    assert program.posts(f"/v1/notices/{name}/replies", asked).status_code == 201
    assert program.sees(name)["links"][0]["state"] == "hiding"


def test_the_list_goes_on_behind_its_cursor(program: Program) -> None:
    names = [told(program.sends())["id"] for _ in range(5)]
    found, cursor = [], None
    for _ in range(5):
        page = told(program.asking.get("/v1/notices", limit="2", **({"cursor": cursor} if cursor else {})))
        found += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == names[::-1]


def test_a_notice_is_found_by_the_senders_own_name_for_it(program: Program, another: Program) -> None:
    name = told(program.sends(reference="A-17"))["id"]
    another.sends(reference="A-17")
    assert [each["id"] for each in told(program.asking.get("/v1/notices", reference="A-17"))["data"]] == [name]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"limit": "²"}, "limit"), ({"cursor": "1"}, "cursor"),
     ({"cursor": "cur_" + "f" * 16}, "cursor"), ({"reference": "a b"}, "reference"), ({"reference": ""}, "reference")],
    ids=str,
)  # fmt: skip
def test_a_list_that_cannot_be_meant_is_refused(program: Program, query: dict[str, str], field: str) -> None:
    answer = program.asking.get("/v1/notices", **query)
    assert (answer.status_code, told(answer)["field"]) == (422, field)


LINK = "http://plaza.test:8000/post/1"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"links": [LINK]}, "topic", id="no-topic"),
        pytest.param({"topic": "spam"}, "links", id="no-links"),
        pytest.param({"topic": "spam", "links": []}, "links", id="empty-links"),
        pytest.param({"topic": "spam", "links": [LINK] * 51}, "links", id="too-many"),
        pytest.param({"topic": "spam", "links": LINK}, "links", id="a-text-for-a-list"),
        pytest.param({"topic": "spam", "links": [7]}, "links[0]", id="a-number-for-a-link"),
        pytest.param({"topic": "spam", "links": [LINK, "x" * 2001]}, "links[1]", id="too-long"),
        pytest.param({"topic": "nudes", "links": [LINK]}, "topic", id="no-such-topic"),
        pytest.param({"topic": ["spam"], "links": [LINK]}, "topic", id="a-list-for-a-word"),
        pytest.param({"topic": "spam", "links": [LINK], "ages": "no"}, "ages", id="misspelt"),
        pytest.param({"topic": "spam", "links": [LINK], "age": 17}, "age", id="a-number-for-an-age"),
        pytest.param({"topic": "spam", "links": [LINK], "age": True}, "age", id="a-yes-for-an-age"),
        pytest.param({"topic": "spam", "links": [LINK], "country": "us"}, "country", id="small-letters"),
        pytest.param({"topic": "spam", "links": [LINK], "words": "x" * 20_001}, "words", id="many-words"),
        pytest.param({"topic": "spam", "links": [LINK], "reference": "a name"}, "reference", id="a-name"),
        pytest.param({"topic": "spam", "links": [LINK], "network": "10.0.0.1/24"}, "network", id="an-address"),
    ],
)
def test_what_is_not_as_published_is_refused_by_its_field(program: Program, body: object, field: str) -> None:
    answer = program.posts("/v1/notices", body)
    assert (answer.status_code, told(answer)["field"]) == (422, field)
    assert _all(program) == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="cut"),
        pytest.param(b"[]", "application/json", 400, id="list"),
        pytest.param(b"[" * 100_000, "application/json", 400, id="deep"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json", 400, id="deep-objects"),
        pytest.param(b'{"topic": ' + b"9" * 9000 + b"}", "application/json", 400, id="a-number-with-9000-digits"),
        pytest.param(b'{"topic": NaN, "links": ["a"]}', "application/json", 422, id="nan"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/xml", 415, id="xml"),
        pytest.param(b'{"topic":"spam","links":["\\ud800 \\u0000"]}', "application/json", 201, id="half-a-letter"),
        pytest.param(b" " * (1024**2 + 1), "application/json", 413, id="huge"),
    ],
)
def test_hostile_bodies_are_answered(program: Program, body: bytes, content_type: str, status: int) -> None:
    assert program.asking.post("/v1/notices", body, content_type).status_code == status


def test_who_asks_too_often_hears_when_to_ask_again(
    program: Program, another: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    few = patience.Buckets(2, lambda: clock[0])
    monkeypatch.setattr(patience, "buckets", _Cached(few))
    answers = [program.sends() for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 429]
    assert int(answers[2].headers["Retry-After"]) == 31
    assert another.sends().status_code == 201
    clock[0] += 31
    assert program.sends().status_code == 201
    assert models.ApiNotice.objects.filter(sender=program.sender).count() == 3


def test_a_sender_is_one_network_unless_it_names_more_and_no_link_is_dropped(program: Program, staff: Staff) -> None:
    # The shipped policies let one network hide fifty posts in an hour.
    for _ in range(2):
        program.sends(*(a_link() for _ in range(25)))
    over, elsewhere = told(program.sends()), told(program.sends(network="another-one"))
    assert program.sees(over["id"])["links"][0]["state"] == "waiting"
    assert program.sees(elsewhere["id"])["links"][0]["state"] == "hiding"
    case = _case(over["links"][0]["subject"]).id
    assert models.Effect.objects.filter(aggregate=case, name="raise_alarm").exists()


def test_no_address_refuses_restores_or_decides(program: Program) -> None:
    name = told(program.sends())["id"]
    for method in ("PUT", "PATCH", "DELETE"):
        for address in ("/v1/notices", f"/v1/notices/{name}", f"/v1/notices/{name}/links"):
            assert program.asking._ask(method, address, None, {}).status_code == 405


def test_neither_links_nor_words_nor_codes_stand_in_the_log(
    program: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{SECRET}")

    program.sends(words=SECRET)
    monkeypatch.setattr(casebook.Casebook, "execute", broken)
    with caplog.at_level("DEBUG"):
        assert program.sends(words=SECRET).status_code == 500
    own = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "RuntimeError" in own
    assert SECRET not in own
    assert "plaza.test" not in own


def test_a_database_that_is_away_is_no_notice(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(casebook.Casebook, "execute", away)
    answer = program.sends()
    assert (answer.status_code, told(answer)["code"]) == (503, "database_away")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_closed_notice_takes_nothing_more_and_says_so(program: Program, staff: Staff) -> None:
    link = a_link()
    name = told(program.sends(link))["id"]
    staff.keeps(link)
    staff.tells(link, Told.KEPT)
    notice = notice_of(name)
    assert notice is not None
    staff.closes(notice)
    answer = program.posts(f"/v1/notices/{name}/replies", {"words": "look"})
    assert (answer.status_code, told(answer)["code"]) == (409, "notice_closed")


class _Cached:
    """Stands in for a function that remembers its answer."""

    def __init__(self, answer: patience.Buckets) -> None:
        self._answer = answer

    def __call__(self) -> patience.Buckets:
        return self._answer

    def cache_clear(self) -> None:
        """Forget nothing: the test ends here."""


def _all(program: Program) -> list[Any]:
    return list(told(program.asking.get("/v1/notices"))["data"])
