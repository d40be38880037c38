"""The facts, derived values and scores of a run of departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors import (
    DIGITS,
    Array,
    Context,
    NotColumnar,
    Number,
    Rows,
    Vector,
    column,
    divide,
    evaluate,
    mask_of,
)
from jmrules.plan import Derive
from jmrules.ruleset import SCORES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.feel.tree import Node
    from jmrules.plan import Plan


def derived_trees(plan: Plan) -> dict[str, Node]:
    """The expressions of the derived values by their names."""
    steps = [*plan.first, *(step for step in plan.then if isinstance(step, Derive))]
    return {step.derived.id: step.call.expression.tree for step in steps}


class Sheet:
    """What expressions read of some departments; derived values are computed when first read, and kept."""

    def __init__(self, trees: Mapping[str, Node], count: int, facts: Mapping[str, Callable[[], Vector]]) -> None:
        self._trees, self._facts = trees, facts
        #: (indicator, points | awarded | rate)
        self._scores: dict[tuple[str, str], Vector] = {}
        self._known: dict[str, Vector | NotColumnar] = {}
        self.rows = Rows(count, self.find)

    def find(self, name: str) -> Vector | None:
        """What a name means; raises NotColumnar for a derived value that is not computed by columns."""
        if name == SCORES:
            return self._score_context()
        if name not in self._known:
            if name in self._facts:
                self._known[name] = self._facts[name]()
            elif name in self._trees:
                try:
                    self._known[name] = evaluate(self._trees[name], self.rows)
                except NotColumnar as reason:
                    self._known[name] = reason
            else:
                return None
        found = self._known[name]
        if isinstance(found, NotColumnar):
            raise found
        return found

    def publish(self, indicator: str, what: str, vector: Vector) -> None:
        """Put a score where expressions read it."""
        self._scores[indicator, what] = vector

    def _score_context(self) -> Vector:
        by_indicator: dict[str, dict[str, Callable[[], Vector]]] = {}
        for (indicator, what), vector in self._scores.items():
            by_indicator.setdefault(indicator, {})[what] = _always(vector)
        return Context({indicator: _always(Context(members)) for indicator, members in by_indicator.items()})

    def complete_rates(self, indicators: set[str]) -> None:
        """Publish awarded / points of indicators whose awarded and points are published."""
        for indicator in indicators:
            awarded, points = self._scores[indicator, "awarded"], self._scores[indicator, "points"]
            assert isinstance(awarded, Number) and isinstance(points, Number)
            made, null, doubt = divide(awarded.value, points.value)
            self.publish(indicator, "rate", Number(made, null=null, doubt=doubt))


def _always(vector: Vector) -> Callable[[], Vector]:
    return lambda: vector


def published(quanta: Array, digits: int) -> Number:
    """Points in quanta as numbers that expressions read."""
    return Number(
        column(np.asarray(quanta, dtype=np.float64) / 10.0**digits), doubt=mask_of(np.abs(quanta) >= 10**DIGITS)
    )
