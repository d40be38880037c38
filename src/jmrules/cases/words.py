"""What testing found out, in lines of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.documents import pretty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.cases.branches import Branch
    from jmrules.cases.reach import Suggestion
    from jmrules.cases.report import Report
    from jmrules.cases.run import Difference, Result
    from jmrules.errors import Language
    from jmrules.ruleset import Constraint

_KINDS = {"outcome": ("计分方式", "outcome"), "losses": ("失分", "losses")}


def name_of(difference: Difference, language: Language) -> str:
    """What a difference is about."""
    label, kind = difference.label.say(language), _KINDS.get(difference.kind)
    if kind is None:
        return label
    return f"{label}（{kind[0]}）" if language == "zh" else f"{label} ({kind[1]})"


def result_lines(result: Result, language: Language) -> Iterator[str]:
    """A case and everything in it that is not as expected."""
    yield f"{result.case.name}  {result.case.document.file or ''}".rstrip()
    for difference in result.differences:
        name, expected, got = name_of(difference, language), difference.expected, difference.got
        yield (
            f"  {name}：应为 {expected}，实得 {got}"
            if language == "zh"
            else f"  {name}: expected {expected}, got {got}"
        )
        if difference.explanation is not None:
            yield from (f"    {line}" for line in difference.explanation.say(language).splitlines())


def percent(part: int, whole: int) -> str:
    """A share in percent, rounded down: 100% is said of all and of nothing less."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10}%" if whole else "—"


def coverage_line(report: Report, language: Language) -> str:
    """How many branches are covered."""
    covered, total = len(report.coverage.covered), report.coverage.total
    share = percent(covered, total)
    return (
        f"分支 {covered} / {total} 覆盖（{share}）"
        if language == "zh"
        else f"branches: {covered} of {total} covered ({share})"
    )


def coverage_lines(report: Report, language: Language) -> Iterator[str]:
    """How many branches are covered, and of each that is not, facts that would take it."""
    yield f"{report.ruleset.reference}  {coverage_line(report, language)}"
    for branch in report.coverage.uncovered:
        yield f"  {branch.id}  {branch.label.say(language)}"
        yield f"    {suggestion_line(report.suggestions.get(branch.id), language)}"


def unreachable_line(branch: Branch, language: Language) -> str:
    """A branch that nothing takes, and why."""
    assert branch.unreachable is not None
    return f"{branch.id}  {'到不了：' if language == 'zh' else 'cannot be taken: '}{branch.unreachable.say(language)}"


def unbroken_line(constraint: Constraint, language: Language) -> str:
    """A relation between facts that no case breaks."""
    label = constraint.label.say(language)
    return f"没有案例违反的数据关系：{label}" if language == "zh" else f"no case breaks this constraint: {label}"


def unsigned_line(report: Report, language: Language) -> str:
    """The cases that nobody worked out by hand or signed, and how to sign one."""
    names = report.unsigned
    sign = '"signed": {"by": "…", "date": "YYYY-MM-DD"}'
    if language == "zh":
        return f"{len(names)} 个案例的应得分由 --accept 写出，无人核对：{'、'.join(names)}。手工核对后，在其 .expected.json 中写 {sign}"
    return (
        f"{len(names)} of the cases expect what --accept wrote, and nobody has checked it: {', '.join(names)}. "
        f"Work it out by hand, then write {sign} into its .expected.json"
    )


def suggestion_line(found: Suggestion | None, language: Language) -> str:
    """Facts that would take a branch."""
    zh = language == "zh"
    if found is None:
        return "没有找到能到达此分支的事实" if zh else "no facts were found that take it"
    changes = ("；" if zh else "; ").join(f"{each.pointer} = {pretty(each.value, 10_000)}" for each in found.changes)
    return f"取 {found.case}，改 {changes}" if zh else f"take {found.case} and set {changes}"
