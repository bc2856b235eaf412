"""A command as somebody types it, to be pasted into the shell from which this one was called."""

import os
import shlex

CALLED_AS = "AMPARO_CALLED_AS"
"""How this program was called, where that is not by its own name: `./run` of a checkout says so."""


def typed(*words: str) -> str:
    """Return the command of these words, each quoted where a shell would else take it for something different."""
    return " ".join(map(_quoted, (os.environ.get(CALLED_AS) or "amparo", *words)))


def _quoted(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    # A name that is no text, or that would move the cursor of a terminal, as bash, zsh and ksh read it.
    return "$'" + "".join(map(_escaped, os.fsencode(word))) + "'"


def _escaped(byte: int) -> str:
    letter = chr(byte)
    return letter if letter.isascii() and letter.isprintable() and letter not in "'\\" else f"\\x{byte:02x}"
