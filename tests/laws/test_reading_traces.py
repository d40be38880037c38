"""A trace is made as it is read: in any order, from any thread, whenever it is read, it says the same."""

import copy
import gc
import pickle
import weakref
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, localcontext

import pytest
from attrs import evolve, fields
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from findings.common import FACTS, base
from jmrules import EvaluationError, FactsError, evaluate, load_ruleset
from jmrules.facts.bind import bind
from jmrules.facts.careful import bind_carefully
from jmrules.feel import EXACT
from jmrules.score.exact.read import Names
from jmrules.trace import LeafTrace, Trace
from jmrules.trace.account import account_of
from jmrules.trace.explain import explain
from jmrules.trace.leaf import seen
from jmrules.trace.reading import Recorder, reads
from jmrules.trace.values import json_value
from jmrules.trace.view import view_of
from laws.common import score, single_leaf, tree_nodes
from strategies import cases, facts_documents

documented = cases().flatmap(lambda case: st.tuples(st.just(case), facts_documents(case)))


def scored(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    return result


def again(evaluation):
    """The same evaluation, of which no trace has been read."""
    return evolve(evaluation)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_nothing(case, random):
    result = scored(case)
    expected, read = result.trace, again(result).trace
    steps = [(node, field.name) for node in tree_nodes(read.root) for field in fields(type(node))]
    steps += [(read, field.name) for field in fields(Trace)]
    random.shuffle(steps)
    for node, name in steps:
        getattr(node, name)
    assert read == expected and repr(read) == repr(expected)


@settings(max_examples=30)
@given(cases())
def test_threads_that_read_one_trace_read_the_same(case):
    result = scored(case)
    expected = result.to_json()
    for shared in (again(result) for _ in range(3)):
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(lambda _, one=shared: one.to_json(), range(8))) == {expected}


@given(documented)
def test_facts_that_their_owner_changes_later_change_no_trace(both):
    case, document = both
    ruleset = load_ruleset(case.ruleset)
    for facts in (case.facts, document["facts"]):
        mine, yours = copy.deepcopy(facts), copy.deepcopy(facts)
        try:
            expected = evaluate(ruleset, mine).to_json()
            result = evaluate(ruleset, yours)
        except EvaluationError:
            continue
        for value in yours.values():
            emptied(value)
        yours.clear()
        assert result.to_json() == expected


def emptied(value):
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        emptied(part)
    if isinstance(value, dict | list):
        value.clear()


@given(cases())
def test_copies_and_pickles_of_what_was_not_read_are_whole(case):
    result = scored(case)
    for made in (copy.copy, copy.deepcopy, evolve, lambda trace: pickle.loads(pickle.dumps(trace))):
        trace = again(result).trace
        assert made(trace) == trace
        for leaf in again(result).trace.leaves:
            assert made(leaf) == leaf
            for reading in leaf.readings:
                assert made(reading) == reading


@given(cases())
def test_a_trace_stays_frozen_and_has_no_other_attributes(case):
    trace = scored(case).trace
    leaf = trace.leaves[0]
    for record, name in ((trace, "basis"), (leaf, "explanation"), (leaf, "points")):
        with pytest.raises(AttributeError):
            setattr(record, name, None)
        with pytest.raises(AttributeError, match="nothing_of_the_kind"):
            _ = record.nothing_of_the_kind
    assert not hasattr(LeafTrace.__new__(LeafTrace), "points")


@given(cases())
def test_the_callers_decimals_do_not_matter(case):
    result = scored(case)
    expected = result.to_json()
    with localcontext() as context:
        context.prec = 3
        assert again(result).to_json() == expected


@given(cases())
def test_the_short_way_of_reading_an_expression_reads_what_the_long_one_does(case):
    result = scored(case)
    plan, slots, account = result.plan, result.outcome.slots, account_of(result)
    with localcontext(EXACT):
        for call in (call for leaf in plan.leaves for call in leaf.calls):
            value, error, names = reads(account, call)
            recorder = Recorder(Names(plan, slots))
            if error is None:
                assert call.expression.strict(recorder) == value
            else:
                with pytest.raises(type(error)):
                    call.expression.strict(recorder)
            assert names == tuple(recorder.read)


@given(cases())
def test_what_is_read_is_what_is_explained(case):
    result = scored(case)
    account = account_of(result)
    told = (*result.trace.leaves, *result.trace.beside)
    for leaf, trace in zip(result.plan.leaves, told, strict=True):
        if trace.outcome != "scored":
            continue
        with localcontext(EXACT):
            view = view_of(account, leaf)
            if leaf.applies is not None:
                view.read(leaf.applies)
            explain(view, trace.share)
            read = seen(account, leaf)
        assert (list(view.names), view.calls, view.found) == (list(read.names), read.calls, read.found)
        assert [reading.value for reading in trace.readings] == [json_value(value) for _, value in read.found]


def test_nothing_of_a_score_waits_for_the_collector():
    ruleset = load_ruleset(
        single_leaf({"kind": "ratio", "value": "x"}, {"x": {"type": "number", "label": {"zh": "数"}}})
    )
    gc.disable()
    try:
        trace = evaluate(ruleset, {"x": Decimal("0.5")}).trace
        (leaf,) = trace.leaves
        assert (leaf.awarded, leaf.readings[0].value, leaf.losses[0].points) == (5, Decimal("0.5"), 5)
        root = weakref.ref(trace.root)
        del trace, leaf
        assert root() is None
    finally:
        gc.enable()


ODD = [
    *(0, 1, -1, 5, 1023, 1024, 10**33, 10**34, -(10**34), True, False, None, "5", "", [], [1], {}, {"value": 1}),
    *(0.5, -0.0, 1e-9, 1e22, 1e300, 1e301, 5e-324, float("inf"), float("nan"), 0.1, 2.675),
    *map(Decimal, ("0.50", "-0", "1E+3", "1E+6144", "1E+6145", "1E-6143", "Infinity", "NaN", "0." + "3" * 35)),
]
DOMAINS = [None, ">= 0", "> 0", "< 5", "[0..1]", "(0..1)", "[0.5..1024)", "> 1E+6100", "not(1)", "1, 5", "(-1..0]"]
NUMBER = st.builds(
    lambda tests, decimals, optional: {
        "type": "number",
        "label": {"zh": "数"},
        **({"in": tests} if tests else {}),
        **({} if decimals is None else {"decimals": decimals}),
        **({"optional": True} if optional else {}),
    },
    st.sampled_from(DOMAINS),
    st.sampled_from((None, 0, 1)),
    st.booleans(),
)
MEMBERS = st.dictionaries(st.sampled_from(("x", "y", "z")), st.sampled_from(ODD), max_size=3)


@settings(max_examples=300)
@given(NUMBER, NUMBER, MEMBERS, st.lists(st.one_of(MEMBERS, st.sampled_from(ODD)), max_size=3))
def test_facts_read_quickly_are_the_facts_read_with_care(x, y, members, items):
    declared = {"x": x, "y": y, "l": {"type": "list", "label": {"zh": "列"}, "item": {"x": x, "y": y}}}
    ruleset = load_ruleset(single_leaf({"kind": "formula", "points": "1"}, declared))
    given_facts = {**members, "l": items}
    with localcontext(EXACT):
        values, problems = bind_carefully(ruleset, given_facts)
        if problems:
            with pytest.raises(FactsError) as caught:
                bind(ruleset, given_facts)
            assert caught.value.problems == tuple(problems)
        else:
            assert bind(ruleset, given_facts) == values


def test_looking_for_a_fact_adds_none():
    ruleset = load_ruleset(
        single_leaf({"kind": "formula", "points": "x"}, {"x": {"type": "number", "label": {"zh": "数"}}})
    )
    given_facts = defaultdict(int)
    with pytest.raises(FactsError):
        evaluate(ruleset, given_facts)
    assert not given_facts


def test_facts_that_their_owner_changes_later_change_no_finding():
    ruleset = load_ruleset(base())
    facts = copy.deepcopy(FACTS)
    result = evaluate(ruleset, facts)
    emptied(facts)
    assert result.findings == evaluate(ruleset, FACTS).findings != ()
