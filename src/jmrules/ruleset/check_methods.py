"""What must hold of a leaf beyond its schema: its method, its recipients, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import EVERYTHING, Intervals, free_names, intervals, parse, types
from jmrules.feel.tree import Call, Name
from jmrules.methods import Checking, Found, method_of, problem
from jmrules.ruleset.compiling import constant_tests
from jmrules.ruleset.grids import decimals_of
from jmrules.ruleset.model import Leaf, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset.expressions import Analysis
    from jmrules.ruleset.model import Ruleset


def method_problems(leaf: Leaf, pointer: str, ruleset: Ruleset, analysis: Analysis) -> Iterator[Found]:
    """Problems of one leaf's method, its recipients and its evidence; JSON pointer and problem."""
    at = f"{pointer}/method"
    checking = Checking(
        leaf.points,
        lambda step: analysis.expressions[at + step].type,
        lambda value: () if _is_wrong(value, ruleset, analysis) else _domain(value, ruleset),
        lambda value: decimals_of(value, ruleset),
    )
    for step, found in method_of(leaf.method).problems(leaf.method, checking):
        yield at + step, found
    yield from _recipients(leaf, pointer, ruleset)
    for index, required in enumerate(leaf.evidence):
        if required.dated is not None:
            yield from constant_tests(required.dated, types.DATE, f"{pointer}/evidence/{index}/dated")


def _domain(value: str, ruleset: Ruleset) -> Intervals:
    """The numbers that the expression can be: those a plain fact declares, else all."""
    tree, derived = parse(value), {each.id: each.value for each in ruleset.derived}
    for _ in derived:
        if isinstance(tree, Name) and tree.name in derived:
            tree = parse(derived[tree.name])
    match tree:
        case Name(name=name):
            for fact in ruleset.facts:
                if fact.id == name and fact.tests is not None:
                    return intervals(fact.tests) or EVERYTHING
        case Call(function=Name(name="count" | "string length" | "abs")):
            return intervals(">= 0") or EVERYTHING
    return EVERYTHING


def _is_wrong(value: str, ruleset: Ruleset, analysis: Analysis) -> bool:
    """Whether something is wrong with the expression, or with a derived value that it reads: what follows from that is not told."""
    wrong = {pointer for pointer, _ in analysis.problems}
    derived = {each.id: each.value for each in ruleset.derived}
    if any(compiled.text == value for pointer, compiled in analysis.expressions.items() if pointer in wrong):
        return True
    waiting, seen = [value], set[str]()
    while waiting:
        for head, *_ in free_names(parse(waiting.pop())):
            if head not in analysis.types or f"/derived/{head}/value" in wrong:
                return True
            if head in derived and head not in seen:
                seen.add(head)
                waiting.append(derived[head])
    return False


def _recipients(leaf: Leaf, pointer: str, ruleset: Ruleset) -> Iterator[Found]:
    if leaf.applies is None:
        return
    nodes = {node.id: node for _, node in walk(ruleset.indicators)}
    for index, id in enumerate(leaf.applies.to):
        at = f"{pointer}/applies/to/{index}"
        node = nodes.get(id)
        if node is None:
            yield (
                at,
                problem(
                    "no-such-indicator",
                    f"没有指标“{id}”",
                    f"there is no indicator {id!r}",
                    (f"现有指标：{'、'.join(nodes)}", f"indicators: {', '.join(nodes)}"),
                ),
            )
        elif node == leaf:
            yield at, problem("own-recipient", "分值不能转给自己", "an indicator cannot receive its own points")
