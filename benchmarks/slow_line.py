"""A slow line in front of a server: each way takes its time, bytes pass at a pace, and a connection costs two trips.

Browsers can slow themselves down, but then neither a connection nor its encryption costs anything. So the line is a
process of sockets of its own between both: a connection is there after the two round trips that TCP and TLS 1.3 take.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

_TRIPS_TO_CONNECT = 2
_PIECE = 1024


@contextlib.contextmanager
def slow_line(host: str, port: int, *, bits_a_second: int, round_trip_ms: int) -> Iterator[int]:
    """Yield a port of this machine that leads to `host` and `port` over such a line. All its connections share it."""
    loop = asyncio.new_event_loop()
    line = _Line(host, port, bits_a_second / 8, round_trip_ms / 1000)
    # In its thread from the first moment: Playwright has the loop of the thread that drives a browser.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    started = asyncio.start_server(line.carry, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(started, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class _Line:
    """What is on its way. `_free_at` is when the last byte so far has left, for each direction."""

    def __init__(self, host: str, port: int, bytes_a_second: float, round_trip: float) -> None:
        self._host, self._port = host, port
        self._pace, self._one_way = bytes_a_second, round_trip / 2
        self._free_at = {"up": 0.0, "down": 0.0}

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The line's own end cancels this, and asyncio's servers take a cancelled connection for a fault.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.sleep(_TRIPS_TO_CONNECT * 2 * self._one_way)
            far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
            await asyncio.gather(self._pass(reader, far_writer, "up"), self._pass(far_reader, writer, "down"))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """Pass bytes on, each when the line has carried those before it, and then half a round trip later."""
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(on_its_way, writer))
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(OSError):
            while piece := await reader.read(_PIECE):
                self._free_at[way] = max(clock(), self._free_at[way]) + len(piece) / self._pace
                on_its_way.put_nowait((self._free_at[way] + self._one_way, piece))
        on_its_way.put_nowait((clock() + self._one_way, b""))
        await arriving

    async def _arrive(self, on_its_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(OSError):
            while True:
                at, piece = await on_its_way.get()
                await asyncio.sleep(max(0.0, at - clock()))
                if not piece:
                    break
                writer.write(piece)
                await writer.drain()
        writer.close()
