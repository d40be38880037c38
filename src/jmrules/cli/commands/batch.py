"""``jmrules batch``: a file of departments in, a file of scores out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import console, styled
from jmrules.cli.show.tables import HEADER_ROW, KEY, LISTS, MAP, SHEET, say_notes

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn
    from rich.table import Table

    from jmrules.batch import Columns, Source, Summary
    from jmrules.errors import Language
    from jmrules.ruleset import Ruleset


def batch(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="部门一行一个：Parquet、CSV、Arrow、Excel。 A row per department.")
    ],
    ruleset: Annotated[str, typer.Option("--ruleset", metavar="ID@YEAR|FILE", help="评分办法。 Ruleset.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="得分写到哪里。 Where the scores go.")
    ] = None,
    pairs: MAP = None,
    lists: LISTS = None,
    key: KEY = None,
    sheet: SHEET = None,
    header_row: HEADER_ROW = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="COLUMN", help="带到结果里的列。 Columns to hand on.")
    ] = None,
    findings: Annotated[bool, typer.Option("--findings", help="另列出触发的规则。 Also the rules that fire.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="有一个部门算不了就停。 Stop at a department without a score.")
    ] = False,
    explain: Annotated[
        int | None, typer.Option("--explain", metavar="ROW", help="只说明第几行怎样得分。 Only explain this row.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="只说明哪些指标按列计算。 Only say what is computed by columns.")
    ] = False,
    summary: Annotated[
        Path | None, typer.Option("--summary", metavar="FILE", help="汇总另存为 JSON。 Write the summary as JSON.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="线程数。 Threads.")] = None,
    rows: Annotated[int, typer.Option("--chunk", min=1, help="每批多少行。 Rows per chunk.")] = 200_000,
    engine: Annotated[
        str, typer.Option("--engine", metavar="local|spark", help="在哪里算。 Where to compute.")
    ] = "local",
    master: Annotated[str | None, typer.Option("--master", metavar="URL", help="Spark 的地址。 Spark master.")] = None,
    lang: LANGUAGE = None,
) -> None:
    """给许多部门打分：逐行精确，可中断后接着算。 Score many departments, each exactly; an interrupted run goes on."""
    language = chosen_language(lang)
    from jmrules.extras import check_installed

    check_installed()
    from jmrules.batch import mapped, open_departments

    loaded = ruleset_asked(ruleset)
    if plan:
        _show_plan(loaded, language, console())
        return
    opened = open_departments(source, [loaded], pairs or (), key, keep or (), sheet=sheet, header_row=header_row)
    columns = mapped(loaded, opened, pairs or (), lists or (), key, keep or ())
    say_notes(opened, [columns], language)
    if explain is not None:
        _explain(loaded, opened, columns, explain, rows, language)
        return
    if output is None:
        raise typer.BadParameter("请用 -o 写明结果文件 / name the file of the scores by -o")
    if summary is not None:
        from jmrules.batch import keep_apart

        keep_apart((*columns.files(opened), Path(ruleset)), (output, summary))
    if engine == "spark":
        from jmrules.batch.spark import run_on_spark

        made = run_on_spark(loaded, opened, columns, output, master, language)
    elif engine == "local":
        made = _run(loaded, opened, columns, output, rows, threads, strict, findings, language)
    else:
        raise typer.BadParameter(f"--engine {engine}: local / spark")
    if summary is not None:
        from jmrules.batch import writing
        from jmrules.documents import write_whole

        with writing(summary):
            write_whole(summary, made.to_json() + "\n")
    show(made, output, language, console())
    if made.rejected or not made.scored:
        # not all was scored, or nothing
        raise typer.Exit(1 if made.scored else 2)


def _run(
    ruleset: Ruleset, source: Source, columns: Columns, output: Path, rows: int, threads: int | None, strict: bool,
    findings: bool, language: Language,
) -> Summary:  # fmt: skip
    from jmrules.batch import Job, run

    job = Job(
        ruleset,
        source,
        columns,
        output,
        language=language,
        rows=rows,
        threads=threads,
        strict=strict,
        findings=findings,
    )
    if not sys.stderr.isatty():
        return run(job)
    from attrs import evolve
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _rate_column(language), TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with shown as progress:
        from jmrules.errors import Text

        preparing = Text("准备", "preparing")
        task = progress.add_task(preparing.say(language), total=source.rows)

        def told(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total, description="")

        return run(evolve(job, progress=told))


def _rate_column(language: Language) -> ProgressColumn:
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            per_second = f"{task.speed:,.0f}" if task.speed else "—"
            return Text(f"{per_second} 行/秒" if language == "zh" else f"{per_second} rows/s")

    return Rate()


def show(made: Summary, output: Path, language: Language, out: Console) -> None:
    """The summary as tables."""
    zh = language == "zh"
    shown = str(output)
    out.print(
        f"{shown}：{made.scored:,} 个部门有得分，{made.rejected:,} 个没有" if zh
        else f"{shown}: {made.scored:,} departments scored, {made.rejected:,} not"
    )  # fmt: skip
    if made.rejected:
        rejects = f"{output.stem}.rejects.csv"
        out.print(f"原因见 {rejects}" if zh else f"the reasons are in {rejects}")
    if not made.scored:
        return
    table = _table(
        ("指标", "平均得分", "分值", "得分率", "占失分")
        if zh
        else ("indicator", "awarded", "points", "rate", "of losses")
    )
    for line in made.indicators:
        rate = "—" if line.rate is None else f"{line.rate * 100:.1f}%"
        table.add_row(
            line.label.say(language),
            f"{line.awarded:f}",
            f"{line.points:f}",
            rate,
            f"{line.share_of_losses * 100:.1f}%",
        )
    out.print(table)
    ends: Table = _table(("名次", "总分", "行", "部门") if zh else ("rank", "total", "row", "department"))
    for place in (*made.best, *(each for each in reversed(made.worst) if each not in made.best)):
        ends.add_row(str(place.rank), f"{place.total:f}", str(place.row), place.key or "")
    out.print(ends)
    words = {"least": "最低", "median": "中位", "greatest": "最高"}
    named = [f"{words.get(name, name) if zh else name} {value:f}" for name, value in made.quantiles.items()]
    out.print(f"{'总分' if zh else 'total'}  {'平均' if zh else 'mean'} {made.mean:f} · " + " · ".join(named))
    out.print(" · ".join(f"{label.say(language)} {count:,}" for _, label, count in made.grades))


def _table(heads: tuple[str, ...]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        words = head in ("指标", "indicator", "部门", "department", "怎样算", "computed", "为什么", "because")
        table.add_column(head, justify="left" if words else "right", overflow="fold")
    return table


def _show_plan(ruleset: Ruleset, language: Language, out: Console) -> None:
    from jmrules.batch import explain_plan

    zh = language == "zh"
    table = _table(("指标", "怎样算", "为什么") if zh else ("indicator", "computed", "because"))
    for line in explain_plan(ruleset):
        how = ("逐行", "by rows") if line.by_rows else ("按列", "by columns")
        table.add_row(line.label.say(language), how[0 if zh else 1], line.reason.say(language) if line.reason else "")
    out.print(table)


def _explain(ruleset: Ruleset, source: Source, columns: Columns, row: int, rows: int, language: Language) -> None:
    from jmrules.batch import facts_of_row
    from jmrules.cli.commands.explain import show as show_leaf
    from jmrules.evaluation import evaluate

    facts = facts_of_row(ruleset, source, columns, row, rows)
    trace = evaluate(ruleset, facts).trace
    out = console()
    for leaf in (*trace.leaves, *trace.beside):
        show_leaf(leaf, facts, language, out)
    grade = trace.grade.label.say(language)
    out.print(
        styled(
            "\n[bold]{} {}[/] / {}   {}",
            "总分" if language == "zh" else "total",
            f"{trace.total:f}",
            f"{(trace.scale.to if trace.scale else trace.root.points).normalize():f}",
            grade,
        )
    )
