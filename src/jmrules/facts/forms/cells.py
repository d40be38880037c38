"""What a cell of a workbook says of a fact, and how a fact is written into one: each undoes the other."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from jmrules.documents import normalised
from jmrules.errors import Problem, Text
from jmrules.facts.forms.fields import Field
from jmrules.facts.model import BASES
from jmrules.formats import seen
from jmrules.tables import FAULTS, clean, day, fault_in, half_width, number, truth
from jmrules.units import UNITS, convert, unit_of

if TYPE_CHECKING:
    from jmrules.errors import Language

UNKNOWN = ("未知", "unknown")
NULL = ("（空）", "(null)")
TRUTH = {True: ("是", "yes"), False: ("否", "no")}
#: by the basis that a file may state
BASIS_WORDS = {
    "assertion": ("仅有文字说明", "assertion"),
    "document": ("有材料", "document"),
    "figure": ("有数据", "figure"),
    "verified": ("经复核", "verified"),
}
#: what is asked for where nobody declares it
DAY, POINTS = Field("date", ("日期", "date")), Field("number", ("分", "points"), "point")
#: digits that a spreadsheet keeps of a number
_DIGITS, _FAR = 15, 290
_WIDE = Context(prec=60)
_FIRST_DAY = datetime.date(1901, 1, 1)
_SPAN = re.compile(r"\s*(.+?)\s*[～~〜至]\s*(.+?)\s*")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\r\ufffe\uffff]")


class CellError(Exception):
    """A cell that does not say what it is asked for."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _wrong(code: str, zh: str, en: str, hint: tuple[str, str]) -> CellError:
    return CellError(Problem(code, Text(zh, en), Text(*hint)))


# ---- texts


def text_in(text: str) -> str:
    """What a cell is given so that it says a text: the text, or, where a cell would not keep it as it is, the text in quotes."""
    plain = clean(text) == text and not text.startswith('"') and seen(text) == text and not _ESCAPED.search(text)
    if plain and len(text) <= 32_000:
        return text
    quoted = "".join(
        f"\\u{ord(sign):04x}"
        if ord(sign) < 0x10000 and (seen(sign) != sign or clean(f"a{sign}") != f"a{sign}" or sign in "\r\ufffe\uffff")
        else sign
        for sign in json.dumps(text, ensure_ascii=False)
    )
    return quoted.replace(" ", "\\u0020") if clean(text) is None else quoted.replace("_x", "\\u005fx")


def text_of(cell: str) -> str:
    """The text that a cell says."""
    if cell.startswith('"'):
        try:
            found = json.loads(cell)
        except ValueError:
            return cell
        return found if isinstance(found, str) else cell
    return cell


def sound(cell: str) -> str:
    """The text of a cell that has one; raises CellError for a formula without a result, an error, or the like."""
    fault = fault_in(cell)
    if fault is None:
        return cell
    what, hint = FAULTS[fault[0]]
    shown = f"：{fault[1]}" if fault[1] else ""
    raise CellError(Problem(fault[0], Text(f"{what.zh}{shown}", f"{what.say('en')}{shown}"), hint))


# ---- values


def is_unknown(cell: str) -> bool:
    """Whether a cell says that something is not known."""
    return cell.lower() in UNKNOWN


def value_of(cell: str, field: Field, unit: str | None = None) -> dict[str, Any]:
    """What a cell says of a fact that is no list: a member ``value``, ``between`` or ``unknown`` of a fact object.

    Args:
        cell: text that stands there.
        field: what is asked for.
        unit: in what the number is, where that is not the unit asked for.

    Raises:
        CellError: it says none of these.
    """
    if is_unknown(cell):
        return {"unknown": True}
    if cell.lower() in NULL:
        return {"value": None}
    match field.type:
        case "number":
            return _number(cell, field, unit)
        case "boolean":
            found = truth(cell)
            if found is None:
                raise _wrong("not-yes-or-no", f"“{cell}”不是“是”或“否”", f"{cell!r} is neither yes nor no",
                             ("请填 是、否 或 未知", "fill in yes, no or unknown"))  # fmt: skip
            return {"value": found}
        case "date":
            written = text_of(cell)
            said = written if written is not cell else day(cell)
            if said is None:
                raise _wrong("not-a-date", f"“{cell}”不是日期", f"{cell!r} is no date",
                             ("请写成 2024-06-30 的样子", "write it like 2024-06-30"))  # fmt: skip
            return {"value": said}
    if cell.startswith('"') and (quoted := text_of(cell)) is not cell:
        return {"value": quoted}
    return {"value": next((value for value, words in field.words.items() if cell in words), cell)}


def _number(cell: str, field: Field, unit: str | None) -> dict[str, Any]:
    found = number(cell)
    if found is not None:
        return {"value": _in_unit(found, field, unit)}
    span = _SPAN.fullmatch(half_width(cell).replace("\u301c", "~"))
    ends = [number(part) for part in span.groups()] if span else []
    known = [end for end in ends if end is not None]
    if len(known) == 2:
        low, high = known
        if low[1] is None and high[1] is not None:
            low = low[0], high[1]
        return {"between": [_in_unit(low, field, unit), _in_unit(high, field, unit)]}
    raise _wrong("not-a-number", f"“{cell}”不是数", f"{cell!r} is no number",
                 ("请填数、区间（如 0.95～1）或 未知；用语言说的写进说明", "fill in a number, an interval (0.95~1) or unknown; words go under notes"))  # fmt: skip


def _in_unit(found: tuple[Decimal, str | None], field: Field, unit: str | None) -> Decimal:
    value, said = found
    if said is None or unit_of(said) is unit_of(unit or ""):
        return value
    made = convert(value, said, unit or field.unit)
    if isinstance(made, Problem):
        raise CellError(made)
    # 100% is 1, not 1.00: a percentage has no decimals of its own
    return Decimal(plain(made))


def value_in(given: dict[str, Any], field: Field, language: Language) -> Any:
    """What a cell is given so that it says what a fact object does of its value: a text, a number, a date, or None for a blank one."""
    pick = 0 if language == "zh" else 1
    if given.get("unknown"):
        return None if field.needed else UNKNOWN[pick]
    if "between" in given:
        percent = field.unit == "ratio" and "unit" not in given
        low, high = (
            f"{plain(_WIDE.scaleb(end, 2))}%" if percent else plain(end) for end in map(Decimal, given["between"])
        )
        return f"{low}～{high}"
    value = given["value"]
    if value is None:
        return NULL[pick]
    if isinstance(value, bool):
        return TRUTH[value][pick]
    if isinstance(value, str):
        return _string_in(value, field, pick)
    exact = Decimal(value)
    return exact if fits(exact) else plain(exact)


def _string_in(value: str, field: Field, pick: int) -> Any:
    if field.type == "date":
        try:
            found = datetime.date.fromisoformat(value)
        except ValueError:
            found = datetime.date.min
        if found >= _FIRST_DAY and found.isoformat() == value:
            return found
        return value if day(value) == value else _quoted(value)
    words = field.words.get(value)
    said = words[pick] if words is not None else text_in(value)
    return said if clean(said) == said and value_of(said, field) == {"value": value} else _quoted(value)


def _quoted(value: str) -> str:
    made = text_in(value)
    return made if made.startswith('"') else json.dumps(value, ensure_ascii=False)


def fits(exact: Decimal) -> bool:
    """Whether a number of a spreadsheet is this number."""
    digits = len(exact.normalize().as_tuple().digits)
    return digits <= _DIGITS and abs(exact.adjusted()) < _FAR and Decimal(repr(float(exact))) == exact


def plain(exact: Decimal) -> str:
    """A number as a text from which it is read again."""
    return normalised(exact) if abs(exact.adjusted()) < 60 else str(exact)


# ---- how it is known


def basis_of(cell: str) -> str:
    """The basis that a cell names; raises CellError."""
    found = next((basis for basis, words in BASIS_WORDS.items() if cell in words), None)
    if found is None or found not in BASES:
        named = [words[0] for words in BASIS_WORDS.values()]
        raise _wrong("no-such-basis", f"没有“{cell}”这种依据", f"there is no basis {cell!r}",
                     (f"请从下拉列表中选：{'、'.join(named)}", f"choose from the list: {', '.join(BASIS_WORDS)}"))  # fmt: skip
    return found


def unit_said(cell: str, declared: str | None) -> str | None:
    """The unit that a cell names, where it is another than the one asked for."""
    asked = unit_of(declared) if declared else None
    known = unit_of(cell) or next(
        (unit for unit in UNITS.values() if unit.symbol.en == cell and (asked is None or unit.kind == asked.kind)), None
    )
    if known is not None and asked is not None and known.id == asked.id:
        return None
    return cell if unit_of(cell) or known is None else known.id


def whole(cell: str) -> int:
    """The whole number that a cell says; raises CellError."""
    found = number(cell)
    if found is None or found[0] != found[0].to_integral_value() or abs(found[0]) > 10**9:
        raise _wrong("not-a-whole-number", f"“{cell}”不是整数", f"{cell!r} is no whole number",
                     ("请填整数", "fill in a whole number"))  # fmt: skip
    return int(found[0])


def count_of(cell: str) -> tuple[int, int] | None:
    """How many items a cell says that there are, at least and at most; None where it says that this is not known."""
    if is_unknown(cell):
        return None
    span = _SPAN.fullmatch(half_width(cell))
    low, high = span.groups() if span else (cell, cell)
    return whole(low), whole(high)


def figure_of(cell: str) -> Decimal | str:
    """A figure as a source states it: a number where the cell holds nothing else, else the words."""
    if cell.startswith('"'):
        return text_of(cell)
    found = number(cell)
    return found[0] if found is not None and found[1] is None else cell


def figure_in(value: Decimal | int | str) -> Any:
    """What a cell is given for a figure as a source states it."""
    if isinstance(value, str):
        made = text_in(value)
        return made if figure_of(made) == value and isinstance(figure_of(made), str) else _quoted(value)
    exact = Decimal(value)
    return exact if fits(exact) else plain(exact)
