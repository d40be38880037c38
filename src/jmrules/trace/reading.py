"""Read the slots of an evaluation again, slowly, noting which names each expression really read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jmrules.backends.exact.read import Names
from jmrules.errors import JmrulesError
from jmrules.feel import tree as t
from jmrules.ruleset.expressions import SCORES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.plan.model import Call, Plan


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


def reads(call: Call, plan: Plan, slots: Sequence[Any]) -> tuple[Any, JmrulesError | None, tuple[str, ...]]:
    """The value of an expression (or its error), and the names that were read on the way, in order."""
    recorder = Recorder(Names(plan, slots))
    value, error = None, None
    try:
        value = call.expression.strict(recorder)
    except JmrulesError as caught:
        error = caught
    return value, error, tuple(recorder.read)


def score_paths(tree: t.Node) -> tuple[tuple[str, str], ...]:
    """The scores that an expression names: (indicator, points | awarded | rate)."""
    found: dict[tuple[str, str], None] = {}
    for node in t.walk(tree):
        match node:
            case t.Path(of=t.Path(of=t.Name(name=name), member=indicator), member=member) if name == SCORES:
                found[indicator, member] = None
    return tuple(found)


def members(tree: t.Node) -> frozenset[str]:
    """The names of members and bare names in an expression: which fields of a list's items it may read."""
    names = {node.member for node in t.walk(tree) if isinstance(node, t.Path)}
    names |= {node.name for node in t.walk(tree) if isinstance(node, t.Name)}
    return frozenset(names)
