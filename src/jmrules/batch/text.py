"""Columns of text, as CSV and Excel have them, as columns of facts; and the rows whose text is none, each with its cell."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from jmrules.batch.packing import packed
from jmrules.documents import MAX_DIGITS, MAX_EXPONENT, parse
from jmrules.errors import DocumentError, Place, Problem, Text
from jmrules.facts import judged
from jmrules.feel import CONTEXT
from jmrules.tables import FAULTS, day, fault_in, half_width, nothing, number, truth
from jmrules.units import convert, unit_of, unit_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.batch.sources import Source
    from jmrules.ruleset import FactDeclaration

_NUMERAL = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$"
#: characters that surely make no more than 15 digits
_SHORT = 15

Wrong = dict[int, Problem]


@frozen
class Column:
    """How a column of text is read as a fact."""

    source: Source
    name: str
    #: the unit that the file says for it, where that is not the fact's
    said: str | None = None
    #: the unit that its numbers should come to have: that of the fact, or of the ruleset that the table is for
    wanted: str | None = None


@frozen
class _Failure:
    """Why a text is no value of the fact."""

    code: str
    message: Text
    hint: Text


def typed(
    declaration: FactDeclaration, array: Any, column: Column | None = None, rows: Sequence[int] | None = None
) -> tuple[Any, Wrong]:
    """A column of text in the declared type, and what is wrong in which place of it (where it is null).

    Args:
        column: where it stands and what unit it is in; without one, in the fact's.
        rows: the file's own numbers of its rows.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = pc.utf8_trim_whitespace(array)
    array = pc.if_else(pc.equal(array, ""), None, array)
    if declaration.type == "number" and (column is None or column.said is None):
        plain = pc.match_substring_regex(array, _NUMERAL)
        if pc.all(plain, min_count=0).as_py() and (pc.max(pc.utf8_length(array)).as_py() or 0) <= _SHORT:
            return array.cast(pa.float64()), {}
    encoded = array.dictionary_encode()
    read = _reader(declaration, column)
    with localcontext(CONTEXT):
        values = [_judged(declaration, text, read) for text in encoded.dictionary.to_pylist()]
    return _spread(declaration, encoded, values, column, rows)


def _spread(
    declaration: FactDeclaration, encoded: Any, values: list[Any], column: Column | None, rows: Sequence[int] | None
) -> tuple[Any, Wrong]:
    """What was read of each text, to the places where it stands."""
    fine = [None if isinstance(value, _Failure) else value for value in values]
    made, lost = packed(declaration, fine, range(len(fine)))
    for text in lost:
        values[text] = _cannot_hold(declaration, encoded.dictionary[text].as_py())
    indices = encoded.indices
    failed = [text for text, value in enumerate(values) if isinstance(value, _Failure)]
    wrong: Wrong = {}
    if failed:
        at = indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for place in np.flatnonzero(np.isin(at, failed)).tolist():
            failure = values[int(at[place])]
            where = _place(declaration, column, None if rows is None else int(rows[place]))
            wrong[place] = Problem(failure.code, failure.message, failure.hint, where)
        if lost:
            indices = pc.if_else(pc.is_in(indices, pa.array(sorted(lost), indices.type)), None, indices)
    return made.take(indices), wrong


def _place(declaration: FactDeclaration, column: Column | None, row: int | None) -> Place:
    if column is None or column.source.layout is None or row is None:
        return Place(None, f"/{declaration.id}")
    layout = column.source.layout
    cell = layout.sheet.cell(row, column.source.head(column.name).column)
    return Place(str(column.source.path), f"/{declaration.id}", cell=cell)


# ---- single texts


def _judged(declaration: FactDeclaration, text: str, read: Callable[[str], Any]) -> Any:
    fault = fault_in(text)
    if fault is None:
        return read(text)
    code, shown = fault
    said, hint = FAULTS[code]
    what = Text(f"：{shown}", f": {shown}") if shown else Text("", "")
    zh, en = _named(declaration)
    return _Failure(f"cell-{code}", Text(f"{zh}：{said.zh}{what.zh}", f"{en}: {said.say('en')}{what.say('en')}"), hint)


def _reader(declaration: FactDeclaration, column: Column | None) -> Callable[[str], Any]:
    """The reading of one text: its value, or a failure."""
    match declaration.type:
        case "number":
            return lambda text: _number(declaration, text, column)
        case "boolean":
            return lambda text: _or_wrong(declaration, text, truth(text))
        case "date":
            return lambda text: _day(declaration, text)
        case "list":
            return lambda text: _list(declaration, text)
    return lambda text: text


def _or_wrong(declaration: FactDeclaration, text: str, value: Any) -> Any:
    return _wrong(declaration, text) if value is None else value


def _number(declaration: FactDeclaration, text: str, column: Column | None) -> Any:
    sheet = column.source.layout.sheet if column is not None and column.source.layout is not None else None
    found = number(text, decimal_commas=sheet is not None and sheet.decimal_commas)
    if found is None:
        return _wrong(declaration, text)
    value, unit = found
    if len(value.as_tuple().digits) > MAX_DIGITS or (value and abs(value.adjusted()) > MAX_EXPONENT):
        return _cannot_hold(declaration, text)
    given = unit or (column.said if column is not None else None)
    if given is None:
        return value
    wanted = declaration.unit if column is None else column.wanted
    if wanted is None:
        zh, en = _named(declaration)
        return _Failure(
            "unit-mismatch",
            Text(f"{zh}没有单位，而这里写着“{text}”", f"{en} has no unit, and here stands {text!r}"),
            Text(
                "请只写数字，并核对它是多少（98% 是 0.98 还是 98）",
                "write digits alone, and check how many: whether 98% is 0.98 or 98",
            ),
        )
    converted = convert(value, given, wanted)
    if isinstance(converted, Problem):
        zh, en = _named(declaration)
        message = Text(
            f"{zh}：“{text}”不能确切换算为{unit_words(wanted, 'zh')}",
            f"{en}: {text!r} has no exact value in {unit_words(wanted, 'en')}",
        )
        return _Failure(converted.code, message, _how_to_write(declaration))
    return converted


def _day(declaration: FactDeclaration, text: str) -> Any:
    from datetime import date

    if declaration.optional and nothing(text):
        return None
    found = day(text)
    try:
        return _wrong(declaration, text) if found is None else date.fromisoformat(found)
    except ValueError:
        return _wrong(declaration, text)


def _list(declaration: FactDeclaration, text: str) -> Any:
    """A list as JSON in a cell, judged as ``score`` judges it; 无 is one without items, where there must be one."""
    if not declaration.optional and nothing(text):
        return []
    if not half_width(text).startswith(("[", "{")):
        return _wrong(declaration, text)
    try:
        given = parse(text).value
    except DocumentError as error:
        first = error.problems[0]
        zh, en = _named(declaration)
        hint = first.hint or _how_to_write(declaration)
        return _Failure(first.code, Text(f"{zh}：{first.message.zh}", f"{en}: {first.message.say('en')}"), hint)
    value, problems = judged(declaration, given)
    if problems:
        first = problems[0]
        zh, en = _within(declaration, first.place.pointer or "")
        message = Text(f"{zh}：{first.message.zh}", f"{en}: {first.message.say('en')}")
        return _Failure(first.code, message, first.hint or _how_to_write(declaration))
    return value


def _within(declaration: FactDeclaration, pointer: str) -> tuple[str, str]:
    zh, en = _named(declaration)
    item = next((step for step in pointer.split("/") if step.isdigit()), None)
    return (zh, en) if item is None else (f"{zh}第 {int(item) + 1} 项", f"{en}, item {int(item) + 1}")


# ---- words


def _named(declaration: FactDeclaration) -> tuple[str, str]:
    return f"“{declaration.label.zh}”", f"{declaration.id} ({declaration.label.say('en')})"


_WANTED = {
    "number": ("数", "a number"),
    "boolean": ("是或否", "yes or no"),
    "date": ("日期", "a date"),
    "list": ("列表", "a list"),
}


def _wrong(declaration: FactDeclaration, shown: str) -> _Failure:
    zh, en = _WANTED[declaration.type]
    name, text = _named(declaration), shown[:60]
    return _Failure(
        "wrong-fact-type",
        Text(f"{name[0]}应为{zh}，而不是“{text}”", f"{name[1]} must be {en}, not {text!r}"),
        _how_to_write(declaration, shown),
    )


def _cannot_hold(declaration: FactDeclaration, shown: str) -> _Failure:
    zh, en = _named(declaration)
    text = shown[:60]
    return _Failure(
        "beyond-exact-range",
        Text(f"{zh}超出可精确表示的范围：“{text}”", f"{en} is beyond exact range: {text!r}"),
        Text(f"请写实际数值，最多 {MAX_DIGITS} 位有效数字", f"write the actual figure, {MAX_DIGITS} digits at most"),
    )


def _how_to_write(declaration: FactDeclaration, shown: str = "") -> Text:
    match declaration.type:
        case "boolean":
            return Text("请写“是”或“否”", "write true or false")
        case "date":
            return Text("请写成 2024-06-30", "write it as 2024-06-30")
        case "list":
            example = '[{"…": 1}]'
            return Text(
                f"请写成 {example}，没有内容写 []，或用 --list 从另一张表读",
                f"write it as {example}, or [] for none, or read it from a table of its own by --list",
            )
    if nothing(shown):
        return (
            Text("是零就写 0，没有这项就留空", "write 0 for zero, or leave the cell empty where there is none")
            if declaration.optional
            else Text("是零就写 0", "write 0 for zero")
        )
    unit = unit_of(declaration.unit) if declaration.unit else None
    zh, en = (f"（单位：{unit.symbol.zh}）", f" (in {unit.symbol.say('en')})") if unit and unit.symbol.en else ("", "")
    return Text(f"请只写数字{zh}，例如 21573.15", f"write digits alone{en}, such as 21573.15")


__all__ = ["Column", "Wrong", "typed"]
