"""The kernel under AddressSanitizer and UndefinedBehaviorSanitizer: random pictures, hashes and damaged segments.

Every run also compares what is found with comparing one by one, and the instructions with each other.
`AMPARO_FUZZ_SECONDS=60` is for a quick try, whose figures are printed and not written down.
"""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.long.results import write_down

_WHOLE = 600
SECONDS = int(os.environ.get("AMPARO_FUZZ_SECONDS", _WHOLE))
_FUZZ = Path(__file__).parents[2] / "kernel" / "fuzz" / "build"


@pytest.mark.long
def test_the_kernel_keeps_its_promises_and_its_memory_under_sanitizers(tmp_path: Path) -> None:
    assert shutil.which("c++"), "This programme needs a C++ compiler with sanitizers: apt-get install g++"
    program, seed = tmp_path / "fuzz", random.SystemRandom().randrange(1 << 60)
    subprocess.run([str(_FUZZ), str(program)], check=True)
    ran = subprocess.run([str(program), str(SECONDS), str(seed)], capture_output=True, text=True, check=False)
    print(f"  seed {seed}: {ran.stdout.strip()} runs in {SECONDS} s {ran.stderr}")
    figures: dict[str, tuple[object, bool]] = {
        "random runs under sanitizers": (ran.stdout.strip() or "ended early", ran.returncode == 0),
        "faults": (0 if ran.returncode == 0 else "1, then it ended", ran.returncode == 0),
    }
    if SECONDS >= _WHOLE:
        write_down("kernel fuzzing", figures)
    assert ran.returncode == 0, ran.stderr
