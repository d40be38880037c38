"""Forward chaining on durable-rules.

The rules become a durable-rules definition once; each evaluation is a session of its own, deleted when it ends. What is fed
are symbols: names, and numbers of items. durable-rules tries a rule as soon as what it needs is there, so what must be absent is
asked stratum by stratum: a stratum's rules wait for a fact that opens it, and by then all that could stop them has been concluded.

durable-rules keeps tables for the whole process and works on them from timer threads of its own. Here there are no such threads, and
one evaluation runs at a time.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import finalize

from attrs import define, field, frozen

from jmrules.errors import EvaluationError, Problem, Text
from jmrules.memo import kept
from jmrules.rules import reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from jmrules.rules.plan import Atom, Need, PlannedRule, RulePlan

#: symbols told in one evaluation: beyond it, what is meant is a table, not findings that people read
MAX_SYMBOLS = 40_000
#: signals beyond which durable-rules is asked in any case
FEW = 1_000

#: kinds of symbols beside the names themselves, which have none of these marks
_AT = "@"  # said of an item
_STOPS = "~"  # as that which must be absent: durable-rules does not hold a fact that helps a rule against it
_ITEM = "#"  # there is an item of this list
_ANY = "|"  # one of this rule's alternatives holds
_ENOUGH = "?"  # what this rule counts has reached its number
_OPEN = "!"  # this stratum is open
_END = "!end"

_lock = threading.RLock()


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - a forked child must not wait for a thread that it does not have
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def conclude(plan: RulePlan, holding: Set[Atom], items: Mapping[str, int]) -> frozenset[Atom]:
    """The findings that follow from the signals ``holding``; arguments as for :func:`jmrules.rules.reference.conclude`.

    Threads may call it at the same time. An exception on the way is raised, not swallowed.

    Raises:
        EvaluationError: signals hold of more items than findings could be read about.
    """
    if not plan.rules:
        return frozenset()
    found = _unchained(plan, holding, items)
    if found is not None:
        return found
    if not compiled_part():
        # Held to the same limit, so that both answer the same.
        _symbols_told({domain: _deciding(plan, domain) for domain in plan.domains}, holding, items)
        return reference.conclude(plan, holding, items)
    with _lock:
        _give_back()
        return _engine(plan).run(holding, items)


@cache
def compiled_part() -> bool:
    """Whether durable-rules is there with its compiled part: not on Python 3.13 and later, nor where no compiler was.

    Without it the reference evaluator does the same work.
    """
    try:
        import durable.engine  # noqa: F401
        import durable_rules_engine  # noqa: F401 - what may be missing
    except Exception:  # it was built for another Python, or not at all
        return False
    return True


def _unchained(plan: RulePlan, holding: Set[Atom], items: Mapping[str, int]) -> frozenset[Atom] | None:
    """What follows where no rule follows from another's finding: then there is nothing to chain. None where one does.

    What a rule names as absent is decided in an earlier stratum, so that it stands no otherwise here.
    """
    if len(holding) > FEW:
        return None
    known: dict[str, set[int | None]] = {}
    for name, item in holding:
        known.setdefault(name, set()).add(item)
    of_signals, of_findings = _parted(plan)
    found = [(rule.id, item) for rule in of_signals for item in _firing(rule, known, items)]
    for name, item in found:
        known.setdefault(name, set()).add(item)
    return None if any(_firing(rule, known, items) for rule in of_findings) else frozenset(found) - frozenset(holding)


@kept
def _parted(plan: RulePlan) -> tuple[tuple[PlannedRule, ...], tuple[PlannedRule, ...]]:
    """The rules that name signals alone, and those that name rules."""
    ids = {rule.id for rule in plan.rules}
    named = [any(need.name in ids for need in rule.needs) for rule in plan.rules]
    rules = tuple(zip(plan.rules, named, strict=True))
    return tuple(rule for rule, chained in rules if not chained), tuple(rule for rule, chained in rules if chained)


def _firing(rule: PlannedRule, known: Mapping[str, Set[int | None]], items: Mapping[str, int]) -> list[int | None]:
    """The items of which a rule holds; of one that is about none, None where it holds."""
    nobody: Set[int | None] = frozenset()
    if rule.domain is None:
        at: list[int | None] = [None]
    else:
        here = [known.get(need.name, nobody) for need in rule.all if need.here]
        every = range(items[rule.domain])
        at = [item for item in every if item in here[0]] if here else list(every)

    def instances(need: Need, item: int | None) -> int:
        told = known.get(need.name, nobody)
        return len(told) if need.of_items and not need.here else (item if need.here else None) in told

    return [
        item
        for item in at
        if all(instances(need, item) for need in rule.all)
        and (not rule.any or any(instances(need, item) for need in rule.any))
        and not any(instances(need, item) for need in rule.none)
        and sum(instances(need, item) for need in rule.counted) >= rule.number
    ]


@kept
def _engine(plan: RulePlan) -> _Engine:
    """The rules compiled, for as long as there is their plan."""
    return _Engine(plan)


#: what durable-rules holds for plans that are gone. They go at any moment, in the midst of an evaluation too, when it must not be touched.
_left: deque[int] = deque()


def _give_back() -> None:
    """Let durable-rules forget the rules of plans that are gone."""
    if _left:
        import durable_rules_engine

        while _left:
            durable_rules_engine.delete_ruleset(_left.popleft())


def _symbols_told(
    deciding_of: Mapping[str, frozenset[str] | None], holding: Set[Atom], items: Mapping[str, int]
) -> list[tuple[str, int | None]]:
    """The symbols of an evaluation, before anything is concluded; raises EvaluationError where they are too many."""
    told: set[str] = set()
    symbols: list[tuple[str, int | None]] = []
    for name, item in sorted(holding, key=lambda atom: (atom[0], -1 if atom[1] is None else atom[1])):
        symbols += _symbols(name, item, name not in told)
        told.add(name)
    for domain, deciding in deciding_of.items():
        said_of = {item for name, item in holding if deciding is None or name in deciding}
        mentioned = [item for item in range(items[domain]) if deciding is None or item in said_of]
        symbols += [(_ITEM + domain, item) for item in mentioned]
    if len(symbols) > MAX_SYMBOLS:
        raise EvaluationError(_too_many(len(symbols)))
    return symbols


@define(eq=False)
class _Session:
    """One evaluation, while it goes on."""

    id: str
    found: set[Atom] = field(factory=set)
    #: per part that counts: the atoms counted so far, by the item they count for (None: for the rule, or for every item)
    tallies: dict[str, dict[int | None, set[Atom]]] = field(factory=dict)
    error: BaseException | None = None
    ended: bool = False


class _Engine:
    """A set of rules in durable-rules, and the sessions run with it."""

    def __init__(self, plan: RulePlan) -> None:
        from durable.engine import Host

        class QuietHost(Host):  # type: ignore[misc]
            """A host that starts no threads."""

            def _run(self) -> None:
                return

        self._strata = plan.strata
        self._ids = count(1)
        self._session: _Session | None = None
        self._items: Mapping[str, int] = {}
        definition = _definition(plan, self)
        #: symbols that some rule waits for; durable-rules refuses others
        self._wanted = _wanted(definition)
        self._deciding = {domain: _deciding(plan, domain) for domain in plan.domains}
        self._host = QuietHost()
        self._host.register_rulesets({"rules": definition})
        finalize(self, _left.append, self._host.get_ruleset("rules")._handle)

    def run(self, holding: Set[Atom], items: Mapping[str, int]) -> frozenset[Atom]:
        """One evaluation from signals to findings."""
        session = self._session = _Session(str(next(self._ids)))
        self._items = items
        symbols = _symbols_told(self._deciding, holding, items)
        try:
            self._assert(session, symbols)
            for stratum in range(self._strata):
                self._assert(session, [(f"{_OPEN}{stratum}", None)])
            self._assert(session, [(_END, None)])
        finally:
            self._session = None
            self._host.delete_state("rules", session.id)
        if session.error is not None:
            raise session.error
        if not session.ended:
            raise RuntimeError("durable-rules stopped before the last stratum")
        return frozenset(session.found)

    def _assert(self, session: _Session, symbols: list[tuple[str, int | None]]) -> None:
        """Tell durable-rules symbols; it fires what follows before this returns."""
        facts = [{**self._fact(symbol, item), "sid": session.id} for symbol, item in symbols if symbol in self._wanted]
        if facts and session.error is None:
            self._host.assert_facts("rules", facts)

    def _fact(self, symbol: str, item: int | None) -> dict[str, Any]:
        # Without an id of its own a fact can pass for one that is already there.
        fact: dict[str, Any] = {"id": next(self._ids), "symbol": symbol}
        return fact if item is None else {**fact, "item": item}

    def action(self, do: Callable[[_Session, Any, Callable[[str, int | None], None]], None]) -> Callable[[Any], None]:
        """A durable-rules action that keeps its exception, which durable-rules would swallow."""

        def run(closure: Any) -> None:
            session = self._session
            if session is None or session.error is not None:
                return

            def assert_(symbol: str, item: int | None) -> None:
                if symbol in self._wanted:
                    closure.assert_fact(self._fact(symbol, item))

            try:
                do(session, closure, assert_)
            except BaseException as error:
                session.error = error

        return run

    def conclusion(self, rule: PlannedRule) -> Callable[[Any], None]:
        """The action of a rule that fires."""

        def conclude(session: _Session, closure: Any, assert_: Callable[[str, int | None], None]) -> None:
            item = None if rule.domain is None else int(closure.here.item)
            if (rule.id, item) not in session.found:
                first = all(name != rule.id for name, _ in session.found)
                session.found.add((rule.id, item))
                for symbol, of in _symbols(rule.id, item, first):
                    assert_(symbol, of)

        return self.action(conclude)

    def tally(self, rule: PlannedRule, part: _Counted) -> Callable[[Any], None]:
        """The action of an atom that a rule counts."""
        here = {need.name for need in part.needs if need.here}

        def add(session: _Session, closure: Any, assert_: Callable[[str, int | None], None]) -> None:
            symbol, item = closure.counted.symbol, closure.counted.item
            name = symbol.removesuffix(_AT)
            item = None if item is None else int(item)
            counts_for = item if name in here else None
            tallies = session.tallies.setdefault(part.symbol, {})
            tallies.setdefault(counts_for, set()).add((name, item))
            whole = len(tallies.get(None, ()))
            if rule.domain is None:
                if whole >= part.number:
                    assert_(part.symbol, None)
                return
            concerned = range(self._items[rule.domain]) if counts_for is None else (counts_for,)
            for each in concerned:
                if whole + len(tallies.get(each, ())) >= part.number:
                    assert_(part.symbol, each)

        return self.action(add)

    def end(self) -> Callable[[Any], None]:
        """The action after the last stratum."""

        def note(session: _Session, _: Any, __: Any) -> None:
            session.ended = True

        return self.action(note)


def _symbols(name: str, item: int | None, first: bool) -> Iterator[tuple[str, int | None]]:
    """What an atom is told as: of an item, and if it is the first, that there is one; each for those it helps and those it stops."""
    for mark in ("", _STOPS):
        if item is not None:
            yield mark + name + _AT, item
        if first:
            yield mark + name, None


def _too_many(count: int) -> Problem:
    return Problem(
        "too-many-signals",
        Text(f"成立的信号过多（{count} 个）", f"too many signals hold: {count}"),
        Text(f"至多 {MAX_SYMBOLS} 个；请收紧逐项判断的信号", f"at most {MAX_SYMBOLS}: narrow the signals about items"),
    )


def _definition(plan: RulePlan, engine: _Engine) -> dict[str, dict[str, Any]]:
    """The rules in durable-rules' JSON form."""
    found: dict[str, dict[str, Any]] = {"end": {"all": [{"end": {"symbol": _END}}], "run": engine.end()}}
    for rule in plan.rules:
        parts = _counted(rule)
        found[f"rule:{rule.id}"] = {"all": _conditions(rule, parts), "run": engine.conclusion(rule)}
        for part in parts:
            # Said of items: counted one by one.
            symbols = dict.fromkeys(need.name + _AT if need.of_items else need.name for need in part.needs)
            found[f"count:{part.symbol}"] = {
                "any": [{"counted": {"symbol": symbol}} for symbol in symbols],
                "run": engine.tally(rule, part),
            }
    return found


def _deciding(plan: RulePlan, domain: str) -> frozenset[str] | None:
    """Names without which nothing can be found of an item of this list; None where something can.

    So that durable-rules need not hear of the many items that nothing is said of.
    """
    rules = [rule for rule in plan.rules if rule.domain == domain]
    for rule in rules:
        if not any(need.here for need in rule.all) and not (rule.any and all(need.here for need in rule.any)):
            return None
    return frozenset(need.name for rule in rules for need in (*rule.all, *rule.any) if need.here)


@frozen
class _Counted:
    """A part of a rule that holds when so many atoms do, and the symbol that then says so."""

    symbol: str
    needs: tuple[Need, ...]
    number: int


def _counted(rule: PlannedRule) -> list[_Counted]:
    # Alternatives are a count of one.
    parts = [_Counted(_ANY + rule.id, rule.any, 1), _Counted(_ENOUGH + rule.id, rule.counted, rule.number)]
    return [part for part in parts if part.needs]


def _conditions(rule: PlannedRule, parts: list[_Counted]) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = [{"open": {"symbol": f"{_OPEN}{rule.stratum}"}}]
    if rule.domain is not None:
        conditions.append({"here": {"symbol": _ITEM + rule.domain}})
    conditions += [{f"all_{index}": _pattern(need.name, need.here, need.here)} for index, need in enumerate(rule.all)]
    conditions += [
        {f"part_{index}": _pattern(part.symbol, False, rule.domain is not None)} for index, part in enumerate(parts)
    ]
    conditions += [
        {f"none_{index}$not": _pattern(_STOPS + need.name, need.here, need.here)}
        for index, need in enumerate(rule.none)
    ]
    return conditions


def _pattern(name: str, at: bool, here: bool) -> dict[str, Any]:
    symbol = {"symbol": name + _AT if at else name}
    return {"$and": [symbol, {"item": {"here": "item"}}]} if here else symbol


def _wanted(part: Any) -> frozenset[str]:
    """The symbols that stand anywhere in a definition."""
    if isinstance(part, dict):
        own = frozenset((part["symbol"],)) if "symbol" in part else frozenset()
        return own.union(*(_wanted(value) for value in part.values()))
    if isinstance(part, list):
        return frozenset().union(*map(_wanted, part))
    return frozenset()
