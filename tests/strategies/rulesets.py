"""Whole rulesets, with facts that fit them."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from decimal import Decimal as D
from typing import Any

from hypothesis import strategies as st

from naive import evaluate
from strategies.builder import EDGE, FREE, TIE, UNDEFINED, Builder, plain
from strategies.expressions import condition, undefined_condition
from strategies.methods import METHODS

MODES = ("half up", "half even", "half down", "up", "down")
POINTS = (D(2), D(1), D(3), D(5), D(7), D(10), D(15), D(20), D("0.5"), D("2.5"), D("1.25"))

#: how a leaf that may not apply earns, whether its points go to named others, and whether it applies
WAYS = tuple(
    (otherwise, to_some, truth)
    for otherwise, to_some in (("exclude", True), ("exclude", False), ("full", False), ("zero", False))
    for truth in (False, True, None)
)


@dataclass(frozen=True)
class Case:
    """A ruleset document, and facts (name to plain value) that fit it."""

    ruleset: dict[str, Any]
    facts: dict[str, Any]


@st.composite
def cases(draw, most_leaves=5, kinds=tuple(METHODS), quotients=4):
    """Valid rulesets with facts that fit; now and then a leaf is undefined without saying what it then earns.

    One number in so many as ``quotients`` says is written in quotients that do not end.
    """
    leaf_digits = draw(st.sampled_from((2, 2, 1, 0, 3, 6, 4, 5)))
    b = Builder(draw, leaf_digits)
    b.quotients = quotients
    nodes = _tree(b, b.integer(1, most_leaves), 3)
    points = sum(D(leaf["points"]) for node in nodes for leaf in _leaves(node))
    form = b.pick("plain", "plain", "kinds", "scaled") if most_leaves > 1 else "plain"
    twins = _kinds(b, nodes, []) if form == "kinds" else []
    leaves = [leaf for node in nodes for leaf in _leaves(node)]
    rounding = _rounding(b, leaf_digits, points)
    _fill(b, nodes, leaves[::-1] if b.chance(3) else leaves, kinds)
    for leaf in leaves:
        if leaf["id"] not in twins:
            _applies(b, leaf, nodes, scaled=form == "scaled")
    ruleset = {**_head(b), "rounding": rounding, "facts": b.facts, "derived": b.derived, "indicators": nodes}
    if twins:
        ruleset["points"] = b.number(points)
    if form == "plain" and most_leaves > 1 and b.chance(2):
        _own_points(b, nodes, points)
    if form == "scaled":
        ruleset["scale"] = {"to": b.number(b.pick(D(100), D(50), D(1000)))}
    if most_leaves > 1 and b.chance(4):
        ruleset |= _adjustments(b, kinds)
    ruleset["grades"] = _grades(b, ruleset, b.values)
    if not b.derived and b.chance(2):
        del ruleset["derived"]
    return Case(ruleset, b.values)


def _rounding(b, leaf_digits, points):
    """The root's points must be a multiple of what the total is rounded to."""
    total_digits = [digits for digits in (2, leaf_digits, 1, 0) if points % D(1).scaleb(-digits) == 0]
    rounding = {"leaf": leaf_digits, "total": b.pick(*total_digits), "mode": b.pick(*MODES)}
    if rounding["mode"] == "half up" and b.chance(2):
        del rounding["mode"]
    return rounding


def _tree(b, count, depth):
    nodes = []
    while count:
        if depth and b.chance(3):
            inside = b.integer(1, count)
            node = {"id": b.name("group"), "label": b.text(), "children": _tree(b, inside, depth - 1)}
            if b.chance(2):
                node["points"] = b.number(sum(D(leaf["points"]) for leaf in _leaves(node)))
            count -= inside
        else:
            usual = [points for points in POINTS if points % b.quantum == 0]
            node = {"id": b.name("leaf"), "label": b.text(), "points": b.number(b.pick(*usual, b.quantum))}
            count -= 1
        nodes.append(node)
    return nodes


def _leaves(node):
    return [leaf for child in node["children"] for leaf in _leaves(child)] if "children" in node else [node]


def _nodes(nodes):
    return [inner for node in nodes for inner in (node, *_nodes(node.get("children", ())))]


def _fill(b, nodes, leaves, kinds):
    """Give each leaf a method of one of the kinds; one may read the scores of those before it, in the order given."""
    done = set()
    for leaf in leaves:
        b.readable = tuple(node["id"] for node in _nodes(nodes) if all(each["id"] in done for each in _leaves(node)))
        where = b.pick(EDGE, TIE, FREE, EDGE, TIE, FREE, UNDEFINED)
        points = D(leaf["points"])
        leaf["method"] = METHODS[b.pick(*kinds)](b, points, where)
        leaf["source"] = b.source()
        if b.chance(3) is (where != UNDEFINED):
            leaf["undefined"] = {"share": b.number(b.pick(D(0), D(1), D("0.5"), D("0.333"))), "reason": b.text()}
        if b.chance(5):
            finest = -b.quantum.as_tuple().exponent
            leaf["rounding"] = {"digits": b.integer(0, finest)} | ({"mode": b.pick(*MODES)} if b.chance(2) else {})
        if b.chance(6):
            dated = {"dated": '<= date("2024-12-31")'} if b.chance(2) else {}
            leaf["evidence"] = [{"kind": "report", "label": b.text(), **dated}]
        done.add(leaf["id"])
    b.readable = ()


def _kinds(b, nodes, twins):
    """Beside some leaves another with as many points, of which one kind of department has the one, another the other; their ids."""
    for node in list(nodes):
        if "children" in node:
            _kinds(b, node["children"], twins)
        elif b.chance(2):
            other = {"id": b.name("leaf"), "label": b.text(), "points": node["points"]}
            nodes.insert(nodes.index(node) + b.integer(0, 1), other)
            b.values.setdefault("kind", b.pick("school", "clinic"))
            b.facts["kind"] = {"type": "string", "in": '"school", "clinic"', "label": b.text()}
            for leaf, when in ((node, 'kind = "school"'), (other, 'not(kind = "school")')):
                leaf["applies"] = {"when": when, "otherwise": "absent", "reason": b.text()}
                twins.append(leaf["id"])
    return twins


def _own_points(b, nodes, total):
    """Some leaves of the top level are worth what facts say: two that share what they have otherwise, or one as it is stated."""
    free = [node for node in nodes if "children" not in node and not _in_points(node["method"])]
    if not free:
        return
    chosen = free[:2]
    whole = sum(D(leaf["points"]) for leaf in chosen)
    units = int(whole / b.quantum)
    first = b.integer(1, units - 1) if len(chosen) == 2 and b.chance(2) else int(D(chosen[0]["points"]) / b.quantum)
    for leaf, mine in zip(chosen, (first, units - first), strict=False):
        name = b.name("own")
        digits = -b.quantum.as_tuple().exponent
        b.facts[name] = {
            "type": "number", "unit": "point", "decimals": digits, "in": f"[{plain(b.quantum)}..{plain(total)}]", "label": b.text(),
        }  # fmt: skip
        leaf["set_by"] = name
        if b.chance(4) and mine * b.quantum == D(leaf["points"]):
            b.facts[name]["optional"] = True
        else:
            b.values[name] = b.number(mine * b.quantum)


def _in_points(value):
    """Whether something in a method is worth so many points."""
    if isinstance(value, list):
        return any(map(_in_points, value))
    if not isinstance(value, dict):
        return False
    stated = value.get("points")
    own = "kind" in value and isinstance(stated, str)  # a formula, or a field of the items
    return "between" in value or (stated is not None and not own) or any(map(_in_points, value.values()))


def _adjustments(b, kinds):
    """One or two lines beside the sheet, and whether the total is held within bounds."""
    lines = []
    for _ in range(b.integer(1, 2)):
        points = b.pick(*(points for points in POINTS if points % b.quantum == 0), b.quantum)
        line = {"id": b.name("line"), "effect": b.pick("bonus", "penalty"), "label": b.text()}
        line |= {"points": b.number(points), "method": METHODS[b.pick(*kinds)](b, points, b.pick(EDGE, TIE, FREE))}
        line |= {"source": b.source(), "undefined": {"share": b.number(D("0.5")), "reason": b.text()}}
        if b.chance(3):
            when = condition(b, b.chance(2))
            line["applies"] = {"when": when, "otherwise": b.pick("full", "zero"), "reason": b.text()}
        lines.append(line)
    clamp = b.pick(False, {"from": 0}, {"to": 5}, {"from": -1, "to": 4}, {"from": 0, "to": 100})
    return {"adjustments": lines, "clamp": clamp}


def _applies(b, leaf, nodes, scaled=False):
    ways = (*WAYS, *(("absent", False, truth) for truth in (False, False, True, None))) if scaled else WAYS
    way = b.integer(0, 2 * len(ways) - 1)
    if way < len(ways):
        return
    otherwise, to_some, truth = ways[way - len(ways)]
    when = undefined_condition(b) if truth is None else condition(b, truth)
    leaf["applies"] = {"when": when, "otherwise": otherwise, "reason": b.text()}
    if truth is None and not b.chance(8):
        leaf.setdefault("undefined", {"share": b.number(D("0.5")), "reason": b.text()})
    others = [node["id"] for node in _nodes(nodes) if node is not leaf]
    if to_some and others:
        to = [b.pick(*others) for _ in range(b.integer(1, 2))]
        leaf["applies"]["to"] = list(dict.fromkeys(to))
    if b.chance(6):
        leaf["applies"]["source"] = b.source()


def _head(b):
    head = {
        "id": "somewhere/department-overall",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": b.status,
        "title": b.text(),
        "notice": {"issuer": b.text()},
    }
    if b.chance(3):
        head["$schema"] = "../../../schemas/ruleset.schema.json"
        head["notice"] |= {"number": "〔2025〕1 号", "issued": "2025-01-31", "title": b.text()}
        head["listed"] = b.source()
        head["absent"] = [{"id": "procurement", "label": b.text(), "note": b.text()}]
    return head


ROUNDING = {
    "half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "half down": ROUND_HALF_DOWN, "up": ROUND_UP, "down": ROUND_DOWN,
}  # fmt: skip


def ends(ruleset):
    """The least and the most that a total of a ruleset document can be."""
    leaves = [leaf for node in ruleset["indicators"] for leaf in _leaves(node)]
    whole = D(ruleset.get("points", sum(D(leaf["points"]) for leaf in leaves)))
    if "scale" in ruleset:
        whole = D(ruleset["scale"]["to"])
    lines = {
        effect: sum(D(line["points"]) for line in ruleset.get("adjustments", ()) if line["effect"] == effect)
        for effect in ("bonus", "penalty")
    }
    clamp = ruleset.get("clamp") or {}
    quantum, mode = D(1).scaleb(-ruleset["rounding"]["total"]), ROUNDING[ruleset["rounding"].get("mode", "half up")]
    least = D(-lines["penalty"]).quantize(quantum, mode)
    most = D(whole + lines["bonus"]).quantize(quantum, mode)
    return D(clamp.get("from", least)), D(clamp.get("to", most))


def _grades(b, ruleset, facts):
    """Grades that meet at the total itself, often; the last open towards nothing, or starting at 0."""
    quantum = D(1).scaleb(-ruleset["rounding"]["total"])
    least, root = ends(ruleset)
    outcome = evaluate({**ruleset, "grades": []}, facts)
    total = root / 2 if outcome.total is None else D(outcome.total.numerator) / D(outcome.total.denominator)
    cuts = {b.pick(total, total + quantum, root / 2), b.pick(total, root / 4)}
    cuts = sorted(cut for cut in cuts if least < cut <= root)
    entries = [{"id": "lowest", "label": b.text(), "in": f">= {plain(least)}" if not cuts else f"< {plain(cuts[0])}"}]
    if cuts and b.chance(2):
        entries[0]["in"] = f"[{plain(least)}..{plain(cuts[0])})"
    for i, cut in enumerate(cuts):
        above = f"[{plain(cut)}..{plain(cuts[i + 1])})" if i + 1 < len(cuts) else f">= {plain(cut)}"
        if i + 1 == len(cuts) and b.chance(2):
            above = f"[{plain(cut)}..{plain(root)}]"
        entries.append({"id": f"grade_{i}", "label": b.text(), "in": above})
    return entries[::-1]
