"""Caps and vetoes by columns: the meaning is that of ``inference.limits``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors.vectors import Array, NotColumnar, either, full
from jmrules.rules.columns.rules import Decisions, Results, conclusions, decide

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.rules.limits import Limiting
    from jmrules.score.columns.program import Program
    from jmrules.score.columns.sheet import Sheet


def limit(program: Program, sheet: Sheet, results: Results, aside: Array) -> None:
    """Lower totals and grades in ``results`` as rules demand; departments of which that cannot be told are set aside."""
    from jmrules.rules.limits import limiting_rules

    limiting = limiting_rules(program.plan)
    domains = tuple(domain for domain in limiting.rules.domains)

    def decided(of: Sheet, those: Results) -> Decisions | None:
        try:
            return decide(of, those, limiting.body, limiting.signals, domains)
        except NotColumnar:
            return None

    decisions = decided(sheet, results)
    if decisions is None:
        aside[:] = True
        return
    doubt = np.zeros(len(aside), dtype=bool) if decisions.doubt is None else full(decisions.doubt, len(aside)) & ~aside
    rows = np.flatnonzero(doubt)
    _settle(program, limiting, decisions, results, aside, np.flatnonzero(~aside & ~doubt), lambda places: places)
    if len(rows):
        part = results.take(rows)
        exact = decided(sheet.exactly(rows), part)
        if exact is None:
            aside[rows] = True
            return
        unsure = np.zeros(len(rows), dtype=bool) if exact.doubt is None else full(exact.doubt, len(rows))
        aside[rows[unsure]] = True
        _settle(program, limiting, exact, results, aside, np.flatnonzero(~unsure), lambda places: rows[places])


def _settle(
    program: Program, limiting: Limiting, decisions: Decisions, results: Results, aside: Array, places: Array,
    row_of: Callable[[Array], Array],
) -> None:  # fmt: skip
    """Conclude for the departments at ``places`` of the decisions, which are the rows ``row_of`` of the results."""
    count = int(places.max()) + 1 if len(places) else 0
    if decisions.undecided is not None:
        wrong = full(decisions.undecided, max(count, 1))[places]
        aside[row_of(places[wrong])] = True
        places = places[~wrong]
    if limiting.triggers is not None and len(places):
        triggered = either(
            *(held.any_of(count)[:count] for held in decisions.held if held.signal.id in limiting.triggers)
        )
        places = places[triggered[places]] if triggered is not None else places[:0]
    for place, fired in zip(places, conclusions(decisions, limiting.rules, places), strict=True):
        _apply(program, limiting, results, int(row_of(np.array([place]))[0]), fired, aside)


def _apply(
    program: Program, limiting: Limiting, results: Results, row: int, fired: frozenset[str], aside: Array
) -> None:
    """The lowest cap on the total wins and the grade follows; then the lowest cap on the grade."""
    plan = program.plan
    scale = 10**plan.ruleset.rounding.total
    total, grade = int(results.totals[row]), int(results.grades[row])
    consequences = [rule.then for id, rule in limiting.limiting.items() if id in fired]
    caps = [Fraction(0) for then in consequences if then.cap is None]
    caps += [Fraction(then.cap.total) * scale for then in consequences if then.cap and then.cap.total is not None]
    if any(cap.denominator != 1 for cap in caps):
        aside[row] = True
        return
    if caps and min(caps) < total:
        total = int(min(caps))
        grade = int(program.grade_codes[np.searchsorted(program.grade_cuts, total, side="right") - 1])
    ids = [each.id for each, _ in plan.grades]
    ranks = [ranges[0].low for _, ranges in plan.grades]
    capped = [ids.index(then.cap.grade) for then in consequences if then.cap is not None and then.cap.grade is not None]
    if capped:
        least = min(capped, key=lambda code: ranks[code])
        if ranks[least] < ranks[grade]:
            grade = least
    results.totals[row], results.grades[row] = total, grade
