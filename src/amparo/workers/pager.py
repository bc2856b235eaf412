"""Calls a person outside the console: one POST to the address that the operator set, with ids and nothing else."""

import logging

import httpx

from amparo.settings import CONSOLE_URL, PAGER_URL

log = logging.getLogger(__name__)


def page(kind: str, aggregate: str) -> None:
    """Send a call, where an address is set. The alarm stands on the console whether or not this arrives."""
    if not PAGER_URL:
        return
    try:
        call = {"alarm": kind, "about": aggregate, "console": CONSOLE_URL}
        httpx.post(PAGER_URL, json=call, timeout=5.0, trust_env=False).raise_for_status()
    except httpx.HTTPError:
        log.error("the pager did not take the call %s for %s; look at the console", kind, aggregate)
