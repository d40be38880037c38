"""Derive every number of a trace again from what the trace itself holds, without the ruleset."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules import feel
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.feel.intervals import EVERYTHING, intervals
from jmrules.feel.numbers import exactly
from jmrules.methods import method_of
from jmrules.methods.shapes import in_intervals
from jmrules.methods.shares import ALL, NOTHING, truth
from jmrules.plan.model import Call
from jmrules.rounding import ROUND, rounded
from jmrules.ruleset.expressions import SCORES
from jmrules.ruleset.structure import fields_of
from jmrules.score.allocate import Sheet, allocate
from jmrules.score.exact.methods import share_function
from jmrules.trace.model import GroupTrace, LeafTrace, NodeTrace, Trace
from jmrules.trace.values import feel_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@exactly
def replay(trace: Trace) -> tuple[Problem, ...]:
    """Recompute derived values, shares, awards, losses, sums, total and grade; the numbers that do not come out again.

    An empty result means that the trace accounts for its score by itself.
    """
    problems = [problem for leaf in (*trace.leaves, *trace.beside) for problem in _guarded(leaf, trace)]
    problems += _points(trace)
    problems += _sums(trace.root)
    problems += _total(trace)
    return tuple(problems)


def _differs(where: str, what: str, recorded: object, derived: object) -> Iterator[Problem]:
    if recorded != derived:
        yield Problem(
            "replay-differs",
            Text(
                f"{where} 的 {what} 记为 {recorded}，重算得 {derived}",
                f"{what} of {where} is recorded as {recorded}, derived as {derived}",
            ),
        )


def _guarded(leaf: LeafTrace, trace: Trace) -> Iterator[Problem]:
    """What a tampered trace makes fail is told like what it makes differ."""
    try:
        yield from _leaf(leaf, trace)
    except JmrulesError as error:
        for problem in error.problems:
            yield Problem(
                "replay-fails",
                Text(
                    f"{leaf.id} 无法重算：{problem.message.zh}",
                    f"{leaf.id} cannot be derived: {problem.message.say('en')}",
                ),
            )


def _leaf(leaf: LeafTrace, trace: Trace) -> Iterator[Problem]:
    names, problems = _names(leaf)
    yield from problems
    share = _share(leaf, names, trace)
    yield from _differs(leaf.id, "share", leaf.share, share)
    digits = trace.rounding.leaf
    exact = share * Fraction(leaf.points) * 10**digits
    rounded = ROUND[trace.rounding.mode](exact.numerator, exact.denominator)
    yield from _differs(leaf.id, "awarded", leaf.awarded, Decimal(rounded).scaleb(-digits))
    yield from _differs(
        leaf.id, "losses", leaf.points - leaf.awarded, sum((loss.points for loss in leaf.losses), Decimal(0))
    )


def _names(leaf: LeafTrace) -> tuple[dict[str, Any], list[Problem]]:
    """What the leaf's expressions read: facts and scores as recorded, derived values computed again."""
    names: dict[str, Any] = {}
    problems: list[Problem] = []
    for given in leaf.inputs:
        value = feel_of(given.value, given.type)
        if given.kind == "score":
            _, indicator, member = given.name.split(".")
            names.setdefault(SCORES, {}).setdefault(indicator, {})[member] = value
        elif given.kind == "fact":
            names[given.name] = value
    # A derived value stands before what it was computed from.
    for given in reversed([item for item in leaf.inputs if item.kind == "derived"]):
        assert given.expression is not None
        if given.type == "undefined":
            continue
        value = feel_of(given.value, given.type)
        derived = feel.evaluate(given.expression, names, strict=True) if _ready(given.expression, names) else value
        problems += _differs(leaf.id, given.name, value, derived)
        names[given.name] = value
    return names, problems


def _ready(expression: str, names: dict[str, Any]) -> bool:
    return all(path[0] in names for path in feel.free_names(feel.parse(expression)))


def _share(leaf: LeafTrace, names: dict[str, Any], trace: Trace) -> Fraction:
    if leaf.outcome == "undefined":
        return Fraction((leaf.undefined or {})["share"])
    if leaf.applies is not None and not truth(feel.compile(leaf.applies["when"]).strict(names)):
        return Fraction(*(ALL if leaf.applies["otherwise"] == "full" else NOTHING))

    def call(pointer: str) -> Call:
        text: Any = leaf.method
        for step in pointer.split("/")[1:]:
            text = text[int(step)] if isinstance(text, list) else text[step]
        return Call(feel.compile(text), None, pointer)

    def read(made: Call) -> Callable[[Sequence[Any]], Any]:
        return lambda _: made.expression.strict(names)

    fields = fields_of(leaf.method)
    shape = method_of(fields).shape(fields, Fraction(leaf.stated), trace.rounding.mode, call)
    return Fraction(*share_function(shape, read)(()))


def _points(trace: Trace) -> Iterator[Problem]:
    """The points of each leaf, from the stated ones and from which leaves are excluded."""
    leaves, digits = trace.leaves, trace.rounding.leaf
    index_of = {leaf.id: index for index, leaf in enumerate(leaves)}
    groups = {node.id: node for _, node in trace.walk() if isinstance(node, GroupTrace)}

    def child(node: NodeTrace) -> int | str:
        return index_of[node.id] if isinstance(node, LeafTrace) else node.id

    def below(id: str) -> list[int]:
        return [index_of[id]] if id in index_of else [leaf for inner in groups[id].children for leaf in below(inner.id)]

    def recipients(leaf: LeafTrace) -> tuple[int, ...]:
        named = {index for id in (leaf.applies or {}).get("to", ()) for index in below(id)}
        return tuple(sorted(named - {index_of[leaf.id]}))

    sheet = Sheet(
        tuple(0 if leaf.outcome == "absent" else int(leaf.stated.scaleb(digits)) for leaf in leaves),
        tuple(recipients(leaf) for leaf in leaves),
        tuple(child(node) for node in trace.root.children),
        {id: tuple(child(inner) for inner in group.children) for id, group in groups.items()},
    )
    allocation = allocate(sheet, [leaf.outcome in ("excluded", "absent") for leaf in leaves])
    for leaf, quanta in zip(leaves, allocation.quanta, strict=True):
        yield from _differs(leaf.id, "points", leaf.points, Decimal(quanta).scaleb(-digits))
    for line in trace.beside:
        yield from _differs(line.id, "points", line.points, line.stated)


def _sums(node: NodeTrace) -> Iterator[Problem]:
    if isinstance(node, GroupTrace):
        for child in node.children:
            yield from _sums(child)
        yield from _differs(node.id, "points", node.points, sum((child.points for child in node.children), Decimal(0)))
        yield from _differs(
            node.id, "awarded", node.awarded, sum((child.awarded for child in node.children), Decimal(0))
        )


def _total(trace: Trace) -> Iterator[Problem]:
    digits, lines = trace.rounding.total, {line.indicator: line.points for line in trace.adjustments if line.indicator}
    yield from _differs("total", "lines beside the sheet", lines, {line.id: line.counts for line in trace.beside})
    exact = Fraction(trace.root.awarded)
    if trace.scale is not None and trace.root.points:
        exact *= Fraction(trace.scale.to) / Fraction(trace.root.points)
    exact = (exact + sum(Fraction(line.counts) for line in trace.beside)) * 10**digits
    total = Decimal(rounded(trace.rounding.mode, exact.numerator, exact.denominator)).scaleb(-digits)
    held = _clamped(trace, total)
    clamped = sum((line.points for line in trace.adjustments if line.kind == "clamp"), Decimal(0))
    yield from _differs("total", "clamp", clamped, held - total)
    yield from _limits(trace, held)
    adjusted = sum((line.points for line in trace.adjustments), trace.root.awarded)
    yield from _differs("total", "adjustments", trace.total, adjusted)
    for basis, points in trace.basis.items():
        resting = [leaf.awarded for leaf in trace.leaves if (leaf.basis or "verified") == basis]
        yield from _differs("total", f"basis {basis}", points, sum(resting, Decimal(0)))


def _clamped(trace: Trace, total: Decimal) -> Decimal:
    """The total within the stated ends."""
    if trace.clamp is not None and trace.clamp.least is not None:
        total = max(total, trace.clamp.least)
    if trace.clamp is not None and trace.clamp.most is not None:
        total = min(total, trace.clamp.most)
    return total


def _limits(trace: Trace, total: Decimal) -> Iterator[Problem]:
    """Total and grade from the rounded sum, as the recorded limits leave them; each limit must have its finding."""
    lines = [line for line in trace.adjustments if line.kind in ("cap", "veto", "grade")]
    ranges = {grade.id: intervals(grade.tests) or EVERYTHING for grade in trace.grades}
    cap = min((line.total for line in lines if line.total is not None), default=total)
    taken = sum((line.points for line in lines if line.total == cap), Decimal(0))
    yield from _differs("total", "cap", taken, min(cap, total) - total)
    yield from _differs("total", "total", trace.total, min(cap, total))
    grade = next((id for id, ranges_of in ranges.items() if in_intervals(min(cap, total), ranges_of)), None)
    best = (
        min((ranges[line.grade][0].low, line.grade) for line in lines if line.grade)
        if any(line.grade for line in lines)
        else None
    )
    if grade is not None and best is not None and best[0] < ranges[grade][0].low:
        grade = best[1]
    yield from _differs("total", "grade", trace.grade.id, grade)
    limiting = {finding.rule for finding in trace.findings if finding.cap is not None or finding.veto}
    yield from _differs("total", "limits", sorted({line.rule or "" for line in lines}), sorted(limiting))
