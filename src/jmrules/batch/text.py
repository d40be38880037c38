"""Columns of text, as CSV and Excel have them, as columns of facts; and the rows whose text is none."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jmrules.errors import Place, Problem, Text
from jmrules.score.columns.program import type_of
from jmrules.units import unit_of

if TYPE_CHECKING:
    from jmrules.ruleset.model import FactDeclaration

_NUMERAL = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$"
_TRUE = ("true", "TRUE", "True", "是", "1")
_FALSE = ("false", "FALSE", "False", "否", "0")
#: characters that surely make no more than 15 digits
_SHORT = 15

Wrong = dict[int, Problem]


def typed(declaration: FactDeclaration, array: Any) -> tuple[Any, Wrong]:
    """A column of text in the declared type, and what is wrong in which row (where it is null)."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = pc.utf8_trim_whitespace(array)
    array = pc.if_else(pc.equal(array, ""), None, array)
    match declaration.type:
        case "number":
            return _numbers(declaration, array)
        case "boolean":
            true, false = (pc.is_in(array, pa.array(words)) for words in (_TRUE, _FALSE))
            return _checked(
                declaration, array, pc.or_(true, false), lambda: pc.if_else(pc.or_(true, false), true, None)
            )
        case "date":
            return _dates(declaration, array)
        case "list":
            return _lists(declaration, array)
    return array, {}


def _wrong(declaration: FactDeclaration, shown: Any) -> Problem:
    wanted = {"number": ("数", "a number"), "boolean": ("是或否", "true or false"), "date": ("日期", "a date")}
    zh, en = wanted.get(declaration.type, ("列表", "a list"))
    label, text = declaration.label, str(shown)[:60]
    return Problem(
        "wrong-fact-type",
        Text(
            f"事实“{label.zh}”（{declaration.id}）应为{zh}，而不是“{text}”",
            f"the fact {declaration.id} ({label.say('en')}) must be {en}, not {text!r}",
        ),
        _how_to_write(declaration),
        Place(None, f"/{declaration.id}"),
    )


def _how_to_write(declaration: FactDeclaration) -> Text:
    if declaration.type != "number":
        return Text("请改正该值", "correct the value")
    unit = unit_of(declaration.unit) if declaration.unit else None
    zh, en = (f"（单位：{unit.symbol.zh}）", f" (in {unit.symbol.say('en')})") if unit and unit.symbol.en else ("", "")
    return Text(f"请只写数字{zh}，不带单位和分隔符", f"write digits alone{en}, without a unit or separators")


def _checked(declaration: FactDeclaration, array: pa.Array, fine: pa.Array, make: Any) -> tuple[Any, Wrong]:
    bad = pc.and_(pc.is_valid(array), pc.invert(pc.fill_null(fine, False))).to_numpy(zero_copy_only=False)
    wrong = {int(row): _wrong(declaration, array[int(row)].as_py()) for row in np.flatnonzero(bad)}
    return make(), wrong


def _numbers(declaration: FactDeclaration, array: pa.Array) -> tuple[Any, Wrong]:
    fine = pc.match_substring_regex(array, _NUMERAL)

    def make() -> Any:
        kept = pc.if_else(fine, array, None)
        longest = pc.max(pc.utf8_length(kept)).as_py() or 0
        if longest <= _SHORT:
            return kept.cast(pa.float64())
        return _long(kept)

    return _checked(declaration, array, fine, make)


def _long(array: pa.Array) -> pa.Array:
    """Numerals of many digits: doubles where those say the same, else decimals."""
    values = [None if each is None else Decimal(each) for each in array.to_pylist()]
    if all(value is None or Decimal(repr(float(value))) == value for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    exponents = [
        exponent for value in values if value is not None and isinstance(exponent := value.as_tuple().exponent, int)
    ]
    scale = max(0, -min(exponents, default=0))
    try:
        return pa.array(values, pa.decimal128(38, min(scale, 37)))
    except (pa.ArrowInvalid, InvalidOperation):
        return pa.array(values, pa.decimal256(76, min(scale, 60)))


def _dates(declaration: FactDeclaration, array: pa.Array) -> tuple[Any, Wrong]:
    shape = pc.match_substring_regex(array, r"^\d{4}-\d{2}-\d{2}$")
    kept = pc.if_else(shape, array, None)
    moments = pc.strptime(kept, format="%Y-%m-%d", unit="s", error_is_null=True)
    return _checked(declaration, array, pc.is_valid(moments), lambda: moments.cast(pa.date32()))


def _lists(declaration: FactDeclaration, array: pa.Array) -> tuple[Any, Wrong]:
    """Lists as JSON in a cell."""
    values: list[Any] = []
    wrong: Wrong = {}
    for row, text in enumerate(array.to_pylist()):
        try:
            value = None if text is None else json.loads(text, parse_float=Decimal, parse_int=Decimal)
            fits = value is None or (isinstance(value, list) and all(isinstance(item, dict) for item in value))
        except ValueError:
            fits, value = False, None
        if not fits:
            wrong[row] = _wrong(declaration, text)
        values.append(value if fits else None)
    try:
        return pa.array(values, _decimal_type(declaration)), wrong
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError):
        return _one_by_one(declaration, values, wrong)


def _one_by_one(declaration: FactDeclaration, values: list[Any], wrong: Wrong) -> tuple[Any, Wrong]:
    kind = _decimal_type(declaration)
    for row, value in enumerate(values):
        try:
            pa.array([value], kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError):
            wrong[row] = _wrong(declaration, value)
            values[row] = None
    return pa.array(values, kind), wrong


def _decimal_type(declaration: FactDeclaration) -> pa.DataType:
    """The type of a list read from JSON: its numbers are decimals."""

    def held(part: FactDeclaration) -> pa.DataType:
        if part.type == "number":
            return pa.decimal128(38, 12)
        if part.type == "list":
            return pa.list_(pa.struct([pa.field(inner.id, held(inner)) for inner in part.item]))
        return type_of(part)

    return held(declaration)
