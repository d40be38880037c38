"""Breakdowns, whoever declares them: parts against totals, shares against amounts, and the same figures in other tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.crossfoot.judge import Range, divided, fraction, judge_ratio, judge_sum, quotient, range_of
from jmrules.crossfoot.printed import Measured, unwrapped
from jmrules.crossfoot.results import Matter, Side
from jmrules.errors import Text
from jmrules.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot.judge import Verdict
    from jmrules.crossfoot.printed import Figures, Path
    from jmrules.crossfoot.results import Status
    from jmrules.ruleset import FactDeclaration

#: the fields that make a list of breakdowns, and those of its parts
_TOTAL, _PARTS, _AMOUNT, _SHARE, _EXHAUSTIVE, _LABEL = "total", "parts", "amount", "share", "exhaustive", "label"
_ONE = Range(1, 1, 1)
_ALL = Text("合计", "whole")
_SUM = Text("各部分之和", "sum of the parts")
_PLUG = Text(
    "各项占比四舍五入后合计不足或超过 100%，差额调在最大一项上",
    "the rounded shares do not add up to 100 %, and the difference was put on the largest",
)


@frozen
class _Part:
    label: str
    amount: Range | None
    share: Range | None


@frozen(eq=False)
class Breakdown:
    """One breakdown of a department, as far as its figures are known."""

    #: the list that it stands in, its number there, what it is called, and the sections that state it
    name: str
    index: int
    item: str
    sections: tuple[str, ...]
    unit: str | None
    share_unit: str | None
    total: Range | None
    exhaustive: bool
    parts: tuple[_Part, ...] = field(repr=False)

    @property
    def id(self) -> str:
        """Where it stands."""
        return f"{self.name}.{self.index}"

    def amounts(self) -> dict[str, Range]:
        """Amounts by what they are of."""
        return {part.label: part.amount for part in self.parts if part.amount is not None}

    def matters(self) -> Iterator[Matter]:
        """Its parts against its total, each share, and the shares together."""
        table = self._sum()
        if table is not None:
            yield table
        # The amounts tell that it is the share alone; where they are at odds themselves, they tell nothing.
        differs: Status = "misprint" if table is not None and table.status != "contradicts" else "contradicts"
        shares = tuple(self._shares(differs))
        yield from shares
        yield from self._together(differs, any(matter.status not in ("agrees", "rounding") for matter in shares))

    def _sum(self) -> Matter | None:
        known = tuple(part.amount for part in self.parts if part.amount is not None)
        if self.total is None or not known or len(known) < len(self.parts):
            return None
        verdict = judge_sum(self.total, known, "contradicts", exhaustive=self.exhaustive)
        label = Text(f"{self.item}：各部分之和与合计", f"{self.item}: its parts against its total")
        return self._matter("sum", "sum", label, verdict, self.total, self.unit, (_ALL, _SUM))

    def _shares(self, differs: Status) -> Iterator[Matter]:
        """Each share that can be computed from amounts."""
        if self.total is None:
            return
        plugged = self._plugged()
        for number, part in enumerate(self.parts):
            if part.share is None or part.amount is None:
                continue
            rate = quotient(part.amount, self.total)
            if rate is None:
                continue
            label = Text(f"{self.item}：{part.label}的占比", f"{self.item}: share of {part.label}")
            words = Text("所述占比", "share stated"), Text("按金额计算", "by amounts")
            verdict = judge_ratio(part.share, rate, "rounding" if number in plugged else differs)
            reason = _PLUG if number in plugged else None
            if verdict.status == "cannot-be-computed":
                continue
            yield self._matter(f"share.{number}", "ratio", label, verdict, part.share, self.share_unit, words, reason)

    def _plugged(self) -> frozenset[int]:
        """The share that took up what the rounded ones lack of 100 %: the only one that is off, the largest, by just that."""
        if not self.exhaustive or self.total is None or not self.total.value:
            return frozenset()
        off, due = [], 0
        for number, part in enumerate(self.parts):
            if part.share is None or part.share.value is None or part.amount is None or part.amount.value is None:
                return frozenset()
            assert part.share.high is not None
            unit = 2 * (part.share.high - part.share.value)
            if not unit:
                return frozenset()
            exact = divided(divided(part.amount.value, self.total.value), unit)
            rounded = half_up(*exact.as_integer_ratio()) * unit
            due += rounded
            if rounded != part.share.value:
                off.append((number, part.share.value - rounded))
        if len(off) != 1 or off[0][1] != 1 - due:
            return frozenset()
        largest = max(part.amount.value for part in self.parts)  # type: ignore[union-attr,type-var]
        number = off[0][0]
        return frozenset((number,)) if self.parts[number].amount.value == largest else frozenset()  # type: ignore[union-attr]

    def _together(self, differs: Status, slipped: bool) -> Iterator[Matter]:
        """The shares together; where one of them is a slip, their sum is no matter of its own unless it is right."""
        shares = tuple(part.share for part in self.parts if part.share is not None)
        if not self.exhaustive or not shares or len(shares) < len(self.parts):
            return
        verdict = judge_sum(_ONE, shares, differs, exhaustive=True)
        if slipped and verdict.status != "agrees":
            return
        label = Text(f"{self.item}：占比之和", f"{self.item}: shares together")
        words = Text("全部", "all"), Text("占比之和", "sum of the shares")
        yield self._matter("shares", "sum", label, verdict, _ONE, self.share_unit, words)

    def _matter(
        self,
        check: str,
        kind: str,
        label: Text,
        verdict: Verdict,
        stated: Range,
        unit: str | None,
        words: tuple[Text, Text],
        reason: Text | None = None,
    ) -> Matter:
        return Matter(
            f"{self.id}.{check}",
            kind,
            label,
            verdict.status,
            (self.name,),
            stated=Side(words[0], fraction(stated.value), unit, self.sections),
            computed=Side(words[1], fraction(verdict.computed), unit, self.sections),
            difference=fraction(verdict.difference),
            tolerance=fraction(verdict.tolerance),
            reason=reason,
        )


def breakdowns(figures: Figures) -> Iterator[Breakdown]:
    """Every breakdown that a department gives: the items of lists that have a total and parts with amounts."""
    for name, declaration in figures.declarations.items():
        fields = {part.id: part for part in declaration.item}
        if declaration.type != "list" or not {_TOTAL, _PARTS} <= fields.keys():
            continue
        parts = {part.id: part for part in fields[_PARTS].item}
        if fields[_TOTAL].type != "number" or parts.get(_AMOUNT) is None or parts[_AMOUNT].type != "number":
            continue
        rows = unwrapped(figures.given.get(name))
        for index, given in enumerate(rows if isinstance(rows, list | tuple) else ()):
            yield _breakdown(figures, declaration, fields, parts, index, given)


def _breakdown(
    figures: Figures,
    declaration: FactDeclaration,
    fields: dict[str, FactDeclaration],
    parts: dict[str, FactDeclaration],
    index: int,
    given: dict[str, Any],
) -> Breakdown:
    path: Path = (declaration.id, index)

    def measured(part: FactDeclaration, value: Any, at: Path) -> Range | None:
        number = figures.number(part, value)
        if number is None:
            return None
        half = figures.half(part, value, at, path)
        return range_of(Measured(number, number - half, number + half))

    rows = unwrapped(given.get(_PARTS))
    found = []
    for number, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        at = (*path, _PARTS, number)
        share = measured(parts[_SHARE], row.get(_SHARE), (*at, _SHARE)) if _SHARE in parts else None
        label = unwrapped(row.get(_LABEL)) or str(number + 1)
        found.append(_Part(str(label), measured(parts[_AMOUNT], row.get(_AMOUNT), (*at, _AMOUNT)), share))
    named = unwrapped(given.get(_LABEL)) or unwrapped(given.get("id"))
    return Breakdown(
        declaration.id,
        index,
        named if isinstance(named, str) else str(index + 1),
        figures.sections(declaration.id, index),
        fields[_TOTAL].unit,
        parts[_SHARE].unit if _SHARE in parts else None,
        measured(fields[_TOTAL], given.get(_TOTAL), (*path, _TOTAL)),
        unwrapped(given.get(_EXHAUSTIVE)) is not False,
        tuple(found),
    )
