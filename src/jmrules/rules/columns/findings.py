"""Which rules fire, by columns where their signals allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors import Array, NotColumnar, either, full
from jmrules.rules.columns.rules import Results, conclusions, decide

if TYPE_CHECKING:
    from jmrules.score.columns import Program, Sheet

#: ids of the rules that fire, in document order; None where only the exact backend can tell
Found = list[tuple[str, ...] | None]


def findings(program: Program, sheet: Sheet, results: Results) -> Found:
    """The rules that fire for each department, whose ``results`` are those before limits."""
    from jmrules.rules.plan import rule_plan
    from jmrules.ruleset.rule_texts import bodies

    body = bodies(program.plan.ruleset)[0]
    rules = rule_plan(body)
    count = len(results.totals)
    found: Found = [None] * count
    signals = [signal for signal in body.signals if signal.id in rules.given]
    try:
        decisions = decide(sheet, results, body, signals, rules.domains)
    except NotColumnar:
        return found
    unsure = either(decisions.undecided, decisions.doubt)
    rows = np.arange(count) if unsure is None else np.flatnonzero(~full(unsure, count))
    order = [rule.id for rule in body.rules]
    fired, which = conclusions(decisions, rules, rows)
    named = [tuple(id for id in order if id in each) for each in fired]
    for row, place in zip(rows.tolist(), which.tolist(), strict=True):
        found[row] = named[place]
    return found


def unknown(found: Found, aside: Array) -> list[int]:
    """Departments whose findings are left to the exact backend."""
    return [row for row, each in enumerate(found) if each is None or aside[row]]
