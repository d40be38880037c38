"""``jmrules findings``: what follows from a department's score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, of_unknown, ruleset_for, say_remarks
from jmrules.cli.output import console, emit, styled
from jmrules.cli.show.sheet import basis_name
from jmrules.cli.show.source import heading, said_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language, Problem
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset
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
    from jmrules.errors import FactsError
    from jmrules.evaluation import evaluate
    from jmrules.facts import load_facts
    from jmrules.findings import findings_json

    given, out = load_facts(facts), console()
    rules = ruleset_for(given, ruleset)
    titles = {document.id: document.title for document in given.documents}
    try:
        trace = evaluate(rules, given).trace
    except FactsError as error:
        if not of_unknown(error):
            raise
        _open(rules, given, titles, out, language, as_json=as_json)
        return
    say_remarks(_by_the_book(), language)
    if as_json:
        emit(findings_json(trace))
        return
    out.print(styled("[bold]{}[/] · {} · {}", given.subject.name, f"{trace.total:f}", trace.grade.label.say(language)))
    if not trace.findings:
        out.print("没有结论" if language == "zh" else "no findings")
    for finding in trace.findings:
        _show(finding, titles, language, out)


def _open(
    ruleset: Ruleset, facts: Facts, titles: Mapping[str, str], out: Console, language: Language, *, as_json: bool
) -> None:
    """Where facts are not known: what follows whatever they are, in full, and what may follow, a line each."""
    from jmrules.cli.show.intervals import span
    from jmrules.findings import open_findings, open_findings_json

    found = open_findings(ruleset, facts)
    if as_json:
        emit(open_findings_json(found))
        return
    zh, possible = language == "zh", found.bounds
    grades = "/".join(grade.label.say(language) for grade in possible.grades)
    out.print(styled("[bold]{}[/] · {} · {}", facts.subject.name, span(possible.low, possible.high), grades))
    many = len(possible.unknown)
    out.print(
        f"有 {many} 项数据未知。以下结论无论其为何值都成立："
        if zh
        else f"{many} facts are not known. Whatever they are, these follow:"
    )
    if not found.certain:
        out.print("  没有" if zh else "  none")
    for finding in found.certain:
        _show(finding, titles, language, out)
    if found.possible:
        out.print("\n是否成立，取决于未知的数据：" if zh else "\nwhether these follow depends on what is not known:")
    for rule in dict.fromkeys(finding.rule for finding in found.possible):
        some = [finding for finding in found.possible if finding.rule == rule]
        items = [named for finding in some if (named := _item(finding, language))]
        about = ("：" + "、".join(items) if zh else ": " + ", ".join(items)) if items else ""
        out.print(
            styled("  {} {}", _mark(some[0], language), some[0].label.say(language) + about),
            soft_wrap=True,
        )


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

    out.print(styled("\n{} [bold]{}[/]", _mark(finding, language), finding.label.say(language)))
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
            said = f"{figure.label.say(language)} {figure.shown.say(language)}"
            # What the condition tells already, and nothing more.
            if figure.basis or figure.evidence or ground.shown is None or said not in ground.shown.say(language):
                line("·", _figure(figure, titles, language), 4)
    line(heading(("规则", "rule"), finding.source, language), said_of(finding.source, language))


def _item(finding: Finding | Ground, language: Language) -> str | None:
    """What a finding or ground is about, as the reader calls it."""
    return finding.item if language == "zh" or finding.item_en is None else finding.item_en


def _ground(ground: Ground, language: Language) -> str:
    text = ground.label.say(language)
    if (item := _item(ground, language)) is not None:
        text += f"（{item}）" if language == "zh" else f" ({item})"
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
