"""This process as the API, with an index in memory; keys; programs that ask.

This file is loaded before there is a home, so what needs tables is imported where it is used.
"""

import os
import runpy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.drawn import encoded, pattern

if TYPE_CHECKING:
    from amparo.media.sandbox import Sandbox
    from tests.api.asking import Asking
    from tests.api.double import Double
    from tests.api.reporting import Program
    from tests.public.staff import Staff


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


_senders = count(1)


@pytest.fixture(scope="module")
def books(amparo_home: Path) -> "Iterator[Staff]":
    """Empty books for a whole file of tests, with a reviewer and a lead; each test has posts and senders of its own."""
    from amparo import plugins
    from amparo.records.invariants import breaches
    from tests import conftest
    from tests.public.staff import Staff

    plugins.sealer.cache_clear()
    conftest.empty()
    yield Staff.enrolled()
    assert breaches() == []
    conftest.empty()


@pytest.fixture
def reporting(books: "Staff", as_the_api: None) -> Iterator[None]:
    """The API, for what is reported."""
    from amparo.api.notices import patience

    patience.buckets.cache_clear()
    yield
    patience.buckets.cache_clear()


@pytest.fixture
def new_program(reporting: None, new_key: Callable[..., str]) -> "Callable[..., Program]":
    """`new_program()` may send notices and see its own; each call makes one of another sender."""
    from tests.api.reporting import Program

    def make(*may: str) -> Program:
        name = f"sender-{next(_senders)}"
        return Program(new_key(*(may or ("notices", "follow")), name=name), name)

    return make


@pytest.fixture
def program(new_program: "Callable[..., Program]") -> "Program":
    return new_program()


@pytest.fixture
def another(new_program: "Callable[..., Program]") -> "Program":
    """A program of another sender."""
    return new_program()


@pytest.fixture
def staff(books: "Staff", reporting: None) -> "Staff":
    """A reviewer and a lead, and the platform as it is seen: what moves a case on."""
    return books
