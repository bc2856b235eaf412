"""Every route of the console with a real address, and the state of the tables before and after."""

from dataclasses import dataclass

from django.db import connection
from django.urls import URLPattern, get_resolver

from amparo.cases.refs import SubjectKind
from amparo.records import alarms, banks
from tests.console.desk import Desk

UNSAFE = {
    "sign-out", "name-account", "open-case", "put-down", "remove", "keep", "write", "place-link", "answer-link",
    "take-up", "enrol", "approve", "deactivate", "sign-in", "password", "report-as-staff", "new-bank", "change-bank",
    "confirm-item", "disable-item", "enable-item", "ask-referral", "police-told", "police-not-told", "give-office-link",
    "record-office-call", "set-office-aside", "add-office", "add-office-contact", "confirm-office-contact",
    "retire-office-contact", "start-code", "end-code", "doubt", "lift-doubt",
}  # fmt: skip
"""The routes that take a form."""


def all_routes() -> dict[str, str]:
    """Return every route's pattern by its name, as the console itself has them."""
    patterns = get_resolver("amparo.console.urls").url_patterns
    assert all(isinstance(each, URLPattern) for each in patterns), "nested routes need a walk of their own"
    return {str(each.name): str(each.pattern) for each in patterns if isinstance(each, URLPattern)}


@dataclass
class Addresses:
    """A case, a report with an unplaced link, an alarm and a colleague, so that every route leads somewhere."""

    case: str
    notice: str
    alarm: str
    person: str
    item: str
    office: str
    contact: str
    bank: str = "ours"

    def of(self, pattern: str) -> str:
        known = {
            "<case:case_id>": self.case,
            "<notice:notice_id>": self.notice,
            "<number:number>": "0",
            "<number:position>": "0",
            "<number:alarm>": self.alarm,
            "<staff:person>": self.person,
            "<bank:name>": self.bank,
            "<number:item>": self.item,
            "<office:office>": self.office,
            "<contact:contact>": self.contact,
        }
        for word, value in known.items():
            pattern = pattern.replace(word, value)
        assert "<" not in pattern, pattern
        return f"/{pattern}"


def populate(desk: Desk) -> Addresses:
    """Put one of everything on the desk."""
    for role in ("reviewer", "lead", "admin"):
        desk.enrol(role, role)
    colleague = desk.enrol("colleague", "reviewer", is_approved=False)
    case = desk.report()
    desk.report("somebody", kind=SubjectKind.ACCOUNT)
    notice = desk.report_unplaced()
    alarms.ring("not_hidden", case, desk.clock[0])
    banks.create("ours", source="our own", now=desk.clock[0])
    item = banks.add("ours", {"sha256": "ab" * 32, "md5": "cd" * 16}, colleague)
    desk.name_office(notice)
    office = desk.put_office_on_file("lead")
    contact = office.contacts[0].on_file.id
    return Addresses(case, notice, str(alarms.open_alarms()[0].id), colleague, str(item.id), office.id, contact)


def everything() -> dict[str, str]:
    """Return a digest of each of our tables but the sessions, which any visit may begin."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'records_%' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found
