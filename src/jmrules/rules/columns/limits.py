"""Caps and vetoes by columns: the meaning is that of ``inference.limits``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors import Array, NotColumnar, either, full
from jmrules.rules.columns.rules import Results, conclusions, decide

if TYPE_CHECKING:
    from jmrules.rules.limits import Limiting
    from jmrules.score.columns import Program, Sheet


def limit(program: Program, sheet: Sheet, results: Results, aside: Array) -> None:
    """Lower totals and grades in ``results`` as rules demand; departments of which that cannot be told are set aside."""
    from jmrules.rules.limits import limiting_rules

    limiting = limiting_rules(program.plan)
    domains = tuple(domain for domain in limiting.rules.domains)

    try:
        decisions = decide(sheet, results, limiting.body, limiting.signals, domains)
    except NotColumnar:
        aside[:] = True
        return
    unsure = either(decisions.undecided, decisions.doubt)
    if unsure is not None:
        aside |= full(unsure, len(aside))
    rows = ~aside
    if limiting.triggers is not None:
        triggered = (held.any_of(len(aside)) for held in decisions.held if held.signal.id in limiting.triggers)
        rows = rows & either(np.False_, *triggered)
    places = np.flatnonzero(rows)
    combinations, which = conclusions(decisions, limiting.rules, places)
    for number, fired in enumerate(combinations):
        _apply(program, limiting, results, places[which == number], fired, aside)


def _apply(
    program: Program, limiting: Limiting, results: Results, rows: Array, fired: frozenset[str], aside: Array
) -> None:
    """The lowest cap on the total wins and the grade follows; then the lowest cap on the grade."""
    plan = program.plan
    scale = 10**plan.ruleset.rounding.total
    consequences = [rule.then for id, rule in limiting.limiting.items() if id in fired]
    caps = [Fraction(0) for then in consequences if then.cap is None]
    caps += [Fraction(then.cap.total) * scale for then in consequences if then.cap and then.cap.total is not None]
    if any(cap.denominator != 1 for cap in caps):
        aside[rows] = True
        return
    if caps:
        cap = int(min(caps))
        lowered = rows[results.totals[rows] > cap]
        results.totals[lowered] = cap
        results.grades[lowered] = program.grade_codes[np.searchsorted(program.grade_cuts, cap, side="right") - 1]
    ids = [each.id for each, _ in plan.grades]
    ranks = [ranges[0].low for _, ranges in plan.grades]
    capped = [ids.index(then.cap.grade) for then in consequences if then.cap is not None and then.cap.grade is not None]
    if capped:
        least = min(capped, key=lambda code: ranks[code])
        above = np.array([ranks[least] < rank for rank in ranks])
        results.grades[rows[above[results.grades[rows]]]] = least
