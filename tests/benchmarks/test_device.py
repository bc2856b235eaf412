"""A browser's code of a file is the server's, for a few pictures in every form; and the bench says what it found."""

import pytest
from benchmarks.device_files import FORMS, POSTED, files

from amparo.media.sandbox import Sandbox
from benchmarks import device
from tests.journeys.loopback import CHROMIUM

_UNTOLD = "fading to nothing"
"""Of what is wholly transparent a browser tells no colour."""


@pytest.mark.browser
def test_a_browsers_code_is_the_servers_in_every_usual_form() -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed. On Debian or Ubuntu: apt-get install chromium")
    with Sandbox() as sandbox, device.chromium() as browser:
        found = list(device.pairs(browser, sandbox, files(8, largest=640)))
    assert {pair.group for pair in found} == {*FORMS, POSTED}
    assert {pair.form for pair in found if pair.group == "jpeg, a note to turn it"} == {str(n) for n in range(1, 9)}
    usual = [pair for pair in found if pair.group in device.FARTHEST]
    assert {(pair.group, pair.form): pair.distance for pair in usual if pair.distance} == {}
    assert {pair.quality - pair.server_quality for pair in usual} == {0}
    assert max(pair.distance for pair in found if pair.group not in {*device.FARTHEST, _UNTOLD}) <= 31
    told = {(row.what, row.metric): row for row in device.rows(found)}
    assert told["jpeg", "equal"].value == 100
    assert told["jpeg, a note to turn it", "p99"].holds
    assert told[_UNTOLD, "mean"].value > 0
