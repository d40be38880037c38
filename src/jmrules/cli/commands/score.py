"""``jmrules score``: the score sheet of one department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from jmrules.cli.commands.findings import summary
from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, console, ruleset_for
from jmrules.cli.show.sheet import BASES, print_sheet

if TYPE_CHECKING:
    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset
    from jmrules.trace.model import Trace

_STATUS = {
    "reconstructed": (
        "部分评分标准为推定，各项依据见 jmrules explain",
        "some criteria are reconstructed: jmrules explain gives their grounds",
    ),
    "draft": ("评分办法为草案，不可用于正式打分", "this ruleset is a draft, not for official scoring"),
}


def score(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出评分过程文档。 Print the trace document.")] = False,
    trust: Annotated[
        Literal["assertion", "document", "figure", "verified"] | None,
        typer.Option(
            help="只采信不低于此等级的事实，给出可得分的区间。 Trust facts from this basis up; give the interval."
        ),
    ] = None,
) -> None:
    """给一个部门打分，并说明每一分。 Score a department and account for every point."""
    language = chosen_language(lang)
    from jmrules.evaluation import evaluate
    from jmrules.facts import load_facts

    given = load_facts(facts)
    if trust is not None:
        from jmrules.cli.commands.bounds import show as show_bounds
        from jmrules.rules.bounds.evaluate import bounds

        possible = bounds(ruleset_for(given, ruleset), given, trust)
        if as_json:
            typer.echo(possible.to_json(), nl=False)
        else:
            show_bounds(possible, given, language, console())
        return
    from jmrules.errors import FactsError

    rules = ruleset_for(given, ruleset)
    try:
        evaluation = evaluate(rules, given)
    except FactsError as error:
        if any(problem.code != "unknown-value" for problem in error.problems):
            raise
        _show_open(rules, given, language, as_json=as_json)
        return
    if as_json:
        typer.echo(evaluation.to_json(), nl=False)
        return
    show(evaluation.trace, given, language, console())


def _show_open(ruleset: Ruleset, facts: Facts, language: Language, *, as_json: bool) -> None:
    """Facts of which some are not known have no exact score: what is possible, on its own statements and on figures alone."""
    from jmrules.cli.show.possible import show_possible
    from jmrules.rules.bounds.evaluate import bounds

    own = bounds(ruleset, facts, "assertion")
    if as_json:
        typer.echo(own.to_json(), nl=False)
        return
    show_possible(own, bounds(ruleset, facts, "figure"), facts, language, console())


def show(trace: Trace, facts: Facts, language: Language, out: Console) -> None:
    """The score sheet, the total, and what the points rest on."""
    from jmrules.facts.model import unplaced

    zh = language == "zh"
    out.print(f"[bold]{facts.subject.name}[/] · {trace.ruleset.title.say(language)}", soft_wrap=True)
    print_sheet(trace, language, out)
    for line in trace.adjustments:
        idle = "" if line.points or line.decides or line.indicator else "（未触及）" if zh else " (not reached)"
        out.print(f"{f'{line.points:+f}' if line.points else '—'}  {line.reason.say(language)}{idle}")
    total, points = f"{trace.total:f}", f"{(trace.scale.to if trace.scale else trace.root.points).normalize():f}"
    grade = trace.grade.label.say(language)
    out.print(f"[bold]{'总分' if zh else 'total'} {total}[/] / {points}   [bold]{'等级' if zh else 'grade'} {grade}[/]")
    resting = [
        f"{name_zh if zh else name_en} {trace.basis[basis]:.2f}"
        for basis, name_zh, name_en in BASES
        if trace.basis[basis]
    ]
    out.print(("得分依据：" if zh else "the points rest on: ") + (" · ".join(resting) or "—") + (" 分" if zh else ""))
    if nameless := unplaced(facts):
        out.print(
            f"{len(nameless)} 项事实标有依据，却没有写明出处：{'、'.join(nameless)}"
            if zh
            else f"{len(nameless)} facts claim a basis and name no source: {', '.join(nameless)}",
            style="yellow",
        )
    lacking = sum(check.status != "given" for leaf in (*trace.leaves, *trace.beside) for check in leaf.evidence)
    if lacking:
        out.print(
            f"佐证材料缺 {lacking} 份，见 jmrules explain"
            if zh
            else f"{lacking} required documents are lacking: see jmrules explain"
        )
    summary(trace.findings, language, out)
    if trace.ruleset.status in _STATUS:
        out.print(f"[dim]{_STATUS[trace.ruleset.status][0 if zh else 1]}[/]")
