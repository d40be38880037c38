"""What generated rulesets are built with: choices, numbers, facts and derived values."""

from decimal import Decimal as D
from fractions import Fraction

from hypothesis import strategies as st

EDGE, TIE, FREE, UNDEFINED = "edge", "tie", "free", "undefined"

TEXTS = (
    {"zh": "甲"},
    {"zh": "年初预算", "en": "initial budget"},
    {"zh": '引号"与\\反斜杠', "en": "tab\tand line\u2028separator"},
    {"zh": "𠮷😀", "en": "<b>&amp;</b> {0} %s"},
)
#: names that look like words of FEEL or of the document, and are neither
TRICKY = (
    "order",
    "android",
    "notes",
    "if_any",
    "input",
    "nullable",
    "truex",
    "total",
    "points",
    "awarded",
    "facts",
)
NICE_DIVISORS = (D(1), D(2), D(4), D(5), D(8), D(10), D(25), D(100))

_FLAGS = {one_in: st.integers(0, one_in - 1) for one_in in range(1, 21)}
_SMALL = {(low, high): st.integers(low, high) for low in range(-3, 4) for high in range(low, 14)}


def plain(number):
    """FEEL's and JSON's text of a number, without an exponent."""
    return format(D(number), "f")


def finite(fraction):
    """A fraction as a Decimal, or None where its decimals do not end (or not soon)."""
    rest = Fraction(fraction).denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    value = D(Fraction(fraction).numerator) / D(Fraction(fraction).denominator)
    return value if len(value.as_tuple().digits) <= 16 and Fraction(value) == fraction else None


#: of derived values too: a criterion that is stated may not rest on a reconstructed one
STATED = {"status": "stated", "clause": "第三条"}


class Builder:
    """Collects the facts and derived values that the expressions it hands out read."""

    def __init__(self, draw, digits):
        self.draw = draw
        self.quantum = D(1).scaleb(-digits)
        self.facts, self.values, self.derived = {}, {}, {}
        #: indicators whose scores expressions may read at present
        self.readable = ()
        self.style = self.pick("plain", "plain", "padded", "exponent")
        self.names = 0
        self.status = self.pick("reconstructed", "draft", "official")
        #: how often a number is written in quotients: once in so many times
        self.quotients = 4

    # Choices

    def pick(self, *options):
        return options[self.integer(0, len(options) - 1)]

    def chance(self, one_in):
        """True once in ``one_in`` times; shrinks to False."""
        return self.draw(_FLAGS[one_in]) == one_in - 1

    def integer(self, low, high):
        bounds = _SMALL.get((low, high))
        return self.draw(st.integers(low, high) if bounds is None else bounds)

    def text(self):
        return dict(self.pick(*TEXTS))

    def name(self, stem):
        self.names += 1
        if self.names <= len(TRICKY) and self.chance(6):
            return TRICKY[self.names - 1]
        return f"{stem}_{self.names}"

    def number(self, value):
        """A JSON number: of equal value, not always written alike."""
        value = D(value)
        if self.style == "exponent":
            return value.normalize()
        if self.style == "padded":
            return value if value.as_tuple().exponent <= -3 else value.quantize(D("0.001"))
        return int(value) if value == value.to_integral_value() else value

    def tie(self, points, quantum=None):
        """An amount of points half way between two multiples of the quantum."""
        quantum = quantum or self.quantum
        return (self.integer(0, max(0, int(points / quantum) - 1)) + D("0.5")) * quantum

    # Facts

    def declare(self, kind, value, **more):
        name = self.name(kind[0])
        if more.get("optional"):
            # Conditions of applicability may read it.
            more["omitted"] = self.text()
        self.facts[name] = {"type": kind, "label": self.text(), **more}
        if value is not None or (more.get("optional") and self.chance(2)):
            self.values[name] = value
        return name

    def fact(self, value, **more):
        """A number fact of this value, declared one way or another."""
        value = D(value)
        form = self.integer(0, 7)
        if form == 1:
            more["in"] = self.pick(f"<= {plain(value)}", f">= {plain(value)}", f"[{plain(value)}..{plain(value + 1)})")
        if form == 2:
            more["decimals"] = max(0, -value.as_tuple().exponent)
        if form == 3:
            more["unit"] = self.pick("CNY_10k", "%", "ratio")
        if form == 4:
            more["optional"] = True
        return self.declare("number", self.number(value), **more)

    def missing(self, kind):
        """An optional fact that is null."""
        return self.declare(kind, None, optional=True)

    def items(self, fields, rows, **more):
        """A list fact; ``fields`` name to declaration, ``rows`` with None for what is null."""
        declared = {name: {"label": self.text(), **field} for name, field in fields.items()}
        for field in declared.values():
            if field.get("optional"):
                field["omitted"] = self.text()
        drop = self.chance(2)
        kept = [{k: v for k, v in row.items() if v is not None or not drop} for row in rows]
        return self.declare("list", kept, item=declared, **more)

    def amounts(self, values):
        """A list of items with an amount each, and a flag that is true; amounts may be None."""
        fields = {"amount": {"type": "number"}, "flag": {"type": "boolean"}}
        if None in values:
            fields["amount"]["optional"] = True
        rows = [{"amount": v if v is None else self.number(v), "flag": True} for v in values]
        return self.items(fields, rows)

    def define(self, text):
        """A derived value."""
        name = self.name("d")
        self.derived[name] = {"value": text, "label": self.text()}
        if self.chance(4):
            self.derived[name] |= {"decimals": 2, "unit": "%", "note": self.text(), "source": dict(STATED)}
        return name

    # Sources

    def source(self):
        """Where a rule comes from; an official ruleset reconstructs nothing."""
        if self.status != "official" and self.chance(2):
            return {"status": "reconstructed", "ground": self.text(), "confidence": self.pick("low", "medium", "high")}
        return dict(STATED)
