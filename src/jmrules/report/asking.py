"""What a cell lets one type: drop-down lists, bounds on numbers, formats, and the message that says so."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.facts import domain_of
from jmrules.facts.forms import cells as said
from jmrules.report.book import shown
from jmrules.tables import letters
from jmrules.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.errors import Language
    from jmrules.report.book import Book
    from jmrules.ruleset import FactDeclaration

#: characters of the message beside a cell, and of its title
_MESSAGE, _TITLE = 255, 32


def number_format(declared: FactDeclaration, value: Any, *, own_unit: bool) -> str:
    """How a spreadsheet shows a fact: money with thousands, ratios as percentages, with no fewer decimals than the value has."""
    if isinstance(value, str) or declared.type in ("string", "boolean"):
        return "@"
    if declared.type == "date":
        return "yyyy-mm-dd"
    unit = UNITS.get(declared.unit or "")
    if declared.type != "number" or unit is None or own_unit:
        return "General"
    percent = unit.id == "ratio"
    decimals = 0 if declared.decimals == 0 else 2
    if isinstance(value, int | Decimal):
        exponent = Decimal(value).normalize().as_tuple().exponent
        own = max(0, -exponent) if isinstance(exponent, int) else 0
        decimals = min(15, max(decimals, own - (2 if percent else 0)))
    digits = f".{'0' * decimals}" if decimals else ""
    return f"0{digits}%" if percent else f"#,##0{digits}"


def unit_choices(declared: FactDeclaration, language: Language) -> tuple[str, ...]:
    """The units that a number may be given in."""
    unit = UNITS.get(declared.unit or "")
    if declared.type != "number" or unit is None or unit.kind != "money":
        return ()
    return tuple(each.symbol.say(language) for each in UNITS.values() if each.kind == unit.kind)


def ask(
    sheet: Any,
    first: int,
    last: int,
    column: int,
    declared: FactDeclaration,
    book: Book,
    choices: Callable[[tuple[str, ...]], str],
) -> None:
    """Let cells take what a fact may be, and say so where one types."""
    pick = 0 if book.language == "zh" else 1
    rule: dict[str, Any]
    if declared.type == "boolean":
        rule = {
            "validate": "list",
            "source": choices((said.TRUTH[True][pick], said.TRUTH[False][pick], said.UNKNOWN[pick])),
        }
        wanted = book.say("是、否，或未知", "yes, no or unknown")
    elif declared.values:
        words = tuple(each.label.say(book.language) for each in declared.values)
        rule = {"validate": "list", "source": choices((*words, said.UNKNOWN[pick]))}
        wanted = book.say("从下拉列表中选", "choose from the list")
    elif declared.type == "number":
        rule, wanted = _number(f"{letters(column)}{first + 1}", declared, book)
    elif declared.type == "date":
        cell = f"{letters(column)}{first + 1}"
        rule = {"validate": "custom", "value": f"=OR(ISNUMBER({cell}),{_is(cell, said.UNKNOWN)})"}
        wanted = book.say("日期，如 2024-06-30；或未知", "a date, such as 2024-06-30; or unknown")
    elif declared.type == "list":
        rule = {"validate": "any"}
        wanted = book.say(
            "逐项填在分表；没有填 0；只知道项数的填项数",
            "rows on their own sheet; 0 where there is none; their number where only that is known",
        )
    else:
        rule, wanted = {"validate": "any"}, ""
    notes = [
        each for each in (wanted, *(text.say(book.language) for text in (declared.note,) if text is not None)) if each
    ]
    if not notes:
        return
    message = shown(book.say("。", ". ").join(each.rstrip("。.") for each in notes))
    rule |= {
        "input_title": shown(declared.label.say(book.language))[:_TITLE],
        "input_message": message[:_MESSAGE],
        "error_title": book.say("填报值不合要求", "This cannot stand here"),
        "error_message": wanted[:_MESSAGE],
    }
    sheet.data_validation(first, column, last, column, rule)


def ask_day(sheet: Any, first: int, last: int, column: int, book: Book) -> None:
    """Let cells take a day, and say so."""
    _ask_plainly(sheet, first, last, column, {"validate": "date", "criteria": ">", "value": datetime.date(1900, 1, 1)},
                 book.say("日期，如 2024-06-30", "a date, such as 2024-06-30"), book)  # fmt: skip


def ask_year(sheet: Any, first: int, last: int, column: int, book: Book) -> None:
    """Let cells take a year, and say so."""
    _ask_plainly(sheet, first, last, column, {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2200},
                 book.say("年度，如 2024", "a year, such as 2024"), book)  # fmt: skip


def ask_points(sheet: Any, first: int, last: int, column: int, most: Decimal, book: Book) -> None:
    """Let cells take points, and say so; more than there are is warned of."""
    wanted = book.say(f"得分，一般在 0 与 {most.normalize():f} 之间", f"points, between 0 and {most.normalize():f}")
    rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(most)}
    _ask_plainly(sheet, first, last, column, {**rule, "error_type": "warning"}, wanted, book)


def ask_among(sheet: Any, first: int, last: int, column: int, source: str, book: Book, wanted: str = "") -> None:
    """Offer a drop-down list, and say so; what is not on it is warned of."""
    words = wanted or book.say("从下拉列表中选", "choose from the list")
    _ask_plainly(
        sheet, first, last, column, {"validate": "list", "source": source, "error_type": "warning"}, words, book
    )


def _ask_plainly(sheet: Any, first: int, last: int, column: int, rule: dict[str, Any], wanted: str, book: Book) -> None:
    said_too = {"input_message": wanted[:_MESSAGE], "error_message": wanted[:_MESSAGE]}
    title = book.say("填报值不合要求", "This cannot stand here")
    sheet.data_validation(first, column, last, column, {**rule, **said_too, "error_title": title})


def _is(cell: str, words: tuple[str, str]) -> str:
    return ",".join(f'{cell}="{word}"' for word in words)


def _number(cell: str, declared: FactDeclaration, book: Book) -> tuple[dict[str, Any], str]:
    """The rule for a number, which may also be an interval or not known, and its words."""
    domain = domain_of(declared)
    holds, words = [f"ISNUMBER({cell})"], []
    ranges = domain.ranges or ()
    percent = declared.unit == "ratio"

    def told(number: Decimal) -> str:
        return f"{(number * 100).normalize():f}%" if percent else f"{number.normalize():f}"

    if ranges and (low := ranges[0].low).at is not None:
        holds.append(f"{cell}{'>' if low.above else '>='}{low.at:f}")
        words.append(
            book.say("大于" if low.above else "不小于", "above" if low.above else "at least")
            + f" {told(Decimal(low.at))}"
        )
    if ranges and (high := ranges[-1].high).at is not None:
        holds.append(f"{cell}{'<=' if high.above else '<'}{high.at:f}")
        words.append(
            book.say("不大于" if high.above else "小于", "at most" if high.above else "below")
            + f" {told(Decimal(high.at))}"
        )
    if domain.whole:
        holds.append(f"{cell}=INT({cell})")
    kind = book.say("整数" if domain.whole else "数", "a whole number" if domain.whole else "a number")
    text = kind + (book.say("，", ", ") + book.say("，", ", ").join(words) if words else "")
    text += book.say(
        "；不确切的填区间，如 0.95～1；不知道的填未知", "; an interval such as 0.95~1 where it is not exact; or unknown"
    )
    span = f'ISNUMBER(FIND("～",{cell})),ISNUMBER(FIND("~",{cell}))'
    inside = f"IF(ISNUMBER({cell}),AND({','.join(holds)}),OR({_is(cell, said.UNKNOWN)},{span}))"
    return {"validate": "custom", "value": f"={inside}"}, text
