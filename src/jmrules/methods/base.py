"""What a scoring method is to the rest: its fields, and everything that anybody asks of it, in one record."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol

from attrs import frozen

from jmrules.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jmrules.feel import Intervals, Words
    from jmrules.feel.types import Type
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call, Shape
    from jmrules.rounding import Mode

Yields = Literal["anything", "number", "boolean", "string", "items"]
#: bounds of a number, both included; None where there is none
Bounds = tuple[Fraction | None, Fraction | None]
ONE = Fraction(1)


@frozen
class Fields:
    """What a document says of a leaf's method; each method has a class of its own."""


@frozen
class Worth:
    """What something earns: a share of the leaf's points, or points of its own. Exactly one is given."""

    share: Decimal | None = None
    points: Decimal | None = None

    def of(self, points: Decimal | Fraction) -> Fraction:
        """The share of ``points`` that it is."""
        if self.share is not None:
            return Fraction(self.share)
        assert self.points is not None
        return Fraction(self.points) / Fraction(points)


@frozen
class Site:
    """An expression of a method: JSON pointer below the method without a slash before it, text, what it must yield."""

    step: str
    text: str
    yields: Yields


@frozen
class Branch:
    """A way that a method can take: its key, which traces and cases name; in words; JSON pointer below the method."""

    key: str
    label: Text
    pointer: str = ""


#: JSON pointer below the method, and what is wrong there
Found = tuple[str, Problem]


@frozen(eq=False)
class Checking:
    """What the checks of a method may ask."""

    #: of the leaf
    points: Decimal
    #: the type that the expression at a JSON pointer below the method yields
    type_at: Callable[[str], Type]
    #: the numbers that an expression can be, as far as a declared fact says; none of one that is wrong itself
    domain: Callable[[str], Intervals]
    #: how many decimals an expression's number has at most; None where that cannot be told
    decimals: Callable[[str], int | None]


class Speaker(Protocol):
    """Says what the parts of a criterion mean, before there are any facts."""

    #: Of the leaf
    @property
    def points(self) -> Decimal: ...
    #: An expression with labels for names
    def expression(self, text: str) -> Text: ...
    #: The unit of an expression, as far as the names in it tell
    def unit(self, text: str) -> str | None: ...
    #: A constant in a unit
    def number(self, value: Decimal, unit: str | None) -> Text: ...
    #: What a worth is in points
    def worth(self, worth: Worth) -> Text: ...
    #: Constant tests, such as ≤ 10%
    def tests(self, tests: str, unit: str | None) -> Text: ...
    #: The same of a part that has so many points
    def part(self, points: Decimal) -> Speaker: ...


class View(Protocol):
    """A scored leaf under explanation, its expressions with their values in words."""

    words: Words
    #: of the leaf on this sheet
    points: Fraction

    #: The value of an expression; raises its error
    def read(self, call: Call) -> Any: ...
    #: Label, unit and decimals of an expression that is a single name; None of any other
    def meaning(self, call: Call) -> Any: ...
    #: The unit of the expression's value, as far as the names in it tell
    def unit(self, call: Call) -> str | None: ...
    #: The value after its label, where the expression is a single name; else after the expression
    def named_value(self, call: Call, value: Any, value_text: Text | None = None) -> Text: ...
    #: The expression in words with its value
    def said(self, call: Call, value: Any, value_text: Text | None = None) -> Text: ...
    #: What the share earns of the points
    def ending(self, share: Fraction) -> Text: ...
    #: The same of a part that has so many points
    def part(self, points: Fraction) -> View: ...


@frozen
class Part:
    """An item of a method that is scored on its own: a target, a condition, a kind of problem."""

    id: str
    label: Text
    #: of the leaf's points, exact
    points: Fraction
    awarded: Fraction
    shown: Text


@frozen
class Lost:
    """A part of the leaf's points that was not earned, exact."""

    share: Fraction
    reason: Text
    part: str | None = None


@frozen
class Told:
    """What a method says of a scored leaf; the branch is told by :attr:`Method.taken`."""

    text: Text
    lost: tuple[Lost, ...] = ()
    parts: tuple[Part, ...] = ()


def _no_problems(_fields: Any, _checking: Checking) -> Iterable[Found]:
    return ()


def _not_ruled_out(_fields: Any, _shape: Any, _key: str, _bounds: Any) -> None:
    return None


def _unchanged(_method: Mapping[str, Any], _points: Decimal, _quantum: Decimal) -> Iterable[Change]:
    return ()


@frozen(eq=False)
class Method:
    """A scoring method. Adding one to :data:`jmrules.methods.METHODS` is all that makes it known."""

    #: as documents name it
    kind: str
    #: a field ``worth`` stands in documents as ``share`` or ``points``, a field ``tests`` as ``in``
    fields: type[Fields]
    #: (fields) -> its expressions, in document order
    sites: Callable[[Any], Iterable[Site]]
    #: (fields, the leaf's points, rounding mode, call at a JSON pointer below the method) -> what backends compute
    shape: Callable[[Any, Fraction, Mode, Callable[[str], Call]], Shape]
    #: (fields, shape) -> all ways that it can take
    branches: Callable[[Any, Any], Iterable[Branch]]
    #: (fields, shape, value of a call, share) -> keys of the branches that a scored leaf took
    taken: Callable[[Any, Any, Callable[[Call], Any], Fraction], Iterable[str]]
    #: (fields, speaker) -> the criterion in words
    criterion: Callable[[Any, Speaker], Text]
    #: (view, fields, shape, share) -> a scored leaf in words
    explain: Callable[[Any, Any, Any, Fraction], Told]
    #: (fields, …) -> what is wrong beyond the schema
    problems: Callable[[Any, Checking], Iterable[Found]] = _no_problems
    #: (fields, shape, key of a branch, bounds of a call) -> the call whose bounds rule the branch out, or the reason
    ruled_out: Callable[[Any, Any, str, Callable[[Call], Bounds]], Call | Text | None] = _not_ruled_out
    #: (the method's document, the leaf's points, quantum) -> slips of the pen, all but those in FEEL
    mutations: Callable[[Any, Decimal, Decimal], Iterable[Change]] = _unchanged


def problem(code: str, zh: str, en: str, hint: tuple[str, str] | None = None) -> Problem:
    """A problem of a method, whose place is its JSON pointer."""
    return Problem(code, Text(zh, en), Text(*hint) if hint else None)


def duplicates(ids: Sequence[str], pointer: str) -> Iterator[Found]:
    """The identifiers that stand there before."""
    for index, id in enumerate(ids):
        if id in ids[:index]:
            yield (
                f"{pointer}/{index}/id",
                problem("duplicate-identifier", f"“{id}”在此重复", f"{id!r} stands here twice"),
            )


def worth_problems(worth: Worth, points: Decimal, pointer: str, member: str = "points") -> Iterator[Found]:
    """A worth of more than the leaf has."""
    if worth.points is not None and worth.points > points:
        yield (
            f"{pointer}/{member}",
            problem(
                "worth-too-much",
                f"{worth.points:f} 分超过该指标的 {points:f} 分",
                f"{worth.points:f} points are more than the indicator's {points:f}",
            ),
        )


def adding_up(worths: Sequence[Worth], points: Decimal, pointer: str, zh: str, en: str) -> Iterator[Found]:
    """Worths that do not add up to the points; ``zh`` and ``en`` say whose."""
    total = sum((worth.of(points) for worth in worths), Fraction(0))
    if total != 1:
        together = total * Fraction(points)
        shown = f"{Decimal(together.numerator) / Decimal(together.denominator):f}"
        yield (
            pointer,
            problem(
                "points-do-not-add-up",
                f"{zh}合计 {shown} 分，而该指标为 {points:f} 分",
                f"{en} add up to {shown} points, the indicator has {points:f}",
                (f"请改正{zh}的分值", f"correct the points of {en}"),
            ),
        )


def value_site(fields: Any) -> tuple[Site, ...]:
    """The one expression of a method on one number."""
    return (Site("value", fields.value, "number"),)
