"""Whatever is wrong with a document, what comes out is a declared error in two languages, and never anything else."""

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from jmrules import EvaluationError, FactsError, JmrulesError, RulesetError, evaluate, load_facts, load_ruleset
from strategies import broken_rulesets, cases, facts_documents, mangled

with_facts = cases(most_leaves=3).flatmap(lambda case: st.tuples(st.just(case), mangled(case.facts)))
with_rules = cases(most_leaves=3).flatmap(lambda case: st.tuples(st.just(case), mangled(case.ruleset)))
with_document = cases(most_leaves=3).flatmap(
    lambda case: st.tuples(st.just(case), facts_documents(case).flatmap(mangled))
)
broken = cases(most_leaves=2).flatmap(broken_rulesets)


def said(error):
    """The error's words, which must be there in both languages for every problem."""
    assert error.problems
    for problem in error.problems:
        assert problem.code and problem.message.zh and problem.message.en
        assert problem.say("zh") and problem.say("en")
    event(error.problems[0].code)
    return error.say("zh") + error.say("en")


@given(cases())
def test_a_valid_ruleset_loads_and_raises_only_evaluation_errors(case):
    ruleset = load_ruleset(case.ruleset)
    try:
        evaluate(ruleset, case.facts).to_json()
    except EvaluationError as error:
        said(error)


@given(with_facts)
def test_facts_that_are_mangled_score_or_are_refused(both):
    case, facts = both
    ruleset = load_ruleset(case.ruleset)
    try:
        evaluate(ruleset, facts).to_json()
    except (FactsError, EvaluationError) as error:
        said(error)


@given(with_document)
def test_facts_documents_that_are_mangled_score_or_are_refused(both):
    case, document = both
    ruleset = load_ruleset(case.ruleset)
    try:
        evaluate(ruleset, load_facts(document)).to_json()
    except JmrulesError as error:
        said(error)


@given(with_rules)
def test_rulesets_that_are_mangled_score_or_are_refused(both):
    case, document = both
    try:
        evaluate(load_ruleset(document), case.facts).to_json()
    except JmrulesError as error:
        said(error)


@given(broken)
def test_rulesets_that_do_not_hold_together_are_refused(document):
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    said(caught.value)
    assert all(problem.place.pointer is not None for problem in caught.value.problems)


WRONG = {
    "number": ("1", True, [], {}, float("nan"), "x"),
    "boolean": (0, 1, "true", []),
    "string": (1, True, []),
    "date": ("2024-02-30", "31.12.2024", 20241231, True, "2024-12-31T00:00:00"),
    "list": ({}, "x", 1, [1], ["x"], [[]], [{"no_such_field": 1}]),
}


@given(cases(most_leaves=2), st.data())
def test_a_fact_of_the_wrong_type_is_refused(case, data):
    ruleset = load_ruleset(case.ruleset)
    assume(case.ruleset["facts"])
    name = data.draw(st.sampled_from(sorted(case.ruleset["facts"])))
    wrong = data.draw(st.sampled_from(WRONG[case.ruleset["facts"][name]["type"]]))
    with pytest.raises(FactsError) as caught:
        evaluate(ruleset, case.facts | {name: wrong})
    assert name in said(caught.value)


@given(cases(), st.data())
def test_all_missing_and_unknown_facts_are_told_at_once(case, data):
    ruleset = load_ruleset(case.ruleset)
    needed = sorted(name for name, fact in case.ruleset["facts"].items() if not fact.get("optional"))
    missing = set(data.draw(st.lists(st.sampled_from(needed), min_size=1))) if needed else set()
    facts = {name: value for name, value in case.facts.items() if name not in missing} | {"nobody_asked": 1}
    with pytest.raises(FactsError) as caught:
        evaluate(ruleset, facts)
    text = said(caught.value)
    assert all(name in text for name in missing | {"nobody_asked"})


@given(cases(), st.data())
def test_a_fact_outside_its_domain_is_refused(case, data):
    ruleset = load_ruleset(case.ruleset)
    bounded = sorted(
        name for name, fact in case.ruleset["facts"].items() if "in" in fact and fact["type"] in {"number", "string"}
    )
    assume(bounded)
    name = data.draw(st.sampled_from(bounded))
    text = case.ruleset["facts"][name]["in"]
    outside = "maybe" if case.ruleset["facts"][name]["type"] == "string" else -(10**20) if ">=" in text else 10**20
    with pytest.raises(FactsError) as caught:
        evaluate(ruleset, case.facts | {name: outside})
    assert name in said(caught.value)
