"""Build the trace of an evaluation from its flat values: each part of it when it is read."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jmrules.errors import Text
from jmrules.facts import BASES, Facts, given_of
from jmrules.feel import CONTEXT, EXACT
from jmrules.memo import kept
from jmrules.quantities import trimmed
from jmrules.ruleset.rule_texts import bodies
from jmrules.score import rounded_total, sheet_sum
from jmrules.trace.account import account_of, in_points
from jmrules.trace.deferred import deferring
from jmrules.trace.leaf import leaf_traces
from jmrules.trace.model import Adjustment, FactsHead, GroupTrace, LeafTrace, NodeTrace, RulesetHead, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jmrules.ruleset import Ruleset
    from jmrules.score.exact import Limit, Scored
    from jmrules.trace.account import Account
    from jmrules.trace.findings import Finding


def build_trace(scored: Scored, follows: Callable[[Scored, tuple[LeafTrace, ...]], tuple[Finding, ...]]) -> Trace:
    """The account of every point of a score.

    ``follows`` tells, from the score and its leaves, what the ruleset's rules find. It is asked when the findings are read;
    what it raises is raised then.
    """
    account = account_of(scored)
    plan = account.plan
    ruleset = plan.ruleset
    digits, outcome = ruleset.rounding.leaf, account.outcome
    awarded, points = in_points(sum(outcome.awards[: plan.on_sheet]), digits), _points(ruleset)
    if ruleset.scale is not None:
        points = in_points(sum(outcome.allocation.quanta[: plan.on_sheet]), digits)
    root = _group(partial(_children, account), "total", ruleset.title, points, awarded)
    if not bodies(ruleset)[0].rules:
        return _trace(partial(_head, account, scored.limits, None), scored.total, scored.grade, root)
    return _trace(
        partial(_head, account, scored.limits, partial(follows, account.scored)), scored.total, scored.grade, root
    )


_group = deferring(GroupTrace, "id", "label", "points", "awarded")
_trace = deferring(Trace, "total", "grade", "root")


@kept
def _points(ruleset: Ruleset) -> Decimal:
    """The points of the whole sheet, which are the same in every trace."""
    return ruleset.points


@cache
def _version() -> str:
    return version("jmrules")


def _head(
    account: Account,
    limits: tuple[Limit, ...],
    follows: Callable[[tuple[LeafTrace, ...]], tuple[Finding, ...]] | None,
    trace: Trace,
    name: str,
) -> Mapping[str, Any]:
    """The fields of a trace beside its tree."""
    if name == "findings":
        with localcontext(EXACT):
            return {name: () if follows is None else follows(trace.leaves)}
    if name == "basis":
        return {name: _resting(trace)}
    if name == "given":
        return {name: given_of(account.plan.ruleset, account.scored.facts)}
    if name == "adjustments":
        with localcontext(EXACT):
            return {name: tuple(_adjustments(account, trace, limits))}
    if name == "beside":
        return {name: tuple(leaf_traces(account)[account.plan.on_sheet :])}
    ruleset, given = account.plan.ruleset, account.scored.given
    return {
        "jmrules": _version(),
        "ruleset": RulesetHead(
            ruleset.id,
            ruleset.fiscal_year,
            ruleset.revision,
            ruleset.status,
            ruleset.digest,
            ruleset.title,
            ruleset.notice,
        ),
        "facts": FactsHead(given.digest, given.subject)
        if isinstance(given, Facts)
        else FactsHead(trace.given.facts_digest),
        "rounding": ruleset.rounding,
        "scale": ruleset.scale,
        "clamp": ruleset.clamp,
        "grades": ruleset.grades,
    }


def _children(account: Account, root: GroupTrace, name: str) -> Mapping[str, Any]:
    """The tree below the root."""
    leaves = leaf_traces(account)
    return {name: tuple([_node(account, leaves, child) for child in account.plan.roots])}


def _node(account: Account, leaves: list[LeafTrace], child: int | str) -> NodeTrace:
    if isinstance(child, int):
        return leaves[child]
    plan, outcome = account.plan, account.outcome
    planned, digits = plan.groups[child], plan.ruleset.rounding.leaf
    return GroupTrace(
        planned.group.id,
        planned.group.label,
        in_points(sum(outcome.allocation.quanta[index] for index in planned.leaves), digits),
        in_points(sum(outcome.awards[index] for index in planned.leaves), digits),
        tuple([_node(account, leaves, inner) for inner in planned.children]),
    )


def _resting(trace: Trace) -> dict[str, Decimal]:
    """Awarded points by what they rest on."""
    resting: dict[str, Decimal] = dict.fromkeys(BASES, Decimal(0))
    for leaf in trace.leaves:
        resting[leaf.rests_on] = CONTEXT.add(resting[leaf.rests_on], leaf.awarded)
    return resting


def _adjustments(account: Account, trace: Trace, limits: tuple[Limit, ...]) -> Iterator[Adjustment]:
    """The lines between the sum of the indicators and the total: beside the sheet, scale or rounding, clamp, then what rules limit."""
    ruleset, outcome = account.plan.ruleset, account.outcome
    counted = trace.root.awarded
    for line in trace.beside:
        assert line.effect is not None
        zh, en = ("加分", "added") if line.effect == "bonus" else ("倒扣", "taken off")
        reason = Text(f"{zh}：{line.label.zh}", f"{en}: {line.label.say('en')}")
        yield Adjustment(line.effect, line.counts, reason, indicator=line.id)
        counted += line.counts
    total = rounded_total(account.plan, sheet_sum(account.plan, outcome.awards, outcome.allocation.quanta))
    if ruleset.scale is not None:
        yield Adjustment("scale", total - counted, _scaled(trace, ruleset.scale.to))
    elif total != counted:
        digits = ruleset.rounding.total
        reason = Text(f"总分取到 {digits} 位小数", f"the total is rounded to {digits} decimals")
        yield Adjustment("rounding", total - counted, reason)
    held = trace.total - sum((limit.points for limit in limits), Decimal(0))
    if held != total:
        zh, en = ("总分最低", "no total is below") if held > total else ("总分最高", "no total is above")
        yield Adjustment("clamp", held - total, Text(f"{zh} {held:f} 分", f"{en} {held:f}"))
    yield from _limits(ruleset, limits)


def _scaled(trace: Trace, to: Decimal) -> Text:
    """How the sum is scaled, in words."""
    numbers = (trimmed(number, 6) for number in (trace.root.points, trace.root.awarded, to))
    points, awarded, whole = numbers
    return Text(
        f"按适用指标折算：得 {awarded} 分 ÷ 适用 {points} 分 × {whole}",
        f"scaled to the indicators that are there: {awarded} earned / {points} x {whole}",
    )


def _limits(ruleset: Ruleset, limits: tuple[Limit, ...]) -> Iterator[Adjustment]:
    labels = {rule.id: rule.label for rule in ruleset.rules}
    for limit in limits:
        label = labels[limit.rule]
        if limit.grade is not None:
            best = limit.grade.label
            zh, en = f"等级至多为“{best.zh}”", f"the grade is capped at {best.say('en')}"
        elif limit.kind == "veto":
            zh, en = "一票否决", "vetoed"
        else:
            zh, en = f"总分至多为 {limit.total:f} 分", f"the total is capped at {limit.total:f}"
        yield Adjustment(
            limit.kind,
            limit.points,
            Text(f"{zh}：{label.zh}", f"{en}: {label.say('en')}"),
            rule=limit.rule,
            decides=limit.decides,
            total=limit.total,
            grade=None if limit.grade is None else limit.grade.id,
        )
