"""Documents: what is written can be read again and is equal, fits its schema, and comes out the same every time."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jmrules import EvaluationError, evaluate, load_facts, load_ruleset
from jmrules.documents import parse, pretty
from jmrules.facts import parse_facts
from jmrules.facts.json_schema import facts_schema
from jmrules.plan.build import plan_of
from jmrules.ruleset import parse_ruleset
from laws.common import outcome_text, score
from laws.schemas import as_json, schema_errors
from strategies import Case, cases, facts_documents, json_text, shuffled

documented = cases().flatmap(lambda case: st.tuples(st.just(case), facts_documents(case)))


@given(cases())
def test_equal_text_is_an_equal_ruleset(case):
    text = json_text(case.ruleset)
    one, other = parse_ruleset(text), parse_ruleset(text)
    assert one == other and hash(one) == hash(other) and one.digest == other.digest
    assert one == load_ruleset(case.ruleset)


@given(cases(), st.randoms(use_true_random=False))
def test_neither_order_nor_notation_changes_the_digest(case, random):
    again = shuffled(case.ruleset, random)
    text = json_text(otherwise(again, random))
    assert parse_ruleset(text).digest == load_ruleset(case.ruleset).digest


#: members that the schema wants as integers; the rest may be written with decimals or exponents
WHOLE = {"fiscal_year", "leaf", "total", "decimals", "digits", "item_rounding", "free", "within"}


def otherwise(value, random: Random):
    """The same document with its numbers in another notation."""
    if isinstance(value, dict):
        return {key: inner if key in WHOLE else otherwise(inner, random) for key, inner in value.items()}
    if isinstance(value, list):
        return [otherwise(inner, random) for inner in value]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    number = Decimal(value)
    return random.choice((number.normalize(), number + Decimal("0.0000"), number))


@given(cases())
def test_a_written_ruleset_is_the_same_ruleset(case):
    ruleset = load_ruleset(case.ruleset)
    text = ruleset.to_json()
    again = parse_ruleset(text)
    assert again == ruleset and again.to_json() == text
    assert schema_errors("ruleset", parse(text).value) == []


@given(documented)
def test_written_facts_are_the_same_facts(both):
    _, document = both
    facts = load_facts(document)
    text = facts.to_json()
    again = parse_facts(text)
    assert again == facts and hash(again) == hash(facts) and again.digest == facts.digest and again.to_json() == text
    assert schema_errors("facts", parse(text).value) == []


@given(documented)
def test_facts_that_fit_fit_the_schema_generated_from_the_ruleset(both):
    case, document = both
    schema = facts_schema(load_ruleset(case.ruleset))
    Draft202012Validator.check_schema(as_json(schema))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    text = pretty(schema)
    assert as_json(parse(text).value) == as_json(schema)


@given(documented)
def test_a_facts_document_scores_as_its_plain_values_do(both):
    case, document = both
    plain = score(case)
    assume(not isinstance(plain, EvaluationError))
    result = evaluate(load_ruleset(case.ruleset), load_facts(document))
    assert (result.total, result.grade) == (plain.total, plain.grade)
    assert [leaf.awarded for leaf in result.trace.leaves] == [leaf.awarded for leaf in plain.trace.leaves]


@given(documented, st.randoms(use_true_random=False))
def test_same_input_same_bytes(both, random):
    case, document = both
    expected = outcome_text(load_ruleset(case.ruleset), load_facts(document))
    assert outcome_text(load_ruleset(case.ruleset), load_facts(document)) == expected
    assert outcome_text(parse_ruleset(json_text(case.ruleset)), parse_facts(json_text(document))) == expected
    plain = outcome_text(load_ruleset(case.ruleset), case.facts)
    assert outcome_text(load_ruleset(rewritten(case.ruleset, random)), shuffled(case.facts, random)) == plain


def rewritten(ruleset, random):
    """The ruleset with its members in another order, but for what it declares: that order is the author's."""
    again = shuffled(ruleset, random)
    return again | {name: declared(ruleset[name], again[name]) for name in ("facts", "derived") if name in ruleset}


def declared(entries, again):
    """``again`` in the order of ``entries``, fields of list items too."""
    return {
        name: again[name] | ({"item": declared(entry["item"], again[name]["item"])} if "item" in entry else {})
        for name, entry in entries.items()
    }


@settings(max_examples=30)
@given(st.lists(cases(), min_size=1, max_size=4))
def test_same_bytes_from_many_threads(several):
    work = [(load_ruleset(case.ruleset), case.facts) for case in several] * 3
    expected = [outcome_text(*one) for one in work]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda one: outcome_text(*one), work)) == expected


def outline(plan):
    """What a plan does, in plain terms."""
    leaves = [(leaf.pointer, leaf.quanta, leaf.recipients, leaf.undefined) for leaf in plan.leaves]
    groups = [(name, group.pointer, group.children) for name, group in plan.groups.items()]
    steps = [(type(step).__name__, getattr(step, "slot", None), getattr(step, "leaf", None)) for step in plan.then]
    return dict(plan.slots), dict(plan.score_slots), plan.slot_count, leaves, groups, plan.roots, steps


@given(cases())
def test_a_pickled_ruleset_scores_the_same(case):
    ruleset = load_ruleset(case.ruleset)
    copied = pickle.loads(pickle.dumps(ruleset))
    assert copied == ruleset and hash(copied) == hash(ruleset)
    assert outline(plan_of(copied)) == outline(plan_of(ruleset))
    assert outcome_text(copied, case.facts) == outcome_text(ruleset, case.facts)


@given(cases())
def test_the_trace_fits_its_schema_and_is_written_as_it_reads(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    document = parse(result.to_json()).value
    assert schema_errors("trace", document) == []
    assert document["total"] == result.total
    assert document["grade"]["id"] == result.grade.id


@given(cases())
def test_a_loaded_ruleset_cannot_be_changed(case):
    ruleset = load_ruleset(case.ruleset)
    text, before = ruleset.to_json(), outcome_text(ruleset, case.facts)
    with pytest.raises(AttributeError):
        ruleset.fiscal_year = 2025
    case.ruleset["indicators"][0]["label"]["zh"] = "改"
    case.ruleset["grades"].clear()
    assert (ruleset.to_json(), outcome_text(ruleset, case.facts)) == (text, before)


@given(cases())
def test_a_trace_does_not_change_with_the_facts_it_was_made_from(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    expected = score(Case(case.ruleset, copy.deepcopy(case.facts))).to_json()
    case.facts.clear()
    assert result.to_json() == expected
