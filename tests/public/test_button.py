"""The report button as it is served: small, the same for everybody, and nothing that begins a report by itself."""

import base64
import gzip
import hashlib
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from amparo.records import models
from tests.conftest import PRACTICE
from tests.public.visitor import PLAZA, Visitor

MOST_BYTES = 12_000
FORUM = "https://forum.example"


def served(visitor: Visitor, **headers: Any) -> Any:
    return visitor.client.get("/report-door.js", **headers)


def test_the_script_has_at_most_twelve_thousand_bytes_as_it_is_served(visitor: Visitor) -> None:
    script = served(visitor).content
    print(f"report-door.js: {len(script)} bytes, {len(gzip.compress(script))} gzipped")
    assert 3_000 < len(script) <= MOST_BYTES


def test_the_script_is_the_same_for_everybody_and_may_be_kept(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    known = served(visitor, HTTP_ACCEPT_LANGUAGE="pl")
    stranger = Visitor("10.99.0.7")
    assert known.content == served(stranger, HTTP_ACCEPT_LANGUAGE="fr").content
    assert known.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert known.headers["Cache-Control"] == "public, max-age=3600"
    assert known.headers["Access-Control-Allow-Origin"] == "*"
    assert not known.cookies
    assert known.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_script_knows_no_address_but_the_doors_and_keeps_nothing(visitor: Visitor) -> None:
    script = served(visitor).content.decode()
    assert set(re.findall(r"https?://[^\s\"'`;]+", script)) == {PRACTICE.door_url}
    for way in (
        "fetch(",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "new Image",
        "cookie =",
        "localStorage",
        "eval(",
    ):
        assert way not in script
    assert "@DOOR@" not in script
    assert "@WORDS@" not in script


def test_the_script_says_everything_in_every_language_of_the_door(visitor: Visitor) -> None:
    words = json.loads(re.search(r"const WORDS = (\{.*\});", served(visitor).content.decode())[1])  # type: ignore[index]
    assert list(words) == [code for code, _name in settings.LANGUAGES]
    for said in words.values():
        assert said.keys() == words["en"].keys()
        assert list(said["topics"]) == ["sexual_picture", "threat", "enticement", "spam"]
        assert list(said["what"]) == ["", "post", "message", "live", "profile", "image"]
        assert said["dir"] == "ltr"
    assert words["en"]["topics"]["sexual_picture"] == "A sexual picture of me or a child"
    assert len({said["report"] for said in words.values()}) == len(words)


def test_the_facts_name_the_script_by_its_digest(visitor: Visitor) -> None:
    facts = visitor.client.get("/report-door.json").json()
    digest = base64.b64encode(hashlib.sha384(served(visitor).content).digest()).decode()
    assert facts["integrity"] == f"sha384-{digest}"
    assert facts["help"] == f"{PRACTICE.door_url}/help-me"
    assert facts["script"] == f"{PRACTICE.door_url}/report-door.js"
    assert facts["languages"] == ["en", "fr", "nb", "pl"]
    assert facts["embed"] is None


def test_the_well_known_address_leads_to_the_first_page(visitor: Visitor) -> None:
    answer = visitor.client.get("/.well-known/report-door")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help-me")


def test_nothing_frames_the_choices_unless_the_operator_names_it(visitor: Visitor, post: str) -> None:
    answer = visitor.client.get("/embed", {"item": post})
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_only_the_sites_that_are_named_frame_the_choices_and_nobody_frames_another_page(
    visitor: Visitor, post: str
) -> None:
    with override_settings(FRAMED_BY=[FORUM]):
        framed = visitor.client.get("/embed", {"item": post})
        others = [visitor.client.get(path) for path in ("/", "/help-me", "/help", "/u/", "/report-door.json")]
        facts = others[-1].json()
    assert "X-Frame-Options" not in framed.headers
    assert f"frame-ancestors {FORUM};" in framed.headers["Content-Security-Policy"] + ";"
    assert "default-src 'none'" in framed.headers["Content-Security-Policy"]
    assert {each.headers["X-Frame-Options"] for each in others} == {"DENY"}
    assert all("frame-ancestors 'none'" in each.headers["Content-Security-Policy"] for each in others)
    assert facts["embed"] == f"{PRACTICE.door_url}/embed"


def test_the_framed_choices_open_their_report_outside_the_frame(visitor: Visitor, post: str) -> None:
    page = visitor.client.get("/embed", {"item": post, "lang": "pl", "type": "message"}).content.decode()
    forms = re.findall(r'<form method="post" action="/report" target="_blank" rel="noopener">', page)
    assert len(forms) == 4
    assert page.count(f'name="link" value="{post}"') == 4
    assert len(set(re.findall(r'name="key" value="([^"]+)"', page))) == 4
    assert '<html lang="pl">' in page
    assert "Co jest nie tak z tą wiadomością?" in page


def test_framed_choices_without_an_item_lead_to_help(visitor: Visitor) -> None:
    page = visitor.client.get("/embed").content.decode()
    assert "<form" not in page
    assert '<a class="button" href="/help-me" target="_blank"' in page


@pytest.mark.parametrize("topics", ["spam,threat", "threat spam nonsense"])
def test_a_site_may_choose_which_choices_it_shows(visitor: Visitor, post: str, topics: str) -> None:
    page = visitor.client.get("/embed", {"item": post, "topics": topics}).content.decode()
    assert re.findall(r'name="topic" value="(\w+)"', page) == ["threat", "spam"]


def test_what_a_link_holds_is_only_text_in_the_framed_page(visitor: Visitor) -> None:
    page = visitor.client.get("/embed", {"item": f'{PLAZA}/post/"><script>x</script>'}).content.decode()
    assert "<script" not in page


@pytest.mark.parametrize(
    ("name", "page"),
    [("post:77", f"{PLAZA}/post/77"), ("account:quiet_meadow", f"{PLAZA}/user/quiet_meadow")],
)
def test_a_platforms_own_name_for_it_is_as_good_as_its_address(visitor: Visitor, name: str, page: str) -> None:
    visitor.report(name)
    other = Visitor("10.99.1.7")
    other.report(page)
    assert models.Case.objects.count() == 1
    assert models.Notice.objects.count() == 2


def test_what_only_looks_like_a_name_stays_what_it_is_and_costs_nobody_the_report(visitor: Visitor) -> None:
    answer = visitor.report("poem:77")
    assert answer.status_code == 200
    assert models.Notice.objects.count() == 1
    assert models.Case.objects.count() == 0


def test_the_door_goes_on_in_the_language_of_the_button(visitor: Visitor, post: str) -> None:
    assert '<html lang="nb">' in visitor.report(post, language="nb").content.decode()
    assert '<html lang="nb">' in visitor.look("/help").content.decode()


@pytest.mark.parametrize(
    ("button", "browser", "shown"),
    [
        ("en", "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en", "en-US,fr;q=0.5", "en"),
        ("en", "de,fr;q=0.9", "en"),
        ("pl", "en-GB,en;q=0.9", "pl"),
        ("nb", "fr-FR", "nb"),
    ],
)
def test_only_english_yields_to_the_first_language_of_the_browser(
    visitor: Visitor, post: str, button: str, browser: str, shown: str
) -> None:
    visitor.client.defaults["HTTP_ACCEPT_LANGUAGE"] = browser
    assert f'<html lang="{shown}">' in visitor.report(post, language=button).content.decode()


def test_who_chose_a_language_at_the_door_keeps_it(visitor: Visitor, post: str) -> None:
    visitor.look("/language?language=fr")
    assert '<html lang="fr">' in visitor.report(post, language="nb").content.decode()


def test_a_language_that_is_none_changes_nothing(visitor: Visitor, post: str) -> None:
    assert '<html lang="en">' in visitor.report(post, language="xx").content.decode()
