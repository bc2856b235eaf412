"""`amparo hash` with stand-ins for the records and the fingerprints: python -m tests.cli.hashing BOOK WORDS…"""

import sys
from pathlib import Path
from types import SimpleNamespace

from amparo.cli import main
from tests.catalogue.doubles import FileBook, from_either

if __name__ == "__main__":
    book, *words = sys.argv[1:]
    sys.modules["amparo.records.matcher"] = FileBook(Path(book))  # type: ignore[assignment]
    sys.modules["amparo.media.fingerprint"] = SimpleNamespace(fingerprint=from_either)  # type: ignore[assignment]
    sys.argv = ["amparo", *words]
    main()
