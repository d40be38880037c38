"""The careful reading of facts: every value looked at, every problem told with its place and its label."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import MAX_DIGITS, MAX_EXPONENT, document_of, escape
from jmrules.documents import check as check_schema
from jmrules.errors import JmrulesError, Place, Problem, Text, did_you_mean, meant_by
from jmrules.facts.constraints import problem_of, unmet
from jmrules.facts.documents import unknown_kinds
from jmrules.facts.domain import MAX_ITEMS, beyond, domain_of
from jmrules.facts.model import Facts, is_fact_object
from jmrules.facts.wording import allowed, called, counted, stood, told
from jmrules.feel import exactly
from jmrules.ruleset import identifiers, setting_facts, settings, unequal, walk
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.ruleset import FactDeclaration, Ruleset


@frozen
class MissingFact(Problem):
    """That a fact is not given, and which."""

    #: its id; of a field of an item, the field's
    fact: str = ""


_TYPE_NAMES = {
    "number": ("数", "a number"),
    "boolean": ("true 或 false", "true or false"),
    "string": ("字符串", "a string"),
    "date": ("YYYY-MM-DD 形式的日期", "a date of the form YYYY-MM-DD"),
    "list": ("列表", "a list"),
}
_HOW_TO_WRITE = {
    "number": Text(
        '直接写半角数字，不加引号、千分位和单位：22500 或 {"value": 98, "unit": "%"}',
        'write digits without quotes, thousands separators or unit: 22500, or {"value": 98, "unit": "%"}',
    ),
    "boolean": Text("写 true 或 false，不加引号", "write true or false without quotes"),
    "date": Text("写成 2024-03-05", "write it as 2024-03-05"),
}
_AS_PERCENT = Text(
    '比例写成小数，或写明单位：98% 写 0.98 或 {"value": 98, "unit": "%"}',
    'write a ratio as a decimal, or with its unit: 98% is 0.98, or {"value": 98, "unit": "%"}',
)
_MISSING: Any = object()


@frozen
class _Reading:
    """What is being read, and what was found wrong so far."""

    facts: Facts | None
    #: the identifiers that each label stands for
    labels: Mapping[str, tuple[str, ...]]
    problems: list[Problem] = field(factory=list)
    #: pointers of what is not given under its own name, and was found under another
    misnamed: set[str] = field(factory=set)

    def place(self, pointer: str, *, of_key: bool = False) -> Place:
        if self.facts is None:
            return Place(None, pointer)
        return self.facts.source.place(f"/facts{pointer}", of_key=of_key)

    def add(self, code: str, message: Text, hint: Text | None, place: Place) -> None:
        self.problems.append(Problem(code, message, hint, place))


def bind_carefully(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> tuple[list[Any], list[Problem]]:
    """The values in the order of the declarations, and every problem there is with them."""
    reading = _Reading(facts if isinstance(facts, Facts) else None, identifiers(ruleset))
    if isinstance(facts, Facts):
        _head(ruleset, facts, reading)
        given: Mapping[str, Any] = facts.given
    else:
        given = facts
    _unknown_names(given, [fact.id for fact in ruleset.facts], "", reading)
    values: list[Any] = []
    wrong: set[str] = set()
    for declaration in ruleset.facts:
        before = len(reading.problems)
        values.append(_member(declaration, given, "", reading))
        if len(reading.problems) > before:
            wrong.add(declaration.id)
    _constraints(ruleset, values, wrong, reading)
    reading.problems.sort(key=lambda problem: (problem.place.line or 0, problem.place.column or 0))
    return values, reading.problems


@exactly
def _constraints(ruleset: Ruleset, values: list[Any], wrong: set[str], reading: _Reading) -> None:
    """Tell the relations that do not hold between facts of which nothing else is wrong, and points that do not add up."""
    if ruleset.own_points and wrong.isdisjoint(setting_facts(ruleset)):
        first = next(each.fact for each in settings(ruleset) if each.node.id in dict(ruleset.own_points))
        reading.problems.extend(each.problem().at(reading.place(f"/{first}")) for each in unequal(ruleset))
    index = {fact.id: index for index, fact in enumerate(ruleset.facts)}
    for found in unmet(ruleset, values, wrong):
        pointer, name = f"/{found.fact}", None
        if found.item is not None:
            each = found.constraint.each
            pointer = f"{pointer}/value/{found.item}" if _wrapped(reading, pointer) else f"{pointer}/{found.item}"
            row = values[index[found.fact]][found.item]
            name = row.get(each.by) if each is not None and each.by is not None else None
        if found.field is not None:
            pointer += f"/{found.field}"
        reading.problems.append(problem_of(found, name, reading.place(pointer)))


def judged(declaration: FactDeclaration, given: Any) -> tuple[Any, list[Problem]]:
    """The value of one fact given apart from a document, as :func:`bind_carefully` reads it, and every problem with it."""
    reading = _Reading(None, {})
    return _member(declaration, {declaration.id: given}, "", reading), reading.problems


def _head(ruleset: Ruleset, facts: Facts, reading: _Reading) -> None:
    document = facts.source
    if facts.ruleset.partition("@")[0] != ruleset.id:
        reading.add(
            "other-ruleset",
            Text(
                f"这些事实用于“{facts.ruleset}”，而不是“{ruleset.id}”",
                f"these facts are for {facts.ruleset!r}, not {ruleset.id!r}",
            ),
            Text("请改用对应的评分办法", "use the ruleset they name"),
            document.place("/ruleset"),
        )
    if facts.fiscal_year != ruleset.fiscal_year:
        other = f"{ruleset.id}@{facts.fiscal_year}"
        hint = (
            Text(f"请用 {other}", f"use {other}")
            if ruleset.scores(facts.fiscal_year)
            else Text("请改用该年度的评分办法，或改正 fiscal_year", "use that year's ruleset, or correct fiscal_year")
        )
        reading.add(
            "other-year",
            Text(
                f"这些事实属于 {facts.fiscal_year} 年度，评分办法属于 {ruleset.fiscal_year} 年度",
                f"these facts are for {facts.fiscal_year}, the ruleset is for {ruleset.fiscal_year}",
            ),
            hint,
            document.place("/fiscal_year"),
        )
    ids = [node.id for _, node in walk(ruleset.indicators)]
    for member, named in (("indicators", facts.claims.indicators), ("rows", facts.claims.rows)):
        for name in named:
            if name not in ids:
                reading.add(
                    "unknown-indicator",
                    Text(f"评分办法中没有指标“{name}”", f"the ruleset has no indicator {name!r}"),
                    _near(name, ids, reading),
                    document.place(f"/claims/{member}/{name}", of_key=True),
                )
    reading.problems.extend(unknown_kinds(ruleset, facts))


def _near(name: str, known: Iterable[str], reading: _Reading) -> Text:
    otherwise = Text("请删去，或在评分办法中声明", "remove it, or declare it in the ruleset")
    return did_you_mean(name, known, otherwise, reading.labels)


def _unknown_names(given: Mapping[str, Any], known: list[str], base: str, reading: _Reading) -> None:
    for name in given:
        if name not in known:
            shown = str(name)
            if (meant := meant_by(shown, known, reading.labels)) is not None and meant not in given:
                reading.misnamed.add(f"{base}/{meant}")
            reading.add(
                "unknown-fact",
                Text(f"评分办法没有声明事实“{shown}”", f"the ruleset declares no fact {shown!r}"),
                _near(shown, known, reading),
                reading.place(f"{base}/{escape(shown)}", of_key=True),
            )


def _named(declaration: FactDeclaration) -> tuple[str, str]:
    said = called(declaration)
    return said.zh, said.say("en")


def _member(declaration: FactDeclaration, given: Mapping[str, Any], base: str, reading: _Reading) -> Any:
    """The value of one declared member of ``given``, or None after telling what is wrong."""
    value = given.get(declaration.id, _MISSING)
    pointer = f"{base}/{declaration.id}"
    zh, en = _named(declaration)
    if value is _MISSING:
        if pointer in reading.misnamed:
            return None
        if declaration.absent == "unknown":
            reading.add(
                "unknown-value",
                Text(f"没有给出事实{zh}，不能据以打分", f"the fact {en} is not given, so no exact score exists"),
                Text("请给出确切的值", "give its exact value"),
                reading.place(base),
            )
        elif not declaration.optional:
            message = Text(f"缺少事实{zh}", f"the fact {en} is missing")
            hint = Text(f"请补充该项，写作 {declaration.id}", f"supply it, under the name {declaration.id}")
            reading.problems.append(
                MissingFact("missing-fact", message, hint, reading.place(base), fact=declaration.id)
            )
        return None
    unit = None
    if is_fact_object(value):
        if reading.facts is None and (problems := _malformed(declaration.id, value, pointer)):
            reading.problems.extend(problems)
            return None
        if not _known_exactly(declaration, value, pointer, reading):
            return None
        unit, value = value.get("unit"), value.get("value")
    if value is None:
        if not declaration.optional:
            reading.add(
                "null-fact",
                Text(f"事实{zh}不能为 null", f"the fact {en} cannot be null"),
                Text('请给出数值，或用 {"unknown": true} 表示未知', 'give its value, or {"unknown": true}'),
                reading.place(pointer),
            )
        return None
    return _value(declaration, value, unit, pointer, reading)


def _malformed(name: str, given: dict[str, Any], pointer: str) -> list[Problem]:
    """What is wrong with the form of a fact object that came in a mapping, and so past no schema."""
    head = {"ruleset": "-", "fiscal_year": 2000, "subject": {"name": "-"}}
    try:
        problems = check_schema(document_of({**head, "facts": {name: given}}), "facts")
    except JmrulesError as error:
        problems = list(error.problems)
    inside = f"/facts/{name}"
    return [
        problem.at(Place(None, pointer + (problem.place.pointer or "").removeprefix(inside))) for problem in problems
    ]


def _known_exactly(declaration: FactDeclaration, given: dict[str, Any], pointer: str, reading: _Reading) -> bool:
    if "value" in given and not {"between", "unknown", "length"} & given.keys():
        return True
    zh, en = _named(declaration)
    if not {"value", "between", "unknown", "length"} & given.keys():
        message = Text(f"事实{zh}没有给出 value", f"the fact {en} gives no value")
    else:
        message = Text(
            f"事实{zh}未确切知道，不能据以打分", f"the fact {en} is not known exactly, so no exact score exists"
        )
    reading.add("unknown-value", message, Text("请给出确切的值", "give its exact value"), reading.place(pointer))
    return False


def _value(declaration: FactDeclaration, value: Any, unit: str | None, pointer: str, reading: _Reading) -> Any:
    if declaration.type == "list":
        return _items(declaration, value, pointer, reading)
    converted = domain_of(declaration).read(value)
    zh, en = _named(declaration)
    if converted is None:
        wanted_zh, wanted_en = _TYPE_NAMES[declaration.type]
        reading.add(
            "wrong-fact-type",
            Text(
                f"事实{zh}应为{wanted_zh}，而不是 {stood(value)}",
                f"the fact {en} must be {wanted_en}, not {stood(value)}",
            ),
            _HOW_TO_WRITE.get(
                declaration.type if isinstance(value, str) else "", Text("请改正该值", "correct the value")
            ),
            reading.place(pointer),
        )
        return None
    if isinstance(converted, Decimal) and beyond(converted):
        reading.add(
            "beyond-exact-range",
            Text(
                f"事实{zh}超出可精确表示的范围（{MAX_DIGITS} 位有效数字，指数不超过 {MAX_EXPONENT}）",
                f"the fact {en} is beyond exact range ({MAX_DIGITS} significant digits, exponent up to {MAX_EXPONENT})",
            ),
            Text("请写实际数值", "write the actual figure"),
            reading.place(pointer),
        )
        return None
    if unit is not None and isinstance(converted, Decimal):
        in_unit = convert(converted, unit, declaration.unit)
        if isinstance(in_unit, Problem):
            reading.add(in_unit.code, in_unit.message, in_unit.hint, reading.place(pointer))
            return None
        converted = in_unit
    elif unit is not None:
        reading.add(
            "unit-mismatch",
            Text(f"事实{zh}不是数，不能有单位", f"the fact {en} is not a number and has no unit"),
            Text("请删去 unit", "remove its unit"),
            reading.place(pointer),
        )
    _check_domain(declaration, converted, pointer, reading)
    return converted


def _check_domain(declaration: FactDeclaration, value: Any, pointer: str, reading: _Reading) -> None:
    zh, en = _named(declaration)
    domain = domain_of(declaration)
    if not domain.passes(value):
        found, range_ = told(value, declaration), allowed(declaration)
        reading.add(
            "out-of-domain",
            Text(
                f"事实{zh}的值 {found.zh} 不在允许范围之内：{range_.zh}",
                f"the fact {en} is {found.say('en')}, outside what is allowed: {range_.say('en')}",
            ),
            _AS_PERCENT
            if declaration.unit == "ratio"
            else Text(f"可写：{'、'.join(domain.words)}", f"write one of: {', '.join(domain.words)}")
            if domain.words
            else Text("请核对原始数据", "check it against its source"),
            reading.place(pointer),
        )
    if isinstance(value, Decimal) and not domain.on_grid(value):
        reading.add(
            "too-many-decimals",
            Text(
                f"事实{zh}应为整数，而不是 {stood(value)}"
                if domain.whole
                else f"事实{zh}最多 {declaration.decimals} 位小数，而不是 {stood(value)}",
                f"the fact {en} must be a whole number, not {stood(value)}"
                if domain.whole
                else f"the fact {en} has at most {declaration.decimals} decimals, not {stood(value)}",
            ),
            Text("请核对原始数据和单位", "check the figure and its unit"),
            reading.place(pointer),
        )


def _items(declaration: FactDeclaration, value: Any, pointer: str, reading: _Reading) -> list[dict[str, Any]] | None:
    zh, en = _named(declaration)
    if not isinstance(value, list | tuple):
        reading.add(
            "wrong-fact-type",
            Text(f"事实{zh}应为列表，而不是 {stood(value)}", f"the fact {en} must be a list, not {stood(value)}"),
            Text("请写成 [ {…}, {…} ]", "write it as [ {…}, {…} ]"),
            reading.place(pointer),
        )
        return None
    domain = domain_of(declaration)
    if not domain.counts(len(value)):
        wanted = counted(declaration, MAX_ITEMS)
        reading.add(
            "wrong-item-count",
            Text(
                f"列表{zh}有 {len(value)} 项，应 {wanted.zh} 项",
                f"the list {en} has {len(value)} items; allowed: {wanted.say('en')}",
            ),
            Text("请核对列表", "check the list"),
            reading.place(pointer),
        )
    known = list(domain.fields)
    result: list[dict[str, Any]] = []
    for index, item in enumerate(value[:MAX_ITEMS]):
        base = f"{pointer}/{index}" if not _wrapped(reading, pointer) else f"{pointer}/value/{index}"
        if not isinstance(item, dict):
            reading.add(
                "wrong-fact-type",
                Text(f"列表{zh}的第 {index + 1} 项应为对象", f"item {index + 1} of the list {en} must be an object"),
                Text("请写成 {字段: 值}", "write it as {field: value}"),
                reading.place(base),
            )
            continue
        _unknown_names(item, known, base, reading)
        result.append({part.id: _member(part, item, base, reading) for part in declaration.item})
    return result


def _wrapped(reading: _Reading, pointer: str) -> bool:
    """Whether the list at ``pointer`` stands inside a fact object, one level further down."""
    if reading.facts is None:
        return False
    value: Any = reading.facts.source.value["facts"]
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return isinstance(value, dict)
