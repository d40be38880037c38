"""Whole numbers of quanta: who is on the sheet, with how many points; and rounding."""

from fractions import Fraction
from math import ceil, floor


class NothingApplies(Exception):
    """Every leaf is excluded."""


def round_to(value, digits, mode):
    """A value that is not negative, rounded to ``digits`` decimals."""
    scaled = Fraction(value) * 10**digits
    low, high = floor(scaled), ceil(scaled)
    rest = scaled - low
    half = Fraction(1, 2)
    up = {
        "up": rest > 0,
        "down": False,
        "half up": rest >= half,
        "half down": rest > half,
        "half even": rest > half or (rest == half and low % 2 == 1),
    }[mode]
    return Fraction(high if up else low, 10**digits)


def share_out(units, weights):
    """Whole units in proportion to whole weights, by largest remainder, ties to the earlier."""
    total = sum(weights)
    parts = [units * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(units * weights[i] % total))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return parts


def leaves_of(node):
    if "children" not in node:
        return [node]
    return [leaf for child in node["children"] for leaf in leaves_of(child)]


def nodes_of(node):
    return [node] + [inner for child in node.get("children", ()) for inner in nodes_of(child)]


def handed_down(node, applies=None):
    """The tree in which each leaf says itself whether it is there, where a group above it says so."""
    applies = applies or node.get("applies")
    if "children" not in node:
        return node if applies is None else {**node, "applies": applies}
    return {**node, "children": [handed_down(child, applies) for child in node["children"]]}


def points_on_sheet(root, excluded, digits, absent=frozenset()):
    """Each leaf's points once the leaves whose ids are in ``excluded`` have left the sheet, and those in ``absent`` are not there."""
    stated = {leaf["id"]: int(Fraction(leaf["points"]) * 10**digits) for leaf in leaves_of(root)}
    stated |= dict.fromkeys(absent, 0)
    excluded = set(excluded) | set(absent)
    if set(stated) <= excluded:
        raise NothingApplies
    by_id = {node["id"]: node for node in nodes_of(root) if "id" in node}
    units = dict.fromkeys(stated, 0)
    moved = set()
    for leaf in leaves_of(root):
        if leaf["id"] in excluded and "to" in leaf["applies"]:
            named = {inner["id"] for name in leaf["applies"]["to"] for inner in leaves_of(by_id[name])}
            recipients = [name for name in stated if name in named and name not in excluded]
            if recipients:
                moved.add(leaf["id"])
                parts = share_out(stated[leaf["id"]], [stated[name] for name in recipients])
                for name, part in zip(recipients, parts, strict=True):
                    units[name] += part

    def weight(node):
        return sum(stated[leaf["id"]] for leaf in leaves_of(node) if leaf["id"] not in moved)

    def hand_on(node, received):
        if "children" not in node:
            units[node["id"]] += received
            return
        applicable = [child for child in node["children"] if any(x["id"] not in excluded for x in leaves_of(child))]
        for child, part in zip(applicable, share_out(received, [weight(c) for c in applicable]), strict=True):
            hand_on(child, part)

    hand_on(root, weight(root))
    return {name: Fraction(amount, 10**digits) for name, amount in units.items()}
