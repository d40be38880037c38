"""A folder of reports: a workbook and a Word document of each department, and the work-list; begun again, only what changed is written."""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import write_whole
from jmrules.errors import JmrulesError
from jmrules.formats import seen
from jmrules.report.book import write_bytes
from jmrules.report.scored import scored
from jmrules.report.word import word_of
from jmrules.report.worklist import book_of, work_list_of_files
from jmrules.review import Row, each_of, loaded_together, review, review_file, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.report.word import Letter
    from jmrules.ruleset import Ruleset

#: what a report was made from, beside it: begun again, what was made from the same is kept
_MADE = ".made.json"
_NOT_A_NAME = re.compile(r'[\\/:*?"<>|#%~\x00-\x1f]|^[. ]+|[. ]+$')
_LONGEST = 60
_LISTS = ("工作清单", "work-list")


@frozen
class Made:
    """What became of a folder."""

    work_list: Path
    written: int
    kept: int
    broken: int


@frozen
class _Task:
    """A department to write of."""

    ruleset: Ruleset
    facts: Facts
    #: name of its files, without ending
    name: str


@frozen
class _Done:
    row: Row
    kept: bool = False
    made_from: str = ""


def folder_of_reports(
    files: Sequence[str],
    ruleset_for: Callable[[Facts], Ruleset],
    folder: Path,
    letter: Letter = "report",
    language: Language = "zh",
    *,
    template: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Made:
    """Write of each department, on all cores, then the work-list that leads to each.

    Stopped and begun again, it goes on: a department whose facts, decisions, ruleset and template are those its files were made
    from is not written again. A file that cannot be scored is a row of the work-list that says why.
    """
    stands = _stands(folder)
    loaded = loaded_together(files, ruleset_for)
    names = _names(loaded)
    things = [each if isinstance(each, Row) else _Task(*each, name) for each, name in zip(loaded, names, strict=True)]
    common = (version("jmrules"), letter, language, "" if template is None else _digest(Path(template)))
    work = partial(
        _write, folder=folder, letter=letter, language=language, template=template, stands=stands, common=common
    )
    rows, links, kept = list[Row](), dict[str, str](), 0
    for name, done in zip(names, each_of(work, things, told=told), strict=True):
        rows.append(done.row)
        kept += done.kept
        if done.made_from:
            stands[name] = done.made_from
            links[done.row.file] = f"{name}.xlsx"
            # after each, so that what is stopped goes on from there
            write_whole(folder / _MADE, json.dumps(stands, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
    rows.sort(key=Row.rank)
    target = folder / f"{_LISTS[0 if language == 'zh' else 1]}.xlsx"
    write_bytes(target, work_list_of_files(rows, links, language))
    return Made(target, len(links) - kept, kept, len(rows) - len(links))


def _write(
    task: _Task | Row,
    *,
    folder: Path,
    letter: Letter,
    language: Language,
    template: str | None,
    stands: dict[str, str],
    common: tuple[str, ...],
) -> _Done:
    if isinstance(task, Row):
        return _Done(task)
    ruleset, facts = task.ruleset, task.facts
    file = facts.source.file or ""
    try:
        made_from = hashlib.sha256(
            "\n".join((*common, ruleset.digest, facts.digest, _digest(review_file(file)))).encode()
        ).hexdigest()
        sheet, document = folder / f"{task.name}.xlsx", folder / f"{task.name}.docx"
        if stands.get(task.name) == made_from and sheet.is_file() and document.is_file():
            return _Done(row_of(review(ruleset, facts, supported=False), file), True, made_from)
        found = scored(ruleset, facts)
        write_bytes(sheet, book_of(found, language))
        write_bytes(document, word_of(found, letter, language=language, template=template)[0])
    except JmrulesError as error:
        return _Done(Row(file, error, facts.subject.name))
    return _Done(row_of(found.review, file), False, made_from)


def _names(loaded: Sequence[Any]) -> list[str]:
    """A name for the files of each department, which a file system takes, no two the same."""
    found: list[str] = []
    taken = set(_LISTS)
    for each in loaded:
        stem = "" if isinstance(each, Row) else _NOT_A_NAME.sub("_", seen(each[1].subject.name))[:_LONGEST]
        name, number = stem or "_", 1
        while stem and name.lower() in taken:
            number += 1
            name = f"{stem}（{number}）"
        taken.add(name.lower())
        found.append(name)
    return found


def _stands(folder: Path) -> dict[str, str]:
    """By name, what the files that stand there were made from; nothing where that cannot be read."""
    try:
        found = json.loads((folder / _MADE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(made) for name, made in found.items()} if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
