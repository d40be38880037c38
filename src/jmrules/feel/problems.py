"""Errors of FEEL, and the positions that they name."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from attrs import frozen

from jmrules.errors import JmrulesError, Place, Problem, Text, Undefined


class FeelSyntaxError(JmrulesError):
    """A text that is not FEEL."""


@frozen
class DividedByZero(Problem):
    """That a divisor is 0, and its text."""

    divisor: str = ""


class FeelError(Undefined):
    """An expression that has no value for what it was given (strict evaluation only)."""


def place_of(text: str, offset: int) -> Place:
    """Line and column of ``offset`` in ``text``, both from 1."""
    offset = min(max(offset, 0), len(text))
    before = text[:offset]
    line = before.count("\n") + 1
    return Place(line=line, column=offset - (before.rfind("\n") + 1) + 1)


def problem(code: str, zh: str, en: str, hint: tuple[str, str] | None = None, place: Place | None = None) -> Problem:
    """A Problem from its words in both languages."""
    return Problem(code, Text(zh, en), Text(*hint) if hint else None, place or Place())


def close_matches(word: str, candidates: list[str]) -> tuple[str, str] | None:
    """A "did you mean" hint, or None where nothing is near."""
    near = _near(word, tuple(candidates))
    return (f"是否想写 {near[0]}？", f"did you mean {near[0]}?") if near else None


# A name that facts may lack is missed in many departments, and mostly nobody reads the hint: it is found once.
@lru_cache(maxsize=256)
def _near(word: str, candidates: tuple[str, ...]) -> list[str]:
    return get_close_matches(word, candidates, n=1, cutoff=0.6)
