"""Cases of which some facts are not known, with completions that are among those left possible."""

from dataclasses import dataclass
from decimal import Decimal as D
from typing import Any

from hypothesis import strategies as st

from strategies import cases

KEPT, UNKNOWN, BETWEEN, FIELDS, LENGTH = "kept", "unknown", "between", "fields", "length"


@dataclass(frozen=True)
class Opened:
    """A ruleset, facts that are not all known, and facts that complete them, the original among them."""

    ruleset: dict[str, Any]
    facts: dict[str, Any]
    completions: tuple[dict[str, Any], ...]


@st.composite
def opened_cases(draw, completions=3):
    """A generated case with some of its facts opened."""
    case = draw(cases(most_leaves=4))
    how = {name: _how(draw, declared, case.facts.get(name)) for name, declared in case.ruleset["facts"].items()}
    facts = _present({name: opened(case.ruleset["facts"][name], case.facts, name, form) for name, form in how.items()})
    others = [
        _present({name: _complete(draw, case.ruleset["facts"][name], case.facts, name, how[name]) for name in how})
        for _ in range(completions)
    ]
    return Opened(case.ruleset, facts, (case.facts, *others))


@st.composite
def widened_cases(draw):
    """A ruleset with facts opened, and with the same facts opened further."""
    case = draw(cases(most_leaves=4))
    declared = case.ruleset["facts"]
    narrow = {name: _how(draw, declared[name], case.facts.get(name)) for name in declared}
    wide = {name: _wider(draw, declared[name], form) for name, form in narrow.items()}
    return case.ruleset, *(
        _present({name: opened(declared[name], case.facts, name, form) for name, form in how.items()})
        for how in (narrow, wide)
    )


def _present(facts):
    return {name: value for name, value in facts.items() if value is not ABSENT}


ABSENT = object()


def _how(draw, declared, value):
    """How a fact is opened: a tuple of the form and what it needs."""
    if draw(st.integers(0, 2)) == 0 or declared.get("unit") == "point":
        return (KEPT,)  # what an indicator is worth is agreed on, and known
    if value is None:
        return (UNKNOWN,) if declared.get("optional") and draw(st.booleans()) else (KEPT,)
    kind = declared["type"]
    if kind == "number":
        below, above = draw(st.sampled_from((0, 1, 2, 5))), draw(st.sampled_from((0, 1, 3, 20)))
        return draw(st.sampled_from(((UNKNOWN,), (BETWEEN, below, above))))
    if kind == "list":
        fields = tuple(sorted(name for name in declared["item"] if draw(st.booleans())))
        more = draw(st.sampled_from((0, 1, 3)))
        return draw(st.sampled_from(((UNKNOWN,), (FIELDS, fields), (LENGTH, 0, 0), (LENGTH, min(1, len(value)), more))))
    return (UNKNOWN,)


def _wider(draw, declared, form):
    if form[0] == UNKNOWN or draw(st.booleans()):
        return form
    if form[0] == BETWEEN:
        return draw(st.sampled_from(((UNKNOWN,), (BETWEEN, form[1] + 1, form[2] + 2))))
    if form[0] == FIELDS:
        every = tuple(sorted(declared["item"]))
        return draw(st.sampled_from(((UNKNOWN,), (FIELDS, every), (LENGTH, 0, 0))))
    if form[0] == LENGTH:
        return draw(st.sampled_from(((UNKNOWN,), (LENGTH, form[1] + 1, form[2] + 2))))
    return form


def opened(declared, facts, name, form):
    """The fact object of this form."""
    if name not in facts and form[0] != UNKNOWN:
        return ABSENT
    value = facts.get(name)
    if form[0] == UNKNOWN:
        return {"unknown": True}
    if form[0] == BETWEEN:
        return {"between": [D(value) - form[1], D(value) + form[2]]}
    if form[0] == FIELDS:
        rows = [{k: {"unknown": True} if k in form[1] else v for k, v in row.items()} for row in value]
        return {"value": rows}
    if form[0] == LENGTH:
        return {"length": [max(0, len(value) - form[1]), len(value) + form[2]]}
    return value


def _complete(draw, declared, facts, name, form):
    """A value that the opened fact may turn out to have."""
    if form[0] == KEPT:
        return facts.get(name, ABSENT)
    if form[0] == UNKNOWN:
        return draw(_any(declared, facts.get(name)))
    value = facts[name]
    if form[0] == BETWEEN:
        low, high = D(value) - form[1], D(value) + form[2]
        return draw(_number(declared, value, low, high))
    if form[0] == FIELDS:
        return [{k: draw(_any(declared["item"][k], v)) if k in form[1] else v for k, v in row.items()} for row in value]
    count = draw(st.integers(max(0, len(value) - form[1]), len(value) + form[2]))
    return _items(draw, declared, count, len(value))


def _items(draw, declared, count, usual):
    allowed = declared.get("count")
    if allowed is not None:
        count = min(count, usual)
    return [{k: draw(_any(part, None)) for k, part in declared["item"].items()} for _ in range(count)]


def _any(declared, value):
    """Any value that the declaration allows, null where it is optional."""
    kind = declared["type"]
    if kind == "boolean":
        found = st.booleans()
    elif kind == "string":
        listed = [part.strip().strip('"') for part in declared["in"].split(",")] if "in" in declared else None
        found = st.sampled_from(listed or ["yes", "no", "good", "fair", "poor", "else"])
    elif kind == "date":
        found = st.sampled_from(("2024-12-31", "2025-01-01", "1999-06-30"))
    elif kind == "list":
        found = st.builds(lambda n: n, st.integers(0, 3)).flatmap(lambda n: _lists(declared, n, value))
    else:
        found = _number(declared, value, None, None)
    return st.one_of(st.none(), found) if declared.get("optional") else found


@st.composite
def _lists(draw, declared, count, value):
    return _items(draw, declared, count, len(value) if value is not None else 0)


def _number(declared, value, low, high):
    """A number between the bounds that the declaration allows; near what was given, at the ends, or anywhere."""
    near = D(0) if value is None else D(value)
    steps = [near + D(k) / 4 for k in range(-12, 13)] + [D(k) for k in (-100, -1, 0, 1, 2, 5, 10, 1000)]
    steps += [each for each in (low, high) if each is not None]
    found = [each for each in steps if _fits(declared, each) and (low is None or low <= each <= high)]
    return st.sampled_from(found or [near])


def _fits(declared, value):
    """Whether the generated declarations allow it: one comparison, or one range."""
    decimals = declared.get("decimals")
    if decimals is not None and value != round(value, decimals):
        return False
    text = declared.get("in")
    if text is None:
        return True
    for sign, holds in ((">=", value.__ge__), ("<=", value.__le__), (">", value.__gt__), ("<", value.__lt__)):
        if text.startswith(sign):
            return holds(D(text[len(sign) :].strip()))
    low, high = (D(part) for part in text[1:-1].split(".."))
    return (low <= value if text[0] == "[" else low < value) and (value <= high if text[-1] == "]" else value < high)
