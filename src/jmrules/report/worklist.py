"""Workbooks to read: one department's score sheet with what stands beside it, or the work-list of many, each with its sheet."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError
from jmrules.facts import load_facts
from jmrules.report.beside import evidence_sheet, listed, matters_sheet, missing_sheet
from jmrules.report.book import Book, new_book, quoted, shown
from jmrules.report.scored import Scored, scored
from jmrules.report.sheet import score_sheet
from jmrules.review import STANDING_WORDS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    book = new_book(language, facts.subject.name)
    found = scored(ruleset, facts)
    score_sheet(book, book.say("评分表", "Score sheet"), found)
    missing_sheet(book, found)
    evidence_sheet(book, found)
    matters_sheet(book, found)
    return book.data()


def reports(files: Sequence[str], ruleset_for: Callable[[Facts], Ruleset], language: Language = "zh") -> bytes:
    """The workbook of many departments: a work-list, the doubtful ones first, and the score sheet of each.

    A file that cannot be scored is a row that says why.
    """
    return work_list_book(listed_files(files, ruleset_for), language)


def listed_files(files: Sequence[str], ruleset_for: Callable[[Facts], Ruleset]) -> list[tuple[Row, Scored | None]]:
    """Every file with what it scores, the doubtful ones first; one that cannot be scored with the reason."""
    made: list[tuple[Row, Scored | None]] = []
    for file in files:
        try:
            facts = load_facts(file)
            found = scored(ruleset_for(facts), facts)
        except JmrulesError as error:
            made.append((Row(file, error=error), None))
        else:
            made.append((Row(file, found.review), found))
    made.sort(key=lambda each: each[0].rank())
    return made


def work_list_book(made: Sequence[tuple[Row, Scored | None]], language: Language = "zh") -> bytes:
    """The workbook of files that were scored."""
    book = new_book(language, "jmrules")
    name = book.say("工作清单", "Work-list")
    _list(book, name, made)
    sheet = book.made.get_worksheet_by_name(name)
    for at, (_, of_it) in enumerate(made):
        if of_it is None:
            continue
        subject = of_it.facts.subject.name
        own = score_sheet(book, f"{at + 1} {subject}", of_it)
        sheet.write_url(
            at + 2,
            1,
            f"internal:{quoted(own)}!A1",
            book.look(border=1, font_color="#1F4E9E", underline=1, text_wrap=True, valign="top"),
            shown(subject),
        )
    return book.data()


_HEADS = (
    ("序号", "No.", 6.0), ("部门", "Department", 34.0), ("状态", "State", 14.0), ("结论", "Standing", 12.0), ("自评", "Claimed", 9.0), ("复算（最低）", "Least", 9.0), ("复算（最高）", "Most", 9.0),
    ("自评等级", "Grade claimed", 9.0), ("复算等级", "Grade", 12.0), ("高于应得", "Over-claimed", 10.0), ("低于应得", "Under-claimed", 10.0), ("存疑分", "In doubt", 9.0),
    ("数据矛盾", "Contradictions", 9.0), ("仅有文字说明", "On assertion", 10.0), ("文件", "File", 30.0), ("不能打分的原因", "Why it has no score", 50.0),
)  # fmt: skip


def _list(book: Book, name: str, made: Sequence[tuple[Row, Scored | None]]) -> None:
    """The sheet of the work-list, which filters by any of its columns."""
    heads = [(book.say(zh, en), wide) for zh, en, wide in _HEADS]
    rows = [_cells(book, number, row, found) for number, (row, found) in enumerate(made, 1)]
    open_ = sum(found is not None and found.possible is not None for _, found in made)
    broken = sum(found is None for _, found in made)
    title = book.say(f"工作清单：{len(made)} 个部门，{open_} 个有未知数据，{broken} 个不能打分",
                     f"Work-list: {len(made)} departments, {open_} with facts not known, {broken} without a score")  # fmt: skip
    listed(book, name, title, heads, rows, marked=3)


def _cells(book: Book, number: int, row: Row, found: Scored | None) -> list[Any]:
    file = PurePath(row.file).name
    if found is None or row.review is None:
        assert row.error is not None
        return [number, "", book.say("不能打分", "no score"), *[""] * 11, file, _why(row.error, book)]
    review, language = row.review, book.language
    state = book.say("有未知，为区间", "an interval") if found.possible is not None else book.say("已算出", "scored")
    standing = STANDING_WORDS[row.standing or "not-claimed"].say(language)
    low, high = found.total
    claims = found.facts.claims
    grades = "/".join(grade.label.say(language) for grade in review.grades)
    return [
        number, found.facts.subject.name, state, standing, claims.total, low, high, claims.grade or "", grades,
        review.over_claimed, review.under_claimed, review.in_doubt, len(review.contradictions), review.on_assertion, file, "",
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
