"""``jmrules score``: the score sheet of one department."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from jmrules.cli.commands.findings import summary
from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, of_unknown, ruleset_for
from jmrules.cli.output import console, emit, styled
from jmrules.cli.show.sheet import BASES, print_sheet
from jmrules.cli.show.tables import HEADER_ROW, ROW, SHEET, facts_in_table

if TYPE_CHECKING:
    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

_DRAFT = ("评分办法为草案，不可用于正式打分", "this ruleset is a draft, not for official scoring")


def score(
    facts: Annotated[
        str, typer.Argument(metavar="FACTS", help="事实文件（JSON），或表中一行。 A facts file, or a row of a table.")
    ],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出评分过程文档。 Print the trace document.")] = False,
    form: Annotated[
        Literal["zh", "en", "compact"] | None,
        typer.Option(
            help="评分过程文档只用一种语言，或只要数字。 The trace document in one language, or the numbers alone."
        ),
    ] = None,
    trust: Annotated[
        Literal["assertion", "document", "figure", "verified"] | None,
        typer.Option(
            help="只采信不低于此等级的事实，给出可得分的区间。 Trust facts from this basis up; give the interval."
        ),
    ] = None,
    row: ROW = None,
    sheet: SHEET = None,
    header_row: HEADER_ROW = None,
) -> None:
    """给一个部门打分，并说明每一分。 Score a department and account for every point."""
    language = chosen_language(lang)
    from jmrules.evaluation import evaluate
    from jmrules.facts import load_facts
    from jmrules.formats import is_table

    if is_table(facts):
        given = facts_in_table(Path(facts), ruleset, row, sheet, header_row, language)
    else:
        given = load_facts(facts)
    if trust is not None:
        if form is not None:
            raise typer.BadParameter("得分区间只有一种格式 / an interval has one form", param_hint="--form")
        from jmrules.cli.commands.bounds import show as show_bounds
        from jmrules.rules.bounds import bounds

        possible = bounds(ruleset_for(given, ruleset), given, trust)
        if as_json:
            emit(possible.to_json())
        else:
            show_bounds(possible, given, language, console())
        return
    from jmrules.errors import FactsError

    rules = ruleset_for(given, ruleset)
    try:
        evaluation = evaluate(rules, given)
    except FactsError as error:
        if not of_unknown(error):
            raise
        _show_open(rules, given, language, as_json=as_json or form is not None)
        return
    if as_json or form is not None:
        emit(evaluation.to_json(form))
        return
    show(evaluation, given, language, console())


def _show_open(ruleset: Ruleset, facts: Facts, language: Language, *, as_json: bool) -> None:
    """Facts of which some are not known have no exact score: what is possible, on its own statements and on figures alone."""
    from jmrules.cli.show.possible import show_possible
    from jmrules.findings import open_findings
    from jmrules.rules.bounds import bounds

    own = bounds(ruleset, facts, "assertion")
    if as_json:
        emit(own.to_json())
        return
    figures = bounds(ruleset, facts, "figure")
    show_possible(own, figures, facts, language, out := console())
    summary(open_findings(ruleset, facts, own, figures).certain, language, out)


def show(evaluation: Evaluation, facts: Facts, language: Language, out: Console) -> None:
    """The score sheet, the total, and what the points rest on."""
    from jmrules.cli.show.doubts import before_scaling, counted, show_beyond, show_overstated
    from jmrules.facts import overstated

    trace, doubts = evaluation.trace, evaluation.doubts
    zh = language == "zh"
    out.print(styled("[bold]{}[/] · {}", facts.subject.name, trace.ruleset.title.say(language)), soft_wrap=True)
    print_sheet(trace, language, out)
    for line in trace.adjustments:
        idle = "" if line.points or line.decides or line.indicator else "（未触及）" if zh else " (not reached)"
        out.print(f"{f'{line.points:+f}'.replace('-', '−') if line.points else '—'}  {line.reason.say(language)}{idle}")
    total, points = f"{trace.total:f}", f"{(trace.scale.to if trace.scale else trace.root.points).normalize():f}"
    grade = trace.grade.label.say(language)
    out.print(
        styled(
            "[bold]{} {}[/] / {}   [bold]{} {}[/]",
            "总分" if zh else "total",
            total,
            points,
            "等级" if zh else "grade",
            grade,
        )
    )
    resting = [
        f"{name_zh if zh else name_en} {trace.basis[basis]:.2f}{' 分' if zh else ''}"
        + (counted(doubts, language) if basis == "assertion" else "")
        for basis, name_zh, name_en in BASES
        if trace.basis[basis]
    ]
    own = before_scaling(trace.scale, language) if resting else ""
    out.print(("得分依据：" if zh else "the points rest on: ") + (" · ".join(resting) or "—") + own)
    show_beyond(doubts, trace.scale, language, out)
    show_overstated(overstated(evaluation.plan.ruleset, facts), language, out)
    lacking = sum(check.status != "given" for leaf in (*trace.leaves, *trace.beside) for check in leaf.evidence)
    if lacking:
        out.print(
            f"佐证材料缺 {lacking} 份，见 jmrules explain"
            if zh
            else f"{lacking} required documents are lacking: see jmrules explain"
        )
    summary(trace.findings, language, out)
    if assumed := [leaf for leaf in trace.leaves if leaf.source.status == "reconstructed"]:
        awarded = sum(leaf.awarded for leaf in assumed)
        stated = trace.root.awarded - awarded
        said = (
            f"{awarded:.2f} 分依推定的规则得出，{stated:.2f} 分的规则见于原文；各项依据见 jmrules explain"
            if zh
            else f"{awarded:.2f} points rest on reconstructed rules, {stated:.2f} on stated ones: see jmrules explain"
        )
        out.print(styled("[dim]{}[/]", said))
    if trace.ruleset.status == "draft":
        out.print(styled("[dim]{}[/]", _DRAFT[0 if zh else 1]))
