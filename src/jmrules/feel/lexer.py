"""Text to tokens (DMN 1.5, 10.3.1.2, rules 21 to 36; comments, 10.3.1.4)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, NamedTuple

from jmrules.feel import limits
from jmrules.feel.letters import PART, START
from jmrules.feel.problems import FeelSyntaxError, place_of, problem

Kind = Literal["word", "number", "string", "operator", "other", "end"]


class Token(NamedTuple):
    kind: Kind
    text: str
    start: int
    end: int
    #: white space or a comment stands before it
    spaced: bool


_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)+)
  | (?P<word>[{START}][{PART}]*)
  | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<operator>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)

_ESCAPE = re.compile(r"""\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))""", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, the last of kind ``end``; raises FeelSyntaxError where a comment or string stays open."""
    if len(text) > limits.MAX_TEXT:
        raise FeelSyntaxError(
            problem(
                "feel-too-long",
                f"表达式有 {len(text):,} 个字符，超过 {limits.MAX_TEXT:,}",
                f"the expression has {len(text):,} characters, above {limits.MAX_TEXT:,}",
                ("拆成几个表达式", "split it into several expressions"),
            )
        )
    found: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            spaced = True
            continue
        token = Token(kind, match.group(), match.start(), match.end(), spaced)  # type: ignore[arg-type]
        spaced = False
        if kind == "other":
            _check_open(text, token)
        found.append(token)
    found.append(Token("end", "", len(text), len(text), spaced))
    for first, second in pairwise(found):
        if first.text == "/" and second.text == "*" and second.start == first.end:
            raise _open(text, first, "注释没有以 */ 结束", "the comment is not closed by */")
    return found


def _check_open(text: str, token: Token) -> None:
    if token.text == '"':
        raise _open(text, token, '字符串没有以 " 结束', 'the string is not closed by "')


def _open(text: str, token: Token, zh: str, en: str) -> FeelSyntaxError:
    return FeelSyntaxError(problem("feel-syntax", zh, en, place=place_of(text, token.start)))


def unescape(literal: str) -> str | None:
    """The string that a literal with its quotes stands for; None where an escape names no character.

    An unknown escape stands for itself, both characters, so that regular expressions can be written plainly.
    """
    body = literal[1:-1]
    if "\\" not in body:
        return body
    value = _ESCAPE.sub(_replacement, body)
    if any("\ud800" <= char <= "\udfff" for char in value):
        try:
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            return None
    return None if _BEYOND in value else value


#: stands for a code point above U+10FFFF; never part of a text that was read as UTF-8
_BEYOND = "\udfff\ud800"


def _replacement(match: re.Match[str]) -> str:
    short, long, other = match.groups()
    if other is not None:
        return _SIMPLE.get(other, "\\" + other)
    code = int(short or long, 16)
    return chr(code) if code <= 0x10FFFF else _BEYOND
