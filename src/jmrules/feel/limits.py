"""Bounds on what an expression may cost, so that untrusted text ends in bounded time and memory."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

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


class LimitReached(Exception):
    """A bound was reached; ``zh`` and ``en`` say which. It ends the evaluation, strict or not."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class _Meter(threading.local):
    left: int | None = None


_METER = _Meter()


@contextmanager
def metered(work: int = MAX_WORK) -> Iterator[None]:
    """Within it, ``spend`` counts down from ``work``; nested meters share the outermost one."""
    if _METER.left is not None:
        yield
        return
    _METER.left = work
    try:
        yield
    finally:
        _METER.left = None


def spend(work: int = 1) -> None:
    """Count steps of work; raises LimitReached when they are used up."""
    left = _METER.left
    if left is None:
        return
    _METER.left = left - work
    if left < work:
        raise LimitReached(f"求值超过 {MAX_WORK:,} 步", f"the evaluation takes more than {MAX_WORK:,} steps")


def check_items(count: int) -> None:
    """Raise LimitReached for a list or an iteration longer than MAX_ITEMS; charge its length as work."""
    if count > MAX_ITEMS:
        raise LimitReached(
            f"列表或循环有 {count:,} 项，超过 {MAX_ITEMS:,}",
            f"a list or iteration of {count:,} items, above {MAX_ITEMS:,}",
        )
    spend(count // 8 + 1)


def check_string(length: int) -> None:
    """Raise LimitReached for a string longer than MAX_STRING characters."""
    if length > MAX_STRING:
        raise LimitReached(
            f"字符串有 {length:,} 个字符，超过 {MAX_STRING:,}",
            f"a string of {length:,} characters, above {MAX_STRING:,}",
        )
    spend(length // 64 + 1)
