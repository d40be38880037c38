"""Cases whose unknown facts have so few values that every completion can be scored."""

from copy import deepcopy
from decimal import Decimal as D
from itertools import product

from hypothesis import strategies as st

from score.bounds.opened import Opened, _fits
from strategies import cases

#: completions at most
MOST = 48


@st.composite
def finite_cases(draw):
    """A case with one to three facts opened to a few values each, and all completions."""
    case = draw(cases(most_leaves=4))
    ruleset, facts, values = deepcopy(case.ruleset), dict(case.facts), {}
    names = [
        name
        for name, each in ruleset["facts"].items()
        if case.facts.get(name) is not None and each.get("unit") != "point"
    ]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)) if names else ():
        given, found = _opened(draw, ruleset["facts"][name], case.facts[name])
        if found and len(found) * _count(values) <= MOST:
            facts[name], values[name] = given, found
    completions = [facts | dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    return Opened(ruleset, facts, tuple(completions))


def _count(values):
    return len(list(product(*values.values())))


def _opened(draw, declared, value):
    """A fact object, and every value that it leaves possible."""
    if declared["type"] == "boolean":
        return {"unknown": True}, [*((None,) if declared.get("optional") else ()), True, False]
    if declared["type"] == "string" and "in" in declared:
        listed = [part.strip().strip('"') for part in declared["in"].split(",")]
        return {"unknown": True}, [*((None,) if declared.get("optional") else ()), *listed]
    if declared["type"] == "number":
        return _number(draw, declared, D(value))
    if declared["type"] == "list" and 0 < len(value) <= 2:
        return _flags(draw, declared, value)
    return None, []


def _number(draw, declared, value):
    decimals = max(0, -value.normalize().as_tuple().exponent)
    declared["decimals"] = decimals
    step = D(1).scaleb(-decimals)
    low, high = (value + k * step for k in (-draw(st.integers(0, 3)), draw(st.integers(1, 3))))
    between = [low + k * step for k in range(int((high - low) / step) + 1)]
    return {"between": [low, high]}, [each for each in between if _fits(declared, each)]


def _flags(draw, declared, value):
    flags = [name for name, part in declared["item"].items() if part["type"] == "boolean"]
    if not flags:
        return None, []
    flag = draw(st.sampled_from(flags))
    truths = (True, False, None) if declared["item"][flag].get("optional") else (True, False)
    rows = [row | {flag: {"unknown": True}} for row in value]
    chosen = product(truths, repeat=len(value))
    return {"value": rows}, [
        [row | {flag: truth} for row, truth in zip(value, truths, strict=True)] for truths in chosen
    ]
