"""Matching, replacing and splitting by regular expressions, in bounded time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel.functions.registry import NoValue
from jmrules.feel.functions.xpath_regex import PatternError, translate
from jmrules.memo import by_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FLAGS = frozenset("smixq")
_MAX_PATTERN = 2_000
_REFERENCE = re.compile(r"\\([\\$])|\$([0-9]+)|([\\$])")


def matches(text: str, pattern: str, flags: str) -> bool:
    """Whether ``pattern`` matches anywhere in ``text``."""
    return bool(_timed(_compiled(pattern, flags).search, pattern, text))


def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """``text`` with every match replaced; in the replacement ``$1`` is a group, ``$0`` the match, ``\\$`` a dollar."""
    compiled = _compiled(pattern, flags)
    _check_not_empty(compiled, pattern)
    literal = "q" in flags
    parts = [replacement] if literal else list(_parts(replacement, compiled.groups))
    length = len(text)

    def value(match: Any) -> str:
        nonlocal length
        found = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        length += len(found)
        limits.check_string(length)
        return found

    result: str = _timed(lambda subject, timeout: compiled.sub(value, subject, timeout=timeout), pattern, text)
    return result


def split(text: str, pattern: str) -> list[str]:
    """The pieces of ``text`` between the matches."""
    compiled = _compiled(pattern, "")
    _check_not_empty(compiled, pattern)
    spans: list[tuple[int, int]] = _timed(
        lambda subject, timeout: [match.span() for match in compiled.finditer(subject, timeout=timeout)], pattern, text
    )
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


class Pattern(str):
    """A regular expression that stands in an expression: what it compiles to goes with it."""

    __slots__ = ("made",)
    made: dict[str, Any]

    def __new__(cls, text: str) -> Pattern:
        self = super().__new__(cls, text)
        self.made = {}
        return self


def _compiled(pattern: str, flags: str) -> Any:
    # Flags may come from facts, and are many where they repeat themselves.
    if not isinstance(pattern, Pattern) or len(flags) > len(_FLAGS):
        return _of_text(pattern, flags)
    if flags not in pattern.made:
        pattern.made[flags] = _of_text(str(pattern), flags)
    return pattern.made[flags]


@by_text(1_000_000)
def _of_text(pattern: str, flags: str) -> Any:
    import regex  # type: ignore[import-untyped]

    if not _FLAGS.issuperset(flags):
        raise NoValue(f"标志 {flags} 只能由 s、m、i、x、q 组成", f"the flags {flags} must be among s, m, i, x and q")
    if len(pattern) > _MAX_PATTERN:
        raise NoValue(
            f"正则表达式超过 {_MAX_PATTERN} 个字符", f"the regular expression is longer than {_MAX_PATTERN} characters"
        )
    options = regex.VERSION1 | (regex.DOTALL if "s" in flags else 0)
    try:
        return regex.compile(translate(pattern, flags), options)
    except (PatternError, regex.error, OverflowError, RecursionError) as reason:
        raise NoValue(
            f"“{pattern}”不是正则表达式（{reason}）", f'"{pattern}" is not a regular expression ({reason})'
        ) from None


def _timed(action: Callable[..., Any], pattern: str, text: str) -> Any:
    try:
        return action(text, timeout=limits.MAX_REGEX_SECONDS)
    except TimeoutError:
        raise limits.limit_reached(
            f"正则表达式“{pattern}”耗时过长", f'the regular expression "{pattern}" takes too long'
        ) from None


def _check_not_empty(compiled: Any, pattern: str) -> None:
    if _timed(compiled.search, pattern, "") is not None:
        raise NoValue(f"“{pattern}”能匹配空字符串", f'"{pattern}" matches the empty string')


def _parts(replacement: str, groups: int) -> Iterator[str | int]:
    """Literal texts and numbers of groups; a number has as many digits as there are groups for."""
    end = 0
    for found in _REFERENCE.finditer(replacement):
        yield replacement[end : found.start()]
        end = found.end()
        escaped, digits, stray = found.groups()
        if stray:
            raise NoValue(
                f"替换文本里的 {stray} 要写成 \\{stray}", f"{stray} in a replacement must be written \\{stray}"
            )
        if escaped:
            yield escaped
            continue
        size = len(digits)
        while size > 1 and int(digits[:size]) > groups:
            size -= 1
        number = int(digits[:size])
        yield number if number <= groups else ""
        yield digits[size:]
    yield replacement[end:]
