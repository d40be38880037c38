"""What is to be reached: a total, a grade, or both."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.brief import brief
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.score import combined, most_sum, most_taken, total_and_grade

if TYPE_CHECKING:
    from jmrules.evaluation import Evaluation
    from jmrules.plan import Plan
    from jmrules.ruleset import Grade


class GoalError(JmrulesError):
    """A goal that the ruleset does not know, or none."""


@frozen(eq=False)
class Goal:
    """The least total, and the grades that are good enough."""

    plan: Plan
    #: as asked for
    total: Decimal | None
    grade: Grade | None
    #: no total below this will do
    least: Decimal
    #: ids of the grades that will do
    grades: frozenset[str]

    def __repr__(self) -> str:
        return brief(self, f"at least {self.least:f}", *sorted(self.grades))

    def reached(self, evaluation: Evaluation) -> bool:
        """Whether a score reaches it, as rules limit total and grade."""
        return evaluation.total >= self.least and evaluation.grade.id in self.grades

    def possible(self, units: int) -> bool:
        """Whether what a sheet sums up to may reach it; rules can only take off."""
        return total_and_grade(self.plan, min(units, most_sum(self.plan)))[0] >= self.least

    def possible_with(self, awards: int) -> bool:
        """Whether awards of all leaves together, in quanta, may reach it; where the sheet is scaled, that cannot be told of awards."""
        return self.plan.ruleset.scale is not None or self.possible(awards - most_taken(self.plan))


def goal_of(plan: Plan, grade: str | None, total: Decimal | None) -> Goal:
    """The goal of reaching at least a grade, by id or label, or at least a total, or both.

    Raises:
        GoalError: neither is given, there is no such grade, or the total is more than the sheet has points.
    """
    ruleset = plan.ruleset
    problems: list[Problem] = []
    named = (
        () if grade is None else (each for each in ruleset.grades if grade in (each.id, each.label.zh, each.label.en))
    )
    wanted = next(iter(named), None)
    if grade is None and total is None:
        problems.append(
            Problem(
                "no-goal",
                Text("没有说明要达到什么", "there is no goal"),
                Text(
                    "写明等级或总分，例如 --grade 优 或 --total 95", "name a grade or a total: --grade ID or --total 95"
                ),
            )
        )
    if grade is not None and wanted is None:
        zh = "、".join(f"{each.id}（{each.label.zh}）" for each in ruleset.grades)
        en = ", ".join(f"{each.id} ({each.label.say('en')})" for each in ruleset.grades)
        problems.append(
            Problem(
                "unknown-grade",
                Text(f"评分办法没有等级“{grade}”", f"the ruleset has no grade {grade!r}"),
                Text(f"可用的等级：{zh}", f"grades: {en}"),
            )
        )
    if total is not None and total > ruleset.most:
        problems.append(
            Problem(
                "total-too-high",
                Text(
                    f"总分只有 {ruleset.most:f}，达不到 {total:f}",
                    f"there are only {ruleset.most:f} points, not {total:f}",
                ),
                Text(f"请改为不超过 {ruleset.most:f}", f"ask for {ruleset.most:f} or less"),
            )
        )
    if problems:
        raise GoalError(problems)
    # A grade is better than another if it begins higher up.
    begins = {each.id: ranges[0].low for each, ranges in plan.grades}
    good = frozenset(begins if wanted is None else (id for id, low in begins.items() if low >= begins[wanted.id]))
    lowest = min(begins[id] for id in good).at
    # What is taken off beside a sheet may leave less than nothing.
    least = total_and_grade(plan, combined(plan, 0, 1, -most_taken(plan)))[0]
    return Goal(plan, total, wanted, max(end for end in (least, lowest, total) if end is not None), good)
