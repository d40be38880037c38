"""Pairs of rulesets that the same facts fit: a generated one, and what it is after some edits that keep it sound."""

import copy
import json
from decimal import Decimal as D

from hypothesis import assume, settings
from hypothesis import strategies as st

from jmrules import RulesetError, load_facts, load_ruleset
from jmrules.documents import parse, pretty
from score.columns.tables import changed
from strategies import cases, facts_documents

#: compiling two rulesets takes a while: a third of the examples that the profile asks for
fewer = settings(max_examples=max(1, settings().max_examples // 3))

WHOLE = [{"id": "whole", "label": {"zh": "都"}, "in": ">= 0"}]


def shelves(nodes):
    return [nodes, *(shelf for node in nodes for shelf in shelves(node.get("children", [])) if "children" in node)]


@st.composite
def pairs(draw):
    """Two loaded rulesets, and facts for the first."""
    case = draw(cases())
    before, after = edited(draw, case)
    return before, after, load_facts(draw(facts_documents(case)))


def edited(draw, case):
    """The loaded ruleset of a case, and what it is after some edits."""
    after = copy.deepcopy(case.ruleset)
    after["grades"] = WHOLE
    for _ in range(draw(st.integers(0, 4))):
        draw(st.sampled_from((_weight, _method, _drop, _add, _move, _applies)))(draw, after)
    for shelf in shelves(after["indicators"]):
        for node in shelf:
            if "children" in node:
                node.pop("points", None)
    after["fiscal_year"] += 1
    try:
        new = load_ruleset(after)
    except RulesetError:
        # An expression read the score of what was dropped.
        assume(False)
    return load_ruleset(case.ruleset), new


def _leaf(draw, document):
    leaves = [
        (shelf, i)
        for shelf in shelves(document["indicators"])
        for i, node in enumerate(shelf)
        if "children" not in node
    ]
    return draw(st.sampled_from(leaves))


def _weight(draw, document):
    shelf, index = _leaf(draw, document)
    node = shelf[index]
    if node["method"]["kind"] in ("ratio", "completion", "steps", "formula") and node["method"].get("points") is None:
        node["points"] = D(node["points"]) * 2


def _method(draw, document):
    shelf, index = _leaf(draw, document)
    shelf[index]["method"] = {"kind": "ratio", "value": draw(st.sampled_from(("1 / 3", "0.5", "1", "0.123456")))}


def _drop(draw, document):
    shelf, index = _leaf(draw, document)
    if len(shelf) > 1:
        del shelf[index]


def _add(draw, document):
    shelf, index = _leaf(draw, document)
    added = {
        "id": "brand_new",
        "points": D(1),
        "label": {"zh": "新"},
        "method": {"kind": "ratio", "value": "2 / 3"},
        "source": {"status": "stated", "clause": "一"},
    }
    if not any(node["id"] == "brand_new" for shelf in shelves(document["indicators"]) for node in shelf):
        shelf.insert(index, added)


def _move(draw, document):
    shelf, index = _leaf(draw, document)
    target = draw(st.sampled_from(shelves(document["indicators"])))
    if len(shelf) > 1:
        target.append(shelf.pop(index))


def _applies(draw, document):
    shelf, index = _leaf(draw, document)
    node = shelf[index]
    if "applies" in node:
        del node["applies"]
    elif len(shelf) > 1:
        node["applies"] = {
            "when": "1 = 2",
            "otherwise": draw(st.sampled_from(("exclude", "full", "zero"))),
            "reason": {"zh": "无"},
        }


SMALLER = {"CNY_10k": "CNY", "ratio": "percent", "%": "permille", "year": "month", "CNY": "CNY_10k"}


@st.composite
def tables_for_both(draw, most_rows=6):
    """Two loaded rulesets, the declarations of the first's facts, rows of facts for it, some with gaps, and what is assumed."""
    case = draw(cases())
    before, after = edited(draw, case)
    document = json.loads(pretty(after.source.value), parse_float=D, parse_int=D)
    document["fiscal_year"] = int(document["fiscal_year"])
    assumed = {}
    if draw(st.booleans()):
        for part in _parts(document["facts"]):
            if part.get("unit") in SMALLER and draw(st.booleans()):
                part["unit"] = SMALLER[part["unit"]]
            elif part.get("optional") and draw(st.booleans()):
                del part["optional"]
    if draw(st.booleans()):
        document["facts"]["fresh"] = {"type": "number", "unit": "CNY", "label": {"zh": "新"}}
        document["indicators"].append(
            {
                "id": "fresh_one",
                "points": D(2),
                "label": {"zh": "新项"},
                "method": {"kind": "ratio", "value": "fresh / 300"},
                "source": {"status": "stated", "clause": "一"},
            }
        )
        assumed["fresh"] = draw(st.sampled_from((100, D("0.25"), {"value": D("0.02"), "unit": "CNY_10k"}, D("1e30"))))
    try:
        after = load_ruleset(parse(pretty(document)).value)
    except RulesetError:
        assume(False)
    for fact in after.facts:
        if case.facts.get(fact.id) is not None and draw(st.integers(0, 3)) == 0:
            assumed[fact.id] = case.facts[fact.id]
    rows = [case.facts]
    for _ in range(draw(st.integers(0, most_rows - 1))):
        row = draw(changed(case.ruleset["facts"], case.facts))
        if draw(st.integers(0, 4)) == 0 and row:
            row.pop(draw(st.sampled_from(sorted(row))))
        rows.append(row)
    return before, after, case.ruleset["facts"], rows, assumed


def _parts(facts):
    for part in facts.values():
        yield part
        yield from _parts(part.get("item", {}))
