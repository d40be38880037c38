"""``jmrules score``: the score sheet of one department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, console, ruleset_for

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.trace.model import NodeTrace, Trace

#: strongest first, as readers want them
BASES = (
    ("verified", "经复核", "verified"),
    ("figure", "有数据", "figures"),
    ("document", "有文件", "documents"),
    ("assertion", "仅陈述", "assertion alone"),
)
_STATUS = {
    "reconstructed": (
        "评分标准为推定：通知未公开其标准，各项依据见 explain",
        "criteria are reconstructed: the notice does not publish its own; `explain` gives the grounds",
    ),
    "draft": ("评分办法为草案，不可用于正式打分", "this ruleset is a draft, not for official scoring"),
}


def score(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出评分过程文档。 Print the trace document.")] = False,
) -> None:
    """给一个部门打分，并说明每一分。 Score a department and account for every point."""
    language = chosen_language(lang)
    from jmrules.backends.exact.evaluate import evaluate
    from jmrules.facts import load_facts

    given = load_facts(facts)
    evaluation = evaluate(ruleset_for(given, ruleset), given)
    if as_json:
        typer.echo(evaluation.to_json(), nl=False)
        return
    show(evaluation.trace, given, language, console())


def show(trace: Trace, facts: Facts, language: Language, out: Console) -> None:
    """The score sheet, the total, and what the points rest on."""
    zh = language == "zh"
    out.print(f"[bold]{facts.subject.name}[/] · {trace.ruleset.title.say(language)}", soft_wrap=True)
    out.print(_sheet(trace, language))
    for line in trace.adjustments:
        out.print(f"{line.points:+f}  {line.reason.say(language)}")
    total, points = f"{trace.total:f}", f"{trace.root.points.normalize():f}"
    grade = trace.grade.label.say(language)
    out.print(f"[bold]{'总分' if zh else 'total'} {total}[/] / {points}   [bold]{'等级' if zh else 'grade'} {grade}[/]")
    resting = [
        f"{name_zh if zh else name_en} {trace.basis[basis]:.2f}"
        for basis, name_zh, name_en in BASES
        if trace.basis[basis]
    ]
    out.print(("得分依据：" if zh else "the points rest on: ") + (" · ".join(resting) or "—") + (" 分" if zh else ""))
    lacking = sum(check.status != "given" for leaf in trace.leaves for check in leaf.evidence)
    if lacking:
        out.print(
            f"佐证材料缺 {lacking} 份，见 jmrules explain"
            if zh
            else f"{lacking} required documents are lacking: see jmrules explain"
        )
    if trace.ruleset.status in _STATUS:
        out.print(f"[dim]{_STATUS[trace.ruleset.status][0 if zh else 1]}[/]")


def _sheet(trace: Trace, language: Language) -> Table:
    from rich import box
    from rich.table import Table

    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("指标" if zh else "indicator", overflow="fold", ratio=1)
    for heading in ("分值", "得分", "得分率") if zh else ("points", "awarded", "rate"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("依据" if zh else "rests on", no_wrap=True)
    names = {basis: (name_zh, name_en) for basis, name_zh, name_en in BASES}
    for depth, node in trace.walk():
        basis = names[node.basis][0 if zh else 1] if node.basis and node.points else ""
        style = "bold" if depth == 0 else None
        table.add_row(
            _cell(node, depth, language),
            f"{node.points:.2f}",
            f"{node.awarded:.2f}",
            _rate(node.rate),
            basis,
            style=style,
        )
    return table


def _rate(rate: Decimal | None) -> str:
    from jmrules.trace.numbers import trimmed

    return "—" if rate is None else f"{trimmed(rate * 100, 1)}%"


def _cell(node: NodeTrace, depth: int, language: Language) -> Padding:
    from rich.padding import Padding
    from rich.text import Text as RichText

    from jmrules.trace.model import LeafTrace

    text = RichText(node.label.say(language))
    if isinstance(node, LeafTrace):
        if node.outcome == "excluded":
            text.append(f"\n{node.explanation.say(language)}", style="dim")
        for move in node.moves:
            sign = "+" if move.points > 0 else "−"
            text.append(
                f"\n{sign}{abs(move.points):f} {'←' if move.points > 0 else '→'} {move.label.say(language)}",
                style="dim",
            )
        for loss in node.losses:
            text.append(f"\n−{loss.points:f} {loss.reason.say(language)}", style="yellow")
    return Padding(text, (0, 0, 0, 2 * depth))
