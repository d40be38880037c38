"""Read the slots of an evaluation again, noting which names each expression really read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.memo import kept
from jmrules.ruleset.expressions import SCORES
from jmrules.score.exact.read import Names, Poison

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel import Compiled
    from jmrules.plan.model import Call, Plan
    from jmrules.trace.account import Account

Read = tuple[Any, JmrulesError | None, tuple[str, ...]]


class Recorder(Mapping[str, Any]):
    """Names that remembers what was read."""

    __slots__ = ("_names", "read")

    def __init__(self, names: Names) -> None:
        self._names = names
        self.read: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        # FEEL looks its own functions up here too; those are no reading.
        if name in self._names:
            self.read[name] = None
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


#: nodes that are evaluated whenever the expression is, their parts from left to right
_ALWAYS = (t.Name, t.Path, t.Number, t.String, t.Boolean, t.Null, t.Negation, t.Binary, t.Between, t.Call, t.Argument)


@kept
def _names_always_read(call: Call, plan: Plan) -> tuple[str, ...] | None:
    """The names that an expression reads on every path to a value, in order; None where that depends on values."""
    if call.slots is None or not isinstance(call.expression.tree, t.Expression):
        return None
    nodes = list(t.walk(call.expression.tree))
    functions = {id(node.function) for node in nodes if isinstance(node, t.Call)}
    for node in nodes:
        if not isinstance(node, _ALWAYS) or (isinstance(node, t.Binary) and node.operator in ("and", "or")):
            return None
        if isinstance(node, t.Call) and not (isinstance(node.function, t.Name) and node.function.name in BUILT_INS):
            return None
    names = [node.name for node in nodes if isinstance(node, t.Name)]
    known = [name for name in names if name in plan.slots or name == SCORES]
    called = {node.name for node in nodes if id(node) in functions and isinstance(node, t.Name)}
    # A name that is both a function's and a fact's is for the careful reading to tell apart.
    return None if called & set(known) else tuple(dict.fromkeys(known))


def reads(account: Account, call: Call) -> Read:
    """The value of an expression (or its error), and the names that were read on the way, in order."""
    found: Read | None = account.read.get(id(call))
    if found is None:
        found = account.read[id(call)] = _reads(call, account.plan, account.outcome.slots)
    return found


def _reads(call: Call, plan: Plan, slots: Sequence[Any]) -> Read:
    names = _names_always_read(call, plan)
    if names is not None:
        assert call.slots is not None
        values = [slots[slot] for slot in call.slots]
        if Poison not in map(type, values):
            try:
                return call.expression.function(*values), None, names
            except JmrulesError:
                # Not all was read: the careful reading tells how far it got.
                pass
    recorder = Recorder(Names(plan, slots))
    value, error = None, None
    try:
        value = call.expression.strict(recorder)
    except JmrulesError as caught:
        error = caught
    return value, error, tuple(recorder.read)


@kept
def score_paths(expression: Compiled) -> tuple[tuple[str, str], ...]:
    """The scores that an expression names: (indicator, points | awarded | rate)."""
    found: dict[tuple[str, str], None] = {}
    for node in t.walk(expression.tree):
        match node:
            case t.Path(of=t.Path(of=t.Name(name=name), member=indicator), member=member) if name == SCORES:
                found[indicator, member] = None
    return tuple(found)


@kept
def members(expression: Compiled) -> frozenset[str]:
    """The names of members and bare names in an expression: which fields of a list's items it may read."""
    names = {node.member for node in t.walk(expression.tree) if isinstance(node, t.Path)}
    names |= {node.name for node in t.walk(expression.tree) if isinstance(node, t.Name)}
    return frozenset(names)
