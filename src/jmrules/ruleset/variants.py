"""Kinds of department: which of them is scored on what, and whether each one's points add up to what is stated."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.feel import CONTEXT, exactly, parse_unary_tests, tree, types
from jmrules.frozen import frozen_mapping
from jmrules.ruleset.compiling import compiled
from jmrules.ruleset.expressions import applies_pointer, fact_type
from jmrules.ruleset.model import Group, Leaf, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.ruleset.expressions import Analysis
    from jmrules.ruleset.model import FactDeclaration, Ruleset

Found = tuple[str, Problem]

#: more kinds than that are not gone through
MOST_KINDS = 2000


@frozen
class Variant:
    """A kind of department, and the indicators that are there for it."""

    #: fact -> value, of every fact that decides
    kind: Mapping[str, Any] = field(converter=frozen_mapping)
    #: ids of the leaves, in document order
    leaves: tuple[str, ...]
    points: Decimal


def do_not_add_up(what: Text, stated: Decimal, found: Decimal, kind: Text | None = None) -> Problem:
    """That points are not what is stated, for some kind of department."""
    zh, en = ("", "") if kind is None else (f"对{kind.zh}，", f"for {kind.say('en')}, ")
    return Problem(
        "points-do-not-add-up",
        Text(
            f"{zh}{what.zh}标明 {stated:f} 分，下级指标合计 {found:f} 分",
            f"{en}{what.say('en')} states {stated:f} points, its children add up to {found:f}",
        ),
        Text("请改正分值，使其合计一致", "correct the points so that they agree"),
    )


def written_at(document: Any, pointer: str) -> str:
    """Where a condition is written: at its leaf, or at the group that hands it down."""
    head, applies, tail = pointer.partition("/applies")
    at: list[tuple[str, Any]] = [("", document)]
    for step in head.split("/")[1:] if applies else ():
        base, value = at[-1]
        at.append((f"{base}/{step}", value[int(step)] if isinstance(value, list) else value.get(step)))
        if at[-1][1] is None:
            return pointer
    for base, value in reversed(at):
        if isinstance(value, dict) and "applies" in value:
            return f"{base}{applies}{tail}"
    return pointer


def varying(ruleset: Ruleset) -> tuple[tuple[str, Leaf], ...]:
    """The leaves that are there for some kinds of department alone, with their pointers."""
    return tuple((at, node) for at, node in walk(ruleset.indicators) if isinstance(node, Leaf) and node.varies)


def deciding(ruleset: Ruleset, analysis: Analysis) -> tuple[FactDeclaration, ...]:
    """The facts that say of which kind a department is."""
    names = {
        name[0] for at, _ in varying(ruleset) for name in analysis.expressions[applies_pointer(at)].names
    }  # fmt: skip
    return tuple(fact for fact in ruleset.facts if fact.id in names)


def values_of(fact: FactDeclaration) -> tuple[Any, ...] | None:
    """All values that a fact can have; None where they cannot be listed."""
    absent = (None,) if fact.optional else ()
    if fact.type == "boolean":
        return (True, False, *absent)
    if fact.type != "string" or fact.tests is None:
        return None
    texts = [node.value for node in tree.walk(parse_unary_tests(fact.tests)) if isinstance(node, tree.String)]
    allowed = compiled(fact.tests, {"?": types.bare(fact_type(fact))}, unary=True).function
    # What allows a text that it does not name allows more than can be listed.
    if allowed("".join(texts) + "?") is True:
        return None
    return (*dict.fromkeys(text for text in texts if allowed(text) is True), *absent)


@exactly
def variants(ruleset: Ruleset, analysis: Analysis) -> tuple[Variant, ...]:
    """Every kind of department that the declared facts allow; the conditions must be sound (see ``variant_problems``)."""
    facts = deciding(ruleset, analysis)
    lists = [values_of(fact) or () for fact in facts]
    found = []
    for values in product(*lists):
        kind = {fact.id: value for fact, value in zip(facts, values, strict=True)}
        gone = {leaf.id for at, leaf in varying(ruleset) if not _is_there(analysis, at, kind)}
        leaves = [node for _, node in walk(ruleset.indicators) if isinstance(node, Leaf) and node.id not in gone]
        points = reduce(CONTEXT.add, (leaf.points for leaf in leaves), Decimal(0))
        found.append(Variant(kind, tuple(leaf.id for leaf in leaves), points))
    return tuple(found)


def _is_there(analysis: Analysis, pointer: str, kind: Mapping[str, Any]) -> bool | None:
    try:
        holds = analysis.expressions[applies_pointer(pointer)].strict(kind)
    except JmrulesError:
        return None
    return holds if isinstance(holds, bool) else None


def variant_problems(ruleset: Ruleset, analysis: Analysis) -> Iterator[Found]:
    """Conditions that the kinds of department do not decide, and kinds whose points are not what is stated.

    Where the sheet is scaled, what is there may depend on anything, and need not add up.
    """
    leaves = varying(ruleset)
    twice = list(_said_twice(ruleset))
    yield from twice
    if twice or not leaves or ruleset.scale is not None or analysis.problems:
        return
    unlisted = [_unlisted(ruleset, analysis, at) for at, _ in leaves]
    if any(unlisted):
        yield from (found for found in unlisted if found)
        return
    facts = deciding(ruleset, analysis)
    count = reduce(lambda product, fact: product * len(values_of(fact) or ()), facts, 1)
    if count > MOST_KINDS:
        yield applies_pointer(leaves[0][0]), _too_many(count)
        return
    for variant in variants(ruleset, analysis):
        named = kind_in_words(ruleset, variant)
        undecided = next((at for at, _ in leaves if _is_there(analysis, at, variant.kind) is None), None)
        if undecided is not None:
            yield applies_pointer(undecided), _undecided(named)
        else:
            yield from _sums(ruleset, variant, named)


def _said_twice(ruleset: Ruleset) -> Iterator[Found]:
    """Conditions within a group that has one."""
    for pointer, node in walk(ruleset.indicators):
        if isinstance(node, Group) and node.applies is not None:
            for below, inner in walk(node.children):
                if inner.applies != node.applies:
                    at = f"{pointer}/children{below.removeprefix('/indicators')}/applies"
                    yield (
                        at,
                        Problem(
                            "applies-within-absent",
                            Text(
                                f"“{inner.label.zh}”所在的“{node.label.zh}”已有适用条件（absent），不能再写一个",
                                f"{inner.id} stands in {node.id}, which has a condition (absent), and cannot have one more",
                            ),
                            Text(
                                "请把条件只写在一处：组上，或各指标上",
                                "write the condition on the group, or on each indicator",
                            ),
                        ),
                    )


def _sums(ruleset: Ruleset, variant: Variant, named: Text) -> Iterator[Found]:
    """Groups and the sheet whose points are not as stated for a kind."""
    there = set(variant.leaves)
    for pointer, node in walk(ruleset.indicators):
        if isinstance(node, Group) and node.varies and node.stated_points is not None:
            below = [leaf.points for _, leaf in walk(node.children) if isinstance(leaf, Leaf) and leaf.id in there]
            total = reduce(CONTEXT.add, below, Decimal(0))
            if below and total != node.stated_points:
                what = Text(f"“{node.label.zh}”", node.id)
                yield f"{pointer}/points", do_not_add_up(what, node.stated_points, total, named)
    if ruleset.stated_points is not None and variant.points != ruleset.stated_points:
        what = Text("全表", "the sheet")
        yield "/points", do_not_add_up(what, ruleset.stated_points, variant.points, named)


def kind_in_words(ruleset: Ruleset, variant: Variant) -> Text:
    """A kind of department as readers know it: 单位为“水利局”."""
    zh, en = [], []
    facts = {fact.id: fact for fact in ruleset.facts}
    for name, value in variant.kind.items():
        fact = facts[name]
        label = fact.label
        if isinstance(value, bool):
            zh.append(f"{label.zh}为{'是' if value else '否'}")
            en.append(f"{label.say('en')}: {'yes' if value else 'no'}")
        elif value is None:
            zh.append(f"未填{label.zh}")
            en.append(f"{label.say('en')} not given")
        else:
            called = next((each.label for each in fact.values if each.value == value), Text(value, value))
            zh.append(f"{label.zh}为“{called.zh}”")
            en.append(f"{label.say('en')}: {called.say('en')}")
    return Text("、".join(zh), ", ".join(en))


def _unlisted(ruleset: Ruleset, analysis: Analysis, pointer: str) -> Found | None:
    """A name in a condition that is no fact whose values are listed."""
    facts = {fact.id: fact for fact in ruleset.facts}
    at = applies_pointer(pointer)
    for name in analysis.expressions[at].names:
        fact = facts.get(name[0])
        if fact is None or values_of(fact) is None:
            label = Text(name[0], name[0]) if fact is None else fact.label
            return at, Problem(
                "kinds-not-listed",
                Text(
                    f"指标在不在表上取决于“{label.zh}”，其取值无法逐一列出，不能证明各类单位的分值合计一致",
                    f"whether the indicator is there rests on {label.say('en')!r}, whose values cannot be listed, so that it"
                    " cannot be proved that each kind's points add up",
                ),
                Text(
                    '请用是否类事实，或以 in 列出取值的文字（如 "in": "\\"学校\\", \\"医院\\""）；或用 scale 折算',
                    "read yes/no facts, or texts whose values `in` lists; or scale the sheet",
                ),
            )
    return None


def _undecided(kind: Text) -> Problem:
    return Problem(
        "kind-undecided",
        Text(
            f"对{kind.zh}，无法判断指标在不在表上",
            f"for {kind.say('en')}, it cannot be told whether the indicator is there",
        ),
        Text("请使条件对每一类单位都有是或否的结果", "let the condition be true or false for every kind"),
    )


def _too_many(count: int) -> Problem:
    return Problem(
        "too-many-kinds",
        Text(
            f"单位种类有 {count} 种，多于 {MOST_KINDS} 种",
            f"there are {count} kinds of department, more than {MOST_KINDS}",
        ),
        Text("请用一项事实说明单位种类", "let one fact say of which kind a department is"),
    )
