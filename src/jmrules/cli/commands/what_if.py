"""``jmrules what-if``: the score before and after changes to the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, of_unknown, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language, Text
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset
    from jmrules.whatif import Change, OpenWhatIf, WhatIf


def what_if(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件（JSON）。 A facts file.")],
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FACT=VALUE",
            help="假设的值，如 added_mid_year=3000、'projects[2].outturn=12'，可多次给出；项从 1 数起。 A value to suppose.",
        ),
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """假设某些数据变了，得分会怎样：逐项前后对照。 What the score would be if some facts were otherwise."""
    language = chosen_language(lang)
    from jmrules.errors import FactsError
    from jmrules.facts import load_facts
    from jmrules.whatif import OpenWhatIf, open_what_if
    from jmrules.whatif import what_if as what_if_of

    given = load_facts(facts)
    rules = ruleset_for(given, ruleset)
    wanted = settings(changes or [], rules)
    found: WhatIf | OpenWhatIf
    try:
        found = what_if_of(rules, given, wanted)
    except FactsError as error:
        if not of_unknown(error):
            raise
        found = open_what_if(rules, given, wanted)
    if as_json:
        from jmrules.documents import pretty
        from jmrules.whatif import what_if_document

        emit(pretty(what_if_document(found)) + "\n")
    elif isinstance(found, OpenWhatIf):
        show_open(found, given, language, console())
    else:
        show(found, given, language, console())


def settings(texts: list[str], ruleset: Ruleset) -> dict[Any, Any]:
    """Each ``FACT=VALUE`` by its path: JSON, or, for strings and dates, the plain text. Every problem at once."""
    from jmrules.documents import parse
    from jmrules.errors import FactsError, JmrulesError, Problem, Text
    from jmrules.whatif import declaration_of, parse_path

    found: dict[Any, Any] = {}
    problems: list[Problem] = []
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            if not equals:
                raise FactsError(
                    Problem(
                        "bad-setting",
                        Text(f"“{text}”没有写明值", f"{text!r} gives no value"),
                        Text(
                            "写成 FACT=VALUE，例如 added_mid_year=3000", "write FACT=VALUE, such as added_mid_year=3000"
                        ),
                    )
                )
            path = parse_path(name)
            kind = declaration_of(ruleset, path).type
            quoted = value.strip().startswith(('"', "{")) or value.strip() == "null"
            plain = kind in ("string", "date") and not quoted
            found[path] = value if plain else parse(value, f"--set {name}").value
        except JmrulesError as error:
            problems += error.problems
    if problems:
        raise FactsError(problems)
    return found


def show(found: WhatIf, facts: Facts, language: Language, out: Console) -> None:
    """The changes, the indicators that they move, the total and the grade."""
    rows = [
        (
            node.label,
            (f"{node.points[0]:f}", f"{node.points[1]:f}"),
            (f"{node.before:f}", f"{node.after:f}", f"{node.change:+f}"),
        )
        for node in found.changed
    ]
    _show(found.changes, rows, facts, language, out)
    out.print(score_line(found, language))


def show_open(found: OpenWhatIf, facts: Facts, language: Language, out: Console) -> None:
    """Where facts are not known: the changes, what the indicators that they move may earn, the total and the possible grades."""
    from jmrules.cli.show.intervals import notes, span

    zh = language == "zh"
    rows = [
        (
            node.label,
            (span(*node.points[0]), span(*node.points[1])),
            (span(*node.before), span(*node.after), ""),
        )
        for node in found.changed
    ]
    _show(found.changes, rows, facts, language, out)
    ends = [span(each.low, each.high) + ("" if each.tight else "*") for each in (found.before, found.after)]
    grades = ["/".join(grade.label.say(language) for grade in each.grades) for each in (found.before, found.after)]
    out.print(
        styled(
            "[bold]{} {}[/]   [bold]{} {}[/]",
            "总分" if zh else "total",
            " → ".join(ends),
            "可能的等级" if zh else "possible grades",
            grades[0] if grades[0] == grades[1] else " → ".join(grades),
        )
    )
    many = len(found.after.unknown)
    out.print(
        f"有 {many} 项数据未知，得分为区间" if zh else f"{many} facts are not known: scores are intervals", style="dim"
    )
    notes(found.after, language, out)


def _show(
    changes: Sequence[Change],
    rows: Sequence[tuple[Text, tuple[str, str], tuple[str, str, str]]],
    facts: Facts,
    language: Language,
    out: Console,
) -> None:
    """The changes, and the indicators that they move: points before and after, awards before and after, the difference."""
    from rich import box
    from rich.table import Table

    zh = language == "zh"
    out.print(styled("[bold]{}[/]", facts.subject.name), soft_wrap=True)
    for change in changes:
        out.print(f"  {change_line(change, language)}", soft_wrap=True)
    if not rows:
        out.print("各指标得分不变" if zh else "no indicator's award changes")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("指标" if zh else "indicator", overflow="fold", ratio=1)
    differences = any(awards[-1] for _, _, awards in rows)
    for heading in (("分值", "原", "现", "变化") if zh else ("points", "before", "after", "change"))[: 3 + differences]:
        table.add_column(heading, justify="right", no_wrap=True)
    for label, (old, new), awards in rows:
        cells = (label.say(language), old if old == new else f"{old} → {new}", *awards)
        table.add_row(*cells[: 4 + differences])
    out.print(table)


def change_line(change: Change, language: Language) -> str:
    """A changed value in words: label, before, after."""
    from jmrules.cli.commands.sensitivity import value_text
    from jmrules.whatif import Open

    def said(value: object) -> str:
        if not isinstance(value, Open):
            return value_text(value, change, language)
        if value.between is None:
            return "未知" if language == "zh" else "not known"
        return "–".join(value_text(end, change, language) for end in value.between)

    old, new = said(change.before), said(change.after)
    return f"{change.label.say(language)} {old} → {new}"


def score_line(found: WhatIf, language: Language) -> RichText:
    """Total and grade, before and after."""
    zh = language == "zh"
    grades = [each.grade.label.say(language) for each in (found.before, found.after)]
    grade = grades[0] if found.before.grade == found.after.grade else " → ".join(grades)
    return styled(
        "[bold]{} {} → {}[/] ({})   [bold]{} {}[/]",
        "总分" if zh else "total",
        f"{found.before.total:f}",
        f"{found.after.total:f}",
        f"{found.change:+f}",
        "等级" if zh else "grade",
        grade,
    )
