"""Lists of facts from what a report lists: projects, breakdowns, and what a sentence tells of each that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.read.wording import Given, matches, parts, place_of, plain, said_of, says
from jmrules.units import UNITS, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.read.figures import Figure
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.read.tabled import Group
    from jmrules.ruleset import FactDeclaration


def _figure(figure: Figure, reading: Reading, unit: str | None = None) -> dict[str, Any]:
    fact: dict[str, Any] = {"value": plain(figure)}
    declared, own = unit_of(unit or ""), UNITS[figure.unit]
    if declared is None or declared.factor != own.factor:
        fact["unit"] = own.symbol.zh or own.id
    return {**fact, "basis": "figure", "evidence": [_at(figure, reading)], "sure": "exact"}


def _at(figure: Figure, reading: Reading) -> dict[str, str]:
    return {"document": "report", "section": place_of(figure.spot, reading)}


def rows_of(reading: Reading, declaration: FactDeclaration, wording: Mapping[str, Any], speech: Speech) -> Given | None:
    """An item for each name that the report lists under one of the wholes; what one of them lacks is unknown."""
    by_name: dict[str, dict[str, Figure]] = {}
    for wanted in wording["rows"]:
        for group in reading.groups:
            if group.total is None or not matches(reading.path(group.total), tuple(wanted)):
                continue
            for part in group.parts:
                by_name.setdefault(_known(part.label, by_name), {}).setdefault(wanted[0], part)
    if not by_name:
        return None
    fields = {part.id: part for part in declaration.item}
    rows = []
    for name, found in by_name.items():
        first = next(iter(found.values()))
        row: dict[str, Any] = {}
        for id, how in wording.get("fields", {}).items():
            if how == "name":
                row[id] = {"value": name, "basis": "document", "evidence": [_at(first, reading)], "sure": "exact"}
            elif "of" in how and how["of"][0] in found:
                row[id] = _figure(found[how["of"][0]], reading, fields[id].unit)
            else:
                said = said_of(reading, how, name)
                if said:
                    row[id] = {"value": said[0].value, "basis": "assertion", "sure": "likely"}
                    if said[0].section:
                        row[id]["evidence"] = [{"document": "report", "section": said[0].section}]
                elif "otherwise" in how:
                    row[id] = {"value": how["otherwise"], "basis": "assertion", "sure": "unclear"}
                elif not fields[id].optional:
                    row[id] = {"unknown": True}
        rows.append(row)
    first = next(iter(next(iter(by_name.values())).values()))
    return Given({"value": rows, "basis": "figure", "evidence": [_at(first, reading)], "sure": "exact"}, "exact")


def _known(name: str, names: Mapping[str, Any]) -> str:
    """The name by which a thing is known already: the same without quotes and blanks."""
    plain_name = _bare(name)
    return next((each for each in names if _bare(each) == plain_name), name)


def _bare(name: str) -> str:
    return "".join(sign for sign in name if sign not in "“”\"' 　")


def groups_of(reading: Reading, declaration: FactDeclaration, wording: Mapping[str, Any]) -> Given | None:
    """Every total with its parts that is of money, or of counts; those of the budget and its projects are told elsewhere."""
    money = wording["groups"] == "money"
    wanted = [
        group for group in reading.groups
        if group.total is not None and group.total.money is money
        and (money or group.total.unit == "count") and (not money or reading.path(group.total)[0] not in ("budget", "outturn", "adjusted"))
    ]  # fmt: skip
    if not wanted:
        return None
    fields = {part.id: part for part in declaration.item}
    unit = fields["total"].unit
    rows = [_breakdown(reading, group, number, unit, fields) for number, group in enumerate(wanted, 1)]
    first = wanted[0].total
    assert first is not None
    return Given({"value": rows, "basis": "figure", "evidence": [_at(first, reading)], "sure": "exact"}, "exact")


def _breakdown(
    reading: Reading, group: Group, number: int, unit: str | None, fields: Mapping[str, FactDeclaration]
) -> dict[str, Any]:
    total = group.total
    assert total is not None
    row: dict[str, Any] = {
        "id": f"group_{number}",
        "label": f"{total.label}，{group.by}" if group.by else total.label,
    }
    if total.period is not None and "period" in fields:
        row["period"] = f"{total.period[0]}-{total.period[1]}"
    listed = []
    for part, share in zip(group.parts, group.shares, strict=True):
        entry: dict[str, Any] = {"label": part.label, "amount": _figure(part, reading, unit)}
        if share is not None and any(each.id == "share" for each in fields["parts"].item):
            entry["share"] = _figure(share, reading)
        listed.append(entry)
    return {
        **row,
        "total": _figure(total, reading, unit),
        "exhaustive": {"value": group.whole, "basis": "document", "evidence": [_at(total, reading)], "sure": "likely"},
        "parts": listed,
    }


def mentions_of(
    reading: Reading, declaration: FactDeclaration, wording: Mapping[str, Any], facts: Mapping[str, Any], speech: Speech
) -> Given | None:
    """An item for each name that a part of a sentence tells something of, amounts unknown; and for each figure of it."""
    how = wording["mentions"]
    rows = [*_told(reading, how, list(_names(facts.get(how["of"])))), *_amounts(reading, how)]
    if not rows:
        return None
    return Given({"value": rows, "basis": "assertion", "sure": "likely"}, "likely")


def _names(given: Any) -> Iterator[str]:
    for row in (given or {}).get("value", ()):
        for value in row.values():
            if isinstance(value, dict) and isinstance(value.get("value"), str):
                yield value["value"]
                break


def _told(reading: Reading, how: Mapping[str, Any], names: list[str]) -> Iterator[dict[str, Any]]:
    seen = set()
    for text, section in parts(reading):
        for phrase in how["each"]:
            if not says(phrase, text):
                continue
            for name in names:
                if name not in text or (name, phrase["value"]) in seen:
                    continue
                seen.add((name, phrase["value"]))
                place = [{"document": "report", "section": section}] if section else []
                shown = {"basis": "document", "evidence": place} if place else {"basis": "assertion"}
                yield {
                    how["field"]: {"value": phrase["value"], **shown, "sure": "likely"},
                    how["name"]: {"value": name, **shown, "sure": "likely"},
                    how["amount"]: {"unknown": True},
                    **{field: {"unknown": True} for field in how.get("unknown", ())},
                }


def _amounts(reading: Reading, how: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for concept, value in how.get("figures", {}).items():
        for figure in reading.figures:
            if figure.concept == concept and figure.money:
                name = figure.label
                for word in ("年中追加", "追加"):
                    name = name.removeprefix(word)
                at = [_at(figure, reading)]
                row = {how["field"]: {"value": value, "basis": "document", "evidence": at, "sure": "likely"}}
                if name:
                    row[how["name"]] = {"value": name, "basis": "document", "evidence": at, "sure": "likely"}
                yield {**row, how["amount"]: _figure(figure, reading, "CNY_10k")}


def items_of(reading: Reading, declaration: FactDeclaration, wording: Mapping[str, Any]) -> Given | None:
    """The items whose words the report says; fields that are not said and must be given are unknown."""
    rows: list[dict[str, Any]] = []
    places: dict[str, None] = {}
    for phrase in wording["items"]:
        found = next(((text, section) for text, section in parts(reading) if says(phrase, text)), None)
        if found is None:
            continue
        places |= {found[1]: None} if found[1] else {}
        unsaid = {
            part.id: {"unknown": True} for part in declaration.item
            if part.id not in phrase["item"] and (not part.optional or part.absent == "unknown")
        }  # fmt: skip
        rows.append({**phrase["item"], **unsaid})
    if not rows:
        return None
    fact: dict[str, Any] = {"value": rows, "basis": "assertion"}
    if places:
        fact["evidence"] = [{"document": "report", "section": section} for section in places]
    return Given({**fact, "sure": "likely"}, "likely")
