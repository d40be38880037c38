"""How many decimals an expression can have, as far as its form and the declared facts say: what tells a gap from none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import parse
from jmrules.feel import tree as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset.model import Ruleset

#: functions of one number that leave no decimals, and those that leave as many as their second argument says
_WHOLE = frozenset(("count", "floor", "ceiling", "string length"))
_ROUNDING = frozenset(("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"))
_AS_ITS_ARGUMENTS = frozenset(("abs", "sum", "min", "max"))


def decimals_of(text: str, ruleset: Ruleset) -> int | None:
    """How many decimals the expression's number has at most; None where that cannot be told."""
    facts = {fact.id: fact.decimals for fact in ruleset.facts if fact.type == "number"}
    fields = {
        (fact.id, part.id): part.decimals for fact in ruleset.facts for part in fact.item if part.type == "number"
    }
    derived = {each.id: each.value for each in ruleset.derived}
    return _Reading(facts, fields, derived).of(parse(text), frozenset())


class _Reading:
    def __init__(
        self,
        facts: Mapping[str, int | None],
        fields: Mapping[tuple[str, str], int | None],
        derived: Mapping[str, str],
    ) -> None:
        self.facts, self.fields, self.derived = facts, fields, derived

    def of(self, node: t.Node, within: frozenset[str]) -> int | None:
        match node:
            case t.Number(value=value):
                return max(0, -int(value.normalize().as_tuple().exponent))
            case t.Negation(operand=operand):
                return self.of(operand, within)
            case t.Name(name=name) if name in self.facts:
                return self.facts[name]
            case t.Name(name=name) if name in self.derived and name not in within:
                return self.of(parse(self.derived[name]), within | {name})
            case t.Path(of=t.Name(name=name) | t.Filter(of=t.Name(name=name)), member=member):
                return self.fields.get((name, member))
            case t.Binary(operator="+" | "-", left=left, right=right):
                return self._most(self.of(left, within), self.of(right, within))
            case t.Binary(operator="*", left=left, right=right):
                one, other = self.of(left, within), self.of(right, within)
                return None if one is None or other is None else one + other
            case t.If(then=then, otherwise=otherwise):
                return self._most(self.of(then, within), self.of(otherwise, within))
            case t.Call(function=t.Name(name=name), arguments=arguments) if not any(each.name for each in arguments):
                return self._call(name, [argument.value for argument in arguments], within)
        return None

    def _call(self, name: str, arguments: list[t.Expression], within: frozenset[str]) -> int | None:
        if name in _ROUNDING and len(arguments) > 1:
            digits = arguments[1]
            whole = isinstance(digits, t.Number) and digits.value == int(digits.value) and digits.value >= 0
            return int(digits.value) if whole and isinstance(digits, t.Number) else None
        if name in _WHOLE:
            return 0
        if name in _AS_ITS_ARGUMENTS and arguments:
            return self._most(*(self.of(argument, within) for argument in arguments))
        return None

    @staticmethod
    def _most(*decimals: int | None) -> int | None:
        return None if None in decimals else max(each for each in decimals if each is not None)
