"""Regular expressions of XPath and XQuery Functions 3.1 (5.6), which FEEL uses, on the ``regex`` library."""

from __future__ import annotations

import regex

from jmrules.feel import limits
from jmrules.feel.functions.registry import NoValue


def matches(text: str, pattern: str, flags: str) -> bool:
    compiled = _compiled(pattern, flags)
    try:
        return compiled.search(text, timeout=limits.MAX_REGEX_SECONDS) is not None
    except TimeoutError:
        raise _too_slow(pattern) from None


def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    compiled = _compiled(pattern, flags)
    try:
        return compiled.sub(replacement, text, timeout=limits.MAX_REGEX_SECONDS)
    except TimeoutError:
        raise _too_slow(pattern) from None


def split(text: str, pattern: str) -> list[str]:
    compiled = _compiled(pattern, "")
    try:
        return compiled.split(text, timeout=limits.MAX_REGEX_SECONDS)
    except TimeoutError:
        raise _too_slow(pattern) from None


def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, sum(_FLAGS[flag] for flag in set(flags)) | regex.V1)
    except (regex.error, KeyError):
        raise NoValue(f"{pattern} 不是正则表达式", f"{pattern} is not a regular expression") from None


_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERBOSE}


def _too_slow(pattern: str) -> limits.LimitReached:
    return limits.LimitReached(f"正则表达式 {pattern} 耗时过长", f"the regular expression {pattern} takes too long")
