"""The methods but completion: each takes a builder, the leaf's points and where its value is to lie."""

from decimal import Decimal as D
from fractions import Fraction
from itertools import pairwise

from strategies.builder import EDGE, FREE, TIE, UNDEFINED, finite, plain
from strategies.completion import completion
from strategies.compose import compositions
from strategies.expressions import condition, undefined, undefined_condition, value
from strategies.quotients import beside

TINY = D("0.0001")


def _text(b, where, edges, tie, free):
    """FEEL text of one of the edges, of a rounding tie, of another value, or of none."""
    if where == UNDEFINED:
        return undefined(b)
    if where == EDGE and b.chance(b.quotients) and b.chance(4):
        return beside(b, b.pick(*edges), b.pick(1, -1))
    if where != FREE:
        return value(b, b.pick(*edges) if where == EDGE else tie)
    if b.chance(3):
        return f"{value(b, free, 1)} / {b.pick(3, 7)}"
    known = [name for name, fact in b.facts.items() if fact["type"] == "number" and b.values.get(name) is not None]
    return b.pick(*known) if known and b.chance(6) else value(b, free)


def _worth(b, points, amount):
    """An amount of points, as such or as a share where that is a short decimal."""
    share = finite(Fraction(amount) / Fraction(points))
    return {"points": b.number(amount)} if share is None or b.chance(2) else {"share": b.number(share)}


def _amounts(b, points, count, tied):
    """Amounts between 0 and the points, where asked for half way between two quanta."""
    return [b.tie(points) if tied else b.pick(points, D(0), points / 2, points / 4) for _ in range(count)]


def ratio(b, points, where):
    scale = b.pick(D(1), D("0.1"), D("0.01"), D("0.05"), D(2))
    span = points * scale if b.chance(2) else D(1)
    zero, sign = b.pick(D(0), D(0), D("0.5"), D(-1), D(100)), b.pick(1, 1, -1)
    full = zero + sign * span
    method = {"kind": "ratio", "zero_at": b.number(zero), "full_at": b.number(full)}
    if zero == 0 and b.chance(2):
        del method["zero_at"]
    if full == 1 and b.chance(2):
        del method["full_at"]
    at_tie = Fraction(zero) + sign * Fraction(span) * Fraction(b.tie(points)) / Fraction(points)
    free = zero + sign * span * b.integer(-3, 13) / 10
    return method | {"value": _text(b, where, (zero, full), at_tie, free)}


def interpolate(b, points, where):
    count = b.integer(2, 4)
    amounts = [b.integer(0, int(points / b.quantum)) * b.quantum for _ in range(count)]
    if where == TIE and amounts[0] == amounts[1]:
        amounts[:2] = [D(0), points]
    scale, at = b.pick(D(1), D("0.01"), D("0.5")), b.pick(D(0), D(-1), D("0.8"))
    ats = [at]
    even = b.chance(2)
    for low, high in pairwise(amounts):
        ats.append(ats[-1] + (1 if even else abs(high - low) or b.quantum) * scale)
    knots = [{"at": b.number(at), **_worth(b, points, amount)} for at, amount in zip(ats, amounts, strict=True)]
    tie, (first, second) = Fraction(ats[0]), amounts[:2]
    if where == TIE:
        tie += Fraction(ats[1] - ats[0]) * Fraction(b.tie(abs(second - first))) / Fraction(abs(second - first))
    free = ats[0] + (ats[-1] - ats[0]) * b.integer(-3, 13) / 10
    return {"kind": "interpolate", "knots": knots, "value": _text(b, where, ats, tie, free)}


def bands(b, points, where):
    cuts = sorted({D(b.integer(0, 9)) / 5 for _ in range(b.integer(1, 3))})
    low, high = cuts[0] - 1, cuts[-1] + 1
    domain = b.pick(None, None, f"[{plain(low)}..{plain(high)}]", f">= {plain(low)}", f"({plain(low)}..{plain(high)})")
    entries = _ranges(b, cuts, domain)
    amounts = _amounts(b, points, len(entries), where == TIE)
    entries = [entry | _worth(b, points, amount) for entry, amount in zip(entries, amounts, strict=True)]
    if len(entries) > 2 and b.chance(3):
        entries[0]["in"] += f", {entries.pop()['in']}"
    if b.chance(3):
        entries[0]["label"] = b.text()
    if b.chance(4):
        entries.reverse()
    method = {"kind": "bands", "bands": entries}
    if b.chance(4):
        method["otherwise"] = {key: worth for key, worth in entries.pop().items() if key != "in"}
    beside = [*cuts, *(cut + side for cut in cuts for side in (TINY, -TINY))]
    if domain is None:
        return method | {"value": _text(b, where, cuts, b.pick(*beside), b.pick(*beside, D(-9), D(9)))}
    at = None if where == UNDEFINED else b.number(b.pick(*(cuts if where == EDGE else beside)))
    optional = {"optional": True} if at is None else {}
    return method | {"value": b.declare("number", at, **{"in": domain}, **optional)}


def _ranges(b, cuts, domain):
    """Ranges that meet at the cuts, each cut belonging to one side, and reach to the ends of the domain."""
    ends, belongs_below = [plain(cut) for cut in cuts], [b.chance(2) for _ in cuts]
    low_open, high_closed = b.pick("(", "]"), b.pick(")", "[")
    texts = []
    for i in range(len(ends) + 1):
        start = "" if i == 0 else f"{low_open if belongs_below[i - 1] else '['}{ends[i - 1]}"
        end = "" if i == len(ends) else f"{ends[i]}{']' if belongs_below[i] else high_closed}"
        texts.append(f"{start}..{end}")
    first = f"{'<=' if belongs_below[0] else '<'} {ends[0]}"
    last = f"{'>' if belongs_below[-1] else '>='} {ends[-1]}"
    if domain and domain[0] in "[(" and b.chance(2):
        edges = domain.strip("[()]").split("..")
        first, last = f"{domain[0]}{edges[0]}{texts[0]}", f"{texts[-1]}{edges[1]}{domain[-1]}"
    return [{"in": text} for text in (first, *texts[1:-1], last)]


def steps(b, points, where):
    loss = b.pick(points, points / 2, points / 5, b.quantum)
    if where == TIE:
        loss = (2 * b.integer(0, 3) + 1) * b.quantum / 2
    partial = b.pick("ignore", "full", "proportional")
    above = b.chance(2)
    sign, bound, step = 1 if above else -1, b.pick(D(0), D("0.1"), D(-2), D(10)), b.pick(D("0.01"), D(1), D("0.5"))
    beyond = {
        EDGE: b.pick(*range(4), points / loss),
        TIE: 2 * b.integer(0, 3) + 1,
        FREE: D(b.integer(-3, 13)) / 4,
        UNDEFINED: 0,
    }[where]
    if where == TIE and partial == "proportional" and b.chance(2):
        beyond = Fraction(b.tie(points)) / Fraction(loss)
    at = Fraction(bound) + sign * Fraction(step) * Fraction(beyond)
    return {
        "kind": "steps",
        "bound": b.number(bound),
        "step": b.number(step),
        "loss": b.number(loss),
        "direction": "above" if above else "below",
        "partial": partial,
        "value": _text(b, where, (at,), at, at),
    }


def deductions(b, points, where):
    count = b.integer(1, 3)
    entries = []
    for i in range(count):
        found, loss = b.integer(0, 3), b.pick(points / 2, points / 4, points, b.quantum)
        if where == TIE:
            found, loss = 2 * b.integer(0, 2) + (i == 0), (2 * b.integer(0, 5) + 1) * b.quantum / 2
        if where == EDGE and i == count - 1:
            found, loss = b.pick((1, points), (2, points / 2), (4, points / 4), (0, points))
        entry = {"id": f"item_{i}", "label": b.text(), "count": value(b, found), "loss": b.number(loss)}
        if where != TIE and b.chance(6):
            entry["loss"] = "all"
        if b.chance(4):
            entry["free"] = b.integer(1, 2)
            entry["count"] = value(b, found + entry["free"] if found else b.integer(0, entry["free"]))
        if where != TIE and b.chance(3):
            entry["at_most"] = b.number(b.pick(loss, loss / 2, points, points * 2))
        entries.append(entry)
    if where == UNDEFINED:
        entries[-1]["count"] = b.pick(undefined(b), b.fact(-1), b.fact("0.5"))
    return {"kind": "deductions", "items": entries}


def checklist(b, points, where):
    amounts, left = [], points
    for _ in range(b.integer(0, 3)):
        part = b.tie(left) if where == TIE and left >= b.quantum else left * b.integer(0, 4) / 4
        amounts.append(part)
        left -= part
    amounts.append(left)
    shares = [finite(Fraction(amount) / Fraction(points)) for amount in amounts]
    as_shares = b.pick(lambda: False, lambda: True, lambda: b.chance(2))
    entries = []
    for i, amount in enumerate(amounts):
        in_points = shares[i] is None or not as_shares()
        worth = {"points": b.number(amount)} if in_points else {"share": b.number(shares[i])}
        # all but the first met: where the first is worth a half quantum, the award is a tie
        met = condition(b, i > 0 if where == TIE else not b.chance(2))
        entries.append({"id": f"item_{i}", "label": b.text(), "when": met, **worth})
    if where == UNDEFINED:
        entries[-1]["when"] = undefined_condition(b)
    return {"kind": "checklist", "items": entries}


def levels(b, points, where):
    exact = Fraction(b.tie(points)) / Fraction(points)
    tie = finite(exact)
    least, greatest = b.pick((D("0.6"), D("0.8")), (D(0), D(1)), (D("0.5"), D("0.5")))
    if where == TIE:
        least, greatest = (D(0), D(1)) if tie is None else b.pick((tie, tie), (tie / 2, tie), (tie, D(1)))
    entries = [
        {"id": "good", "share": b.number(b.pick(D(1), least)), "label": b.text()},
        {"id": "fair", "range": [b.number(least), b.number(greatest)], "label": b.text()},
        {"id": "poor", "share": b.number(D(0) if tie is None else tie), "label": b.text()},
    ]
    judged = b.pick("good", "fair", "fair", "poor")
    if where == TIE:
        judged = "fair" if tie is None else b.pick("poor", "fair")
    if b.chance(3):
        # the same in points
        for entry in entries:
            if "share" in entry:
                entry["points"] = b.number(D(entry.pop("share")) * points)
            else:
                entry["between"] = [b.number(D(end) * points) for end in entry.pop("range")]
        least, greatest, exact = least * points, greatest * points, exact * Fraction(points)
    middle = (least + greatest) / 2
    inside = {TIE: exact, EDGE: b.pick(least, greatest), FREE: middle, UNDEFINED: greatest + TINY}
    chosen = value(b, inside[where])
    if where == UNDEFINED:
        judged = b.pick("fair", "bad", None)
        chosen = b.pick(chosen, undefined(b))
    elif judged != "fair" and b.chance(2):
        chosen = undefined(b)
    domain = {"in": '"good", "fair", "poor"'} if judged in {"good", "poor"} and b.chance(2) else {}
    level = b.declare("string", judged, **domain, **({"optional": True} if judged is None else {}))
    if judged and b.chance(3):
        level = f'if {condition(b, True, 1)} then {level} else "poor"'
    if judged not in {"fair", "bad"} and b.chance(4):
        return {"kind": "levels", "level": level, "levels": [entries[0], entries[2]]}
    return {"kind": "levels", "level": level, "levels": entries, "chosen": chosen}


def formula(b, points, where):
    free = points * b.integer(-3, 13) / 10
    if b.readable and where != UNDEFINED and b.chance(2):
        score = f"scores.{b.pick(*b.readable)}"
        by = plain(points)
        return {
            "kind": "formula",
            "points": b.pick(
                f"{score}.rate * {by}",
                f"min({score}.awarded, {score}.points) / 3",
                f"{value(b, free, 1)} * {b.define(f'{score}.rate')}",
                f"{score}.awarded + {score}.points / 2",
            ),
        }
    return {"kind": "formula", "points": _text(b, where, (D(0), points, points + TINY, -TINY), b.tie(points), free)}


METHODS = {
    method.__name__: method
    for method in (ratio, completion, bands, steps, deductions, checklist, levels, interpolate, formula)
}
METHODS |= {method.__name__: method for method in compositions(dict(METHODS), _worth)}
