"""The casebook in memory keeps the promises of every casebook."""

import random

import pytest

from amparo.simulate.casebook import MemoryCasebook
from tests.records.casebook_contract import POLICIES, STAFFING, Books, CasebookContract, Clock


class TestMemoryCasebook(CasebookContract):
    @pytest.fixture
    def books(self) -> Books:
        clock = Clock()
        casebook = MemoryCasebook(POLICIES, clock, random.Random(7).randbytes)
        casebook.staffing = STAFFING
        return Books(casebook, clock, lambda: set(casebook.effects), casebook.due)
