"""FEEL texts changed in one place: an operator, a constant, a condition, a filter."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.documents import plain
from jmrules.feel import Forms, parse, string_of, temporal
from jmrules.feel import tree as t
from jmrules.methods.changes import step_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "=",
    "and": "or", "or": "and", "+": "-", "-": "+", "*": "/", "/": "*", "**": "*",
}  # fmt: skip
_ORDER = ("<", "<=", ">", ">=")
_SWAPS = {"some": "every", "every": "some"} | Forms("mutants", {"min": "max", "max": "min", "any": "all", "all": "any"})
_DAY = temporal.parse_duration("P1D")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


@frozen
class TextChange:
    """A text with one piece replaced."""

    before: str
    after: str
    text: str


@frozen
class Vocabulary:
    """What a mutation must know of the names in an expression."""

    #: facts and derived values that are whole numbers
    whole: frozenset[str] = frozenset()
    #: a string -> the strings that may stand in its place
    strings: Mapping[str, tuple[str, ...]] = {}


def changes(text: str, vocabulary: Vocabulary) -> Iterator[TextChange]:
    """The expression with each operator, constant, condition and filter changed in turn."""
    tree = parse(text)
    masked = _STRING.sub(lambda match: "\0" * len(match[0]), text)
    editor = _Editor(text, masked)
    parents = {id(child): node for node in t.walk(tree) for child in t.children(node)}
    for node in t.walk(tree):
        match node:
            case t.Binary():
                yield editor.operator(node)
            case t.Number():
                yield from _numbers(editor, node, parents.get(id(node)), vocabulary)
            case t.Boolean(value=value):
                yield editor.replaced(node, "false" if value else "true")
            case t.If(condition=condition):
                yield from (editor.replaced(condition, truth) for truth in ("true", "false"))
            case t.Filter(of=of):
                yield editor.only(node, of)
            case t.Quantified(quantifier=word) | t.Call(function=t.Name(name=word)) if word in _SWAPS:
                yield editor.word(node.start, word, _SWAPS[word])
            case t.Call(function=t.Name(name="not"), arguments=(argument,)):
                yield editor.only(node, argument)
            case t.String(value=value):
                yield from _strings(editor, node, value, vocabulary)
            case t.AtLiteral(text=value):
                yield from (editor.replaced(node, f'@"{other}"') for other in _moved(value))


def _numbers(editor: _Editor, node: t.Number, parent: t.Node | None, vocabulary: Vocabulary) -> Iterator[TextChange]:
    step = step_at(node.value)
    for value in (node.value + step, node.value - step):
        if _says_the_same(parent, node, value, vocabulary):
            continue
        yield editor.replaced(node, plain(value) if value >= 0 else f"({plain(value)})")


def _says_the_same(parent: t.Node | None, node: t.Number, value: Decimal, vocabulary: Vocabulary) -> bool:
    """Whether a whole number compared with ``value`` is no other mutant than the one with another operator."""
    if not isinstance(parent, t.Binary) or parent.operator not in _ORDER or node is not parent.right:
        return False
    if not _is_whole(parent.left, vocabulary) or node.value != node.value.to_integral_value():
        return False
    # x > 3 becomes x >= 3 by its operator: that is x > 2.
    return (value < node.value) == (parent.operator in (">", "<="))


def _is_whole(node: t.Expression, vocabulary: Vocabulary) -> bool:
    match node:
        case t.Name(name=name):
            return name in vocabulary.whole
        case t.Call(function=t.Name(name="count")):
            return True
    return False


def _strings(editor: _Editor, node: t.String, value: str, vocabulary: Vocabulary) -> Iterator[TextChange]:
    for other in _moved(value):
        yield editor.replaced(node, f'"{other}"')
    for other in vocabulary.strings.get(value, ())[:1]:
        yield editor.replaced(node, f'"{other}"')


def _moved(text: str) -> Iterator[str]:
    """A date or a duration by its text, a day more and a day less."""
    value = temporal.parse_date(text) or temporal.parse_duration(text)
    if value is None:
        return
    for change in (temporal.add(value, _DAY), temporal.subtract(value, _DAY)):
        if change is not None:
            yield string_of(change)


@frozen
class _Editor:
    """A text under change; ``masked`` is the same with its strings blotted out."""

    text: str
    masked: str

    def cut(self, start: int, end: int, new: str, *, around: tuple[int, int] | None = None) -> TextChange:
        low, high = around or (start, end)
        return TextChange(
            self.text[low:high],
            self.text[low:start] + new + self.text[end:high],
            self.text[:start] + new + self.text[end:],
        )

    def operator(self, node: t.Binary) -> TextChange:
        between = self.masked[node.left.end : node.right.start]
        at = node.left.end + between.index(node.operator)
        return self.cut(at, at + len(node.operator), _OPERATORS[node.operator], around=self.balanced(node))

    def word(self, at: int, old: str, new: str) -> TextChange:
        return self.cut(at, at + len(old), new)

    def replaced(self, node: t.Node, new: str) -> TextChange:
        start, end = self.balanced(node)
        return self.cut(start, end, new)

    def only(self, node: t.Node, part: t.Node) -> TextChange:
        """``node`` replaced by a part of it."""
        start, end = self.balanced(node)
        low, high = self.balanced(part)
        return self.cut(start, end, f"({self.text[low:high]})")

    def balanced(self, node: t.Node) -> tuple[int, int]:
        """The span of a node, widened to the brackets that it begins or ends inside of."""
        start, end = node.start, node.end
        while True:
            depth = lowest = 0
            for char in self.masked[start:end]:
                depth += (char in "([{") - (char in ")]}")
                lowest = min(lowest, depth)
            if lowest < 0:
                start = self.masked.rindex("(", 0, start)
            elif depth > 0:
                end = self.masked.index(")", end) + 1
            else:
                return start, end
