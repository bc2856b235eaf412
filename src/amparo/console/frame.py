"""What stands around every page: the navigation with its counts, and the warning that too few people are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amparo.console.enough import of_staff
from amparo.console.member import Member, member_of
from amparo.console.rights import may
from amparo.plugins import installation
from amparo.records import bank_lists, office_queues, people, picture_claims, queues
from amparo.workers.watch import is_worker_silent


@dataclass(frozen=True)
class Place:
    """One line of the navigation."""

    route: str
    address: str
    name: str
    count: int | None = None


class Frame:
    """Lazily asked by the templates as `request.frame`, so that a page without it asks the database nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def member(self) -> Member | None:
        user = getattr(self._request, "user", None)
        return member_of(self._request) if user is not None and user.is_authenticated else None

    @cached_property
    def here(self) -> str:
        match = self._request.resolver_match
        return (match.url_name if match else None) or ""

    @cached_property
    def places(self) -> list[Place]:
        """Where this person may go, each with how much waits there."""
        member = self.member
        if member is None:
            return []
        now = installation().casebook.now()
        counted = {
            "queue": lambda: queues.count_waiting_for(member.id, now),
            "replies": lambda: queues.count_unread_for(member.id),
            "links": lambda: queues.count_unplaced_for(member.id),
            "referrals": lambda: office_queues.count_referrals_for(member.id),
            "senders": lambda: office_queues.count_senders_for(member.id),
            "codes": lambda: picture_claims.count_waiting(),
            "banks": lambda: bank_lists.count_waiting(now),
            "clocks": lambda: queues.count_late_for(member.id, now),
            "alarms": lambda: queues.count_calls_for(member.id),
        }
        places = [
            Place(route, address, name, counted[route]() if route in counted else None)
            for route, address, name in _PLACES
            if may(member.role, route)
        ]
        return places

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """What nobody on the staff can decide now, whatever case it is, and whether anything is carried out at all."""
        if self.member is None:
            return ()
        silent = (_SILENT,) if is_worker_silent(installation().casebook.now()) else ()
        return silent + of_staff(people.staffing())


_SILENT = "No worker is running: nothing is hidden, restored or removed, and no clock rings. Start `amparo worker`."
_PLACES = (
    ("queue", "/", "Queue"),
    ("replies", "/replies", "Replies"),
    ("links", "/links", "Links"),
    ("referrals", "/referrals", "Police referrals"),
    ("senders", "/officials", "Notices of offices"),
    ("clocks", "/clocks", "Clock wall"),
    ("alarms", "/alarms", "Alarms"),
    ("codes", "/codes", "Codes"),
    ("banks", "/banks", "Banks"),
    ("offices", "/offices", "Offices on file"),
    ("report-as-staff", "/report-as-staff", "Report a post"),
    ("staff", "/staff", "Staff"),
    ("me", "/me", "You"),
)


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Return a page of the console."""
    return render(request, f"console/{template}.html", dict(context), status=status)


def plain_page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Return a page that says one thing. It asks the database nothing, so it can be shown whatever is down."""
    return page(request, "plain", {"title": title, "sentence": sentence}, status)
