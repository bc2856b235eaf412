"""The work on a virtual clock: the same core over books in memory, for replay, backtests and simulated worlds."""
