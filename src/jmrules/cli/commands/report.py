"""``jmrules report``: a department as a workbook, a Word document, a page or Markdown; of many, the work-list, or a folder with all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.bar import bar
from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, facts_in, is_folder, ruleset_for, ruleset_once
from jmrules.cli.output import say
from jmrules.errors import JmrulesError, Problem, Text

if TYPE_CHECKING:
    from jmrules.errors import Language

#: what a report can be written as
ENDINGS = (".xlsx", ".docx", ".html", ".md")
LETTERS = {"report": ("自评报告", "report"), "opinion": ("复核意见", "opinion"), "reply": ("回复", "reply")}


def report(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FACTS...",
            help="事实文件或其文件夹；多份时为工作清单。 Facts files or folders; of many, a work-list.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE.xlsx|docx|html|md|DIR/",
            show_default=False,
            help="写到哪个文件，按扩展名定格式；写到文件夹则每个部门各一份。 The file to write, its ending says the format; a folder takes the files of each department.",
        ),
    ] = "评分表.xlsx",
    letter: Annotated[
        str,
        typer.Option(
            "--as", metavar="report|opinion|reply", help="Word 写成自评报告、复核意见或回复。 What a Word document is."
        ),
    ] = "report",
    narrative: Annotated[
        str | None,
        typer.Option(
            "--narrative", metavar="FILE.md|json", help="部门自述，并入 Word。 The department's own words, for Word."
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="FILE.docx", help="自备的 Word 模板。 A Word template of your own."),
    ] = None,
    review: Annotated[
        str | None,
        typer.Option(
            "--review",
            metavar="REVIEW",
            help="复核决定文件；不写则用事实文件旁的。 The reviewers' file; that beside the facts if not given.",
        ),
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
) -> None:
    """写出评分表（Excel）、自评报告和复核意见（Word）、网页、Markdown；多份时为工作清单。 Write the score sheet, reports in Word, a page or Markdown; of many, the work-list."""
    language = chosen_language(lang)
    found = [file for name in files for file in facts_in(name)]
    if letter not in LETTERS:
        raise _wrong("no-such-letter", f"--as {letter}：没有这种文书", f"--as {letter}: there is no such document",
                     "可写 report（自评报告）、opinion（复核意见）、reply（回复）", f"one of {', '.join(LETTERS)}")  # fmt: skip
    ending = Path(output).suffix.lower()
    if output.endswith(("/", "\\")) or is_folder(output):
        _folder(found, Path(output), letter, template, ruleset, language)
        return
    if ending not in ENDINGS:
        raise _wrong("other-format", f"不能写成 {output}", f"cannot write {output}",
                     f"文件名以 {'、'.join(ENDINGS)} 结尾，或写成文件夹 报告/", f"let its name end in {', '.join(ENDINGS)}, or name a folder: reports/")  # fmt: skip
    from jmrules.report import write_bytes

    if ending == ".docx":
        data, todo = _word(found, letter, (narrative, template, review), ruleset, language)
        write_bytes(output, data)
        say(output)
        _say_todo(todo, language)
        return
    if narrative or template or review or letter != "report":
        raise _wrong("for-word-only", "--as、--narrative、--template、--review 只用于 Word", "--as, --narrative, --template and --review are for Word",
                     "文件名以 .docx 结尾", "let its name end in .docx")  # fmt: skip
    write_bytes(
        output,
        _one(found[0], ending, ruleset, language) if len(found) == 1 else _many(found, ending, ruleset, language),
    )
    say(output)


def _wrong(code: str, zh: str, en: str, todo_zh: str, todo_en: str) -> JmrulesError:
    return JmrulesError(Problem(code, Text(zh, en), Text(todo_zh, todo_en)))


def _word(
    files: list[str],
    letter: str,
    given: tuple[str | None, str | None, str | None],
    ruleset: str | None,
    language: Language,
) -> tuple[bytes, tuple[str, ...]]:
    """The Word document of one department, and what is still to be written in it."""
    if len(files) != 1:
        raise _wrong("one-only", "一份 Word 文件只写一个部门", "a Word document is about one department",
                     "多个部门请写到文件夹：-o 报告/", "for many, name a folder: -o reports/")  # fmt: skip
    from jmrules.facts import load_facts
    from jmrules.report import LETTERS as KNOWN
    from jmrules.report import word
    from jmrules.review import load_adjudication

    facts = load_facts(files[0])
    narrative, template, review = given
    decided = None if review is None else load_adjudication(review)
    return word(ruleset_for(facts, ruleset), facts, next(each for each in KNOWN if each == letter),
                language=language, narrative=narrative, template=template, adjudication=decided)  # fmt: skip


def _say_todo(todo: tuple[str, ...], language: Language) -> None:
    if todo:
        zh = language == "zh"
        say(
            f"文中标出 {len(todo)} 处待补充：{'、'.join(todo)}"
            if zh
            else f"{len(todo)} places are marked, to be written: {', '.join(todo)}",
            err=True,
        )


def _one(file: str, ending: str, ruleset: str | None, language: Language) -> bytes:
    """The report of one department."""
    from jmrules import report as made
    from jmrules.facts import load_facts

    facts = load_facts(file)
    rules = ruleset_for(facts, ruleset)
    if ending == ".xlsx":
        return made.report(rules, facts, language)
    write = made.department_page if ending == ".html" else made.department_markdown
    return write(made.scored(rules, facts), language)


def _many(files: list[str], ending: str, ruleset: str | None, language: Language) -> bytes:
    """The work-list of many, each loaded ruleset read once."""
    from jmrules import report as made

    write = {".xlsx": made.work_list_book, ".html": made.departments_page, ".md": made.departments_markdown}[ending]
    with bar("打分" if language == "zh" else "scoring") as told:
        return write(made.listed_files(files, ruleset_once(ruleset), told), language)


def _folder(
    files: list[str], folder: Path, letter: str, template: str | None, ruleset: str | None, language: Language
) -> None:
    """A workbook and a Word document of each department, and the work-list that leads to them; what is there already is kept."""
    from jmrules.report import LETTERS as KNOWN
    from jmrules.report import folder_of_reports

    folder.mkdir(parents=True, exist_ok=True)
    wanted = next(each for each in KNOWN if each == letter)
    with bar("写报告" if language == "zh" else "writing") as told:
        made = folder_of_reports(files, ruleset_once(ruleset), folder, wanted, language, template=template, told=told)
    zh = language == "zh"
    say(f"{made.work_list}（{made.written} 个部门新写，{made.kept} 个未变，{made.broken} 个不能写）" if zh
        else f"{made.work_list} ({made.written} departments written, {made.kept} unchanged, {made.broken} that cannot be)")  # fmt: skip
