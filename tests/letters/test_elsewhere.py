"""The table of other sites: each row has a source and a date, a link finds its site, a home adds rows of its own."""

from datetime import date
from pathlib import Path

import pytest

from amparo.letters import packet
from amparo.letters.elsewhere import OTHER, read, shipped, site_of, sites
from amparo.policies.table import MalformedPolicy

ROW = """
[[site]]
id = "snapchat"
name = "Snapchat"
hosts = ["snapchat.com"]
form = "better.example/form"
no_account = true
source = "own_page"
checked_on = 2026-12-01
"""


@pytest.mark.parametrize(
    ("link", "site"),
    [
        ("https://www.snapchat.com/add/somebody", "snapchat"),
        ("https://SNAPCHAT.com/", "snapchat"),
        ("https://t.me/x", "telegram"),
        ("https://twitter.com/x/status/1", "x"),
        ("https://notsnapchat.com/", None),
        ("https://snapchat.com.elsewhere.example/", None),
        ("https://elsewhere.example/snapchat.com", None),
        ("http://[::1", None),
        ("words", None),
        ("", None),
    ],
)
def test_a_link_names_the_site_of_its_host(link: str, site: str | None) -> None:
    assert site_of(link) == site


def test_every_row_says_when_it_was_checked_and_none_is_called_other() -> None:
    assert len(shipped()) > 5
    assert OTHER not in shipped()
    assert all(date(2026, 1, 1) < site.checked_on for site in shipped().values())
    assert all(site.form is not None for site in shipped().values() if site.is_checked)


def test_every_law_in_a_text_has_its_source_and_its_day() -> None:
    for law in (*packet.OF_A_CHILD, *packet.OF_AN_ADULT):
        assert law.source
        assert law.checked_on <= date(2026, 11, 21)


def test_a_row_of_the_home_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "elsewhere.toml"
    own.write_text(ROW)
    assert sites(own)["snapchat"].form == "better.example/form"
    assert sites(own)["discord"] == shipped()["discord"]
    assert sites(tmp_path / "nothing.toml") == shipped()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (ROW.replace('"better.example/form"', '"javascript:alert(1)"'), "form"),
        (ROW.replace('["snapchat.com"]', '["https://snapchat.com"]'), "host"),
        (ROW.replace('"own_page"', '"hearsay"'), "source"),
        (ROW.replace("checked_on = 2026-12-01", ""), "checked_on"),
        (ROW.replace('"snapchat"', '"other"'), "id"),
        (ROW + ROW, "id"),
        (ROW + 'colour = "red"\n', "colour"),
    ],
)
def test_a_row_that_cannot_be_shown_is_refused_with_its_reason(wrong: str, says: str) -> None:
    with pytest.raises(MalformedPolicy, match=says):
        read(wrong, "elsewhere.toml")
