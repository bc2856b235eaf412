"""Calls a person outside the console: one POST to the address that the operator set, with ids and nothing else."""

import logging
import traceback
from datetime import datetime

import httpx

from amparo.records import alarms
from amparo.settings import CONSOLE_URL, PAGER_URL

log = logging.getLogger(__name__)


class NotCalled(Exception):
    """The address of the pager did not take a call. Nobody may have been called."""


def call_for_broken(what: str, aggregate: str, error: Exception, now: datetime) -> None:
    """Ring for an error that nobody expected. Its type and place are logged, never its text, which may hold a link."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s of %s broke: %s in %s", what, aggregate, type(error).__name__, f"{place.name}:{place.lineno}")
    if alarms.ring(f"broken: {what}"[:60], aggregate, now):
        page("broken", aggregate)


def page(kind: str, aggregate: str) -> None:
    """Send a call once. The alarm stands on the console whether or not this arrives."""
    try:
        call(kind, aggregate)
    except NotCalled:
        log.error("the pager did not take the call %s for %s; look at the console", kind, aggregate)


def call(kind: str, aggregate: str) -> None:
    """Send a call, where an address is set. Raises NotCalled, and may be repeated."""
    if not PAGER_URL:
        return
    try:
        said = {"alarm": kind, "about": aggregate, "console": CONSOLE_URL}
        httpx.post(PAGER_URL, json=said, timeout=5.0, trust_env=False).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotCalled(f"the pager did not take the call {kind}") from error
