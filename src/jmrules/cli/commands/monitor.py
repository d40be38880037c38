"""``jmrules monitor``: in-year monitoring (双监控) from a log of quarterly reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.commands.findings import SEVERITIES
from jmrules.cli.common import LANGUAGE, RULESET, asked_source, chosen_language, ruleset_asked
from jmrules.cli.output import console, emit, say, styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    from jmrules.errors import JmrulesError, Language, Problem
    from jmrules.monitor import Alert, Change, MonitorSession
    from jmrules.ruleset import Rule, Ruleset, Signal


def monitor(
    log: Annotated[str, typer.Argument(metavar="LOG", help="监控日志（JSONL）。 The monitoring log.")],
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="RULESET", help="按此评分办法新建日志。 Start a log under this ruleset."),
    ] = None,
    department: Annotated[
        list[str] | None,
        typer.Option(
            "--department", metavar="CODE=NAME", help="新建日志的部门，可重复。 A department of a new log; repeatable."
        ),
    ] = None,
    add: Annotated[
        str | None,
        typer.Option("--add", metavar="EVENTS", help="把这个文件的填报记入日志。 Take the events of a file in."),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="等待新的填报。 Wait for more.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="逐次列出提醒的产生和解除。 What was raised and cleared, when.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", min=0.05, help="--follow 的间隔秒数。 Seconds between looks.")
    ] = 1.0,
    chart: Annotated[
        str | None,
        typer.Option(
            "--chart", metavar="FILE.svg|png", help="把各季度的情况画成图。 Draw how matters stood by quarter."
        ),
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """在年监控：按季度填报提醒进度滞后，记录产生和解除。 Alerts from quarterly reports, raised and cleared as they come."""
    language = chosen_language(lang)
    from jmrules.monitor import MonitorSession

    chosen = ruleset_asked(ruleset) if ruleset else None
    if start is not None:
        session = MonitorSession.start(log, asked_source(start), _departments(department or []))
    elif department:
        raise _only_at_start()
    else:
        session = MonitorSession.open(log, chosen, writing=add is not None)
    out = console()
    with session:
        refused = _add(session, add, language, out) if add is not None else []
        if as_json:
            emit(_json(session))
        else:
            _show(session, language, out, history=history)
        _tell(refused, language)
        if chart is not None:
            _draw(session, chart, language)
        if follow:
            _follow(session, every, language, out)
    if refused:
        raise SystemExit(1)


def _draw(session: MonitorSession, file: str, language: Language) -> None:
    from pathlib import Path

    from jmrules.errors import Problem, Text
    from jmrules.monitor import MonitorError
    from jmrules.report import png, svg, timeline, write_bytes

    ending = Path(file).suffix.lower()
    if ending not in (".svg", ".png"):
        raise MonitorError(Problem("other-format", Text(f"不能写成 {file}", f"cannot write {file}"),
                         Text("文件名以 .svg 或 .png 结尾", "let its name end in .svg or .png")))  # fmt: skip
    drawn = timeline(session, language)
    write_bytes(file, png(drawn) if ending == ".png" else svg(drawn, ink="#222222").encode())
    say(file)


def _only_at_start() -> JmrulesError:
    from jmrules.errors import JmrulesError, Problem, Text

    return JmrulesError(
        Problem(
            "departments-are-fixed",
            Text("部门在新建日志时定下", "departments are named when a log is started"),
            Text("--department 只与 --start 同用", "use --department with --start"),
        )
    )


def _departments(given: list[str]) -> dict[str, str]:
    from jmrules.errors import JmrulesError, Problem, Text

    pairs = [text.partition("=") for text in given]
    wrong = [f"{code}{mark}{name}" for code, mark, name in pairs if not (code and name)]
    if wrong or not pairs:
        raise JmrulesError(
            Problem(
                "no-departments",
                Text(
                    f"部门应写作 编号=名称：{'、'.join(wrong)}",
                    f"a department is written CODE=NAME: {', '.join(wrong)}",
                )
                if wrong
                else Text("新日志至少要有一个部门", "a new log needs at least one department"),
                Text("例如 --department dsj=市政务服务和数据管理局", "such as --department dsj='data administration'"),
            )
        )
    return {code: name for code, _, name in pairs}


def _add(session: MonitorSession, file: str, language: Language, out: Console) -> list[Problem]:
    """Take the events of a file in, one a line; what is wrong with those that cannot be."""
    from pathlib import Path

    from jmrules.documents import parse
    from jmrules.errors import JmrulesError, Place, Problem, Text
    from jmrules.monitor import MonitorError

    problems: list[Problem] = []
    try:
        lines = Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        message = Text(f"无法读取：{reason}", f"cannot be read: {reason}")
        raise MonitorError(Problem("unreadable-file", message, None, Place(file))) from None
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            change = session.report(parse(text, file).value)
        except JmrulesError as error:
            problems += [
                problem.at(Place(file, problem.place.pointer, number, problem.place.column))
                for problem in error.problems
            ]
        else:
            _change(change, session, language, out)
    return problems


def _follow(session: MonitorSession, every: float, language: Language, out: Console) -> None:
    import time

    told = len(session.problems)
    while True:
        for change in session.refresh():
            _change(change, session, language, out)
        if told < len(session.problems):
            _tell(session.problems[told:], language)
            told = len(session.problems)
        out.file.flush()
        time.sleep(every)


def _change(change: Change, session: MonitorSession, language: Language, out: Console) -> None:
    """What an event raised and cleared, a line each."""
    zh = language == "zh"
    for word, alerts in ((("产生", "raised"), change.raised), (("解除", "cleared"), change.cleared)):
        for alert in alerts:
            said = _alert(alert, session, language)
            out.print(styled("{} {} {}", change.event.recorded, word[0 if zh else 1], said))


def _alert(alert: Alert, session: MonitorSession, language: Language) -> RichText:

    zh, en, style = SEVERITIES[alert.finding.severity]
    name = session.head.departments[alert.department]
    quarter = f"{alert.quarter} 季度" if language == "zh" else f"Q{alert.quarter}"
    said = (
        f"{alert.finding.label.say(language)}{'：' if language == 'zh' else ': '}{alert.finding.message.say(language)}"
    )
    return styled(f"[{style}]{{}}[/] {{}} {{}} {{}}", zh if language == "zh" else en, name, quarter, said)


def _show(session: MonitorSession, language: Language, out: Console, *, history: bool) -> None:
    """What stands now, the timeline, and if asked for what happened when."""
    from rich.padding import Padding

    zh = language == "zh"
    ruleset: Ruleset = session.ruleset
    out.print(styled("[bold]{}[/] · {}", ruleset.title.say(language), "监控" if zh else "monitoring"))
    alerts = session.alerts
    out.print(styled("[bold]{} {}[/]", "当前提醒" if zh else "alerts", len(alerts)))
    for alert in alerts:
        out.print(Padding(_alert(alert, session, language), (0, 0, 0, 2)))
    out.print(_timeline(session, language))
    if history:
        out.print(styled("[bold]{}[/]", "经过" if zh else "history"))
        for change in session.history:
            _change(change, session, language, out)
    _tell(session.problems, language)
    if session.torn is not None:
        _tell([session.torn], language)


def _timeline(session: MonitorSession, language: Language) -> Table:
    """Department, and what it is about, by quarter."""
    from rich import box
    from rich.table import Table

    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("部门" if zh else "department", overflow="fold")
    table.add_column("事项" if zh else "matter", overflow="fold")
    for quarter in (1, 2, 3, 4):
        table.add_column(f"{quarter} 季" if zh else f"Q{quarter}", justify="center", no_wrap=True)
    monitoring = session.ruleset.monitoring
    assert monitoring is not None
    said: tuple[Signal | Rule, ...] = (*monitoring.signals, *monitoring.rules)
    labels = {each.id: each.label for each in said}
    for code, name in session.head.departments.items():
        quarters = {quarter.number: quarter for quarter in session.quarters(code)}
        if not quarters:
            table.add_row(name, "没有填报" if zh else "nothing reported", "", "", "", "")
        keys = {key for quarter in quarters.values() for key in quarter.holding | quarter.undecided}
        for id, label in labels.items():
            for _, item in sorted((key for key in keys if key[0] == id), key=lambda key: key[1] or ""):
                marks = [_mark(quarters.get(number), (id, item)) for number in (1, 2, 3, 4)]
                table.add_row(name, _matter(label.say(language), item, language), *marks)
    table.caption = (
        "●：成立　·：不成立　?：数据不足　空白：未填报"
        if zh
        else "●: holds   ·: does not   ?: not enough reported   blank: nothing reported"
    )
    return table


def _matter(label: str, item: str | None, language: Language) -> str:
    if item is None:
        return label
    return f"{label}（{item}）" if language == "zh" else f"{label} ({item})"


def _mark(quarter: Any, key: tuple[str, str | None]) -> str:
    if quarter is None:
        return ""
    return "●" if key in quarter.holding else "?" if key in quarter.undecided else "·"


def _tell(problems: Iterable[Problem], language: Language) -> None:
    for problem in problems:
        say(problem.say(language), err=True)


def _json(session: MonitorSession) -> str:
    from jmrules.documents import pretty
    from jmrules.monitor import session_document

    return pretty(session_document(session)) + "\n"
