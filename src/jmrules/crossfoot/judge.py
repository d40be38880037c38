"""Whether figures agree: exact comparison, and the leeway that printed digits give.

Numbers are FEEL's where exact arithmetic is in force, which is the quicker, and fractions elsewhere; a whole number is an int.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel import divide, is_exact
from jmrules.feel.possible import LARGEST

if TYPE_CHECKING:
    from jmrules.crossfoot.printed import Measured
    from jmrules.crossfoot.results import Status

#: what a figure of which nothing is known may be at most: no end at all
_FAR = int(LARGEST)
_HALF = Decimal("0.5")


#: a number, exactly: FEEL's or an int, or a fraction or an int; which of the two, the arithmetic in force says, and no type can
Exact = Any


def divided(top: Exact, bottom: Exact) -> Exact:
    """``top / bottom``, whichever numbers they are."""
    if type(top) is int and type(bottom) is int:
        return Fraction(top, bottom)
    return divide(top, bottom)


def fraction(number: Exact | None) -> Fraction | None:
    """The number as what is told of it."""
    return number if number is None or type(number) is Fraction else Fraction(*number.as_integer_ratio())


@frozen
class Verdict:
    """How two figures compare."""

    status: Status
    #: stated less computed
    difference: Exact | None = None
    #: greatest difference that the digits allow
    tolerance: Exact | None = None
    #: what the stated figure should be, where it is computed from several
    computed: Exact | None = None


@frozen
class Range:
    """A number, and what it may have been; an end is None where there is none."""

    value: Exact | None
    low: Exact | None
    high: Exact | None

    @property
    def width(self) -> Exact | None:
        """How far apart the ends are."""
        return None if self.low is None or self.high is None else self.high - self.low

    def less(self, other: Range) -> bool:
        """Whether it is certainly less."""
        return self.high is not None and other.low is not None and self.high < other.low

    def within(self, other: Range) -> bool:
        """Whether all that it may be, the other may be."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        return low and (other.high is None or (self.high is not None and self.high <= other.high))


def range_of(measured: Measured) -> Range:
    """A measured figure."""
    value: Exact = measured.value
    low: Exact = measured.low
    high: Exact = measured.high
    if not is_exact():
        value = None if value is None else Fraction(value)
        low, high = Fraction(low), Fraction(high)
    return Range(value, low if low > -_FAR else None, high if high < _FAR else None)


def total_of(terms: tuple[Range, ...]) -> Range:
    """The sum of several figures, each as far off as it may be."""
    return Range(
        _added([term.value for term in terms]),
        _added([term.low for term in terms]),
        _added([term.high for term in terms]),
    )


def _added(numbers: list[Exact | None]) -> Exact | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def judge_sum(total: Range, parts: tuple[Range, ...], differs: Status, *, exhaustive: bool) -> Verdict:
    """Whether parts make up a total; where there are further parts, whether they leave room for them."""
    computed = total_of(parts)
    if exhaustive or not computed.less(total):
        return compare(total, computed, differs)
    return compare(total, computed, "remainder")


def judge_at_most(part: Range, whole: Range, differs: Status) -> Verdict:
    """Whether a part stays within the whole; the difference is the part less the whole."""
    difference, tolerance = _difference(part, whole), _tolerance(part, whole)
    if part.value is not None and whole.value is not None:
        within = part.value <= whole.value
    else:
        within = part.high is not None and whole.low is not None and part.high <= whole.low
    if within:
        status: Status = "agrees"
    elif whole.less(part):
        status = differs
    else:
        status = "rounding" if difference is not None else "cannot-be-computed"
    return Verdict(status, difference, tolerance, whole.value)


def quotient(part: Range, whole: Range) -> Range | None:
    """What part / whole may be; None where the whole may be none at all."""
    exact = (
        divided(part.value, whole.value)
        if part.value is not None and whole.value is not None and whole.value > 0
        else None
    )
    if whole.low is None or whole.low <= 0:
        if whole.high is None or whole.high <= 0 or (exact is None and (part.low is None or part.low < 0)):
            return None
        # However small the whole is, the rate is at least this.
        return Range(exact, None if part.low is None or part.low < 0 else divided(part.low, whole.high), None)
    if part.low is None or part.high is None:
        return None
    corners = [
        divided(top, bottom)
        for top in (part.low, part.high)
        for bottom in (whole.low, whole.high)
        if bottom is not None
    ]
    if whole.high is None:
        corners.append(0)
    return Range(exact, min(corners), max(corners))


def judge_ratio(stated: Range, rate: Range, differs: Status) -> Verdict:
    """Whether a stated rate is the rate computed. It agrees where the exact quotient rounds to it."""
    verdict = compare(stated, rate, differs)
    if rate.value is not None and Range(rate.value, rate.value, rate.value).within(stated):
        return Verdict("agrees", verdict.difference, verdict.tolerance, rate.value)
    return verdict


def compare(stated: Range, computed: Range, differs: Status) -> Verdict:
    """Whether a stated figure is what others make of it; ``differs`` is what it is where it cannot be."""
    difference = _difference(stated, computed)
    if stated.less(computed) or computed.less(stated):
        status = differs
    elif difference is not None:
        status = "rounding" if difference else "agrees"
    elif computed.value is not None or computed.within(stated):
        # What is stated of it is true, though it be no single number.
        status = "agrees"
    else:
        status = "cannot-be-computed"
    return Verdict(status, difference, _tolerance(stated, computed), computed.value)


def _difference(one: Range, other: Range) -> Exact | None:
    return None if one.value is None or other.value is None else one.value - other.value


def _tolerance(one: Range, other: Range) -> Exact | None:
    if one.width is None or other.width is None:
        return None
    both = one.width + other.width
    return both * _HALF if type(both) is Decimal else divided(both, 2)
