"""What a new home's `amparo.toml` says: every setting that has to be there, with the words that explain it."""

import tomllib
from dataclasses import dataclass

from amparo.connectors.webhook import WebhookConnector
from amparo.home import BadSettings
from amparo.practice import check_reach

_TOML = """\
# This installation. Times are UTC inside; `time_zone` is how they are shown to reporters.
[site]
name      = {site_name}
leave_url = "https://www.wikipedia.org/"   # where "Leave this page" goes
time_zone = "UTC"
regimes   = [{regimes}]                    # ISO countries whose law binds you: their clocks apply to every report
practice  = {practice}                     # true only in a home that was made with --practice: for tests, never real

[door]
listen = {door_listen}
url    = {door_url}
hosts  = [{door_host}]
trusted_proxies = []                       # e.g. ["127.0.0.1", "::1"]: proxies of yours that say who asks

[console]
listen = {console_listen}
url    = {console_url}
hosts  = [{console_host}]
trusted_proxies = []

[api]
listen = {api_listen}
hosts  = [{api_host}]
deadline_seconds = 3                       # how long whoever asks about an upload waits; then the answer is "unknown"
limit_mb = 100                             # the largest file that is taken
requests_per_minute = 600                  # how often one key may send or see notices
coop_types = []                            # e.g. ["TYPEID=forum:post"]: what Coop's types of items are here
flags_from = []                            # e.g. ["social.example"]: servers of the fediverse whose flags are taken
hma_without_key = ""                       # e.g. "127.0.0.1:8005": programs here ask HMA's addresses without a key

[brake]                                    # above it browsers work for their turn; without scripts reports wait
reports_per_minute = 600
per_network_per_minute = 60

[button]
framed_by = []                             # e.g. ["https://forum.example"]: whose pages may frame the report button

[spool]
limit_mb = 1024                            # how much may wait on the door's disk while the database is away

[media]
sandbox = "required"                       # no picture or video is opened where the machine has no full sandbox

[officials]                                # what police, regulators and courts read on their page
contact = ""                               # who answers for what is preserved: a name or desk, phone or mail
legal_contact = ""                         # where to ask for data: it is given by no page

[pager]
url = ""                                   # gets a POST with {{alarm, about, console}} when a person is called

[[connector]]                              # its secret stands in keys/{connector}.key
name = {connector_name}
kind = {connector_kind}
url  = {site_url}
"""
_WEBHOOK_TOML = """
[connector.pages]                          # where a stranger sees each kind; {{id}} is the site's own id
{pages}

[connector.can]                            # what the site can be asked for: wording and rules follow from it
hides          = true
restores       = true
removes        = true
suspends       = false                     # locks an account; needs an account page above
demonetises    = false
lists_media    = false                     # tells everything that an account posted
lists_all      = false                     # tells everything that the site shows, for copies that are there already
counts_views   = false
tells_gone     = false                     # the page of a removed post looks otherwise than that of a hidden one
remembers_keys = false                     # the same webhook-id twice is one order
"""

PAGES = ("post=/post/{id}", "account=/user/{id}")


@dataclass(frozen=True)
class Wanted:
    """What a new home is to be. `recovery`: public keys to seal to as well, whose secret halves are elsewhere."""

    site_name: str
    site_url: str
    connector: str
    secret: str
    regimes: tuple[str, ...]
    door_listen: str
    console_listen: str
    door_url: str
    console_url: str
    recovery: tuple[str, ...] = ()
    pages: tuple[str, ...] = PAGES
    api_listen: str = "127.0.0.1:8004"
    is_practice: bool = False


def settings_text(wanted: Wanted) -> str:
    """Return the text of the settings file."""

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def host(url: str) -> str:
        return quoted(url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0])

    written = _TOML.format(
        site_name=quoted(wanted.site_name),
        site_url=quoted(wanted.site_url),
        practice=str(wanted.is_practice).lower(),
        regimes=", ".join(quoted(each) for each in wanted.regimes),
        door_listen=quoted(wanted.door_listen),
        door_url=quoted(wanted.door_url),
        door_host=host(wanted.door_url),
        console_listen=quoted(wanted.console_listen),
        console_url=quoted(wanted.console_url),
        console_host=host(wanted.console_url),
        api_listen=quoted(wanted.api_listen),
        api_host=host(wanted.api_listen),
        connector=wanted.connector,
        connector_name=quoted(wanted.connector),
        connector_kind=quoted(wanted.connector),
    )
    if wanted.connector != "webhook":
        return written
    pages = (each.partition("=") for each in wanted.pages)
    return written + _WEBHOOK_TOML.format(
        pages="\n".join(f"{kind.strip()} = {quoted(at.strip())}" for kind, _, at in pages)
    )


def check_connector(wanted: Wanted) -> None:
    """Refuse settings that make no connector, or that practice must not reach, before anything is written."""
    if any("=" not in each for each in wanted.pages):
        raise BadSettings("Name each page as --page KIND=ADDRESS, such as --page 'post=/post/{id}'.")
    if wanted.is_practice:
        check_reach(tomllib.loads(settings_text(wanted)))
    if wanted.connector == "webhook":
        try:
            table = tomllib.loads(settings_text(wanted))["connector"][0]
            WebhookConnector(wanted.connector, table, wanted.secret)
        except ValueError as error:
            raise BadSettings(f"The connector cannot be set up: {error}.") from None
