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
        earned = [round_to(amount, method["item_rounding"], mode) for amount in earned]
    return min(Fraction(1), sum(earned) / points)


def item_share(method, item):
    lacking = any(item.get(method.get(key, key)) is None for key in ("target", "actual"))
    if "share" in method and lacking and item[method["share"]] is not None:
        stated = number(item[method["share"]])
        if not 0 <= stated <= 1:
            raise Undefined(f"{stated} is no share")
        return stated
    target, actual = (number(item[method.get(key, key)]) for key in ("target", "actual"))
    if target <= 0:
        raise Undefined(f"a target of {target}")
    less = "less_is_better" in method and item[method["less_is_better"]] is True
    over = method.get("over_achievement")
    if over and item[over["when"]] is True and (actual < target if less else actual > target):
        deviation = abs(actual - target) / target
        return max(Fraction(0), 1 - max(Fraction(0), deviation - Fraction(over.get("tolerance", 0))))
    if less:
        return Fraction(1) if actual <= target else target / actual
    return bounded(actual / target)


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
