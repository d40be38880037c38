"""Mutants are small, different from the ruleset and from each other; and cases are run on them as on any ruleset."""

from copy import deepcopy
from decimal import Decimal as D
from decimal import localcontext
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.sheets import FEWER, METHODS, ONE, case_of, facts_document, number, one_leaf, ruleset_document, text
from jmrules import EvaluationError, load_facts, load_ruleset
from jmrules.cases import mutation
from jmrules.cases.mutants import mutants_of
from jmrules.cases.mutants_feel import Vocabulary, changes
from jmrules.documents import canonical, document_of
from jmrules.documents import check as check_schema
from jmrules.errors import Text
from jmrules.feel import EXACT, parse, parse_unary_tests
from jmrules.methods.changes import edges, moved_edge, step_at, turned_edge
from jmrules.plan.build import plan_of
from jmrules.score.exact.rescore import Rescoring
from strategies import cases


@FEWER
@given(cases(), st.integers(0, 7))
def test_every_mutant_differs_from_the_ruleset_and_from_every_other(case, offset):
    ruleset = load_ruleset(case.ruleset)
    before = deepcopy(ruleset.source.value)
    mutants = mutants_of(plan_of(ruleset))
    texts = [canonical(mutant.applied(ruleset.source.value)) for mutant in islice(mutants, offset, None, 8)]
    assert canonical(before) not in texts
    assert len(set(texts)) == len(texts)
    assert canonical(ruleset.source.value) == canonical(before)
    assert len({mutant.id for mutant in mutants}) == len(mutants)


@FEWER
@given(cases(), st.integers(0, 15))
def test_a_mutant_that_the_checks_accept_has_the_form_of_a_ruleset(case, offset):
    ruleset = load_ruleset(case.ruleset)
    for mutant in islice(mutants_of(plan_of(ruleset)), offset, None, 16):
        if mutation.load_mutant(ruleset, mutant) is not None:
            changed = document_of(mutant.applied(ruleset.source.value))
            assert check_schema(changed, "ruleset") == []


@FEWER
@given(cases(), st.integers(0, 7))
def test_scoring_only_what_a_mutant_reaches_notices_what_scoring_all_notices(case, offset):
    ruleset = load_ruleset(case.ruleset)
    plan = plan_of(ruleset)
    base = Rescoring(plan)
    with localcontext(EXACT):
        try:
            known = [mutation.known_case(ruleset, case_of(ruleset, load_facts(facts_document(case.facts))))]
        except EvaluationError:
            return
        for mutant in islice(mutants_of(plan), offset, None, 8):
            mutated = mutation.load_mutant(ruleset, mutant)
            if mutated is not None:
                quick = mutation.Quick.of(base, mutant, plan_of(mutated))
                noticed = [each.name for each in mutation.noticing(quick, mutated, known)]
                assert noticed == [each.name for each in mutation.noticing(None, mutated, known)]


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("a < 3", ["a <= 3", "a < 4", "a < 2"]),
        ("n <= 3", ["n < 3", "n <= 4"]),
        ("n > 3", ["n >= 3", "n > 4"]),
        ("a = 0.1", ["a != 0.1", "a = 0.11", "a = 0.09"]),
        ("a and not(b)", ["a or not(b)", "a and (b)"]),
        ("(a + b) * c", ["(a + b) / c", "(a - b) * c"]),
        ("x = true", ["x != true", "x = false"]),
        ("if (a) = b then a else b", ["if true then a else b", "if false then a else b", "if (a) != b then a else b"]),
        ("count(xs[y])", ["count((xs))"]),
        ("some x in xs satisfies x", ["every x in xs satisfies x"]),
        ('d <= date("2024-12-31")', ['d < date("2024-12-31")', 'd <= date("2025-01-01")', 'd <= date("2024-12-30")']),
        ('d + duration("P20D")', ['d - duration("P20D")', 'd + duration("P21D")', 'd + duration("P19D")']),
        ('s = "and"', ['s != "and"', 's = "or"']),
        ("max(a, 0)", ["min(a, 0)", "max(a, 1)", "max(a, (-1))"]),
        ('"a < b" = s', ['"a < b" != s']),
    ],
)
def test_an_expression_is_changed_in_one_place_at_a_time(written, changed):
    words = Vocabulary(frozenset({"n"}), {"and": ("or",)})
    found = [change.text for change in changes(written, words)]
    assert sorted(found) == sorted(changed)
    for each in found:
        parse(each)


@given(cases())
def test_changed_expressions_are_still_feel(case):
    ruleset = load_ruleset(case.ruleset)
    for call in [call for leaf in plan_of(ruleset).leaves for call in leaf.calls]:
        for change in changes(call.expression.text, Vocabulary()):
            parse(change.text)
            assert change.text != call.expression.text


@pytest.mark.parametrize(
    ("tests", "moved", "turned"),
    [
        ("<= 0.1", "<= 0.2", "< 0.1"),
        ("(0.1..0.3]", "(0.2..0.3]", "[0.1..0.3]"),
        ("[0..0.1), > 0.1", "[0..0.2), > 0.2", "[0..0.1], >= 0.1"),
        ("]0.1..1[", "]0.2..1[", "[0.1..1["),
        ("0.1", "0.2", "0.1"),
    ],
)
def test_an_edge_is_moved_and_turned_wherever_it_stands(tests, moved, turned):
    assert moved_edge(tests, D("0.1"), D("0.2")) == moved
    assert turned_edge(tests, D("0.1")) == turned
    for each in (moved, turned):
        parse_unary_tests(each)


def test_edges_and_steps():
    assert edges(["<= 0.1", "(0.1..0.3]", "> 0.3"]) == [D("0.1"), D("0.3")]
    steps = {"1": "1", "100": "1", "0.1": "0.01", "0.25": "0.01", "0.125": "0.001"}
    assert {number_: str(step_at(D(number_))) for number_ in steps} == steps


#: facts that lose something, where those of the sheet lose nothing
POORER = {
    "completion": {"items": [{**ONE, "actual": D(7)}, {**ONE, "weight": D(2)}]},
    "deductions": {"a": D(4), "b": D(1)},
    "levels": {"chosen": D("0.8")},
}


@pytest.mark.parametrize("kind", METHODS)
def test_one_case_notices_some_mutants_of_each_method_and_not_others(kind):
    ruleset, facts = one_leaf(kind)
    facts = load_facts(facts_document({**facts.given, **POORER.get(kind, {})}))
    found = mutation.mutation_of(ruleset, (case_of(ruleset, facts),))
    assert found.killed
    assert found.survived
    assert {case for _, case in found.killed} == {"case"}


def test_points_that_move_between_leaves_are_noticed_and_nothing_is_left_of_a_full_set():
    document = ruleset_document({"x": number(), "y": number()}, {"kind": "ratio", "value": "x"})
    document["rounding"] = {"leaf": 2, "total": 2}
    document["indicators"].append(
        {**document["indicators"][0], "id": "other", "method": {"kind": "ratio", "value": "y"}}
    )
    ruleset = load_ruleset(document)
    facts = [
        load_facts(facts_document({"x": D(x), "y": D(y)}))
        for x, y in (("0.5", "0.7"), ("0", "1"), ("0.3333", "0.0025"))
    ]
    found = mutation.mutation_of(ruleset, tuple(case_of(ruleset, each, str(n)) for n, each in enumerate(facts)))
    survived = {mutant.id for mutant in found.survived}
    assert "/indicators/0/points: 10 → 9" in {mutant.id for mutant, _ in found.killed}
    assert "/indicators/0/method/full_at: 1 → 1.01" not in survived
    assert any(id.startswith("/grades/") for id in survived)


def test_a_mutant_that_is_no_sound_ruleset_is_rejected_and_not_counted():
    document = ruleset_document(
        {"a": {"type": "boolean", "label": text("甲")}},
        {"kind": "checklist", "items": [{"id": "one", "label": text("一"), "when": "a", "points": 10}]},
    )
    document["indicators"].append({**document["indicators"][0], "id": "other"})
    ruleset = load_ruleset(document)
    found = mutation.mutation_of(ruleset, (case_of(ruleset, load_facts(facts_document({"a": True}))),))
    # The items of a checklist must add up to the leaf's points: these cannot move.
    assert "/indicators/0/points: 10 → 9" in {mutant.id for mutant in found.rejected}
    assert found.total == len(found.killed) + len(found.survived)


def test_an_equivalent_mutant_is_set_aside_with_its_reason_unless_a_case_kills_it():
    ruleset, facts = one_leaf("ratio")
    cases_ = (case_of(ruleset, facts),)
    plain = mutation.mutation_of(ruleset, cases_)
    survivor, (victim, _) = plain.survived[0], plain.killed[0]
    found = mutation.mutation_of(ruleset, cases_, {survivor.id: Text("理由"), victim.id: Text("理由")})
    assert [mutant.id for mutant, _ in found.equivalent] == [survivor.id]
    assert len(found.survived) == len(plain.survived) - 1
    assert victim.id in {mutant.id for mutant, _ in found.killed}


def test_derived_values_that_no_indicator_reads_are_left_alone():
    document = ruleset_document({"x": number()}, {"kind": "ratio", "value": "used"})
    document["derived"] = {
        "used": {"value": "x + 1", "label": text("用到")},
        "shown": {"value": "x + 1", "label": text("只显示")},
    }
    owners = {mutant.owner for mutant in mutants_of(plan_of(load_ruleset(document)))}
    assert owners == {"used", "leaf", "grades", "rounding"}
