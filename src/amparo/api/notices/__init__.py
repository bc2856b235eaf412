"""Reports that programs send: a platform's own form, hotlines, trusted flaggers, other servers.

The rules are the door's, by the same commands: same lane, same clocks, same budgets. No address here refuses, restores
or decides anything, and a sender sees its own notices alone.
"""
