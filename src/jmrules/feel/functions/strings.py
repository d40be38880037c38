"""Built-in functions on strings (DMN 1.5, 10.3.4.3). Characters are Unicode code points."""

from __future__ import annotations

from decimal import Decimal

from jmrules.feel import limits
from jmrules.feel import types as ft
from jmrules.feel.functions import patterns
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.numbers import Number, truncated


@builtin("substring", "string: string, start position: number, length: number?", ft.STRING)
def substring(string: str, start: Number, length: Number | None = None) -> str:
    first = truncated(start)
    if first == 0 or abs(first) > len(string):
        raise NoValue(f"字符串没有第 {first} 个字符", f"the string has no character {first}")
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    if truncated(length) < 1:
        raise NoValue("substring 的长度应为正数", "the length of substring must be positive")
    return string[begin : begin + truncated(length)]


@builtin("string length", "string: string", ft.NUMBER)
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string", ft.STRING)
def upper_case(string: str) -> str:
    return string.upper()


@builtin("lower case", "string: string", ft.STRING)
def lower_case(string: str) -> str:
    return string.lower()


@builtin("substring before", "string: string, match: string", ft.STRING)
def substring_before(string: str, match: str) -> str:
    head, found, _ = string.partition(match) if match else ("", "", "")
    return head if found else ""


@builtin("substring after", "string: string, match: string", ft.STRING)
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string, match: string", ft.BOOLEAN)
def contains(string: str, match: str) -> bool:
    return match in string


@builtin("starts with", "string: string, match: string", ft.BOOLEAN)
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string", ft.BOOLEAN)
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches", "input: string, pattern: string, flags: string?!", ft.BOOLEAN)
def matches(text: str, pattern: str, flags: str | None = None) -> bool:
    return patterns.matches(text, pattern, flags or "")


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?!", ft.STRING)
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    return patterns.replace(text, pattern, replacement, flags or "")


@builtin("split", "string: string, delimiter: string", ft.ListType(ft.STRING))
def split(string: str, delimiter: str) -> list[str]:
    return patterns.split(string, delimiter)


@builtin("string join", "list: strings, delimiter: string?!", ft.STRING)
def string_join(items: list[str | None], delimiter: str | None = None) -> str:
    parts = [item for item in items if item is not None]
    joint = delimiter or ""
    limits.check_string(sum(map(len, parts)) + len(joint) * max(len(parts) - 1, 0))
    return joint.join(parts)
