"""Facts as people read them: a figure in its unit, an interval, how many rows there are, or that it is not said."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.facts import is_fact_object
from jmrules.facts.forms.cells import TRUTH
from jmrules.quantities import quantity_in_words
from jmrules.report.telling import cited
from jmrules.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.ruleset import FactDeclaration

#: what is said of a fact that its source does not say
NOT_SAID = Text("报告未说明", "not stated")
_ID = re.compile(r"[a-z][a-z0-9_]*")
#: columns of a table beside the one that names its rows
_COLUMNS = 5


@frozen
class Listed:
    """A list of facts as a table: what it is called, its columns, its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def said_of(declared: FactDeclaration, given: Any, language: Language) -> str:
    """A fact as given, in words; of a list, how many items it has."""
    unit = declared.unit
    if is_fact_object(given):
        unit = given.get("unit", unit)
        if "between" in given:
            return "～".join(_figure(end, unit, declared.decimals, language) for end in given["between"])
        if "length" in given:
            ends = given["length"] if isinstance(given["length"], list) else [given["length"]]
            return _items("～".join(str(end) for end in ends), language)
        if "value" not in given:
            return NOT_SAID.say(language)
        given = given["value"]
    match given:
        case None:
            return "—"
        case bool():
            return TRUTH[given][0 if language == "zh" else 1]
        case int() | Decimal():
            return _figure(given, unit, declared.decimals, language)
        case list() | tuple():
            return _items(str(len(given)), language)
    words = {each.value: each.label.say(language) for each in declared.values}
    return words.get(given, str(given))


def _figure(value: Any, unit: str | None, decimals: int | None, language: Language) -> str:
    return quantity_in_words(Decimal(value), unit, decimals).say(language)


def _items(number: str, language: Language) -> str:
    return f"{number} 项" if language == "zh" else f"{number} items"


def places_of(scored: Scored, given: Any, language: Language) -> str:
    """Where a fact stands, by the titles of documents and their sections."""
    titles = {document.id: document.title for document in scored.facts.documents}
    found: dict[str, dict[str, None]] = {}
    for entry in cited(given):
        if "document" in entry:
            sections = found.setdefault(titles.get(entry["document"], entry["document"]), {})
            sections.update({entry["section"]: None} if "section" in entry else {})
    comma = "、" if language == "zh" else ", "
    return ("；" if language == "zh" else "; ").join(
        f"{title} {comma.join(sections)}".strip() for title, sections in found.items()
    )


def known_of(scored: Scored, names: Iterable[str], language: Language) -> Iterator[str]:
    """Each of some facts of which something is given, with what is."""
    declared = {fact.id: fact for fact in scored.ruleset.facts}
    given = scored.facts.given
    for name in names:
        said = said_of(declared[name], given[name], language) if name in given else NOT_SAID.say(language)
        if said != NOT_SAID.say(language):
            yield f"{declared[name].label.say(language)} {said}"


def money(scored: Scored, language: Language) -> tuple[tuple[str, str, str], ...]:
    """The sums of money that are stated by themselves: what each is, how much, where it stands."""
    found = []
    for declared in scored.ruleset.facts:
        if _is_money(declared) and declared.id in scored.facts.given:
            given = scored.facts.given[declared.id]
            found.append(
                (declared.label.say(language), said_of(declared, given, language), places_of(scored, given, language))
            )
    return tuple(found)


def money_lists(scored: Scored, language: Language) -> tuple[Listed, ...]:
    """The lists whose items are sums of money, a row an item: the text that names it, then its figures."""
    found = []
    for declared in scored.ruleset.facts:
        given = scored.facts.given.get(declared.id)
        items = _bare(given)
        if declared.type != "list" or not items or not any(_is_money(part) for part in declared.item):
            continue
        named = _naming(declared, items)
        columns = [part for part in declared.item if part.type == "number" or (part.type == "string" and part.values)]
        columns = columns[:_COLUMNS]
        heads = ("序号" if language == "zh" else "No.", *(part.label.say(language) for part in columns))
        if named is not None:
            heads = (named.label.say(language), *heads[1:])
        rows = []
        for at, item in enumerate(items, 1):
            name = str(at) if named is None or named.id not in item else said_of(named, item[named.id], language)
            rows.append(
                (name, *(said_of(part, item[part.id], language) if part.id in item else "—" for part in columns))
            )
        found.append(Listed(declared.label.say(language), heads, tuple(rows)))
    return tuple(found)


def _naming(declared: FactDeclaration, items: Any) -> FactDeclaration | None:
    """The field that names an item for readers: a text that is no identifier; None where there is none."""
    for part in declared.item:
        if part.type == "string" and not part.values:
            texts = [_bare(item.get(part.id)) for item in items]
            if any(isinstance(text, str) and not _ID.fullmatch(text) for text in texts):
                return part
    return None


def _bare(given: Any) -> Any:
    return given.get("value") if is_fact_object(given) else given


def _is_money(declared: FactDeclaration) -> bool:
    known = unit_of(declared.unit) if declared.unit else None
    return declared.type == "number" and known is not None and known.kind == "money"
