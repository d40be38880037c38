"""Which column of which file is which fact."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.batch.errors import BatchError
from jmrules.batch.sources import Source, open_source
from jmrules.errors import Problem, Text
from jmrules.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from jmrules.ruleset.model import FactDeclaration, Ruleset
    from jmrules.units import Unit


@frozen
class ListTable:
    """A second file whose rows are the items of a list fact, each with the key of its department."""

    fact: str
    source: Source
    #: its column that holds the department's key
    key: str
    #: field of the item -> column
    columns: Mapping[str, str]


@frozen
class Columns:
    """The columns of a batch."""

    #: fact -> column of the departments' file
    facts: Mapping[str, str]
    lists: tuple[ListTable, ...]
    #: column of the departments' file that identifies a department
    key: str | None
    #: columns handed on to the scores, the key first
    kept: tuple[str, ...]

    def files(self, source: Source) -> tuple[Path, ...]:
        """All files that are read."""
        return source.path, *(table.source.path for table in self.lists)


def mapped(
    ruleset: Ruleset,
    source: Source,
    pairs: Sequence[str] = (),
    lists: Sequence[str] = (),
    key: str | None = None,
    keep: Sequence[str] = (),
    *,
    foreign: Set[str] = frozenset(),
) -> Columns:
    """Match facts and columns.

    Args:
        pairs: ``fact=column``; for a field of a list's own file, ``fact.field=column``. A fact not named is the column of its name.
        lists: ``fact=file:key column``.
        key, keep: columns of the departments' file.
        foreign: facts whose columns are in the units of another ruleset.

    Raises:
        BatchError: names that are no fact, no column, no file, or that tell of another unit than the fact's; all of them.
    """
    problems: list[Problem] = []
    declared = {fact.id: fact for fact in ruleset.facts}
    chosen: dict[str, str] = {}
    for pair in pairs:
        fact, sign, column = pair.partition("=")
        if not sign or not fact or not column:
            problems.append(_misread("--map", pair, "fact=column"))
        elif fact.partition(".")[0] not in declared:
            problems.append(_unknown("事实", "fact", fact, list(declared)))
        elif "." not in fact and column not in source.names:
            problems.append(_unknown("列", "column", column, list(source.names)))
        else:
            chosen[fact] = column
    tables = []
    for text in lists:
        fact, sign, rest = text.partition("=")
        file, colon, key_column = rest.rpartition(":")
        if not sign or not colon or not file:
            problems.append(_misread("--list", text, "fact=FILE:key"))
        elif fact not in declared or declared[fact].type != "list":
            problems.append(
                _unknown("列表事实", "list fact", fact, [each.id for each in ruleset.facts if each.type == "list"])
            )
        elif key is None:
            problems.append(_needs_key())
        else:
            tables.append(_list_table(fact, Path(file), key_column, declared[fact].item, chosen, problems))
    wanted = [*([key] if key else []), *keep]
    problems += [_unknown("列", "column", name, list(source.names)) for name in wanted if name not in source.names]
    taken = {table.fact for table in tables if table}
    facts = {id: chosen.get(id, id) for id in declared if id not in taken and chosen.get(id, id) in source.names}
    named = [(declared[fact], column) for fact, column in facts.items()]
    named += [
        (part, table.columns[part.id])
        for table in tables
        if table
        for part in declared[table.fact].item
        if part.id in table.columns
    ]
    problems += [
        problem
        for fact, column in named
        if fact.id not in foreign and (problem := _other_unit(fact, column)) is not None
    ]
    if problems:
        raise BatchError(problems)
    return Columns(facts, tuple(table for table in tables if table), key, tuple(dict.fromkeys(wanted)))


def mapped_for(
    rulesets: tuple[Ruleset, Ruleset],
    source: Source,
    pairs: Sequence[str] = (),
    lists: Sequence[str] = (),
    key: str | None = None,
) -> tuple[Columns, Columns]:
    """Match the facts of two rulesets and columns: what names a fact of only one of them is for that one; raises as :func:`mapped`."""
    known = [{fact.id for fact in ruleset.facts} for ruleset in rulesets]

    def own(options: Sequence[str], facts: set[str]) -> list[str]:
        named = [(option, option.partition("=")[0].partition(".")[0]) for option in options]
        return [option for option, fact in named if fact in facts or not any(fact in each for each in known)]

    found: list[Columns] = []
    problems: dict[Problem, None] = {}
    for ruleset, facts in zip(rulesets, known, strict=True):
        try:
            # the table is in the units of the first
            foreign = known[0] if found else frozenset()
            found.append(mapped(ruleset, source, own(pairs, facts), own(lists, facts), key, foreign=foreign))
        except BatchError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise BatchError(problems)
    return found[0], found[1]


def _list_table(
    fact: str, file: Path, key: str, fields: Sequence[object], chosen: Mapping[str, str], problems: list[Problem]
) -> ListTable | None:
    try:
        source = open_source(file)
    except BatchError as error:
        problems += error.problems
        return None
    columns: dict[str, str] = {}
    for part in fields:
        id: str = part.id  # type: ignore[attr-defined]
        column = chosen.get(f"{fact}.{id}", id)
        if column in source.names:
            columns[id] = column
        elif f"{fact}.{id}" in chosen:
            problems.append(_unknown("列", "column", column, list(source.names)))
    if key not in source.names:
        problems.append(_unknown("列", "column", key, list(source.names)))
    return ListTable(fact, source, key, columns)


#: what stands in brackets at the end of a column's name
_IN_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]\s*$")


def _other_unit(fact: FactDeclaration, column: str) -> Problem | None:
    """A column whose name tells of another unit than that in which the fact is declared: 支出（元）."""
    found = _IN_BRACKETS.search(column)
    said = unit_of(found[1].strip().removeprefix("单位：").removeprefix("单位:").strip()) if found else None
    wanted = unit_of(fact.unit) if fact.unit else None
    if said is None or fact.type != "number" or (wanted and (said.kind, said.factor) == (wanted.kind, wanted.factor)):
        return None
    name, other = _written(said), _written(wanted) if wanted else Text("无单位", "no unit")
    return Problem(
        "column-unit",
        Text(
            f"列“{column}”的单位是{name.zh}，而“{fact.label.zh}”（{fact.id}）的单位是{other.zh}",
            f"the column {column!r} is in {name.say('en')}, but {fact.label.say('en')} ({fact.id}) is in {other.say('en')}",
        ),
        Text(f"请把该列换算为{other.zh}，并改列名", f"convert the column to {other.say('en')}, and rename it"),
    )


def _written(unit: Unit) -> Text:
    return unit.symbol if unit.symbol.zh else Text(unit.id, unit.id)


def _misread(option: str, text: str, form: str) -> Problem:
    return Problem("misread-option", Text(f"{option} {text} 应写作 {form}", f"{option} {text} should read {form}"))


def _needs_key() -> Problem:
    return Problem(
        "needs-key",
        Text(
            "列表在另一个文件里时，需要用 --key 指明部门的编号列",
            "lists in a file of their own need --key: the column that identifies a department",
        ),
    )


def _unknown(zh: str, en: str, name: str, known: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1)
    return Problem(
        f"no-such-{en.replace(' ', '-')}",
        Text(f"没有名为“{name}”的{zh}", f"there is no {en} {name!r}"),
        Text(f"是否想写“{near[0]}”？", f"did you mean {near[0]!r}?")
        if near
        else Text(f"现有：{'、'.join(known[:30])}", f"there are: {', '.join(known[:30])}"),
    )
