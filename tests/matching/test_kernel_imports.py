"""Only what searches and what hashes calls the kernel. A compiled module is no module to import-linter, so it is looked
for here.
"""

import ast
from pathlib import Path

import amparo

ROOT = Path(amparo.__file__).parent
ALLOWED = {"matching", "media"}


def imports_kernel(text: str) -> bool:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (
            node.module == "amparo._kernel"
            or (node.module in ("amparo", None) and any(name.name == "_kernel" for name in node.names))
        ):
            return True
        if isinstance(node, ast.Import) and any(name.name.startswith("amparo._kernel") for name in node.names):
            return True
    return False


def test_the_kernel_is_imported_in_matching_and_media_only() -> None:
    users = {path.relative_to(ROOT).parts[0] for path in ROOT.rglob("*.py") if imports_kernel(path.read_text())}
    assert users - ALLOWED == set()
    assert "matching" in users


def test_every_way_of_importing_it_is_noticed() -> None:
    for text in (
        "from amparo import _kernel",
        "import amparo._kernel",
        "from amparo._kernel import pdq",
        "from .. import _kernel",
    ):
        assert imports_kernel(text)
    assert not imports_kernel("from amparo import home")
