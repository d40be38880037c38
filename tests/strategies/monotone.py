"""Pairs of facts of which one is nowhere worse than the other, for methods where better never scores lower."""

from dataclasses import dataclass
from decimal import Decimal as D
from typing import Any

from hypothesis import strategies as st

from strategies.builder import Builder
from strategies.expressions import condition
from strategies.rulesets import MODES

NUMBERS = st.decimals(-2, 14, places=3)


@dataclass(frozen=True)
class Improvement:
    """A ruleset whose leaf x is scored better, or no worse, on ``better`` than on ``worse``."""

    ruleset: dict[str, Any]
    worse: dict[str, Any]
    better: dict[str, Any]


@st.composite
def improvements(draw):
    b = Builder(draw, draw(st.sampled_from((2, 0, 1))))
    points = b.pick(D(10), D(3), D(7))
    method, worse, better = b.pick(ratio, completion, steps, deductions, checklist, interpolate, composed)(b, points)
    other = {"id": "y", "label": {"zh": "乙"}, "points": 5, "method": {"kind": "formula", "points": "1"}}
    other |= {"source": {"status": "stated", "clause": "一"}}
    if b.chance(2):
        other["applies"] = {"when": condition(b, False, 0), "otherwise": "exclude", "reason": {"zh": "无"}}
    leaf = {"id": "x", "label": {"zh": "甲"}, "points": int(points), "method": method, "source": other["source"]}
    ruleset = {
        "id": "somewhere/monotone",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "draft",
        "title": {"zh": "单调"},
        "notice": {"issuer": {"zh": "某局"}},
        "rounding": {"leaf": -b.quantum.as_tuple().exponent, "total": b.pick(2, 0, 1), "mode": b.pick(*MODES)},
        "grades": [{"id": "any", "label": {"zh": "等"}, "in": ">= 0"}],
        "facts": b.facts,
        "indicators": [leaf, other],
    }
    return Improvement(ruleset, b.values | worse, b.values | better)


def _ordered(b, less_is_better=False):
    """A worse and a better number."""
    pair = sorted((b.draw(NUMBERS), b.draw(NUMBERS)), reverse=less_is_better)
    return tuple(b.number(value) for value in pair)


def _measured(b, less_is_better=False):
    worse, better = _ordered(b, less_is_better)
    b.facts["m"] = {"type": "number", "label": {"zh": "数"}}
    return {"m": worse}, {"m": better}


def ratio(b, points):
    less = b.chance(2)
    zero, full = (D(10), D(2)) if less else (D(0), b.pick(D(1), D(12), D(7)))
    method = {"kind": "ratio", "value": "m", "zero_at": b.number(zero), "full_at": b.number(full)}
    return method, *_measured(b, less)


def steps(b, points):
    above = b.chance(2)
    method = {
        "kind": "steps",
        "value": "m",
        "bound": b.number(b.pick(D(0), D(5))),
        "direction": "above" if above else "below",
        "step": b.number(b.pick(D(1), D("0.3"))),
        "loss": b.number(b.pick(D(1), D("0.7"))),
        "partial": b.pick("ignore", "full", "proportional"),
    }
    return method, *_measured(b, above)


def interpolate(b, points):
    less = b.chance(2)
    shares = sorted((D(b.integer(0, 10)) / 10 for _ in range(b.integer(2, 4))), reverse=less)
    knots = [{"at": b.number(D(i * i)), "share": b.number(share)} for i, share in enumerate(shares)]
    return {"kind": "interpolate", "value": "m", "knots": knots}, *_measured(b, less)


def deductions(b, points):
    entries, worse, better = [], {}, {}
    for name in ("p", "q")[: b.integer(1, 2)]:
        b.facts[name] = {"type": "number", "label": {"zh": "处"}, "decimals": 0}
        better[name], worse[name] = sorted((b.integer(0, 6), b.integer(0, 6)))
        entry = {"id": f"item_{name}", "label": {"zh": "项"}, "count": name, "loss": b.pick(1, "all", 2)}
        if b.chance(2):
            entry["at_most"] = b.pick(3, 1)
        entries.append(entry)
    return {"kind": "deductions", "items": entries}, worse, better


def checklist(b, points):
    entries, worse, better = [], {}, {}
    for name, share in (("p", D("0.25")), ("q", D("0.35")), ("r", D("0.4"))):
        b.facts[name] = {"type": "boolean", "label": {"zh": "否"}}
        worse[name], better[name] = sorted((b.chance(2), b.chance(2)))
        entries.append({"id": f"item_{name}", "label": {"zh": "项"}, "when": name, "share": share})
    return {"kind": "checklist", "items": entries}, worse, better


def completion(b, points):
    method = {"kind": "completion", "items": "xs", "less_is_better": "less", "share": "stated"}
    fields = {name: {"type": "number", "optional": True} for name in ("target", "actual", "stated", "weight")}
    fields["less"] = {"type": "boolean"}
    fields = {name: field | {"label": {"zh": "列"}} for name, field in fields.items()}
    b.facts["xs"] = {"type": "list", "label": {"zh": "表"}, "item": fields}
    if b.chance(2):
        method["weight"] = "weight"
    if b.chance(2):
        method["item_rounding"] = b.integer(0, 2)
    worse, better = [], []
    for _ in range(b.integer(1, 3)):
        item = {"less": b.chance(2), "weight": b.integer(1, 3)}
        if b.chance(3):
            low, high = sorted((b.integer(0, 10), b.integer(0, 10)))
            pair = ({"stated": D(low) / 10}, {"stated": D(high) / 10})
        else:
            item["target"] = b.pick(3, 7, D("0.5"))
            pair = tuple({"actual": value} for value in _ordered(b, item["less"]))
        worse.append(item | pair[0])
        better.append(item | pair[1])
    return method, {"xs": worse}, {"xs": better}


def composed(b, points):
    """Better in one part, no worse in the other."""
    (one, worse, better), (other, low, high) = (
        b.pick(ratio, steps, interpolate)(b, points / 2),
        checklist(b, points / 2),
    )
    kind = b.pick("parts", "best", "worst")
    parts = [{"id": name, "label": {"zh": name}, "method": each} for name, each in (("a", one), ("b", other))]
    if kind == "parts" or b.chance(2):
        parts = [part | {"share": D("0.5")} for part in parts]
    return {"kind": kind, "parts": parts}, worse | low, better | high
