"""What is to become of each file: opened, or refused for one of these reasons."""

from collections.abc import Callable

from amparo.media.wire import Reason

OPENED = None
"""It is opened as the picture that it is."""

PIXELS, DAMAGED, UNKNOWN = Reason.TOO_MANY_PIXELS, Reason.DAMAGED, Reason.UNKNOWN_FORMAT
NOTHING, FRAMES, LONG, MEMORY = Reason.NO_PICTURE, Reason.TOO_MANY_FRAMES, Reason.TOO_LONG, Reason.TOO_MUCH_MEMORY

Made = Callable[[], bytes]
Bombs = dict[str, tuple[Made, set[Reason | None]]]


def becoming(bombs: Bombs) -> Callable[..., Callable[[Made], Made]]:
    """Return what marks a file's maker with what is to become of it, and keeps both in `bombs`."""

    def becomes(*reasons: Reason | None) -> Callable[[Made], Made]:
        def keep(make: Made) -> Made:
            bombs[make.__name__] = (make, set(reasons))
            return make

        return keep

    return becomes
