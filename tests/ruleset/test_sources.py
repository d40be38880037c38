"""Who says so: stated is what a notice states whole, and what gave the points is told with where it comes from."""

import json
from decimal import Decimal as D

import pytest
from typer.testing import CliRunner

from jmrules import RulesetError, evaluate, load_facts, load_ruleset
from jmrules.cli.main import app
from jmrules.documents import pretty
from ruleset.test_overlays import BASE, ID

STATED = {"status": "stated", "clause": "第三条"}
ASSUMED = {"status": "reconstructed", "confidence": "low", "ground": {"zh": "推定", "en": "assumed"}}


def notice(**changed):
    leaf = {
        "id": "rate",
        "points": 10,
        "label": {"zh": "支出率", "en": "rate"},
        "applies": {
            "when": "a >= 0",
            "otherwise": "full",
            "reason": {"zh": "不涉及", "en": "not concerned"},
            "source": {**ASSUMED, "confidence": "high"},
        },
        "method": {"kind": "ratio", "value": "d"},
        "undefined": {
            "share": 0,
            "reason": {"zh": "没有预算", "en": "no budget"},
            "source": {**ASSUMED, "confidence": "medium"},
        },
        "source": STATED,
    }
    document = {
        **{name: part for name, part in BASE.items() if name != "effective"},
        "status": "reconstructed",
        "facts": {"a": {"type": "number", "label": {"zh": "支出"}}, "b": {"type": "number", "label": {"zh": "预算"}}},
        "derived": {
            "half": {"value": "b / 1", "label": {"zh": "折算预算"}},
            "d": {"value": "a / half", "label": {"zh": "比率"}},
        },
        "indicators": [leaf],
    }
    return json.loads(json.dumps({**document, **changed}, default=str))


def codes(document):
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    return [(problem.code, problem.place.pointer) for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["half", "d"])
def test_a_criterion_that_reads_a_reconstructed_formula_is_not_stated(name):
    document = notice()
    document["derived"][name]["source"] = ASSUMED
    assert codes(document) == [("stated-on-reconstructed", "/indicators/0/source")]
    document["indicators"][0]["source"] = ASSUMED
    assert load_ruleset(document)


def test_an_official_ruleset_reconstructs_nothing_wherever_it_stands():
    document = notice(status="official")
    document["rounding"]["source"] = document["grades"][1]["source"] = ASSUMED
    document["checks"] = {
        "same": {"kind": "equal", "stated": "a", "figures": "b", "label": {"zh": "相等"}, "source": ASSUMED}
    }
    document["signals"] = {"s": {"when": "a > 1", "label": {"zh": "信号"}, "source": ASSUMED}}
    assert {pointer for _, pointer in codes(document)} == {
        "/rounding/source",
        "/grades/1/source",
        "/indicators/0/applies/source",
        "/indicators/0/undefined/source",
        "/checks/same/source",
        "/signals/s/source",
    }


@pytest.mark.parametrize(("a", "b", "level"), [(1, 2, None), (-1, 2, "high"), (1, 0, "medium")])
def test_a_trace_names_the_source_of_the_rule_that_gave_the_points(tmp_path, a, b, level):
    facts = load_facts({"ruleset": ID, "fiscal_year": 2024, "subject": {"name": "某局"}, "facts": {"a": a, "b": b}})
    source = evaluate(load_ruleset(notice()), facts).trace["rate"].source
    assert (source.status, source.confidence) == (("stated", None) if level is None else ("reconstructed", level))
    ruleset, given = tmp_path / "notice.json", tmp_path / "facts.json"
    ruleset.write_text(pretty(notice()), encoding="utf-8")
    given.write_text(facts.source.text, encoding="utf-8")
    said = CliRunner().invoke(app, ["explain", str(given), "--ruleset", str(ruleset), "--lang", "en"]).stdout
    assert ("criterion stated 第三条" if level is None else f"reconstructed ({level} confidence)") in said


def test_show_tells_the_status_of_criteria_rounding_grades_and_formulas(tmp_path):
    document = notice()
    document["rounding"]["source"] = ASSUMED
    document["grades"][0]["source"] = STATED
    document["derived"]["d"]["source"] = STATED
    path = tmp_path / "notice.json"
    path.write_text(pretty(document), encoding="utf-8")
    said = CliRunner().invoke(app, ["show", str(path), "--lang", "zh"]).stdout
    assert "支出率 10 · 见于原文" in said and "四舍五入 · 推定（把握低）" in said
    assert "≥ 5 分 · 见于原文" in said and "比率：支出 ÷ 折算预算 · 见于原文" in said


def test_a_name_for_a_value_that_cannot_be_is_refused():
    document = notice()
    document["facts"]["kind"] = {
        "type": "string",
        "in": '"cut", "other"',
        "label": {"zh": "类别"},
        "values": {"cot": {"zh": "压减"}},
    }
    assert codes(document) == [("not-a-value", "/facts/kind/values/cot")]
    document["facts"]["kind"]["values"] = {"cut": {"zh": "压减"}}
    assert load_ruleset(document)
    document["facts"]["a"]["values"] = {"cut": {"zh": "压减"}}
    assert codes(document) == [("not-a-value", "/facts/a/values/cut")]


def test_readers_see_what_a_value_is_called():
    document = notice()
    document["facts"]["kind"] = {
        "type": "string",
        "label": {"zh": "类别", "en": "kind"},
        "values": {"cut": {"zh": "压减", "en": "a cut"}},
    }
    item = {
        "id": "is_cut",
        "points": 10,
        "label": {"zh": "已压减"},
        "when": 'kind = "cut" and kind in ("cut", "other")',
    }
    document["indicators"] = [
        {
            "id": "x",
            "points": 10,
            "label": {"zh": "甲"},
            "source": STATED,
            "method": {"kind": "checklist", "items": [item]},
        }
    ]
    facts = {"a": 1, "b": 2, "kind": "cut"}
    leaf = evaluate(load_ruleset(document), facts).trace["x"]
    assert "类别 压减 且 类别 压减 属于 “压减”、“other”" in leaf.parts[0].shown.zh
    assert "kind a cut and" in leaf.parts[0].shown.en
    assert leaf.inputs[0].shown.zh == "压减"


@pytest.mark.parametrize(
    ("a", "b", "said"), [(1, 2, "0.00 分依推定的规则得出，5.00 分"), (-1, 2, "10.00 分依推定的规则得出，0.00 分")]
)
def test_a_score_says_how_much_of_it_rests_on_reconstructed_rules(tmp_path, a, b, said):
    document = notice()
    leaf = document["indicators"][0]
    document["indicators"].append(
        {**leaf, "id": "other", "points": 1, "source": ASSUMED, "method": {"kind": "ratio", "value": "0"}}
    )
    document["grades"] = [{"id": "any", "label": {"zh": "任"}, "in": ">= 0"}]
    del leaf["undefined"]
    document["indicators"][1]["applies"] = {**leaf["applies"], "otherwise": "zero"}
    ruleset, given = tmp_path / "notice.json", tmp_path / "facts.json"
    ruleset.write_text(pretty(document), encoding="utf-8")
    given.write_text(
        pretty({"ruleset": ID, "fiscal_year": 2024, "subject": {"name": "某局"}, "facts": {"a": a, "b": b}}),
        encoding="utf-8",
    )
    assert said in CliRunner().invoke(app, ["score", str(given), "--ruleset", str(ruleset), "--lang", "zh"]).stdout


def test_a_quotient_is_told_although_it_equals_its_divisor():
    """0.81 ÷ 0.9 is 0.9: the value is not left out because the words already end with it."""
    leaf = evaluate(load_ruleset(notice()), {"a": D("0.81"), "b": D("0.9")}).trace["rate"]
    assert "支出 0.81 ÷ 折算预算 0.9 = 0.9，" in leaf.explanation.zh
