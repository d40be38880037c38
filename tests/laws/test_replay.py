"""A trace is derived again from what it holds, in every form; whatever is altered in it is noticed."""

import json
from decimal import Decimal

from hypothesis import assume, event, given, reject, settings
from hypothesis import strategies as st

from findings.common import FACTS, base
from findings.test_limits import flagged, limiting_rules
from jmrules import EvaluationError, bounds, evaluate, load_facts, load_ruleset, parse_trace, replay
from jmrules.documents import check, parse
from jmrules.documents.doubles import is_double
from jmrules.feel import CONTEXT
from jmrules.replaying import replay_document
from jmrules.trace.forms import FORMS
from laws.altered import CHANGES, is_number, numbers, other, scalars, with_value
from laws.common import single_leaf
from strategies import cases, facts_documents, json_text

WORDS = {"zh": "数"}


def scored(ruleset, facts):
    try:
        return evaluate(load_ruleset(ruleset), facts)
    except EvaluationError:
        return None


@st.composite
def evaluations(draw):
    """A score: of facts as a mapping, or as a document that says how they are known, or one that rules limit."""
    how = draw(st.sampled_from(("mapping", "document", "rules")))
    if how == "rules":
        flags = {flag: draw(st.booleans()) for flag in "abcd"}
        points = draw(st.decimals(0, 100, places=2))
        found = scored(flagged(draw(limiting_rules())), {"points": points, **flags})
    else:
        case = draw(cases() | cases(most_leaves=2, quotients=1))
        found = scored(case.ruleset, case.facts if how == "mapping" else load_facts(draw(facts_documents(case))))
    assume(found is not None)
    event(how)
    return found


def problems(text):
    """What a reader that knows the schema finds wrong with a trace."""
    document = parse(text)
    return tuple(check(document, "trace")) or replay_document(document).problems


@given(evaluations())
def test_a_trace_is_read_back_as_it_was_written_and_derived_again(evaluation):
    again = parse_trace(evaluation.to_json())
    assert again == evaluation.trace
    assert replay(evaluation.trace) == replay(again) == ()


@given(evaluations(), st.sampled_from((None, *FORMS)))
def test_each_number_of_each_form_is_derived_or_held_by_a_digest(evaluation, form):
    text = evaluation.to_json(form)
    found = replay_document(parse(text), evaluation.plan.ruleset)
    given_numbers = [path for path in numbers(json.loads(text, parse_float=Decimal)) if path[0] == "given"]
    others = [path for path in numbers(json.loads(text, parse_float=Decimal)) if path[0] != "given"]
    assert found.problems == ()
    assert found.held >= len(given_numbers)
    assert found.derived >= len(others) > 0


@settings(max_examples=3 * settings.default.max_examples)
@given(evaluations(), st.sampled_from((None, None, *FORMS)), CHANGES, st.data())
def test_an_altered_number_is_noticed(evaluation, form, change, data):
    document = json.loads(evaluation.to_json(form), parse_float=Decimal)
    path = data.draw(st.sampled_from(numbers(document)))
    event(" ".join(step for step in path if isinstance(step, str))[:40])
    assert noticed(with_value(document, path, change), evaluation)


@settings(max_examples=2 * settings.default.max_examples)
@given(evaluations(), st.sampled_from((None, None, *FORMS)), st.data())
def test_an_altered_word_or_a_member_left_out_is_noticed(evaluation, form, data):
    """Statuses, bases, branches, grades, messages, and what there is at all."""
    document = json.loads(evaluation.to_json(form), parse_float=Decimal)
    places = [path for path, value in scalars(document) if not is_number(value) and path != ("jmrules",)]
    path = data.draw(st.sampled_from(places))
    dropped = data.draw(st.booleans()) and isinstance(path[-1], str)
    event("dropped" if dropped else "altered")
    assert noticed(with_value(document, path, None if dropped else other), evaluation)


def noticed(document, evaluation):
    read = parse(json_text(document))
    return check(read, "trace") or replay_document(read, evaluation.plan.ruleset).problems


#: numbers of up to 34 digits
WIDE = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places, CONTEXT),
    st.integers(1, 10**34 - 1) | st.integers(1, 999),
    st.integers(0, 20),
)


def through_doubles(text):
    """What a reader that holds doubles writes again, as JavaScript does."""

    def number(token):
        held = float(token)
        return int(held) if held.is_integer() and abs(held) < 1e21 else held

    return json.dumps(json.loads(text, parse_float=number, parse_int=number), ensure_ascii=False)


@given(WIDE, WIDE, st.sampled_from((None, *FORMS)))
def test_a_trace_survives_a_reader_of_doubles(a, b, form):
    number = {"type": "number", "label": WORDS}
    declared = {"a": number, "b": number, "rows": {"type": "list", "label": WORDS, "item": {"x": number}}}
    ruleset = single_leaf({"kind": "ratio", "value": "top", "full_at": min(a, Decimal(10) ** 30)}, declared)
    ruleset["derived"] = {"top": {"value": "a * 3 + b + sum(rows.x)", "label": WORDS}}
    evaluation = evaluate(load_ruleset(ruleset), {"a": a, "b": b, "rows": [{"x": a}, {"x": b}]})
    text = evaluation.to_json(form)
    event("a number that no double holds" if not is_double(a) else "a double")
    again = through_doubles(text)
    document = parse(again)
    assert check(document, "trace") == []
    assert replay_document(document, evaluation.plan.ruleset).problems == ()
    if form is None:
        assert parse_trace(again) == parse_trace(text) == evaluation.trace


@settings(max_examples=settings.default.max_examples // 2)
@given(cases(most_leaves=3), CHANGES, st.data())
def test_an_altered_number_of_bounds_is_noticed(case, change, data):
    trust = data.draw(st.sampled_from(("assertion", "figure")))
    facts = load_facts(data.draw(facts_documents(case)))
    try:
        text = bounds(load_ruleset(case.ruleset), facts, trust).to_json()
    except EvaluationError:
        reject()
    assert problems(text) == ()
    document = json.loads(text, parse_float=Decimal)
    path = data.draw(st.sampled_from(numbers(document)))
    event(path[0])
    assert problems(json_text(with_value(document, path, change)))


def test_what_was_given_altered_with_its_award_left_is_refused():
    """Not the input alone: the fact, its digest, and every place that tells its value."""
    document = json.loads(evaluate(load_ruleset(base()), FACTS).to_json(), parse_float=Decimal)
    fact = next(each for each in document["indicators"][0]["inputs"] if each["kind"] == "fact")
    old = fact["value"]
    fact["value"] = document["given"]["facts"]["facts"][fact["name"]] = old / 2
    altered = load_ruleset(base()), document["given"]["facts"]["facts"]
    document["facts"] = json.loads(evaluate(*altered).to_json())["facts"]
    assert problems(json_text(document))


def test_a_trace_of_another_version_is_held_to_its_numbers_and_not_to_its_words():
    document = json.loads(evaluate(load_ruleset(base()), FACTS).to_json(), parse_float=Decimal)
    document["jmrules"] = "0.0.1"
    leaf = document["indicators"][0]
    leaf["explanation"]["zh"] = "从前的说法"
    found = replay_document(parse(json_text(document)))
    assert (found.problems, found.version) == ((), "0.0.1")
    leaf["awarded"] += 1
    assert replay_document(parse(json_text(document))).problems
