"""What must hold of signals and rules beyond the schema."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from jmrules.errors import Problem, Text, did_you_mean
from jmrules.feel import types
from jmrules.ruleset.expressions import SCORES
from jmrules.ruleset.model import walk
from jmrules.ruleset.rule_graph import plain_name, rule_graph
from jmrules.ruleset.rule_texts import (
    BOUNDS,
    CHECKS,
    CLAIMS,
    DOUBTS,
    EXTRA,
    EXTRA_MONITORING,
    HISTORY,
    SHEET,
    bodies,
    rule_texts,
)
from jmrules.ruleset.rules import PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jmrules.ruleset.model import Ruleset
    from jmrules.ruleset.rule_graph import RuleGraph
    from jmrules.ruleset.rule_texts import Body
    from jmrules.ruleset.rules import Each, Rule

Found = tuple[str, Problem]

#: what a score must not depend on
_NOT_FOR_LIMITS = frozenset((CLAIMS, SHEET, DOUBTS, HISTORY, BOUNDS, CHECKS))


def rule_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Every problem of the ruleset's signals, rules and monitoring; those of their expressions apart."""
    score, *monitoring = bodies(ruleset)
    graph = rule_graph(score.rules)
    yield from _body(score, graph, frozenset(node.id for _, node in walk(ruleset.indicators)))
    yield from _taken(ruleset)
    yield from _limits(ruleset, score, graph)
    for body in monitoring:
        yield from _body(body, rule_graph(body.rules), frozenset())
        yield from _monitoring(ruleset, body)


def text_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Problems of the expressions; their places are inside the texts."""
    for body in bodies(ruleset):
        yield from rule_texts(body).problems


def _body(body: Body, graph: RuleGraph, indicators: frozenset[str]) -> Iterator[Found]:
    yield from _identifiers(body, indicators)
    for signal in body.signals:
        if signal.each is not None:
            yield from each_problems(body, signal.each, f"{body.base}/signals/{signal.id}/each")
    yield from _fields(body)
    for index, rule in enumerate(body.rules):
        pointer = f"{body.base}/rules/{index}"
        if rule.each is not None:
            yield from each_problems(body, rule.each, f"{pointer}/each")
        yield from _references(body, rule, pointer)
        yield from _at_least(body, rule, graph, pointer)
    if graph.cycle:
        yield _cycle(body, graph)


def _identifiers(body: Body, indicators: frozenset[str]) -> Iterator[Found]:
    seen: dict[str, str] = {}
    taken = {*body.types, *indicators}
    places = [(f"{body.base}/signals/{signal.id}", signal.id) for signal in body.signals]
    places += [(f"{body.base}/rules/{index}/id", rule.id) for index, rule in enumerate(body.rules)]
    for pointer, id in places:
        other = seen.setdefault(id, pointer)
        if other != pointer:
            yield pointer, _duplicate(id, other)
        elif id in taken:
            yield pointer, _duplicate(id, f"“{id}”")


def _duplicate(id: str, other: str) -> Problem:
    return Problem(
        "duplicate-identifier",
        Text(f"标识符“{id}”已用于 {other}", f"the identifier {id!r} is already that of {other}"),
        Text(
            "信号、规则、事实、派生值和指标的标识符必须各不相同",
            "signals, rules, facts, derived values and indicators share one name space",
        ),
    )


def each_problems(body: Body, each: Each, pointer: str) -> Iterator[Found]:
    """Every problem of going through the items of a list."""
    item = body.item(each.of)
    if item is None:
        lists = [name for name in body.types if body.item(name) is not None]
        yield (
            f"{pointer}/of",
            Problem(
                "no-such-list",
                Text(f"“{each.of}”不是有字段的列表", f"{each.of!r} is no list of items with fields"),
                _near_or_all(each.of, lists),
            ),
        )
        return
    if each.name in body.types:
        yield f"{pointer}/as", _duplicate(each.name, f"“{each.name}”")
    if each.by is None:
        if body.quarterly:
            yield (
                pointer,
                Problem(
                    "items-not-told-apart",
                    Text(
                        "监控中逐项判断须用 by 写明以哪个字段识别同一项",
                        "in monitoring, `by` must name the field by which an item is known again next quarter",
                    ),
                    Text(f"可用的字段：{'、'.join(_names(item))}", f"fields: {', '.join(_names(item))}"),
                ),
            )
        return
    kind = item.member(each.by)
    if kind is None or types.bare(kind) != types.STRING:
        yield (
            f"{pointer}/by",
            Problem(
                "no-such-field",
                Text(
                    f"“{each.of}”的各项没有名为“{each.by}”的文字字段",
                    f"the items of {each.of} have no text field {each.by!r}",
                ),
                _near_or_all(each.by, _names(item)),
            ),
        )


def _names(item: types.ContextType) -> list[str]:
    return [name for name, kind in item.fields if types.bare(kind) == types.STRING]


def _fields(body: Body) -> Iterator[Found]:
    """The items of one list are told apart by one field, whoever goes through it."""
    first: dict[str, str | None] = {}
    places = [(f"{body.base}/signals/{signal.id}/each", signal.each) for signal in body.signals]
    places += [(f"{body.base}/rules/{index}/each", rule.each) for index, rule in enumerate(body.rules)]
    for pointer, each in places:
        if each is not None and first.setdefault(each.of, each.by) != each.by:
            yield (
                pointer,
                Problem(
                    "items-told-apart-twice",
                    Text(
                        f"“{each.of}”在别处以“{first[each.of]}”识别各项",
                        f"elsewhere the items of {each.of} are told apart by {first[each.of]!r}",
                    ),
                    Text("同一列表请统一用一个字段", "use the same field for the same list"),
                ),
            )


def _references(body: Body, rule: Rule, pointer: str) -> Iterator[Found]:
    known = [signal.id for signal in body.signals] + [other.id for other in body.rules]
    for step, name in rule.when.names():
        at = f"{pointer}/when/{step}"
        if name.startswith(PREVIOUS) and not body.quarterly:
            yield (
                at,
                Problem(
                    "no-previous-quarter",
                    Text(
                        "只有 monitoring 中的规则可以引用上一季度",
                        "only rules of the monitoring can name the quarter before",
                    ),
                    Text("请删去 previous.", "remove previous."),
                ),
            )
        if plain_name(name) not in known:
            yield (
                at,
                Problem(
                    "no-such-signal",
                    Text(
                        f"没有名为“{plain_name(name)}”的信号或规则", f"there is no signal or rule {plain_name(name)!r}"
                    ),
                    _near_or_all(plain_name(name), known),
                ),
            )


def _at_least(body: Body, rule: Rule, graph: RuleGraph, pointer: str) -> Iterator[Found]:
    at_least = rule.when.at_least
    if at_least is None or graph.cycle:
        return
    several = {signal.id for signal in body.signals if signal.each} | {other.id for other in body.rules if other.each}
    counted = graph.counted[rule.id]
    if at_least.number > len(counted) and not several.intersection(map(plain_name, counted)):
        yield (
            f"{pointer}/when/at_least/number",
            Problem(
                "never-enough",
                Text(
                    f"至多有 {len(counted)} 项，不可能达到 {at_least.number} 项",
                    f"there are at most {len(counted)}: never {at_least.number}",
                ),
                Text("请减小 number，或增加所数的信号和规则", "lower `number`, or name more signals and rules"),
            ),
        )


def _cycle(body: Body, graph: RuleGraph) -> Found:
    cycle = graph.cycle
    index = next(index for index, rule in enumerate(body.rules) if rule.id in cycle)
    steps = list(pairwise(cycle))
    stopped = next(((one, other) for one, other in steps if other in graph.stopped_by[one]), None)
    path = " → ".join(cycle)
    if stopped is not None:
        return f"{body.base}/rules/{index}/when", Problem(
            "unstratified-negation",
            Text(
                f"规则“{stopped[0]}”以没有“{stopped[1]}”为条件，而后者又取决于前者：{path}",
                f"the rule {stopped[0]} needs that there is no {stopped[1]}, which itself depends on it: {path}",
            ),
            Text(
                "请改写其中一条规则，使 none 只引用不依赖本规则的结论",
                "let `none` name only what does not depend on the rule itself",
            ),
        )
    return f"{body.base}/rules/{index}/when", Problem(
        "rule-cycle",
        Text(f"规则互为条件：{path}", f"these rules need each other: {path}"),
        Text("请改写其中一条规则，使其不再引用其余各条", "rewrite one of them so that it does not need the others"),
    )


def _taken(ruleset: Ruleset) -> Iterator[Found]:
    """Names that signals keep for themselves, where there are signals or rules."""
    if not ruleset.signals and not ruleset.rules:
        return
    for where, ids in (("facts", ruleset.facts), ("derived", ruleset.derived)):
        for item in ids:
            if item.id in EXTRA:
                yield f"/{where}/{item.id}", reserved(item.id)


def reserved(id: str) -> Problem:
    """An identifier that expressions keep for something else."""
    return Problem(
        "reserved-word",
        Text(f"“{id}”是保留字，不能作标识符", f"{id!r} is a reserved word and cannot be an identifier"),
        Text("请换一个名称", "choose another name"),
    )


def _limits(ruleset: Ruleset, body: Body, graph: RuleGraph) -> Iterator[Found]:
    """Caps that exist, on grounds that a score may depend on."""
    grades = [grade.id for grade in ruleset.grades]
    quantum = ruleset.rounding.total
    grounds = {signal.id: _forbidden(body, signal.id) for signal in body.signals}
    rules = {rule.id: rule for rule in body.rules}
    for index, rule in enumerate(body.rules):
        pointer = f"/rules/{index}/then/cap"
        cap = rule.then.cap
        if cap is not None and cap.grade is not None and cap.grade not in grades:
            yield (
                f"{pointer}/grade",
                Problem(
                    "no-such-grade",
                    Text(f"没有等级“{cap.grade}”", f"there is no grade {cap.grade!r}"),
                    _near_or_all(cap.grade, grades),
                ),
            )
        if (
            cap is not None
            and cap.total is not None
            and (cap.total > ruleset.points or not _multiple(cap.total, quantum))
        ):
            yield (
                f"{pointer}/total",
                Problem(
                    "no-such-total",
                    Text(f"总分不会是 {cap.total:f} 分", f"a total is never {cap.total:f}"),
                    Text(
                        f"应为 0 至 {ruleset.points:f}，至多 {quantum} 位小数",
                        f"write 0 to {ruleset.points:f}, with at most {quantum} decimals",
                    ),
                ),
            )
        if not rule.then.limits or graph.cycle:
            continue
        for other in sorted(graph.below(frozenset((rule.id,)))):
            named = {name for _, name in rules[other].when.names()} | {other}
            for id in sorted(named & grounds.keys()):
                if grounds[id]:
                    yield f"/rules/{index}/when", _not_a_ground(rule.id, id, grounds[id])
            domain = rules[other].each
            if domain is not None and domain.of in _NOT_FOR_LIMITS:
                yield f"/rules/{index}/when", _not_a_ground(rule.id, other, domain.of)


def _multiple(points: Decimal, digits: int) -> bool:
    return (Fraction(points) * Fraction(f"1e{digits}")).denominator == 1


def _forbidden(body: Body, id: str) -> str:
    signal = next(signal for signal in body.signals if signal.id == id)
    read = {name[0] for name in rule_texts(body).signals[id].names}
    if signal.each is not None:
        read.add(signal.each.of)
    return next(iter(sorted(read & _NOT_FOR_LIMITS)), "")


def _not_a_ground(rule: str, other: str, name: str) -> Problem:
    return Problem(
        "score-depends-on-claim",
        Text(
            f"规则“{rule}”限制得分，其条件“{other}”却读取 {name}",
            f"the rule {rule} limits the score, yet {other}, on which it rests, reads {name}",
        ),
        Text("得分只能取决于事实、派生值和得分", "a score may depend on facts, derived values and scores alone"),
    )


def _monitoring(ruleset: Ruleset, body: Body) -> Iterator[Found]:
    """Monitoring alerts; it scores nothing."""
    assert ruleset.monitoring is not None
    for fact in ruleset.monitoring.facts:
        if fact.id in EXTRA_MONITORING or fact.id == SCORES:
            yield f"/monitoring/facts/{fact.id}", reserved(fact.id)
    for index, rule in enumerate(body.rules):
        if rule.then.limits:
            member = "veto" if rule.then.veto else "cap"
            yield (
                f"/monitoring/rules/{index}/then/{member}",
                Problem(
                    "monitoring-scores-nothing",
                    Text("监控中没有得分可限", "there is no score to limit while monitoring"),
                    Text(
                        "请移到 rules，或改为 escalation、rectification",
                        "move it to rules, or make it an escalation or a rectification",
                    ),
                ),
            )


def _near_or_all(name: str, known: list[str]) -> Text:
    listed = Text(f"现有：{'、'.join(known)}", f"there are: {', '.join(known)}")
    return did_you_mean(name, known, listed if known else Text("一个也没有", "there are none"))
