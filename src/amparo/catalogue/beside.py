"""Draws from a list in a thread of its own, so that nobody waits for a page longer than there is time.

A list asks a site for page after page, and a page may be slow, or bring nothing. Whoever takes from it here can do
something else meanwhile, or stop.
"""

from collections import deque
from collections.abc import Iterator
from threading import Condition, Thread
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Beside(Generic[T]):
    """What a list yields. `ahead`: so many are drawn before anybody asks for them."""

    def __init__(self, drawn: Iterator[T], ahead: int = 0) -> None:
        self._drawn, self._ahead = drawn, ahead
        self._found: deque[T] = deque()
        self._changed = Condition()
        self._is_wanted = self._is_closed = False
        self.is_ended = False
        """Whether nothing more comes."""
        self._broke: BaseException | None = None
        Thread(target=self._draw, name="listing", daemon=True).start()

    def take(self, within_seconds: float) -> T | None:
        """Return the next one, or None where none came in that time or `is_ended`. Raises what the list raises.

        Repeat it after None: what was asked for is still being drawn.
        """
        with self._changed:
            self._is_wanted = not self._found
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._found or self._broke or self.is_ended, within_seconds)
            if self._found:
                found = self._found.popleft()
                self._changed.notify_all()
                return found
            if self._broke is not None:
                self.is_ended, broke, self._broke = True, self._broke, None
                raise broke
        return None

    def __enter__(self) -> "Beside[T]":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Draw no more. A page that is under way is waited for by nobody."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _draw(self) -> None:
        try:
            while self._is_to_go_on():
                found = next(self._drawn)
                with self._changed:
                    self._found.append(found)
                    self._is_wanted = False
                    self._changed.notify_all()
        except StopIteration:
            with self._changed:
                self.is_ended = True
                self._changed.notify_all()
        except BaseException as error:
            # For whoever takes: this thread has nobody to tell.
            with self._changed:
                self._broke = error
                self._changed.notify_all()

    def _is_to_go_on(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._is_wanted or len(self._found) < self._ahead)
            return not self._is_closed
