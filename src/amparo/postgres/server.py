"""One PostgreSQL server on one home: launched, awaited, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from amparo.postgres.account import server_account
from amparo.postgres.binaries import find_binaries, runnable_by
from amparo.postgres.databases import is_answering
from amparo.postgres.errors import CannotStart
from amparo.postgres.home import PORT, Home
from amparo.postgres.program import reachable_data
from amparo.postgres.tenants import remove_stale_locks, wait_for_departure

PR_SET_PDEATHSIG = 1
LONGEST_LOG_BYTES = 10_000_000


class Server:
    """The only server of a home, as long as this object has not been stopped.

    The server ends with the thread that launched it (a rule of Linux), so launch it in one that stays. Raises
    NotPrepared or AlreadyServed when made.
    """

    def __init__(self, path: Path) -> None:
        self.home = Home.at(path)
        self.major = self.home.major
        self._claim = self.home.claim()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database `amparo`, with the password."""
        return self.home.url()

    @property
    def pid(self) -> int:
        """The number of the server's first process. Raises CannotStart before the first launch."""
        if self._process is None:
            raise CannotStart(f"The database in {self.home.path} has not been launched yet.")
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def was_killed(self) -> bool:
        """Whether the server's process was ended from outside, and not by an error of its own."""
        return self._process is not None and (self._process.poll() or 0) < 0

    def launch(self) -> None:
        """Start the server's process, without waiting until it answers. May be repeated once it has died.

        Waits up to a minute for an earlier server that is still shutting down. Raises NoBinaries, CannotStart,
        AlreadyServed.
        """
        data = self.home.data
        account = server_account(data)
        binaries = runnable_by(account, find_binaries(self.major))
        wait_for_departure(data, patience=60)
        if data.stat().st_uid != account.uid:
            account.give(data)
        sockets = self.home.ensure_socket_directory(account)
        remove_stale_locks(data, sockets)
        always = ["-c", "listen_addresses=", "-c", f"port={PORT}", "-c", "logging_collector=off"]
        if self.home.log.exists() and self.home.log.stat().st_size > LONGEST_LOG_BYTES:
            self.home.log.rename(self.home.log.with_suffix(".log.1"))
        with (
            open(os.open(self.home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log,
            reachable_data(data, account) as (place, options),
        ):
            try:
                self._process = subprocess.Popen(
                    [binaries / "postgres", "-D", place, "-k", sockets, *always],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # Ctrl-C in a terminal goes to the supervisor, which stops the server after those who need it.
                    start_new_session=True,
                    preexec_fn=_die_with_us(),
                    **options,
                )
            except (OSError, subprocess.SubprocessError) as why:
                raise CannotStart(f"{binaries / 'postgres'} could not be run as user {account.uid}: {why}.") from why

    def answers(self) -> bool:
        """Whether the server answers a query now. Raises CannotStart, with its last words, when it has died."""
        if not self.is_alive:
            raise CannotStart(f"The database in {self.home.path} died while it started. {self._last_words()}")
        return is_answering(self.url)

    def wait_until_ready(self, patience: float = 60) -> None:
        """Return when the server answers. Raises CannotStart when it dies or needs longer than `patience` seconds."""
        gives_up_at = time.monotonic() + patience
        while not self.answers():
            if time.monotonic() > gives_up_at:
                raise CannotStart(
                    f"The database in {self.home.path} has not answered for {patience:.0f} seconds. "
                    f"{self._last_words()}"
                )
            time.sleep(0.05)

    def stop(self, patience: float = 30) -> None:
        """End the server and free the home; sessions are cut off, what was acknowledged is safe. May be repeated."""
        if self._process is not None:
            for order, seconds in (
                (signal.SIGINT, patience),
                (signal.SIGQUIT, min(patience, 10.0)),
                (signal.SIGKILL, 10.0),
            ):
                self._process.send_signal(order)
                try:
                    self._process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                raise CannotStart(f"Process {self._process.pid}, the database in {self.home.path}, does not end.")
            self._process = None
            self.home.remove_sockets()
        self._claim.close()

    def _last_words(self) -> str:
        lines = self.home.log.read_text(errors="replace").splitlines()[-12:]
        return f"The end of {self.home.log}:\n" + "\n".join(lines)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start(path: Path, patience: float = 60) -> Server:
    """Return a server on a prepared home that answers. Raises a DatabaseError when there will be none."""
    server = Server(path)
    try:
        server.launch()
        server.wait_until_ready(patience)
    except BaseException:
        server.stop()
        raise
    return server


def _die_with_us() -> Callable[[], None] | None:
    """Return what the new process does before it becomes the server: ask the kernel for SIGINT when we die.

    Without it a kill -9 of the supervisor would leave a server that nobody stops or restarts.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # Looked up here: between fork and exec little is allowed.
    supervisor = os.getpid()

    def before_exec() -> None:
        if prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        if os.getppid() != supervisor:
            os._exit(1)  # The supervisor died before the kernel knew our wish.

    return before_exec
