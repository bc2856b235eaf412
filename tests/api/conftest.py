"""This process as the API, with an index in memory; keys; programs that ask.

This file is loaded before there is a home, so what needs tables is imported where it is used.
"""

import os
import runpy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.drawn import encoded, pattern

if TYPE_CHECKING:
    from amparo.media.sandbox import Sandbox
    from tests.api.asking import Asking
    from tests.api.double import Double


@pytest.fixture(scope="session")
def sandbox() -> "Iterator[Sandbox]":
    """One for all, with whatever walls this machine has: what is asked here is not how strong they are."""
    from amparo.media.sandbox import Sandbox

    with Sandbox(accepts_less=True) as sandbox:
        yield sandbox


@pytest.fixture
def as_the_api(amparo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process with the middleware and addresses of the API, and an installation of its own."""
    from django.db import connections
    from django.test.utils import override_settings

    import amparo.settings
    from amparo import plugins
    from amparo.api.limits import limits
    from amparo.records import models

    monkeypatch.setenv("AMPARO_PROCESS", "api")
    read = runpy.run_path(str(amparo.settings.__file__))
    names = (
        "MIDDLEWARE", "ROOT_URLCONF", "ALLOWED_HOSTS", "FILE_UPLOAD_HANDLERS", "DATA_UPLOAD_MAX_MEMORY_SIZE",
        "FILE_UPLOAD_MAX_MEMORY_SIZE",
    )  # fmt: skip
    plugins.installation.cache_clear()
    limits.cache_clear()
    with override_settings(**{name: read[name] for name in names}):
        yield
    plugins.installation.cache_clear()
    limits.cache_clear()
    # Nothing else is written here, and emptying every table takes far longer than a test.
    models.ApiKey.objects.all().delete()
    connections.close_all()


@pytest.fixture
def index(as_the_api: None, monkeypatch: pytest.MonkeyPatch, sandbox: "Sandbox") -> "Double":
    """The index and the banks, empty and ready."""
    from amparo.api import matching
    from tests.api.double import Double

    double = Double(sandbox)
    monkeypatch.setattr(matching, "matching", lambda: double)
    return double


@pytest.fixture
def new_key(as_the_api: None) -> Callable[..., str]:
    """`new_key("match", "show")` is a key that may do that and nothing else."""
    from amparo.records import api_keys

    def make(*may: str, name: str = "") -> str:
        name = name or "-".join(may)
        return api_keys.create(name, map(api_keys.Scope, may), datetime.now(UTC), os.urandom)

    return make


@pytest.fixture
def asking(index: "Double", new_key: Callable[..., str]) -> "Asking":
    """A program whose key may do everything."""
    from tests.api.asking import Asking

    return Asking(new_key("match", "hash", "banks", "show", name="everything"))


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A picture with enough in it to be hashed."""
    return encoded(pattern(seed=3), "JPEG", quality=90)
