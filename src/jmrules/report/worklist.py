"""Workbooks to read: one department's score sheet with what stands beside it, or the work-list of many, each with its sheet."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError
from jmrules.report.beside import evidence_sheet, listed, matters_sheet, missing_sheet
from jmrules.report.book import Book, new_book, quoted, shown
from jmrules.report.scored import Scored, scored
from jmrules.report.sheet import score_sheet
from jmrules.review import PROGRESS_WORDS, STANDING_WORDS, Row, loaded_together, row_of, span_said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


def report(ruleset: Ruleset, facts: Facts, language: Language = "zh") -> bytes:
    """The workbook of one department: its score sheet, its documents, its figures, and what is still to fill in.

    Facts that are not known are no error: what is recomputed is then an interval.

    Raises:
        FactsError: the facts do not fit the ruleset.
        EvaluationError: they have no score.
        JmrulesError: what writes Excel is not installed.
    """
    return book_of(scored(ruleset, facts), language)


def book_of(found: Scored, language: Language = "zh") -> bytes:
    """The workbook of a department that was scored."""
    book = new_book(language, found.facts.subject.name)
    score_sheet(book, book.say("评分表", "Score sheet"), found)
    missing_sheet(book, found)
    evidence_sheet(book, found)
    matters_sheet(book, found)
    return book.data()


def reports(
    files: Sequence[str],
    ruleset_for: Callable[[Facts], Ruleset],
    language: Language = "zh",
    told: Callable[[int, int], None] | None = None,
) -> bytes:
    """The workbook of many departments: a work-list, the doubtful ones first, and the score sheet of each.

    A file that cannot be scored is a row that says why. What a ruleset says of departments among each other is computed over them.
    """
    return work_list_book(listed_files(files, ruleset_for, told), language)


def listed_files(
    files: Sequence[str], ruleset_for: Callable[[Facts], Ruleset], told: Callable[[int, int], None] | None = None
) -> list[tuple[Row, Scored | None]]:
    """Every file with what it scores, the doubtful ones first; one that cannot be scored with the reason.

    ``told`` is called with how many are scored, and of how many.
    """
    made: list[tuple[Row, Scored | None]] = []
    for number, loaded in enumerate(loaded_together(files, ruleset_for), 1):
        made.append((loaded, None) if isinstance(loaded, Row) else _scored(*loaded))
        if told is not None:
            told(number, len(files))
    made.sort(key=lambda each: each[0].rank())
    return made


def work_list_book(made: Sequence[tuple[Row, Scored | None]], language: Language = "zh") -> bytes:
    """The workbook of files that were scored."""
    book = new_book(language, "jmrules")
    name = book.say("工作清单", "Work-list")
    work_list_sheet(book, name, [row for row, _ in made])
    sheet = book.made.get_worksheet_by_name(name)
    for at, (row, of_it) in enumerate(made):
        if of_it is not None:
            own = score_sheet(book, f"{at + 1} {row.subject}", of_it)
            _link(book, sheet, at, row, f"internal:{quoted(own)}!A1")
    return book.data()


def work_list_of_files(rows: Sequence[Row], links: Mapping[str, str], language: Language = "zh") -> bytes:
    """A workbook with the work-list alone; ``links``: by the file of a row, the file of its report beside this one."""
    book = new_book(language, "jmrules")
    name = book.say("工作清单", "Work-list")
    work_list_sheet(book, name, rows)
    sheet = book.made.get_worksheet_by_name(name)
    for at, row in enumerate(rows):
        if row.file in links:
            _link(book, sheet, at, row, f"external:{links[row.file]}")
    return book.data()


def _scored(ruleset: Ruleset, facts: Facts) -> tuple[Row, Scored | None]:
    file = facts.source.file or ""
    try:
        found = scored(ruleset, facts)
        return row_of(found.review, file), found
    except JmrulesError as error:
        return Row(file, error, facts.subject.name), None


def _link(book: Book, sheet: Any, at: int, row: Row, target: str) -> None:
    look = book.look(border=1, font_color="#1F4E9E", underline=1, text_wrap=True, valign="top")
    sheet.write_url(at + 2, 1, target, look, shown(row.subject))


_HEADS = (
    ("序号", "No.", 6.0), ("部门", "Department", 30.0), ("状态", "State", 10.0), ("结论", "Standing", 11.0), ("自评得分", "Claimed", 8.0), ("自评等级", "Grade claimed", 8.0),
    ("复算 （最低）", "Least", 9.0), ("复算 （最高）", "Most", 9.0), ("复算等级", "Grade", 11.0), ("有依据的分", "Supported", 9.0), ("高于应得", "Over-claimed", 9.0),
    ("低于应得", "Under-claimed", 9.0), ("存疑分", "In doubt", 8.0), ("仅有文字说明", "On assertion", 9.0), ("需答复事项", "Matters", 8.0), ("其中矛盾", "Contradictions", 8.0),
    ("复核得分", "Reviewed", 8.0), ("复核等级", "Grade by review", 8.0), ("文件", "File", 26.0), ("说明", "What stands in the way", 40.0),
)  # fmt: skip


def work_list_sheet(book: Book, name: str, rows: Sequence[Row]) -> None:
    """The sheet of the work-list, which filters by any of its columns; where review stands is counted as one filters."""
    language = book.language
    heads = [(book.say(zh, en), wide) for zh, en, wide in _HEADS]
    counted = {state: sum(row.state == state for row in rows) for state in PROGRESS_WORDS}
    comma = book.say("，", ", ")
    states = comma.join(f"{PROGRESS_WORDS[state].say(language)} {many}" for state, many in counted.items() if many)
    open_ = sum(row.earned is not None and row.earned[0] != row.earned[1] for row in rows)
    broken = sum(row.broken for row in rows)
    title = book.say(f"工作清单：{len(rows)} 个部门（{states or '—'}），{open_} 个有未知数据，{broken} 个不能打分",
                     f"Work-list: {len(rows)} departments ({states or '—'}), {open_} with facts not known, {broken} without a score")  # fmt: skip
    listed(book, name, title, heads, [_cells(book, number, row) for number, row in enumerate(rows, 1)], marked=3)


def _cells(book: Book, number: int, row: Row) -> list[Any]:
    language, file = book.language, PurePath(row.file).name
    why = "" if row.error is None else _why(row.error, book)
    if row.broken or row.earned is None:
        return [number, row.subject, "", book.say("不能打分", "no score"), *[""] * 14, file, why]
    state = "" if row.state is None else PROGRESS_WORDS[row.state].say(language)
    grades = "/".join(grade.say(language) for grade in row.grades)
    reviewed: tuple[Any, str] = ("", "")
    if row.reviewed is not None:
        between, possible = row.reviewed
        total = between[0] if between[0] == between[1] else span_said(between)
        reviewed = total, "/".join(grade.say(language) for grade in possible)
    return [
        number, row.subject, state, STANDING_WORDS[row.standing or "not-claimed"].say(language), row.claimed, row.grade_claimed or "",
        *row.earned, grades, row.supported, row.over_claimed, row.under_claimed, row.in_doubt, row.on_assertion, row.matters,
        row.contradictions, *reviewed, file, why,
    ]  # fmt: skip


#: problems of a file that are told; the rest are counted
_MOST = 3


def _why(error: JmrulesError, book: Book) -> str:
    """Why a file has no score: its first problems, with their cells where it is a workbook."""
    told = []
    for problem in error.problems[:_MOST]:
        said = problem.message.say(book.language)
        told.append(f"{problem.place.cell}{book.say('：', ': ')}{said}" if problem.place.cell else said)
    rest = len(error.problems) - _MOST
    if rest > 0:
        told.append(book.say(f"另有 {rest} 个问题", f"{rest} more"))
    return "\n".join(told)
