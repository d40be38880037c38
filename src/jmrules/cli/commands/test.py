"""``jmrules test``: run the cases of rulesets, say what they leave untested, and which mutants they do not notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language
from jmrules.cli.output import console, emit, say, styled

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from jmrules.cases import Mutation, Report, Result
    from jmrules.errors import Language

PERCENT = {"min": 0, "max": 100, "metavar": "PERCENT"}


def test(
    ruleset: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID@YEAR|FILE|FOLDER]",
            help="评分办法或其所在文件夹；不写则全部带有案例的。 A ruleset, or a folder of them; every one with cases if not given.",
        ),
    ] = None,
    mutate: Annotated[
        bool,
        typer.Option(
            "--mutate", help="每次改动评分办法一处，看案例能否发现。 Change one thing at a time: do the cases notice?"
        ),
    ] = False,
    min_coverage: Annotated[
        int, typer.Option("--min-coverage", help="分支覆盖率至少为。 Fail below this coverage of branches.", **PERCENT)
    ] = 0,
    min_killed: Annotated[
        int,
        typer.Option("--min-killed", help="被发现的变异至少占。 Fail below this share of mutants killed.", **PERCENT),
    ] = 0,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="为没有应得分的案例写出现在的得分，待人核对签字；手工算的不改。 Write what cases score as expected, to be signed; what was worked by hand stays.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
    lang: LANGUAGE = None,
) -> None:
    """运行评分办法旁的案例，报告分支覆盖。 Run the cases beside rulesets and report the branches they cover.

    案例不符或低于所要求的比例时退出码为 1。 Exits 1 where a case fails or a share is below what is asked.
    """
    language = chosen_language(lang)
    from jmrules.cases import report_on, rulesets_to_test

    reports, sound = [], True
    for file in rulesets_to_test(ruleset):
        if accept:
            _accept(file, language, quiet=as_json)
        report = report_on(file, mutate=mutate or min_killed > 0)
        reports.append(report)
        sound = sound and report.holds(min_coverage, min_killed)
        if not as_json:
            show(report, language, console(), mutate=mutate or min_killed > 0)
    if as_json:
        from jmrules.cases import document_of_reports
        from jmrules.documents import pretty

        emit(pretty(document_of_reports(reports)) + "\n")
    if not sound:
        raise typer.Exit(1)


def _accept(file: Path, language: Language, *, quiet: bool) -> None:
    from jmrules.cases import accept

    for written in accept(file):
        if not quiet:
            said = written.said.say(language)
            say(f"写出 {written.file}：{said}" if language == "zh" else f"wrote {written.file}: {said}")


def show(report: Report, language: Language, out: Console, *, mutate: bool = False) -> None:
    """What testing one ruleset found out."""

    zh = language == "zh"
    out.print(styled("[bold]{}[/]  {}", report.ruleset.reference, report.ruleset.title.say(language)), soft_wrap=True)
    passed = len(report.results) - len(report.failed)
    out.print(
        f"案例 {passed} / {len(report.results)} 相符" if zh else f"cases: {passed} of {len(report.results)} as expected"
    )
    for result in report.failed:
        _show_result(result, language, out)
    _show_coverage(report, language, out)
    if report.mutation is not None:
        _show_mutation(report.mutation, language, out)
    elif mutate and report.failed:
        out.print(
            styled("[dim]有案例不符，未作变异测试[/]") if zh else styled("[dim]a case fails, so nothing was mutated[/]")
        )
    if report.unsigned:
        from jmrules.cases import unsigned_line

        out.print(styled("  [yellow]○[/] {}", unsigned_line(report, language)), soft_wrap=True)
    for id in report.stale:
        said = (
            "案例表明此例外不成立，请从 exceptions.json 删去"
            if zh
            else "the cases prove this exception wrong: remove it from exceptions.json"
        )
        out.print(styled("  [bold red]✗[/] {}  {}", id, said))
    out.print()


def _show_result(result: Result, language: Language, out: Console) -> None:
    from rich import box
    from rich.table import Table

    from jmrules.cases import name_of

    zh = language == "zh"
    out.print(
        styled("[bold red]✗ {}[/]  [dim]{}[/]", result.case.name, result.case.document.file or ""), soft_wrap=True
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("指标" if zh else "indicator", overflow="fold", ratio=2)
    table.add_column("应为" if zh else "expected", overflow="fold", justify="right")
    table.add_column("实得" if zh else "got", overflow="fold", justify="right")
    table.add_column("由来" if zh else "how it came about", overflow="fold", ratio=3)
    for difference in result.differences:
        why = difference.explanation.say(language) if difference.explanation else ""
        table.add_row(name_of(difference, language), difference.expected, difference.got, why)
    out.print(table)


def _show_coverage(report: Report, language: Language, out: Console) -> None:

    from jmrules.cases import coverage_line, suggestion_line, unbroken_line, unreachable_line

    out.print(coverage_line(report, language))
    for branch in report.coverage.uncovered:
        out.print(styled("  [yellow]○ {}[/]  {}", branch.id, branch.label.say(language)))
        out.print(f"    {suggestion_line(report.suggestions.get(branch.id), language)}", style="dim")
    for constraint in report.unbroken:
        out.print(styled("  [yellow]○ {}[/]  {}", constraint.id, unbroken_line(constraint, language)))
    for branch in report.coverage.unreachable:
        out.print(f"  – {unreachable_line(branch, language)}", style="dim")


def _show_mutation(mutation: Mutation, language: Language, out: Console) -> None:

    from jmrules.cases import percent

    killed, total, rejected = len(mutation.killed), mutation.total, len(mutation.rejected)
    share = percent(killed, total)
    zh = language == "zh"
    out.print(
        f"变异 {killed} / {total} 被发现（{share}），另有 {rejected} 个加载时即被拒绝"
        if zh
        else f"mutants: {killed} of {total} killed ({share}), {rejected} more rejected at load"
    )
    for mutant in mutation.survived:
        out.print(styled("  [yellow]○ {}[/]", mutant.label.say(language)))
        out.print(f"    {mutant.id}", style="dim")
    for mutant, reason in mutation.equivalent:
        said = f"{mutant.id}  {'不影响得分：' if zh else 'changes no score: '}{reason.say(language)}"
        out.print(f"  – {said}", style="dim")
