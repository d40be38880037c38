"""The completion method: lists of targets of every kind."""

from decimal import Decimal as D
from fractions import Fraction
from math import lcm

from strategies.builder import EDGE, TIE, UNDEFINED, finite
from strategies.expressions import condition

NUMBER = {"type": "number"}
OPTIONAL_NUMBER = {"type": "number", "optional": True}
OPTIONAL_FLAG = {"type": "boolean", "optional": True}
WAYS = {"≥": "more", "≤": "less", "=": "equal", "..": "range"}


def completion(b, points, where):
    names = {key: b.pick(key, f"its_{key}") for key in ("target", "actual")}
    method = {"kind": "completion", **{key: name for key, name in names.items() if name != key}}
    names |= {"share": "stated", "less_is_better": "less", "when": "low", "weight": "size", "points": "size"}
    for option in ("share", "less_is_better"):
        if b.chance(2):
            method[option] = names[option]
    tolerance = b.pick(D(0), D("0.2"), D("0.05"))
    if b.chance(2):
        method["over_achievement"] = {"when": names["when"]}
        if tolerance or b.chance(2):
            method["over_achievement"]["tolerance"] = b.number(tolerance)
    sized = b.pick(None, "weight", "points")
    if sized:
        method[sized] = names[sized]
    if b.chance(3):
        method["item_rounding"] = b.integer(0, 2)
        if b.chance(2):
            method["item_rounding"] = {"digits": method["item_rounding"], "mode": b.pick("up", "down", "half even")}
    _other_kinds(b, method)
    divided = where != UNDEFINED and b.chance(b.quotients)
    rows = _rows(b, points, where, method, divided)
    if where == UNDEFINED:
        rows = _spoil(b, points, rows, method, sized)
    items = _divided(b, names, rows) if divided else _items(b, names, rows, method)
    return method | {"items": items}


def _other_kinds(b, method):
    """Now and then: directions, dates, judged levels."""
    if b.chance(3):
        method |= {"direction": {"field": "way", "words": WAYS}, "upper": "top"}
    if b.chance(4):
        late = [{"within": 10, "share": b.number(D("0.5"))}, {"within": 40, "share": b.number(D("0.25"))}]
        method["dates"] = {"due": "due", "done": "done"} | ({"late": late[: b.integer(1, 2)]} if b.chance(2) else {})
    if b.chance(4):
        levels = [
            {"id": "good", "label": b.text(), "share": 1},
            {"id": "poor", "label": b.text(), "share": b.number(D("0.5"))},
        ]
        if "share" in method:
            levels.append({"id": "fair", "label": b.text(), "range": [b.number(D("0.2")), b.number(D("0.8"))]})
        method["judged"] = {"field": "judged", "levels": levels}


def _of_other_kinds(b, where, method, row):
    """The row, or where it can be one, one of another kind; of a row of figures the completion stays."""
    if where != TIE and "dates" in method and b.chance(3):
        return {
            "due": "2024-06-30",
            "done": b.pick("2024-06-29", "2024-06-30", "2024-07-10", "2024-07-11", "2024-12-31"),
        }
    if where != TIE and "judged" in method and b.chance(3):
        level = b.pick(*method["judged"]["levels"])
        return {"judged": level["id"], "stated": b.pick(D("0.2"), D("0.5"), D("0.8")) if "range" in level else None}
    target, actual = row.get("target"), row.get("actual")
    if "direction" not in method or target is None or actual is None or b.chance(4):
        return row
    if row.get("low") or not target or b.chance(2):
        return row | {"way": "≤" if row.get("less") else "≥"}
    if not row.get("less") and actual <= target and b.chance(2):
        return row | b.pick({"way": "="}, {"way": "..", "top": target + 1})
    # down by at least so much, as up by at least so much
    return row | {"way": "≥" if row.get("less") else "≤", "target": -target, "actual": -actual}


def _rows(b, points, where, method, divided):
    tolerance = D(method.get("over_achievement", {}).get("tolerance", 0))
    sized = next((key for key in ("weight", "points") if key in method), None)
    count = b.integer(1, 4)
    sizes = _sizes(b, points, count, sized)
    if divided and where != TIE and sized == "points" and b.chance(2):
        sizes = [Fraction(points) / count] * count
    kinds = [kind for kind, options in KINDS.items() if set(options) <= set(method)]
    tie = b.tie(points)
    if where == TIE and count > 1 and not sized and "item_rounding" not in method and b.chance(2):
        return _apart(b, points, tie, count)
    rows = []
    for size in sizes:
        if where == TIE:
            worth = points
            if "item_rounding" in method and sized == "points":
                digits = method["item_rounding"]
                digits = digits["digits"] if isinstance(digits, dict) else digits
                worth, tie = size, b.tie(size, D(1).scaleb(-digits))
            row = _complete(b, b.pick(*kinds), tie, worth or points, tolerance, divided)
        elif where == EDGE:
            row = _on_edge(b, b.pick(*kinds), tolerance)
        else:
            row = _complete(b, b.pick(*kinds), D(b.integer(0, 12)), D(b.pick(7, 10, 12)), tolerance, divided)
        row = row if divided else _of_other_kinds(b, where, method, row)
        rows.append(row | {"size": size})
    return rows


def _apart(b, points, tie, count):
    """Items of which no completion is a short decimal, though together they come to a tie exactly."""
    prime = b.pick(7, 11, 13)
    above = {"target": prime * points, "actual": prime * tie + b.quantum}
    below = {"target": 3 * prime * points, "actual": 3 * (prime * tie - b.quantum)}
    return [above, below, *({"target": 3 * points, "actual": 3 * tie} for _ in range(count - 2))]


def _sizes(b, points, count, sized):
    """Weights, or points that add up; None where items have neither."""
    if sized != "points":
        return [D(b.integer(1, 4)) if sized else None for _ in range(count)]
    units = int(points / b.quantum)
    cuts = sorted(b.integer(0, units) for _ in range(count - 1))
    return [(high - low) * b.quantum for low, high in zip([0, *cuts], [*cuts, units], strict=True)]


#: kind of item -> the options it needs
KINDS = {
    "more": (),
    "less": ("less_is_better",),
    "share": ("share",),
    "over": ("over_achievement",),
    "less over": ("less_is_better", "over_achievement"),
}


def _complete(b, kind, part, whole, tolerance, divided):
    """An item whose completion is part / whole, if that can be had; where ``divided``, a stated one need not end."""
    scale = b.pick(D(1), D(10), D("0.5"))
    share = Fraction(part) / Fraction(whole) if part <= whole else None
    if share is not None and not divided:
        share = finite(share)
    if kind == "share" and share is not None:
        return {"stated": share}
    if kind == "less" and part > 0:
        return {"target": part * scale, "actual": whole * scale, "less": True}
    if kind == "over":
        return {"target": whole * scale, "actual": scale * (whole * (2 + tolerance) - part), "low": True}
    if kind == "less over":
        return {"target": whole * scale, "actual": scale * (part - whole * tolerance), "less": True, "low": True}
    return {"target": whole * scale, "actual": part * scale, "less": b.pick(None, False), "low": b.pick(None, False)}


def _on_edge(b, kind, tolerance):
    target = b.pick(D(10), D("0.5"), D(3))
    flags = {flag: True for flag, word in (("less", "less"), ("low", "over")) if word in kind.split()}
    if kind == "share":
        return {"stated": D(b.pick(0, 1))}
    off = b.pick(0, 0, tolerance, -tolerance, 1 + tolerance, -1)
    return {"target": target, "actual": target * (1 + off), **flags}


def _spoil(b, points, rows, method, sized):
    """Make the list one that has no completion."""
    forms = ["no items", "no actual", "zero target", "negative target"]
    if sized:
        forms += ["negative size", "no size", "wrong sum"]
    if "share" in method:
        forms.append("no share")
    wrong = {
        "no actual": {"stated": None, "target": D(10), "actual": None},
        "zero target": {"stated": None, "target": D(0), "actual": D(1)},
        "negative target": {"stated": None, "target": D(-1), "actual": D(1)},
        "negative size": {"size": -D(b.integer(1, 3))},
        "no size": {"size": None},
        "wrong sum": {"size": points + 1},
        "no share": {"stated": b.pick(D("1.001"), D("-0.001"), D(2))},
    }
    form = b.pick(*forms)
    if form == "no items":
        return []
    if form == "wrong sum" and sized == "weight":
        return [row | {"size": D(0)} for row in rows]
    return [*rows[:-1], rows[-1] | wrong[form]]


def _divided(b, names, rows):
    """FEEL text of the list made anew, each number of its items a quotient of two fields."""
    fields, given, members = {"by": NUMBER, "of": NUMBER}, [], {}
    for row in rows:
        # an item's target and actual are divided alike, so that their quotient is the same
        bottoms = [Fraction(row.get(name) or 0).denominator for name in ("stated", "size")]
        given.append({"by": b.pick(3, 7, 11, 13), "of": b.pick(1, 3, 7) * lcm(*bottoms)})
    for key, by in (("target", "by"), ("actual", "by"), ("stated", "of"), ("size", "of")):
        name, values = names.get(key, key), [row.get(key) for row in rows]
        fields[name] = OPTIONAL_NUMBER
        members[name] = f"each.{name} / each.{by}"
        if None in values:
            members[name] = f"if each.{name} = null then null else {members[name]}"
        for item, amount in zip(given, values, strict=True):
            top = D(int(Fraction(amount) * item["of"])) if by == "of" and amount is not None else amount
            item[name] = None if top is None else b.number(top)
    for key in ("way", "judged"):
        fields[key], members[key] = {"type": "string", "optional": True}, f"each.{key}"
        for item, row in zip(given, rows, strict=True):
            item[key] = row.get(key)
    for key in ("due", "done", "top"):
        members[key] = "null"
    for key in ("less", "low"):
        fields[key], members[key] = OPTIONAL_FLAG, f"each.{key}"
        for item, row in zip(given, rows, strict=True):
            item[key] = row.get(key)
    made = ", ".join(f"{name}: {text}" for name, text in members.items())
    return f"for each in {b.items(fields, given)} return {{{made}}}"


def _items(b, names, rows, method):
    """FEEL text of the list: a fact, a derived value, or the chosen ones of a longer list."""
    fields = {
        names["target"]: OPTIONAL_NUMBER,
        names["actual"]: OPTIONAL_NUMBER,
        "stated": OPTIONAL_NUMBER,
        "less": OPTIONAL_FLAG,
        "low": OPTIONAL_FLAG,
        "size": OPTIONAL_NUMBER,
    }
    if all(row.get("size") is not None for row in rows) and b.chance(2):
        fields["size"] = NUMBER
    if rows and all(row.get("stated") is not None for row in rows) and b.chance(2):
        del fields[names["target"]], fields[names["actual"]]
    if any(kind in method for kind in ("direction", "dates", "judged")):
        fields |= {name: {"type": "string", "optional": True} for name in ("way", "judged")}
        fields |= {name: {"type": "date", "optional": True} for name in ("due", "done")} | {"top": OPTIONAL_NUMBER}
    given = []
    for row in rows:
        named = {names.get(key, key): amount for key, amount in row.items() if names.get(key, key) in fields}
        written = {name: b.number(amount) if isinstance(amount, D) else amount for name, amount in named.items()}
        given.append(dict.fromkeys(fields) | written)
    form = b.integer(0, 5)
    if form == 5:
        members = ", ".join(f"{name}: each.{name}" for name in fields)
        return f"for each in {b.items(fields, given)} return {{{members}}}"
    if form == 4:
        fields = fields | {"kept": {"type": "boolean"}}
        given = [row | {"kept": True} for row in given]
        given.insert(b.integer(0, len(given)), dict.fromkeys(fields) | {"kept": False, "size": 0})
        return f"{b.items(fields, given)}[kept]"
    name = b.items(fields, given, **({"count": f"[0..{len(given)}]"} if form == 3 else {}))
    if form == 2:
        return b.define(name)
    return f"if {condition(b, True, 0)} then {name} else []" if form == 1 and b.chance(3) else name
