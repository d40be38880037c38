"""Random edits of a ruleset document, made twice: plainly, on the document itself, and as an overlay's changes."""

import copy
from decimal import Decimal as D

from hypothesis import strategies as st

from strategies import cases

HEAD = {
    "id": "somewhere/department-overall",
    "fiscal_year": 2025,
    "revision": "0.1.0",
    "status": "draft",
    "title": {"zh": "下一年度"},
    "notice": {"issuer": {"zh": "某局"}, "issued": "2026-01-31"},
}
LEAF = {
    "points": 3,
    "label": {"zh": "新指标"},
    "method": {"kind": "ratio", "value": "0.5"},
    "source": {"status": "stated", "clause": "第一条"},
}


def shelves(document):
    """Each list of indicators with the id of its parent (None: the top level)."""
    found = [(None, document["indicators"])]
    for _, shelf in found:
        found += [(node["id"], node["children"]) for node in shelf if "children" in node]
    return found


def inside(node):
    """A node's id and those below it."""
    return {node["id"]}.union(*(inside(child) for child in node.get("children", ())))


@st.composite
def edited(draw, most=5):
    """A base document, what it is after some edits, and the changes of an overlay that makes the same edits."""
    base = draw(cases()).ruleset
    base.setdefault("derived", {})
    flat = copy.deepcopy(base)
    changes, touched = [], set()
    edits = (_set, _remove, _add, _move, _replace, _named, _grade)
    for number in range(draw(st.integers(0, most))):
        change = draw(st.sampled_from(edits))(draw, flat, touched, number)
        if change is not None:
            changes.append(change)
    for name in ("id", "fiscal_year", "revision", "status", "title", "notice"):
        del flat[name]
    return base, {**HEAD, **flat}, changes


def _pick(draw, flat, touched, least=1):
    """A shelf with at least so many nodes, and the place of an untouched node in it; None where there is none."""
    places = [
        (parent, shelf, index)
        for parent, shelf in shelves(flat)
        for index, node in enumerate(shelf)
        if len(shelf) >= least and not inside(node) & touched
    ]
    return draw(st.sampled_from(places)) if places else None


def _set(draw, flat, touched, number):
    picked = _pick(draw, flat, touched)
    if picked is None:
        return None
    _, shelf, index = picked
    node = shelf[index]
    touched.add(node["id"])
    value = {"label": {"zh": f"改名 {number}"}, "note": {"zh": "说明", "en": "note"}}
    node.update(copy.deepcopy(value))
    if "children" not in node and draw(st.booleans()):
        value["points"] = node["points"] = D("12.50")
        value["method"] = node["method"] = {"kind": "ratio", "value": "1"}
    if "applies" in node and draw(st.booleans()):
        value["applies"] = {"otherwise": "zero", "to": None} if "to" in node["applies"] else {"otherwise": "zero"}
        node["applies"].pop("to", None)
        node["applies"]["otherwise"] = "zero"
    if "undefined" in node and draw(st.booleans()):
        value["undefined"] = None
        del node["undefined"]
    return {"op": "set", "indicator": node["id"], "value": value}


def _remove(draw, flat, touched, _):
    picked = _pick(draw, flat, touched, least=2)
    if picked is None:
        return None
    _, shelf, index = picked
    gone = shelf.pop(index)
    touched |= inside(gone)
    return {"op": "remove", "indicator": gone["id"]}


def _place(draw, shelf):
    """A place in the shelf, and how a change names it."""
    index = draw(st.integers(0, len(shelf)))
    if index == len(shelf) and draw(st.booleans()):
        return index, {}
    return index, {"after": shelf[index - 1]["id"] if index else None}


def _add(draw, flat, touched, number):
    parent, shelf = draw(st.sampled_from(shelves(flat)))
    index, where = _place(draw, shelf)
    id = f"added_{number}"
    touched.add(id)
    shelf.insert(index, {"id": id, **copy.deepcopy(LEAF)})
    named = {} if parent is None and draw(st.booleans()) else {"parent": parent}
    return {"op": "add", "indicator": id, **named, **where, "value": copy.deepcopy(LEAF)}


def _move(draw, flat, touched, _):
    picked = _pick(draw, flat, touched, least=2)
    if picked is None:
        return None
    old, shelf, index = picked
    node = shelf.pop(index)
    touched.add(node["id"])
    targets = [(parent, other) for parent, other in shelves(flat) if parent not in inside(node)]
    parent, target = draw(st.sampled_from(targets))
    at, where = _place(draw, target)
    target.insert(at, node)
    named = {} if parent == old and draw(st.booleans()) else {"parent": parent}
    return {"op": "move", "indicator": node["id"], **named, **where}


def _replace(draw, flat, touched, _):
    picked = _pick(draw, flat, touched)
    if picked is None:
        return None
    _, shelf, index = picked
    old = shelf[index]
    touched |= inside(old)
    shelf[index] = {"id": old["id"], **copy.deepcopy(LEAF)}
    return {"op": "replace", "indicator": old["id"], "value": copy.deepcopy(LEAF)}


def _named(draw, flat, touched, number):
    kind, member = draw(st.sampled_from((("fact", "facts"), ("derived", "derived"))))
    entry = {"label": {"zh": "新"}, **({"type": "number"} if kind == "fact" else {"value": "1 + 1"})}
    names = [name for name in flat[member] if name not in touched]
    op = draw(st.sampled_from(("add", "remove", "replace", "set"))) if names else "add"
    name = f"{kind}_added_{number}" if op == "add" else draw(st.sampled_from(names))
    touched.add(name)
    if op == "remove":
        del flat[member][name]
        return {"op": op, kind: name}
    if op == "set":
        flat[member][name]["label"] = {"zh": "改"}
        return {"op": op, kind: name, "value": {"label": {"zh": "改"}}}
    flat[member][name] = dict(entry)
    return {"op": op, kind: name, "value": entry}


def _grade(draw, flat, touched, _):
    grades = [grade for grade in flat["grades"] if grade["id"] not in touched]
    if not grades:
        return None
    grade = draw(st.sampled_from(grades))
    touched.add(grade["id"])
    grade["in"] = "<= 7"
    return {"op": "set", "grade": grade["id"], "value": {"in": "<= 7"}}
