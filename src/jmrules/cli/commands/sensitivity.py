"""``jmrules sensitivity``: what one unit of each fact is worth, and where the score next changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, all_known, chosen_language, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.whatif import Change, Effect, Sensitivity


def sensitivity(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FACT...]",
            help="只看这些，如 outturn、outputs.actual、'outputs[2].actual'；不写则全部。 Only these; all if none is given.",
        ),
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """每项数据增减一个单位值多少分，最近的得分变化点在哪里。 What a unit of each fact is worth, and the next threshold."""
    language = chosen_language(lang)
    from jmrules.errors import Text
    from jmrules.facts import load_facts
    from jmrules.whatif import sensitivity as sensitivity_of

    given = load_facts(facts)
    rules = ruleset_for(given, ruleset)
    with all_known(rules, Text("不能逐项说明每个单位值多少分", "what a unit of each is worth cannot be told")):
        found = sensitivity_of(rules, given, names or [])
    if as_json:
        from jmrules.documents import pretty
        from jmrules.whatif import sensitivity_document

        emit(pretty(sensitivity_document(rules, found)) + "\n")
    else:
        show(found, given, language, console())


def show(found: tuple[Sensitivity, ...], facts: Facts, language: Language, out: Console) -> None:
    """Those facts that matter, the ones whose unit is worth most first."""
    from rich.padding import Padding

    zh = language == "zh"
    out.print(styled("[bold]{}[/]", facts.subject.name), soft_wrap=True)
    listed = sorted((each for each in found if each.matters), key=lambda each: -each.most)
    for each in listed:
        now = value_text(each.now, each, language)
        out.print(f"{each.label.say(language)} {now}", soft_wrap=True, highlight=False)
        for line in _lines(each, language):
            out.print(Padding(line, (0, 0, 0, 4)))
    idle = len(found) - len(listed)
    if idle:
        out.print(
            f"另外 {idle} 项数据单独变化不影响得分" if zh else f"{idle} further values, alone, change no award",
            style="dim",
        )
    if any(each is not None and not each.certain for one in listed for each in (one.next_up, one.next_down)):
        out.print(
            "? 未能查遍，可能有更近的变化点" if zh else "? not looked through: there may be a nearer one", style="dim"
        )


def _lines(found: Sensitivity, language: Language) -> list[str]:
    """The worth of a step each way and the next thresholds; or of every other value that changes something."""
    zh = language == "zh"
    arrow, apart = ("：", "；") if zh else (": ", "; ")

    def value(of: object) -> str:
        return value_text(of, found, language)

    if found.type != "number":
        head = "如为" if zh else "if "
        return [
            apart.join(f"{head}{value(each.value)}{arrow}{_change(each)}" for each in found.others if each.indicators)
        ]
    steps = [] if found.step is None else [(("增", "up"), found.up), (("减", "down"), found.down)]
    words = [
        f"{word[0]} {value(found.step)}{arrow}{_change(effect)}"
        if zh
        else f"{value(found.step)} {word[1]}: {_change(effect)}"
        for word, effect in steps
    ]
    for each in (found.next_up, found.next_down):
        if each is not None and each.effect is not None:
            mark = "" if each.certain else "?"
            words.append(f"{'至' if zh else 'at'} {value(each.effect.value)}{mark}{arrow}{each.effect.change:+f}")
    return [apart.join(words)]


def value_text(value: object, of: Sensitivity | Change, language: Language) -> str:
    """A value in all its decimals: at a threshold the last one counts. A string is told as what it is called."""
    from decimal import Decimal

    from jmrules.feel import shown
    from jmrules.quantities import trimmed
    from jmrules.units import unit_of

    unit = of.unit
    if isinstance(value, str) and value in of.called:
        return of.called[value].say(language)
    if not isinstance(value, Decimal):
        return shown(value, unit, None, language)
    exponent = value.normalize().as_tuple().exponent
    own = max(-exponent if isinstance(exponent, int) else 0, 0)
    known = None if unit is None else unit_of(unit)
    if known is not None and known.percent:
        return f"{trimmed(value * known.factor * 100, own)}%"
    return shown(value, unit, own, language)


def _change(effect: Effect | None) -> str:
    return "—" if effect is None else f"{effect.change:+f}" if effect.indicators else "0"
