"""What must hold in a ruleset beyond its schema: all of it looked at, all problems told."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.errors import Problem, Text, did_you_mean, label_hint
from jmrules.feel import (
    between,
    complement,
    empty_range,
    empty_ranges,
    holding,
    intervals,
    overlap,
    parse_unary_tests,
    types,
)
from jmrules.ruleset.causes import at_its_cause
from jmrules.ruleset.check_checks import check_problems, check_texts
from jmrules.ruleset.check_constraints import applies_problems, constraint_problems
from jmrules.ruleset.check_methods import method_problems
from jmrules.ruleset.check_rules import reserved, rule_problems, text_problems
from jmrules.ruleset.check_sources import source_problems
from jmrules.ruleset.compiling import compiled, constant_tests, not_constant
from jmrules.ruleset.constraint_texts import constraint_texts
from jmrules.ruleset.expressions import SCORES, analyse, fact_type, identifiers
from jmrules.ruleset.model import Group, Leaf, everything
from jmrules.ruleset.own_points import own_points_problems
from jmrules.ruleset.variants import do_not_add_up, variant_problems, written_at
from jmrules.ruleset.years import FISCAL_YEAR, offset_before
from jmrules.units import unit_of, unknown_unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from jmrules.documents import Document
    from jmrules.ruleset.expressions import Analysis
    from jmrules.ruleset.model import FactDeclaration, Ruleset

Found = tuple[str, Problem]

#: words that FEEL or the ruleset keeps for itself
RESERVED = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "not",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "null",
        "true",
        "false",
        "item",
        "partial",
    ]
) | {SCORES, FISCAL_YEAR}


def check(ruleset: Ruleset, document: Document) -> list[Problem]:
    """Every problem of a schema-valid ruleset, at its place in ``document``, in the order of the document."""
    found: list[Found] = [
        *_spans(ruleset),
        *_identifiers(ruleset),
        *_facts(ruleset.facts, "/facts"),
        *_derived(ruleset),
        *_indicators(ruleset),
        *_grades(ruleset),
        *source_problems(ruleset),
        *rule_problems(ruleset),
        *check_problems(ruleset),
        *constraint_problems(ruleset),
        *applies_problems(ruleset),
        *_readings(ruleset),
    ]
    if ruleset.monitoring is not None:
        found += _facts(ruleset.monitoring.facts, "/monitoring/facts")
    analysis = analyse(ruleset)
    found += _declared(ruleset, analysis)
    found += variant_problems(ruleset, analysis)
    found += own_points_problems(ruleset)
    for pointer, node in everything(ruleset):
        if isinstance(node, Leaf):
            found += method_problems(node, pointer, ruleset, analysis)
    problems: list[Problem] = []

    def tell(problem: Problem, pointer: str, within: int | None = None) -> None:
        placed = problem.at(document.place(pointer, within=within))
        problems.append(at_its_cause(placed, pointer, document))

    for pointer, problem in found:
        tell(problem, written_at(document.value, pointer))
    texts = (text_problems(ruleset), check_texts(ruleset).problems, constraint_texts(ruleset).problems)
    for at, problem in chain(analysis.problems, *texts):
        pointer = written_at(document.value, at)
        column = problem.place.column
        within = column - 1 if column is not None and problem.place.line in (None, 1) else None
        text = _at(document.value, pointer)
        if within is not None and isinstance(text, str) and FISCAL_YEAR in text:
            within = offset_before(text, ruleset.fiscal_year, within)
        if within is not None and isinstance(text, str) and problem.code in ("feel-unknown-name", "feel-no-member"):
            tell(_with_identifier(problem, text, within, ruleset), pointer, within)
        else:
            tell(problem, pointer, within)
    problems.sort(key=lambda problem: (problem.place.file or "", problem.place.line or 0, problem.place.column or 0))
    return list(dict.fromkeys(problems))


def _with_identifier(problem: Problem, text: str, offset: int, ruleset: Ruleset) -> Problem:
    """The problem of a name at an offset that nothing has, with the identifier where the name is a label."""
    word = re.match(r"\w*", text[offset:])
    label = word.group() if word else ""
    nodes = {node.id for _, node in everything(ruleset)}
    scored = text[:offset].endswith(f"{SCORES}.")
    ids = [id for id in identifiers(ruleset).get(label, ()) if (id in nodes) is scored and id != label]
    return evolve(problem, hint=label_hint(label, ids[0])) if ids else problem


def _at(value: Any, pointer: str) -> Any:
    """The value at a pointer into a document; None where there is none."""
    for step in pointer.split("/")[1:]:
        try:
            value = value[int(step)] if isinstance(value, list) else value[step.replace("~1", "/").replace("~0", "~")]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value


def _readings(ruleset: Ruleset) -> Iterator[Found]:
    """How reports word facts that are not declared, and lists whose names are those of no list."""
    known = {fact.id: fact for fact in ruleset.facts}
    hint = Text("请改为已声明的事实", "name a fact that is declared")
    for id, wording in ruleset.reading.items():
        if id not in known:
            text = Text(f"没有事实“{id}”，报告用语无处可用", f"there is no fact {id!r} for this wording")
            yield f"/reading/{id}", Problem("no-such-fact", text, did_you_mean(id, known, hint))
            continue
        of = wording.get("mentions", {}).get("of")
        if of is not None and (of not in known or known[of].type != "list"):
            text = Text(f"没有清单“{of}”", f"there is no list {of!r}")
            yield f"/reading/{id}/mentions/of", Problem("no-such-fact", text, did_you_mean(of, known, hint))
        fields = {part.id for part in known[id].item}
        for name in wording.get("fields", {}):
            if name not in fields:
                text = Text(f"清单“{id}”的行中没有“{name}”", f"a row of {id!r} has no {name!r}")
                yield f"/reading/{id}/fields/{name}", Problem("no-such-field", text, did_you_mean(name, fields, hint))


def _spans(ruleset: Ruleset) -> Iterator[Found]:
    years = ruleset.fiscal_years
    if years is not None and not ruleset.scores(ruleset.fiscal_year):
        wrong = years.last is not None and years.last < years.first
        yield (
            "/fiscal_years/to" if wrong else "/fiscal_years",
            Problem(
                "ends-before-it-starts" if wrong else "other-year",
                Text(
                    f"适用年度止于 {years.last}，早于开始的 {years.first}",
                    f"the years end in {years.last}, before they start in {years.first}",
                )
                if wrong
                else Text(f"不适用于 {ruleset.fiscal_year} 年度", f"it does not score {ruleset.fiscal_year}"),
                Text("请改正年度", "correct the years"),
            ),
        )
    stated = ruleset.effective
    if stated is not None and stated.until is not None and stated.until < stated.start:
        yield (
            "/effective/until",
            Problem(
                "ends-before-it-starts",
                Text(
                    f"施行期间止于 {stated.until}，早于开始的 {stated.start}",
                    f"in force until {stated.until}, before it starts on {stated.start}",
                ),
                Text("请改正日期", "correct the dates"),
            ),
        )


def _identifiers(ruleset: Ruleset) -> Iterator[Found]:
    places = [(f"/facts/{fact.id}", fact.id) for fact in ruleset.facts]
    places += [(f"/derived/{derived.id}", derived.id) for derived in ruleset.derived]
    places += [(f"{pointer}/id", node.id) for pointer, node in everything(ruleset)]
    seen: dict[str, str] = {}
    for pointer, id in places:
        if id in RESERVED:
            yield pointer, reserved(id)
        if id in seen:
            yield (
                pointer,
                Problem(
                    "duplicate-identifier",
                    Text(f"标识符“{id}”已用于 {seen[id]}", f"the identifier {id!r} is already that of {seen[id]}"),
                    Text(
                        "事实、派生值和指标的标识符必须各不相同",
                        "facts, derived values and indicators share one name space",
                    ),
                ),
            )
        seen.setdefault(id, pointer)
    for what, ids in (("grades", [grade.id for grade in ruleset.grades]),):
        for id, times in Counter(ids).items():
            if times > 1:
                yield (
                    f"/{what}",
                    Problem(
                        "duplicate-identifier", Text(f"“{id}”出现了 {times} 次", f"{id!r} stands here {times} times")
                    ),
                )


def _facts(declarations: tuple[FactDeclaration, ...], base: str, inside: bool = False) -> Iterator[Found]:
    for declaration in declarations:
        pointer = f"{base}/{declaration.id}"
        if inside and declaration.id == FISCAL_YEAR:
            yield pointer, reserved(declaration.id)
        if declaration.unit is not None and unit_of(declaration.unit) is None:
            yield f"{pointer}/unit", unknown_unit(declaration.unit)
        kind = types.bare(fact_type(declaration))
        if declaration.tests is not None:
            problems = list(constant_tests(declaration.tests, kind, f"{pointer}/in"))
            yield from problems
            if not problems and kind == types.NUMBER and intervals(declaration.tests) == ():
                yield f"{pointer}/in", empty_range()
        if declaration.values:
            yield from _named_values(declaration, pointer)
        if declaration.count is not None:
            yield from constant_tests(declaration.count, types.NUMBER, f"{pointer}/count")
        yield from _facts(declaration.item, f"{pointer}/item", True)
        if declaration.across is not None:
            yield from _across(declaration, declarations, pointer, inside)


def _across(
    declaration: FactDeclaration, all_facts: tuple[FactDeclaration, ...], pointer: str, inside: bool
) -> Iterator[Found]:
    """A value among departments that is not of a fact, a number, that each department gives for itself."""
    assert declaration.across is not None
    of = next((fact for fact in all_facts if fact.id == declaration.across.of), None)
    if inside or of is None or of.type != "number" or of.across is not None:
        yield (
            f"{pointer}/across/of",
            Problem(
                "across-no-number",
                Text(
                    f"“{declaration.across.of}”不是各部门各自填报的数值事实",
                    f"{declaration.across.of!r} is no fact, a number, that each department gives for itself",
                ),
                Text("of 写另一项数值事实的名称", "of names another fact that is a number"),
            ),
        )
    elif of.optional and not declaration.optional:
        yield (
            f"{pointer}/optional",
            Problem(
                "across-optional",
                Text(
                    f"“{of.label.zh}”可以不填，不填的部门就没有“{declaration.label.zh}”",
                    f"{of.label.say('en')} may be left out, and then there is no {declaration.label.say('en')}",
                ),
                Text('请也写明 "optional": true', 'say "optional": true here too'),
            ),
        )


def _named_values(declaration: FactDeclaration, pointer: str) -> Iterator[Found]:
    """Names for strings that the fact can never be."""
    tests = declaration.tests
    allowed = compiled(tests, {"?": types.STRING}, unary=True).function if tests is not None else None
    for named in declaration.values:
        if declaration.type != "string" or (allowed is not None and allowed(named.value) is not True):
            yield (
                f"{pointer}/values/{named.value}",
                Problem(
                    "not-a-value",
                    Text(f"该项的取值不会是“{named.value}”", f"the fact can never be {named.value!r}"),
                    Text("values 只写 in 所列的文字", "values names strings that in allows"),
                ),
            )


def _derived(ruleset: Ruleset) -> Iterator[Found]:
    optional = {fact.id for fact in ruleset.facts if fact.optional and fact.type == "number"}
    for derived in ruleset.derived:
        if derived.unit is not None and unit_of(derived.unit) is None:
            yield f"/derived/{derived.id}/unit", unknown_unit(derived.unit)
        if derived.declared is not None and derived.declared not in optional:
            yield (
                f"/derived/{derived.id}/declared",
                Problem(
                    "declared-no-fact",
                    Text(
                        f"“{derived.declared}”不是可不填的数值事实",
                        f"{derived.declared!r} is no optional fact that is a number",
                    ),
                    Text(
                        "申报的值应是一项可不填的数值事实", "what a department declares is an optional fact, a number"
                    ),
                ),
            )


def _declared(ruleset: Ruleset, analysis: Analysis) -> Iterator[Found]:
    """A value that a department declares and that an expression reads would compete with what its figures come to."""
    declared = {derived.declared for derived in ruleset.derived if derived.declared is not None}
    for pointer, expression in analysis.expressions.items():
        for name in sorted({names[0] for names in expression.names} & declared):
            yield (
                pointer,
                Problem(
                    "declared-read",
                    Text(
                        f"表达式读取了部门申报的“{name}”：它不得代替按数据计算的值",
                        f"this reads {name!r}, which a department declares: it must not stand in for what figures come to",
                    ),
                    Text("请改用计算该值的派生值", "read the derived value that it declares"),
                ),
            )


def _multiple(points: Decimal, digits: int) -> bool:
    return points.is_finite() and (Fraction(points) * 10**digits).denominator == 1


def _indicators(ruleset: Ruleset) -> Iterator[Found]:
    digits = ruleset.rounding.leaf
    for pointer, node in everything(ruleset):
        if isinstance(node, Group):
            if node.varies:
                continue
            if node.stated_points is not None and node.stated_points != node.points:
                yield (
                    f"{pointer}/points",
                    do_not_add_up(Text(f"“{node.label.zh}”", node.id), node.stated_points, node.points),
                )
        elif not _multiple(node.points, digits):
            yield f"{pointer}/points", _not_a_multiple(node.points, digits)
        elif node.rounding is not None and node.rounding.digits > digits:
            yield (
                f"{pointer}/rounding/digits",
                Problem(
                    "rounding-too-fine",
                    Text(
                        f"该指标取 {node.rounding.digits} 位小数，多于 rounding 的 {digits} 位",
                        f"the leaf is rounded to {node.rounding.digits} decimals, the ruleset's awards have {digits}",
                    ),
                    Text("请增加 rounding.leaf 的位数", "let `rounding.leaf` have more decimals"),
                ),
            )
    yield from _whole(ruleset)
    if not _multiple(ruleset.points, ruleset.rounding.total):
        yield "/rounding/total", _not_a_multiple(ruleset.points, ruleset.rounding.total)


def _whole(ruleset: Ruleset) -> Iterator[Found]:
    """What is stated of the sheet as a whole."""
    varies = any(node.varies for node in ruleset.indicators)
    if ruleset.stated_points is None:
        if varies and ruleset.scale is None:
            yield (
                "/indicators",
                Problem(
                    "points-not-stated",
                    Text(
                        "有的指标只对部分单位存在（absent），而全表分值没有写明",
                        "some indicators are there for some departments alone (absent), and the points of the sheet are not stated",
                    ),
                    Text('请写明 "points": 100，或用 scale 折算', 'state "points": 100, or scale the sheet'),
                ),
            )
    elif ruleset.scale is None and not varies:
        total = sum((node.points for node in ruleset.indicators), Decimal(0))
        if total != ruleset.stated_points:
            yield "/points", do_not_add_up(Text("全表", "the sheet"), ruleset.stated_points, total)
    if ruleset.scale is not None and ruleset.stated_points is not None:
        yield (
            "/points",
            Problem(
                "points-of-scaled",
                Text("折算的表不写全表分值", "a sheet that is scaled has no points of its own"),
                Text("请删去 points，scale.to 就是满分", "remove `points`: scale.to is what a full sheet comes to"),
            ),
        )
    clamp = ruleset.clamp
    for name, end in (("from", clamp.least), ("to", clamp.most)) if clamp is not None else ():
        if end is not None and not _multiple(end, ruleset.rounding.total):
            yield f"/clamp/{name}", _not_a_multiple(end, ruleset.rounding.total)
    if clamp is not None and clamp.least is not None and clamp.most is not None and clamp.most <= clamp.least:
        yield (
            "/clamp/to",
            Problem(
                "empty-range",
                Text("总分的上限不高于下限", "the most that the total can be is not above the least"),
                Text("请改正上下限", "correct the ends"),
            ),
        )


def _not_a_multiple(points: Decimal, digits: int) -> Problem:
    return Problem(
        "points-too-fine",
        Text(
            f"{points:f} 分的小数位多于取整规则的 {digits} 位",
            f"{points:f} points have more than the {digits} decimals of the rounding",
        ),
        Text("请减少小数位，或增加 rounding 的位数", "use fewer decimals, or round to more"),
    )


def _grades(ruleset: Ruleset) -> Iterator[Found]:
    whole = between(ruleset.least, ruleset.most)
    left = whole
    taken: list[tuple[str, tuple[object, ...]]] = []
    for index, grade in enumerate(ruleset.grades):
        pointer = f"/grades/{index}/in"
        allowed = intervals(grade.tests)
        if allowed is None:
            yield pointer, not_constant()
            return
        if empty_ranges(parse_unary_tests(grade.tests), grade.tests) or not allowed:
            yield pointer, empty_range()
        for other, ranges in taken:
            both = overlap(overlap(allowed, ranges), whole)  # type: ignore[arg-type]
            if both:
                yield (
                    pointer,
                    Problem(
                        "overlapping-grades",
                        Text(
                            f"等级“{grade.label.zh}”与“{other}”重叠于 {both[0]}",
                            f"this grade and {other!r} overlap in {both[0]}",
                        ),
                        Text("请使各等级互不重叠", "make the grades disjoint"),
                    ),
                )
        taken.append((grade.label.zh, allowed))
        left = complement(allowed, left)
    for gap in holding(left, ruleset.rounding.total):
        yield (
            "/grades",
            Problem(
                "uncovered-total",
                Text(f"总分 {gap} 没有对应的等级", f"no grade covers totals {gap}"),
                Text(
                    f"各等级须覆盖 {ruleset.least:f} 至 {ruleset.most:f} 分",
                    f"the grades must cover {ruleset.least:f} to {ruleset.most:f} points",
                ),
            ),
        )
