"""Whatever an expression comes to lies within what was possible for the values of its names."""

from decimal import Decimal as D
from decimal import localcontext

from hypothesis import event, given
from hypothesis import strategies as st

from feel.expressions import EXPRESSIONS, VALUES
from jmrules import feel
from jmrules.feel import EXACT, FeelError, temporal
from jmrules.feel.numbers import divide, is_number, is_whole
from jmrules.feel.possible.reader import Reader
from jmrules.feel.possible.scope import Outermost
from jmrules.feel.possible.values import Items, Known, Possible, Span, error_of, join
from jmrules.feel.values import kind_of


def holds(possible, value):
    """Whether a value is among those that are possible."""
    if isinstance(possible, Known):
        return kind_of(possible.value) == kind_of(value) and possible.value == value
    if possible.other and kind_of(value) not in ("number", "boolean", "null", "string"):
        return True
    if isinstance(value, bool):
        return value in possible.truths
    if is_number(value):
        span = possible.span
        return span is not None and span.low <= value <= span.high and (not span.whole or is_whole(value))
    if value is None:
        return possible.null
    if isinstance(value, str):
        return possible.texts is None or value in possible.texts
    if isinstance(value, temporal.Date):
        return possible.date
    if isinstance(value, list):
        return possible.items is not None and _items_hold(possible.items, value)
    if isinstance(value, dict):
        members = possible.members
        return members is not None and all(name in members and holds(members[name], value[name]) for name in value)
    return False


def _items_hold(items, values):
    if items.fixed:
        pairs = zip(items.entries, values, strict=False)
        return len(items.entries) == len(values) and all(holds(item, value) for (item, _), value in pairs)
    any_item = join(items.all())
    return items.shortest <= len(values) <= items.longest and all(holds(any_item, value) for value in values)


@st.composite
def opened(draw, values):
    """What is possible for each name: its value, and perhaps more."""
    others = draw(VALUES)
    found = {name: draw(around(value, others[name])) for name, value in values.items() if name != "scores"}
    return found | {"scores": Possible(members={"one": Possible(members=draw(_members(values["scores"]["one"])))})}


@st.composite
def _members(draw, values):
    return {name: draw(around(value, value)) for name, value in values.items()}


@st.composite
def around(draw, value, other):
    form = draw(st.integers(0, 3))
    if form == 0:
        return Known(value)
    if form == 1:
        return join((Known(value), Known(other)))
    if isinstance(value, list):
        if form == 2:
            return Possible(items=Items(tuple((draw(_item(item)), True) for item in value)))
        return Possible(
            items=Items((), join(map(Known, [*value, *other])) if value or other else None, 0, len(value) + 2)
        )
    return join((Known(value), Known(other), _any_like(value)))


@st.composite
def _item(draw, item):
    if not isinstance(item, dict):
        return draw(around(item, item))
    return Possible(members={name: draw(around(part, part)) for name, part in item.items()})


def _any_like(value):
    if isinstance(value, bool):
        return Possible(truths=frozenset((True, False)))
    if is_number(value):
        return Possible(Span(D(-1000), D(1000)))
    if isinstance(value, str):
        return Possible(texts=None)
    return Possible(date=True) if isinstance(value, temporal.Date) else Possible(null=True)


def over(value, number):
    """Numbers of a value over a whole number: with 3 or 7, most are held by no decimal."""
    if isinstance(value, D):
        return divide(value, D(number))
    if isinstance(value, list):
        return [over(item, number) for item in value]
    return {name: over(item, number) for name, item in value.items()} if isinstance(value, dict) else value


@st.composite
def readings(draw):
    with localcontext(EXACT):
        values = over(draw(VALUES), draw(st.sampled_from((1, 3, 7))))
        return draw(EXPRESSIONS), values, draw(opened(values))


@given(readings())
def test_values_lie_within(case):
    text, values, possible = case
    tree = feel.parse(text)
    scope = Outermost(possible.get, lambda name: None)
    with localcontext(EXACT):
        found = Reader(text).value(tree, scope)
    try:
        with localcontext(EXACT):
            value = feel.evaluate(text, values, strict=True)
    except FeelError:
        event("no value")
        assert error_of(found) is not None, found
        return
    event("known" if isinstance(found, Known) else "possible")
    assert holds(found, value), (found, value)


def test_a_filter_of_nothing_is_null_where_its_condition_may_be_a_position():
    text = "xs[if u > 1 then 1 else 2]"
    scope = Outermost({"xs": Known([]), "u": Possible(Span(D(0), D(3)))}.get, lambda name: None)
    with localcontext(EXACT):
        assert holds(Reader(text).value(feel.parse(text), scope), feel.evaluate(text, {"xs": [], "u": 2}))
