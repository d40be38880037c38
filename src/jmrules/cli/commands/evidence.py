"""``jmrules evidence`` and ``jmrules rectification``: what an award must rest on, and what earlier reviews left to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language
    from jmrules.review import EvidenceReport, FileCheck, Line

_STATUS = {
    "missing": ("缺", "missing", "red"),
    "out of date": ("日期不符", "out of date", "yellow"),
    "given": ("有", "given", "green"),
    "not needed": ("不涉及", "not needed", "dim"),
}
_FILES = {
    "matches": ("文件相符", "file matches", ""),
    "differs": ("文件与摘要不符", "another file than stated", "bold red"),
    "unstated": ("有文件，未记摘要", "file there, no hash stated", ""),
    "absent": ("找不到文件", "file not found", "yellow"),
    "outside": ("路径在文件夹之外，未打开", "path outside the folder, not opened", "yellow"),
    "none": ("未附文件", "no file", "dim"),
}
_STATES = {
    "overdue": "bold red",
    "unproven": "red",
    "open": "red",
    "measure-only": "yellow",
    "proven": "cyan",
    "closed": "green",
}


def evidence(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件。 A facts file.")],
    ruleset: RULESET = None,
    folder: Annotated[
        str | None,
        typer.Option("--files", metavar="DIR", help="佐证文件所在文件夹；不写则与事实文件同处。 Where the files lie."),
    ] = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """逐项核对佐证材料：缺、日期不符、文件与摘要是否相符。 Required documents against those given, files by their hash."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.facts import load_facts
    from jmrules.review import evidence_report

    given = load_facts(facts)
    report = evidence_report(ruleset_for(given, ruleset), given, None if folder is None else Path(folder))
    if as_json:
        _print_json(report)
        return
    out = console()
    out.print(styled("[bold]{}[/]", given.subject.name), soft_wrap=True)
    _show_report(report, language, out)


def rectification(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FACTS...", help="同一部门一年或数年的事实文件。 Facts files of one department."),
    ],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="截至日期；不写则今天。 The day looked at; today if not given."),
    ] = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """整改台账：措施不等于办结；逾期、无佐证、跨年重复的在前。 The ledger of problems found: a measure alone closes none."""
    language = chosen_language(lang)
    from jmrules.facts import load_facts
    from jmrules.review import ledger

    lines = ledger([load_facts(file) for file in files], _day(as_of))
    if as_json:
        _print_json({"lines": lines})
        return
    _show_ledger(lines, language, console())


def _day(text: str | None) -> str:
    import datetime

    from jmrules.errors import JmrulesError, Problem, Text

    try:
        day = datetime.date.today() if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        raise JmrulesError(
            Problem(
                "bad-date",
                Text(f"“{text}”不是日期", f"{text!r} is no date"),
                Text("写成 2025-06-30 的样子", "write it like 2025-06-30"),
            )
        ) from None
    return day.isoformat()


def _print_json(found: Any) -> None:
    from importlib.metadata import version

    from jmrules.documents import in_json, pretty

    emit(pretty({"jmrules": version("jmrules"), **in_json(found)}) + "\n")


def _show_report(report: EvidenceReport, language: Language, out: Console) -> None:
    from rich.padding import Padding

    from jmrules.feel import said_tests

    zh = language == "zh"
    pick = 0 if zh else 1
    counts = {status: sum(each.status == status for each in report.required) for status in _STATUS}
    out.print(" · ".join(f"{_STATUS[status][pick]} {count}" for status, count in counts.items() if count))
    indicator = None
    for each in report.required:
        if each.indicator != indicator:
            indicator = each.indicator
            out.print(styled("\n[bold]{}[/]", each.label.say(language)))
        words, style = _STATUS[each.status][pick], _STATUS[each.status][2]
        dated = None if each.dated is None else said_tests(each.dated, None).say(language)
        limit = "" if dated is None else f"（日期 {dated}）" if zh else f" (dated {dated})"
        # The code too: it is what a list of documents writes as the kind.
        line = styled(f"[{style}]{{}}[/] {{}} [dim]{{}}[/]", words, each.kind_label.say(language) + limit, each.kind)
        out.print(Padding(line, (0, 0, 0, 2)))
        if each.given is not None:
            out.print(Padding(_said_file(each.given, language), (0, 0, 0, 6)))
    if report.documents:
        out.print(styled("\n[bold]{}[/]", "所列文件" if zh else "documents listed"))
        for check in report.documents:
            out.print(Padding(_said_file(check, language), (0, 0, 0, 2)))


def _said_file(check: FileCheck, language: Language) -> str | RichText:
    zh_words, en_words, style = _FILES[check.status]
    zh = language == "zh"
    document = check.document
    date = document.date or ("未注日期" if zh else "undated")
    parts = [document.title, date, document.file or "", check.sha256 or ""]
    said = " · ".join(part for part in parts if part)
    words = zh_words if zh else en_words
    return styled(f"{{}} · [{style}]{{}}[/]", said, words) if style else f"{said} · {words}"


def _show_ledger(lines: tuple[Line, ...], language: Language, out: Console) -> None:
    from rich.padding import Padding

    from jmrules.review import STATE_WORDS

    zh = language == "zh"
    if not lines:
        out.print("台账中没有问题" if zh else "the ledger holds no problem")
    for line in lines:
        entry = line.entry
        words, style = STATE_WORDS[line.state].say(language), _STATES[line.state]
        year = f"{entry.found} 年度" if zh else str(entry.found)
        out.print(styled(f"[{style}]{{}}[/] {{}} [dim]{{}}[/]", words, entry.problem, year))
        said = (
            ("措施", entry.measure), ("责任人", entry.owner), ("期限", entry.due),
        ) if zh else (("measure", entry.measure), ("owner", entry.owner), ("due", entry.due))  # fmt: skip
        colon = "：" if zh else ": "
        parts = [f"{name}{colon}{value}" for name, value in said if value]
        if line.repeats:
            years = "、".join(map(str, line.years)) if zh else ", ".join(map(str, line.years))
            parts.append(f"跨年重复：{years}" if zh else f"found again and again: {years}")
        if line.late:
            parts.append("办结晚于期限" if zh else "closed after it was due")
        if entry.closed is not None:
            parts.append(f"{'认定' if zh else 'accepted by'} {entry.closed.by} {entry.closed.date}")
        out.print(Padding(("；".join(parts) if zh else "; ".join(parts)), (0, 0, 0, 4)), style="dim")
