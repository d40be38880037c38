"""Decide signals: which hold, and of which items."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError, LimitError, Place, Problem, Text, Undefined
from jmrules.memo import kept
from jmrules.methods.shares import truth
from jmrules.ruleset.rule_texts import rule_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.documents import Document
    from jmrules.feel import Compiled
    from jmrules.rules.plan import Atom
    from jmrules.ruleset import Each, Signal
    from jmrules.ruleset.rule_texts import Body


@frozen(eq=False)
class Decided:
    """The signals that hold, those that could not be decided and why."""

    holding: frozenset[Atom]
    undecided: Mapping[Atom, JmrulesError]


def decide(body: Body, signals: Iterable[Signal], known: Mapping[str, Any]) -> Decided:
    """Decide each signal, of each item where it is about items. The thread's decimal context must be FEEL's.

    Raises:
        LimitError: a signal that takes more work than is allowed, whatever it says of being undefined.
    """
    texts = rule_texts(body)
    holding: set[Atom] = set()
    undecided: dict[Atom, JmrulesError] = {}
    for signal in signals:
        compiled = texts.signals[signal.id]
        try:
            if signal.each is not None and (members := _members(compiled, signal.each.name)) is not None:
                quickly = _quickly(compiled, members, known[signal.each.of] or ())
                if quickly is not None:
                    holding.update((signal.id, item) for item in quickly)
                    continue
            places = scopes(signal.each, known)
        except Undefined as error:
            # Whose items, is not known: of none of them it can be said.
            if signal.undefined is None:
                undecided[signal.id, None] = error
            continue
        for item, names in places:
            try:
                if truth(value_of(compiled, names)):
                    holding.add((signal.id, item))
            except Undefined as error:
                if signal.undefined:
                    holding.add((signal.id, item))
                elif signal.undefined is None:
                    undecided[signal.id, item] = error
            except LimitError as error:
                named = Text(f"信号“{signal.label.zh}”（{signal.id}）", f"the signal {signal.id}")
                raise error.placed(Place(None, f"{body.base}/signals/{signal.id}"), named) from None
    return Decided(frozenset(holding), undecided)


@kept
def _members(compiled: Compiled, name: str) -> tuple[str, ...] | None:
    """The members of the item ``name`` that an expression reads; None where it reads more."""
    paths = compiled.names
    return tuple(path[1] for path in paths) if all(len(path) == 2 and path[0] == name for path in paths) else None


def _quickly(compiled: Compiled, members: tuple[str, ...], items: Iterable[Mapping[str, Any]]) -> list[int] | None:
    """The numbers of the items of which it holds; None where it must be read one by one, with care."""
    function, found = compiled.function, []
    try:
        for index, item in enumerate(items):
            holds = function(*[item[member] for member in members])
            if holds is True:
                found.append(index)
            elif holds is not False:
                return None
    except (Undefined, KeyError, TypeError):
        return None
    return found


def scopes(each: Each | None, known: Mapping[str, Any]) -> list[tuple[int | None, Mapping[str, Any]]]:
    """What can be read at each item, with its number; raises the error of a list that is undefined."""
    if each is None:
        return [(None, known)]
    return [(index, ChainMap({each.name: item}, known)) for index, item in enumerate(known[each.of] or ())]  # type: ignore[arg-type]


def value_of(compiled: Compiled, names: Mapping[str, Any]) -> Any:
    """The value of an expression, by its quick function where all that it names is there."""
    try:
        values = []
        for path in compiled.names:
            value = names[path[0]]
            for member in path[1:]:
                value = value[member]
            values.append(value)
        return compiled.function(*values)
    except (Undefined, KeyError, TypeError):
        return compiled.strict(names)


def undecided_problem(body: Body, atom: Atom, error: JmrulesError, document: Document) -> Problem:
    """The problem of a signal that could not be decided and does not say what then holds."""
    name, item = atom
    signal = next(signal for signal in body.signals if signal.id == name)
    inner = error.problems[0].message
    of = "" if item is None else f"（{signal.each.of} 第 {item + 1} 项）" if signal.each else ""
    at = "" if item is None else f" at item {item + 1} of {signal.each.of}" if signal.each else ""
    return Problem(
        "undefined-signal",
        Text(
            f"信号“{signal.label.zh}”（{name}）{of}无法判断：{inner.zh}",
            f"the signal {name} ({signal.label.say('en')}){at} cannot be decided: {inner.say('en')}",
        ),
        Text(
            "请核对它所读的事实，或在评分办法中用 undefined 写明此时是否成立",
            "check the facts it reads, or let the ruleset say by `undefined` whether it then holds",
        ),
        document.place(f"{body.base}/signals/{name}"),
    )
