"""Relations between facts that are not all known: facts that certainly break one are refused, and one that is open narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import FactsError, Place, Problem, Text
from jmrules.facts import Facts
from jmrules.feel.possible import narrow
from jmrules.feel.possible.operators import condition
from jmrules.score.bounds.engine import Engine, World

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jmrules.feel.possible import Value
    from jmrules.plan import PlannedConstraint


def constrained(engine: Engine, facts: object) -> Mapping[str, Value]:
    """The facts that open constraints narrow, and to what.

    Raises:
        FactsError: whatever the unknown facts are, a constraint does not hold; all such constraints.
    """
    narrowed: dict[str, Value] = {}
    problems: list[Problem] = []
    for constraint in engine.plan.constraints:
        world = World(engine, narrowed)
        truths, error = condition(world.read(constraint.call))
        if True not in truths:
            problems.append(_impossible(engine, constraint, facts))
        elif len(truths) > 1 or error is not None:
            tree = constraint.call.expression.tree
            scope = narrow(engine.reader(constraint.call), tree, True, world.scope)  # type: ignore[arg-type]
            if scope is None:
                problems.append(_impossible(engine, constraint, facts))
            else:
                narrowed |= {name: value for name, value in scope.shadowed().items() if name in engine.facts}
    if problems:
        raise FactsError(problems)
    return narrowed


def may_hold(engine: Engine, given: Mapping[str, Value], names: Collection[str] | None = None) -> bool:
    """Whether every constraint may hold where the facts in ``given`` are so; or every one that reads ``names``."""
    world = World(engine, given)
    return all(
        True in condition(world.read(each.call))[0]
        for each in engine.plan.constraints
        if names is None or not engine.reads_of(each.call).isdisjoint(names)
    )


def _impossible(engine: Engine, constraint: PlannedConstraint, facts: object) -> Problem:
    stated = constraint.constraint
    facts_read = {fact.id: fact for fact in engine.plan.ruleset.facts if fact.id in engine.reads_of(constraint.call)}
    read = [name[0] for name in constraint.call.expression.names]
    names = list(dict.fromkeys([*(name for name in read if name in facts_read), *facts_read]))
    labels = [facts_read[name].label for name in names]
    pointer = f"/{names[0]}" if names else ""
    place = facts.source.place(f"/facts{pointer}") if isinstance(facts, Facts) else Place(None, pointer)
    return Problem(
        "broken-constraint",
        Text(
            f"不符合“{stated.label.zh}”：无论未知的数据是多少，{'、'.join(label.zh for label in labels)}都不能满足",
            f"not so, whatever the unknown facts are: {stated.label.say('en')} "
            f"(it reads {', '.join(label.say('en') for label in labels)})",
        ),
        Text(
            "请与原始资料核对，改正填错的，补全缺少的",
            "check these facts against their sources, correct what is wrong and add what is missing",
        ),
        place,
    )
