"""A trace derives every number again by itself, also when written and read, and tells where it was altered."""

import json
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from jmrules import EvaluationError, JmrulesError
from jmrules.trace import parse_trace, replay
from laws.common import score
from strategies import cases, json_text

#: numbers that follow from others in the trace
DERIVED = ("total", "awarded", "points", "share")


def trace_text(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    return result.to_json()


@given(cases() | cases(most_leaves=2, quotients=1))
def test_a_trace_is_read_back_as_it_was_written(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    text = result.to_json()
    again = parse_trace(text)
    assert again == result.trace
    assert replay(result.trace) == replay(again) == ()


def numbers(node, path=()):
    """Places of the numbers that the trace derives, in its JSON document."""
    for key in DERIVED:
        if key in node:
            yield (*path, key)
    for index, line in enumerate(node.get("beside", ())):
        yield from numbers(line, (*path, "beside", index))
    for index, child in enumerate(node.get("indicators", node.get("children", ()))):
        yield from numbers(child, (*path, "indicators" if "indicators" in node else "children", index))


@given(cases(), st.data())
def test_replay_finds_an_altered_number(case, data):
    document = json.loads(trace_text(case), parse_float=Decimal)
    *path, last = data.draw(st.sampled_from(list(numbers(document))))
    parent = document
    for step in path:
        parent = parent[step]
    parent[last] = "13/17" if last == "share" else parent[last] + Decimal("0.01")
    try:
        assert replay(parse_trace(json_text(document))) != ()
    except JmrulesError as error:
        assert error.problems


@given(cases(), st.data())
def test_replay_finds_an_altered_fact_or_tells_of_the_same_score(case, data):
    """A fact raised by 1000 either changes the share, which replay finds, or cannot have mattered."""
    document = json.loads(trace_text(case), parse_float=Decimal)
    read = [item for leaf in leaves(document["indicators"]) for item in leaf.get("inputs", ())]
    read = [item for item in read if item["kind"] == "fact" and item["type"] == "number" and item["value"] is not None]
    assume(read)
    item = data.draw(st.sampled_from(read))
    item["value"] += 1000
    again = parse_trace(json_text(document))
    if replay(again) == ():
        assert again.total == score(case).total


def leaves(nodes):
    for node in nodes:
        yield from leaves(node["children"]) if "children" in node else [node]
