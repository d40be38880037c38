"""Loops within loops that begin with equalities, and lists for them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from jmrules.feel import types as ft
from jmrules.feel.temporal import Date

ITEM = ft.ContextType(
    {"key": ft.Nullable(ft.STRING), "number": ft.NUMBER, "day": ft.Nullable(ft.DATE), "flag": ft.BOOLEAN}
)
TYPES = {"ones": ft.ListType(ITEM), "others": ft.ListType(ITEM), "limit": ft.NUMBER}
#: the two sides of the equality that joins, as the inner item and the outer one name them
SIDES = (
    ("{i}key", "o.key"), ("o.key", "{i}key"), ("{i}number", "o.number + 1"), ("{i}day", "o.day"), ("{i}flag", "o.flag"),
    ("{i}key", '"a"'), ("{i}number", "limit / 2"), ("{i}key", "null"), ("{i}key", "o.number"),
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, item: str, sign: str = "=", word: str = "and") -> str:
    """A condition that begins with equalities of an item's members."""
    sides = draw(st.lists(st.sampled_from(SIDES), min_size=1, max_size=3))
    parts = [f"{left} {sign} {right}".replace("{i}", item) for left, right in sides]
    rest = draw(st.sampled_from(["", f"{item}number > limit", f"1 / {item}number > 0", f"{item}flag"]))
    return f" {word} ".join([*parts, *([rest] if rest else [])])


@st.composite
def loops(draw: st.DrawFn) -> str:
    """A loop over ``others`` inside one over ``ones``."""
    kind = draw(st.sampled_from(("some", "every", "filter", "for", "both")))
    if kind in ("some", "every"):
        condition = draw(conditions("i.") | conditions("i.", "!=", "or"))
        inner = f"{kind} i in others satisfies {condition}"
    elif kind == "both":
        return f"some o in ones, i in others satisfies {draw(conditions('i.'))}"
    else:
        inner = f"count(others[{draw(conditions('') | conditions('item.'))}])"
        if kind == "for":
            return f"for o in ones, i in others[{draw(conditions(''))}] return i.number"
    return f"for o in ones return ({inner})"


KEYS = st.sampled_from(["a", "b", "c", None])
NUMBERS = st.sampled_from([Decimal(0), Decimal(1), Decimal("1.0"), Decimal(2)])
DAYS = st.sampled_from([Date(2024, 1, 1), Date(2024, 2, 1), None])
ITEMS = st.lists(
    st.fixed_dictionaries({"key": KEYS, "number": NUMBERS, "day": DAYS, "flag": st.booleans()}), max_size=14
)
VALUES = st.fixed_dictionaries({"ones": ITEMS, "others": ITEMS, "limit": NUMBERS})
#: items that no declaration allows: other kinds of key, and members that are missing
WHOLE = {"key": KEYS | NUMBERS | DAYS, "number": NUMBERS | KEYS, "day": DAYS, "flag": st.booleans()}
ODD_ITEMS = st.one_of(
    st.lists(st.fixed_dictionaries(WHOLE), max_size=14),
    st.lists(
        st.fixed_dictionaries(WHOLE) | st.fixed_dictionaries({}, optional={**WHOLE, "o": NUMBERS}) | NUMBERS,
        max_size=14,
    ),
)
