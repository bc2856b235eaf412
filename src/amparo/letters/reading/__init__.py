"""How easy a text is, measured without a network or a word list, and what to change where it is too hard.

`grade` measures and holds the bars, `advice` says what to change. `sentences` takes a text apart and `syllables` counts
by rule. Nothing here knows a report or asks anybody.
"""
