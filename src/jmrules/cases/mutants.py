"""Mutants: the ruleset with one thing changed, as a slip of the pen would change it.

Only what a score can depend on is changed: not labels, sources, evidence or the domains of facts, nor derived values that no
indicator reads.
"""

from __future__ import annotations

import itertools
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.cases.mutants_feel import Vocabulary, changes
from jmrules.errors import Text
from jmrules.facts import domain_of
from jmrules.feel import CONTEXT
from jmrules.methods import method_of
from jmrules.methods.changes import GONE, Change, ranges_changes, said, value_change
from jmrules.ruleset import Group, Leaf, everything, sites_of_leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.plan import Plan
    from jmrules.ruleset import FactDeclaration, Ruleset

_MODES = ("half up", "half even", "half down", "up", "down")


@frozen(eq=False)
class Mutant:
    """A change to a ruleset's document."""

    #: id of the leaf or the derived value that it is in; ``grades``, ``rounding``, ``scale``, ``clamp``, or the group whose points move
    owner: str
    #: where it is
    pointer: str
    #: what it is
    label: Text
    before: str
    after: str
    #: JSON pointers and new values, made one after the other
    edits: tuple[tuple[str, Any], ...] = field(repr=False)
    #: whether only the owner's own value or share changes, and what depends on it
    local: bool = True
    #: which of those that would have the same name, from 1
    number: int = 1

    @property
    def id(self) -> str:
        """Stable name: where, and from what to what."""
        return f"{self.pointer}: {self.before} → {self.after}" + (f" ({self.number})" if self.number > 1 else "")

    def applied(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with the change; the one given stays as it is."""
        changed: Any = dict(document)
        for pointer, value in self.edits:
            changed = _edited(changed, pointer.split("/")[1:], value)
        return changed  # type: ignore[no-any-return]


def _edited(value: Any, path: list[str], new: Any) -> Any:
    """A copy along the path, the rest shared."""
    if not path:
        return new
    step, *rest = path
    copy = list(value) if isinstance(value, list) else dict(value)
    key: Any = int(step) if isinstance(copy, list) else step
    if not rest and new is GONE:
        if isinstance(copy, list):
            del copy[key]
        else:
            copy.pop(key, None)
        return copy
    inner = (copy[key] if isinstance(copy, list) else copy.get(key)) if rest else None
    copy[key] = _edited(inner, rest, new)
    return copy


def mutants_of(plan: Plan) -> tuple[Mutant, ...]:
    """All mutants of a ruleset, in the order of its document; no two make the same change."""
    ruleset = plan.ruleset
    found = [*_rounding(ruleset), *_grades(ruleset), *_derived(plan), *_sheet(ruleset), *_indicators(ruleset)]
    once: dict[tuple[Any, ...], Mutant] = {}
    for mutant in found:
        key = tuple((pointer, "∅" if value is GONE else repr(value)) for pointer, value in mutant.edits)
        once.setdefault(key, mutant)
    names: Counter[str] = Counter()
    numbered: list[Mutant] = []
    for mutant in once.values():
        names[mutant.id] += 1
        numbered.append(evolve(mutant, number=names[mutant.id]))
    return tuple(numbered)


def _of(owner: str, base: str, named: Text, change: Change, *, local: bool = True) -> Mutant:
    """A mutant of a change whose pointers are below ``base``."""
    edits = tuple((base + pointer, value) for pointer, value in change.edits)
    label = Text(
        f"{named.zh}：{change.zh}，{change.before} 改为 {change.after}",
        f"{named.say('en')}: {change.en}, {change.before} becomes {change.after}",
    )
    return Mutant(owner, edits[0][0], label, change.before, change.after, edits, local)


def _rounding(ruleset: Ruleset) -> Iterator[Mutant]:
    rounding, named = ruleset.rounding, Text("取整", "rounding")
    found = [
        value_change("/mode", rounding.mode, mode, "取整方式", "the mode") for mode in _MODES if mode != rounding.mode
    ]
    found += [
        value_change("/leaf", rounding.leaf, digits, "指标得分的小数位", "decimals of an award")
        for digits in (rounding.leaf - 1, rounding.leaf + 1)
        if digits >= 0
    ]
    # More decimals than the indicators have change no total.
    found += [
        value_change("/total", rounding.total, digits, "总分的小数位", "decimals of the total")
        for digits in (rounding.total - 1, rounding.total + 1)
        if 0 <= digits <= rounding.leaf
    ]
    for change in found:
        yield _of("rounding", "/rounding", named, change, local=False)


def _grades(ruleset: Ruleset) -> Iterator[Mutant]:
    for change in ranges_changes([("", ruleset.source.value["grades"])]):
        yield _of("grades", "/grades", Text("等级", "grades"), change, local=False)


def _sheet(ruleset: Ruleset) -> Iterator[Mutant]:
    """Another scale, other ends of the total, another effect or bound of a line beside the sheet."""
    scale, clamp = ruleset.scale, ruleset.clamp
    if scale is not None:
        change = value_change("/to", scale.to, scale.to + 1, "折算为", "what it is scaled to")
        yield _of("scale", "/scale", Text("折算", "scale"), change, local=False)
    ends = {} if clamp is None else {"from": clamp.least, "to": clamp.most}
    for name, end in ends.items():
        if end is not None:
            words = ("总分下限", "the least total") if name == "from" else ("总分上限", "the greatest total")
            for after in (end - 1, end + 1):
                yield _of(
                    "clamp", "/clamp", Text("总分", "total"), value_change(f"/{name}", end, after, *words), local=False
                )
    for index, line in enumerate(ruleset.adjustments):
        assert line.effect is not None
        other = "penalty" if line.effect == "bonus" else "bonus"
        found = [value_change("/effect", line.effect, other, "加分或倒扣", "whether it adds or takes off")]
        more = line.points + Decimal(1).scaleb(-ruleset.rounding.leaf)
        found.append(value_change("/points", line.points, more, "至多", "at most"))
        for change in found:
            yield _of(line.id, f"/adjustments/{index}", line.label, change, local=False)


def _vocabulary(ruleset: Ruleset) -> Vocabulary:
    strings: dict[str, tuple[str, ...]] = {}

    def look(facts: Iterable[FactDeclaration]) -> None:
        for fact in facts:
            look(fact.item)
            known = domain_of(fact).named
            for index, value in enumerate(known):
                strings[value] = known[index + 1 :] + known[:index]

    look(ruleset.facts)
    whole = {fact.id for fact in ruleset.facts if domain_of(fact).whole}
    whole |= {derived.id for derived in ruleset.derived if derived.unit == "count"}
    return Vocabulary(frozenset(whole), strings)


def _texts(
    owner: str, pointer: str, text: str, named: Text, words: Vocabulary, *, local: bool = True
) -> Iterator[Mutant]:
    for change in changes(text, words):
        label = Text(
            f"{named.zh}：{change.before} 改为 {change.after}",
            f"{named.say('en')}: {change.before} becomes {change.after}",
        )
        yield Mutant(owner, pointer, label, change.before, change.after, ((pointer, change.text),), local)


def _derived(plan: Plan) -> Iterator[Mutant]:
    words, read = _vocabulary(plan.ruleset), scored_names(plan)
    for derived in plan.ruleset.derived:
        if derived.id in read:
            yield from _texts(derived.id, f"/derived/{derived.id}/value", derived.value, derived.label, words)


def scored_names(plan: Plan) -> set[str]:
    """Names of the facts and derived values that indicators read, directly or through others."""
    derived = {item.id: item for item in plan.ruleset.derived}
    from jmrules.ruleset import analyse

    expressions = analyse(plan.ruleset).expressions
    waiting = [
        name[0]
        for leaf in plan.leaves
        for call in (*leaf.calls, *((leaf.applies,) if leaf.applies else ()))
        for name in call.expression.names
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            if name in derived:
                waiting += [inner[0] for inner in expressions[f"/derived/{name}/value"].names]
    return seen


def _indicators(ruleset: Ruleset) -> Iterator[Mutant]:
    words, quantum = _vocabulary(ruleset), Decimal(1).scaleb(-ruleset.rounding.leaf)
    by_pointer = dict(everything(ruleset))
    yield from _moved_points(ruleset.indicators, "/indicators", quantum)
    for pointer, node in by_pointer.items():
        if node.set_by is not None:
            stated = value_change("/set_by", node.set_by, GONE, "分值不再自定", "departments no longer set its points")
            yield _of(node.id, pointer, node.label, stated, local=False)
        if isinstance(node, Group):
            yield from _moved_points(node.children, f"{pointer}/children", quantum)
            yield from _of_group(node, pointer, words)
            continue
        document = _at(ruleset.source.value, pointer)
        yield from _applies(node, document, pointer, words)
        if "undefined" in document:
            share = document["undefined"]["share"]
            after = 1 - share if share in (0, 1) else 0
            yield _of(
                node.id,
                f"{pointer}/undefined",
                node.label,
                value_change("/share", share, after, "无法计算时得分", "what it earns when undefined"),
            )
            gone = value_change(
                "/undefined", "undefined", GONE, "无法计算时如何得分未写明", "what it earns when undefined is not said"
            )
            yield _of(node.id, pointer, node.label, gone)
        for change in _own_rounding(node, ruleset):
            yield _of(node.id, f"{pointer}/rounding", node.label, change)
        for change in method_of(node.method).mutations(document["method"], node.points, quantum):
            yield _of(node.id, f"{pointer}/method", node.label, change)
        for site in sites_of_leaf(node, pointer):
            yield from _texts(node.id, site.pointer, site.text, node.label, words)


def _own_rounding(leaf: Leaf, ruleset: Ruleset) -> Iterator[Change]:
    if leaf.rounding is None:
        return
    digits, used = leaf.rounding.digits, leaf.rounding.mode or ruleset.rounding.mode
    for mode in _MODES:
        if mode != used:
            yield value_change("/mode", used, mode, "取整方式", "the mode")
    for other in (digits - 1, digits + 1):
        if 0 <= other <= ruleset.rounding.leaf:
            yield value_change("/digits", digits, other, "得分的小数位", "decimals of the award")


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _moved_points(nodes: tuple[Leaf | Group, ...], at: str, quantum: Decimal) -> Iterator[Mutant]:
    """Points moved from a leaf to the next leaf beside it."""
    leaves = [(index, node) for index, node in enumerate(nodes) if isinstance(node, Leaf)]
    for (index, one), (next_index, other) in itertools.pairwise(leaves):
        some = min(Decimal(1), *(CONTEXT.divide(each.points, Decimal(2)) for each in (one, other)))
        some -= some % quantum
        if some:
            change = Change(
                ((f"/{index}/points", one.points - some), (f"/{next_index}/points", other.points + some)),
                f"分值移给“{other.label.zh}”",
                f"points given to {other.label.say('en')!r}",
                said(one.points),
                said(one.points - some),
            )
            yield _of(one.id, at, one.label, change, local=False)


def _of_group(group: Group, pointer: str, words: Vocabulary) -> Iterator[Mutant]:
    """Another condition of a group that is there for some kinds of department."""
    if group.applies is not None:
        yield from _texts(
            group.id, f"{pointer}/applies/when", group.applies.when, group.label, words, local=False
        )  # fmt: skip


def _applies(leaf: Leaf, document: dict[str, Any], pointer: str, words: Vocabulary) -> Iterator[Mutant]:
    if leaf.applies is None or "applies" not in document:
        return
    at, excluding = f"{pointer}/applies", leaf.applies.otherwise in ("exclude", "absent")
    yield from _texts(leaf.id, f"{at}/when", leaf.applies.when, leaf.label, words, local=not excluding)
    found: list[Change] = []
    for truth, zh, en in (("true", "总是适用", "always applies"), ("false", "总不适用", "never applies")):
        found.append(value_change("/when", leaf.applies.when, truth, zh, en))
    for other in ("full", "zero") if leaf.effect is not None else ("full", "zero", "exclude"):
        if other != leaf.applies.otherwise:
            edits = (("/otherwise", other), *((("/to", GONE),) if "to" in document["applies"] else ()))
            words_zh, words_en = "不适用时的处理", "what it earns where it does not apply"
            found.append(Change(edits, words_zh, words_en, leaf.applies.otherwise, other))
    for index, to in enumerate(leaf.applies.to):
        gone = f"/to/{index}" if len(leaf.applies.to) > 1 else "/to"
        found.append(value_change(gone, to, GONE, "少一个接收分值的指标", "a recipient of its points is missing"))
    for change in found:
        yield _of(leaf.id, at, leaf.label, change, local=False)
