"""A department with some values open: what it could score at most, and what it scores once they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.errors import JmrulesError
from jmrules.evaluation import evaluate, run
from jmrules.facts.model import Facts
from jmrules.feel.possible.values import Items, Known, Possible, Value
from jmrules.ruleset.expressions import SCORES
from jmrules.score.bounds.engine import Engine
from jmrules.score.bounds.sheet import Impossible, SheetBounds, sheet_bounds
from jmrules.trace.values import json_value
from jmrules.whatif.changes import changed_given
from jmrules.whatif.paths import bound_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jmrules.evaluation import Evaluation
    from jmrules.plan.model import Plan
    from jmrules.whatif.paths import FactPath
    from jmrules.whatif.variables import Variable


class Prospect:
    """A department's bound facts with variables, which are known by their number. The decimal context must be FEEL's."""

    def __init__(
        self, plan: Plan, facts: Facts | Mapping[str, Any], values: Sequence[Any], variables: tuple[Variable, ...]
    ) -> None:
        self.plan, self.facts, self.values, self.variables = plan, facts, values, variables
        self.names = [fact.id for fact in plan.ruleset.facts]
        self._known = {name: Known(value) for name, value in zip(self.names, values, strict=True)}
        self._open: dict[tuple[str, frozenset[int]], Value] = {}
        #: looks at a sheet so far
        self.looks = 0
        every = range(len(variables))
        self.engine = Engine(plan, self._facts({index: variables[index].whole for index in every}))
        # Facts that leaves share are not taken apart here: then what one leaf may earn depends on what it reads alone, and
        # boxes are split anyway.
        self.engine.shared = ()
        self.readers = self._readers()

    def _readers(self) -> list[frozenset[int]]:
        """For each variable the leaves whose award it may change; all, where points may move or scores are read."""
        plan, reads = self.plan, self.engine.leaf_reads
        everywhere = set[str]()
        for leaf in plan.leaves:
            if leaf.leaves_the_sheet or (SCORES in reads[leaf.index] and leaf.undefined is None):
                everywhere |= reads[leaf.index]
        if SCORES in everywhere:
            everywhere |= set(self.names)
        return [
            frozenset(
                leaf.index
                for leaf in plan.leaves
                if variable.path.fact in everywhere
                or variable.path.fact in reads[leaf.index]
                or SCORES in reads[leaf.index]
            )
            for variable in self.variables
        ]

    def _facts(self, given: Mapping[int, Value]) -> dict[str, Value]:
        """Every fact, with these values of variables, the others as they are."""
        parts: dict[str, dict[tuple[str | int, ...], Value]] = {}
        for index, value in given.items():
            path = self.variables[index].path
            parts.setdefault(path.fact, {})[path.steps[1:]] = value
        return {name: _with(known, parts[name]) if name in parts else known for name, known in self._known.items()}

    def sheet(self, given: Mapping[int, Value]) -> SheetBounds | None:
        """What the sheet may come to where variables have such values, the others the present one; None where nothing."""
        self.looks += 1
        try:
            return sheet_bounds(self.engine, self._facts(given))
        except Impossible:
            return None

    def opened(self, chosen: Iterable[int]) -> SheetBounds | None:
        """What the sheet may come to where these variables are open."""
        self.looks += 1
        by_fact: dict[str, list[int]] = {}
        for index in chosen:
            by_fact.setdefault(self.variables[index].path.fact, []).append(index)
        facts: dict[str, Value] = dict(self._known)
        for name, indexes in by_fact.items():
            # The same value object each time, for the engine remembers results by it.
            key = name, frozenset(indexes)
            if key not in self._open:
                self._open[key] = self._facts({index: self.variables[index].whole for index in indexes})[name]
            facts[name] = self._open[key]
        try:
            return sheet_bounds(self.engine, facts)
        except Impossible:
            return None

    def score(self, chosen: Mapping[int, Any]) -> Evaluation | None:
        """The score with these values; None where there is none."""
        self.looks += 1
        try:
            return run(self.plan, self._bound(chosen), self.facts)
        except JmrulesError:
            return None

    def _bound(self, chosen: Mapping[int, Any]) -> list[Any]:
        return bound_with(
            self.plan.ruleset, self.values, {self.variables[index].path: value for index, value in chosen.items()}
        )

    def verified(self, chosen: Mapping[int, Any]) -> Evaluation | None:
        """The score of the facts with these values as a facts document would give them; None where there is none."""
        given = changed_given(self.facts, self.in_json(chosen))
        # Checking the whole document again, for one value that fits its declaration, would cost more than all the rest.
        facts = evolve(self.facts, given=given) if isinstance(self.facts, Facts) else given
        try:
            return evaluate(self.plan.ruleset, facts)
        except JmrulesError:
            return None

    def in_json(self, chosen: Mapping[int, Any]) -> dict[FactPath, Any]:
        """The values by their places, in JSON's terms."""
        return {self.variables[index].path: json_value(value) for index, value in chosen.items()}


def _with(known: Value, parts: Mapping[tuple[str | int, ...], Value]) -> Value:
    """A known value with values at some places in it."""
    if () in parts:
        return parts[()]
    assert isinstance(known, Known)
    below: dict[str | int, dict[tuple[str | int, ...], Value]] = {}
    for steps, value in parts.items():
        below.setdefault(steps[0], {})[steps[1:]] = value
    if isinstance(known.value, list):
        items = [
            _with(Known(item), below[index]) if index in below else Known(item)
            for index, item in enumerate(known.value)
        ]
        if all(isinstance(item, Known) for item in items):
            return Known([item.value for item in items if isinstance(item, Known)])
        return Possible(items=Items(tuple((item, True) for item in items)))
    members = {
        name: _with(Known(part), below[name]) if name in below else Known(part) for name, part in known.value.items()
    }
    if all(isinstance(part, Known) for part in members.values()):
        return Known({name: part.value for name, part in members.items() if isinstance(part, Known)})
    return Possible(members=members)
