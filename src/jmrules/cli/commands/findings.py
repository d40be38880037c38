"""``jmrules findings``: what follows from a department's score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_for, say_remarks
from jmrules.cli.output import console, emit, styled
from jmrules.cli.show.sheet import basis_name
from jmrules.cli.show.source import heading, said_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language, Problem
    from jmrules.trace import Figure, Finding, Ground

SEVERITIES = {
    "grave": ("严重", "grave", "bold red"),
    "serious": ("较重", "serious", "red"),
    "minor": ("一般", "minor", "yellow"),
    "info": ("提示", "info", "cyan"),
}
#: findings of one rule that are told below a score sheet
FEW = 2


def findings(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出结论文档。 Print the findings document.")] = False,
) -> None:
    """列出得分之外的结论及其依据：疑点、限制、整改、重点复核。 What follows from a score, and what it rests on."""
    language = chosen_language(lang)
    from jmrules.evaluation import evaluate
    from jmrules.facts import load_facts
    from jmrules.findings import findings_json

    given = load_facts(facts)
    trace = evaluate(ruleset_for(given, ruleset), given).trace
    say_remarks(_by_the_book(), language)
    if as_json:
        emit(findings_json(trace))
        return
    out = console()
    out.print(styled("[bold]{}[/] · {} · {}", given.subject.name, f"{trace.total:f}", trace.grade.label.say(language)))
    if not trace.findings:
        out.print("没有结论" if language == "zh" else "no findings")
    titles = {document.id: document.title for document in given.documents}
    for finding in trace.findings:
        _show(finding, titles, language, out)


def _by_the_book() -> Iterator[Problem]:
    """That durable-rules is not what chained, where it is not there."""
    from jmrules.errors import Problem as Remark
    from jmrules.errors import Text
    from jmrules.rules import compiled_part

    if not compiled_part():
        yield Remark(
            "reference-chain",
            Text(
                "此环境没有 durable-rules 的编译部分，推理由参照实现完成，结论相同",
                "durable-rules' compiled part is not here: the reference evaluator did the chaining, with the same findings",
            ),
        )


def summary(findings: Sequence[Finding], language: Language, out: Console) -> None:
    """The findings below a score sheet, a line each, the gravest first."""
    from collections import Counter

    from rich.padding import Padding

    if not findings:
        return
    zh = language == "zh"
    out.print(styled("[bold]{}[/]", "结论" if zh else "findings"))
    order = list(SEVERITIES)
    times = Counter(finding.rule for finding in findings)
    told: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
        told[finding.rule] += 1
        more = times[finding.rule] - FEW
        if told[finding.rule] <= FEW:
            out.print(Padding(styled("{} {}", _mark(finding, language), _said(finding, language)), (0, 0, 0, 2)))
        elif told[finding.rule] == times[finding.rule]:
            said = (
                f"{finding.label.say(language)}：另有 {more} 项"
                if zh
                else f"{finding.label.say(language)}: {more} more"
            )
            out.print(Padding(styled("{} {}", _mark(finding, language), said), (0, 0, 0, 2)))
    out.print("依据见 jmrules findings" if zh else "their grounds: jmrules findings", style="dim")


def _mark(finding: Finding, language: Language) -> RichText:
    zh, en, style = SEVERITIES[finding.severity]
    return styled(f"[{style}]{{}}[/]", zh if language == "zh" else en)


def _said(finding: Finding, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    return f"{finding.label.say(language)}{colon}{finding.message.say(language)}"


def _show(finding: Finding, titles: Mapping[str, str], language: Language, out: Console) -> None:
    """A finding in full: what it says, what it demands, and down to the figures what it rests on."""
    from rich.padding import Padding

    zh = language == "zh"

    def line(head: str, text: str, indent: int = 2) -> None:
        out.print(Padding(styled("[bold]{}[/] {}", head, text) if head else text, (0, 0, 0, indent)))

    out.print(
        styled("\n{} [bold]{}[/]  [dim]{}[/]", _mark(finding, language), finding.label.say(language), finding.rule)
    )
    line("", finding.message.say(language))
    if finding.escalation is not None:
        line("提请" if zh else "goes to", finding.escalation.to.say(language))
    if finding.rectification is not None:
        days = finding.rectification.days
        within = "" if days is None else f"（{days} 日内）" if zh else f" (within {days} days)"
        line("整改" if zh else "to rectify", finding.rectification.demand.say(language) + within)
    for ground in finding.grounds:
        line("因为" if zh else "because", _ground(ground, language))
        for figure in ground.figures:
            line("·", _figure(figure, titles, language), 4)
    line(heading(("规则", "rule"), finding.source, language), said_of(finding.source, language))


def _ground(ground: Ground, language: Language) -> str:
    text = ground.label.say(language)
    if ground.item is not None:
        text += f"（{ground.item}）" if language == "zh" else f" ({ground.item})"
    if ground.shown is not None:
        text += ("：" if language == "zh" else ": ") + ground.shown.say(language)
    return text


def _figure(figure: Figure, titles: Mapping[str, str], language: Language) -> str:
    text = f"{figure.label.say(language)} {figure.shown.say(language)}"
    notes = [basis_name(figure.basis, language)] if figure.basis else []
    places = [(titles.get(place.document or ""), place.section) for place in figure.evidence]
    notes += [" ".join(part for part in place if part) for place in places]
    return (
        text if not notes else f"{text}（{'；'.join(notes)}）" if language == "zh" else f"{text} ({'; '.join(notes)})"
    )
