"""Hashes several files at a time on this machine. Threads do: the sandbox opens each file in a process of its own."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from amparo.catalogue.item import SourceError
from amparo.catalogue.run import Stop
from amparo.catalogue.tally import Outcome

T = TypeVar("T")

_UNDER_WAY_A_JOB = 64
"""So many are begun beyond the first that is not done, so that one slow file keeps nobody waiting."""


def in_threads(
    hashing: Callable[[T], Outcome], jobs: int
) -> Callable[[Iterator[T], Stop], Generator[tuple[T, Callable[[], Outcome]], None, None]]:
    """Return the way of hashing `jobs` files at a time. It raises what listing and `hashing` raise."""

    def hashed(items: Iterator[T], stopped: Stop) -> Generator[tuple[T, Callable[[], Outcome]], None, None]:
        waiting: deque[tuple[T, Future[Outcome]]] = deque()
        broken_off: SourceError | None = None
        pool = ThreadPoolExecutor(jobs, "hashing")
        try:
            while not stopped.is_set():
                while len(waiting) < _UNDER_WAY_A_JOB * jobs and not (broken_off or stopped.is_set()):
                    try:
                        item = next(items)
                    except StopIteration:
                        break
                    except SourceError as error:
                        # Not before what is under way is done and noted.
                        broken_off = error
                        break
                    waiting.append((item, pool.submit(hashing, item)))
                    # Not when the list was read so far: it may be slow, and what is done is to be noted.
                    while waiting and waiting[0][1].done():
                        item, future = waiting.popleft()
                        yield item, future.result
                if not waiting:
                    if broken_off is not None:
                        raise broken_off
                    return
                item, future = waiting.popleft()
                yield item, future.result
            # The last first: files are begun from the front meanwhile, and none may be done behind one that is left.
            for _, future in reversed(waiting):
                future.cancel()
            pool.shutdown()
            while waiting and not waiting[0][1].cancelled():
                item, future = waiting.popleft()
                yield item, future.result
        finally:
            pool.shutdown(cancel_futures=True)

    return hashed
