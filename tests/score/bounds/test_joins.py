"""Items that need not be looked at, because they do not match, take nothing from what is possible."""

from decimal import Decimal, localcontext
from unittest.mock import patch

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from feel.loops import ITEMS, VALUES, loops
from jmrules import feel
from jmrules.feel import CONTEXT, FeelError
from jmrules.feel.possible import joins
from jmrules.feel.possible.expressions import Reader
from jmrules.feel.possible.scope import Outermost
from jmrules.feel.possible.values import Items, Known, Possible, Span, error_of
from score.bounds.test_expressions import around, holds


@pytest.fixture(autouse=True, scope="module")
def few():
    """Lists of few items are joined too."""
    with patch.object(joins, "FEW", 2):
        yield


@st.composite
def lists_(draw):
    """A list of which not all is known, and one that it may be."""
    entries, found = [], []
    for item in draw(ITEMS):
        members = {name: draw(st.just(Known(part)) | around(part, part)) for name, part in item.items()}
        certain = draw(st.booleans())
        entries.append((Possible(members=members), certain))
        if certain or draw(st.booleans()):
            found.append(item)
    return Possible(items=Items(tuple(entries))), found


@st.composite
def readings(draw):
    values, possible = draw(VALUES), {}
    possible["ones"] = Known(values["ones"])
    possible["limit"] = draw(around(values["limit"], values["limit"]))
    possible["others"], values["others"] = draw(lists_())
    return draw(loops()), values, possible


def read(text, possible):
    with localcontext(CONTEXT):
        return Reader(text).whole(feel.parse(text), Outermost(possible.get, lambda name: None))


@given(readings())
def test_values_lie_within(case):
    text, values, possible = case
    found = read(text, possible)
    with patch.object(joins, "FEW", 10**9):
        assert said(found) == said(read(text, possible))
    try:
        value = feel.evaluate(text, values, strict=True)
    except FeelError:
        event("no value")
        assert error_of(found) is not None, found
        return
    event("known" if isinstance(found, Known) else "possible")
    assert holds(found, value), (found, value)


def said(found):
    """What is possible, but for the reasons why it may not be there."""
    if isinstance(found, Known):
        return repr(found.value)
    items = found.items and (
        [(said(item), certain) for item, certain in found.items.entries], found.items.rest and said(found.items.rest),
        found.items.least, found.items.most,
    )  # fmt: skip
    members = found.members and {name: said(member) for name, member in found.members.items()}
    parts = found.span, found.truths, found.null, found.texts, found.date, found.other, found.error is None
    return repr((parts, items, members))


def test_a_member_of_another_kind_is_not_left_out():
    item = {"key": Known("a"), "number": Possible(Span(Decimal(1), Decimal(2)))}
    possible = {
        "ones": Known([{"number": Decimal(1)}] * 3),
        "others": Possible(items=Items(((Possible(members=item), True),) * 3)),
    }
    found = read("for o in ones return (some i in others satisfies i.key = o.number and i.number > 1)", possible)
    assert error_of(found) is not None
    assert error_of(found.items.entries[2][0]) is not None
