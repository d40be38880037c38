"""What ``jmrules impact`` prints: who changes, the distribution, where the change comes from, and who could not be scored."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.cli.output import styled
from jmrules.errors import FactsError, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table

    from jmrules.compare import Attribution, Department, Impact, Path, Reason
    from jmrules.errors import Language
    from jmrules.ruleset import Ruleset

_CAUSES = {
    "criterion": ("标准", "criterion"),
    "points": ("分值", "weight"),
    "moved": ("分值转移", "moved"),
    "added": ("新增", "added"),
    "removed": ("取消", "removed"),
    "rounding": ("取整", "rounding"),
}
#: facts, and reasons, told of
_MOST = 10


def show(impact: Impact, language: Language, out: Console) -> None:
    """Who changes, the distribution, where the change comes from, who could not be scored, and what will have to be known."""
    from rich.padding import Padding

    zh = language == "zh"
    totals = impact.totals
    out.print(f"{impact.before.reference}#{impact.before.revision} → {impact.after.reference}#{impact.after.revision}")
    same = totals.scored - totals.gained - totals.lost
    out.print(
        f"{totals.scored:,} 个部门：{totals.gained:,} 个升分，{totals.lost:,} 个降分，{same:,} 个不变；{totals.regraded:,} 个等级有变"
        if zh
        else f"departments: {totals.scored:,}; {totals.gained:,} gain, {totals.lost:,} lose, {same:,} unchanged; "
        f"{totals.regraded:,} change grade"
    )
    if impact.named:
        out.print(_departments(impact, language))
    if more := totals.scored - len(impact.named):
        out.print(f"另有 {more:,} 个部门未列出（用 --limit 多列）" if zh else f"and {more:,} more (--limit lists more)")
    out.print(_distribution(impact, language))
    out.print(_causes(impact, language))
    for indent, line in _unscored(impact, language):
        out.print(Padding(line, (0, 0, 0, indent)))
    for heading, paths in (
        ("新办法另需填报" if zh else "facts newly needed", impact.newly_needed),
        ("不再采用" if zh else "no longer used", [(name,) for name in impact.no_longer_used]),
    ):
        if paths:
            names = ("、" if zh else "; ").join(_fact_label(path, impact, language) for path in paths)
            out.print(f"{heading}: {names}")


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, pad_edge=False)


def _departments(impact: Impact, language: Language) -> Table:

    zh = language == "zh"
    labels = tuple(
        {grade.id: grade.label.say(language) for grade in ruleset.grades} for ruleset in (impact.before, impact.after)
    )
    table = _table()
    table.add_column("部门" if zh else "department", overflow="fold", ratio=2)
    for heading in ("原", "现", "变化") if zh else ("before", "after", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("等级" if zh else "grade", no_wrap=True)
    table.add_column("主要来自" if zh else "mainly from", overflow="fold", ratio=2)
    for department in impact.named:
        old, new = department.before, department.after
        assert old is not None and new is not None
        one, other = labels[0][old.grade], labels[1][new.grade]
        grade = styled("[bold]{} → {}[/]", one, other) if department.regraded else one
        largest = sorted(department.attributions, key=lambda each: -abs(each.change))[:2]
        why = ("；" if zh else "; ").join(
            f"{each.label.say(language)} {each.change:+f}" for each in largest if each.change
        )
        table.add_row(department.name, f"{old.total:f}", f"{new.total:f}", f"{department.change:+f}", grade, why)
    return table


def _distribution(impact: Impact, language: Language) -> Table:
    before, after = impact.distribution()
    labels = {
        grade.id: grade.label.say(language) for ruleset in (impact.before, impact.after) for grade in ruleset.grades
    }
    table = _table()
    for heading in ("等级", "原", "现") if language == "zh" else ("grade", "before", "after"):
        table.add_column(heading, justify="left" if heading in ("等级", "grade") else "right")
    for id, label in labels.items():
        table.add_row(label, f"{before.get(id, 0):,}", f"{after.get(id, 0):,}")
    return table


def _causes(impact: Impact, language: Language) -> Table:
    """Which indicators the change comes from, over all departments, on the mean, and by which cause."""

    zh, totals = language == "zh", impact.totals
    table = _table()
    table.add_column("变化来自" if zh else "the change comes from", overflow="fold", ratio=1)
    for heading in ("合计", "平均") if zh else ("points", "mean"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("其中" if zh else "of which", overflow="fold", ratio=1)

    def mean(change: Decimal) -> str:
        exact = Fraction(change) / totals.scored
        rounded = round(exact, 2)
        text = f"{Decimal(rounded.numerator) / Decimal(rounded.denominator):+.2f}"
        return text if rounded == exact else f"≈{text}"

    for one in impact.by_indicator():
        parts = _parts(one, language)
        table.add_row(one.label.say(language), f"{one.change:+f}", mean(one.change), parts)
    for label, change in (
        ("总分取整" if zh else "rounding of totals", totals.total_rounding),
        ("上限和否决" if zh else "caps and vetoes", totals.limits),
    ):
        if change:
            table.add_row(label, f"{change:+f}", mean(change), "")
    total = styled("[bold]{}[/]", f"{totals.change:+f}")
    table.add_row(styled("[bold]{}[/]", "各部门合计" if zh else "all departments"), total, mean(totals.change), "")
    return table


def _parts(one: Attribution, language: Language) -> str:
    return ("，" if language == "zh" else ", ").join(
        f"{_CAUSES[cause][0 if language == 'zh' else 1]} {_amount(part, exact=one.within is None)}"
        for cause, part in one.parts.items()
    )


def _amount(part: Fraction, *, exact: bool) -> str:
    rounded = round(part, 4)
    text = f"{Decimal(rounded.numerator) / Decimal(rounded.denominator):+f}"
    return text if exact and rounded == part else f"≈{text}"


# ---- who could not be scored


def nothing_compared(impact: Impact) -> FactsError:
    """That no department has a score under both rulesets, and why: the facts that are lacking together, then what else there is."""
    unscored = impact.totals.unscored
    if not impact.totals.departments:
        return FactsError(Problem("no-departments", Text("没有部门", "there are no departments")))
    problems = []
    if unscored.needed:
        heads = {language: _lacking(impact, language) for language in ("zh", "en")}
        zh, en = _hint(impact, "zh"), _hint(impact, "en")
        problems.append(
            Problem(
                "facts-needed",
                Text(
                    f"没有部门能按两份办法打分。按 {impact.after.reference} 打分{heads['zh']}",
                    f"no department could be scored under both rulesets. By {impact.after.reference}: {heads['en']}",
                ),
                Text(zh, en),
            )
        )
    for reason in unscored.reasons[:_MOST]:
        of = _ruleset(impact, reason)
        zh, en = (_with_count(reason, language) for language in ("zh", "en"))
        problems.append(
            Problem(
                reason.problem.code,
                Text(f"按 {of.reference} 不能打分：{zh}", f"no score by {of.reference}: {en}"),
                reason.problem.hint,
                reason.problem.place,
            )
        )
    return FactsError(problems)


def _ruleset(impact: Impact, reason: Reason) -> Ruleset:
    return impact.before if reason.by == "before" else impact.after


def _unscored(impact: Impact, language: Language) -> Iterator[tuple[int, str]]:
    """How many departments have no score by which ruleset, why, and what to do about it; each line with its indent."""
    zh, totals = language == "zh", impact.totals
    unscored = totals.unscored
    for side, count in (("before", unscored.before), ("after", unscored.after)):
        if not count:
            continue
        of = impact.before if side == "before" else impact.after
        yield (
            0,
            (
                f"按 {of.reference} 不能打分：{totals.departments:,} 个部门中的 {count:,} 个"
                if zh
                else f"not scored by {of.reference}: {count:,} of {totals.departments:,} departments"
            ),
        )
        if side == "after" and unscored.needed:
            yield 2, _lacking(impact, language)
            yield 4, f"→ {_hint(impact, language)}"
        reasons = [reason for reason in unscored.reasons if reason.by == side]
        for reason in reasons[:_MOST]:
            yield 2, _with_count(reason, language)
            if reason.problem.hint:
                yield 4, f"→ {reason.problem.hint.say(language)}"
        if (more := len(reasons) - _MOST) > 0:
            yield 2, f"另有 {more} 种原因" if zh else f"and {more} other reasons"


def _lacking(impact: Impact, language: Language) -> str:
    """Which facts of the new ruleset departments lack."""
    zh, unscored = language == "zh", impact.totals.unscored
    facts = [
        _fact_label(path, impact, language) + ("" if lacking == unscored.after else f" [{lacking:,}]")
        for path, lacking in sorted(unscored.needed.items(), key=lambda each: -each[1])
    ]
    named = _some(facts[:_MOST], len(facts), language, between=("、", "; "))
    who = _some([_who(each, language) for each in unscored.first], max(unscored.needed.values()), language)
    return (
        f"所需的数据未给出：{named}；涉及的部门：{who}"
        if zh
        else f"it needs what was not given: {named}; departments: {who}"
    )


def _hint(impact: Impact, language: Language) -> str:
    """What to do about facts that are lacking: assume a value of those that stand alone, supply fields of lists."""
    zh, needed = language == "zh", impact.totals.unscored.needed
    whole = [path[0] for path in needed if len(path) == 1]
    hints = []
    if whole:
        options = " ".join(f"--assume {name}={'值' if zh else 'VALUE'}" for name in whole)
        hints.append(
            f"给缺少的部门设同一个值：{options}" if zh else f"give those that lack it the same value: {options}"
        )
    if len(whole) < len(needed):
        hints.append("在事实中补充列表的字段" if zh else "supply the fields of the lists in the facts")
    return ("；" if zh else "; ").join(hints)


def _with_count(reason: Reason, language: Language) -> str:
    who = _some([_who(each, language) for each in reason.first], reason.count, language)
    return f"{who}{'：' if language == 'zh' else ': '}{reason.problem.message.say(language)}"


def _some(shown: list[str], count: int, language: Language, between: tuple[str, str] = ("、", ", ")) -> str:
    """The first few of ``count``."""
    zh = language == "zh"
    more = count - len(shown)
    listed = between[0 if zh else 1].join(shown)
    return listed + ((f" 等 {count:,} 个" if zh else f" and {more:,} more") if more > 0 else "")


def _who(department: Department, language: Language) -> str:
    if department.row is None:
        return department.name
    row = f"第 {department.row} 行" if language == "zh" else f"row {department.row}"
    return row if department.name.endswith(f":{department.row}") else f"{row} {department.name}"


def _fact_label(path: Path, impact: Impact, language: Language) -> str:
    labels = []
    declarations = (*impact.after.facts, *impact.before.facts)
    for name in path:
        found = next((each for each in declarations if each.id == name), None)
        labels.append(found.label.say(language) if found else name)
        declarations = found.item if found else ()
    return "·".join(labels) + (f" ({'.'.join(path)})")
