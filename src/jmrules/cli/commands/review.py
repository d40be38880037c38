"""``jmrules review``: what is claimed against what the facts earn, and the figures against each other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.bar import bar
from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_for, ruleset_once
from jmrules.cli.output import console, emit, styled
from jmrules.cli.reports import given_in, loader
from jmrules.cli.show.doubts import show_doubts, show_overstated
from jmrules.cli.show.lines import row, rule
from jmrules.cli.show.matters import show_matters

if TYPE_CHECKING:
    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.findings import Judged
    from jmrules.review import Review, Row

_STANDINGS = {
    "over-claimed": "bold red",
    "under-claimed": "magenta",
    "contradicted": "red",
    "unsupported": "yellow",
    "consistent": "green",
    "not-claimed": "dim",
}
#: problems shown of a file that cannot be reviewed
_MOST = 3


def review(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FACTS|REPORT...",
            help="事实文件、自评报告或其文件夹；多份时列出排序。 Facts files, reports, or folders; of many, a work-list.",
        ),
    ],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV。 Print CSV.")] = False,
) -> None:
    """核对自评：高于或低于应得、数据矛盾、仅有文字说明；多份时最可疑的在前。 Claims against facts; of many files, the worst first."""
    language = chosen_language(lang)
    files = [file for name in files for file in given_in(name)]
    load = loader(files, ruleset)
    if len(files) == 1 and not as_csv:
        from jmrules.review import review as review_claims

        facts = load(files[0])
        found = review_claims(ruleset_for(facts, ruleset), facts)
        if as_json:
            emit(found.to_json())
        else:
            _show(found, language, console())
        return
    from jmrules.review import to_csv, work_list, work_list_json

    with bar("复核" if language == "zh" else "reviewing") as told:
        rows = work_list(files, ruleset_once(ruleset), documents=as_json, told=told, load=load)
    if as_json:
        emit(work_list_json(rows))
    elif as_csv:
        # with the mark by which Excel knows UTF-8
        emit("\ufeff" + to_csv(rows, language))
    else:
        _show_list(rows, language, console())


def span(pair: tuple[Decimal, Decimal] | None) -> str:
    """An interval of points; a dash where there is none."""
    if pair is None:
        return "—"
    low, high = pair
    text = f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"
    return text.replace("-", "−")


def _show(review: Review, language: Language, out: Console) -> None:
    """Head line, contradictions, then the indicators."""
    zh = language == "zh"
    total = review.total
    out.print(
        styled("[bold]{}[/] · {}", review.facts.subject.name, review.ruleset.title.say(language)),
        soft_wrap=True,
    )
    claimed = "—" if total.claimed is None else f"{total.claimed:f}"
    grades = "/".join(grade.label.say(language) for grade in review.grades)
    words = (
        ("自评", "按所报事实", "只凭数据") if zh else ("claimed", "earned by its facts", "supported by figures alone")
    )
    line = [styled("[bold]{} {}[/]{}", words[0], claimed, _claimed_grade(review, language))]
    line.append(styled("[bold]{} {}[/] {}", words[1], span(total.earned), grades))
    line.append(styled("[bold]{} {}[/]", words[2], span(review.supported(total))))
    out.print(styled("{}   {}   {}", *line))
    show_doubts(review.doubts, review.ruleset.scale, language, out)
    show_overstated(review.overstated, language, out)
    show_matters(review.matters, language, out)
    _show_indicators(review, language, out)


def _claimed_grade(review: Review, language: Language) -> str:
    """The grade claimed, as the ruleset calls it, or as it is written where that is none of the ruleset's."""
    named, written = review.grade_claimed, review.facts.claims.grade
    return f" {named.label.say(language)}" if named else f" {written}" if written else ""


def _show_indicators(review: Review, language: Language, out: Console) -> None:
    from jmrules.review import STANDING_WORDS

    zh = language == "zh"
    out.print()
    heading = (
        ("指标", "自评", "应得", "数据支持", "结论") if zh else ("indicator", "claimed", "earned", "supported", "")
    )
    _row("", heading, out, "bold")
    rule(out)
    for node in review.indicators:
        style = _STANDINGS[node.standing]
        cells = (
            node.label.say(language),
            _claimed(node),
            span(node.earned),
            span(review.supported(node)),
            STANDING_WORDS[node.standing].say(language),
        )
        _row("  " * node.depth, cells, out, style if node.standing != "consistent" else "")


def _claimed(node: Judged) -> str:
    """What is claimed, and what of it where points moved."""
    if node.claimed is None:
        return "—"
    return f"{node.claimed:f}" if node.compared == node.claimed else f"{node.claimed:f} → {node.compared:f}"


def _row(indent: str, cells: tuple[str, ...], out: Console, style: str) -> None:
    """A line of the table; a name too long for its column goes on below."""
    name, *numbers, last = cells
    row(indent, name, numbers, (9, 13, 13), out, style, f"  {last}", room=14)


def _show_list(rows: tuple[Row, ...], language: Language, out: Console) -> None:
    from pathlib import PurePath

    from rich.table import Table

    from jmrules.review import PROGRESS_WORDS

    zh = language == "zh"
    heading = (
        ("", "部门", "状态", "等级", "自评", "应得", "有依据", "偏差", "存疑", "事项", "文件")
        if zh
        else ("", "department", "state", "grade", "claimed", "earned", "supported", "off", "doubt", "matters", "file")
    )
    table = Table(box=None, pad_edge=False, show_edge=False)
    for index, name in enumerate(heading):
        text = index in (1, 2, 10)
        table.add_column(name, justify="left" if text else "right", no_wrap=not text, overflow="fold")
    broken = []
    for rank, each in enumerate(rows, 1):
        file = PurePath(each.file).name
        if each.error is not None:
            broken.append(each)
        if each.broken or each.earned is None:
            table.add_row(str(rank), each.subject or "—", *["—"] * 8, file, style="bold red")
            continue
        style = _STANDINGS[each.standing or "not-claimed"]
        off = each.over_claimed or -each.under_claimed
        table.add_row(
            str(rank),
            each.subject,
            "—" if each.state is None else PROGRESS_WORDS[each.state].say(language),
            "/".join(grade.say(language) for grade in each.grades),
            "—" if each.claimed is None else f"{each.claimed:f}",
            span(each.earned),
            f"{each.supported:.2f}",
            f"{off:+.2f}" if off else "0",
            f"{each.in_doubt:.2f}",
            str(each.matters),
            file,
            style="" if style == "green" else style,
        )
    out.print(table)
    for each in broken:
        assert each.error is not None
        out.print(f"\n{each.file}{'：无法复核' if zh else ': cannot be reviewed'}", style="bold red")
        for problem in each.error.problems[:_MOST]:
            out.print(f"  {problem.say(language)}", soft_wrap=True)
        rest = len(each.error.problems) - _MOST
        if rest > 0:
            out.print(f"  另有 {rest} 个问题" if zh else f"  {rest} more problems", style="dim")
