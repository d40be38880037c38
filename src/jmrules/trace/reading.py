"""Read the slots of an evaluation again, noting which names each expression really read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError
from jmrules.feel import BUILT_INS
from jmrules.feel import tree as t
from jmrules.feel.possible import NO_NAME, Unsure, quick_value
from jmrules.memo import kept
from jmrules.rules import value_of
from jmrules.ruleset import SCORES
from jmrules.score.exact import Names, Poison
from jmrules.trace.account import item_meanings, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel import Compiled
    from jmrules.plan import Call, Plan
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

    def ask(self, name: str) -> Any:
        """As the quick reading asks."""
        return self[name] if name in self._names else NO_NAME

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@frozen(eq=False)
class _Fork:
    """A place where it depends on a value what is read further on."""

    condition: Compiled
    #: by the value of the condition; whatever else it is, an expression that gets so far reads ``otherwise``
    then: Course
    otherwise: Course


#: names that an expression reads, in order, and where its ways part
Course = tuple["str | _Fork", ...]


class _Unforeseen(Exception):
    """What an expression reads cannot be told without evaluating it carefully."""


@kept
def _course(call: Call, plan: Plan) -> Course | None:
    """What an expression reads on its way to a value; None where only evaluating it tells."""
    if call.slots is None or not isinstance(call.expression.tree, t.Expression):
        return None
    try:
        return _of(call.expression.tree, plan, frozenset())
    except _Unforeseen:
        return None


#: nodes that evaluate their parts from left to right, all of them
_ALWAYS = (t.Path, t.Number, t.String, t.Boolean, t.Null, t.Negation, t.Binary, t.Between, t.Argument)


def _of(node: t.Node, plan: Plan, local: frozenset[str]) -> Course:
    """``local``: names that stand for items, or for fields of items."""
    match node:
        case t.Name(name=name):
            return (name,) if name not in local and (name in plan.slots or name == SCORES) else ()
        case t.If(condition=condition, then=then, otherwise=otherwise):
            return _fork(condition, _of(then, plan, local), _of(otherwise, plan, local), plan, local)
        case t.Binary(operator="and", left=left, right=right):
            return _fork(left, _of(right, plan, local), (), plan, local)
        case t.Binary(operator="or", left=left, right=right):
            return _fork(left, (), _of(right, plan, local), plan, local)
        case t.Filter(of=of, condition=condition):
            fields = item_meanings(plan.ruleset).get(of.name, {}) if isinstance(of, t.Name) else {}
            _nothing(condition, plan, local | {"item"} | fields.keys())
            return _of(of, plan, local)
        case (
            t.For(iterations=(t.Iteration(name=name, domain=domain),), result=body)
            | t.Quantified(iterations=(t.Iteration(name=name, domain=domain),), condition=body)
        ) if isinstance(domain, t.Expression):
            _nothing(body, plan, local | {name, _PARTIAL})
            return _of(domain, plan, local)
        case t.In(value=value, tests=tests):
            for test in tests:
                _nothing(test, plan, local)
            return _of(value, plan, local)
        case t.ContextLiteral(entries=entries):
            inner = local | {entry.key for entry in entries}
            return tuple(part for entry in entries for part in _of(entry.value, plan, inner))
        case t.Call(function=t.Name(name=name), arguments=arguments) if name in BUILT_INS and name not in plan.slots:
            return tuple(part for each in arguments for part in _of(each, plan, local))
    if not isinstance(node, _ALWAYS):
        raise _Unforeseen
    return tuple(part for child in t.children(node) for part in _of(child, plan, local))


_PARTIAL = "partial"


def _fork(
    condition: t.Expression,
    then: Course,
    otherwise: Course,
    plan: Plan,
    local: frozenset[str],
) -> Course:
    """What is read after a condition."""
    before = _of(condition, plan, local)
    if then == otherwise:
        return (*before, *then)
    if local:
        raise _Unforeseen
    return (*before, _Fork(part_of(plan, condition), then, otherwise))


def _nothing(node: t.Node, plan: Plan, local: frozenset[str]) -> None:
    """Nothing from outside is read here, however often."""
    if _of(node, plan, local):
        raise _Unforeseen


def _followed(course: Course, names: Names, found: dict[str, None]) -> None:
    """Collect what is read on the way that the values take; raises the error of a condition that has no value."""
    for step in course:
        if isinstance(step, str):
            found[step] = None
        else:
            holds = value_of(step.condition, names)
            if not isinstance(holds, bool):
                raise _Unforeseen
            _followed(step.then if holds else step.otherwise, names, found)


def reads(account: Account, call: Call) -> Read:
    """The value of an expression (or its error), and the names that were read on the way, in order."""
    found: Read | None = account.read.get(id(call))
    if found is None:
        found = account.read[id(call)] = _reads(call, account.plan, account.slots)
    return found


def _reads(call: Call, plan: Plan, slots: Sequence[Any]) -> Read:
    course = _course(call, plan)
    if course is not None:
        assert call.slots is not None
        values = [slots[slot] for slot in call.slots]
        if Poison not in map(type, values):
            try:
                found: dict[str, None] = {}
                _followed(course, Names(plan, slots), found)
                return call.expression.function(*values), None, tuple(found)
            except (JmrulesError, _Unforeseen):
                # Not all was read: the careful reading tells how far it got.
                pass
    recorder = Recorder(Names(plan, slots))
    if course is None and call.slots is not None:
        try:
            return quick_value(call.expression, recorder.ask), None, tuple(recorder.read)
        except Unsure:
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
