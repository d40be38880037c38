"""Findings: what they say, what they rest on down to the figures, and how they are written and shown."""

import json
import threading
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings.common import FACTS, base, rule
from jmrules import EvaluationError, evaluate, load_facts, load_ruleset, parse_trace
from jmrules.documents import check, document_of, parse, pretty
from jmrules.documents.schema import schema_text
from jmrules.findings.document import findings_json
from laws.real import at_its_word


def found(document, facts):
    return evaluate(load_ruleset(document), facts).findings


def listed(facts):
    """The facts in a document that lists the accounts."""
    return load_facts(
        {
            "ruleset": "somewhere/department-overall",
            "fiscal_year": 2024,
            "subject": {"name": "某局"},
            "documents": {"accounts": {"title": "决算报表", "kind": "final_accounts"}},
            "facts": facts,
        }
    )


def placed(value, section, basis="figure"):
    return {"value": value, "basis": basis, "evidence": [{"document": "accounts", "section": section}]}


def told(findings):
    return [(finding.rule, finding.item) for finding in findings]


def test_findings_come_in_the_order_of_the_rules_then_of_the_items():
    findings = found(base(), FACTS)
    assert told(findings) == [
        ("project_lags", "甲"), ("project_lags", "丙"), ("key_review", None), ("follow_up", None), ("audit_cap", None),
    ]  # fmt: skip


def test_a_message_is_written_with_units_in_both_languages():
    first = found(base(), FACTS)[0]
    assert first.message.zh == "甲支出 10.00 万元，占 20%"
    assert first.message.en == "甲: 20% {of it} spent"


def test_the_grounds_go_back_to_the_figures():
    facts = deepcopy(FACTS)
    facts["projects"] = []
    facts["spent"] = placed(90, "二")
    slow = found(base(), listed(facts))[0]
    assert (slow.rule, slow.absent) == ("slow_alone", ("project_lags",))
    (ground,) = slow.grounds
    assert (ground.kind, ground.id, ground.expression) == ("signal", "slow", "rate < 0.95")
    assert ground.shown.zh == "支出率 90% < 95%"
    figures = {figure.name: figure for figure in ground.figures}
    assert list(figures) == ["rate", "spent", "budget"]
    assert (figures["spent"].shown.zh, figures["spent"].basis) == ("90.00 万元", "figure")
    assert figures["spent"].evidence[0].section == "二"


def test_the_figures_of_an_item_say_how_they_are_known():
    facts = deepcopy(FACTS)
    facts["projects"][0]["spent"] = placed(10, "表三", "document")
    facts["projects"] = placed(facts["projects"], "表三")
    spent, budget = found(base(), listed(facts))[0].grounds[0].figures
    assert (spent.name, spent.shown.zh, spent.basis, spent.evidence[0].section) == (
        "project.spent", "10.00 万元", "document", "表三",
    )  # fmt: skip
    assert (budget.name, budget.basis) == ("project.budget", "assertion")


def test_counted_grounds_are_told_one_by_one():
    review = found(base(), FACTS)[2]
    assert [(ground.kind, ground.id, ground.item) for ground in review.grounds] == [
        ("finding", "project_lags", "甲"), ("finding", "project_lags", "丙"), ("finding", "audit_cap", None),
    ]  # fmt: skip


def test_a_demand_is_a_template_too():
    follow = found(base(), FACTS)[3]
    assert follow.rectification.demand.zh == "说明支出率 97%"
    assert follow.rectification.days == 30


@given(st.permutations(FACTS["projects"]))
def test_findings_do_not_depend_on_the_order_of_items(projects):
    assert sorted(told(found(base(), {**FACTS, "projects": projects})), key=str) == sorted(
        told(found(base(), FACTS)), key=str
    )


@given(st.permutations(list(base()["signals"])))
def test_findings_do_not_depend_on_the_order_of_signals(order):
    document = base()
    document["signals"] = {name: document["signals"][name] for name in order}
    assert found(document, FACTS) == found(base(), FACTS)


def test_a_signal_that_nothing_needs_changes_nothing_even_undefined():
    document = base()
    document["signals"]["idle"] = {"when": "1 / (spent - 97) > 0", "label": {"zh": "x"}}
    assert found(document, FACTS) == found(base(), FACTS)


def test_an_undecided_signal_is_an_error_with_a_place_or_as_declared():
    document = base()
    document["signals"]["odd"] = {
        "each": {"as": "project", "of": "projects", "by": "name"},
        "when": "project.spent / (project.budget - 40) > 1",
        "label": {"zh": "比例"},
    }
    document["rules"].append(rule("odd_one", {"all": ["odd"]}))
    evaluation = evaluate(load_ruleset(document), FACTS)
    with pytest.raises(EvaluationError) as caught:
        _ = evaluation.findings
    (problem,) = caught.value.problems
    assert problem.code == "undefined-signal"
    assert "第 2 项" in problem.message.zh
    document["signals"]["odd"]["undefined"] = True
    assert ("odd_one", None) in told(found(document, FACTS))


def test_a_message_that_cannot_be_written_is_an_error_with_a_place():
    document = base()
    document["rules"][3]["then"]["message"] = {"zh": "{1 / (spent - 97)}"}
    with pytest.raises(EvaluationError) as caught:
        found(document, FACTS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.pointer) == ("undefined-in-message", "/rules/3/then/message")


def test_claims_and_history_are_read_where_there_are_any():
    document = base()
    document["signals"] |= {
        "more": {"when": "if claims.total = null then false else claims.total > result.total", "label": {"zh": "高报"}},
        "best": {"when": 'claims.grade = "good"', "label": {"zh": "自评优"}},
        "before": {"when": "some h in history satisfies h.total < 90", "label": {"zh": "上年"}},
        "item": {
            "each": {"as": "i", "of": "sheet", "by": "label"},
            "when": "i.claimed > i.awarded",
            "undefined": False,
            "label": {"zh": "项"},
        },
    }
    document["rules"] = [rule(name + "_found", {"all": [name]}) for name in ("more", "best", "before", "item")]
    ruleset = load_ruleset(document)
    plain = evaluate(ruleset, FACTS)
    assert told(plain.findings) == []
    facts = {
        "ruleset": "somewhere/department-overall",
        "fiscal_year": 2024,
        "subject": {"name": "某局"},
        "facts": FACTS,
        "claims": {"total": 100, "grade": "优", "indicators": {"execution": 98}},
        "history": [{"fiscal_year": 2023, "total": 88.85}],
    }
    claimed = evaluate(ruleset, load_facts(facts))
    assert [name for name, _ in told(claimed.findings)] == ["more_found", "best_found", "before_found", "item_found"]
    assert (claimed.total, claimed.grade) == (plain.total, plain.grade)


def test_what_figures_alone_support_can_be_read():
    document = base()
    document["signals"]["thin"] = {"when": "bounds.total.low < 60", "label": {"zh": "数据不足"}}
    document["rules"] = [rule("thin_found", {"all": ["thin"]})]
    assert told(found(document, FACTS)) == [("thin_found", None)]
    known = {name: placed(value, "表一") for name, value in FACTS.items() if name != "projects"}
    assert told(found(document, listed({**FACTS, **known}))) == []


def test_how_the_cross_footing_ends_can_be_read():
    document = base()
    document["checks"] = {
        "projects": {"kind": "sum", "label": {"zh": "项目合计"}, "total": "budget", "parts": ["spent"]}
    }
    check = {"as": "check", "of": "checks", "by": "label"}
    document["signals"]["off"] = {
        "each": check, "when": 'check.declared and check.status = "contradicts"', "label": {"zh": "不符"},
    }  # fmt: skip
    off = rule("off_found", {"all": ["off"]})
    document["rules"] = [
        {**off, "each": check, "then": {"severity": "minor", "message": {"zh": "{check.stated}；{check.computed}"}}}
    ]
    (finding,) = found(document, FACTS)
    assert (finding.item, finding.message.zh) == ("项目合计", "预算 100.00 万元；支出 97.00 万元")


def test_many_threads_find_the_same():
    ruleset = load_ruleset(base())
    expected, answers = evaluate(ruleset, FACTS).findings, []

    def ask():
        answers.extend(evaluate(ruleset, FACTS).findings == expected for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 80


def test_the_documents_are_what_their_schemas_say():
    trace = evaluate(load_ruleset("jiangmen/department-overall@2024"), load_facts(at_its_word())).trace
    text = findings_json(trace)
    assert check(parse(text), "findings") == []
    assert parse_trace(evaluate(load_ruleset(base()), FACTS).to_json()).findings == found(base(), FACTS)
    broken = json.loads(text)
    del broken["findings"][0]["severity"]
    assert check(document_of(broken), "findings") != []


def test_both_schemas_mean_the_same_by_a_finding():
    trace, findings = (json.loads(schema_text(name))["$defs"] for name in ("trace", "findings"))
    for name in ("finding", "ground", "figure", "rule_source", "place"):
        assert trace[name] == findings[name]


@pytest.fixture(scope="module")
def real():
    """What the report says, and the rest as its self-score implies: with unknown facts there is no score to find anything in."""
    return evaluate(load_ruleset("jiangmen/department-overall@2024"), load_facts(at_its_word()))


def test_the_real_report_gets_findings_that_its_figures_bear_out(real):
    by_rule = {finding.rule: finding for finding in real.findings}
    assert real.total == 100
    assert {rule for rule, finding in by_rule.items() if finding.severity == "serious"} == {
        "mostly_unsupported", "execution_very_low", "fund_lagging",
    }  # fmt: skip
    assert (
        by_rule["execution_very_low"].message.zh
        == "年初预算 21,573.15 万元，决算支出 11,440.64 万元，支出率 53.03%，低于 60%，请说明原因"
    )
    questions = [finding.message.zh for finding in real.findings if finding.rule == "figures_questioned"]
    assert any("基本支出 236.91 万元" in told and "请说明" in told for told in questions)
    assert "占 32.06%" in by_rule["fund_lagging"].message.zh
    assert "88.85" in by_rule["last_year_unrectified"].message.zh
    slips = [finding.item for finding in real.findings if finding.rule == "figures_misprinted"]
    # 4974.89 / 29540 is 16.84 %, the report prints 16.86 %; that it prints 81.39 % for 81.38 % makes up 100 %.
    assert "专项资金实际安排，按项目性质：政府协同类项目的占比" in slips
    assert "专项资金实际安排，按项目分类：依合同支付类项目的占比" not in slips
    # 2733.36 + 8707.29 = 11440.65, the report prints 11440.64: no more than rounding.
    assert not any("合计" in (finding.item or "") for finding in real.findings)
    assert by_rule["key_review"].escalation.to.zh == "市财政局重点复核"
    assert {ground.id for ground in by_rule["key_review"].grounds} == {
        rule for rule, finding in by_rule.items() if finding.severity == "serious"
    }
    assert by_rule["key_review_papers"].rectification.days == 10


def test_a_grave_audit_problem_caps_the_real_report_at_fair():
    document = at_its_word()
    document["facts"]["finance_problems"] = [{"description": "虚列支出", "severity": "grave"}]
    evaluation = evaluate(load_ruleset("jiangmen/department-overall@2024"), load_facts(document))
    assert (evaluation.total, evaluation.grade.id) == (96, "fair")
    assert [limit.rule for limit in evaluation.limits if limit.decides] == ["grave_problem_cap"]


@pytest.mark.parametrize(("language", "words"), [("zh", "列入重点复核"), ("en", "key review")])
def test_the_commands_show_them(language, words, jmrules, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / "facts.json"
    file.write_text(pretty(at_its_word()), encoding="utf-8")
    for command in ("score", "findings"):
        shown = jmrules(command, file, "--lang", language).out
        assert words in shown
        assert all(len(line) <= 80 for line in shown.splitlines()[1:])
    assert json.loads(jmrules("findings", file, "--json").out)["findings"]
