"""``jmrules explain``: how one indicator, or each, came by its points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, of_unknown, ruleset_for
from jmrules.cli.output import console, styled
from jmrules.cli.show.sheet import basis_name
from jmrules.cli.show.source import heading, said_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import FactsError, Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset
    from jmrules.trace import Input, LeafTrace, NodeTrace, Trace


def explain(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    indicator: Annotated[
        str | None,
        typer.Argument(
            metavar="[INDICATOR]", help="指标名称；不写则逐项说明。 An indicator; all of them if not given."
        ),
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
) -> None:
    """说明指标怎样得分：标准、数据、计算、扣分、佐证。 Explain an indicator: criterion, values, losses, evidence."""
    language = chosen_language(lang)
    from jmrules.errors import FactsError
    from jmrules.evaluation import evaluate
    from jmrules.facts import load_facts

    given, out = load_facts(facts), console()
    rules = ruleset_for(given, ruleset)
    try:
        trace = evaluate(rules, given).trace
    except FactsError as error:
        if not of_unknown(error):
            raise
        _explain_open(rules, given, indicator, error, language, out)
        return
    for leaf in _chosen(trace, indicator):
        show(leaf, given, language, out)


def _explain_open(
    ruleset: Ruleset, facts: Facts, indicator: str | None, error: FactsError, language: Language, out: Console
) -> None:
    """Where facts are not known: the indicators that read none of those in full, of the others what is possible, and why."""
    from decimal import localcontext

    from rich.padding import Padding

    from jmrules.cli.show.intervals import span
    from jmrules.evaluation import run
    from jmrules.feel import EXACT
    from jmrules.plan import plan_of
    from jmrules.rules.bounds import bounds

    possible = bounds(ruleset, facts)
    values, reads = possible.completion, possible.reads
    if values is None:
        raise error
    with localcontext(EXACT):
        trace = run(plan_of(ruleset), values, facts).trace
        labels = {fact.id: fact.label.say(language) for fact in ruleset.facts}
        zh = language == "zh"
        for leaf in _chosen(trace, indicator):
            if not reads[leaf.id]:
                show(leaf, facts, language, out)
                continue
            node = possible[leaf.id]
            names = ("、" if language == "zh" else ", ").join(labels[name] for name in reads[leaf.id])
            out.print(
                styled(
                    "\n[bold]{}[/]  {} / {}",
                    leaf.label.say(language),
                    span(node.low, node.high),
                    span(*node.points),
                )
            )
            if node.low == node.high:
                why = (
                    f"无论这些未知的数据为何值，得分不变：{names}"
                    if zh
                    else f"the same whatever these unknown facts are: {names}"
                )
            else:
                why = f"取决于未知的：{names}" if zh else f"open, for these are not known: {names}"
            for text in (why, _criterion(leaf, language)):
                out.print(Padding(text, (0, 0, 0, 2)))


def _criterion(leaf: LeafTrace, language: Language) -> RichText:
    """Whether the notice states how an indicator is scored, and where or on what ground."""
    return styled(
        "[bold]{}[/] {}", heading(("标准", "criterion"), leaf.source, language), said_of(leaf.source, language)
    )


def _chosen(trace: Trace, indicator: str | None) -> tuple[LeafTrace, ...]:
    from jmrules.errors import JmrulesError, Problem, Text, did_you_mean
    from jmrules.trace import LeafTrace

    if indicator is None:
        return (*trace.leaves, *trace.beside)
    nodes: dict[str, NodeTrace] = {node.id: node for _, node in trace.walk()} | {line.id: line for line in trace.beside}
    by_label = {label: node for node in nodes.values() for label in (node.label.say("en"), node.label.zh)}
    node = nodes.get(indicator) or by_label.get(indicator)
    if node is None:
        raise JmrulesError(
            Problem(
                "no-such-indicator",
                Text(f"没有指标“{indicator}”", f"there is no indicator {indicator!r}"),
                did_you_mean(
                    indicator,
                    [*nodes, *by_label],
                    Text(f"现有：{'、'.join(nodes)}", f"there are: {', '.join(nodes)}"),
                ),
            )
        )
    if isinstance(node, LeafTrace):
        return (node,)

    def below(inner: NodeTrace) -> list[LeafTrace]:
        return [inner] if isinstance(inner, LeafTrace) else [leaf for child in inner.children for leaf in below(child)]

    return tuple(below(node))


_LEVELS = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low")}
_CHECKS = {"given": ("已提供", "given"), "missing": ("缺少", "missing"), "out of date": ("日期不符", "out of date")}


def show(leaf: LeafTrace, facts: Facts, language: Language, out: Console) -> None:
    """One leaf in full."""
    from rich.padding import Padding

    zh = language == "zh"
    pick = 0 if zh else 1

    def line(head: str, text: str, indent: int = 2) -> None:
        out.print(Padding(styled("[bold]{}[/] {}", head, text) if head else text, (0, 0, 0, indent)))

    out.print(styled("\n[bold]{}[/]  {} / {}", leaf.label.say(language), f"{leaf.awarded:f}", f"{leaf.points:f}"))
    line("", leaf.explanation.say(language))
    lost = leaf.lost_by_part
    for part in leaf.parts:
        losses = lost.get(part.id, ())
        points = sum((loss.points for loss in losses), Decimal(0))
        if losses and not points:
            line("·", losses[0].reason.say(language), 4)
            continue
        line(f"−{points:f}" if losses else "·", part.shown.say(language), 4)
        for loss in losses if len(losses) > 1 else ():
            line(f"−{loss.points:f}", loss.reason.say(language), 6)
    for loss in leaf.losses:
        if loss.part in {part.id for part in leaf.parts}:
            continue
        word = (("扣", "lost"), ("加", "gained"))[loss.points < 0][pick]
        line(f"{word} {abs(loss.points):f}", loss.reason.say(language))
    for move in leaf.moves:
        word = (("转入", "received"), ("转出", "passed on"))[move.points < 0][pick]
        line(f"{word} {abs(move.points):f}", move.label.say(language))
    provision = leaf.undefined if leaf.outcome == "undefined" else leaf.applies if leaf.outcome != "scored" else None
    ruled = ("此项规定", "this provision") if provision and "source" in provision else ("标准", "criterion")
    line(heading(ruled, leaf.source, language), said_of(leaf.source, language))
    if leaf.note:
        line("说明" if zh else "note", leaf.note.say(language))
    for given in leaf.inputs:
        line("数据" if zh else "value", _input(given, facts, language))
        if given.source is not None and given.source != leaf.source:
            line(heading(("算法", "formula"), given.source, language), said_of(given.source, language), 4)
    for check in leaf.evidence:
        titles = {document.id: document.title for document in facts.documents}
        named = f" — {titles[check.document]}" if check.document else ""
        line(
            "佐证" if zh else "evidence",
            f"{check.label.say(language)}{'：' if zh else ': '}{_CHECKS[check.status][pick]}{named}",
        )


def _input(given: Input, facts: Facts, language: Language) -> str:
    from jmrules.feel import shown
    from jmrules.trace import feel_of

    zh = language == "zh"
    value = shown(feel_of(given.value, given.type), given.unit, None, language)
    if given.type == "undefined":
        value = "无从计算" if zh else "cannot be computed"
    text = f"{given.label.say(language)} {value}"
    if given.shown is not None and given.kind == "fact":
        text = f"{given.label.say(language)} {given.shown.say(language)}"
    elif given.shown is not None and given.type not in ("undefined", "list"):
        text = f"{given.label.say(language)} {value} = {given.shown.say(language)}"
    notes = []
    if given.basis:
        notes.append(basis_name(given.basis, language))
    titles = {document.id: document.title for document in facts.documents}
    sections: dict[str, list[str]] = {}
    for place in given.evidence:
        sections.setdefault(titles.get(place.document or "", ""), []).append(place.section or "")
    notes += [
        " ".join([title, "、".join(part for part in places if part)]).strip() for title, places in sections.items()
    ]
    return f"{text}（{'；'.join(notes)}）" if notes and zh else f"{text} ({'; '.join(notes)})" if notes else text
