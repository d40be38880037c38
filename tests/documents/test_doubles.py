"""Numbers that a double does not hold are texts, and come back as the numbers that they were."""

import json
from decimal import Decimal

from hypothesis import event, given
from hypothesis import strategies as st

from jmrules.documents import parse, pretty
from jmrules.documents.doubles import exact, is_double, portable
from jmrules.feel import CONTEXT

NUMBERS = st.integers(-(10**34) + 1, 10**34 - 1) | st.builds(
    lambda digits, places: Decimal(digits).scaleb(places, CONTEXT),
    st.integers(-(10**34) + 1, 10**34 - 1),
    st.integers(-400, 400),
)
SCALARS = NUMBERS | st.integers(-1000, 1000) | st.booleans() | st.none() | st.text("甲a1./@", max_size=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "b", "value")), inner, max_size=3)
    ),
)


def numbers(value):
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield value


@given(VALUES)
def test_what_is_written_for_doubles_is_read_as_the_same(value):
    written = portable(value, (), inside=True)
    event("a text among them" if written != value else "all are doubles")
    assert all(is_double(number) for number in numbers(written))
    assert exact(parse(pretty(written)).value) == value


@given(NUMBERS)
def test_a_number_is_a_double_where_a_reader_of_doubles_writes_it_again(number):
    again = Decimal(json.dumps(json.loads(format(number, "f"), parse_int=float)).replace("Infinity", "0"))
    assert is_double(number) is (again == number and abs(number) < Decimal("1E+34"))


@given(NUMBERS)
def test_the_value_of_what_is_a_number_is_a_plain_text(number):
    made = portable({"type": "number", "value": number, "method": {"loss": number}}, ("value", "method"))
    assert isinstance(made["value"], str) is not is_double(number)
    assert exact(made) == {"type": "number", "value": number, "method": {"loss": number}}


def test_a_text_that_is_no_such_number_stays_one():
    for text in ("1/3", "2024-01-01", "1.5", "007x", "1" * 35):
        assert exact({"@": text}) == {"@": text}
        assert exact({"type": "number", "value": text}) == {"type": "number", "value": text}
