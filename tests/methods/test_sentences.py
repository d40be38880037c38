"""What composed rules say: a notice's phrase, the rule for it, and the sentence that a reader gets, the same points in every reading."""

from decimal import Decimal as D

import pyarrow as pa
import pytest

from jmrules import bounds, evaluate, evaluate_table, load_ruleset, replay
from jmrules.cases.branches import branches_of
from jmrules.cases.mutants import mutants_of
from jmrules.compare.criteria import criterion
from jmrules.plan.build import plan_of
from laws.common import single_leaf


def number(zh, en, unit=None, **more):
    return {"type": "number", "label": {"zh": zh, "en": en}, **({"unit": unit} if unit else {}), **more}


FACTS = {
    "rate": number("执行率", "execution rate", "ratio", decimals=4),
    "purchase": number("采购率", "procurement rate", "ratio", decimals=4),
    "over": number("超支率", "overspending", "ratio", decimals=4),
    "late": number("迟报次数", "late reports", "count", decimals=0),
    "days": number("迟报天数", "days late", "day", decimals=0),
    "fund": {"type": "boolean", "label": {"zh": "有专项资金", "en": "has special funds"}},
    "level": {"type": "string", "in": '"sound", "fair", "poor"', "label": {"zh": "制度建设", "en": "rules in place"}},
}
PLAIN = {
    "rate": D("0.92"),
    "purchase": D("0.7"),
    "over": D("0.0325"),
    "late": 4,
    "days": 6,
    "fund": True,
    "level": "fair",
}


def part(id, zh, en, method=None, **more):
    return {"id": id, "label": {"zh": zh, "en": en}, **({"method": method} if method else {}), **more}


def ratio(value):
    return {"kind": "ratio", "value": value}


LEVELS = {"kind": "levels", "level": "level", "levels": [
    {"id": "sound", "label": {"zh": "健全", "en": "sound"}, "points": 10},
    {"id": "fair", "label": {"zh": "较健全", "en": "fairly sound"}, "points": 2},
    {"id": "poor", "label": {"zh": "不健全", "en": "unsound"}, "points": 0},
]}  # fmt: skip
EXECUTION, PURCHASE = part("a", "执行", "execution", ratio("rate")), part("b", "采购", "procurement", ratio("purchase"))
BOTH = "rate >= 0.9 and purchase >= 0.8"
TWO = {"kind": "cases", "parts": [
    part("a", "两项都达到", "both reached", when=BOTH, points=10),
    part("b", "仅达到一项", "one reached", when="rate >= 0.9 or purchase >= 0.8", points=6),
    part("c", "都未达到", "neither reached", points=0),
]}  # fmt: skip


def steps(value, partial, **more):
    return {
        "kind": "steps",
        "value": value,
        "bound": 0,
        "direction": "above",
        "step": D("0.01"),
        "loss": D("0.5"),
        "partial": partial,
        **more,
    }


PHRASES = {
    "完成率占 50%，支出率占 50%": (
        {"kind": "parts", "parts": [EXECUTION | {"share": D("0.5")}, PURCHASE | {"share": D("0.5")}]}, {}, D("8.1"),
        "“执行”：执行率 92%，得 4.6 分（满分 5 分）。“采购”：采购率 70%，得 3.5 分（满分 5 分）。合计得 8.1 分（满分 10 分）",
        "execution: execution rate 92%: 4.6 of 5 points. procurement: procurement rate 70%: 3.5 of 5 points. together 8.1 of 10 points",
    ),
    "就高计分": (
        {"kind": "best", "parts": [EXECUTION, PURCHASE]}, {}, D("9.2"),
        "“采购”：采购率 70%，得 7 分（满分 10 分）。取较高者“执行”：执行率 92%，得 9.2 分（满分 10 分）",
        "procurement: procurement rate 70%: 7 of 10 points. execution, the highest: execution rate 92%: 9.2 of 10 points",
    ),
    "就低计分": (
        {"kind": "worst", "parts": [EXECUTION, PURCHASE | {"points": 8}]}, {}, D("5.6"),
        "“执行”：执行率 92%，得 9.2 分（满分 10 分）。取较低者“采购”：采购率 70%，得 5.6 分（满分 8 分）。本项得 5.6 分（满分 10 分）",
        "execution: execution rate 92%: 9.2 of 10 points. procurement, the lowest: procurement rate 70%: 5.6 of 8 points. so 5.6 of 10 points",
    ),
    "就高计分，两项相同": (
        {"kind": "best", "parts": [EXECUTION, PURCHASE]}, {"purchase": D("0.92")}, D("9.2"),
        "“采购”：采购率 92%，得 9.2 分（满分 10 分）。得分相同，取“执行”：执行率 92%，得 9.2 分（满分 10 分）",
        "procurement: procurement rate 92%: 9.2 of 10 points. execution, which earns the same: execution rate 92%: 9.2 of 10 points",
    ),
    "两项都达到得 10 分": (
        TWO, {"purchase": D("0.8")}, D(10),
        "执行率 92% ≥ 90% 且 采购率 80% ≥ 80%，按“两项都达到”，得满分 10 分",
        "execution rate 92% ≥ 90% and procurement rate 80% ≥ 80%, so both reached: full 10 points",
    ),
    "仅达到一项得 6 分": (
        TWO, {}, D(6),
        "执行率 92% ≥ 90%，按“仅达到一项”，得 6 分（满分 10 分）",
        "execution rate 92% ≥ 90%, so one reached: 6 of 10 points",
    ),
    "其余不得分": (
        TWO, {"rate": D("0.5")}, D(0),
        "前列情形都不成立，按“都未达到”，不得分（满分 10 分）",
        "none of the others holds, so neither reached: 0 of 10 points",
    ),
    "支出率在 90%（含）至 95% 且迟报不超过 4 次的": (
        {"kind": "cases", "parts": [part("a", "达标", "met", when="rate in [0.9..0.95) and not(late > 4)", points=4), part("b", "其他", "other", points=0)]}, {}, D(4),
        "（执行率 92% ≥ 90% 且 < 95%） 且 迟报次数 4 个 ≤ 4 个，按“达标”，得 4 分（满分 10 分）",
        "(execution rate 92% ≥ 90% and < 95%) and late reports 4 ≤ 4, so met: 4 of 10 points",
    ),
    "按两率中较高的分档": (
        {"kind": "bands", "value": "max(rate, purchase)", "bands": [
            {"in": ">= 0.95", "points": 10}, {"in": "[0.8..0.95)", "points": 5}, {"in": "< 0.8", "points": 0}]}, {}, D(5),
        "执行率 92%、采购率 70%中的最大值 92%，在 ≥ 80% 且 < 95% 一档，得 5 分（满分 10 分）",
        "greatest of (execution rate 92%, procurement rate 70%) 92%, in the band ≥ 80% and < 95%: 5 of 10 points",
    ),
    "较健全得 2 分": (
        LEVELS, {}, D(2),
        "评定为“较健全”（三档中的第二档），得 2 分（满分 10 分）",
        "judged fairly sound (step 2 of 3): 2 of 10 points",
    ),
    "公式按情形": (
        {"kind": "formula", "points": "if rate >= 1 then 10 else if fund then 2 else rate * 5"}, {}, D(2),
        "2（有专项资金 是），得 2 分（满分 10 分）",
        "2 (has special funds yes): 2 of 10 points",
    ),
    "公式按情形，余下的": (
        {"kind": "formula", "points": "if rate >= 1 then 10 else if fund then 2 else rate * 5"}, {"fund": False}, D("4.6"),
        "执行率 92% × 5 = 4.6，得 4.6 分（满分 10 分）",
        "execution rate 92% × 5 = 4.6: 4.6 of 10 points",
    ),
    "迟报允许 2 次，超过的每次扣 1 分": (
        {"kind": "deductions", "items": [{"id": "l", "count": "late", "loss": 1, "free": 2, "label": {"zh": "迟报", "en": "late reports"}}]}, {}, D(8),
        "迟报：4 个，超过 2 个的，每个扣 1 分，得 8 分（满分 10 分）",
        "late reports: 4, beyond 2: 1 point each: 8 of 10 points",
    ),
    "每超过一个百分点扣 0.5 分，不足一个百分点按一个计": (
        steps("over", "full"), {}, D(8),
        "超支率 3.25%，超过 0%，每 1% 扣 0.5 分，计 4 次（不足一步按一步扣），得 8 分（满分 10 分）",
        "overspending 3.25%, above 0%: 0.5 points per 1%, 4 times (a partial step costs a whole one): 8 of 10 points",
    ),
    "每超过一个百分点扣 0.5 分，不足的不扣": (
        steps("over", "ignore"), {}, D("8.5"),
        "超支率 3.25%，超过 0%，每 1% 扣 0.5 分，计 3 次（不足一步不扣），得 8.5 分（满分 10 分）",
        "overspending 3.25%, above 0%: 0.5 points per 1%, 3 times (a partial step costs nothing): 8.5 of 10 points",
    ),
    "每迟一天扣 0.5 分": (
        steps("days", "full", step=1), {}, D(7),
        "迟报天数 6 天，超过 0 天，每 1 天扣 0.5 分，计 6 次，得 7 分（满分 10 分）",
        "days late 6 days, above 0 days: 0.5 points per day, 6 times: 7 of 10 points",
    ),
    "同一指标内：择优 6 分，迟报 4 分": (
        {"kind": "parts", "parts": [
            part("a", "两率", "the rates", {"kind": "best", "parts": [EXECUTION, PURCHASE]}, points=6),
            part("b", "迟报", "late", {"kind": "deductions", "items": [{"id": "l", "count": "late", "loss": 1, "free": 1, "label": {"zh": "迟报", "en": "late"}}]}, points=4)]},
        {}, D("6.52"),
        "“两率”：“采购”：采购率 70%，得 4.2 分（满分 6 分）。取较高者“执行”：执行率 92%，得 5.52 分（满分 6 分）。"
        "迟报：4 个，超过 1 个的，每个扣 1 分，得 1 分（满分 4 分）。合计得 6.52 分（满分 10 分）",
        "the rates: procurement: procurement rate 70%: 4.2 of 6 points. execution, the highest: execution rate 92%: 5.52 of 6 points. "
        "late: 4, beyond 1: 1 point each: 1 of 4 points. together 6.52 of 10 points",
    ),
}  # fmt: skip


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_earns_the_same_in_every_reading_and_says_so_in_a_sentence(phrase):
    method, changes, awarded, zh, en = PHRASES[phrase]
    ruleset, facts = load_ruleset(single_leaf(method, FACTS)), PLAIN | changes
    found = evaluate(ruleset, facts)
    leaf = found.trace.leaves[0]
    assert (leaf.awarded, leaf.explanation.zh, leaf.explanation.say("en")) == (awarded, zh, en)
    assert replay(found.trace) == ()
    known = bounds(ruleset, facts)
    assert known.low == known.high == found.total
    open_ = bounds(ruleset, {**facts, "rate": {"between": [D("0.5"), 1]}, "late": {"between": [0, 9]}})
    assert open_.low <= found.total <= open_.high
    table = pa.Table.from_pylist([facts, facts | {"rate": D("0.5"), "late": 0, "over": D("0.1")}])
    assert evaluate_table(ruleset, table).column("total").to_pylist() == [
        evaluate(ruleset, each).total for each in table.to_pylist()
    ]
    assert leaf.branch and set(leaf.branch.split("+")) <= {
        branch.id.partition(": ")[2] for branch in branches_of(plan_of(ruleset))
    }
    assert any(mutant.owner == leaf.id for mutant in mutants_of(plan_of(ruleset)))
    said = criterion(ruleset, ruleset.indicators[0])
    assert not {"rate", "purchase", "over", "late", "fund"} & set(said.zh.replace("（", " ").split())


def test_what_is_not_met_says_what_decides_and_leaks_no_name():
    method = {"kind": "checklist", "items": [
        {"id": "a", "share": D("0.5"), "when": "rate >= 0.9 and purchase >= 0.8", "label": {"zh": "两率", "en": "the rates"}},
        {"id": "b", "share": D("0.5"), "when": "late = 0 and not(fund)", "label": {"zh": "其他", "en": "the rest"}},
    ]}  # fmt: skip
    found = evaluate(load_ruleset(single_leaf(method, FACTS)), PLAIN).trace.leaves[0]
    assert [loss.reason.zh for loss in found.losses] == [
        "两率：不满足（采购率 70%，要求 ≥ 80%）",
        "其他：不满足（迟报次数 4 个，要求 = 0 个；有专项资金 是）",
    ]
