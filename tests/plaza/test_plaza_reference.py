"""The reference page names everything that programs can ask of Plaza, and nothing that is not there."""

import re
from dataclasses import fields
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route

from plaza.faults import Faults
from plaza.home import Home
from plaza.site import install, site
from tests.plaza.running_plaza import RunningPlaza

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "plaza.md").read_text()


def routes(found: list[BaseRoute], before: str = "") -> set[str]:
    paths = set[str]()
    for route in found:
        if isinstance(route, Mount):
            paths |= routes(route.routes, before + route.path)
        if isinstance(route, Route):
            paths |= {f"{method} {before}{route.path}" for method in (route.methods or set()) - {"HEAD"}}
    return paths


def test_the_reference_names_every_address_of_the_moderation_api(tmp_path: Path):
    installation = install(Home(tmp_path), "http://127.0.0.1:1", "http://127.0.0.1:2")
    there = {path for path in routes(site(installation).routes) if "/moderation/" in path}
    installation.database.close()

    cells = re.findall(r"^\| (`(?:GET|POST|PUT)\b.*?) \|", PAGE, re.MULTILINE)
    named = set[str]()
    for cell in cells:
        path = re.search(r"/moderation/[^`]*", cell)
        assert path, cell
        named |= {f"{method} {path.group()}" for method in re.findall(r"GET|POST|PUT", cell)}

    assert named == there


def test_the_reference_names_every_fault():
    table = PAGE.split("## Faults")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {fault.name for fault in fields(Faults)}


def test_the_reference_names_every_field_of_the_answers(plaza: RunningPlaza):
    post = plaza.post()
    account = plaza.moderator.get(f"/accounts/{post['account']}").json()

    for name in {*post, *post["media"][0], *account, *plaza.write(f"/posts/{post['id']}/demonetise").json()}:
        assert f'"{name}"' in PAGE


def test_the_reference_names_every_option():
    source = (Path(__file__).parents[2] / "src" / "plaza" / "__main__.py").read_text()

    options = set(re.findall(r'add_argument\("(--[a-z-]+)"', source))
    assert options == set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))
