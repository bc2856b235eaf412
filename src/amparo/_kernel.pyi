"""The kernel, in C++: PDQ in one pass, and exact range search among 256-bit hashes. Its sources are in kernel/.

Every function that takes arrays looks at their type and shape first and raises ValueError with a sentence; nothing
that can be passed crashes. Long work lets other threads run. What the kernel promises and how it keeps it:
docs/explanation/matching.md.
"""

import numpy as np
import numpy.typing as npt

# A picture: uint8 of (height, width) for grey, (height, width, 3) for RGB, or 4 for RGBA. Rows may lie anywhere.
_Picture = npt.NDArray[np.uint8]
# Hashes: uint8 of (how many, 32), contiguous. A PDQ hash is written in hexadecimal in the order of these bytes.
_Hashes = npt.NDArray[np.uint8]
# (limits, rows, distances): query q has the hits limits[q] to limits[q + 1] - 1 of the other two, in no order.
_Hits = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.uint16]]

def instructions() -> list[str]:
    """Return the choices of processor instructions that can be used here, the fastest first; "portable" is the last."""

def instructions_in_use() -> str:
    """Return the choice in use: the fastest, unless another was chosen."""

def use_instructions(name: str) -> None:
    """Use that choice from now on, in all threads. Answers stay the same to the bit. Raises ValueError."""

def pdq(picture: _Picture) -> tuple[bytes, int]:
    """Return the PDQ hash and its quality, 0 to 100, equal to the reference's to the bit, whatever the picture.

    Below 5 pixels either way it is 32 zero bytes of quality 0. Raises ValueError for what is no picture, and
    MemoryError.
    """

def pdq_turns(picture: _Picture) -> tuple[tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes], int]:
    """Return the hashes of the picture in all eight turns, and their quality, for little more than the work of one.

    As it is, turned counter-clockwise by 90, 180 and 270 degrees, upside down, left to right, and mirrored on both
    diagonals: the order of the reference. Raises as `pdq`.
    """

class Draft:
    """A segment about to be written: `size` bytes for `rows` distinct hashes, cut into `chunks`."""

    def __new__(cls, hashes: _Hashes, chunks: int = -1) -> Draft:
        """Collapse equal hashes. `chunks`: 0, 11 or 16; -1 for what serves so many best. The hashes must not change."""

    @property
    def size(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def chunks(self) -> int: ...
    def write(self, into: npt.NDArray[np.uint8]) -> None:
        """Write the segment into a flat array of exactly `size` bytes, such as a writable `numpy.memmap`."""

class Segment:
    """Hashes to search, read where they are: in the array that is passed, such as `numpy.memmap` of a file.

    Any number of threads may search at once. A damaged segment may answer wrongly, but never crashes: compare the
    file's digest. Raises ValueError where the header does not fit the length.
    """

    def __new__(cls, file: npt.NDArray[np.uint8]) -> Segment: ...
    @property
    def rows(self) -> int:
        """How many distinct hashes."""

    @property
    def items_in_all(self) -> int:
        """How many hashes went in."""

    @property
    def chunks(self) -> int: ...
    @property
    def hashes(self) -> _Hashes:
        """The distinct hashes where they lie, not copied and not to be written; row n is the hash of row n."""

    def search(self, queries: _Hashes, distance: int) -> _Hits:
        """Return every distinct hash within the distance of each query, and no other."""

    def items(self, rows: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
        """Return (limits, items): at which places of the input the hash of each row stood. Raises IndexError."""

    def hash(self, row: int) -> bytes:
        """Return the hash of a row. Raises IndexError."""

    def plan(self, query: _Hashes, distance: int) -> tuple[int, ...] | None:
        """Return the radius at which each chunk of one query is looked up (-1: not at all); None: all are compared."""

class Memtable:
    """Hashes that grow at their end. Threads may add and search at once; what `add` took is found from then on."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def add(self, hashes: _Hashes) -> int:
        """Append the hashes and return the row of the first. Equal ones are kept apart."""

    def search(self, queries: _Hashes, distance: int) -> _Hits: ...

def columns(hashes: _Hashes) -> npt.NDArray[np.uint64]:
    """Return the hashes as 4 columns of words, (4, how many), for `join`; may be kept in a file and mapped."""

def join(columns: npt.NDArray[np.uint64], queries: _Hashes, distance: int) -> _Hits:
    """Return every pair within the distance by comparing all with all: for batches, without an index."""
