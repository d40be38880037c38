"""The expressions of constraints, compiled; what is wrong with them; and the questions that they ask, as rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, Text, did_you_mean
from jmrules.feel import types
from jmrules.memo import kept
from jmrules.ruleset.compiling import compiled
from jmrules.ruleset.expressions import analyse, clock_readings
from jmrules.ruleset.rules import Rule, Signal, Then, When

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.feel import Compiled
    from jmrules.feel.types import Type
    from jmrules.ruleset.constraints import Constraint
    from jmrules.ruleset.model import Ruleset

Found = tuple[str, Problem]
#: before the name of a constraint: the signal that it does not hold
UNMET = "not_"


@frozen(eq=False)
class ConstraintTexts:
    """The compiled expressions of a ruleset's constraints."""

    #: the condition on the department or on one item, by id
    of_one: Mapping[str, Compiled]
    #: the condition on the department, by id
    whole: Mapping[str, Compiled]
    #: pointer -> problem, whose place is inside the expression
    problems: tuple[Found, ...]


@kept
def constraint_texts(ruleset: Ruleset) -> ConstraintTexts:
    """Compile every expression of the constraints, and collect what is wrong with them."""
    known = _readable(ruleset)
    lists = {fact.id: fact.optional for fact in ruleset.facts}
    of_one: dict[str, Compiled] = {}
    whole: dict[str, Compiled] = {}
    problems: list[Found] = []
    for constraint in ruleset.constraints:
        each = constraint.each
        problems += _each(ruleset, constraint, known)
        scope = known if each is None else {**known, each.name: _item(known, each.of)}
        for step, text in constraint.texts():
            found = compiled(text, scope)
            wrong = [*found.problems, *clock_readings(found)]
            if not wrong and not types.may_conform(found.type, types.BOOLEAN):
                wrong.append(no_condition(found.type))
            problems += [(f"/constraints/{constraint.id}/{step}", problem) for problem in wrong]
        of_one[constraint.id] = compiled(constraint.of_one(), scope)
        optional = each is not None and lists.get(each.of, False)
        whole[constraint.id] = compiled(constraint.whole(optional=optional), known)
    return ConstraintTexts(of_one, whole, tuple(problems))


def _readable(ruleset: Ruleset) -> Mapping[str, Type]:
    """What constraints may read: facts, and the derived values that read no scores."""
    analysis = analyse(ruleset)
    names = {fact.id for fact in ruleset.facts} | set(analysis.first)
    return {name: kind for name, kind in analysis.types.items() if name in names}


def _each(ruleset: Ruleset, constraint: Constraint, known: Mapping[str, Type]) -> Iterator[Found]:
    """What is wrong with going through a list."""
    each, pointer = constraint.each, f"/constraints/{constraint.id}/each"
    if each is None:
        return
    item = types.bare(_item(known, each.of))
    if each.of not in {fact.id for fact in ruleset.facts} or not isinstance(item, types.ContextType):
        yield (
            f"{pointer}/of",
            Problem(
                "no-such-list",
                Text(f"事实中没有名为“{each.of}”的列表", f"no list {each.of!r} is among the facts"),
                did_you_mean(
                    each.of,
                    [fact.id for fact in ruleset.facts if fact.item],
                    Text("请写 facts 中一个列表的名称", "name a list of facts"),
                ),
            ),
        )
        return
    if each.name in known:
        yield f"{pointer}/as", duplicate(each.name)
    kind = None if each.by is None else item.member(each.by)
    if each.by is not None and (kind is None or types.bare(kind) != types.STRING):
        yield (
            f"{pointer}/by",
            Problem(
                "no-such-field",
                Text(
                    f"“{each.of}”的各项没有名为“{each.by}”的文字字段",
                    f"the items of {each.of} have no text field {each.by!r}",
                ),
                Text("请写各项中的一个文字字段", "name a text field of its items"),
            ),
        )


def duplicate(id: str) -> Problem:
    """That an identifier has another meaning already."""
    return Problem(
        "duplicate-identifier",
        Text(f"标识符“{id}”已有别的含义", f"the identifier {id!r} already means something else"),
        Text("请换一个名称", "choose another name"),
    )


def _item(known: Mapping[str, Type], list_name: str) -> Type:
    kind = types.bare(known.get(list_name, types.ANY))
    return kind.item if isinstance(kind, types.ListType) else types.ANY


def no_condition(kind: Type) -> Problem:
    """An expression that must yield true or false and does not."""
    return Problem(
        "wrong-type",
        Text(
            f"此表达式得出的是 {kind}，应为是或否（true / false）",
            f"this expression yields {kind}; it must yield true or false",
        ),
        Text("请改写成条件", "rewrite it as a condition"),
    )


def questions(ruleset: Ruleset) -> tuple[tuple[Signal, ...], tuple[Rule, ...]]:
    """The constraints that are asked about, as signals and rules: their findings go by the constraints' ids."""
    wrong = {pointer.split("/")[2] for pointer, _ in constraint_texts(ruleset).problems}
    asked = [
        constraint
        for constraint in ruleset.constraints
        if constraint.otherwise == "question" and constraint.id not in wrong
    ]
    return tuple(map(_signal, asked)), tuple(map(_rule, asked))


def _signal(constraint: Constraint) -> Signal:
    unmet = f"not({constraint.holds})"
    when = unmet if constraint.when is None else f"if {constraint.when} then {unmet} else false"
    label = _unmet(constraint)
    # What cannot be decided is asked about too.
    return Signal(UNMET + constraint.id, when, label, constraint.each, undefined=True, source=constraint.source)


def _unmet(constraint: Constraint) -> Text:
    return Text(f"不符合“{constraint.label.zh}”", f"does not hold: {constraint.label.say('en')}")


def _rule(constraint: Constraint) -> Rule:
    zh, en = (text.replace("{", "{{").replace("}", "}}") for text in (constraint.label.zh, constraint.label.say("en")))
    each = constraint.each
    of = f"{{{each.name}.{each.by}}}" if each is not None and each.by is not None else ""
    of_zh, of_en = (f"{of}：", f"{of}: ") if of else ("", "")
    message = Text(f"{of_zh}数据不符合“{zh}”，请说明", f"{of_en}please explain why this does not hold: {en}")
    when = When(all=(UNMET + constraint.id,))
    return Rule(
        constraint.id, _unmet(constraint), when, Then("minor", message), constraint.source, each, constraint.note
    )
