"""A department with some values open: what it could score at most, and what it scores once they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.errors import JmrulesError
from jmrules.evaluation import evaluate, limit, run
from jmrules.facts import Facts, all_hold, domain_of
from jmrules.feel.possible import MAX_ENTRIES, Items, Known, Possible, Value
from jmrules.ruleset import SCORES
from jmrules.score.bounds import Engine, Impossible, Near, SheetBounds, sheet_bounds
from jmrules.score.exact import Rescoring
from jmrules.trace import json_value
from jmrules.whatif.changes import changed_given
from jmrules.whatif.paths import bound_with

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jmrules.evaluation import Evaluation
    from jmrules.whatif.paths import FactPath
    from jmrules.whatif.variables import Variable


#: looks after which the engine forgets what it read of values that are not looked at again
FORGET = 1000


class Prospect:
    """A department's bound facts with variables, which are known by their number. The decimal context must be FEEL's."""

    def __init__(self, before: Evaluation, values: Sequence[Any], variables: tuple[Variable, ...]) -> None:
        """``before``: the score of the facts, of which these are the values."""
        plan = before.plan
        self.plan, self.facts, self.values, self.variables = plan, before.facts, values, variables
        self.before = before
        self.names = [fact.id for fact in plan.ruleset.facts]
        self._known: dict[str, Value] = {name: Known(value) for name, value in zip(self.names, values, strict=True)}
        self._slots = {name: slot for slot, name in enumerate(self.names)}
        self._items: dict[str, Items] = {}
        self._rescoring = Rescoring(plan)
        self._scored: tuple[dict[int, Any], Evaluation] | None = None
        self._open: dict[tuple[str, frozenset[int]], Value] = {}
        #: looks at a sheet so far
        self.looks = 0
        every = range(len(variables))
        self.engine = Engine(plan, self._facts({index: variables[index].whole for index in every}))
        # Facts that leaves share are not taken apart here: then what one leaf may earn depends on what it reads alone, and
        # boxes are split anyway.
        self.engine.shared = ()
        self.readers = self._readers()
        self._near = Near(self.engine)
        self._now = sheet_bounds(self.engine, self._known)

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
        return {**self._known, **{name: self._with(name, changed) for name, changed in parts.items()}}

    def _with(self, name: str, parts: Mapping[tuple[str | int, ...], Value]) -> Value:
        """A fact with values at some places in it; of a list, the other items are the very same ones every time."""
        known = self._known[name]
        if () in parts or not isinstance(known, Known) or not isinstance(known.value, list):
            return _with(known, parts)
        if len(known.value) > MAX_ENTRIES:
            return _with(known, parts)
        if name not in self._items:
            self._items[name] = Items(tuple((Known(item), True) for item in known.value))
        places: dict[int, dict[tuple[str | int, ...], Value]] = {}
        for (place, *steps), value in parts.items():
            assert isinstance(place, int)
            places.setdefault(place, {})[tuple(steps)] = value
        items = {place: _with(Known(known.value[place]), inner) for place, inner in places.items()}
        if all(isinstance(item, Known) for item in items.values()):
            changed = list(known.value)
            for place, item in items.items():
                changed[place] = item.value  # type: ignore[union-attr]
            return Known(changed)
        return Possible(items=self._items[name].changed(items))

    def _names_of(self, chosen: Iterable[int]) -> set[str]:
        return {self.variables[index].path.fact for index in chosen}

    def sheet(self, given: Mapping[int, Value]) -> SheetBounds | None:
        """What the sheet may come to where variables have such values, the others the present one; None where nothing."""
        if self.looks % FORGET == FORGET - 1:
            self.engine.forget()
        return self._look(self._facts(given), self._names_of(given))

    def _look(self, facts: Mapping[str, Value], names: Collection[str]) -> SheetBounds | None:
        self.looks += 1
        try:
            near = self._near.sheet(self._now, facts, names)
            return sheet_bounds(self.engine, facts) if near is None else near.over(self._now)
        except Impossible:
            return None

    def opened(self, chosen: Iterable[int]) -> SheetBounds | None:
        """What the sheet may come to where these variables are open."""
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
        return self._look(facts, by_fact)

    def score(self, chosen: Mapping[int, Any]) -> Evaluation | None:
        """The score with these values; None where there is none."""
        self.looks += 1
        if self._scored is not None and self._scored[0] == chosen:
            return self._scored[1]
        values = self._bound(chosen)
        try:
            near = self._rescoring.near(
                self.before, {slot: values[slot] for slot in map(self._slots.__getitem__, self._names_of(chosen))}
            )
            found = run(self.plan, values, self.before.given) if near is None else limit(near)
        except JmrulesError:
            return None
        self._scored = dict(chosen), found
        return found

    def _bound(self, chosen: Mapping[int, Any]) -> list[Any]:
        return bound_with(
            self.plan.ruleset, self.values, {self.variables[index].path: value for index, value in chosen.items()}
        )

    def verified(self, chosen: Mapping[int, Any]) -> Evaluation | None:
        """The score of the facts with these values as a facts document would give them; None where there is none."""
        stated = self.in_json(chosen)
        if all(_says(self.variables[index], stated, value) for index, value in chosen.items()):
            # What is bound is what was chosen: only relations between facts are left to be held against it.
            if not all_hold(self.plan.ruleset, self._bound(chosen), self._names_of(chosen)):
                return None
            return self.score(chosen)
        given = changed_given(self.facts, stated)
        # Checking the whole document again, for one value that fits its declaration, would cost more than all the rest.
        facts = evolve(self.facts, given=given) if isinstance(self.facts, Facts) else given
        try:
            return evaluate(self.plan.ruleset, facts)
        except JmrulesError:
            return None

    def in_json(self, chosen: Mapping[int, Any]) -> dict[FactPath, Any]:
        """The values by their places, in JSON's terms."""
        return {self.variables[index].path: json_value(value) for index, value in chosen.items()}


def _says(variable: Variable, stated: Mapping[FactPath, Any], value: Any) -> bool:
    """Whether a document that states it gives the value, and may give it."""
    domain = domain_of(variable.declaration)
    return bool(domain.read(stated[variable.path]) == value) and domain.allows(value)


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
