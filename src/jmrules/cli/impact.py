"""``jmrules impact``: what a new ruleset would do to departments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, console

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from jmrules.compare.impact import Attribution, Department, Impact
    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

_CAUSES = {
    "criterion": ("标准", "criterion"),
    "points": ("分值", "weight"),
    "moved": ("分值转移", "moved"),
    "added": ("新增", "added"),
    "removed": ("取消", "removed"),
    "rounding": ("取整", "rounding"),
}


def impact(
    before: Annotated[
        str, typer.Argument(metavar="A", help="原评分办法，事实按它填写。 The ruleset before, which the facts are for.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="现评分办法。 The ruleset after.")],
    facts: Annotated[
        list[str], typer.Argument(metavar="FACTS...", help="事实文件或文件夹。 Facts files, or folders of them.")
    ],
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume",
            metavar="NAME=JSON",
            help="部门未填的数据设为此值，可多次给出。 A value for a fact that departments do not give.",
        ),
    ] = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """新办法对各部门得分和等级的影响，逐项说明分数变化从何而来。 What a new ruleset would do, and why."""
    language = chosen_language(lang)
    from jmrules.compare.impact import impact as impact_of
    from jmrules.ruleset import load_ruleset

    old, new = load_ruleset(before), load_ruleset(after)
    found = impact_of(old, new, _facts(facts, old), _assumed(assume or [], new))
    if as_json:
        from jmrules.compare.document import impact_document
        from jmrules.documents import pretty

        typer.echo(pretty(impact_document(found)))
    else:
        show(found, language, console())


def _facts(given: list[str], ruleset: Ruleset) -> list[Facts]:
    """The facts of the files named, and those for ``ruleset`` among the files of the folders named."""
    from pathlib import Path

    from jmrules.errors import FactsError, Problem, Text
    from jmrules.facts import load_facts

    found: list[Facts] = []
    for name in given:
        if not Path(name).is_dir():
            found.append(load_facts(name))
            continue
        inside = [load_facts(path) for path in sorted(Path(name).rglob("*.json")) if _is_for(path, ruleset)]
        if not inside:
            raise FactsError(
                Problem(
                    "no-facts",
                    Text(
                        f"文件夹“{name}”中没有 {ruleset.reference} 的事实文件",
                        f"the folder {name!r} holds no facts for {ruleset.reference}",
                    ),
                    Text("事实文件写明 ruleset 和 fiscal_year", "a facts file states ruleset and fiscal_year"),
                )
            )
        found += inside
    return found


def _assumed(given: list[str], ruleset: Ruleset) -> dict[str, Any]:
    from jmrules.documents import parse
    from jmrules.errors import FactsError, Problem, Text

    values: dict[str, Any] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in {fact.id for fact in ruleset.facts}:
            raise FactsError(
                Problem(
                    "unknown-fact",
                    Text(f"{ruleset.reference} 没有名为“{name}”的数据", f"{ruleset.reference} has no fact {name!r}"),
                    Text(
                        "写成 名称=JSON 值，例如 procurement_budget=100",
                        "write name=JSON value, such as procurement_budget=100",
                    ),
                )
            )
        values[name] = parse(value, f"--assume {name}").value
    return values


def _is_for(path: Path, ruleset: Ruleset) -> bool:
    from jmrules.documents import read

    value = read(path).value
    if not isinstance(value, dict) or "facts" not in value:
        return False
    named = str(value.get("ruleset")).partition("@")[0]
    return named == ruleset.id and value.get("fiscal_year") == ruleset.fiscal_year


def show(impact: Impact, language: Language, out: Console) -> None:
    """Who changes, the distribution, where the change comes from, and what will have to be known."""
    from rich.markup import escape

    zh = language == "zh"
    out.print(f"{impact.before.reference}#{impact.before.revision} → {impact.after.reference}#{impact.after.revision}")
    if impact.scored:
        out.print(_departments(impact, language))
        out.print(_distribution(impact, language))
        out.print(_causes(impact, language))
    else:
        out.print("没有部门能按两份办法打分" if zh else "no department could be scored under both")
    for department in impact.departments:
        if not department.scored:
            out.print(f"[bold]{escape(department.name)}[/] {'未能打分' if zh else 'not scored'}")
            for line in _why_not(department, impact, language):
                out.print(f"  {escape(line)}")
    if impact.newly_needed:
        names = ("、" if zh else ", ").join(_fact_label(path, impact, language) for path in impact.newly_needed)
        out.print(f"{'新办法另需填报' if zh else 'facts newly needed'}: {escape(names)}")
    if impact.no_longer_used:
        names = ("、" if zh else ", ").join(_fact_label((name,), impact, language) for name in impact.no_longer_used)
        out.print(f"{'不再采用' if zh else 'no longer used'}: {escape(names)}")


def _departments(impact: Impact, language: Language) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    zh = language == "zh"
    labels = tuple(
        {grade.id: grade.label.say(language) for grade in ruleset.grades} for ruleset in (impact.before, impact.after)
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("部门" if zh else "department", overflow="fold", ratio=2)
    for heading in ("原", "现", "变化") if zh else ("before", "after", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("等级" if zh else "grade", no_wrap=True)
    table.add_column("主要来自" if zh else "mainly from", overflow="fold", ratio=2)
    for department in sorted(impact.scored, key=lambda each: (_same_grade(each), -abs(each.change))):
        old, new = department.before, department.after
        assert old is not None and new is not None
        one, other = labels[0][old.grade], labels[1][new.grade]
        grade = one if _same_grade(department) else f"[bold]{one} → {other}[/]"
        largest = sorted(department.attributions, key=lambda each: -abs(each.change))[:2]
        why = "；".join(f"{each.label.say(language)} {each.change:+f}" for each in largest if each.change)
        table.add_row(
            escape(department.name), f"{old.total:f}", f"{new.total:f}", f"{department.change:+f}", grade, escape(why)
        )
    return table


def _same_grade(department: Department) -> bool:
    assert department.before is not None and department.after is not None
    return department.before.grade == department.after.grade


def _distribution(impact: Impact, language: Language) -> Table:
    from rich import box
    from rich.table import Table

    zh = language == "zh"
    before, after = impact.distribution()
    labels = {
        grade.id: grade.label.say(language) for ruleset in (impact.before, impact.after) for grade in ruleset.grades
    }
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("等级", "原", "现") if zh else ("grade", "before", "after"):
        table.add_column(heading, justify="left" if heading in ("等级", "grade") else "right")
    for id, label in labels.items():
        table.add_row(label, str(before.get(id, 0)), str(after.get(id, 0)))
    return table


def _causes(impact: Impact, language: Language) -> Table:
    """Which indicators the change comes from, over all departments, and by which cause."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("变化来自" if zh else "the change comes from", overflow="fold", ratio=1)
    table.add_column("合计" if zh else "points", justify="right", no_wrap=True)
    table.add_column("其中" if zh else "of which", overflow="fold", ratio=1)
    for one in impact.by_indicator():
        table.add_row(escape(one.label.say(language)), f"{one.change:+f}", _parts(one, language))
    for label, change in (
        ("总分取整" if zh else "rounding of totals", sum(department.total_rounding for department in impact.scored)),
        ("上限和否决" if zh else "caps and vetoes", sum(department.limits for department in impact.scored)),
    ):
        if change:
            table.add_row(label, f"{change:+f}", "")
    total = sum(department.change for department in impact.scored)
    table.add_row(f"[bold]{'各部门合计' if zh else 'all departments'}[/]", f"[bold]{total:+f}[/]", "")
    return table


def _parts(one: Attribution, language: Language) -> str:
    return "，".join(
        f"{_CAUSES[cause][0 if language == 'zh' else 1]} {_amount(part)}" for cause, part in one.parts.items()
    )


def _amount(part: Fraction) -> str:
    from decimal import Decimal

    exact = round(part, 4)
    text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):+f}"
    return text if exact == part else f"≈{text}"


def _why_not(department: Department, impact: Impact, language: Language) -> list[str]:
    zh = language == "zh"
    lines = [problem.say(language) for problem in department.problems]
    if department.needed:
        names = ("、" if zh else ", ").join(_fact_label(path, impact, language) for path in department.needed)
        lines.append(f"{'缺少新办法所需的' if zh else 'the new ruleset needs'}: {names}")
    return lines


def _fact_label(path: tuple[str, ...], impact: Impact, language: Language) -> str:
    labels = []
    declarations = (*impact.after.facts, *impact.before.facts)
    for name in path:
        found = next((each for each in declarations if each.id == name), None)
        labels.append(found.label.say(language) if found else name)
        declarations = found.item if found else ()
    return "·".join(labels) + (f" ({'.'.join(path)})")
