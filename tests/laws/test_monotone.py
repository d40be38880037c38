"""Improving a fact never lowers a score, where the method is monotone."""

from hypothesis import event, given

from jmrules import evaluate, load_ruleset
from strategies import improvements


@given(improvements())
def test_better_facts_never_score_lower(improvement):
    ruleset = load_ruleset(improvement.ruleset)
    worse, better = evaluate(ruleset, improvement.worse), evaluate(ruleset, improvement.better)
    event(improvement.ruleset["indicators"][0]["method"]["kind"])
    assert worse.trace["x"].awarded <= better.trace["x"].awarded
    assert worse.total <= better.total
