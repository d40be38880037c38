"""Figures that a source states in several places: their values against each other, and the years that it names."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.crossfoot.places import sections_of
from jmrules.crossfoot.printed import half_unit
from jmrules.crossfoot.results import STATUSES, Matter, Side
from jmrules.errors import Text
from jmrules.facts import is_fact_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot.printed import Figures, Path
    from jmrules.crossfoot.results import Status
    from jmrules.ruleset import CrossCheck, FactDeclaration

_YEAR, _DUE = Text("所述年度", "year named"), Text("应为年度", "year due")


@frozen(eq=False)
class _Fact:
    """A figure with the places that state it."""

    path: Path
    declaration: FactDeclaration
    given: dict[str, Any]
    #: the year that its statements should name; None: no check says so
    due: int | None

    @property
    def id(self) -> str:
        return ".".join(map(str, self.path))

    @property
    def statements(self) -> tuple[dict[str, Any], ...]:
        return tuple(self.given.get("statements") or ())


@frozen
class _Slip:
    """Figures of one place that bear another year than they should."""

    facts: list[_Fact] = field(factory=list)
    statements: list[dict[str, Any]] = field(factory=list)


def statement_matters(figures: Figures) -> Iterator[Matter]:
    """Every figure whose source states it in several places, and every place that names another year than is due."""
    checks = {name: check for check in figures.ruleset.checks if check.kind == "year" for name in check.facts}
    facts = [
        _Fact(path, inner, given, figures.fiscal_year + checks[name].offset if name in checks else None)
        for name, declaration in figures.declarations.items()
        for path, inner, given in _objects(declaration, figures.given.get(name), (name,))
        if given.get("statements")
    ]
    for fact in facts:
        yield from _values(figures, fact)
    yield from _years(figures, facts, checks)


def _objects(
    declaration: FactDeclaration, given: Any, path: Path
) -> Iterator[tuple[Path, FactDeclaration, dict[str, Any]]]:
    if is_fact_object(given):
        yield path, declaration, given
        given = given.get("value")
    if declaration.type == "list" and isinstance(given, _LISTS):
        for index, item in enumerate(given):
            for part in declaration.item:
                below = item.get(part.id)
                if isinstance(below, _NESTED):
                    yield from _objects(part, below, (*path, index, part.id))


_LISTS = (list, tuple)
_NESTED = (dict, list, tuple)


def _values(figures: Figures, fact: _Fact) -> Iterator[Matter]:
    """A figure against each place that states it; one place alone is not held against itself, and words are no figures."""
    value, half = figures.number(fact.declaration, fact.given), half_unit(fact.given, fact.declaration)
    if value is None or half is None:
        return
    found: list[tuple[Status, Fraction, Fraction, dict[str, Any], Decimal]] = []
    own, first = _places(fact.given.get("evidence") or ()), fact.statements[:1]
    for statement in fact.statements:
        number = figures.number(fact.declaration, statement, fact.given.get("unit"))
        here = _places([statement]) <= (own or _places(first))
        if number is None or (here and number == value):
            # It is the very figure that was recorded.
            continue
        unit = statement.get("unit", fact.given.get("unit"))
        said = {"value": statement["value"], **({"unit": unit} if unit else {})}
        leeway = Fraction(half + (half_unit(said, fact.declaration) or Decimal(0)))
        difference = Fraction(number) - Fraction(value)
        # One number printed twice in the same digits is the same twice.
        status: Status = (
            "agrees" if not difference
            else "rounding" if abs(difference) < leeway
            else "question" if _other_year(fact, statement)
            else "contradicts"
        )  # fmt: skip
        found.append((status, difference, leeway, statement, number))
    if not found:
        return
    worst = max(found, key=lambda each: STATUSES.index(each[0]))
    status, difference, leeway, statement, number = worst
    label = fact.declaration.label
    yield Matter(
        f"{fact.id}.statements",
        "statements",
        Text(f"{label.zh}：各处所述", f"{label.say('en')}: as stated in several places"),
        status,
        (str(fact.path[0]),),
        stated=Side(Text("另一处所述", "as stated elsewhere"), number, fact.declaration.unit, _section(statement)),
        computed=Side(label, value, fact.declaration.unit, sections_of({"evidence": fact.given.get("evidence")})),
        difference=difference,
        tolerance=leeway,
        figures=tuple(
            Side(Text("又一处所述", "stated elsewhere too"), each[4], fact.declaration.unit, _section(each[3]))
            for each in found
            if each is not worst and each[0] not in ("agrees", "rounding")
        ),
        reason=Text(f"该处写的是 {statement['year']} 年", f"the source names {statement['year']} there")
        if status == "question"
        else None,
    )


def _other_year(fact: _Fact, statement: dict[str, Any]) -> bool:
    return fact.due is not None and statement.get("year", fact.due) != fact.due


def _places(entries: Any) -> set[tuple[Any, Any]]:
    """Where entries stand; those that say no place stand in one."""
    return {(entry.get("document"), entry.get("section")) for entry in entries}


def _years(figures: Figures, facts: list[_Fact], checks: dict[str, CrossCheck]) -> Iterator[Matter]:
    """The years that a source names: one line a slip, however many figures stand in its sentence."""
    slips: dict[tuple[Any, ...], _Slip] = {}
    right: dict[str, list[_Fact]] = {}
    for fact in facts:
        named = [statement for statement in fact.statements if "year" in statement]
        due = fact.due if fact.due is not None else _usual([statement["year"] for statement in named])
        if not named or (fact.due is None and len(named) < 2):
            continue
        value = figures.number(fact.declaration, fact.given)
        wrong = [
            statement for statement in named
            if statement["year"] != due and figures.number(fact.declaration, statement, fact.given.get("unit")) == value
        ]  # fmt: skip
        if not wrong and fact.due is not None and all(statement["year"] == due for statement in named):
            right.setdefault(checks[str(fact.path[0])].id, []).append(fact)
        for statement in wrong:
            key = (statement.get("document"), statement.get("section"), statement["year"], due)
            slip = slips.setdefault(key if statement.get("section") else (*key, fact.id), _Slip())
            slip.facts.append(fact)
            slip.statements.append(statement)
    for key, slip in slips.items():
        yield _slip(figures, slip, key[2], key[3])
    for id, agreeing in right.items():
        check = next(check for check in figures.ruleset.checks if check.id == id)
        yield Matter(id, "year", check.label, "agrees", tuple(dict.fromkeys(str(fact.path[0]) for fact in agreeing)))


def _usual(years: list[int]) -> int:
    """The year named most often, the first of several."""
    return max(years, key=years.count, default=0)


def _slip(figures: Figures, slip: _Slip, named: int, due: int) -> Matter:
    # The year is off and nothing else where the same figure is told of the right year elsewhere.
    elsewhere = [statement for fact in slip.facts for statement in fact.statements if statement.get("year") == due]
    names = dict.fromkeys(fact.declaration.label for fact in slip.facts)
    told = Text("、".join(name.zh for name in names), " / ".join(name.say("en") for name in names))
    return Matter(
        f"{slip.facts[0].id}.years",
        "year",
        Text(f"{told.zh}的年度", f"the year of {told.say('en')}"),
        "misprint" if elsewhere else "question",
        tuple(dict.fromkeys(str(fact.path[0]) for fact in slip.facts)),
        stated=Side(_YEAR, Decimal(named), None, _section(slip.statements[0])),
        computed=Side(_DUE, Decimal(due), None, _section(elsewhere[0]) if elsewhere else ()),
        difference=Fraction(named - due),
        tolerance=Fraction(0),
        figures=tuple(
            Side(fact.declaration.label, figures.number(fact.declaration, fact.given), fact.declaration.unit)
            for fact in dict.fromkeys(slip.facts)
        )
        if len(slip.facts) > 1
        else (),
    )


def _section(statement: dict[str, Any]) -> tuple[str, ...]:
    return (statement["section"],) if statement.get("section") else ()
