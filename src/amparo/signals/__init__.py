"""Narrative signals: what a reporter's own words say that may raise priority, and never lower it.

Knows no case, no page and no table: text goes in, spans of it come out.
"""

from amparo.signals.finding import Hit as Hit
from amparo.signals.finding import find as find
from amparo.signals.finding import heard as heard
