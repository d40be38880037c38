"""What is wrong with signals and rules is told at load: where, what, and what to do; all at once."""

import pytest

from findings.common import PROJECT, base, rule
from jmrules import RulesetError, load_ruleset


def change(path, value):
    def apply(document):
        *steps, last = path
        for step in steps:
            document = document[step]
        document[last] = value

    return apply


def add(*rules):
    return lambda document: document["rules"].extend(rules)


def monitoring(**members):
    facts = {"spent": {"type": "number", "label": {"zh": "支出"}}}
    return lambda document: document.update(monitoring={"facts": facts, **members})


CASES = {
    "an unknown signal": (change(("rules", 0, "when", "all"), ["laging"]), "no-such-signal", "/rules/0/when/all/0"),
    "an unknown name in a signal": (
        change(("signals", "slow", "when"), "rat < 1"),
        "feel-unknown-name",
        "/signals/slow/when",
    ),
    "a signal that is no condition": (
        change(("signals", "slow", "when"), "rate + 1"),
        "wrong-type",
        "/signals/slow/when",
    ),
    "an unknown name in a template": (
        change(("rules", 1, "then", "message", "zh"), "支出率 {rat}"),
        "feel-unknown-name",
        "/rules/1/then/message/zh",
    ),
    "an unknown unit in a template": (
        change(("rules", 1, "then", "message", "zh"), "支出率 {rate|furlong}"),
        "unknown-unit",
        "/rules/1/then/message/zh",
    ),
    "a stray brace": (
        change(("rules", 1, "then", "message", "zh"), "支出率 {rate"),
        "stray-brace",
        "/rules/1/then/message/zh",
    ),
    "a template that is no FEEL": (
        change(("rules", 3, "then", "rectification", "demand", "zh"), "{rate +}"),
        "feel-syntax",
        "/rules/3/then/rectification/demand/zh",
    ),
    "rules that need each other": (
        add(rule("one", {"all": ["two"]}), rule("two", {"any": ["one"]})),
        "rule-cycle",
        "/rules/5/when",
    ),
    "a rule that needs itself": (add(rule("one", {"all": ["one"]})), "rule-cycle", "/rules/5/when"),
    "absence in a circle": (
        add(rule("one", {"all": ["two"]}), rule("two", {"none": ["one"]})),
        "unstratified-negation",
        "/rules/5/when",
    ),
    "more than there are": (
        add(rule("one", {"at_least": {"number": 3, "of": ["slow", "audit"]}})),
        "never-enough",
        "/rules/5/when/at_least/number",
    ),
    "the quarter before, in a year's score": (
        add(rule("one", {"all": ["previous.slow"]})),
        "no-previous-quarter",
        "/rules/5/when/all/0",
    ),
    "an unknown grade": (
        change(("rules", 4, "then", "cap"), {"grade": "god"}),
        "no-such-grade",
        "/rules/4/then/cap/grade",
    ),
    "a cap finer than the total": (
        change(("rules", 4, "then", "cap"), {"total": 60.001}),
        "no-such-total",
        "/rules/4/then/cap/total",
    ),
    "a cap beyond the sheet": (
        change(("rules", 4, "then", "cap"), {"total": 101}),
        "no-such-total",
        "/rules/4/then/cap/total",
    ),
    "a cap on what the department claims": (
        change(("signals", "audit", "when"), "claims.total = 100"),
        "score-depends-on-claim",
        "/rules/4/when",
    ),
    "a cap on what evidence there is": (
        change(
            ("signals", "audit"), {"each": {"as": "i", "of": "sheet"}, "when": "i.points > 0", "label": {"zh": "i"}}
        ),
        "score-depends-on-claim",
        "/rules/4/when",
    ),
    "a list that is none": (
        change(("signals", "lagging", "each", "of"), "budget"),
        "no-such-list",
        "/signals/lagging/each/of",
    ),
    "a field that is none": (
        change(("signals", "lagging", "each", "by"), "nam"),
        "no-such-field",
        "/signals/lagging/each/by",
    ),
    "items told apart in two ways": (
        change(("rules", 0, "each"), {"as": "project", "of": "projects"}),
        "items-told-apart-twice",
        "/rules/0/each",
    ),
    "an item under the name of a fact": (
        change(("signals", "lagging", "each", "as"), "budget"),
        "duplicate-identifier",
        "/signals/lagging/each/as",
    ),
    "a signal and a rule of one name": (add(rule("slow", {"all": ["audit"]})), "duplicate-identifier", "/rules/5/id"),
    "a signal called like a fact": (
        change(("signals", "budget"), {"when": "problem", "label": {"zh": "x"}}),
        "duplicate-identifier",
        "/signals/budget",
    ),
    "a signal called like an indicator": (
        change(("signals", "execution"), {"when": "problem", "label": {"zh": "x"}}),
        "duplicate-identifier",
        "/signals/execution",
    ),
    "a fact called like the claims": (
        change(("facts", "claims"), {"type": "number", "label": {"zh": "x"}}),
        "reserved-word",
        "/facts/claims",
    ),
    "a reconstructed rule in an official ruleset": (
        lambda document: (
            document.update(status="official"),
            change(("rules", 0, "source"), {"status": "reconstructed", "ground": {"zh": "x"}, "confidence": "low"})(
                document
            ),
        ),
        "official-but-reconstructed",
        "/rules/0/source",
    ),
    "a cap while monitoring": (
        monitoring(
            signals={"low": {"when": "spent < 1", "label": {"zh": "x"}}},
            rules=[rule("one", {"all": ["low"]}, cap={"total": 1})],
        ),
        "monitoring-scores-nothing",
        "/monitoring/rules/0/then/cap",
    ),
    "a monitoring that reads the year's facts": (
        monitoring(signals={"low": {"when": "spent < budget", "label": {"zh": "x"}}}),
        "feel-unknown-name",
        "/monitoring/signals/low/when",
    ),
    "monitored items that cannot be known again": (
        monitoring(
            facts={
                "rows": {
                    "type": "list",
                    "label": {"zh": "x"},
                    "item": {"name": {"type": "string", "label": {"zh": "x"}}},
                }
            },
            signals={"low": {"each": {"as": "row", "of": "rows"}, "when": 'row.name = "a"', "label": {"zh": "x"}}},
        ),
        "items-not-told-apart",
        "/monitoring/signals/low/each",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_where_it_stands(case):
    apply, code, pointer = CASES[case]
    document = base()
    load_ruleset(document)
    apply(document)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    found = [(problem.code, problem.place.pointer) for problem in caught.value.problems]
    assert (code, pointer) in found
    problem = caught.value.problems[found.index((code, pointer))]
    assert problem.place.line and problem.message.zh and problem.message.en


@pytest.mark.parametrize(
    "then",
    [
        {"cap": {"total": 60, "grade": "fair"}},
        {"cap": {"total": 60}, "veto": True},
        {"veto": False},
        {"rectification": {"days": 3}},
        {"escalation": {}},
    ],
)
def test_the_schema_refuses(then):
    document = base()
    document["rules"].append(rule("one", {"all": ["slow"]}, **then))
    with pytest.raises(RulesetError):
        load_ruleset(document)


@pytest.mark.parametrize(
    "when",
    [{}, {"all": []}, {"at_least": {"number": 1}}, {"at_least": {"number": 0, "of": ["slow"]}}, {"some": ["slow"]}],
)
def test_the_schema_refuses_conditions(when):
    document = base()
    document["rules"].append(rule("one", when))
    with pytest.raises(RulesetError):
        load_ruleset(document)


def test_all_problems_at_once():
    document = base()
    change(("signals", "slow", "when"), "rat < 1")(document)
    change(("rules", 0, "when", "all"), ["laging"])(document)
    change(("rules", 1, "then", "message", "zh"), "{nothing}")(document)
    change(("rules", 4, "then", "cap"), {"grade": "god"})(document)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    assert [problem.code for problem in caught.value.problems] == [
        "feel-unknown-name", "no-such-signal", "feel-unknown-name", "no-such-grade",
    ]  # fmt: skip


def test_signals_and_rules_are_part_of_the_digest():
    changed = base()
    changed["rules"][0]["then"]["severity"] = "grave"
    without = base()
    del without["rules"]
    digests = {load_ruleset(document).digest for document in (base(), changed, without)}
    assert len(digests) == 3


def test_what_follows_from_a_rule_does_not_count_towards_it():
    document = base()
    document["rules"][3]["then"]["severity"] = "serious"
    document["rules"][2]["when"] = {"at_least": {"number": 1, "severity": "serious"}}
    assert load_ruleset(document).rules[2].each is None


def test_one_list_gone_through_under_two_names():
    document = base()
    document["rules"][0]["each"] = {**PROJECT, "as": "each_project"}
    document["rules"][0]["then"]["message"] = {"zh": "{each_project.name}"}
    load_ruleset(document)
