"""The checks that a ruleset declares, carried out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.crossfoot.judge import (
    Exact,
    Range,
    Verdict,
    compare,
    divided,
    fraction,
    judge_at_most,
    judge_ratio,
    judge_sum,
    quotient,
    range_of,
    total_of,
)
from jmrules.crossfoot.naming import Naming
from jmrules.crossfoot.results import Matter, Open, Side
from jmrules.errors import Text
from jmrules.feel.possible import Known, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot.printed import Figures
    from jmrules.ruleset import CrossCheck, Differs

_STATED = Text("所列数", "the figure stated")
_COMPUTED = Text("按数据计算", "what the figures come to")
_IMPLIED = Text("按各项超出数合计至少为", "what is spent beyond the budgets comes to at least")
_ZERO, _ONE = 0, 1


def declared_matters(figures: Figures) -> Iterator[Matter]:
    """What comes of a ruleset's checks; of one over a list, one for each item. Those on years come with the statements."""
    for check in figures.ruleset.checks:
        if check.kind != "year":
            rows = [None] if check.each is None else range(len(figures.rows(check.each.of)))
            for number in rows:
                found = _Run(figures, check, number).matter()
                if found is not None:
                    yield found


class _Run:
    """One check on one department, or on one item of a list."""

    def __init__(self, figures: Figures, check: CrossCheck, number: int | None) -> None:
        self.figures, self.check, self.number = figures, check, number
        self.naming = Naming(figures, check)
        self.each = None if check.each is None or number is None else (check.each.name, check.each.of, number)
        self.differs: Differs = check.differs or ("question" if check.kind == "excess" else "contradicts")

    def matter(self) -> Matter | None:
        """What comes of it; None where it does not apply, or where nothing is stated that could be held against figures."""
        condition = self.naming.condition
        applies = True if condition is None else self.figures.holds(condition, self.each)
        if applies is False:
            return None
        carried_out = {
            "sum": self._sum, "ratio": self._ratio, "equal": self._equal, "excess": self._excess, "at_most": self._at_most,
        }[self.check.kind]  # fmt: skip
        found = carried_out()
        if applies or found is None or found.status in ("agrees", "rounding", "remainder"):
            return found
        # Whether it must hold at all is not known, for what decides on that is withheld.
        return evolve(found, status="cannot-be-computed", withheld=True, open=found.open or self._nothing())

    def _range(self, step: str) -> Range | None:
        measured = self.figures.measure(self.naming.compiled[step], self.each)
        return None if measured is None else range_of(measured)

    def _unstated(self, step: str) -> Matter | None:
        """A figure that is withheld, rather than not stated at all, is a matter too."""
        if not self.figures.withheld(self.naming.reads((step,))):
            return None
        found = self._open(Range(None, None, None), step, Range(None, None, None))
        return evolve(found, open=evolve(self._nothing(), missing=self.naming.missing(step)))

    def _stated(self, step: str) -> Range | None:
        """The figure as stated; None where nobody stated it, or only bounds of what it may be are known."""
        found = self._range(step)
        return None if found is None or found.width is None else found

    def _sum(self) -> Matter | None:
        total = self._stated("total")
        if total is None:
            return self._unstated("total")
        parts = [self._range(f"parts/{index}") for index in range(len(self.check.parts))]
        known = tuple(part for part in parts if part is not None)
        if len(known) < len(parts):
            return self._open(total, "total", Range(None, None, None))
        verdict = judge_sum(total, known, self.differs, exhaustive=self.check.exhaustive)
        computed = Range(verdict.computed, None, None)
        if verdict.status == "cannot-be-computed":
            return self._open(total, "total", total_of(known))
        return self._two("total", "parts", total, computed, verdict)

    def _equal(self) -> Matter | None:
        stated = self._stated("stated")
        if stated is None:
            return self._unstated("stated")
        computed = self._narrowed(self._range("figures"))
        verdict = compare(stated, computed, self.differs)
        if verdict.status == "cannot-be-computed":
            return self._open(stated, "stated", computed)
        return self._two("stated", "figures", stated, computed, verdict)

    def _at_most(self) -> Matter | None:
        part, whole = self._range("part"), self._range("whole")
        if part is None or part.width is None:
            return self._unstated("part")
        if whole is None:
            return self._open(part, "part", Range(None, None, None))
        verdict = judge_at_most(part, whole, self.differs)
        if verdict.status == "cannot-be-computed":
            return self._open(part, "part", whole)
        return self._two("part", "whole", part, whole, verdict)

    def _ratio(self) -> Matter | None:
        stated, part, whole = self._stated("stated"), self._range("part"), self._narrowed(self._range("whole"))
        if stated is None:
            return self._unstated("stated")
        rate = None if part is None else quotient(part, whole)
        if rate is None:
            return self._open(stated, "stated", Range(None, None, None))
        verdict = judge_ratio(stated, rate, self.differs)
        if verdict.status != "cannot-be-computed":
            return self._two("stated", "part", stated, rate, verdict)
        found = self._open(stated, "stated", rate)
        assert found.open is not None
        # The ends are told by the figures as printed, not by what they may have been before.
        exact = [self._exact(step) for step in ("part", "between/0", "between/1")] if self.check.between else [None]
        if None in exact or min(exact) <= 0:  # type: ignore[type-var,operator]
            return found
        top, low, high = exact
        target = _aimed_at(stated)
        needed = None if not target else high - divided(top, target)
        told = evolve(found.open, low=fraction(divided(top, high)), high=fraction(divided(top, low)))
        if needed is not None and needed > 0:
            told = evolve(
                told,
                reaches=fraction(target),
                needed=fraction(needed),
                most=fraction(high - low),  # type: ignore[operator]
                whole_unit=self.naming.unit_of("whole"),
            )
        return evolve(found, open=told)

    def _excess(self) -> Matter | None:
        stated = self._stated("stated")
        if stated is None:
            return self._unstated("stated")
        implied, figures, all_known, certain = Range(_ZERO, _ZERO, _ZERO), [], True, _ZERO
        for index, item in enumerate(self.check.items):
            part, whole = self._range(f"items/{index}/part"), self._range(f"items/{index}/whole")
            beyond = None if part is None or whole is None else _beyond(part, whole)
            all_known = all_known and beyond is not None and beyond.value is not None
            if beyond is None:
                continue
            implied = Range(*(_plus(a, b) for a, b in zip(_ends(implied), _ends(beyond), strict=True)))
            certain += beyond.value or _ZERO
            if beyond.value:
                sections = self.naming.sections((f"items/{index}/part", f"items/{index}/whole"), self.number)
                figures.append(Side(item.label, fraction(beyond.value), self.naming.unit(), sections))
        verdict = judge_at_most(implied, stated, self.differs)
        if verdict.status == "cannot-be-computed" or (verdict.status != self.differs and not all_known):
            # What is certain is covered; more than that nobody can say.
            return self._open(stated, "stated", Range(None, implied.low, implied.high if all_known else None))
        one = self.naming.side("stated", self.check.stated_label or _STATED, self.number, fraction(stated.value))
        other = Side(self.check.computed_label or _IMPLIED, fraction(certain), self.naming.unit())
        found = self._matter(verdict, one, other, figures=tuple(figures) if len(figures) > 1 else ())
        return found if all_known else evolve(found, withheld=True)

    def _narrowed(self, computed: Range | None) -> Range:
        """The figure computed; where it has no value, what the check says that it lies between."""
        found = computed or Range(None, None, None)
        if not self.check.between or found.value is not None:
            return found
        low, high = self._range("between/0"), self._range("between/1")
        lows = [end for end in (found.low, low.low if low else None) if end is not None]
        highs = [end for end in (found.high, high.high if high else None) if end is not None]
        return Range(None, max(lows, default=None), min(highs, default=None))

    def _exact(self, step: str) -> Exact | None:
        found = self._range(step)
        if found is None:
            return None
        # An end that is not known exactly gives way: the least it may be below, the most above.
        return found.value if found.value is not None else found.low if step == "between/0" else found.high

    def _two(self, first: str, second: str, one: Range, other: Range, verdict: Verdict) -> Matter:
        naming, check = self.naming, self.check
        return self._matter(
            verdict,
            naming.side(first, check.stated_label or _STATED, self.number, fraction(one.value), _between(one)),
            naming.side(
                second, check.computed_label or _COMPUTED, self.number, fraction(verdict.computed), _between(other)
            ),
        )

    def _open(self, one: Range, step: str, still: Range) -> Matter:
        """A figure that is stated, and that nobody can compute yet."""
        stated = self.naming.side(
            step, self.check.stated_label or _STATED, self.number, fraction(one.value), _between(one)
        )
        told = evolve(self._nothing(), low=fraction(still.low), high=fraction(still.high))
        return evolve(self._matter(Verdict("cannot-be-computed"), stated, None), open=told)

    def _nothing(self) -> Open:
        """Nothing is known of it but what is missing."""
        return Open(None, None, self.naming.unit(), self.check.missing or self.naming.missing())

    def _matter(self, verdict: Verdict, one: Side, other: Side | None, figures: tuple[Side, ...] = ()) -> Matter:
        check = self.check
        named: tuple[str, ...] | None = None
        if check.instead is not None:
            named = (check.instead,)
        elif check.between:
            # A result that is declared, and computed from figures: the figures stand.
            named = self.naming.reads(("stated",))
        return Matter(
            check.id, check.kind, check.label, verdict.status, reads := self.naming.reads(),
            stated=one, computed=other, difference=fraction(verdict.difference), tolerance=fraction(verdict.tolerance),
            item=self._item(), figures=figures, in_question=named,
            withheld=verdict.status == "cannot-be-computed" and self.figures.withheld(reads),
        )  # fmt: skip

    def _item(self) -> str | None:
        check = self.check
        if check.each is None or self.number is None:
            return None
        members = spread(self.figures.rows(check.each.of)[self.number]).members or {}
        named = members.get(check.each.by) if check.each.by else None
        return str(named.value if isinstance(named, Known) and named.value is not None else self.number + 1)


def _aimed_at(stated: Range) -> Exact | None:
    """The rate that a department says it reached: the one it states; of one that it only circumscribes, all of it where that may be."""
    if stated.value is not None or stated.low is None or stated.high is None:
        return stated.value
    return _ONE if stated.low <= 1 <= stated.high else stated.low


def _ends(found: Range) -> tuple[Exact | None, Exact | None, Exact | None]:
    return found.value, found.low, found.high


def _plus(one: Exact | None, other: Exact | None) -> Exact | None:
    return None if one is None or other is None else one + other


def _beyond(part: Range, whole: Range) -> Range | None:
    """By how much something exceeds something: nothing at least."""
    low = None if part.low is None or whole.high is None else max(part.low - whole.high, _ZERO)
    high = None if part.high is None or whole.low is None else max(part.high - whole.low, _ZERO)
    if part.value is not None and whole.value is not None:
        return Range(max(part.value - whole.value, _ZERO), low, high)
    return None if low is None else Range(None, low, high)


def _between(found: Range) -> tuple[Fraction, Fraction] | None:
    if found.value is not None or found.low is None or found.high is None:
        return None
    return fraction(found.low), fraction(found.high)  # type: ignore[return-value]
