"""Assembles a seccomp filter: a list of what may be called, as the small program that the kernel runs at each call.

We write our own forty lines because the Python bindings of libseccomp are either unmaintained (pyseccomp, 2021) or
need a compiler, and because a list without jumps can be read off: compare the number, return. See seccomp(2),
"Filters", and the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

ALLOW = 0x7FFF0000
KILL = 0x80000000
"""Ends the whole process with SIGSYS."""

_ERRNO = 0x00050000
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32_CALLS = 0x40000000


def refuse(error: int) -> int:
    """Return the answer by which a call fails with that errno, and the process goes on."""
    return _ERRNO | error


class Part(IntEnum):
    """An argument is 64 bits; the filter compares halves. Both machines we know keep the low one first."""

    LOW = 0
    HIGH = 4


@dataclass(frozen=True)
class OneOf:
    """Allow the call where the low half of an argument is one of these; else it fails with `error`."""

    argument: int
    values: tuple[int, ...]
    error: int = 1


@dataclass(frozen=True)
class Without:
    """Allow the call where none of these bits is set in the low half of an argument; else it fails with `error`."""

    argument: int
    bits: int
    error: int = 1


@dataclass(frozen=True)
class Zero:
    """Allow the call where all these arguments are 0 (no process but oneself, no pointer); else it fails."""

    arguments: tuple[int, ...]
    error: int = 1


Rule = int | OneOf | Without | Zero


def assemble(architecture: int, rules: Mapping[int, Rule], otherwise: int) -> bytes:
    """Return the filter for a machine: `rules` by call number, and `otherwise` for every other call.

    A call in the style of another machine (32-bit, x32) ends the process: its numbers mean something else.
    """
    program = [
        _word(_LOAD, _ARCHITECTURE),
        _word(_EQUAL, architecture, 1, 0),
        _word(_RETURN, KILL),
        _word(_LOAD, _NUMBER),
        _word(_AT_LEAST, _X32_CALLS, 0, 1),
        _word(_RETURN, KILL),
    ]
    for number, rule in rules.items():
        steps = _steps(rule)
        program += [_word(_EQUAL, number, 0, len(steps)), *steps]
    program.append(_word(_RETURN, otherwise))
    return b"".join(program)


def _steps(rule: Rule) -> list[bytes]:
    """Return what is done for one call. Every way through ends with a return, so the loaded number is not missed."""
    if isinstance(rule, int):
        return [_word(_RETURN, rule)]
    if isinstance(rule, OneOf):
        tests = [step for value in rule.values for step in (_word(_EQUAL, value, 0, 1), _word(_RETURN, ALLOW))]
        return [_load(rule.argument, Part.LOW), *tests, _word(_RETURN, refuse(rule.error))]
    if isinstance(rule, Without):
        test = _word(_ANY_BIT, rule.bits, 0, 1)
        return [_load(rule.argument, Part.LOW), test, _word(_RETURN, refuse(rule.error)), _word(_RETURN, ALLOW)]
    halves = [(argument, part) for argument in rule.arguments for part in Part]
    tests = []
    for argument, part in halves:
        tests += [_load(argument, part), _word(_EQUAL, 0, 1, 0), _word(_RETURN, refuse(rule.error))]
    return [*tests, _word(_RETURN, ALLOW)]


def _load(argument: int, part: Part) -> bytes:
    return _word(_LOAD, _ARGUMENTS + 8 * argument + part)


def _word(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
