"""Declarations of facts, and plain values that may fit them."""

from decimal import Decimal as D

from hypothesis import strategies as st

from cases.sheets import ruleset_document, text
from jmrules import load_ruleset

#: few, so that values meet the ends of ranges
POINTS = (D(-3), D("-0.5"), D(0), D("0.1"), D("0.25"), D(1), D(2), D("2.005"), D(7), D(100), D("1e20"))
NUMBERS = st.one_of(
    st.sampled_from(POINTS),
    st.decimals(-200, 200, places=3),
    st.integers(-10, 110).map(D),
    st.sampled_from([D("1e30"), D("-1e30"), D("1e-30"), D("1e7000"), D("1." + "3" * 40)]),
)
WORDS = ("good", "fair", "poor", "优", "")
STRINGS = st.sampled_from([*WORDS, "else", "x" * 10_001])
DATES = st.sampled_from(["2024-01-01", "2024-06-30", "2024-12-31", "2025-01-01", "2024-02-30", "soon"])
ANYTHING = st.one_of(NUMBERS, STRINGS, DATES, st.booleans(), st.none(), st.just([]))


@st.composite
def ranges(draw, kinds=("below", "above", "between", "between", "one", "many", "not", "other")):
    """Constant unary tests on a number, that leave something."""
    kind = draw(st.sampled_from(kinds))
    low, high = sorted(draw(st.lists(st.sampled_from(POINTS), min_size=2, max_size=2, unique=True)))
    match kind:
        case "below":
            return draw(st.sampled_from(["<", "<="])) + f" {high:f}"
        case "above":
            return draw(st.sampled_from([">", ">="])) + f" {low:f}"
        case "between":
            return f"{draw(st.sampled_from('[('))}{low:f}..{high:f}{draw(st.sampled_from('])'))}"
        case "one":
            return f"{low:f}"
        case "many":
            return ", ".join((f"{low:f}", draw(ranges(("below", "above", "between")))))
        case "not":
            return f"not([{low:f}..{high:f}])"
    return f"? >= {low:f} and ? < {high:f}"


def _listed(words):
    return ", ".join(f'"{word}"' for word in words)


@st.composite
def declarations(draw, fields=True):
    """A declaration, as a document gives it."""
    kind = draw(
        st.sampled_from(["number", "number", "number", "boolean", "string", "date", *(["list"] if fields else [])])
    )
    declared = {"type": kind, "label": text("数")}
    if draw(st.booleans()):
        declared["optional"] = True
    tested = draw(st.integers(0, 3)) > 0
    match kind:
        case "number":
            if draw(st.booleans()):
                declared["decimals"] = draw(st.integers(0, 3))
            if tested:
                declared["in"] = draw(ranges())
        case "boolean" if tested:
            declared["in"] = draw(st.sampled_from(["true", "false", "true, false"]))
        case "string" if tested:
            words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
            declared["in"] = draw(
                st.sampled_from([_listed(words), f"not({_listed(words)})", f'{_listed(words)}, < "b"'])
            )
        case "date" if tested:
            declared["in"] = draw(st.sampled_from(['< @"2025-01-01"', '[@"2024-02-01"..@"2024-12-31"]']))
        case "list":
            declared["item"] = {name: draw(declarations(fields=False)) for name in ("one", "two")}
            if tested:
                declared["count"] = draw(st.sampled_from([">= 1", "[1..2]", "(0..3)", "2", "< 3", "not(1)"]))
    return declared


def plain_values(declared):
    """Plain values for a declaration: most of its type, some not."""
    of_type = {
        "number": NUMBERS,
        "boolean": st.booleans(),
        "string": STRINGS,
        "date": DATES,
    }
    if declared["type"] != "list":
        return st.one_of(of_type[declared["type"]], of_type[declared["type"]], ANYTHING)
    item = st.fixed_dictionaries({name: plain_values(part) for name, part in declared["item"].items()})
    return st.lists(item, max_size=4)


def declaring(declared):
    """A ruleset with one fact."""
    items = [{"id": "met", "label": text("真"), "when": "1 < 2", "points": 10}]
    return load_ruleset(ruleset_document({"x": declared}, {"kind": "checklist", "items": items}))
