"""What the generated rulesets cover: every combination that the laws speak of, and many values where rules turn."""

import re
from collections import Counter
from decimal import Decimal as D
from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import Phase, given, settings

from naive import Scoring
from naive.functions import Undefined
from strategies import KINDS, cases

MODES = ("half up", "half even", "half down", "up", "down")
FORMS_OF_QUOTIENTS = (" / ", "mean(", "sum(", "median(", "modulo(", "floor(", "ceiling(", "decimal(", "round half up(")
EXPRESSIONS = ("value", "items", "count", "when", "level", "chosen", "points")


@pytest.fixture(scope="module")
def seen():
    """How often each feature occurs in a fixed sample: of all methods together, and of each by itself."""
    counter = Counter()
    look(counter, cases(), 1000)
    for kind in KINDS:
        look(counter, cases(most_leaves=3, kinds=(kind,)), 400)
    return counter


@pytest.fixture(scope="module")
def seen_in_quotients():
    """The same where numbers are quotients, sums of quotients and means, whose decimals do not end."""
    counter = Counter()
    for kind in KINDS:
        look(counter, cases(most_leaves=2, kinds=(kind,), quotients=1), 300)
    return counter


def look(counter, strategy, examples):
    @settings(max_examples=examples, derandomize=True, database=None, phases=[Phase.generate])
    @given(strategy)
    def count(case):
        counter.update(features(case))

    count()


def features(case):
    scoring = Scoring(case.ruleset, case.facts)
    outcome = scoring.outcome()
    rounding = case.ruleset["rounding"]
    yield ("rounding", rounding["leaf"], rounding.get("mode", "half up"))
    yield ("total rounded", rounding["total"] < rounding["leaf"])
    yield "scaled" if "scale" in case.ruleset else "kinds" if "points" in case.ruleset else "plain"
    if case.ruleset.get("clamp") and outcome.total is not None:
        yield ("held within its ends" if outcome.total in map(F, case.ruleset["clamp"].values()) else "within its ends")
    for line in case.ruleset.get("adjustments", ()):
        yield ("beside", line["effect"])
    if outcome.total is not None and outcome.total < 0:
        yield "below nothing"
    yield "nothing applies" if outcome.nothing_applies else "fails" if outcome.failing else "scored"
    yield from facts_features(case.ruleset["facts"], case.facts)
    derived = case.ruleset.get("derived", {})
    for entry in derived.values():
        yield "derived reads scores" if "scores." in entry["value"] else "derived reads facts"
        if set(re.findall(r"\w+", entry["value"])) & set(derived):
            yield "derived reads derived"
    if outcome.total is not None and any(
        f"{float(outcome.total):g}" in grade["in"] for grade in case.ruleset["grades"]
    ):
        yield "total on a grade's edge"
    for name, node in scoring.nodes.items():
        if "children" in node:
            yield (
                "group without points"
                if outcome.nodes and name in outcome.nodes and not outcome.nodes[name].points
                else "group"
            )
    for depth, node in depths(case.ruleset["indicators"]):
        yield ("depth", depth)
        if "method" in node and not outcome.nothing_applies:
            yield from leaf_features(case, scoring, outcome, node)


def depths(nodes, depth=0):
    for node in nodes:
        yield depth, node
        yield from depths(node.get("children", ()), depth + 1)


def facts_features(declared, facts):
    for name, fact in declared.items():
        yield ("fact", fact["type"])
        if "unit" in fact:
            yield ("unit", fact["unit"])
        if fact.get("optional"):
            yield (
                "optional absent" if name not in facts else "optional null" if facts[name] is None else "optional given"
            )


def leaf_features(case, scoring, outcome, leaf):
    kind, name = leaf["method"]["kind"], leaf["id"]
    applies = leaf.get("applies")
    form = "none" if applies is None else applies["otherwise"] + (" to" if "to" in applies else "")
    yield ("applies", kind, form, scoring.applied[name])
    state = "failing" if name in outcome.failing else outcome.nodes[name].state if name in outcome.nodes else "blocked"
    if state in {"scored", "undefined", "failing"}:
        yield ("undefined", kind, "undefined" in leaf, state)
    for text in texts(leaf["method"]):
        for member in re.findall(r"scores\.\w+\.(\w+)", text):
            yield ("score read", member)
        if set(re.findall(r"\w+", text)) & set(case.ruleset.get("derived", ())):
            yield "leaf reads derived"
    if kind == "completion":
        yield from completion_features(scoring, leaf["method"])
    if state == "scored":
        exact = outcome.nodes[name].exact * 10 ** case.ruleset["rounding"]["leaf"]
        tie, edge = (exact * 2) % 2 == 1, on_edge(leaf, scoring)
        yield "value"
        yield from (word for word, true in (("tie", tie), ("edge", edge), ("tie or edge", tie or edge)) if true)
        yield from ((word, kind) for word, true in (("tie", tie), ("edge", edge)) if true)
        if tie:
            yield ("tie", case.ruleset["rounding"].get("mode", "half up"))
            yield ("tie", case.ruleset["rounding"]["leaf"])
        if tie or edge:
            yield from {part for text in texts(leaf["method"]) for part in FORMS_OF_QUOTIENTS if part in text}


def texts(part):
    if isinstance(part, dict):
        return [
            text
            for key, inner in part.items()
            for text in ([inner] if isinstance(inner, str) and key in EXPRESSIONS else texts(inner))
        ]
    return [text for inner in part for text in texts(inner)] if isinstance(part, list) else []


def completion_features(scoring, method):
    for option in ("share", "less_is_better", "weight", "points", "item_rounding", "over_achievement"):
        if option in method:
            yield ("completion", option)
    if "tolerance" in method.get("over_achievement", ()):
        yield ("completion", "tolerance")
    items = value(scoring, method["items"])
    if items is None:
        return
    yield ("items", min(2, len(items)))
    for item in items:
        target, actual = (item.get(method.get(key, key)) for key in ("target", "actual"))
        if target is not None and target <= 0:
            yield ("target", "zero" if target == 0 else "negative")
        if target is None or actual is None:
            yield ("target", "null")


def value(scoring, text):
    try:
        return scoring.value(text)
    except Undefined:
        return None


def on_edge(leaf, scoring):
    """Does what the method measures lie exactly where its rule turns?"""
    method, points = leaf["method"], F(leaf["points"])
    measured = value(scoring, method["value"]) if "value" in method else None
    match method["kind"]:
        case "ratio":
            return measured in {method.get("zero_at", 0), method.get("full_at", 1)}
        case "bands":
            ends = re.findall(r"-?\d+(?:\.\d+)?", " ".join(band["in"].replace("..", " ") for band in method["bands"]))
            return measured in {D(end) for end in ends}
        case "steps":
            return (F(measured) - F(method["bound"])) % F(method["step"]) == 0
        case "interpolate":
            return measured in {knot["at"] for knot in method["knots"]}
        case "formula":
            return value(scoring, method["points"]) in {0, points}
        case "levels":
            chosen, judged = value(scoring, method.get("chosen", "null")), value(scoring, method["level"])
            return any(
                level["id"] == judged and chosen in level.get("range", level.get("between", ()))
                for level in method["levels"]
            )
        case "deductions":
            return any(costs_exactly(item, scoring, points) for item in method["items"])
        case "parts" | "best" | "worst" | "cases":
            return any(part_on_edge(part, points, scoring) for part in method["parts"])
        case "completion":
            return any(item_on_edge(method, item) for item in value(scoring, method["items"]))
    return False


def part_on_edge(part, points, scoring):
    if "method" not in part or ("when" in part and value(scoring, part["when"]) is not True):
        return False
    own = F(part["share"]) * points if "share" in part else F(part.get("points", points))
    try:
        return on_edge({"method": part["method"], "points": own}, scoring)
    except (TypeError, ZeroDivisionError):
        # a case that does not count may be undefined
        return False


def costs_exactly(item, scoring, points):
    found = value(scoring, item["count"])
    return item["loss"] != "all" and (F(found) - item.get("free", 0)) * F(item["loss"]) in {
        points,
        F(item.get("at_most", points)),
    }


def item_on_edge(method, item):
    stated = item.get(method.get("share"))
    if stated is not None:
        return stated in {0, 1}
    if any(item.get(method.get(key, key)) is None for key in ("target", "actual")):
        return False
    target, actual = (F(item[method.get(key, key)]) for key in ("target", "actual"))
    tolerance = F(method.get("over_achievement", {}).get("tolerance", 0))
    return target and abs(actual - target) / target in {0, tolerance, 1 + tolerance}


FORMS = ("full", "zero", "exclude", "exclude to")


@pytest.mark.parametrize("kind", KINDS)
def test_every_method_with_every_way_not_to_apply(seen, kind):
    assert seen["applies", kind, "none", True]
    assert [form for form in FORMS if not seen["applies", kind, form, False]] == []
    assert [form for form in FORMS if not any(seen["applies", kind, form, other] for other in (True, None))] == []


def test_every_way_to_apply_is_true_false_and_undecided(seen):
    ways = product(FORMS, (True, False, None))
    assert [
        (form, applied) for form, applied in ways if not any(seen["applies", k, form, applied] for k in KINDS)
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_method_undefined_or_not_and_declared_or_not(seen, kind):
    ways = ((True, "scored"), (True, "undefined"), (False, "scored"), (False, "failing"))
    assert [way for way in ways if not seen["undefined", kind, *way]] == []


def test_every_rounding(seen):
    assert [pair for pair in product(range(7), MODES) if not seen["rounding", *pair]] == []
    assert seen["total rounded", True] >= 50


def test_trees(seen):
    assert all(seen["depth", depth] for depth in range(4))
    assert seen["group"] and seen["group without points"]
    assert all(seen[end] for end in ("nothing applies", "fails", "scored"))
    assert seen["scored"] > 4 * (seen["fails"] + seen["nothing applies"])
    assert seen["total on a grade's edge"] >= seen["scored"] / 10


def test_what_a_sheet_comes_to(seen):
    assert min(seen[form] for form in ("plain", "kinds", "scaled")) >= 50
    assert min(seen["beside", effect] for effect in ("bonus", "penalty")) >= 20
    assert [what for what in ("held within its ends", "within its ends", "below nothing") if not seen[what]] == []


def test_what_expressions_read(seen):
    assert all(seen["score read", member] for member in ("points", "awarded", "rate"))
    assert all(seen[f"derived reads {what}"] for what in ("facts", "derived", "scores"))
    assert seen["leaf reads derived"]
    assert all(seen[f"optional {how}"] for how in ("absent", "null", "given"))
    assert all(seen["fact", kind] for kind in ("number", "boolean", "string", "date", "list"))


def test_completion_options(seen):
    options = ("share", "less_is_better", "weight", "points", "item_rounding", "over_achievement", "tolerance")
    assert [option for option in options if not seen["completion", option]] == []
    assert all(seen["items", count] for count in (0, 1, 2))
    assert all(seen["target", what] for what in ("zero", "negative", "null"))


def test_a_third_of_the_values_lie_on_edges_or_ties(seen):
    assert seen["tie or edge"] >= seen["value"] / 3
    assert seen["tie"] >= seen["value"] / 6
    assert seen["edge"] >= seen["value"] / 6
    assert [kind for kind in KINDS if not seen["tie", kind]] == []
    assert [kind for kind in KINDS if not seen["edge", kind]] == ["checklist"]


def test_quotients_that_do_not_end_come_to_edges_and_ties_as_often(seen_in_quotients):
    seen = seen_in_quotients
    assert seen["tie or edge"] >= seen["value"] / 3
    assert seen["tie"] >= seen["value"] / 6
    assert seen["edge"] >= seen["value"] / 6
    assert [kind for kind in (*KINDS, *MODES, *range(7)) if seen["tie", kind] < 10] == []
    assert [kind for kind in KINDS if seen["edge", kind] < 10] == ["checklist"]
    assert [unit for unit in ("CNY_10k", "%", "ratio") if not seen["unit", unit]] == []
    assert [form for form in FORMS_OF_QUOTIENTS if not seen[form]] == []
