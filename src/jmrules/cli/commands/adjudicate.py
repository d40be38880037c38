"""``jmrules adjudicate``: what reviewers change, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, facts_in, ruleset_for, ruleset_once
from jmrules.cli.output import console, emit, say, styled
from jmrules.cli.show.intervals import span
from jmrules.cli.show.lines import row, rule
from jmrules.errors import Place

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.review import Adjudicated, Interval

STAGES = {
    "self_evaluation": ("部门自评", "self-evaluation"),
    "department": ("主管部门复核", "supervising department"),
    "finance": ("财政部门复核", "finance bureau"),
    "reply": ("反馈意见答复", "reply"),
    "final": ("最终结果", "final"),
}
#: width of each number in the table
_NUMBER = 10
#: and of an interval
_SPAN = 13


def adjudicate(
    facts: Annotated[
        str, typer.Argument(metavar="FACTS", help="事实文件，或其文件夹。 A facts file, or a folder of them.")
    ],
    decisions: Annotated[
        str | None,
        typer.Argument(
            metavar="[REVIEW]",
            help="复核决定文件；不写则用事实文件旁的 X.review.json。 The reviewers' file; X.review.json beside the facts if not given.",
        ),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="改定一项得分或数据，可多次。 Decide an award or a fact; may be repeated.",
        ),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="理由。 Why.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="谁决定或签署。 Who decides, or signs.")
    ] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            "--evidence",
            metavar="DOCUMENT:SECTION",
            help="依据：材料和章节，或一句话；可多次。 On what; may be repeated.",
        ),
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            "--stage", metavar="STAGE", help="阶段：department、finance、reply、final。 The stage that decides."
        ),
    ] = "finance",
    sign: Annotated[bool, typer.Option("--sign", help="签署该阶段。 Sign the stage off.")] = False,
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="日期；不写则今天。 The day; today if not given.")
    ] = None,
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """按复核决定改分，或用 --set 作出决定、--sign 签署；一份或一个文件夹。 Apply reviewers' decisions, or decide and sign; one or a folder."""
    language = chosen_language(lang)
    files = facts_in(facts)
    if sets or sign:
        _decide(files, decisions, (sets or (), why, by, evidence or (), stage, sign, date), ruleset, language, as_json)
        return
    from jmrules.errors import JmrulesError, Problem, Text
    from jmrules.facts import load_facts
    from jmrules.review import adjudicate as apply
    from jmrules.review import load_adjudication, review_file

    if len(files) > 1:
        raise JmrulesError(Problem("one-only", Text("文件夹里不止一份事实文件", "the folder holds several facts files"),
                           Text("用 --set 或 --sign 对各份作出决定，或只给一份", "decide for each by --set or --sign, or name one")))  # fmt: skip
    given, review = load_facts(files[0]), load_adjudication(decisions or review_file(files[0]))
    found = apply(ruleset_for(given, ruleset), given, review)
    if as_json:
        emit(found.to_json())
    else:
        _show(found, language, console())


def _decide(
    files: list[str], decisions: str | None, said: tuple[Any, ...], asked: str | None, language: Language, as_json: bool
) -> None:
    """Decide for each department; reviewers' files are written where the decision can be applied to every one of them."""
    import datetime
    from pathlib import Path

    from jmrules.documents import write_whole
    from jmrules.errors import JmrulesError, Problem, Text
    from jmrules.facts import load_facts
    from jmrules.review import Deciding, decided, load_adjudication, review_file, span_said

    sets, why, by, evidence, stage, sign, date = said
    if not by:
        raise JmrulesError(
            Problem(
                "nobody",
                Text("没有写明是谁决定的", "it is not said who decides"),
                Text("请加 --by 姓名", "add --by NAME"),
            )
        )
    if stage not in STAGES or stage == "self_evaluation":
        known = [name for name in STAGES if name != "self_evaluation"]
        raise JmrulesError(Problem("no-such-stage", Text(f"没有“{stage}”这一阶段", f"there is no stage {stage!r}"),
                           Text(f"阶段有：{'、'.join(f'{name}（{STAGES[name][0]}）' for name in known)}", f"stages are {', '.join(known)}")))  # fmt: skip
    if decisions is not None and len(files) > 1:
        raise JmrulesError(Problem("one-only", Text("一份复核决定文件只能用于一个部门", "a reviewers' file is for one department"),
                           Text("不写它，则各写在事实文件旁", "leave it out: each is written beside its facts")))  # fmt: skip
    deciding = Deciding(tuple(sets), by, date or datetime.date.today().isoformat(), why, tuple(evidence), stage, sign)
    once, made, problems = ruleset_once(asked), [], []
    for file in files:
        target = Path(decisions) if decisions is not None else review_file(file)
        try:
            given = load_facts(file)
            before = load_adjudication(target) if target.is_file() else None
            found, text = decided(once(given), given, before, deciding)
        except JmrulesError as error:
            problems += [problem if problem.place.file else problem.at(Place(file)) for problem in error.problems]
        else:
            made.append((found, text, target))
    if problems:
        raise JmrulesError(problems)
    for _, text, target in made:
        write_whole(target, text)
    for found, _, target in made:
        if as_json:
            emit(found.to_json())
        elif len(made) == 1:
            _show(found, language, console())
        else:
            grades = "/".join(grade.label.say(language) for grade in found.reviewed.grades)
            say(f"{found.facts.subject.name}  {span_said(found.reviewed.between)} {grades}  {target}")


def _show(found: Adjudicated, language: Language, out: Console) -> None:
    from rich.padding import Padding

    from jmrules.review import deviations, table

    zh = language == "zh"
    pick = 0 if zh else 1
    out.print(styled("[bold]{}[/] · {}\n", found.facts.subject.name, found.ruleset.title.say(language)), soft_wrap=True)
    heading = (
        ("指标", "自评", "计算", "复核", "偏差") if zh else ("indicator", "claimed", "computed", "reviewed", "off")
    )
    open_ = found.reviewed.total is None or found.computed is None or found.computed.total is None
    widths = (_NUMBER, _SPAN, _SPAN, _NUMBER) if open_ else (_NUMBER,) * 4
    _row("", heading, widths, out, "bold")
    rule(out)
    for _, label, depth, claimed, computed, reviewed in table(found):
        off = None if claimed is None or reviewed[0] != reviewed[1] else reviewed[0] - claimed
        cells = (label.say(language), _points(claimed), _between(computed), _between(reviewed), _signed(off))
        _row("  " * depth, cells, widths, out, "yellow" if off else "")
    rule(out)
    earned = found.computed
    cells = (
        "总分" if zh else "total",
        _points(found.facts.claims.total),
        _between(None if earned is None else earned.between),
        _between(found.reviewed.between),
        _signed(deviations(found)["from_claimed"]),
    )
    _row("", cells, widths, out, "bold")
    grades = "/".join(grade.label.say(language) for grade in found.reviewed.grades)
    many = len(found.reviewed.grades) > 1
    words = (
        ("可能的复核等级" if many else "复核等级")
        if zh
        else ("possible grades by review" if many else "grade by review")
    )
    line = f"{words} {grades}"
    last = found.last_year
    if last is not None:
        moved = deviations(found)["from_last_year"]
        was, against = ("上年复核", "较上年") if zh else ("reviewed last year", "against last year")
        line += f"   {was} {_points(last['total'])} {last.get('grade', '')}   {against} {_signed(moved)}"
    out.print(line)
    if found.reviewed.open:
        comma = "、" if zh else ", "
        names = comma.join(label.say(language) for label in found.reviewed.open)
        out.print(f"尚未核定：{names}" if zh else f"not settled: {names}")
    out.print(styled("\n[bold]{}[/]", "阶段" if zh else "stages"))
    for stage in found.stages:
        signed = stage.signed
        by = f"{signed.by} {signed.date}" if signed else "未签署" if zh else "not signed off"
        points = _points(stage.total) if stage.open is None else _between(stage.open.between)
        out.print(Padding(f"{STAGES[stage.stage][pick]} {points} · {by}", (0, 0, 0, 2)))
    out.print(styled("\n[bold]{}[/]{}", "复核决定" if zh else "decisions", "" if found.decisions else "  —"))
    for decided in found.decisions:
        change = decided.change
        effect = ""
        if decided.totals is not None:
            effect = f"{'总分' if zh else 'total'} {' → '.join(map(_between, decided.totals))}"
        elif decided.effect is not None:
            effect = f"{'总分' if zh else 'total'} {_signed(decided.effect)}"
        head = f"{decided.label.say(language)}: {_plain(decided.before)} → {_plain(decided.after)}   {effect}"
        out.print(Padding(head, (0, 0, 0, 2)))
        where = "、".join(part for each in change.evidence for part in (each.document, each.section, each.note) if part)
        out.print(
            Padding(
                (
                    f"{change.why}（{change.by}，{change.date}；{where}）"
                    if zh
                    else f"{change.why} ({change.by}, {change.date}; {where})"
                ),
                (0, 0, 0, 6),
            ),
            style="dim",
        )


def _plain(value: object) -> str:
    """A value as a document states it; of a fact object, its value."""
    from jmrules.documents import pretty

    if isinstance(value, dict):
        if "low" in value:
            return _between((value["low"], value["high"]))
        value = value.get("value")
    shown = "—" if value is None else pretty(value, width=10**6)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _points(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:.2f}"


def _between(between: Interval | None) -> str:
    return "—" if between is None else span(*between)


def _signed(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:+.2f}".replace("-", "−") if points else "0"


def _row(indent: str, cells: tuple[str, ...], widths: tuple[int, ...], out: Console, style: str) -> None:
    """A line of the table; a name too long for its column goes on below."""
    name, *numbers = cells
    row(indent, name, numbers, widths, out, style)
