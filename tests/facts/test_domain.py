"""A declaration is read once: whoever binds, bounds, tries or describes facts means the same values."""

from decimal import Decimal as D
from decimal import localcontext
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from facts.declarations import NUMBERS, declarations, declaring, plain_values
from jmrules import FactsError, bounds
from jmrules.cases.values import Constants, first_value, values_of
from jmrules.documents.schema import _Validator
from jmrules.facts.bind import bind
from jmrules.facts.careful import bind_carefully
from jmrules.facts.domain import beyond, domain_of
from jmrules.facts.json_schema import facts_schema
from jmrules.feel import EXACT, temporal
from jmrules.score.bounds.domains import wholly_unknown
from jmrules.score.bounds.samples import Hints, samples
from jmrules.whatif.choices import Grid, decimals_of, grids
from score.bounds.test_expressions import holds


@st.composite
def declared_values(draw, of=None):
    """A ruleset of one fact, its domain, and a plain value for it."""
    declared = draw(declarations().filter(lambda made: of is None or made["type"] == of))
    ruleset = declaring(declared)
    return ruleset, domain_of(ruleset.facts[0]), draw(plain_values(declared))


@given(declared_values())
def test_both_readings_take_what_the_domain_allows_and_nothing_else(given):
    ruleset, domain, value = given
    values, problems = bind_carefully(ruleset, {"x": value})
    event(f"{ruleset.facts[0].type} {'refused' if problems else 'taken'}")
    if problems:
        assert not domain.allows(value)
        with pytest.raises(FactsError):
            bind(ruleset, {"x": value})
        return
    assert domain.allows(value)
    assert domain.allows(values[0])
    assert bind(ruleset, {"x": value}) == values


# most values drawn for a declaration are outside it, as the tests above want them
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(declared_values())
def test_an_allowed_value_is_possible(given):
    ruleset, domain, value = given
    assume(domain.allows(value))
    (bound,) = bind(ruleset, {"x": value})
    assert holds(domain.anything, bound)
    if not isinstance(bound, D) or not bound or D("1e-60") < abs(bound) < D("1e60"):
        assert holds(domain.possible, bound)
    if domain.few is not None and bound is not None:
        assert bound in domain.few
    if domain.words is not None and bound is not None:
        assert bound in domain.words


@given(declared_values())
def test_the_few_values_of_a_domain_are_allowed(given):
    _, domain, _ = given
    assert all(domain.allows(value) for value in domain.few or ())
    assert all(domain.allows(word) for word in domain.words or ())


@given(declared_values(of="number"), NUMBERS)
def test_the_nearest_number_is_allowed_and_none_that_is_allowed_is_nearer(given, number):
    _, domain, other = given
    near = domain.nearest(number)
    assume(near is not None)
    assert domain.allows(near)
    if domain.allows(number):
        assert near == number
    ends = [
        edge.at for interval in domain.ranges or () for edge in (interval.low, interval.high) if edge.at is not None
    ]
    if domain.step is not None or all(map(domain.allows, ends)):
        for each in (other, *ends):
            if isinstance(each, D) and domain.allows(each):
                assert abs(Fraction(near) - Fraction(number)) <= abs(Fraction(each) - Fraction(number))


@given(declared_values(of="number"), NUMBERS, NUMBERS)
def test_the_span_between_two_numbers_holds_what_is_allowed_between_them(given, one, other):
    _, domain, value = given
    low, high = sorted((one, other))
    span = domain.span(low, high)
    for each in (value, low, high):
        if isinstance(each, D) and domain.allows(each) and low <= each <= high and abs(each) < D("1e60"):
            assert span is not None
            assert span.low <= each <= span.high
    if span is not None:
        assert low <= span.low <= span.high <= high


@given(declared_values())
def test_the_schema_takes_what_the_domain_allows_and_refuses_the_rest_as_far_as_it_can_say(given):
    ruleset, domain, value = given
    document = {"ruleset": ruleset.id, "fiscal_year": 2024, "subject": {"name": "-"}, "facts": {"x": value}}
    accepted = _Validator(facts_schema(ruleset)).is_valid(document)
    if domain.allows(value):
        assert accepted
    elif accepted:
        # Left to binding: days, decimals, tests that are no ranges and no list of words, what is too long, and the numbers of items one by one.
        kind = ruleset.facts[0].type
        event(f"left to binding: {kind}")
        assert kind not in ("boolean", "number", "string") or (
            beyond(value) or domain.ranges is None or not (domain.whole or domain.on_grid(value))
            if kind == "number"
            else domain.words is None
        )


@given(declared_values())
def test_whatever_tries_values_tries_allowed_ones(given):
    ruleset, domain, value = given
    (declaration,) = ruleset.facts
    now = bind(ruleset, {"x": value})[0] if domain.allows(value) else None
    with localcontext(EXACT):
        assert all(domain.allows(each) for each in samples(wholly_unknown(domain), None, Hints()))
        if declaration.type == "list":
            return
        assert all(domain.allows(each) for each in values_of(declaration, now, Constants()))
        for grid in grids(declaration, now, D(1)) if declaration.type == "number" else ():
            assert isinstance(grid, Grid)
            ends = [D(end).scaleb(-decimals_of(declaration, now)) for end in (grid.low, grid.high)]
            assert domain.ranges is None or all(map(domain.passes, ends))
            assert all(map(domain.on_grid, ends))


@given(declarations())
def test_a_fact_of_which_only_its_declaration_is_known_has_bounds(declared):
    possible = bounds(declaring(declared), {"x": {"unknown": True}})
    assert (possible.low, possible.high) == (10, 10)


@given(declarations())
def test_some_value_is_found_wherever_numbers_are_declared_as_ranges(declared):
    domain = domain_of(declaring(declared).facts[0])
    value = first_value(domain.declaration, Constants())
    if declared["type"] == "number" and domain.nearest(D(0)) is not None:
        assert domain.allows(value)
        assert value is not None


@given(st.sampled_from([">= 1", "[1..2]", "(0..3)", "2", "< 3", "not(1)", "[3..5], 7"]), st.integers(0, 9))
def test_items_are_counted_between_the_least_and_the_greatest_number(count, items):
    item = {"a": {"type": "boolean", "label": {"zh": "甲"}}}
    domain = domain_of(declaring({"type": "list", "label": {"zh": "表"}, "item": item, "count": count}).facts[0])
    assert domain.counts(domain.least)
    assert not domain.counts(items) or domain.least <= items <= domain.most
    assert domain.counts(items) is domain.allows([{"a": True}] * items)


@pytest.mark.parametrize(
    ("declared", "number", "near"),
    [
        ({"in": "[0..1]"}, D(7), D(1)),
        ({"in": "> 0"}, D(-2), D("0.01")),
        ({"in": "(0..0.01)"}, D(3), D("0.005")),
        ({"in": "> 0", "decimals": 0}, D("0.2"), D(1)),
        ({"in": "(0.2..1.5)", "decimals": 1}, D(9), D("1.4")),
        ({"in": "[0..1], [10..11]"}, D(6), D(10)),
        ({"in": "(0.301..0.302)", "decimals": 4}, D(0), D("0.3011")),
        ({"in": "(1..2)", "decimals": 0}, D(1), None),
        ({"decimals": 2}, D("0.125"), D("0.12")),
        ({"in": "? > 3 and ? < 4"}, D(0), None),
    ],
)
def test_numbers_near_others(declared, number, near):
    made = declaring({"type": "number", "label": {"zh": "数"}, **declared})
    assert domain_of(made.facts[0]).nearest(number) == near


def test_days_between_declared_ones_are_tried_though_no_expression_names_any():
    day = {"type": "date", "label": {"zh": "日"}, "in": '[@"2024-02-01"..@"2024-12-31"]'}
    ruleset = declaring({"type": "list", "label": {"zh": "表"}, "item": {"day": day}})
    (tried, *_) = samples(wholly_unknown(domain_of(ruleset.facts[0]).fields["day"]), None, Hints())
    assert tried == temporal.parse_date("2024-02-01")
    assert bounds(ruleset, {"x": {"length": 2}}).low == 10
