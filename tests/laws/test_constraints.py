"""Relations between facts: every reading refuses the same facts, asks the same questions, and else scores as without them."""

from hypothesis import assume, event, given

from jmrules import EvaluationError, FactsError, bounds, evaluate, evaluate_table, load_ruleset
from laws.common import outcome_text
from score.columns.tables import table_of
from strategies import constrained


def without(document):
    return {name: part for name, part in document.items() if name != "constraints"}


@given(constrained())
def test_facts_are_refused_by_what_they_break_and_by_nothing_else(case):
    ruleset = load_ruleset(case.ruleset)
    refusing = case.refusing()
    event(f"{len(refusing)} refusing")
    try:
        evaluate(ruleset, case.facts)
    except FactsError as error:
        assert refusing
        assert {problem.code for problem in error.problems} <= {"broken-constraint", "undecided-constraint"}
        labels = {case.ruleset["constraints"][id]["label"]["zh"] for id in refusing}
        assert all(any(label in problem.message.zh for problem in error.problems) for label in labels)
        assert all(
            (problem.place.pointer or "").strip("/").split("/")[0] in {*case.ruleset["facts"], ""}
            for problem in error.problems
        )
    except EvaluationError:
        assert not refusing
    else:
        assert not refusing


@given(constrained(otherwise=("question",)))
def test_questions_are_findings_and_cost_nothing(case):
    ruleset, plain = load_ruleset(case.ruleset), load_ruleset(without(case.ruleset))
    try:
        score = evaluate(ruleset, case.facts)
    except EvaluationError:
        return
    assert score.total == evaluate(plain, case.facts).total
    assert {finding.rule for finding in score.findings} == case.broken
    assert all(finding.grounds and finding.source for finding in score.findings)


@given(constrained(otherwise=("error",), truths=(True,)))
def test_facts_that_break_nothing_score_as_without(case):
    assume(not case.broken)
    ruleset, plain = load_ruleset(case.ruleset), load_ruleset(without(case.ruleset))
    try:
        score = evaluate(plain, case.facts)
    except EvaluationError:
        assert outcome_text(plain, case.facts) == outcome_text(ruleset, case.facts)
        return
    assert evaluate(ruleset, case.facts).total == score.total
    found = bounds(ruleset, case.facts)
    assert found.low == found.high == score.total


@given(constrained())
def test_a_row_that_breaks_a_constraint_is_refused_and_the_others_go_on(case):
    ruleset = load_ruleset(case.ruleset)
    table = evaluate_table(ruleset, table_of(case.ruleset["facts"], [case.facts, case.facts]))
    for error, total in zip(table.column("error").to_pylist(), table.column("total").to_pylist(), strict=True):
        try:
            score = evaluate(ruleset, case.facts)
        except (FactsError, EvaluationError):
            assert error and total is None
        else:
            assert error is None and total == score.total


@given(constrained(otherwise=("error",)))
def test_bounds_refuse_what_is_certainly_broken(case):
    ruleset = load_ruleset(case.ruleset)
    try:
        bounds(ruleset, case.facts)
    except FactsError:
        assert case.refusing()
    except EvaluationError:
        assert not case.refusing()
    else:
        assert not case.refusing()
