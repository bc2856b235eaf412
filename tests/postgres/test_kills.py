import os
import signal
import subprocess
import sys
from contextlib import closing

import psycopg
from supervised import PATIENCE, Supervisor, Writer, server_pid, until

from amparo.postgres import Home
from amparo.postgres.supervisor import LONGEST_PAUSE_SECONDS, pause_before_start
from amparo.postgres.tenants import tenants


def test_four_kills_of_the_server_under_writes_lose_no_acknowledged_row(supervisor: Supervisor, writer: Writer) -> None:
    for _ in range(4):
        writer.wait_for_rows(50)
        supervisor.kill_server()
    writer.wait_for_rows(50)
    writer.stop()
    assert writer.lost() == set()
    assert supervisor.process.poll() is None


def test_three_kills_of_the_supervisor_end_the_server_and_lose_no_acknowledged_row(
    supervisor: Supervisor, writer: Writer
) -> None:
    for _ in range(3):
        writer.wait_for_rows(50)
        supervisor.kill()
        supervisor.wait_until_server_is_gone()
        supervisor.start()
        supervisor.wait_until_ready()
    writer.wait_for_rows(50)
    writer.stop()
    assert writer.lost() == set()


def test_a_supervisor_started_while_its_predecessors_server_shuts_down_waits_for_it(
    supervisor: Supervisor, writer: Writer
) -> None:
    writer.wait_for_rows(50)
    first = server_pid(supervisor.home)
    os.kill(first, signal.SIGSTOP)  # It hears that its supervisor died only when it goes on.
    supervisor.kill()
    supervisor.start()
    until(lambda: (supervisor.home.path / "lock").read_text() == f"{supervisor.process.pid}\n", "the claim")
    assert first in tenants(supervisor.home.data)
    os.kill(first, signal.SIGCONT)
    until(lambda: first not in tenants(supervisor.home.data), "the end of the first server")
    supervisor.wait_until_ready()
    writer.wait_for_rows(50)
    writer.stop()
    assert writer.lost() == set()


def test_a_busy_session_that_outlives_its_killed_server_does_not_hold_up_the_next(supervisor: Supervisor) -> None:
    with closing(psycopg.connect(supervisor.home.url())) as connection:
        busy = connection.info.backend_pid
        connection.pgconn.send_query(b"SELECT sum(n) FROM generate_series(1, 1000000000000) n")
        supervisor.kill_server()
        assert busy not in tenants(supervisor.home.data)


def test_a_second_supervisor_is_refused_in_a_sentence(supervisor: Supervisor) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "amparo.postgres", supervisor.home.path],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode == 1
    assert f"is already served by process {supervisor.process.pid}. Stop that one first" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_supervisor_told_to_stop_leaves_no_process(supervisor: Supervisor) -> None:
    supervisor.process.terminate()
    assert supervisor.process.wait(PATIENCE) == 0
    assert tenants(supervisor.home.data) == set()


def test_a_first_start_that_fails_ends_the_supervisor_with_the_reason(prepared: Home) -> None:
    with (prepared.data / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    ended = subprocess.run(
        [sys.executable, "-m", "amparo.postgres", prepared.path], capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert "no_such_setting" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_first_restarts_come_at_once_and_later_ones_ever_more_slowly() -> None:
    pauses = [pause_before_start(failures) for failures in range(20)]
    assert pauses[:6] == [0] * 6
    assert pauses[6] == 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
