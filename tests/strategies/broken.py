"""What goes wrong: facts that do not fit, rulesets that do not hold together, and documents with a part torn out."""

import copy
from decimal import Decimal as D

from hypothesis import assume
from hypothesis import strategies as st

JUNK = (
    None,
    True,
    0,
    -1,
    10**40,
    10**5000,
    D("1E+999999999"),
    D("1E-6000"),
    D("1E-999999999"),
    D("0." + "3" * 50),
    D("NaN"),
    D("-Infinity"),
    float("inf"),
    0.1,
    "",
    "x",
    "1",
    "2024-02-30",
    "2024-12-31",
    "((((",
    "1 / 0",
    "a\x00\ud800",
    [],
    [[]],
    [None],
    [{}],
    {},
    {"value": 1},
    {"zh": 1},
    {"unknown": True},
    {"between": [1, 0]},
    {"value": {"value": 1}},
    {"value": 1, "basis": "hearsay"},
    {"value": 1, "evidence": "report"},
    {"value": 1, "evidence": [{"document": "nowhere"}], "statements": [{"value": None}]},
    {"value": 1, "unit": "parsec"},
    {"length": 3},
    b"bytes",
    (1, 2),
    {1: 2},
    object,
)

ODD_NAMES = ("unheard_of", "share", "Ünknown", "", "a b", "if")


def _places(value, path=()):
    """Every place inside a document, as a path of keys and indexes."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inner for place in ((*path, key), *_places(part, (*path, key)))]


@st.composite
def mangled(draw, document):
    """The document with a member or an item removed, replaced, doubled or added, once or twice."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 2))):
        places = _places(document)
        *path, last = draw(st.sampled_from(places)) if places else ("new",)
        parent = document
        for key in path:
            parent = parent[key]
        form = draw(st.sampled_from(("replace", "remove", "add", "swap")))
        if form == "remove" and places:
            del parent[last]
        elif form == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(ODD_NAMES))] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif form == "swap" and places:
            other = document
            for key in draw(st.sampled_from(places)):
                other = other[key]
            parent[last] = copy.deepcopy(other)
        else:
            parent[last] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    return document


@st.composite
def broken_rulesets(draw, case):
    """A ruleset of which the schema has nothing to say, and that yet cannot be a ruleset."""
    ruleset = copy.deepcopy(case.ruleset)
    leaves = _leaves(ruleset["indicators"])
    leaf = draw(st.sampled_from(leaves))
    draw(st.sampled_from(BREAKS))(draw, ruleset, leaf)
    return ruleset


def _leaves(nodes):
    return [leaf for node in nodes for leaf in (_leaves(node["children"]) if "children" in node else [node])]


def _points_do_not_add_up(draw, ruleset, leaf):
    text = {"zh": "组"}
    ruleset["indicators"].append({"id": "broken", "label": text, "points": 3, "children": [_leaf(leaf, "spare", 2)]})


def _leaf(leaf, name, worth, **method):
    plain = {"kind": "formula", "points": "1"}
    return {"id": name, "label": {"zh": "新"}, "points": worth, "method": method or plain, "source": leaf["source"]}


def _points_between_quanta(draw, ruleset, leaf):
    leaf["points"] = D(leaf["points"]) + D(1).scaleb(-ruleset["rounding"]["leaf"] - 1)


def _one_name_twice(draw, ruleset, leaf):
    taken = [*ruleset["facts"], *ruleset.get("derived", ()), leaf["id"]]
    ruleset["indicators"].append(_leaf(leaf, draw(st.sampled_from(taken)), 1))


def _unknown_name(draw, ruleset, leaf):
    text = draw(st.sampled_from(("nobody + 1", "scores.nobody.awarded", "scores.broken.worth", "nobody[1].x")))
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="formula", points=text))


def _reserved_name(draw, ruleset, leaf):
    name = draw(st.sampled_from(("scores", "and", "if", "null", "every")))
    ruleset["facts"][name] = {"type": "number", "label": {"zh": "数"}}


def _wrong_type(draw, ruleset, leaf):
    text = draw(st.sampled_from(('"a" + 1', '"a"', "true", "[1, 2]", "1 +", "1 = ", "unheard of(1)", "{a: 1}")))
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="formula", points=text))


def _cycle(draw, ruleset, leaf):
    ruleset["derived"] = ruleset.get("derived", {}) | {
        "cycle_a": {"value": "cycle_b + 1", "label": {"zh": "环"}},
        "cycle_b": {"value": draw(st.sampled_from(("cycle_a", "scores.broken.awarded"))), "label": {"zh": "环"}},
    }
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="ratio", value="cycle_a"))


def _own_score(draw, ruleset, leaf):
    text = draw(st.sampled_from(("scores.broken.points", "scores.around.rate")))
    inner = _leaf(leaf, "broken", 1, kind="formula", points=text)
    ruleset["indicators"].append({"id": "around", "label": {"zh": "组"}, "children": [inner]})


def _applies_reads_scores(draw, ruleset, leaf):
    other = _leaf(leaf, "broken", 1)
    other["applies"] = {"when": f"scores.{leaf['id']}.awarded > 0", "otherwise": "zero", "reason": {"zh": "因"}}
    ruleset["indicators"].append(other)


def _recipient_unknown(draw, ruleset, leaf):
    other = _leaf(leaf, "broken", 1)
    other["applies"] = {"when": "1 = 1", "otherwise": "exclude", "to": ["nobody"], "reason": {"zh": "因"}}
    ruleset["indicators"].append(other)


def _bands(*texts):
    def broken(draw, ruleset, leaf):
        bands = [{"in": text, "share": 0} for text in draw(st.sampled_from(texts))]
        ruleset["facts"]["measured"] = {"type": "number", "label": {"zh": "数"}}
        ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="bands", value="measured", bands=bands))

    return broken


_bands_overlap = _bands(("<= 1", ">= 1"), ("< 5", "[3..4]", ">= 5"), ("< 1", ">= 1, 0"))
_bands_gap = _bands(("< 1", "> 1"), ("[0..1]",), ("< 0", "(0..3)", ">= 3"), ("(2..1)", "> 0", "< 0"))
_bands_not_constant = _bands(("<= measured", "> measured"), ("> 1 / 0", "<= 0"))


def _knots(draw, ruleset, leaf):
    ats = draw(st.sampled_from(((0, 0), (1, 0), (0, 1, 1))))
    knots = [{"at": at, "share": 0} for at in ats]
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="interpolate", value="1", knots=knots))


def _checklist(draw, ruleset, leaf):
    key = draw(st.sampled_from(("share", "points")))
    entries = [{"id": f"c{i}", "label": {"zh": "项"}, "when": "1 = 1", key: D("0.4")} for i in range(2)]
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="checklist", items=entries))


def _ratio_of_nothing(draw, ruleset, leaf):
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="ratio", value="1", full_at=D("0.5"), zero_at=D("0.50")))


def _levels(draw, ruleset, leaf):
    entries = draw(
        st.sampled_from(
            (
                [{"id": "a", "share": 1}, {"id": "a", "share": 0}],
                [{"id": "a", "range": [D("0.8"), D("0.6")]}],
            )
        )
    )
    entries = [{**entry, "label": {"zh": "档"}} for entry in entries]
    ruleset["indicators"].append(_leaf(leaf, "broken", 1, kind="levels", level='"a"', levels=entries, chosen="0.7"))


def _grades(draw, ruleset, leaf):
    tests = draw(st.sampled_from(((">= 1",), (">= 1", "<= 1"), ("> 1", "< 1"), (">= 1", "< 1", "5"), ("nobody",))))
    ruleset["grades"] = [{"id": f"g{i}", "label": {"zh": "等"}, "in": text} for i, text in enumerate(tests)]
    assume(sum(D(leaf["points"]) for leaf in _leaves(ruleset["indicators"])) >= 5)


BREAKS = (
    _points_do_not_add_up,
    _points_between_quanta,
    _one_name_twice,
    _unknown_name,
    _reserved_name,
    _wrong_type,
    _cycle,
    _own_score,
    _applies_reads_scores,
    _recipient_unknown,
    _bands_overlap,
    _bands_gap,
    _bands_not_constant,
    _knots,
    _checklist,
    _ratio_of_nothing,
    _levels,
    _grades,
)
