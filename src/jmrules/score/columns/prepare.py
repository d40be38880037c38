"""A table from anywhere as Arrow columns of the declared facts, in types that the engine reads; or what is wrong with it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jmrules.errors import FactsError, JmrulesError, Place, Problem, Text

if TYPE_CHECKING:
    from jmrules.ruleset import FactDeclaration, Ruleset

_WANTED = {
    "number": ("整数、float64 或 decimal", "integers, float64 or decimal"),
    "boolean": ("布尔", "boolean"),
    "string": ("字符串", "string"),
    "date": ("日期（date32）", "date (date32)"),
    "list": ("结构的列表（list<struct>）", "list of structs (list<struct>)"),
}


def as_table(table: Any) -> pa.Table:
    """The table as pyarrow's; raises FactsError where it does not speak Arrow."""
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    if not hasattr(table, "__arrow_c_stream__"):
        raise FactsError(
            Problem(
                "not-a-table",
                Text(
                    f"{type(table).__name__} 不是能按列打分的表",
                    f"a {type(table).__name__} is not a table that can be scored",
                ),
                Text("请给出 pyarrow、Polars 或 pandas 的表", "give a table of pyarrow, Polars or pandas"),
            )
        )
    return pa.table(table)


def prepared(ruleset: Ruleset, table: Any) -> pa.Table:
    """The declared facts' columns of a table, one per fact, each in a type that the engine reads.

    An optional fact without a column is null. Raises FactsError for columns that are missing or mistyped; all of them.
    """
    arrow = as_table(table)
    problems: list[Problem] = []
    names = arrow.column_names
    columns = []
    for declaration in ruleset.facts:
        if names.count(declaration.id) > 1:
            problems.append(_twice(declaration))
        elif declaration.id not in names:
            if not declaration.optional:
                problems.append(_missing(declaration, names, {each.id for each in ruleset.facts}))
            columns.append(pa.chunked_array([pa.nulls(arrow.num_rows)]))
        else:
            column = arrow.column(declaration.id)
            wanted = _wanted(declaration, column.type, declaration.id, problems)
            columns.append(
                column if wanted is None or wanted == column.type else _cast(column, wanted, declaration, problems)
            )
    if problems:
        raise FactsError(problems)
    return pa.table(columns, names=[declaration.id for declaration in ruleset.facts])


def _cast(column: Any, wanted: pa.DataType, declaration: FactDeclaration, problems: list[Problem]) -> Any:
    try:
        return column.cast(wanted)
    except pa.ArrowInvalid:
        problems.append(_mistyped(declaration, column.type, declaration.id))
        return column


def _wanted(
    declaration: FactDeclaration, given: pa.DataType, place: str, problems: list[Problem]
) -> pa.DataType | None:
    """The type to read a column in; None after telling that it cannot hold the fact."""
    kind = given.value_type if pa.types.is_dictionary(given) else given
    if pa.types.is_null(kind):
        return kind
    found = None
    match declaration.type:
        case "number":
            found = _number_type(kind)
        case "boolean" if pa.types.is_boolean(kind):
            found = kind
        case "string" if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            found = pa.string() if pa.types.is_string_view(kind) else kind
        case "date" if pa.types.is_date(kind):
            found = pa.date32()
        case "list":
            found = _list_type(declaration, kind, place, problems)
            if found is None and _is_list(kind):
                return None
    if found is None:
        problems.append(_mistyped(declaration, given, place))
    return found


def _number_type(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_float64(kind) or pa.types.is_integer(kind) or pa.types.is_decimal128(kind):
        return kind
    if pa.types.is_decimal(kind):
        return pa.decimal128(min(kind.precision, 38), kind.scale)
    return None


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
    )


def _list_type(
    declaration: FactDeclaration, kind: pa.DataType, place: str, problems: list[Problem]
) -> pa.DataType | None:
    if not _is_list(kind) or not (pa.types.is_struct(kind.value_type) or pa.types.is_null(kind.value_type)):
        return None
    if pa.types.is_null(kind.value_type):
        return pa.list_(pa.struct([]))
    struct = kind.value_type
    given = {struct.field(index).name: struct.field(index).type for index in range(struct.num_fields)}
    fields, fine = [], True
    for part in declaration.item:
        if part.id in given:
            wanted = _wanted(part, given[part.id], f"{place}.{part.id}", problems)
            fine = fine and wanted is not None
            fields.append(pa.field(part.id, wanted or pa.null()))
        elif not part.optional:
            problems.append(_missing(part, list(given), {each.id for each in declaration.item}, f"{place}."))
            fine = False
    if not fine:
        return None
    # other fields stay as they are: they are not read
    read = {each.name: each for each in fields}
    fields = [read.get(name, pa.field(name, kept)) for name, kept in given.items()]
    wanted_struct = pa.struct(fields)
    return (
        pa.large_list(wanted_struct)
        if pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind)
        else pa.list_(wanted_struct)
    )


def _place(place: str) -> Place:
    return Place(None, f"/{place.replace('.', '/')}")


def _twice(declaration: FactDeclaration) -> Problem:
    return Problem(
        "column-twice",
        Text(f"表中有两列都叫“{declaration.id}”", f"two columns are called {declaration.id!r}"),
        Text("请只保留一列", "keep one of them"),
        _place(declaration.id),
    )


def _missing(declaration: FactDeclaration, names: list[str], known: set[str], base: str = "") -> Problem:
    label = declaration.label
    spare = [name for name in names if name not in known]
    by_label = [name for name in spare if name in (label.zh, label.en)]
    near = by_label or get_close_matches(declaration.id, spare, n=1)
    what = ("字段", "field") if base else ("列", "column")
    return Problem(
        "missing-column",
        Text(
            f"缺少{what[0]}“{base}{declaration.id}”（{label.zh}）",
            f"the {what[1]} {base}{declaration.id} ({label.say('en')}) is missing",
        ),
        Text(
            f"是否就是“{near[0]}”？用 --map {declaration.id}={near[0]} 指明",
            f"is it {near[0]!r}? say so by --map {declaration.id}={near[0]}",
        )
        if near
        else Text("请补充该列，或用 --map 指明它在表中的列名", "supply it, or name its column by --map"),
        _place(f"{base}{declaration.id}"),
    )


def _mistyped(declaration: FactDeclaration, given: pa.DataType, place: str) -> Problem:
    zh, en = _WANTED[declaration.type]
    hint = Text("请转换该列的类型", "convert the column")
    if declaration.type == "number" and pa.types.is_floating(given):
        hint = Text(
            f"{given} 存不下以分计的金额：请用 float64 或 decimal 重新导出",
            f"{given} cannot hold money to the fen: export it as float64 or decimal",
        )
    return Problem(
        "mistyped-column",
        Text(
            f"“{place}”（{declaration.label.zh}）的类型是 {given}，应为{zh}",
            f"{place} ({declaration.label.say('en')}) is of type {given}; it must be {en}",
        ),
        hint,
        _place(place),
    )


__all__ = ["JmrulesError", "as_table", "prepared"]
