"""Expressions written to do harm, and numbers too large to hold: refused or undefined, in bounded time."""

from decimal import Decimal

import pytest

from jmrules import JmrulesError, RulesetError, evaluate, load_ruleset
from laws.common import single_leaf

FACTS = {"x": 3, "xs": [{"a": 1}, {"a": 5}], "s": "a" * 30 + "b"}
DECLARED = {
    "x": {"type": "number", "label": {"zh": "数"}},
    "xs": {"type": "list", "label": {"zh": "表"}, "item": {"a": {"type": "number", "label": {"zh": "列"}}}},
    "s": {"type": "string", "label": {"zh": "字"}},
}
HOSTILE = (
    "(" * 900 + "1" + ")" * 900,
    "[" * 900 + "1" + "]" * 900,
    "{a: " * 500 + "1" + "}" * 500,
    "-" * 3000 + "1",
    "1" + " + 1" * 900,
    "if true then " * 250 + "1" + " else 1" * 250,
    "x" + ".a" * 1500,
    "xs" + "[1]" * 1000,
    "count(" * 400 + "xs" + ")" * 400,
    "9" * 3900,
    "0." + "0" * 3900 + "1",
    "10 ** 10 ** 10",
    "2 ** 100000000",
    "0 ** -1",
    "10 ** 6144 * 10",
    "exp(100000)",
    "decimal(x, 1000000000)",
    "count(for i in 1..1000000000 return i)",
    "count(for i in 1..100000, j in 1..100000 return i)",
    "if some i in 1..100000000 satisfies i < 0 then 1 else 2",
    'if matches(s, "(a+)+$") then 1 else 2',
    'string length(replace(s, "(a*)*c", "x"))',
    "(function(f) f(f))(function(f) f(f))",
    "{f: function(n) f(n), r: f(1)}.r",
    'external("os").system',
    "__import__",
    "x.__class__",
    '"{0.__class__}"',
    '"\\uD800"',
    "null",
    "scores",
    "x\x00",
)


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:24] for text in HOSTILE])
def test_hostile_expressions_end_in_a_score_or_a_declared_error(text):
    ruleset = single_leaf({"kind": "formula", "points": text}, DECLARED)
    try:
        evaluate(load_ruleset(ruleset), FACTS).to_json()
    except JmrulesError as error:
        assert error.say("zh") and error.say("en")


@pytest.mark.parametrize("text", ["today()", "now()", "today().year", "if now() > now() then 1 else 2"])
def test_a_score_cannot_depend_on_the_day(text):
    with pytest.raises(RulesetError):
        load_ruleset(single_leaf({"kind": "formula", "points": text}, DECLARED))


@pytest.mark.parametrize(
    "method",
    [
        {"kind": "formula", "points": "x"},
        {"kind": "ratio", "value": "x"},
        {"kind": "bands", "value": "x", "bands": [{"in": "<= 1", "share": 1}, {"in": "> 1", "share": 0}]},
        {
            "kind": "steps",
            "value": "x",
            "bound": 0,
            "direction": "above",
            "step": Decimal("1E-30"),
            "loss": Decimal("1E-6"),
            "partial": "full",
        },
        {"kind": "deductions", "items": [{"id": "i", "label": {"zh": "项"}, "count": "x", "loss": 1}]},
        {"kind": "interpolate", "value": "x", "knots": [{"at": 0, "share": 0}, {"at": Decimal("1E+30"), "share": 1}]},
    ],
    ids=lambda method: method["kind"],
)
@pytest.mark.parametrize(
    "number",
    [
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        Decimal("9E+6144"),
        Decimal("-1E-6100"),
        Decimal("1E-6000"),
        10**5000,
        10**20000,
        1e308,
        5e-324,
    ],
    ids=lambda number: str(number)[:12] if isinstance(number, Decimal | float) else f"{number.bit_length()}-bit",
)
def test_numbers_of_every_size_end_in_a_score_or_a_declared_error(method, number):
    ruleset = load_ruleset(single_leaf(method, DECLARED))
    try:
        evaluate(ruleset, {**FACTS, "x": number}).to_json()
    except JmrulesError as error:
        assert error.say("zh") and error.say("en")
