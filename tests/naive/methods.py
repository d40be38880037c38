"""The methods: a leaf's method and its expressions' values to an exact share of its points."""

from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from naive.feel import passes
from naive.functions import Undefined, number, truth
from naive.sheet import round_to


def share_of(leaf, value, mode):
    """The exact share, from 0 to 1, that ``leaf`` earns; ``value(text)`` evaluates one of its expressions."""
    method = leaf["method"]
    return METHODS[method["kind"]](method, Fraction(leaf["points"]), value, mode)


def bounded(share):
    return min(Fraction(1), max(Fraction(0), share))


def worth(entry, points):
    """What an entry states as ``share``, or as ``points`` of the leaf's."""
    return Fraction(entry["share"]) if "share" in entry else Fraction(entry["points"]) / points


def ratio(method, points, value, mode):
    zero_at, full_at = Fraction(method.get("zero_at", 0)), Fraction(method.get("full_at", 1))
    return bounded((number(value(method["value"])) - zero_at) / (full_at - zero_at))


def completion(method, points, value, mode):
    items = value(method["items"])
    if not items:
        raise Undefined("no items")
    shares = [item_share(method, item) for item in items]
    earned = [share * worth for share, worth in zip(shares, item_points(method, points, items), strict=True)]
    if "item_rounding" in method:
        own = method["item_rounding"]
        own = own if isinstance(own, dict) else {"digits": own}
        earned = [round_to(amount, own["digits"], own.get("mode", mode)) for amount in earned]
    return min(Fraction(1), sum(earned) / points)


def item_share(method, item):
    lacking = any(item.get(method.get(key, key)) is None for key in ("target", "actual"))
    if lacking and "dates" in method:
        due, done = (item[method["dates"][key]] for key in ("due", "done"))
        if due is not None and done is not None:
            return of_days((done - due).days, method["dates"].get("late", ()))
    if lacking and "judged" in method and item[method["judged"]["field"]] is not None:
        return of_level(item[method["judged"]["field"]], method, item)
    if "share" in method and lacking and item[method["share"]] is not None:
        stated = number(item[method["share"]])
        if not 0 <= stated <= 1:
            raise Undefined(f"{stated} is no share")
        return stated
    target, actual = (number(item[method.get(key, key)]) for key in ("target", "actual"))
    way = item[method["direction"]["field"]] if "direction" in method else None
    if way is not None:
        return directed(method, item, way, target, actual)
    if target <= 0:
        raise Undefined(f"a target of {target}")
    less = "less_is_better" in method and item[method["less_is_better"]] is True
    if (actual < target if less else actual > target) and (kept := too_low(method, item, target, actual)) is not None:
        return kept
    if less:
        return Fraction(1) if actual <= target else target / actual
    return bounded(actual / target)


def too_low(method, item, target, actual):
    """What is left of a target that was set too low and exceeded; None where it was not."""
    over = method.get("over_achievement")
    if not over or item[over["when"]] is not True:
        return None
    deviation = abs(actual - target) / target
    return max(Fraction(0), 1 - max(Fraction(0), deviation - Fraction(over.get("tolerance", 0))))


def directed(method, item, way, target, actual):
    """The completion of a target whose direction the item states."""
    kind = method["direction"]["words"].get(way)
    if kind is None:
        raise Undefined(f"a direction {way!r}")
    top = target if kind in ("less", "equal") else item[method["upper"]] if kind == "range" else None
    if kind == "range" and (top is None or number(top) < target):
        raise Undefined("no range")
    beaten = actual > target if kind == "more" else kind == "less" and actual < target
    if beaten and target > 0 and (kept := too_low(method, item, target, actual)) is not None:
        return kept
    if kind != "less" and actual < target:
        return max(Fraction(0), actual / target) if target > 0 else target / actual if target else Fraction(0)
    if top is not None and actual > number(top):
        top = number(top)
        return top / actual if top > 0 else actual / top if top and actual < 0 else Fraction(0)
    return Fraction(1)


def of_days(late, steps):
    return Fraction(1) if late <= 0 else next((Fraction(s["share"]) for s in steps if late <= s["within"]), Fraction(0))


def of_level(judged, method, item):
    level = next((level for level in method["judged"]["levels"] if level["id"] == judged), None)
    if level is None:
        raise Undefined(f"no level {judged!r}")
    if "share" in level:
        return Fraction(level["share"])
    stated = item[method["share"]]
    if stated is None or not Fraction(level["range"][0]) <= number(stated) <= Fraction(level["range"][1]):
        raise Undefined("outside the level")
    return number(stated)


def item_points(method, points, items):
    key = next((key for key in ("weight", "points") if key in method), None)
    if key is None:
        return [points / len(items)] * len(items)
    amounts = [number(item[method[key]]) for item in items]
    total = sum(amounts)
    if min(amounts) < 0:
        raise Undefined(f"a negative {key}")
    if key == "weight":
        if total == 0:
            raise Undefined("no weight at all")
        return [points * amount / total for amount in amounts]
    if total != points:
        raise Undefined(f"the items' points are {total}, the leaf's {points}")
    return amounts


def bands(method, points, value, mode):
    tested = value(method["value"])
    number(tested)
    for band in method["bands"]:
        if passes(band["in"], tested):
            return worth(band, points)
    return worth(method["otherwise"], points)


def steps(method, points, value, mode):
    beyond = number(value(method["value"])) - Fraction(method["bound"])
    excess = max(Fraction(0), beyond if method["direction"] == "above" else -beyond)
    count = excess / Fraction(method["step"])
    count = {"ignore": floor, "full": ceil, "proportional": Fraction}[method["partial"]](count)
    return max(Fraction(0), 1 - count * Fraction(method["loss"]) / points)


def deductions(method, points, value, mode):
    left = points
    for item in method["items"]:
        count = number(value(item["count"]))
        if count < 0 or count.denominator != 1:
            raise Undefined(f"a count of {count}")
        count = max(Fraction(0), count - item.get("free", 0))
        loss = (left if count > 0 else 0) if item["loss"] == "all" else count * Fraction(item["loss"])
        left -= min(left, loss, Fraction(item.get("at_most", left)))
    return left / points


def checklist(method, points, value, mode):
    met = [(truth(value(item["when"])), worth(item, points)) for item in method["items"]]
    return sum((share for yes, share in met if yes), Fraction(0))


def levels(method, points, value, mode):
    judged = value(method["level"])
    for level in method["levels"]:
        if level["id"] == judged:
            break
    else:
        raise Undefined(f"no level {judged!r}")
    if "share" in level or "points" in level:
        return worth(level, points)
    chosen = number(value(method["chosen"]))
    span = level.get("range") or level["between"]
    if not Fraction(span[0]) <= chosen <= Fraction(span[1]):
        raise Undefined(f"{chosen} is outside {span}")
    return chosen if "range" in level else chosen / points


def interpolate(method, points, value, mode):
    at = number(value(method["value"]))
    knots = [(Fraction(knot["at"]), worth(knot, points)) for knot in method["knots"]]
    if at <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return knots[-1][1]


def formula(method, points, value, mode):
    return bounded(number(value(method["points"])) / points)


def part_of(part, points, value, mode):
    """What a part earns of the whole's points."""
    own = worth(part, points) if "share" in part or "points" in part else Fraction(1)
    inner = {"points": own * points, "method": part.get("method")}
    return own * (share_of(inner, value, mode) if "method" in part and own else own and 1)


def parts(method, points, value, mode):
    return sum((part_of(part, points, value, mode) for part in method["parts"]), Fraction(0))


def best(method, points, value, mode):
    return max([part_of(part, points, value, mode) for part in method["parts"]])


def worst(method, points, value, mode):
    return min([part_of(part, points, value, mode) for part in method["parts"]])


def cases(method, points, value, mode):
    for part in method["parts"]:
        if "when" not in part or truth(value(part["when"])):
            return part_of(part, points, value, mode)
    raise Undefined("none of the cases holds")


METHODS = {
    method.__name__: method
    for method in (
        ratio,
        completion,
        bands,
        steps,
        deductions,
        checklist,
        levels,
        interpolate,
        formula,
        parts,
        best,
        worst,
        cases,
    )
}
