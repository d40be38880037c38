"""Facts with some values changed, as a facts document would give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import FactsError, Text
from jmrules.facts import Facts, is_fact_object, load_facts
from jmrules.frozen import frozen_mapping, frozen_value
from jmrules.whatif.paths import FactPath, no_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.feel import Number

#: what a fact object says of the value that it had
_OF_THE_VALUE = ("value", "unit", "unknown", "between", "length", "statements")


@frozen
class Open:
    """A value that is not known: a number between two, where it is known between which."""

    between: tuple[Number, Number] | None = None


@frozen
class Change:
    """One value, before and after, as FEEL values in the declared unit; ``Open`` where it is not known."""

    path: FactPath
    label: Text
    unit: str | None
    before: Any = field(converter=frozen_value)
    after: Any = field(converter=frozen_value)
    #: what strings that it may be are called
    called: Mapping[str, Text] = field(factory=dict, converter=frozen_mapping)


def changed_facts(facts: Facts | Mapping[str, Any], changes: Mapping[FactPath, Any]) -> Facts | Mapping[str, Any]:
    """The facts after changes; values in JSON's terms, in the declared unit, or fact objects.

    What the facts say of a changed fact beside its value, such as its basis and evidence, stays: the question is what the
    score would be if it were so and were as well supported.

    Raises:
        FactsError: an item that is not there, or a value that no facts document can give.
    """
    given = changed_given(facts, changes)
    return load_facts({**facts.source.value, "facts": given}) if isinstance(facts, Facts) else given


def changed_given(facts: Facts | Mapping[str, Any], changes: Mapping[FactPath, Any]) -> dict[str, Any]:
    """The facts by name after changes, as :func:`changed_facts`, without a look at the whole document."""
    given: Any = facts.given if isinstance(facts, Facts) else facts
    for path, value in changes.items():
        given = _with(given, path.steps, value, path)
    return dict(given)


def _with(given: Any, steps: Sequence[str | int], value: Any, path: FactPath) -> Any:
    if not steps:
        if value is None or not is_fact_object(given) or is_fact_object(value):
            return value
        return {"value": value, **{name: part for name, part in given.items() if name not in _OF_THE_VALUE}}
    first, rest = steps[0], steps[1:]
    if isinstance(first, str):
        return {**given, first: _with(given.get(first), rest, value, path)}
    if is_fact_object(given):
        return {**given, "value": _with(given.get("value"), steps, value, path)}
    items = given if isinstance(given, list | tuple) else []
    if first >= len(items):
        raise FactsError(no_item(path, len(items)))
    return [*items[:first], _with(items[first], rest, value, path), *items[first + 1 :]]
