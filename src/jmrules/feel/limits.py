"""Bounds on what an expression may cost, so that untrusted text ends in bounded time and memory."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jmrules.errors import LimitError, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

#: characters of an expression
MAX_TEXT = 100_000
#: nesting of an expression, and of the values it builds
MAX_DEPTH = 200
#: calls of the author's own functions that are open at once
MAX_CALLS = 64
#: items of a list, entries of a context, steps of an iteration
MAX_ITEMS = 100_000
#: characters of a string
MAX_STRING = 1_000_000
#: steps of one evaluation
MAX_WORK = 500_000
#: seconds that one match of a regular expression may take
MAX_REGEX_SECONDS = 0.25


def limit_reached(zh: str, en: str) -> LimitError:
    """The error that a bound was reached; the words say which. It ends the evaluation, strict or not."""
    return LimitError(Problem("feel-limit", Text(zh, en), _WAY_OUT))


_WAY_OUT = Text(
    "缩短所循环的列表，或改写表达式：循环里再找另一列表的项时，把相等条件写在最前",
    "shorten the lists, or rewrite the expression: where a loop looks for items of another list, put the equality first",
)


class _Meter(threading.local):
    left: int | None = None


_METER = _Meter()


@contextmanager
def metered() -> Iterator[None]:
    """Within it, ``spend`` counts down from MAX_WORK; nested meters share the outermost one."""
    if _METER.left is not None:
        yield
        return
    _METER.left = MAX_WORK
    try:
        yield
    finally:
        _METER.left = None


def spend(work: int = 1) -> None:
    """Count steps of work; raises LimitError when they are used up."""
    left = _METER.left
    if left is None:
        return
    _METER.left = left - work
    if left < work:
        raise limit_reached(f"求值超过 {MAX_WORK:,} 步", f"the evaluation takes more than {MAX_WORK:,} steps")


def check_items(count: int) -> None:
    """Raise LimitError for a list or an iteration longer than MAX_ITEMS; charge its length as work."""
    if count > MAX_ITEMS:
        raise limit_reached(
            f"列表或循环有 {count:,} 项，超过 {MAX_ITEMS:,}",
            f"a list or iteration of {count:,} items, above {MAX_ITEMS:,}",
        )
    spend(count // 8 + 1)


def check_string(length: int) -> None:
    """Raise LimitError for a string longer than MAX_STRING characters."""
    if length > MAX_STRING:
        raise limit_reached(
            f"字符串有 {length:,} 个字符，超过 {MAX_STRING:,}",
            f"a string of {length:,} characters, above {MAX_STRING:,}",
        )
    spend(length // 64 + 1)
