"""The queue: what waits for this person, by time left and harm."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amparo.console.card import card_of
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.plugins import installation
from amparo.records import people, queues


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show one card for each case. Opening the page changes nothing: a case is opened by its own button."""
    here, now = installation(), installation().casebook.now()
    staffing = people.staffing()
    waiting = queues.waiting_for(member_of(request).id, now)
    cards = [card_of(each, here.policies, staffing, now) for each in waiting]
    return page(request, "queue", {"cards": cards})
