"""Files that are made to wear out, confuse or take over whoever opens them, each with what is to become of it.

They are generated here, harmless in themselves, and small: what they ask for is large. A file that is two things at
once is opened as the picture that it is, since every browser shows that picture; the other half is never looked at.
"""

from tests.media.bombs import films, lossless, lossy, mixed
from tests.media.bombs.fate import OPENED as OPENED
from tests.media.bombs.fate import Bombs

BOMBS: Bombs = {**lossless.BOMBS, **lossy.BOMBS, **films.BOMBS, **mixed.BOMBS}
