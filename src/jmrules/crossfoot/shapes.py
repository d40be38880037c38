"""Checks that need no ruleset to declare them: breakdowns into parts, figures stated in several places."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.crossfoot.judge import Verdict, judge_ratio, judge_sum
from jmrules.crossfoot.places import sections_of
from jmrules.crossfoot.printed import Measured, half_unit, unwrapped
from jmrules.crossfoot.results import STATUSES, CheckResult, Side
from jmrules.documents.reader import MAX_DIGITS
from jmrules.errors import Problem, Text
from jmrules.facts.model import is_fact_object
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot.printed import Figures, Path
    from jmrules.crossfoot.results import Status
    from jmrules.ruleset.model import FactDeclaration

#: the fields that make a list of breakdowns, and those of its parts
_TOTAL, _PARTS, _AMOUNT, _SHARE, _EXHAUSTIVE, _LABEL = "total", "parts", "amount", "share", "exhaustive", "label"
_ONE = Measured(Decimal(1), Decimal(1), Decimal(1))
_ALL = Text("合计", "whole")
_SUM = Text("各部分之和", "sum of the parts")


def breakdowns(figures: Figures) -> Iterator[CheckResult]:
    """Every breakdown: its parts against its total, each part's share, and the shares together."""
    for name, declaration in figures.declarations.items():
        fields = {part.id: part for part in declaration.item}
        if declaration.type != "list" or not {_TOTAL, _PARTS} <= fields.keys():
            continue
        parts = {part.id: part for part in fields[_PARTS].item}
        if fields[_TOTAL].type != "number" or parts.get(_AMOUNT) is None or parts[_AMOUNT].type != "number":
            continue
        for index in range(len(figures.values.get(name) or ())):
            yield from _Breakdown(figures, declaration, fields, parts, index).results()


class _Breakdown:
    """One item of a list of breakdowns."""

    def __init__(
        self,
        figures: Figures,
        declaration: FactDeclaration,
        fields: dict[str, FactDeclaration],
        parts: dict[str, FactDeclaration],
        index: int,
    ) -> None:
        self.figures, self.declaration, self.fields, self.parts, self.index = figures, declaration, fields, parts, index
        self.value = figures.values[declaration.id][index]
        self.given = unwrapped(figures.given[declaration.id])[index]
        self.path: Path = (declaration.id, index)
        named = self.value.get(_LABEL) or self.value.get("id")
        self.item = named if isinstance(named, str) else str(index + 1)
        self.sections = sections_of(figures.given[declaration.id], index)

    def results(self) -> Iterator[CheckResult]:
        """The results, the parts' sum first."""
        rows = self.value[_PARTS] or []
        given = unwrapped(self.given.get(_PARTS)) or []
        total = self._measure(self.fields[_TOTAL], self.given.get(_TOTAL), self.value[_TOTAL], (*self.path, _TOTAL))
        amounts = [
            self._measure(self.parts[_AMOUNT], part.get(_AMOUNT), row[_AMOUNT], (*self.path, _PARTS, number, _AMOUNT))
            for number, (part, row) in enumerate(zip(given, rows, strict=True))
        ]
        exhaustive = self.value.get(_EXHAUSTIVE) is not False
        known = [amount for amount in amounts if amount is not None]
        if total is not None and len(known) == len(amounts) and known:
            verdict = judge_sum(total, tuple(known), exhaustive=exhaustive)
            label = Text(f"{self.item}：各部分之和与合计", f"{self.item}: its parts against its total")
            yield self._result("sum", "sum", label, verdict, total, self.fields[_TOTAL].unit, (_ALL, _SUM))
        shares = []
        for number, (part, row) in enumerate(zip(given, rows, strict=True)):
            if _SHARE not in self.parts or row.get(_SHARE) is None:
                continue
            at = (*self.path, _PARTS, number, _SHARE)
            share = self._measure(self.parts[_SHARE], part.get(_SHARE), row[_SHARE], at)
            amount = amounts[number]
            if share is None or amount is None or total is None:
                continue
            shares.append(share)
            named = row.get(_LABEL) or str(number + 1)
            label = Text(f"{self.item}：{named}的占比", f"{self.item}: share of {named}")
            words = Text(f"{named}所述占比", f"share stated of {named}"), Text("按金额计算的占比", "share by amounts")
            verdict = judge_ratio(share, amount, total)
            yield self._result(f"share.{number}", "ratio", label, verdict, share, self.parts[_SHARE].unit, words)
        if exhaustive and shares and len(shares) == len(rows):
            verdict = judge_sum(_ONE, tuple(shares), exhaustive=True)
            label = Text(f"{self.item}：占比之和为 100%", f"{self.item}: shares add up to 100 %")
            words = Text("全部", "all"), Text("占比之和", "sum of the shares")
            yield self._result("shares", "sum", label, verdict, _ONE, self.parts[_SHARE].unit, words)

    def _measure(self, declaration: FactDeclaration, given: Any, value: Any, path: Path) -> Measured | None:
        if not isinstance(value, Decimal):
            return None
        half = self.figures.half(declaration, given, path, self.path)
        return Measured(value, value - half, value + half)

    def _result(
        self, check: str, kind: str, label: Text, verdict: Verdict, stated: Measured, unit: str | None, words: Any
    ) -> CheckResult:
        id = f"{self.declaration.id}.{self.index}.{check}"
        return CheckResult(
            id,
            kind,
            label,
            verdict.status,
            (self.declaration.id,),
            stated=Side(words[0], stated.value, unit, self.sections),
            computed=Side(words[1], verdict.computed, unit, self.sections),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
        )


def statements(figures: Figures) -> Iterator[CheckResult]:
    """Every fact whose source states it in places: the figures against each other, and the years that it names."""
    years = {name: check for check in figures.ruleset.checks if check.kind == "year" for name in check.facts}
    for name, declaration in figures.declarations.items():
        for path, inner, given in _objects(declaration, figures.given.get(name), (name,)):
            stated = given.get("statements") or ()
            at = ".".join(map(str, path))
            if stated:
                yield from _values(figures, at, path, inner, given)
            due = figures.ruleset.fiscal_year + years[name].offset if name in years else None
            yield from _years(at, path, inner, stated, due)


def _objects(
    declaration: FactDeclaration, given: Any, path: Path
) -> Iterator[tuple[Path, FactDeclaration, dict[str, Any]]]:
    if is_fact_object(given):
        yield path, declaration, given
        given = given.get("value")
    if declaration.type == "list" and isinstance(given, list | tuple):
        for index, item in enumerate(given):
            for part in declaration.item:
                yield from _objects(part, item.get(part.id), (*path, index, part.id))


def _values(
    figures: Figures, at: str, path: Path, declaration: FactDeclaration, given: dict[str, Any]
) -> Iterator[CheckResult]:
    """A figure and each place that states it; words are no figures."""
    own = given.get("value")
    if declaration.type != "number" or isinstance(own, bool) or not isinstance(own, int | Decimal):
        return
    value = _converted(own, given.get("unit"), declaration)
    half = half_unit(given, declaration)
    if value is None or half is None:
        return
    found: list[tuple[Verdict, Any, Decimal]] = []
    for statement in given["statements"]:
        said = statement["value"]
        if isinstance(said, str):
            continue
        unit = statement.get("unit", given.get("unit"))
        number = _converted(said, unit, declaration)
        if number is None:
            continue
        said_half = half_unit({"value": said, "unit": unit} if unit else said, declaration) or Decimal(0)
        difference, leeway = Fraction(number) - Fraction(value), Fraction(half + said_half)
        # One number printed twice in the same digits is the same twice.
        status: Status = (
            "agrees" if not difference else "within-rounding" if abs(difference) < leeway else "contradicts"
        )
        found.append((Verdict(status, difference, leeway, Fraction(value)), statement, number))
    if not found:
        return
    verdict, statement, number = max(found, key=lambda each: STATUSES.index(each[0].status))
    label = declaration.label
    yield CheckResult(
        f"{at}.statements",
        "statements",
        Text(f"{label.zh}：各处所述一致", f"{label.say('en')}: stated alike everywhere"),
        verdict.status,
        (str(path[0]),),
        stated=Side(Text("另一处所述", "as stated elsewhere"), number, declaration.unit, _section(statement)),
        computed=Side(label, value, declaration.unit, sections_of({"evidence": given.get("evidence")})),
        difference=verdict.difference,
        tolerance=verdict.tolerance,
    )


def _years(at: str, path: Path, declaration: FactDeclaration, stated: Any, due: int | None) -> Iterator[CheckResult]:
    """The years that a source names for one figure: all the same, and where a check says which, that one."""
    named = [statement for statement in stated if "year" in statement]
    if not named or (due is None and len(named) < 2):
        return
    first = next((each for each in named if each["year"] == due), named[0])
    wanted = due if due is not None else first["year"]
    other = next((each for each in named if each["year"] != wanted), None)
    label = declaration.label
    yield CheckResult(
        f"{at}.years",
        "year",
        Text(f"{label.zh}：所述年度一致", f"{label.say('en')}: the same year everywhere"),
        "agrees" if other is None else "contradicts",
        (str(path[0]),),
        stated=Side(Text("所述年度", "year named"), Decimal((other or first)["year"]), None, _section(other or first)),
        computed=Side(
            Text("应为年度", "year due"), Decimal(wanted), None, _section(first) if first["year"] == wanted else ()
        ),
        difference=Fraction((other or first)["year"] - wanted),
        tolerance=Fraction(0),
    )


def _section(statement: dict[str, Any]) -> tuple[str, ...]:
    return (statement["section"],) if statement.get("section") else ()


def _converted(value: Any, unit: str | None, declaration: FactDeclaration) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if len(number.as_tuple().digits) > MAX_DIGITS:
        return None
    if unit is None:
        return number
    found = convert(number, unit, declaration.unit)
    return None if isinstance(found, Problem) else found
