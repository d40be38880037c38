"""Bounds on what an expression may cost, so that untrusted text ends in bounded time and memory."""

from __future__ import annotations

import sys
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
#: items that one evaluation may go through: see :func:`go_through`
MAX_WORK = 2_000_000
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
    #: work that the evaluation which is going on may still do
    left = sys.maxsize


#: of each thread; generated code sets it itself
METER = _Meter()


@contextmanager
def metered() -> Iterator[None]:
    """Within it, an evaluation may do as much work as one may do, whatever has been done outside."""
    before = METER.left
    METER.left = MAX_WORK
    try:
        yield
    finally:
        METER.left = before


@contextmanager
def uncounted() -> Iterator[None]:
    """Work within it is bounded by what is left, and not counted afterwards: for looking at the same thing again."""
    before = METER.left
    try:
        yield
    finally:
        METER.left = before


def spend(work: int) -> None:
    """Count work; raises LimitError when there is more than one evaluation may do."""
    METER.left = left = METER.left - work
    if left < 0:
        raise limit_reached(
            f"求值要逐项经过的列表项超过 {MAX_WORK:,} 个", f"the evaluation goes through more than {MAX_WORK:,} items"
        )


def go_through(count: int, weight: int = 1) -> None:
    """Count ``count`` items, of a loop that is about to go through them.

    Every way of reading an expression counts the same, when it enters: a ``for``, ``some``, ``every`` or filter its
    items, each as ``weight`` (see ``tree.weight``); a path or a built-in function the items of the lists it is given;
    a function of the author's the weight of its body. A thousand characters of a string that is made, or given to a
    built-in, are as an item. Raises LimitError, also for more than MAX_ITEMS.
    """
    check_items(count)
    spend(count * weight)


def check_items(count: int) -> None:
    """Raise LimitError for a list or an iteration longer than MAX_ITEMS."""
    if count > MAX_ITEMS:
        raise limit_reached(
            f"列表或循环有 {count:,} 项，超过 {MAX_ITEMS:,}",
            f"a list or iteration of {count:,} items, above {MAX_ITEMS:,}",
        )


def check_string(length: int) -> None:
    """Raise LimitError for a string longer than MAX_STRING characters, that is to be made; its making is work."""
    if length > MAX_STRING:
        raise limit_reached(
            f"字符串有 {length:,} 个字符，超过 {MAX_STRING:,}",
            f"a string of {length:,} characters, above {MAX_STRING:,}",
        )
    spend(length // 1000)


def of_expression(limit: LimitError, text: str) -> LimitError:
    """The error of an expression with this text, unless it comes from another that a name in it stands for."""
    if limit.expression is None:
        limit.expression = text
    return limit
