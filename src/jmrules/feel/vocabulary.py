"""Names that are more than one token: with spaces, or with symbols (DMN 1.5, 10.3.1.4, "names").

``loan amount`` and ``days-late`` are names only where they are known; the longest known name wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel.lexer import tokens
from jmrules.feel.problems import FeelSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmrules.feel.lexer import Token

#: the built-in functions and the properties whose names have spaces
BUILT_IN = (
    "context merge",
    "context put",
    "date and time",
    "day of week",
    "day of year",
    "distinct values",
    "end included",
    "ends with",
    "finished by",
    "get entries",
    "get value",
    "index of",
    "insert before",
    "list contains",
    "list replace",
    "lower case",
    "met by",
    "month of year",
    "overlaps after",
    "overlaps before",
    "round down",
    "round half down",
    "round half up",
    "round up",
    "start included",
    "started by",
    "starts with",
    "string join",
    "string length",
    "substring after",
    "substring before",
    "time offset",
    "upper case",
    "week of year",
    "years and months duration",
)

_NAME = ""  # key of a node that ends a name; no token has this text


class Vocabulary:
    """A set of names, searched by their tokens."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._root: dict[str, Any] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Learn ``name``; a name of one token needs no learning."""
        try:
            parts = tokens(name.strip())[:-1]
        except FeelSyntaxError:
            return
        if len(parts) < 2:
            return
        node = self._root
        for position, part in enumerate(parts):
            node = node.setdefault(_key(part, first=position == 0), {})
        node[_NAME] = " ".join(name.split())

    def longest(self, found: Sequence[Token], index: int) -> tuple[str, int] | None:
        """The longest name that begins at token ``index``, and the index after it."""
        node = self._root.get(found[index].text)
        best: tuple[str, int] | None = None
        index += 1
        while node:
            if _NAME in node:
                best = node[_NAME], index
            if found[index].kind == "end":
                break
            node = node.get(_key(found[index], first=False))
            index += 1
        return best


def _key(token: Token, *, first: bool) -> str:
    return f" {token.text}" if token.spaced and not first else token.text


_BUILT_IN = Vocabulary(BUILT_IN)


def longest_name(known: Vocabulary, found: Sequence[Token], index: int) -> tuple[str, int] | None:
    """The longest of the known and the built-in names at token ``index``."""
    own, built_in = known.longest(found, index), _BUILT_IN.longest(found, index)
    if own and built_in:
        return max(own, built_in, key=lambda match: match[1])
    return own or built_in
