"""Which head of a table is which fact: by name, by label, by what is asked; near misses are asked about, never taken."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from jmrules.batch.text import Column
from jmrules.errors import Place, Problem, Text
from jmrules.tables import key_of, known_unit, letters
from jmrules.units import UNITS, unit_of, unit_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from jmrules.batch.sources import Source
    from jmrules.ruleset import FactDeclaration, Ruleset
    from jmrules.tables import Head
    from jmrules.units import Unit

#: how alike two names are of which one may be meant for the other
_NEAR = 0.8


def names_of(fact: FactDeclaration) -> tuple[str, ...]:
    """The keys under which a fact's column may go: its id and its labels."""
    return tuple(dict.fromkeys(key_of(name) for name in (fact.id, fact.label.zh, fact.label.en) if name))


def wanted_heads(
    rulesets: Iterable[Ruleset], pairs: Sequence[str] = (), others: Iterable[str | None] = ()
) -> frozenset[str]:
    """The keys of heads that a table of departments may have."""
    found = {key for ruleset in rulesets for fact in ruleset.facts for key in names_of(fact)}
    found |= {key_of(pair.partition("=")[2]) for pair in pairs}
    return frozenset(found | {key_of(name) for name in others if name}) - {""}


def find_heads(source: Source, name: str) -> list[Head]:
    """The columns that are called so: exactly, or blanks, width, case and unit aside."""
    exact = [head for head in source.heads if head.name == name]
    return exact or [head for head in source.heads if key_of(name) in head.keys]


def matched(
    facts: Sequence[FactDeclaration], source: Source, chosen: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    """The column of each fact that has one.

    Args:
        facts: a ruleset's, or the fields of a list's items.
        chosen: fact -> name of its column, empty for none; as asked for.
        problems: what is not clear is added here.
    """
    found = {fact: name for fact, name in chosen.items() if name}
    free = [head for head in source.heads if head.name not in found.values()]
    claims: dict[int, list[FactDeclaration]] = {}
    for fact in facts:
        if fact.id in chosen:
            continue
        names = names_of(fact)
        mine = [head for head in free if any(key in names for key in head.keys)]
        if len(mine) > 1:
            problems.append(_doubled(fact, mine, source))
        for head in mine[:1]:
            found[fact.id] = head.name
            claims.setdefault(head.column, []).append(fact)
    for column, several in claims.items():
        by_id = [
            fact for fact in several if any(key_of(fact.id) in head.keys for head in free if head.column == column)
        ]
        if len(several) > 1 and len(by_id) == 1:
            for fact in several:
                if fact is not by_id[0]:
                    del found[fact.id]
        elif len(several) > 1:
            problems.append(_shared(several, next(head for head in free if head.column == column), source))
    doubled = [head.name for head in source.heads]
    problems += [
        _doubled(fact, [head for head in source.heads if head.name == found[fact.id]], source)
        for fact in facts
        if fact.id in chosen and fact.id in found and doubled.count(found[fact.id]) > 1
    ]
    return found


def near_misses(
    facts: Sequence[FactDeclaration], source: Source, found: Mapping[str, str], chosen: Mapping[str, str],
    known: Set[str],
) -> list[Problem]:  # fmt: skip
    """Facts without a column, where one without a fact is nearly called so: it is asked, and never left out in silence.

    ``known``: keys of heads that something is known to be meant by. That a fact which must be there has no column is told elsewhere, with the names that are like its id.
    """
    taken = {*found.values(), *chosen.values()}
    spare = [head for head in source.heads if head.name not in taken and known.isdisjoint(head.keys)]
    made = []
    for fact in facts:
        if fact.id in found or fact.id in chosen:
            continue
        names = names_of(fact) if fact.optional else names_of(fact)[1:]
        near = [head for head in spare if any(_alike(key, name) for key in head.keys for name in names)]
        for head in near[:1]:
            made.append(
                Problem(
                    "near-column",
                    Text(
                        f"列“{head.name}”是否就是“{fact.label.zh}”？名称不完全相同",
                        f"is the column {head.name!r} the fact {fact.id} ({fact.label.say('en')})? The names are not quite the same",
                    ),
                    Text(
                        f"是就写 --map {fact.id}={head.name}，不是就写 --map {fact.id}=（没有这一列）",
                        f"if so, say --map {fact.id}={head.name}; if not, --map {fact.id}= (no column)",
                    ),
                    place_of(source, [head]),
                )
            )
    return made


def _alike(one: str, other: str) -> bool:
    if [sign for sign in one if sign.isdigit()] != [sign for sign in other if sign.isdigit()]:
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def reading_of(fact: FactDeclaration, source: Source, name: str, wanted: str | None, problems: list[Problem]) -> Column:
    """How a column is read: in which unit it is, by its own head or by the line above the heads."""
    head = source.head(name)
    target = unit_of(wanted) if wanted else None
    if fact.type != "number":
        return Column(source, name, None, wanted)
    own = known_unit(head.unit)
    said = UNITS[own] if own else None
    if said is None and head.unit is not None:
        problems.append(_unknown_unit(fact, head, source))
        return Column(source, name, None, wanted)
    if said is None and target is not None and source.layout is not None:
        said = _of_page(source.layout.units, target)
        if said is None and target.kind == "money" and any(map(_may_be_money, source.layout.units)):
            problems.append(_unclear_page(fact, head, source))
    if said is None or (target is not None and (said.kind, said.factor) == (target.kind, target.factor)):
        return Column(source, name, None, wanted)
    if target is None or said.kind != target.kind or source.typed:
        problems.append(_other_unit(fact, head, said, target, source))
        return Column(source, name, None, wanted)
    return Column(source, name, said.id, wanted)


def _of_page(said: Sequence[str], target: Unit) -> Unit | None:
    found = [UNITS[id] for name in said if (id := known_unit(name)) is not None]
    fitting = [unit for unit in found if unit.kind == target.kind]
    return fitting[0] if len(fitting) == 1 else None


def _may_be_money(said: str) -> bool:
    id = known_unit(said)
    return id is None or UNITS[id].kind == "money"


def _unclear_page(fact: FactDeclaration, head: Head, source: Source) -> Problem:
    assert source.layout is not None
    units = source.layout.units
    return Problem(
        "unknown-unit",
        Text(
            f"表头上方写的单位是{'、'.join(units)}，不知道列“{head.name}”（{fact.label.zh}）是哪一种",
            f"above the heads stand the units {', '.join(units)}: it is not clear in which the column {head.name!r} is",
        ),
        Text(f"请在列名后写明单位，例如 {head.name}（万元）", f"say the unit in the head: {head.name} (CNY_10k)"),
        place_of(source, [head]),
    )


def place_of(source: Source, heads: Sequence[Head]) -> Place:
    """The cells of heads."""
    if source.layout is None:
        return Place(str(source.path))
    cells = [source.layout.sheet.cell(source.layout.last, head.column) for head in heads]
    return Place(str(source.path), cell="、".join(cells))


def _doubled(fact: FactDeclaration, heads: Sequence[Head], source: Source) -> Problem:
    names = [f"{letters(head.column)} {head.name}" for head in heads]
    return Problem(
        "column-twice",
        Text(
            f"不止一列可能是“{fact.label.zh}”：{'、'.join(names)}",
            f"more than one column may be {fact.id} ({fact.label.say('en')}): {', '.join(names)}",
        ),
        Text(
            f"请给列以不同的名称，并写 --map {fact.id}=列名",
            f"give them different names, and say --map {fact.id}=COLUMN",
        ),
        place_of(source, heads),
    )


def _shared(facts: Sequence[FactDeclaration], head: Head, source: Source) -> Problem:
    ids = [fact.id for fact in facts]
    return Problem(
        "fact-twice",
        Text(f"列“{head.name}”可能是不止一项事实：{'、'.join(ids)}", f"the column {head.name!r} may be any of {', '.join(ids)}"),
        Text(f"请用 --map {ids[0]}={head.name} 指明，其余写 --map {ids[1]}=", f"say which by --map {ids[0]}={head.name}, and --map {ids[1]}= for the others"),
        place_of(source, [head]),
    )  # fmt: skip


def _other_unit(fact: FactDeclaration, head: Head, said: Unit, target: Unit | None, source: Source) -> Problem:
    name, other = unit_text(said), unit_text(target) if target else Text("无单位", "no unit")
    return Problem(
        "column-unit",
        Text(
            f"列“{head.name}”的单位是{name.zh}，而“{fact.label.zh}”（{fact.id}）的单位是{other.zh}",
            f"the column {head.name!r} is in {name.say('en')}, but {fact.label.say('en')} ({fact.id}) is in {other.say('en')}",
        ),
        Text(f"请把该列换算为{other.zh}，并改列名", f"convert the column to {other.say('en')}, and rename it"),
        place_of(source, [head]),
    )


def _unknown_unit(fact: FactDeclaration, head: Head, source: Source) -> Problem:
    known = [unit.symbol.zh for unit in UNITS.values() if unit.symbol.zh]
    return Problem(
        "unknown-unit",
        Text(
            f"列“{head.name}”写明的单位“{head.unit}”不认识，不知道怎样换算为“{fact.label.zh}”的单位",
            f"the column {head.name!r} says a unit that is not known, {head.unit!r}, so {fact.id} cannot be read from it",
        ),
        Text(f"可用的单位：{'、'.join(known)}", f"units: {', '.join(UNITS)}"),
        place_of(source, [head]),
    )


__all__ = ["find_heads", "matched", "names_of", "near_misses", "place_of", "reading_of", "wanted_heads"]
