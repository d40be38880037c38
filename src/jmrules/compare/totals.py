"""What the changes of many departments come to, added up one by one or by columns, and whom to name first."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import define, evolve, field, frozen

from jmrules.compare.attribution import CAUSES, Attribution
from jmrules.frozen import frozen_mapping, frozen_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.compare.departments import Department, Side
    from jmrules.compare.fit import Path
    from jmrules.errors import Problem, Text
    from jmrules.ruleset import Ruleset

Entry = TypeVar("Entry")

#: departments kept as examples of those that have no score
SHOWN = 5
#: decimals that the parts of sums over a table are rounded to
DECIMALS = 6


@frozen
class Reason:
    """Why departments have no score under a ruleset."""

    by: Side
    #: that of the first department
    problem: Problem
    #: departments that have this problem
    count: int
    #: the first of them
    first: tuple[Department, ...]


@frozen
class Unscored:
    """The departments that have no score under one ruleset or the other."""

    #: without a score under the old ruleset; under the new one alone
    before: int = 0
    after: int = 0
    #: facts that the new ruleset needs -> departments that do not give them
    needed: Mapping[Path, int] = field(factory=dict, converter=frozen_mapping)
    #: the first departments that lack such facts
    first: tuple[Department, ...] = ()
    #: what else stands in the way, the most frequent first
    reasons: tuple[Reason, ...] = ()


@frozen
class Totals:
    """What the changes come to, over all departments that have a score under both rulesets."""

    #: looked at; scored under both
    departments: int
    scored: int
    gained: int
    lost: int
    #: with another grade
    regraded: int
    #: grade -> departments, under the old ruleset and the new
    distribution: tuple[Mapping[str, int], Mapping[str, int]] = field(converter=frozen_value)
    change: Decimal
    total_rounding: Decimal
    limits: Decimal
    #: what each indicator contributes, largest first
    indicators: tuple[Attribution, ...]
    unscored: Unscored


@define
class _Sum:
    """An indicator's contributions."""

    label: Text
    change: Decimal = Decimal(0)
    parts: dict[str, Fraction] = field(factory=lambda: dict.fromkeys(CAUSES, Fraction(0)))
    #: how far the parts can be from the exact ones
    error: Fraction = Fraction(0)


class Tally:
    """Totals while they are being added up."""

    def __init__(self, before: Ruleset, after: Ruleset) -> None:
        self.departments = self.scored = self.gained = self.lost = self.regraded = 0
        self.distribution = tuple({grade.id: 0 for grade in ruleset.grades} for ruleset in (before, after))
        self.change = self.total_rounding = self.limits = Decimal(0)
        self._sums: dict[str, _Sum] = {}
        self._failed: Counter[Side] = Counter()
        self._needed: Counter[Path] = Counter()
        self._first: list[Department] = []
        self._reasons: dict[Any, Reason] = {}

    def add(self, department: Department, *, exactly: bool = True) -> None:
        """Count a department; not ``exactly``: the parts of its changes may be rounded, for sums of very many."""
        self.departments += 1
        if not department.scored:
            self._add_unscored(department)
            return
        assert department.before is not None and department.after is not None
        self.scored += 1
        change = department.change
        self.gained += change > 0
        self.lost += change < 0
        self.regraded += department.regraded
        for counts, outcome in zip(self.distribution, (department.before, department.after), strict=True):
            counts[outcome.grade] += 1
        self.change += change
        self.total_rounding += department.total_rounding
        self.limits += department.limits
        for one in department.attributions:
            if exactly:
                self.add_parts(one.id, one.label, one.change, one.parts)
            else:
                parts = {cause: Fraction(float(part)) for cause, part in one.parts.items()}
                error = max((abs(parts[cause] - part) for cause, part in one.parts.items()), default=Fraction(0))
                # an error of many digits is no better than a larger one of few
                self.add_parts(one.id, one.label, one.change, parts, Fraction(float(error) * 1.001))

    def add_parts(
        self, id: str, label: Text, change: Decimal, parts: dict[str, Fraction], error: Fraction = Fraction(0)
    ) -> None:
        """Add to what an indicator contributes: its parts, each at most ``error`` from the exact one."""
        known = self._sums.setdefault(id, _Sum(label))
        known.change += change
        for cause, part in parts.items():
            known.parts[cause] += part
        known.error += error

    def _add_unscored(self, department: Department) -> None:
        side = department.failed
        assert side is not None
        self._failed[side] += 1
        self._needed.update(department.needed)
        if department.needed and len(self._first) < SHOWN:
            self._first.append(department)
        for key, problem in {_kind(side, problem): problem for problem in reversed(department.problems)}.items():
            known = self._reasons.get(key) or Reason(side, problem, 0, ())
            first = (*known.first, department) if len(known.first) < SHOWN else known.first
            self._reasons[key] = evolve(known, count=known.count + 1, first=first)

    def totals(self) -> Totals:
        """What it comes to."""
        indicators = [made for id, known in self._sums.items() if (made := _attribution(id, known)).parts]
        return Totals(
            self.departments, self.scored, self.gained, self.lost, self.regraded,
            (self.distribution[0], self.distribution[1]), self.change, self.total_rounding, self.limits,
            tuple(sorted(indicators, key=lambda one: -sum(abs(part) for part in one.parts.values()))),
            Unscored(
                self._failed["before"], self._failed["after"], dict(self._needed), tuple(self._first),
                tuple(sorted(self._reasons.values(), key=lambda reason: -reason.count)),
            ),
        )  # fmt: skip


def _kind(side: Side, problem: Problem) -> tuple[str, ...]:
    """What makes problems of several departments the same: its kind and place, whatever the value and the item."""
    where = re.sub(r"/\d+(?=/|$)", "/*", (problem.place.pointer or "").removeprefix("/facts"))
    return side, problem.code, where, problem.message.zh if problem.code == "missing-fact" else ""


def _attribution(id: str, known: _Sum) -> Attribution:
    """The contribution; parts that are not known exactly are rounded, and rounding takes what is then left."""
    parts = known.parts
    if not known.error:
        return Attribution.of(id, known.label, known.change, parts)
    digits = DECIMALS
    while known.error * 10 > Fraction(10) ** -digits:
        digits -= 1
    unit = Fraction(10) ** -digits
    rounded = {cause: round(part / unit) * unit for cause, part in parts.items()}
    rounded["rounding"] = Fraction(known.change) - sum(part for cause, part in rounded.items() if cause != "rounding")
    return Attribution.of(id, known.label, known.change, rounded, within=Decimal(1).scaleb(-digits))


@frozen
class Candidate(Generic[Entry]):
    """A scored department that might be named."""

    change: Decimal
    regraded: bool
    #: among all departments
    position: int
    entry: Entry


Candidates = list[Candidate[Entry]]


def _ranked(candidates: Iterable[Candidate[Entry]]) -> tuple[Candidates[Entry], ...]:
    """Who changes grade, who gains, who loses, the largest change first; and the others."""
    every = sorted(candidates, key=lambda each: (-abs(each.change), each.position))
    return (
        [each for each in every if each.regraded],
        [each for each in every if each.change > 0],
        [each for each in every if each.change < 0],
        [each for each in every if not each.change and not each.regraded],
    )


def kept(candidates: Iterable[Candidate[Entry]], most: int) -> Candidates[Entry]:
    """Those of some departments that can come to be named, whoever the other departments are."""
    found = {each.position: each for line in _ranked(candidates) for each in line[:most]}
    return list(found.values())


def shortlist(candidates: Iterable[Candidate[Entry]], most: int) -> Candidates[Entry]:
    """Those to name: in turn from who changes grade, who gains and who loses, the largest change first; then the others."""
    *changing, others = _ranked(candidates)
    in_turn = [each for line in zip_longest(*changing) for each in line if each is not None]
    chosen = list({each.position: each for each in (*in_turn, *others)}.values())[:most]
    return sorted(chosen, key=lambda each: (not each.regraded, -abs(each.change), each.position))
