"""Expressions whose value is known beforehand, in many forms."""

from decimal import Decimal as D
from fractions import Fraction

from strategies.builder import NICE_DIVISORS, finite, plain
from strategies.quotients import beside, quotients

LATEST = "2024-12-31"


def value(b, wanted, deep=2):
    """FEEL text of a number of exactly this value; where its decimals do not end, of quotients."""
    short = finite(wanted) if isinstance(wanted, Fraction) else D(wanted)
    if short is None or b.chance(b.quotients):
        return quotients(b, wanted)
    wanted = short
    if deep == 0 or b.chance(2):
        return b.fact(wanted)
    return b.pick(*FORMS)(b, wanted, deep - 1)


def _quotient(b, wanted, deep):
    divisor = b.pick(*NICE_DIVISORS)
    return f"{value(b, wanted * divisor, deep)} / {value(b, divisor, 0) if b.chance(2) else plain(divisor)}"


def _difference(b, wanted, deep):
    other = D(b.integer(-3, 9))
    return f"{value(b, wanted + other, 0)} - ({value(b, other, deep)})"


def _sum_of_items(b, wanted, deep):
    parts = [D(b.integer(0, 9)) / 4 for _ in range(b.integer(0, 2))]
    name = b.amounts([*parts, wanted - sum(parts)])
    return b.pick(f"sum({name}.amount)", f"sum({name}[flag].amount)", f"sum({name}[flag = true].amount)")


def _derived(b, wanted, deep):
    return b.define(value(b, wanted, deep))


def _branch(b, wanted, deep):
    wanted, other = value(b, wanted, deep), undefined(b) if b.chance(2) else b.fact(7)
    if b.chance(2):
        return f"if {condition(b, True, 0)} then {wanted} else {other}"
    return f"if {condition(b, False, 0)} then {other} else {wanted}"


def _default(b, wanted, deep):
    if b.chance(2):
        return f"if {b.missing('number')} = null then {value(b, wanted, deep)} else 1 / 0"
    name = b.declare("number", b.number(wanted), optional=True)
    return f"if {name} != null then {name} else 0"


def _extreme(b, wanted, deep):
    other = D(b.integer(0, 9))
    if b.chance(2):
        return f"max({value(b, wanted, deep)}, {plain(wanted - other)})"
    return f"min([{plain(wanted + other)}, {value(b, wanted, deep)}])"


def _by_score(b, wanted, deep):
    if not b.readable:
        return value(b, wanted, deep)
    score = f"scores.{b.pick(*b.readable)}"
    form = b.integer(0, 3)
    if form == 0:
        return f"{value(b, wanted, deep)} + {score}.points - {score}.points"
    if form == 1:
        return b.define(f"{value(b, wanted, deep)} - 0 * {score}.awarded")
    which = f"{score}.rate >= 0.5" if form == 2 else f"{score}.awarded < {score}.points"
    return f"if {which} then {value(b, wanted, deep)} else {value(b, wanted, 0)}"


FORMS = (_quotient, _difference, _sum_of_items, _derived, _branch, _default, _extreme, _by_score, _by_score)


def undefined(b):
    """FEEL text of what has no value where a number is needed."""
    form = b.integer(0, 6)
    if form == 0:
        return b.missing("number")
    if form == 1:
        return f"{b.fact(1)} / {b.fact(0)}"
    if form == 2:
        return b.define(f"1 / {b.fact(0)}")
    if form == 3:
        return f"{b.missing('number')} + {b.fact(1)}"
    if form == 4:
        return f"sum({b.amounts([])}.amount)"
    if form == 5:
        return f"sum({b.amounts([D(1), None])}.amount)"
    return f"if {undefined_condition(b)} then 1 else 2"


def condition(b, truth, deep=2):
    """FEEL text of a condition of this truth."""
    if deep == 0 or b.chance(3):
        name = b.declare("boolean", truth)
        return b.pick(name, name, f"{name} = true", f"not(not({name}))")
    return b.pick(*CONDITIONS)(b, truth, deep - 1)


def _comparison(b, truth, deep):
    """On the edge itself, or just beside it."""
    edge = D(b.integer(-3, 9)) / 4
    sign = b.pick("<=", ">=", "<", ">", "=", "!=")
    off = {"<=": (0, 1), ">=": (0, -1), "<": (-1, 0), ">": (1, 0), "=": (0, 1), "!=": (1, 0)}[sign][0 if truth else 1]
    if not b.chance(b.quotients):
        return f"{value(b, edge + off * D('0.001'), deep)} {sign} {plain(edge)}"
    if off and b.chance(2):
        return f"{beside(b, edge, off)} {sign} {plain(edge)}"
    bound = Fraction(b.integer(-3, 9), b.pick(3, 7, 1))
    right = f"{bound.numerator} / {bound.denominator}" if b.chance(2) else quotients(b, bound)
    return f"{quotients(b, bound + off * Fraction(1, 1000))} {sign} {right}"


def _between(b, truth, deep):
    low = D(b.integer(0, 9))
    inside = b.pick(low, low + 1) if truth else b.pick(low - D("0.001"), low + D("1.001"))
    form = b.pick("between {0} and {1}", "in [{0}..{1}]").format(plain(low), plain(low + 1))
    if b.chance(b.quotients):
        near = b.pick((low, 1), (low + 1, -1)) if truth else b.pick((low, -1), (low + 1, 1))
        return f"{beside(b, *near)} {form}"
    return f"{value(b, inside, deep)} {form}"


def _negation(b, truth, deep):
    return f"not({condition(b, not truth, deep)})"


def _both(b, truth, deep):
    return _decided(b, "and", truth, deep)


def _either(b, truth, deep):
    return _decided(b, "or", truth, deep)


def _decided(b, word, truth, deep):
    """Where one operand decides, the other may be anything after it, and null before it."""
    if truth is (word == "and"):
        return f"({condition(b, truth, deep)} {word} {condition(b, truth, 0)})"
    form = b.integer(0, 3)
    if form == 0:
        return f"({b.missing('boolean')} {word} {condition(b, truth, deep)})"
    beside = undefined_condition(b) if form == 1 else condition(b, not truth, 0)
    return f"({condition(b, truth, deep)} {word} {beside})"


def _date(b, truth, deep):
    name = b.declare("date", LATEST if truth else "2025-01-01")
    return f'{name} <= date("{LATEST}")' if b.chance(2) else f'{name} <= @"{LATEST}"'


def _string(b, truth, deep):
    name = b.declare("string", "yes" if truth else "no", **({"in": '"yes", "no"'} if b.chance(2) else {}))
    return f'{name} = "yes"'


def _counted(b, truth, deep):
    return f"count({b.amounts([D(1), D(2)] if truth else [D(1)])}) >= 2"


def _quantified(b, truth, deep):
    name = b.amounts([D(1), D(3)])
    limit = 3 if truth else b.pick(2, 1)
    every = f"every x in {name} satisfies x.amount <= {limit}"
    some = f"some x in {name} satisfies x.amount >= {3 if truth else 4}"
    return f"({b.pick(every, some)})"


def _presence(b, truth, deep):
    kind = b.pick("number", "boolean", "date")
    name = b.define(b.missing(kind)) if b.chance(3) else b.missing(kind)
    return f"{name} = null" if truth else f"{name} != null"


def _nested(b, truth, deep):
    """A list within the items of a list."""
    part = {"type": "list", "item": {"amount": {"type": "number", "label": b.text()}}}
    inner = [{"amount": b.number(D(1))}] * (2 if truth else 1)
    name = b.items({"parts": part}, [{"parts": []}, {"parts": inner}])
    return f"(some x in {name} satisfies count(x.parts) >= 2)"


def _derived_condition(b, truth, deep):
    return b.define(condition(b, truth, deep))


CONDITIONS = (
    _comparison,
    _comparison,
    _between,
    _negation,
    _both,
    _either,
    _date,
    _string,
    _counted,
    _quantified,
    _presence,
    _nested,
    _derived_condition,
)


def undefined_condition(b):
    """FEEL text of what is neither true nor false."""
    form = b.integer(0, 3)
    if form == 0:
        return b.missing("boolean")
    if form == 1:
        return f"{b.missing('number')} > 1"
    if form == 2:
        return f"1 / {b.fact(0)} > 1"
    return f"{b.define(f'{b.fact(1)} / {b.fact(0)}')} < 3"
