"""Regular expressions of XPath and XQuery Functions 3.1 (5.6.1), translated to those of the ``regex`` library.

The translation knows every construct of XPath and refuses all else, so that nothing of ``regex``'s own syntax can be
reached from an expression.
"""

from __future__ import annotations

import re
from functools import cache

#: white space that the flag x removes
_SPACE = " \t\n\r"
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
    ]
)
_OTHERS = frozenset(("C", "Cc", "Cf", "Co", "Cn"))
_NAME_START = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_PART = rf"{_NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"
#: multi-character escapes, as the inside of a class
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"\x20\t\n\r",
    "S": r"[^\x20\t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": _NAME_START,
    "I": f"[^{_NAME_START}]",
    "c": _NAME_PART,
    "C": f"[^{_NAME_PART}]",
}
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE = frozenset("\\|.?*+(){}-[]^$")
_QUANTIFIER = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")
_BLOCK = re.compile(r"Is[A-Za-z0-9-]+")


@cache
def _case_variants() -> dict[str, str]:
    """Every character that has case variants, with all of them (XPath and XQuery Functions 3.1, 5.6.1.1, flag i)."""
    variants: dict[str, set[str]] = {}
    for code in range(_LAST_CASED + 1):
        char = chr(code)
        for other in (char.lower(), char.upper()):
            if other != char and len(other) == 1:
                group = variants.setdefault(char, {char}) | variants.setdefault(other, {other})
                for member in group:
                    variants[member] = group
    return {char: "".join(sorted(group)) for char, group in variants.items()}


#: no character above it has case
_LAST_CASED = 0x1E943


#: pieces of a pattern, repetitions written out
_MAX_SIZE = 10_000


class PatternError(ValueError):
    """A text that is no regular expression of XPath."""


def translate(pattern: str, flags: str) -> str:
    """``pattern`` for ``regex`` in its version 1; raises PatternError where it is not one of XPath."""
    if "q" in flags:
        return "".join(_either_case(char) if "i" in flags else _literal(char) for char in pattern)
    return _Translation(_without_space(pattern) if "x" in flags else pattern, flags).run()


def _without_space(pattern: str) -> str:
    kept: list[str] = []
    depth = 0
    position = 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        if char in _SPACE and not depth:
            continue
        if char == "\\" and depth and position < len(pattern):
            char += pattern[position]
            position += 1
        depth += (char == "[") - (char == "]" and depth > 0) if kept[-1:] != ["\\"] else 0
        kept.append(char)
    return "".join(kept)


class _Translation:
    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._flags = flags
        self._either_case = "i" in flags
        self._at = 0
        #: for every open group, its number, or None where it captures nothing
        self._open: list[int | None] = []
        self._groups = 0
        self._closed: set[int] = set()
        #: of every open group, and of the whole, how many pieces it comes to when repetitions are written out
        self._sizes = [0]

    def run(self) -> str:
        pieces: list[str] = []
        repeatable = False
        size = 0
        while self._at < len(self._pattern):
            quantifier = _QUANTIFIER.match(self._pattern, self._at)
            if quantifier:
                if not repeatable:
                    raise PatternError("nothing to repeat")
                self._at = quantifier.end()
                pieces.append(_quantifier(quantifier.group()))
                self._repeat(size, quantifier.group())
                if self._take("?"):
                    pieces.append("?")
                repeatable = False
                continue
            before = self._sizes[:]
            piece, repeatable = self._piece()
            size = self._sizes[-1] - before[len(self._sizes) - 1] if len(self._sizes) <= len(before) else 0
            pieces.append(piece)
        if self._open:
            raise PatternError("a group is not closed")
        return "".join(pieces)

    def _repeat(self, size: int, quantifier: str) -> None:
        """Count a piece as often as it may be repeated at least or at most."""
        self._sizes[-1] += size * (max(_bounds(quantifier), default=1) - 1)
        if self._sizes[-1] > _MAX_SIZE:
            raise PatternError("it repeats too much")

    def _take(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise PatternError("the pattern ends too soon")
        self._at += 1
        return self._pattern[self._at - 1]

    def _piece(self) -> tuple[str, bool]:
        """The next piece, and whether it can be repeated."""
        char = self._next()
        self._sizes[-1] += 1
        match char:
            case "(":
                return self._group(), False
            case ")":
                if not self._open:
                    raise PatternError("a group is closed that is not open")
                number = self._open.pop()
                inner = self._sizes.pop()
                self._sizes[-1] += inner
                if number is not None:
                    self._closed.add(number)
                return ")", True
            case "|":
                return "|", False
            case ".":
                return "." if "s" in self._flags else r"[^\n\r]", True
            case "^":
                return "(?m:^)" if "m" in self._flags else r"\A", True
            case "$":
                return "(?m:$)" if "m" in self._flags else r"\Z", True
            case "[":
                return self._class(), True
            case "\\":
                return self._escape(), True
            case "{" | "}" | "]" | "?" | "*" | "+":
                raise PatternError(f"{char} must be escaped")
        return _either_case(char) if self._either_case else _literal(char), True

    def _group(self) -> str:
        self._sizes.append(0)
        if self._take("?:"):
            self._open.append(None)
            return "(?:"
        if self._take("?"):
            raise PatternError("(? opens no group")
        self._groups += 1
        self._open.append(self._groups)
        return "("

    def _escape(self) -> str:
        digits = re.compile("[1-9][0-9]*").match(self._pattern, self._at)
        if digits is None:
            return f"[{self._class_escape()}]"
        number = digits.group()
        while len(number) > 1 and int(number) > self._groups:
            number = number[:-1]
        if int(number) not in self._closed:
            raise PatternError(f"there is no group {number} before it")
        self._at += len(number)
        return f"(?{'i' if self._either_case else ''}:\\{number})"

    def _class_escape(self) -> str:
        """What stands after a backslash, as the inside of a class."""
        char = self._next()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in "pP":
            return self._property(char)
        if char in _CHARACTERS or char in _ESCAPABLE:
            return _literal(_CHARACTERS.get(char, char))
        raise PatternError(f"\\{char} means nothing")

    def _property(self, char: str) -> str:
        end = self._pattern.find("}", self._at)
        if end < 0 or not self._take("{"):
            raise PatternError(f"\\{char} needs a property in braces")
        name = self._pattern[self._at : end]
        self._at = end + 1
        if _BLOCK.fullmatch(name):
            return f"\\{char}{{Block={name[2:]}}}"
        if name not in _CATEGORIES and name not in _OTHERS:
            raise PatternError(f"there is no property {name}")
        return f"\\{char}{{{name}}}"

    def _class(self) -> str:
        negated = self._take("^")
        parts: list[str] = []
        subtracted = ""
        while not self._take("]"):
            if parts and self._take("-["):
                subtracted = self._class()
                if not self._take("]"):
                    raise PatternError("a subtraction must end its class")
                break
            parts.append(self._range())
        if not parts:
            raise PatternError("a class is empty")
        inside = f"[{'^' if negated else ''}{''.join(parts)}]"
        return f"[{inside}--{subtracted}]" if subtracted else inside

    def _range(self) -> str:
        low = self._class_character()
        here = self._pattern[self._at : self._at + 2]
        if here[:1] != "-" or here[1:] in ("]", "[", "") or len(low) > 1:
            return self._with_variants(low, low) if len(low) == 1 else low
        self._at += 1
        high = self._class_character()
        if len(high) > 1 or high < low:
            raise PatternError(f"{low}-{high} is no range")
        return self._with_variants(low, high)

    def _with_variants(self, low: str, high: str) -> str:
        """A range of characters, and their variants where case does not count."""
        inside = f"{_literal(low)}-{_literal(high)}" if low != high else _literal(low)
        if not self._either_case:
            return inside
        found = {other for char, group in _case_variants().items() if low <= char <= high for other in group}
        return inside + "".join(_literal(char) for char in sorted(found) if not low <= char <= high)

    def _class_character(self) -> str:
        """One character, or the inside of a class for an escape that stands for several."""
        char = self._next()
        if char == "[":
            raise PatternError("[ must be escaped in a class")
        if char != "\\":
            return char
        following = self._pattern[self._at : self._at + 1]
        if following in _CHARACTERS or following in _ESCAPABLE:
            self._at += 1
            return _CHARACTERS.get(following, following)
        return self._class_escape()


def _bounds(quantifier: str) -> list[int]:
    return [int(bound[:6]) for bound in quantifier.strip("{}").split(",") if bound.isdigit()]


def _quantifier(text: str) -> str:
    bounds = _bounds(text)
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        raise PatternError(f"{text} is no quantifier")
    return text


def _either_case(char: str) -> str:
    variants = _case_variants().get(char)
    return f"[{''.join(map(_literal, variants))}]" if variants else _literal(char)


def _literal(char: str) -> str:
    return char if char.isalnum() else f"\\U{ord(char):08x}"
