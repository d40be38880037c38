"""Numbers as quotients, sums of quotients and means: text whose exact value is known, and which no decimals can hold.

Computed in any number of decimals, most of these miss the value by a hair, and with it the edge or the tie that it
lies on: a third and two thirds are 1, and 15 x 1100/2400 is 6.875.
"""

from decimal import Decimal as D
from fractions import Fraction
from math import prod

from strategies.builder import plain

ODD = (3, 7, 9, 11, 13, 24)
LARGER = (10**3, 10**6)
#: no two have a factor in common, and together they have more than 34 digits
LARGE = (10**12, 10**12 - 1, 10**12 + 1)
NUMBER = {"type": "number"}


def quotients(b, wanted):
    """FEEL text of exactly this value, with divisions in it that do not end."""
    return f"({b.pick(*FORMS)(b, Fraction(wanted))})"


def over(b, wanted):
    """One quotient of two facts, or of a fact and a literal."""
    by, shift = b.pick(1, 2, 3, 7), b.pick(D(1), D(1), D("0.01"), D(100))
    top, bottom = (by * part * shift for part in (wanted.numerator, wanted.denominator))
    return f"{b.fact(top)} / {plain(bottom) if b.chance(3) else b.fact(bottom)}"


def parts(b, wanted, count=None):
    """Fractions that add up to the wanted one: equal ones; or any, also much larger ones, whose last digits are lost."""
    count = count or b.pick(3, 2, 3, 7)
    if b.chance(2):
        return [wanted / count] * count
    some = [b.pick(1, *LARGER) * Fraction(b.integer(-3, 9), b.pick(*ODD)) for _ in range(count - 1)]
    return [*some, wanted - sum(some)]


def _sum(b, wanted):
    return " + ".join(over(b, part) for part in parts(b, wanted))


def _difference(b, wanted):
    more = b.pick(1, *LARGER) * Fraction(b.integer(1, 9), b.pick(*ODD))
    return f"{over(b, wanted + more)} - {over(b, more)}"


def _product(b, wanted):
    by = b.pick(*ODD)
    return f"{over(b, wanted / by)} * {by if b.chance(2) else b.fact(by)}"


def _inverse(b, wanted):
    if wanted == 0:
        return over(b, wanted)
    by = b.pick(1, *ODD)
    return f"{by} / ({over(b, by / wanted)})"


def _rows(b, shares):
    """A list of items whose x / y are these."""
    rows = []
    for share in shares:
        by = b.pick(1, 3, 7)
        rows.append({"x": b.number(share.numerator * by), "y": b.number(share.denominator * by)})
    return b.items({"x": NUMBER, "y": NUMBER}, rows)


def _mean(b, wanted):
    count = b.pick(3, 2, 3, 7)
    rows = _rows(b, parts(b, wanted * count, count))
    each = f"for each in {rows} return each.x / each.y"
    return b.pick(f"mean({each})", f"mean({each})", f"sum({each}) / count({rows})")


def _total(b, wanted):
    return f"sum(for each in {_rows(b, parts(b, wanted))} return each.x / each.y)"


def _derived(b, wanted):
    return " + ".join(b.define(over(b, part)) for part in parts(b, wanted, 2))


def _extreme(b, wanted):
    off = Fraction(1, b.pick(*ODD))
    word, off = b.pick(("min", off), ("max", -off))
    return f"{word}({over(b, wanted)}, {_sum(b, wanted + off)})"


def _median(b, wanted):
    return f"median([{over(b, wanted + Fraction(1, 3))}, {_sum(b, wanted)}, {over(b, wanted - Fraction(1, 7))}])"


def _scale(wanted):
    """How many decimals the value is whole in: 0, 2, or None."""
    return next((scale for scale in (0, 2) if (wanted * 10**scale).denominator == 1), None)


def _rounded(b, wanted):
    """A whole number of units or hundredths is itself when rounded."""
    scale = _scale(wanted)
    value = _sum(b, wanted)
    return value if scale is None else f"{b.pick('floor', 'ceiling', 'round down', 'round up')}({value}, {scale})"


def _halved(b, wanted):
    """A tie of the rounding functions."""
    scale = _scale(wanted)
    if scale is None or wanted <= 0:
        return _sum(b, wanted)
    half = Fraction(1, 2 * 10**scale)
    forms = [("round half up", wanted - half), ("round half down", wanted + half)]
    if (wanted * 10**scale) % 2 == 0:
        forms += [("decimal", wanted + half), ("decimal", wanted - half)]
    word, value = b.pick(*forms)
    return f"{word}({_sum(b, value)}, {scale})"


def _modulo(b, wanted):
    by = Fraction(b.integer(1, 9), b.pick(*ODD)) + max(wanted, 0)
    if wanted < 0:
        return f"-({over(b, -wanted)})"
    return f"modulo({over(b, wanted + b.integer(1, 3) * by)}, {over(b, by)})"


def _square(b, wanted):
    root = Fraction(b.integer(1, 3), b.pick(*ODD))
    return f"({over(b, root)}) ** 2 + {over(b, wanted - root * root)}"


FORMS = (
    _sum,
    _mean,
    _product,
    _sum,
    _mean,
    _total,
    _difference,
    _inverse,
    _derived,
    _extreme,
    _median,
    _rounded,
    _halved,
    _modulo,
    _square,
)


def beside(b, edge, side):
    """Text of a number so near the edge, on its lower (-1) or upper (1) side, that 34 digits cannot tell them apart."""
    texts, left = [over(b, Fraction(edge))], Fraction(side, prod(LARGE))
    for bottom in LARGE[1:]:
        top = side * pow(prod(LARGE) // bottom, -1, bottom) % bottom
        texts.append(f"{b.fact(top)} / {b.fact(bottom)}")
        left -= Fraction(top, bottom)
    return f"({' + '.join(texts)} + {b.fact(int(left * LARGE[0]))} / {b.fact(LARGE[0])})"
