"""``jmrules what-if``: the score before and after changes to the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset
    from jmrules.whatif import Change, WhatIf


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
    from jmrules.facts import load_facts
    from jmrules.whatif import what_if as what_if_of

    given = load_facts(facts)
    rules = ruleset_for(given, ruleset)
    found = what_if_of(rules, given, settings(changes or [], rules))
    if as_json:
        from jmrules.documents import pretty
        from jmrules.whatif import what_if_document

        emit(pretty(what_if_document(found)) + "\n")
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
    from rich import box
    from rich.table import Table

    zh = language == "zh"
    out.print(styled("[bold]{}[/]", facts.subject.name), soft_wrap=True)
    for change in found.changes:
        out.print(f"  {change_line(change, language)}", soft_wrap=True)
    if found.changed:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("指标" if zh else "indicator", overflow="fold", ratio=1)
        for heading in ("分值", "原", "现", "变化") if zh else ("points", "before", "after", "change"):
            table.add_column(heading, justify="right", no_wrap=True)
        for node in found.changed:
            old, new = (f"{points:f}" for points in node.points)
            table.add_row(
                node.label.say(language),
                old if old == new else f"{old} → {new}",
                f"{node.before:f}",
                f"{node.after:f}",
                f"{node.change:+f}",
            )
        out.print(table)
    else:
        out.print("各指标得分不变" if zh else "no indicator's award changes")
    out.print(score_line(found, language))


def change_line(change: Change, language: Language) -> str:
    """A changed value in words: label, before, after, and the place of it."""
    from jmrules.cli.commands.sensitivity import value_text

    old, new = (value_text(value, change.unit, language) for value in (change.before, change.after))
    return f"{change.label.say(language)} {old} → {new}  ({change.path})"


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
