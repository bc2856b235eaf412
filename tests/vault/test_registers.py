"""The registers of the tests keep the promises that the vault relies on."""

from pathlib import Path

import pytest

from .register_contract import FilledRegister, RegisterContract
from .registers import FileRegister, MemoryRegister


class TestMemoryRegister(RegisterContract):
    @pytest.fixture
    def register(self) -> FilledRegister:
        return MemoryRegister()


class TestFileRegister(RegisterContract):
    @pytest.fixture
    def register(self, tmp_path: Path) -> FilledRegister:
        return FileRegister(tmp_path / "register.sqlite")
