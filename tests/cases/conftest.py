"""Lets the scenarios import the words they are written in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
