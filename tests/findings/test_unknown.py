"""What follows where facts are unknown: nothing that some completion lacks, and everything that some completion has."""

import json
from copy import deepcopy
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings.common import FACTS, base, holdings, rule_plans
from jmrules import evaluate, load_facts, load_ruleset
from jmrules.documents import document_of
from jmrules.documents.schema import check
from jmrules.findings import open_findings, open_findings_json
from jmrules.rules import reference
from laws.real import REAL


@given(st.data())
def test_what_certainly_follows_follows_always_and_what_follows_may(data):
    plan, signals = data.draw(rule_plans())
    holding, items = data.draw(holdings(signals))
    certain = frozenset(atom for atom in holding if data.draw(st.booleans()))
    everything = [(n, i) for n, d in signals.items() for i in ([None] if d is None else range(items[d]))]
    possible = holding | {atom for atom in everything if data.draw(st.booleans())}
    numbers = {name: range(count) for name, count in items.items()}
    sure, may = reference.conclude_between(plan, certain, possible, numbers)
    assert sure <= holding | reference.conclude(plan, holding, items) <= may
    known = holding | reference.conclude(plan, holding, items)
    assert reference.conclude_between(plan, holding, holding, numbers) == (known, known)


HEAD = {"ruleset": "somewhere/department-overall", "fiscal_year": 2024, "subject": {"name": "某局"}}


def found_in(findings):
    return {(finding.rule, finding.item) for finding in findings}


@st.composite
def withheld(draw):
    """Facts, and the same with some of their values withheld, or told between two numbers."""
    whole = deepcopy(FACTS)
    whole["spent"] = draw(st.integers(0, 100))
    whole["problem"] = draw(st.booleans())
    for row in whole["projects"]:
        row["spent"] = draw(st.integers(0, row["budget"]))
    some = deepcopy(whole)
    for name in ("spent", "problem"):
        if draw(st.booleans()):
            some[name] = {"unknown": True}
    if not draw(st.integers(0, 4)):
        some["projects"] = {"length": len(whole["projects"])}
        return whole, some
    for row in some["projects"]:
        if draw(st.booleans()):
            spent = row["spent"]
            row["spent"] = draw(st.sampled_from(({"unknown": True}, {"between": [max(0, spent - 5), spent + 5]})))
    return whole, some


@given(withheld())
def test_the_findings_of_a_completion_lie_between(facts):
    whole, some = facts
    ruleset = load_ruleset(base())
    actual = found_in(evaluate(ruleset, load_facts({**HEAD, "facts": whole})).findings)
    found = open_findings(ruleset, load_facts({**HEAD, "facts": some}))
    certain, possible = found_in(found.certain), found_in(found.possible)
    assert certain <= actual
    # Of a list of which only the length is known, items have numbers and no names.
    numbers = {row["name"]: str(number) for number, row in enumerate(whole["projects"], 1)}
    told = certain | possible
    assert all(atom in told or (atom[0], numbers.get(atom[1])) in told for atom in actual)
    assert not certain & possible
    document = document_of(json.loads(open_findings_json(found), parse_float=D))
    assert check(document, "findings") == []


def test_where_all_is_known_they_are_the_findings():
    ruleset = load_ruleset(base())
    facts = load_facts({**HEAD, "facts": FACTS})
    found = open_findings(ruleset, facts)
    assert found.possible == ()
    assert [(each.rule, each.item, each.message) for each in found.certain] == [
        (each.rule, each.item, each.message) for each in evaluate(ruleset, facts).findings
    ]


def test_messages_tell_between_what_a_value_lies_and_that_it_is_not_known():
    ruleset = load_ruleset(base())
    given = {**FACTS, "spent": {"between": [80, 90]}, "projects": [], "problem": {"unknown": True}}
    found = open_findings(ruleset, load_facts({**HEAD, "facts": given}))
    (slow,) = found.certain
    assert (slow.rule, slow.message.zh) == ("slow_alone", "支出率 80% 至 90%")
    assert slow.grounds[0].shown.zh == "支出率 80% 至 90% < 95%"
    assert [(f.label.zh, f.type, f.shown.zh, f.basis) for f in slow.grounds[0].figures] == [
        ("支出率", "unknown", "80% 至 90%", None),
        ("支出", "unknown", "80.00 至 90.00 万元", None),
        ("预算", "number", "100.00 万元", "assertion"),
    ]
    assert found_in(found.possible) == {("audit_cap", None)}
    assert [figure.shown.zh for figure in found.possible[0].grounds[0].figures] == ["未知"]


@pytest.fixture(scope="module")
def real():
    facts = load_facts(REAL)
    return open_findings(load_ruleset("jiangmen/department-overall@2024"), facts)


def test_the_real_report_says_enough_for_these(real):
    serious = {finding.rule for finding in real.certain if finding.severity == "serious"}
    assert serious == {"mostly_unsupported", "execution_very_low", "fund_lagging"}
    assert "key_review" in {finding.rule for finding in real.certain}
    said = next(finding for finding in real.certain if finding.rule == "execution_very_low")
    assert said.message.zh == "年初预算 21,573.15 万元，决算支出 11,440.64 万元，支出率 53.03%，低于 60%，请说明原因"
    assert {"over_claimed", "far_over_claimed"} <= {finding.rule for finding in real.possible}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ("有 16 项数据未知。以下结论无论其为何值都成立：", "较重 预算执行率过低", "是否成立，取决于未知的数据："),
        ),
        ("en", ("16 facts are not known. Whatever they are, these follow:", "serious budget execution very low")),
    ],
)
def test_the_command_tells_both(language, words, jmrules):
    ran = jmrules("findings", REAL, "--lang", language)
    assert ran.code == 0 and all(word in ran.out for word in words)
    document = json.loads(jmrules("findings", REAL, "--json").out)
    assert document["total"] is None and document["bounds"]["low"] == 38.96 and document["possible"]
