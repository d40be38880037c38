"""``jmrules reach``: the smallest change to the facts that reaches a grade or a total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, all_known, chosen_language, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.whatif import Reach


def reach(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    grade: Annotated[
        str | None, typer.Option("--grade", metavar="GRADE", help="至少达到的等级，如 优。 The least grade.")
    ] = None,
    total: Annotated[
        str | None, typer.Option("--total", metavar="POINTS", help="至少达到的总分，如 95。 The least total.")
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option(
            "--hold",
            metavar="FACT",
            help="不可变动的数据，如 budget_initial、outputs.target，可多次给出。 A fact that must stay as it is.",
        ),
    ] = None,
    at_most: Annotated[
        int,
        typer.Option(
            "--at-most", min=1, max=10, help="逐组查找时最多变动几项。 Facts changed, at most, in the search."
        ),
    ] = 3,
    alternatives: Annotated[
        int, typer.Option("--alternatives", min=1, max=50, help="最多给出几种办法。 Ways to look for.")
    ] = 3,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """达到某等级或总分，最少要变动哪些数据；达不到则说明为什么。 The smallest change that reaches a grade or total."""
    language = chosen_language(lang)
    from jmrules.errors import Text
    from jmrules.facts import load_facts
    from jmrules.whatif import reach as reach_of

    given = load_facts(facts)
    rules = ruleset_for(given, ruleset)
    with all_known(rules, Text("不能算出最少变动哪些数据", "the smallest change cannot be told")):
        found = reach_of(
            rules,
            given,
            grade=grade,
            total=None if total is None else _number(total),
            hold=hold or [],
            facts_at_most=at_most,
            alternatives=alternatives,
        )
    if as_json:
        from jmrules.documents import pretty
        from jmrules.whatif import reach_document

        emit(pretty(reach_document(found)) + "\n")
    else:
        show(found, given, language, console())


def _number(text: str) -> Decimal:
    from decimal import Decimal

    from jmrules.errors import Problem, Text
    from jmrules.whatif import GoalError

    if (
        not text.strip().replace(".", "", 1).isascii()
        or not text.strip().replace(".", "", 1).isdigit()
        or len(text) > 40
    ):
        raise GoalError(
            Problem(
                "bad-total",
                Text(f"--total“{text}”不是分数", f"--total {text!r} is no number of points"),
                Text("写成 95 或 89.5", "write 95 or 89.5"),
            )
        )
    return Decimal(text.strip())


def show(found: Reach, facts: Facts, language: Language, out: Console) -> None:
    """The answer in a sentence, then the ways, or why there is none."""

    zh = language == "zh"
    before = found.before
    out.print(styled("[bold]{}[/]", facts.subject.name), soft_wrap=True)
    now = f"{'现为' if zh else 'now'} {before.total:f} {before.grade.label.say(language)}"
    goal = f"{'目标' if zh else 'goal'} {_goal(found, language)}"
    out.print(f"{now} → {goal}")
    out.print(_answer(found, zh=zh))
    for number, way in enumerate(found.ways, 1):
        after = way.evaluation
        out.print(
            styled(
                "[bold]{}[/] {} {}   {} {}",
                number,
                f"{after.total:f}",
                after.grade.label.say(language),
                "代价" if zh else "cost",
                f"{way.cost:f}",
            )
        )
        for change in way.changes:
            from jmrules.cli.commands.what_if import change_line

            out.print(f"  {change_line(change, language)}", soft_wrap=True)
    if found.outcome == "impossible":
        _ceilings(found, language, out)


def _goal(found: Reach, language: Language) -> str:
    goal = found.goal
    parts = [] if goal.grade is None else [goal.grade.label.say(language)]
    return " ".join([*parts, f"≥ {goal.least:f}"])


def _answer(found: Reach, *, zh: bool) -> str:
    match found.outcome:
        case "already":
            return "目标已经达到，无需变动" if zh else "the goal is reached already"
        case "impossible":
            return (
                f"达不到：可变动的 {len(found.variables)} 项数据无论怎样变，总分至多 {found.most:f}"
                if zh
                else f"out of reach: whatever the {len(found.variables)} values that could change are, the total is at most "
                f"{found.most:f}"
            )
        case "not within":
            return (
                f"变动 {found.within} 项以内的数据都达不到（已查遍）"
                if zh
                else f"no change of {found.within} values or fewer reaches it (all were looked through)"
            )
        case "not found":
            return (
                f"未找到办法，也未能证明达不到；已查遍的只有 {found.within} 项以内的变动"
                if zh
                else f"no way was found, nor a proof that there is none; changes of up to {found.within} values were looked through"
            )
    if found.smallest:
        return "最小的变动（已证明没有更小的）：" if zh else "the smallest change (it is proved that none is smaller):"
    return (
        f"可行的变动（已证明 {found.within} 项以内不行，是否最小未能证明）："
        if zh
        else f"a change that does (none of {found.within} values or fewer does; that it is the smallest is not proved):"
    )


def _ceilings(found: Reach, language: Language, out: Console) -> None:
    """Where points stay out of reach."""
    zh = language == "zh"
    for each in found.ceilings:
        if each.most < each.points:
            label = each.label.say(language)
            out.print(
                f"  {label}：至多 {each.most:f} / {each.points:f}"
                if zh
                else f"  {label}: at most {each.most:f} of {each.points:f}",
                soft_wrap=True,
            )
