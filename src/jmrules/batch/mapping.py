"""Which column of which file is which fact."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.batch.errors import BatchError
from jmrules.batch.heads import find_heads, matched, names_of, near_misses, place_of, reading_of, wanted_heads
from jmrules.batch.sources import Source, open_source
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.tables import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.batch.text import Column
    from jmrules.ruleset import FactDeclaration, Ruleset
    from jmrules.tables import Head


@frozen
class ListTable:
    """A second file whose rows are the items of a list fact, each with the key of its department."""

    fact: str
    source: Source
    #: its column that holds the department's key
    key: str
    #: field of the item -> column
    columns: Mapping[str, str]
    #: field of the item -> how its column is read
    reading: Mapping[str, Column] = field(factory=dict)


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
    #: fact -> how its column is read
    reading: Mapping[str, Column] = field(factory=dict)
    #: columns of the departments' file that nothing reads
    unread: tuple[str, ...] = ()

    def files(self, source: Source) -> tuple[Path, ...]:
        """All files that are read."""
        return source.path, *(table.source.path for table in self.lists)


def open_departments(
    path: Path, rulesets: Sequence[Ruleset], pairs: Sequence[str] = (), key: str | None = None, keep: Sequence[str] = (),
    *, sheet: str | None = None, header_row: int | None = None,
) -> Source:  # fmt: skip
    """Look at a file of departments for these rulesets: its sheet and heads are found by the facts' names; raises as :func:`open_source`."""
    own = [pair for pair in pairs if "." not in pair.partition("=")[0]]
    return open_source(path, sheet=sheet, header_row=header_row, wanted=wanted_heads(rulesets, own, (key, *keep)))


def mapped(
    ruleset: Ruleset,
    source: Source,
    pairs: Sequence[str] = (),
    lists: Sequence[str] = (),
    key: str | None = None,
    keep: Sequence[str] = (),
    *,
    foreign: Mapping[str, str | None] | None = None,
    names: frozenset[str] = frozenset(),
) -> Columns:
    """Match facts and columns.

    Args:
        pairs: ``fact=column``; for a field of a list's own file, ``fact.field=column``; without a column, the fact has none. A fact
            not named is the column of its name or label.
        lists: ``fact=file:key column``, or ``fact=file#sheet:key column``.
        key, keep: columns of the departments' file.
        foreign: fact -> unit, of facts whose columns are in the units of another ruleset.
        names: keys of heads that are facts of some ruleset, so that nothing else is meant by them.

    Raises:
        BatchError: names that are no fact, no column, no file, that may be more than one, or that tell of a unit which is not
            one of the fact's kind; all of them.
    """
    problems: list[Problem] = []
    declared = {fact.id: fact for fact in ruleset.facts}
    known = names or wanted_heads([ruleset])
    units = {} if foreign is None else foreign
    chosen = _asked(declared, source, pairs, problems)
    tables = _list_tables(declared, lists, key, chosen, units, problems)
    wanted = [head.name for name in [*([key] if key else []), *keep] if (head := _column(source, name, problems))]
    taken = {table.fact for table in tables}
    facts = [fact for fact in ruleset.facts if fact.id not in taken]
    asked = {fact: column for fact, column in chosen.items() if "." not in fact}
    found = matched(facts, source, asked, problems)
    problems += near_misses(facts, source, found, asked, known)
    reading = {
        id: reading_of(declared[id], source, column, units.get(id, declared[id].unit), problems)
        for id, column in found.items()
    }
    if problems:
        raise BatchError(dict.fromkeys(problems))
    used = {*found.values(), *wanted}
    unread = tuple(head.name for head in source.heads if head.name not in used)
    return Columns(found, tables, wanted[0] if key else None, tuple(dict.fromkeys(wanted)), reading, unread)


def _asked(
    declared: Mapping[str, FactDeclaration], source: Source, pairs: Sequence[str], problems: list[Problem]
) -> dict[str, str]:
    """Fact, or field of a list, -> the column asked for it; empty for none."""
    chosen: dict[str, str] = {}
    for pair in pairs:
        fact, sign, column = pair.partition("=")
        if not sign or not fact:
            problems.append(_misread("--map", pair, "fact=column"))
        elif fact.partition(".")[0] not in declared:
            problems.append(_unknown("事实", "fact", fact, list(declared)))
        elif "." in fact or not column:
            chosen[fact] = column
        elif (head := _column(source, column, problems)) is not None:
            chosen[fact] = head.name
    return chosen


def _column(source: Source, name: str, problems: list[Problem]) -> Head | None:
    """The column that is called so, or None after telling that there is none, or more than one."""
    found = find_heads(source, name)
    if len(found) > 1:
        problems.append(
            Problem(
                "column-twice",
                Text(f"不止一列叫“{name}”", f"more than one column is called {name!r}"),
                Text("请给列以不同的名称", "give them different names"),
                place_of(source, found),
            )
        )
    elif not found:
        problems.append(_unknown("列", "column", name, list(source.names)))
    return found[0] if len(found) == 1 else None


def _list_tables(
    declared: Mapping[str, FactDeclaration], lists: Sequence[str], key: str | None, chosen: Mapping[str, str],
    units: Mapping[str, str | None], problems: list[Problem],
) -> tuple[ListTable, ...]:  # fmt: skip
    tables = []
    for text in lists:
        fact, sign, rest = text.partition("=")
        file, colon, key_column = rest.rpartition(":")
        if not sign or not colon or not file:
            problems.append(_misread("--list", text, "fact=FILE:key"))
        elif fact not in declared or declared[fact].type != "list":
            problems.append(
                _unknown("列表事实", "list fact", fact, [each.id for each in declared.values() if each.type == "list"])
            )
        elif key is None:
            problems.append(_needs_key())
        else:
            own = {name.partition(".")[2]: column for name, column in chosen.items() if name.startswith(f"{fact}.")}
            tables.append(_list_table(declared[fact], file, key_column, own, units, problems))
    return tuple(table for table in tables if table)


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

    names = wanted_heads(rulesets)
    found: list[Columns] = []
    problems: dict[Problem, None] = {}
    for ruleset, facts in zip(rulesets, known, strict=True):
        try:
            # the table is in the units of the first
            foreign = _units_of(rulesets[0]) if found else None
            found.append(
                mapped(ruleset, source, own(pairs, facts), own(lists, facts), key, foreign=foreign, names=names)
            )
        except BatchError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise BatchError(problems)
    return found[0], found[1]


def _units_of(ruleset: Ruleset) -> dict[str, str | None]:
    """The units of a ruleset's facts, and of the fields of its lists."""
    found = {fact.id: fact.unit for fact in ruleset.facts}
    return found | {f"{fact.id}.{part.id}": part.unit for fact in ruleset.facts for part in fact.item}


def _list_table(
    fact: FactDeclaration, file: str, key: str, chosen: Mapping[str, str], units: Mapping[str, str | None],
    problems: list[Problem],
) -> ListTable | None:  # fmt: skip
    wanted = frozenset(
        {key_of(name) for name in (key, *chosen.values()) if name}
        | {name for part in fact.item for name in names_of(part)}
    )
    # a sheet is named behind #, unless that is part of the file's name
    name, sheet = (file, None) if "#" not in file or Path(file).exists() else file.rsplit("#", 1)
    try:
        source = open_source(Path(name), sheet=sheet, wanted=wanted)
    except JmrulesError as error:
        problems += error.problems
        return None
    asked = {}
    for id, column in chosen.items():
        head = _column(source, column, problems) if column else None
        asked[id] = head.name if head else ""
    columns = matched(fact.item, source, asked, problems)
    owner = _column(source, key, problems)
    if owner is None:
        return None
    problems += near_misses(fact.item, source, columns, asked, wanted)
    reading = {
        part.id: reading_of(part, source, columns[part.id], units.get(f"{fact.id}.{part.id}", part.unit), problems)
        for part in fact.item
        if part.id in columns
    }
    return ListTable(fact.id, source, owner.name, columns, reading)


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
