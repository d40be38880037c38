"""Signals decided by columns, and what follows from them once for each combination that occurs.

The conclusions themselves are those of ``inference.reference``: few combinations of signals occur among many departments, and chaining is
done for each of them once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from jmrules.feel.vectors import (
    Array,
    Context,
    Empty,
    Items,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Rows,
    Truth,
    Vector,
    Words,
    divide,
    either,
    evaluate,
    full,
    patterns,
    taken,
)
from jmrules.ruleset import SCORES
from jmrules.score.columns import published

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmrules.plan import Plan
    from jmrules.rules.plan import Atom, RulePlan
    from jmrules.ruleset import Signal
    from jmrules.ruleset.rule_texts import Body
    from jmrules.score.columns import Sheet


#: items that one mark tells of
_ITEMS = 30


@frozen(eq=False)
class Results:
    """Awards and points of all leaves, totals and grades, of some departments."""

    plan: Plan
    awards: Array
    #: of each leaf: one number, or one for each department
    points: Sequence[Array]
    totals: Array
    grades: Array


@frozen(eq=False)
class Held:
    """A signal, decided."""

    signal: Signal
    #: the lists whose items it is about; None: it is about the department
    items: Items | None
    #: over the departments, or over the items
    holds: Array

    def any_of(self, count: int) -> Array:
        """Departments of which it holds, or of an item of which."""
        if self.items is None:
            return full(self.holds, count)
        return self.items.count_of(self.holds) > 0

    def marks(self) -> list[Array]:
        """What tells departments apart: where it holds, or of which items."""
        if self.items is None:
            return [np.asarray(self.holds)]
        holds = full(self.holds, self.items.size)
        if not holds.any():
            return []
        owners, begins = self.items.owners()[holds], self.items.offsets[:-1]
        places = np.flatnonzero(holds) - begins[owners]
        made = []
        for low in range(0, int(places.max()) + 1, _ITEMS):
            here = (places >= low) & (places < low + _ITEMS)
            code = np.zeros(len(begins), dtype=np.int64)
            np.add.at(code, owners[here], 1 << (places[here] - low))
            made.append(code)
        return made

    def atoms(self, row: int) -> list[Atom]:
        """What holds of a department."""
        if self.items is None:
            return [(self.signal.id, None)] if (self.holds[row] if np.ndim(self.holds) else self.holds) else []
        begin, end = self.items.offsets[row], self.items.offsets[row + 1]
        return [(self.signal.id, int(place)) for place in np.flatnonzero(full(self.holds, self.items.size)[begin:end])]


@frozen(eq=False)
class Decisions:
    """All signals of some departments."""

    held: tuple[Held, ...]
    #: items of the lists that rules go through
    counts: Mapping[str, Array]
    #: departments of which a signal cannot be decided and does not say what then holds
    undecided: Mask
    doubt: Mask


def decide(sheet: Sheet, results: Results, body: Body, signals: Sequence[Signal], domains: Sequence[str]) -> Decisions:
    """Decide signals; raises NotColumnar where one is not decided by columns.

    A table makes no claims and has no history; the indicators as a list are not there before findings are.
    """
    from jmrules.ruleset.rule_texts import rule_texts

    rows = sheet.rows.with_names(_names(results))
    texts = rule_texts(body)
    held, undecided, doubt = [], None, None
    for signal in signals:
        tree = texts.signals[signal.id].tree
        inner, items, wrong = rows, None, None
        if signal.each is not None:
            items, wrong = _gone_through(rows, signal.each.of)
            name = signal.each.name
            inner = rows.of_items(items, lambda item, name=name: {name: lambda: item})  # type: ignore[misc]
            doubt = either(doubt, items.doubt)
        if items is not None and isinstance(items.item, Nothing):
            held.append(Held(signal, items, np.zeros(0, dtype=bool)))
            continue
        vector = evaluate(tree, inner)
        if isinstance(vector, Nothing):
            vector = Truth(np.False_, undef=np.ones(inner.count, dtype=bool), doubt=vector.doubt)
        if not isinstance(vector, Truth):
            raise NotColumnar("信号不是真或假", "a signal that is not true or false")
        undef = either(vector.undef, vector.null)
        holds = vector.holds
        if undef is not None:
            holds = np.where(undef, signal.undefined is True, holds)
        unsure = vector.doubt
        if items is not None:
            undef, unsure = items.any_of(undef), items.any_of(unsure)
        if signal.undefined is None:
            undecided = either(undecided, undef, wrong)
        doubt = either(doubt, unsure)
        held.append(Held(signal, items, holds))
    counts = {domain: _gone_through(rows, domain)[0].counts for domain in domains}
    return Decisions(tuple(held), counts, undecided, doubt)


def _gone_through(rows: Rows, name: str) -> tuple[Items, Mask]:
    """The lists of a name, none where it is null or undefined, and where it is undefined."""
    from jmrules.feel.vectors import listed

    found = rows.known(name)
    if found is None:
        raise NotColumnar(f"名称 {name} 不按列计算", f"the name {name} is not evaluated by columns")
    if isinstance(found, Nothing):
        found = Empty(undef=found.undef, doubt=found.doubt)
    items = listed(rows, found)
    return items, items.undef


def _names(results: Results) -> dict[str, Callable[[], Vector]]:
    """What signals read beside facts and derived values."""
    from jmrules.ruleset.rule_texts import CLAIMS, HISTORY, RESULT

    plan = results.plan
    rounding = plan.ruleset.rounding

    def score(leaves: tuple[int, ...]) -> Context:
        points = sum((results.points[leaf] for leaf in leaves), np.zeros(1, dtype=np.int64))
        points = points if points.size > 1 else points[0]
        awarded = results.awards[list(leaves)].sum(axis=0)

        def rate() -> Vector:
            made, null, doubt = divide(published(awarded, rounding.leaf).value, published(points, rounding.leaf).value)
            return Number(made, null=null, doubt=doubt)

        return Context(
            {
                "awarded": lambda: published(awarded, rounding.leaf),
                "points": lambda: published(points, rounding.leaf),
                "rate": rate,
            }
        )

    def scores() -> Vector:
        leaves: dict[str, tuple[int, ...]] = {leaf.leaf.id: (leaf.index,) for leaf in plan.leaves}
        leaves |= {id: group.leaves for id, group in plan.groups.items()}
        return Context({id: lambda each=each: score(each) for id, each in leaves.items()})  # type: ignore[misc]

    ids = tuple(grade.id for grade in plan.ruleset.grades)
    none: dict[str, Callable[[], Vector]] = dict.fromkeys(
        (*(leaf.leaf.id for leaf in plan.leaves), *plan.groups), Nothing
    )
    return {
        SCORES: scores,
        RESULT: lambda: Context(
            {
                "total": lambda: published(results.totals, rounding.total),
                "grade": lambda: Words(results.grades.astype(np.int64), ids),
            }
        ),
        CLAIMS: lambda: Context({"total": Nothing, "grade": Nothing, "indicators": lambda: Context(none)}),
        HISTORY: Empty,
    }


def conclusions(decisions: Decisions, rules: RulePlan, rows: Array) -> tuple[list[frozenset[str]], Array]:
    """The rules that fire for departments: once for each combination that occurs, and which of them each of ``rows`` has."""
    from jmrules.rules.reference import conclude

    marks: list[Array] = [taken(np.asarray(counts), rows) for counts in decisions.counts.values()]
    for held in decisions.held:
        marks += [taken(mark, rows) for mark in held.marks()]
    first, which = patterns(marks, len(rows))
    fired = []
    for row in rows[first].tolist():
        atoms = frozenset(atom for held in decisions.held for atom in held.atoms(row))
        items = {domain: int(counts[row]) for domain, counts in decisions.counts.items()}
        fired.append(frozenset(name for name, _ in conclude(rules, atoms, items)))
    return fired, which
