"""Junk gets a clear answer with a 4xx and changes nothing: every route, every kind of junk."""

import pytest

from amparo.console.rights import RIGHTS
from tests.console.desk import Browser, Desk
from tests.console.routes import UNSAFE, Addresses, all_routes, everything, populate

FORM = "application/x-www-form-urlencoded"
FIELDS = ("username", "password", "link", "text", "key", "policy", "suspend", "round", "digest", "policies", "reason",
          "answer", "topic", "relation", "age", "role", "old_password", "new_password1", "new_password2",
          "name", "source", "licence", "confirmed_by", "may", "is_on", "number", "authority", "told_at", "reference",
          "contact", "knew", "kind", "country", "domain", "value", "published_at")  # fmt: skip


def filled(value: str) -> str:
    return "&".join(f"{field}={value}" for field in FIELDS)


BODIES = {
    "nothing": ("", FORM),
    "no form at all": ("\x00\x01\x02 junk", FORM),
    "NUL in every field": (filled("a%00b"), FORM),
    "ten thousand characters in every field": (filled("a" * 10_000), FORM),
    "a number without end": (filled("9" * 400), FORM),
    "bytes that are no UTF-8": (filled("%ff%fe%c3%28"), FORM),
    "half a character pair": (filled("%ed%a0%80"), FORM),
    "another charset": (filled("a"), f"{FORM}; charset=utf-16"),
    "a charset that is none": (filled("a"), f"{FORM}; charset=klingon"),
    "a thousand fields": ("&".join(f"a{number}=b" for number in range(1000)), FORM),
    "JSON": ('{"round": 1}', "application/json"),
    "XML": ("<a/>", "text/xml"),
    "multipart": ("--x\r\n", "multipart/form-data; boundary=x"),
    "ten megabytes": ("text=" + "a" * 10_000_000, FORM),
    "ten megabytes of multipart": ("a" * 10_000_000, "multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_junk_in_a_form_is_answered_with_a_4xx_and_changes_nothing(desk: Desk, vault: None, kind: str) -> None:
    body, content_type = BODIES[kind]
    places = populate(desk)
    # These take no field of theirs, so an empty form is what they expect.
    takes_nothing = {"open-case", "put-down", "take-up", "approve", "deactivate", "sign-out"}
    takes_nothing |= {"confirm-item", "disable-item", "enable-item"}
    takes_nothing |= {"ask-referral", "set-office-aside", "confirm-office-contact", "retire-office-contact"}
    who = {"enrol": "admin", "new-bank": "lead", "change-bank": "lead"}
    who |= {"add-office": "lead", "add-office-contact": "lead"}
    routes = {name: pattern for name, pattern in all_routes().items() if name in UNSAFE - takes_nothing}
    browsers = {role: desk.browser(role) for role in ("reviewer", "lead", "admin")}
    before = {table: digest for table, digest in everything().items() if table != "records_access"}
    for name, pattern in routes.items():
        browser = Browser() if name == "sign-in" else browsers[who.get(name, "reviewer")]
        answer = browser.generic("POST", places.of(pattern), body.encode(), content_type)
        assert 400 <= answer.status_code < 500, (name, answer.status_code)
        assert b"<h1>" in answer.content
    after = everything()
    assert {table: after[table] for table in before} == before


@pytest.mark.parametrize("body", [BODIES["ten megabytes"], BODIES["multipart"], BODIES["JSON"]])
def test_routes_without_fields_refuse_what_is_no_form(desk: Desk, body: tuple[str, str]) -> None:
    places = populate(desk)
    for name in ("open-case", "put-down", "take-up", "confirm-item", "disable-item", "enable-item"):
        answer = desk.browser("reviewer").post(places.of(all_routes()[name]), *body)
        assert answer.status_code in (413, 415)
    assert desk.case(places.case).looked_at is None  # type: ignore[arg-type]


IDS = {
    "an unknown id": ("case_" + "a" * 26, "notice_" + "a" * 26, "staff_" + "a" * 26, "999999999"),
    "another kind of id": ("notice_" + "a" * 26, "case_" + "a" * 26, "case_" + "a" * 26, "-1"),
    "a short id": ("case_a", "notice_a", "staff_a", "x"),
    "NUL": ("case_%00", "notice_%00", "staff_%00", "%00"),
    "ten thousand characters": ("a" * 10_000, "a" * 10_000, "a" * 10_000, "1" * 10_000),
    "no UTF-8": ("%ff%fe", "%ff%fe", "%ff%fe", "%ff"),
    "a path": ("..%2f..%2fetc", "..", "%2e%2e", "../1"),
    "SQL": ("case_'--", "notice_'--", "staff_'--", "1'--"),
    "digits of another script": ("case_١", "notice_١", "staff_١", "١"),
}


@pytest.mark.parametrize("kind", IDS)
def test_junk_in_an_address_leads_nowhere(desk: Desk, kind: str) -> None:
    case, notice, staff, number = IDS[kind]
    populate(desk)
    places = Addresses(case, notice, number, staff, item=number, bank=staff, office=staff, contact=staff)
    before = everything()
    for name, pattern in all_routes().items():
        if "<" not in pattern:
            continue
        address = places.of(pattern).replace("/parts/0", f"/parts/{number}")
        browser = desk.browser("lead" if "reviewer" not in RIGHTS[name] else "reviewer")
        for answer in (browser.get(address), browser.send(address, {"round": "1"})):
            assert answer.status_code in (400, 404, 405), (name, answer.status_code)
    assert everything() == before


def test_a_cookie_with_a_character_that_no_column_takes_is_refused(desk: Desk) -> None:
    browser = Browser()
    browser.cookies["amparo_staff"] = "abcdefgh\0abcdefgh"
    assert browser.get("/").status_code == 400
    browser.cookies["amparo_staff"] = "x" * 5000
    assert browser.get("/").status_code in (302, 400)


def test_methods_that_no_page_has_are_refused(desk: Desk) -> None:
    places = populate(desk)
    before = everything()
    for pattern in all_routes().values():
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            answer = desk.browser("reviewer").generic(method, places.of(pattern))
            assert 400 <= answer.status_code < 500
    assert everything() == before


def test_pages_that_do_not_exist_say_so(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    answer = desk.browser("reviewer").get("/nothing")
    assert answer.status_code == 404
    assert "There is nothing here for you." in answer.content.decode()
