"""This process as the console: its settings, a desk with its books, and a vault that answers.

Whatever has tables is imported in the fixtures: this file is read before Django has its settings.
"""

import runpy
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test.utils import override_settings

from amparo.home import Home

if TYPE_CHECKING:
    from tests.console.desk import Desk

_OF_THE_CONSOLE = (
    "MIDDLEWARE", "ROOT_URLCONF", "CSRF_COOKIE_NAME", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME",
)  # fmt: skip


@pytest.fixture
def desk(amparo_home: Path, empty_books: None, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Desk]":
    """A console without staff, cases or sealed objects."""
    import amparo.settings
    from amparo import plugins
    from amparo.console import sign_in
    from amparo.console.throttle import Throttle
    from tests.console.desk import Desk

    monkeypatch.setenv("AMPARO_HOME", str(amparo_home))
    monkeypatch.setenv("AMPARO_PROCESS", "console")
    monkeypatch.setattr(sign_in, "_throttle", Throttle())
    read = runpy.run_path(str(amparo.settings.__file__))
    plugins.installation.cache_clear()
    here = plugins.installation()
    clock = [datetime.now(UTC)]
    here.casebook.now = lambda: clock[0]
    own = {name: read[name] for name in _OF_THE_CONSOLE} | {"ALLOWED_HOSTS": ["testserver"]}
    # A slow hash protects real passwords; here it would only make a hundred enrolments slow.
    own["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(**own):
        yield Desk(here, clock)
    plugins.installation.cache_clear()


@pytest.fixture
def vault(desk: "Desk", amparo_home: Path) -> Iterator[None]:
    """The vault answers."""
    from amparo.records.access import Register
    from amparo.vault.server import answering

    home = Home(amparo_home)
    with answering(home.run, home.objects, home.keys / "vault.key", Register()):
        yield
