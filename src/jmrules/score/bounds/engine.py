"""A plan read with facts that are not known: what each leaf may yield, remembered for as long as its facts are the same."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.errors import LimitError, Undefined
from jmrules.feel.possible import (
    NULL,
    Known,
    Outermost,
    Possible,
    Reader,
    Span,
    Value,
    collapsed,
    failing,
    narrow,
    spread,
)
from jmrules.feel.possible.operators import condition
from jmrules.feel.tree import Name, walk
from jmrules.plan import Derive
from jmrules.ruleset import SCORES
from jmrules.score.bounds.methods import shares_of
from jmrules.score.bounds.pieces import combinations, pieces
from jmrules.score.bounds.shares import NO_SHARES, Shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jmrules.errors import Text
    from jmrules.feel.tree import Expression
    from jmrules.plan import Call, Plan, PlannedLeaf


@frozen(eq=False)
class LeafOutcome:
    """What may come of a leaf, before it is known how many points it has."""

    #: whether it may apply, and may not
    applies: frozenset[bool]
    #: shares where it applies; with the reason why it may be undefined, be it the value or the condition
    shares: Shares


class Engine:
    """Reads the expressions of a plan for facts of which each may be one of several values."""

    def __init__(self, plan: Plan, facts: Mapping[str, Value], *, declarations: bool = False) -> None:
        """``declarations``: whether what the department declares of a derived value narrows it."""
        self.plan = plan
        self.facts = facts
        #: derived value -> the fact that declares it
        self.declared = {item.id: item.declared for item in plan.ruleset.derived if declarations and item.declared}
        steps = [step for step in (*plan.first, *plan.then) if isinstance(step, Derive)]
        self.derived = {step.derived.id: step.call for step in steps}
        self._readers: dict[int, Reader] = {}
        self._reads: dict[str, frozenset[str]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._memory: dict[tuple[Any, ...], Any] = {}
        #: values that stand in keys of the memory by their identity
        self._kept: dict[int, Value] = {}
        self._parts: dict[int, tuple[list[Value], int]] = {}
        self._sorted: dict[frozenset[str], tuple[str, ...]] = {}
        self.leaf_reads = [self._of_leaf(leaf) for leaf in plan.leaves]
        #: of each leaf, the unknown facts that it reads more than once; of the sheet, those that more than one leaf reads
        self.twice = [self._read_twice(leaf) for leaf in plan.leaves]
        readers = Counter(name for reads in self.leaf_reads for name in reads)
        self.shared = tuple(name for name in facts if readers[name] > 1 and self.unknown(name))

    def unknown(self, name: str) -> bool:
        """Whether a name is that of a fact that is not known."""
        return name in self.facts and not isinstance(self.facts[name], Known)

    def _read_twice(self, leaf: PlannedLeaf) -> tuple[str, ...]:
        times = Counter[str]()
        for call in (*leaf.shape.calls, *((leaf.applies,) if leaf.applies else ())):
            times.update(self._times(call))
        # In the order of the facts: this is told, and must not be another each time.
        return tuple(name for name in self.facts if times[name] > 1 and self.unknown(name))

    def _times(self, call: Call) -> Counter[str]:
        """How often an expression reads each fact, through derived values too."""
        found = Counter[str]()
        for node in walk(call.expression.tree):
            if isinstance(node, Name):
                if node.name in self.derived:
                    found.update(self._times_of(node.name))
                found[node.name] += 1
        return found

    def _times_of(self, name: str) -> Counter[str]:
        if name not in self._counts:
            # Beyond twice, how often does not matter.
            self._counts[name] = Counter({key: min(2, n) for key, n in self._times(self.derived[name]).items()})
        return self._counts[name]

    def _of_leaf(self, leaf: PlannedLeaf) -> frozenset[str]:
        calls = (*leaf.shape.calls, *((leaf.applies,) if leaf.applies else ()))
        return frozenset().union(*(self.reads_of(call) for call in calls))

    def reads_of(self, call: Call) -> frozenset[str]:
        """Facts, derived values and ``scores`` that an expression reads, directly or through derived values."""
        heads = {name[0] for name in call.expression.names}
        return frozenset(heads).union(*(self.reads(name) for name in heads))

    def reads(self, name: str) -> frozenset[str]:
        """What a derived value reads; nothing for a fact."""
        if name not in self.derived:
            return frozenset()
        if name not in self._reads:
            declared = {self.declared[name]} if name in self.declared else set()
            self._reads[name] = self.reads_of(self.derived[name]) | declared
        return self._reads[name]

    def reader(self, call: Call) -> Reader:
        """The reader of an expression."""
        if id(call) not in self._readers:
            self._readers[id(call)] = Reader(call.expression.text)
        return self._readers[id(call)]

    def lost(self, leaf: PlannedLeaf) -> list[Text]:
        """The parts of a leaf's expressions that could not be followed."""
        calls = [*leaf.shape.calls, *((leaf.applies,) if leaf.applies else ())]
        calls += [self.derived[name] for name in self.leaf_reads[leaf.index] if name in self.derived]
        return [text for call in calls for text in self.reader(call).lost.values()]

    def remember(self, what: object, reads: frozenset[str], given: Mapping[str, Value]) -> tuple[Any, ...]:
        """The key of a result that depends on ``reads`` alone."""
        if reads not in self._sorted:
            self._sorted[reads] = tuple(sorted(reads))
        return (what, *[(name, self._token(given[name])) for name in self._sorted[reads] if name in given])

    def _token(self, value: Value) -> str:
        """The same for the same value, as far as that is cheap to tell."""
        if isinstance(value, Known) and isinstance(value.value, (str, bool, Decimal, NoneType)):
            return f"{type(value.value).__name__} {value.value}"
        self._kept[id(value)] = value
        return f"at {id(value)}"

    def combinations(self, names: Sequence[str], values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """The facts ``names``, piece by piece; the pieces of one value are the same ones every time."""
        return combinations([(name, self._pieces(values[name])) for name in names])

    def _pieces(self, value: Value) -> tuple[list[Value], int]:
        if id(value) not in self._parts:
            self._kept[id(value)] = value
            self._parts[id(value)] = pieces(value)
        return self._parts[id(value)]

    def recall(self, key: tuple[Any, ...]) -> Any:
        """A remembered result, or None."""
        return self._memory.get(key)

    def forget(self) -> None:
        """Forget all results, where no more are expected of the values that they are of."""
        self._memory.clear()
        self._kept.clear()
        self._parts.clear()

    def store(self, key: tuple[Any, ...], result: Any) -> None:
        """Remember a result."""
        self._memory[key] = result


class Contradicted(Exception):
    """A part of what is possible that contradicts what the department declares, while another part does not."""


def agreeing(found: Value, stated: Value) -> Value | None:
    """The numbers of ``found`` that what is stated allows too: ``found`` itself where nothing certain is stated, None where there are none."""
    said, p = spread(stated), spread(found)
    if p.span is None or said.span is None or said.null or said.error is not None:
        return found
    low, high = max(p.span.low, said.span.low), min(p.span.high, said.span.high)
    if low > high:
        return None
    return found if p.span.single else collapsed(evolve(p, span=Span(low, high, p.span.whole)))


class World:
    """The engine's facts, some of them given otherwise, and the scores so far."""

    def __init__(
        self, engine: Engine, given: Mapping[str, Value], scores: Mapping[tuple[str, str], Value] | None = None
    ) -> None:
        self.engine = engine
        self.given = given
        self.scores = scores
        self.scope = Outermost(self.value, self._definition)
        self._own: dict[str, Value] = {}

    def value(self, name: str) -> Value | None:
        """What a fact, a derived value or ``scores`` may be; None where there is no such name."""
        engine = self.engine
        if name in self.given:
            return self.given[name]
        if name in engine.facts:
            return engine.facts[name]
        if name in engine.derived:
            return self._derived(name)
        return self._scores() if name == SCORES else None

    def _derived(self, name: str) -> Value:
        engine, reads = self.engine, self.engine.reads(name)
        if SCORES in reads:
            if name not in self._own:
                self._own[name] = self._computed(name)
            return self._own[name]
        key = engine.remember(name, reads, self.given)
        found: Value | LimitError | None = engine.recall(key)
        if found is None:
            try:
                found = self._computed(name)
            except LimitError as error:
                found = error
            engine.store(key, found)
        if isinstance(found, LimitError):
            raise found
        return found

    def _computed(self, name: str) -> Value:
        """What a derived value comes to; where figures leave that open, what the department declares narrows it."""
        found = self.read(self.engine.derived[name])
        declared = self.engine.declared.get(name)
        stated = None if declared is None else self.value(declared)
        if stated is None:
            return found
        narrowed = agreeing(found, stated)
        if narrowed is None and declared in self.given:
            raise Contradicted
        return found if narrowed is None else narrowed

    def as_declared(self) -> dict[str, Value]:
        """What is declared, as far as these facts allow it: a declaration that figures contradict counts as none.

        With this among the facts given, a part of what is possible that contradicts the declaration is left out.
        """
        engine, found = self.engine, dict[str, Value]()
        computed = World(
            engine, {n: v for n, v in self.given.items() if n not in engine.declared.values()}, self.scores
        )
        for name, declared in engine.declared.items():
            value, stated = computed.read(engine.derived[name]), self.value(declared) or NULL
            narrowed = None if isinstance(value, Known) else agreeing(value, stated)
            found[declared] = NULL if narrowed is None or narrowed is value else stated
        return found

    def _definition(self, name: str) -> Expression | None:
        call = self.engine.derived.get(name)
        return None if call is None else call.expression.tree  # type: ignore[return-value]

    def _scores(self) -> Value:
        members: dict[str, dict[str, Value]] = {}
        for (id, what), value in (self.scores or {}).items():
            members.setdefault(id, {})[what] = value
        return Possible(members={id: Possible(members=parts) for id, parts in members.items()})

    def read(self, call: Call) -> Value:
        """What an expression may come to."""
        tree = call.expression.tree
        if isinstance(tree, Name) and (named := self.value(tree.name)) is not None:
            return named
        try:
            values = self._known(call)
        except LimitError:
            # Of a derived value, which need not be on the path that is taken.
            values = None
        if values is None:
            return self.engine.reader(call).whole(call.expression.tree, self.scope)
        try:
            return Known(call.expression.function(*values))
        except Undefined as error:
            return failing(error)

    def _known(self, call: Call) -> list[Any] | None:
        """The values that an expression reads, where all are known."""
        if call.slots is None:
            return None
        found: list[Any] = []
        for path in call.expression.names:
            value = self.value(path[0]) if len(path) == 1 else (self.scores or {}).get((path[1], path[2]))
            if not isinstance(value, Known):
                return None
            found.append(value.value)
        return found

    def leaf(self, leaf: PlannedLeaf) -> LeafOutcome:
        """What may come of a leaf."""
        engine, reads = self.engine, self.engine.leaf_reads[leaf.index]
        if SCORES in reads:
            return self._taken_apart(leaf)
        key = engine.remember(leaf.index, reads, self.given)
        found: LeafOutcome | None = engine.recall(key)
        if found is None:
            found = self._taken_apart(leaf)
            engine.store(key, found)
        return found

    def _taken_apart(self, leaf: PlannedLeaf) -> LeafOutcome:
        """The leaf for every piece of the facts that it reads more than once."""
        engine = self.engine
        values = {name: self.given.get(name, engine.facts[name]) for name in engine.twice[leaf.index]}
        outcomes: list[LeafOutcome] = []
        for chosen in engine.combinations(engine.twice[leaf.index], values):
            world = World(engine, {**self.given, **chosen}, self.scores) if chosen else self
            try:
                outcomes.append(world._leaf(leaf))
            except Contradicted:
                continue
        if not outcomes:
            raise Contradicted
        if len(outcomes) == 1:
            return outcomes[0]
        shares = NO_SHARES
        for outcome in outcomes:
            shares = shares.joined(outcome.shares)
        return LeafOutcome(frozenset[bool]().union(*(outcome.applies for outcome in outcomes)), shares)

    def _leaf(self, leaf: PlannedLeaf) -> LeafOutcome:
        if leaf.applies is None:
            return LeafOutcome(frozenset((True,)), shares_of(leaf.shape, self.read))
        truths, error = condition(self.read(leaf.applies))
        if True not in truths:
            return LeafOutcome(truths, Shares(error=error))
        inner = self
        if len(truths) > 1 or error:
            tree = leaf.applies.expression.tree
            scope = narrow(self.engine.reader(leaf.applies), tree, True, self.scope)  # type: ignore[arg-type]
            if scope is None:
                return LeafOutcome(truths - {True}, Shares(error=error))
            inner = World(self.engine, {**self.given, **scope.shadowed()}, self.scores)
        return LeafOutcome(truths, shares_of(leaf.shape, inner.read).failing_too(error))
