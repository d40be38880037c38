"""The values that a leaf read: facts, derived values with the facts below them, and earlier scores."""

from __future__ import annotations

from decimal import localcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from jmrules.facts import Basis, Evidence, converter, is_fact_object, weakest
from jmrules.feel import EXACT
from jmrules.ruleset import SCORES
from jmrules.score.exact import Poison
from jmrules.trace.account import declared, derivations
from jmrules.trace.deferred import deferring
from jmrules.trace.model import Input
from jmrules.trace.reading import members, reads, score_paths
from jmrules.trace.values import json_value, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Text
    from jmrules.plan import Call, Derive
    from jmrules.ruleset import FactDeclaration
    from jmrules.trace.view import View


_deferred = deferring(Input, "name", "kind", "basis")


def _fact(declaration: FactDeclaration, given: Any, value: Any, _record: Input, _field: str) -> Mapping[str, Any]:
    """What is told of a fact beside its name and basis."""
    evidence = given.get("evidence") if is_fact_object(given) else None
    return {
        "label": declaration.label,
        "type": declaration.type,
        "value": json_value(value),
        "unit": declaration.unit,
        "evidence": converter().structure(evidence, tuple[Evidence, ...]) if evidence else (),
        "expression": None,
        "shown": _called(declaration, value),
        "source": None,
    }


def _derived(view: View, step: Derive, _record: Input, _field: str) -> Mapping[str, Any]:
    """What is told of a derived value beside its name."""
    derived, value = step.derived, view.account.slots[step.slot]
    known = not isinstance(value, Poison)
    with localcontext(EXACT):
        text = view.opened(derived.id)
    return {
        "label": derived.label,
        "type": type_name(value) if known else "undefined",
        "value": json_value(value) if known else None,
        "unit": derived.unit,
        "evidence": (),
        "expression": derived.value,
        "shown": text,
        "source": derived.source,
    }


def _called(declaration: FactDeclaration, value: Any) -> Text | None:
    """What readers call a string that has a name; None of any other value."""
    return next((named.label for named in declaration.values if named.value == value), None)


class Inputs:
    """Follows what a leaf's view has read, down to the facts."""

    def __init__(self, view: View) -> None:
        self._account, self._view = view.account, view
        plan = view.account.plan
        self._facts, self._steps = declared(plan.ruleset), derivations(plan)
        self._bases: list[Basis | None] = []
        self._found: dict[str, Input] = {}
        for call in view.calls:
            self._call(call)
        fields = self._fields(view.calls)
        for name in view.names:
            self._name(name, fields)

    @property
    def found(self) -> tuple[Input, ...]:
        """In the order in which they were read; a derived value before what it was computed from."""
        return tuple(self._found.values())

    @property
    def basis(self) -> Basis | None:
        """The weakest basis of the facts read."""
        return weakest(self._bases)

    def _fields(self, calls: list[Call]) -> frozenset[str]:
        """Fields of list items that these expressions, or the leaf's method, read."""
        names = frozenset(name for call in calls for name in members(call.expression))
        return names | self._view.leaf.shape.fields_read

    def _call(self, call: Call) -> None:
        for indicator, member in score_paths(call.expression):
            self._score(indicator, member)

    def _name(self, name: str, fields: frozenset[str]) -> None:
        if name in self._found or name == SCORES:
            return
        if name in self._facts:
            self._fact(self._facts[name], fields)
        else:
            self._derived(self._steps[name])

    def _fact(self, declaration: FactDeclaration, fields: frozenset[str]) -> None:
        name = declaration.id
        given = self._account.given_fact(name)
        basis = self._account.basis(declaration, given, fields)
        self._bases.append(basis)
        value = self._account.slots[self._account.plan.slots[name]]
        self._found[name] = _deferred(partial(_fact, declaration, given, value), name, "fact", basis)

    def _derived(self, step: Derive) -> None:
        _, _, names = reads(self._account, step.call)
        id = step.derived.id
        self._found[id] = _deferred(partial(_derived, self._view, step), id, "derived", None)
        self._call(step.call)
        fields = self._fields([step.call])
        for name in names:
            self._name(name, fields)

    def _score(self, indicator: str, member: str) -> None:
        plan, slots = self._account.plan, self._account.slots
        name = f"{SCORES}.{indicator}.{member}"
        if name in self._found:
            return
        index = next((leaf.index for leaf in plan.leaves if leaf.leaf.id == indicator), None)
        label = plan.groups[indicator].group.label if index is None else plan.leaves[index].leaf.label
        value = slots[plan.score_slots[indicator, member]]
        self._found[name] = Input(name, label, "score", "number", json_value(value))
