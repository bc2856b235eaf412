"""`amparo hash connector:NAME` looks through everything that a platform shows, and notes who shows it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.cli.hashing import GO_ON, Hashing, counts
from tests.conftest import PRACTICE
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI
from tests.plaza.running_plaza import RunningPlaza, running_plaza


@pytest.fixture(scope="module")
def plaza(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("plaza")
    with running_plaza(home, seeded=False, more=["--items", "620", "--pictures", "40"]) as running:
        yield running


@pytest.fixture
def of_plaza(hashing_database: str, tmp_path: Path, plaza: RunningPlaza) -> Iterator[Callable[[str], Hashing]]:
    def make(name: str) -> Hashing:
        write_home(Home(tmp_path / name), replace(PRACTICE, site_url=plaza.base_url, secret=plaza.key))
        return Hashing(tmp_path / name, hashing_database, tmp_path / f"{name}.book")

    yield make
    plaza.faults()


@pytest.mark.usefixtures("full_sandbox")
def test_everything_that_a_platform_shows_is_hashed_and_it_is_noted_who_shows_it(
    of_plaza: Callable[[str], Hashing], plaza: RunningPlaza
) -> None:
    hashing = of_plaza("home")
    hidden = plaza.moderator.get("/catalogue").json()["subjects"][0]
    plaza.move(hidden, "hide")
    code, said = hashing.run("connector:plaza")
    assert code == 0, said
    assert counts(said) == {"hashed": 40, "known": 579}
    shown = {subject: account for subject, account, _ in hashing.book.shown()}
    assert len(shown) == len(hashing.book.shown()) == 619
    assert f"plaza:post:{hidden['id']}" not in shown
    line = plaza.moderator.get("/catalogue").json()["subjects"][-1]
    assert shown[f"plaza:post:{line['id']}"] == f"plaza:account:{line['account']}"
    plaza.move(hidden, "restore")


def test_a_platform_that_is_down_ends_it_in_a_sentence_and_it_goes_on_later(
    of_plaza: Callable[[str], Hashing], plaza: RunningPlaza
) -> None:
    hashing = of_plaza("later")
    plaza.faults(down=True)
    code, said = hashing.run("connector:plaza", made_up=True)
    assert code == 2
    assert "Plaza answered 503." in said
    assert f"{GO_ON} connector:plaza" in said
    plaza.faults()
    code, said = hashing.run("connector:plaza", made_up=True)
    assert (code, sum(counts(said).values())) == (0, 620)


def test_a_platform_that_cannot_list_is_not_asked(hashing: Hashing) -> None:
    settings = hashing.home / "amparo.toml"
    pages = '[connector.pages]\npost = "/post/{id}"\n'
    settings.write_text(re.sub(r"\[\[connector\]\].*?(?=^\[(?!\[)|\Z)", "", settings.read_text(), flags=re.S | re.M))
    settings.write_text(
        f'{settings.read_text()}\n[[connector]]\nname = "site"\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n{pages}'
    )
    key = hashing.home / "keys" / "site.key"
    key.write_text("whsec_" + "A" * 32)
    key.chmod(0o600)
    code, said = hashing.run("connector:site")
    assert code == 2
    assert "cannot list what it shows" in said
