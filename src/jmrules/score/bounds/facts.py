"""From facts as given to what each may be: those below the level of trust count as unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.errors import FactsError, Place, Problem, Text
from jmrules.facts import (
    BASES,
    Basis,
    Facts,
    Grounds,
    Spot,
    allowed,
    bind_carefully,
    bind_quickly,
    called,
    counted,
    domain_of,
    grounds_of,
    is_fact_object,
    weaker,
)
from jmrules.quantities import decimal_of
from jmrules.ruleset import setting_facts
from jmrules.score.bounds.domains import Extent, Fixed, Length, Rows, between, wholly_unknown
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset import FactDeclaration, Ruleset


@frozen(eq=False)
class Department:
    """The facts of a department, each with what it may be, in the order of their declarations."""

    domains: tuple[Extent, ...]
    #: values as given, whatever their basis; None where none is given
    claimed: tuple[Any, ...]


@frozen
class _Reading:
    """What is being read, and what was found wrong so far."""

    facts: Facts | None
    trust: Basis
    grounds: Grounds
    problems: list[Problem] = field(factory=list)

    def add(self, code: str, zh: str, en: str, hint: tuple[str, str], pointer: str) -> None:
        place = Place(None, pointer) if self.facts is None else self.facts.source.place(f"/facts{pointer}")
        self.problems.append(Problem(code, Text(zh, en), Text(*hint), place))


def department(ruleset: Ruleset, facts: Facts | Mapping[str, Any], trust: Basis) -> Department:
    """What each declared fact may be.

    Raises:
        FactsError: facts that do not fit the ruleset, or bounds that allow no value; all of them. That a fact is not known is no
            problem here; that it is absent and not optional is.
    """
    if trust == BASES[0] and isinstance(facts, Facts) and (plain := bind_quickly(ruleset, facts)) is not None:
        # All is known, and nothing is trusted less than that.
        return Department(tuple(map(Fixed, plain)), (None,) * len(plain))
    values, problems = bind_carefully(ruleset, facts)
    reading = _Reading(facts if isinstance(facts, Facts) else None, trust, grounds_of(ruleset, facts))
    reading.problems.extend(problem for problem in problems if problem.code != "unknown-value")
    given = facts.given if isinstance(facts, Facts) else facts
    domains: list[Extent] = []
    claimed: list[Any] = []
    agreed = evolve(reading, trust=BASES[0])
    for declaration, value in zip(ruleset.facts, values, strict=True):
        # What indicators are worth is agreed on, and rests on nothing.
        sets_points = declaration.id in setting_facts(ruleset)
        domain = _domain(
            declaration,
            given.get(declaration.id),
            value,
            f"/{declaration.id}",
            agreed if sets_points else reading,
            Spot(declaration.id),
        )
        if sets_points and not isinstance(domain, Fixed):
            _unknown_points(declaration, reading)
        domains.append(domain)
        claimed.append(None if isinstance(domain, Fixed) or not _exact(given.get(declaration.id)) else value)
    if reading.problems:
        raise FactsError(reading.problems)
    return Department(tuple(domains), tuple(claimed))


def _unknown_points(declaration: FactDeclaration, reading: _Reading) -> None:
    reading.add(
        "unknown-points",
        f"“{declaration.label.zh}”是指标的分值，不能未知",
        f"{declaration.id} ({declaration.label.say('en')}) says what an indicator is worth, and must be known",
        (
            "请填写自定的分值；不填即按办法所列分值",
            "state the points that are set; left out, those of the ruleset stand",
        ),
        f"/{declaration.id}",
    )


def _exact(given: Any) -> bool:
    """Whether a value is given, and every field of every item of it."""
    if is_fact_object(given):
        if "value" not in given:
            return False
        given = given["value"]
    if isinstance(given, list | tuple):
        return all(_exact(part) for item in given if isinstance(item, dict) for part in item.values())
    return given is not None


def _domain(
    declaration: FactDeclaration, given: Any, value: Any, pointer: str, reading: _Reading, spot: Spot
) -> Extent:
    if given is None:
        # What a source does not say is not known: silence must not support more than saying so would.
        silent = not spot.at and declaration.optional and weaker("assertion", reading.trust)
        unknown = silent or declaration.absent == "unknown"
        return wholly_unknown(domain_of(declaration)) if unknown else Fixed(None)
    wrapped = given if is_fact_object(given) else {"value": given}
    if not _well_formed(wrapped, pointer, reading):
        return Fixed(None)
    if "between" in wrapped or "length" in wrapped:
        found = _stated(declaration, wrapped, pointer, reading)
        if found is None:
            return Fixed(None)
    elif "unknown" in wrapped:
        return wholly_unknown(domain_of(declaration))
    else:
        found = None
    if weaker(reading.grounds.own(declaration, given, spot), reading.trust):
        return wholly_unknown(domain_of(declaration))
    if found is not None:
        return found
    if declaration.type == "list" and isinstance(value, list):
        at = f"{pointer}/value" if is_fact_object(given) else pointer
        return _rows(declaration, given, value, at, reading, spot)
    return Fixed(value)


def _well_formed(given: dict[str, Any], pointer: str, reading: _Reading) -> bool:
    """Whether bounds and basis are what a facts document may say; one that was loaded is, a mapping need not be."""
    pair = given.get("between", (0, 0))
    length = given.get("length", 0)
    lengths = length if isinstance(length, list | tuple) else (length, length)
    good = (
        given.get("basis", "assertion") in BASES
        and isinstance(pair, list | tuple)
        and len(pair) == len(lengths) == 2
        and all((number := decimal_of(edge)) is not None and number.is_finite() for edge in pair)
        and all(isinstance(edge, int | Decimal) and edge == int(edge) for edge in lengths)
    )
    if not good:
        reading.add(
            "bad-bounds",
            "between 应为两个数，length 应为整数或两个整数，basis 应为 assertion、document、figure、verified 之一",
            "between must be two numbers, length a whole number or two, basis one of assertion, document, figure, verified",
            ("请改正该项", "correct this fact"),
            pointer,
        )
    return good


def _rows(
    declaration: FactDeclaration, given: Any, values: list[Any], pointer: str, reading: _Reading, spot: Spot
) -> Extent:
    items = given["value"] if is_fact_object(given) else given
    if len(items) != len(values):
        return Fixed(values)
    rows = tuple(
        {
            part.id: _domain(
                part,
                item.get(part.id),
                value[part.id],
                f"{pointer}/{index}/{part.id}",
                reading,
                spot.field(given, index, part.id),
            )
            for part in declaration.item
        }
        for index, (item, value) in enumerate(zip(items, values, strict=True))
    )
    # A number between two that are the same is one too, though it stands in no value.
    fixed = [{id: part.value for id, part in row.items() if isinstance(part, Fixed)} for row in rows]
    if all(len(made) == len(row) for row, made in zip(rows, fixed, strict=True)):
        return Fixed(fixed)
    return Rows(domain_of(declaration), rows)


def _stated(declaration: FactDeclaration, given: dict[str, Any], pointer: str, reading: _Reading) -> Extent | None:
    """What ``between`` or ``length`` says; None after telling what is wrong with it."""
    said = called(declaration)
    zh, en = said.zh, said.say("en")
    if "between" in given:
        if declaration.type != "number":
            reading.add(
                "not-a-number",
                f"事实{zh}不是数，不能用 between",
                f"the fact {en} is not a number, so it cannot lie between two",
                ('改用 {"unknown": true}', 'use {"unknown": true}'),
                pointer,
            )
            return None
        edges = _edges(declaration, given, pointer, reading)
        found = None if edges is None else between(domain_of(declaration), *edges)
        if found is None and edges is not None:
            reading.add(
                "empty-bounds",
                f"事实{zh}的 between 之间没有允许的值（允许范围：{allowed(declaration).zh}）",
                f"no value that the fact {en} may have lies between its bounds; allowed: {allowed(declaration).say('en')}",
                ("请核对上下限，小的在前", "check the bounds; the lesser comes first"),
                pointer,
            )
        return found
    if declaration.type != "list":
        reading.add(
            "not-a-list",
            f"事实{zh}不是列表，没有 length",
            f"the fact {en} is no list and has no length",
            ('改用 between 或 {"unknown": true}', 'use between or {"unknown": true}'),
            pointer,
        )
        return None
    length = given["length"]
    low, high = (length, length) if isinstance(length, int) else length
    domain = domain_of(declaration)
    least, most = max(domain.least, int(low)), min(domain.most, int(high))
    if least > most:
        reading.add(
            "empty-bounds",
            f"列表{zh}不能有这么多项（允许 {counted(declaration, domain.most).zh} 项）",
            f"the list {en} cannot have so many items; allowed: {counted(declaration, domain.most).say('en')}",
            ("请核对项数，小的在前", "check the numbers of items; the lesser comes first"),
            pointer,
        )
        return None
    return Length(domain, least, most, {name: wholly_unknown(part) for name, part in domain.fields.items()})


def _edges(
    declaration: FactDeclaration, given: dict[str, Any], pointer: str, reading: _Reading
) -> tuple[Decimal, Decimal] | None:
    found: list[Decimal] = []
    for edge in given["between"]:
        number = decimal_of(edge)
        assert number is not None
        converted = convert(number, given["unit"], declaration.unit) if "unit" in given else number
        if isinstance(converted, Problem):
            reading.add(
                converted.code, converted.message.zh, converted.message.say("en"),
                (converted.hint.zh, converted.hint.say("en")) if converted.hint else ("请核对单位", "check the unit"), pointer,
            )  # fmt: skip
            return None
        found.append(converted)
    return found[0], found[1]
