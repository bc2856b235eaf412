"""Policies: the grounds on which a case may be decided, with their clocks, as data. Pure: no I/O, no clock."""
