"""A fact for readers: what it is, how it is known, and every place that states it; lists as tables."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.quantities import quantity_in_words
from jmrules.trace import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.facts import Basis, Facts
    from jmrules.ruleset import FactDeclaration

UNKNOWN = Text("未知", "not known")
BASIS_WORDS: Mapping[str, Text] = {
    "verified": Text("经复核", "verified"),
    "figure": Text("有数据", "figures"),
    "document": Text("有材料", "document"),
    "assertion": Text("仅有文字说明", "assertion alone"),
}
#: rows of a list that are shown
MOST = 200


@frozen
class Table:
    """The items of a list: what its columns are called, and a row an item."""

    heads: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    #: items that are not shown
    more: int = 0


@frozen
class Figure:
    """A fact, or a value computed from facts."""

    label: Text
    value: Text
    basis: Text | None = None
    #: documents and sections that it is said to stand in
    places: tuple[str, ...] = ()
    #: it is not known, or not exactly
    open: bool = False
    #: of a computed value: how, and where that rule comes from
    computed: Text | None = None
    source: Text | None = None
    #: what the source says in each place
    stated: tuple[Text, ...] = ()
    note: str | None = None
    table: Table | None = None


def figure(declared: FactDeclaration, facts: Facts, basis: Basis | None = None) -> Figure:
    """A fact as the department gives it; one that it does not give is not known, or not given where it may be left out."""
    given = facts.given.get(declared.id)
    whole = given if isinstance(given, dict) else {}
    if given is None:
        missing = Text("未填", "not given") if declared.optional else UNKNOWN
        return Figure(declared.label, missing, open=not declared.optional)
    return Figure(
        declared.label,
        _value(given, declared),
        None if basis is None or whole.get("unknown") else BASIS_WORDS[basis],
        tuple(places(whole.get("evidence", ()), facts)),
        _is_open(given),
        stated=tuple(_statements(whole.get("statements", ()), declared, facts)),
        note=whole.get("note"),
        table=_table(given, declared),
    )


def places(evidence: Iterable[Any], facts: Facts) -> Iterator[str]:
    """Where evidence stands: each document once, with its sections."""
    titles = {document.id: document.title for document in facts.documents}
    found: dict[str, dict[str, None]] = {}
    for place in evidence:
        document, section = (
            (place.get("document"), place.get("section"))
            if isinstance(place, dict)
            else (place.document, place.section)
        )
        sections = found.setdefault(titles.get(document or "", document or ""), {})
        if section:
            sections[section] = None
    for title, sections in found.items():
        yield " ".join(part for part in (title, "、".join(sections)) if part)


def _is_open(given: Any) -> bool:
    """Whether a fact, or a part of it, is not known exactly."""
    if isinstance(given, dict):
        if given.get("unknown") or "between" in given or "length" in given:
            return True
        return any(_is_open(part) for name, part in given.items() if name not in ("evidence", "statements"))
    return isinstance(given, list | tuple) and any(_is_open(each) for each in given)


def _value(given: Any, declared: FactDeclaration) -> Text:
    """A fact's value in words, an interval where only that is known."""
    meaning = meaning_of(declared)
    unit = declared.unit
    if isinstance(given, dict) and ({"value", "unknown", "between", "length"} & given.keys()):
        unit = given.get("unit", unit)
        if given.get("unknown"):
            return UNKNOWN
        if "between" in given:
            low, high = (_number(end, unit, declared) for end in given["between"])
            return Text(f"{low.zh} 至 {high.zh}", f"{low.say('en')} to {high.say('en')}")
        if "length" in given:
            low, high = given["length"] if isinstance(given["length"], list | tuple) else (given["length"],) * 2
            number = f"{low}" if low == high else f"{low}–{high}"
            return Text(f"{number} 项，内容未知", f"{number} items, not known")
        given = given.get("value")
    if isinstance(given, list | tuple):
        open_ = Text("，有未知", ", some of it not known") if _is_open(given) else Text("", "")
        return Text(f"{len(given)} 项{open_.zh}", f"{len(given)} item{'' if len(given) == 1 else 's'}{open_.say('en')}")
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return _number(given, unit, declared)
    if declared.type == "date" and given is not None:
        return Text(str(given), str(given))
    return meaning.in_both(given)


def _number(number: Any, unit: str | None, declared: FactDeclaration) -> Text:
    return quantity_in_words(Decimal(number), unit, declared.decimals if unit == declared.unit else None)


def _statements(statements: Iterable[Any], declared: FactDeclaration, facts: Facts) -> Iterator[Text]:
    titles = {document.id: document.title for document in facts.documents}
    for each in statements:
        value, unit = each["value"], each.get("unit", declared.unit)
        said = Text(value, value) if isinstance(value, str) else _number(value, unit, declared)
        where = " ".join(part for part in (titles.get(each.get("document", ""), ""), each.get("section", "")) if part)
        extra = [str(each[name]) for name in ("year", "period") if name in each] + (
            [each["note"]] if "note" in each else []
        )
        more = f"（{'，'.join(extra)}）" if extra else ""
        more_en = f" ({', '.join(extra)})" if extra else ""
        yield Text(f"{where}：{said.zh}{more}", f"{where}: {said.say('en')}{more_en}")


def _table(given: Any, declared: FactDeclaration) -> Table | None:
    items = given.get("value") if isinstance(given, dict) else given
    if not isinstance(items, list | tuple) or not items or not declared.item:
        return None
    used = [field for field in declared.item if any(isinstance(each, dict) and field.id in each for each in items)]
    if not used:
        return None
    rows = tuple(
        tuple(_value(each[field.id], field) if field.id in each else Text("—", "—") for field in used)
        for each in items[:MOST]
        if isinstance(each, dict)
    )
    return Table(tuple(field.label for field in used), rows, max(0, len(items) - MOST))
