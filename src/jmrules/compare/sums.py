"""Sums over the departments of a table: how totals and grades change, and what each indicator contributes, by cause."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from jmrules.batch import exact_sum
from jmrules.compare.shares import SheetShares, sheet_shares
from jmrules.score.columns import totals_and_grades

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from jmrules.batch import Scores
    from jmrules.compare.totals import Tally
    from jmrules.plan import PlannedLeaf

    Pair = tuple[Scores, Scores]

Array = Any


def both_scored(scores: Pair) -> Array:
    """The mask of the departments that have a score under both rulesets."""
    return (scores[0].grades >= 0) & (scores[1].grades >= 0)


#: departments whose shares are looked at together
_WINDOW = 32_768


def add_sums(tally: Tally, scores: Pair, facts: tuple[pa.Table, pa.Table], rows: Array) -> Array:
    """Add departments of the mask ``rows`` to the totals; the mask of those that were added, which columns tell everything of."""
    sure = np.zeros(len(rows), dtype=bool)
    for start in range(0, len(rows), _WINDOW):
        window = slice(start, start + _WINDOW)
        one, other = (
            evolve(each, awards=each.awards[:, window], totals=each.totals[window], grades=each.grades[window])
            for each in scores
        )
        before, after = (each.slice(start, _WINDOW) for each in facts)
        sure[window] = _add_window(tally, (one, other), (before, after), rows[window])
    return sure


def _add_window(tally: Tally, scores: Pair, facts: tuple[pa.Table, pa.Table], rows: Array) -> Array:
    leaves = [{leaf.leaf.id: leaf for leaf in each.program.plan.leaves} for each in scores]
    common = [id for id in leaves[0] if id in leaves[1]]
    if any(each.program.plan.beside_or_scaled for each in scores):
        # What a sum comes to is then told department by department.
        return np.zeros(len(rows), dtype=bool)
    sure = rows
    sums: list[_Earned] = []
    if rows.any() and common:
        with np.errstate(all="ignore"):
            sheets = [sheet_shares(each, table, rows) for each, table in zip(scores, facts, strict=True)]
            earned = [{id: sheet.shares(each[id]) for id in common} for sheet, each in zip(sheets, leaves, strict=True)]
            sure = rows & ~sheets[0].unsure & ~sheets[1].unsure
        sums = list(_earned(sheets, leaves, earned, sure))
    _add_changes(tally, scores, sure)
    changes = _leaf_changes(scores, leaves, sure)
    parts: dict[str, dict[str, Fraction]] = {id: {} for id in changes}
    errors: dict[str, Fraction] = {}
    for id in changes:
        if id not in leaves[0]:
            parts[id] = {"added": Fraction(changes[id])}
        elif id not in leaves[1]:
            parts[id] = {"removed": Fraction(changes[id])}
    for one in sums:
        for cause, part in one.parts.items():
            parts[one.id][cause] = parts[one.id].get(cause, Fraction(0)) + part
        errors[one.id] = errors.get(one.id, Fraction(0)) + one.error
    for id, change in changes.items():
        rest = Fraction(change) - sum(parts[id].values())
        label = (leaves[1].get(id) or leaves[0][id]).leaf.label
        tally.add_parts(id, label, change, {**parts[id], "rounding": rest}, errors.get(id, Fraction(0)))
    return sure


def _scaled(units: int, digits: int) -> Decimal:
    return Decimal(units).scaleb(-digits)


def _difference(values: tuple[Array, Array], digits: tuple[int, int]) -> tuple[Array, int]:
    """After less before, in units of the finer decimal."""
    finest = max(digits)
    before, after = (each.astype(np.int64) * 10 ** (finest - own) for each, own in zip(values, digits, strict=True))
    return after - before, finest


def _totals(scores: Pair) -> tuple[Array, Array]:
    return scores[0].totals, scores[1].totals


def _digits(scores: Pair) -> tuple[int, int]:
    one, other = (each.program.plan.ruleset.rounding.total for each in scores)
    return one, other


def _add_changes(tally: Tally, scores: Pair, rows: Array) -> None:
    count = int(rows.sum())
    changes, finest = _difference(_totals(scores), _digits(scores))
    changes = changes[rows]
    tally.departments += count
    tally.scored += count
    tally.gained += int((changes > 0).sum())
    tally.lost += int((changes < 0).sum())
    tally.regraded += int(_regraded(scores)[rows].sum())
    tally.change += _scaled(exact_sum(changes), finest)
    for counts, each in zip(tally.distribution, scores, strict=True):
        for code, grade in enumerate(each.program.plan.ruleset.grades):
            counts[grade.id] += int((each.grades[rows] == code).sum())
    for each, sign in zip(scores, (-1, 1), strict=True):
        rounding = each.program.plan.ruleset.rounding
        unlimited, _ = totals_and_grades(each.program, each.awards, np.zeros(1))
        limited = exact_sum(each.totals[rows].astype(np.int64) - unlimited[rows])
        total = _scaled(exact_sum(unlimited[rows]), rounding.total)
        roots = _scaled(sum(map(exact_sum, each.awards[:, rows])), rounding.leaf)
        tally.limits += sign * _scaled(limited, rounding.total)
        tally.total_rounding += sign * (total - roots)


def _regraded(scores: Pair) -> Array:
    """Where the grade's id is another."""
    ids = [[grade.id for grade in each.program.plan.ruleset.grades] for each in scores]
    numbers = {id: number for number, id in enumerate(dict.fromkeys([*ids[0], *ids[1]]))}
    codes = [np.array([numbers[id] for id in each]) for each in ids]
    return codes[0][scores[0].grades] != codes[1][scores[1].grades]


def change_of(scores: Pair, rows: Array, most: int) -> Iterator[tuple[int, Decimal, bool]]:
    """Those departments of the mask ``rows`` that might be named: row, change of the total, whether the grade is another."""
    changes, finest = _difference(_totals(scores), _digits(scores))
    regraded = _regraded(scores)
    places = np.flatnonzero(rows)
    order = places[np.argsort(-np.abs(changes[places]), kind="stable")]
    chosen = [
        order[regraded[order]][:most],
        order[changes[order] > 0][:most],
        order[changes[order] < 0][:most],
        order[(changes[order] == 0) & ~regraded[order]][:most],
    ]
    for row in dict.fromkeys(np.concatenate(chosen).tolist()):
        yield row, _scaled(int(changes[row]), finest), bool(regraded[row])


def _leaf_changes(scores: Pair, leaves: list[dict[str, PlannedLeaf]], rows: Array) -> dict[str, Decimal]:
    """The change of each leaf's awards, summed."""
    awarded = []
    for each, known in zip(scores, leaves, strict=True):
        digits = each.program.plan.ruleset.rounding.leaf
        sums = [exact_sum(row) for row in each.awards[:, rows]]
        awarded.append({id: _scaled(sums[leaf.index], digits) for id, leaf in known.items()})
    return {
        id: awarded[1].get(id, Decimal(0)) - awarded[0].get(id, Decimal(0))
        for id in dict.fromkeys([*awarded[0], *awarded[1]])
    }


# ---- parts


@frozen
class _Earned:
    """What an indicator contributes for departments with the same points on both sheets."""

    id: str
    parts: dict[str, Fraction]
    error: Fraction


def _earned(
    sheets: list[SheetShares], leaves: list[dict[str, PlannedLeaf]], earned: list[dict[str, tuple[Array, Array]]],
    rows: Array,
) -> Iterator[_Earned]:  # fmt: skip
    quantum = [Fraction(1, 10**sheet.plan.ruleset.rounding.leaf) for sheet in sheets]
    for patterns, members in _groups(sheets, rows):
        for id in earned[0]:
            planned = [each[id] for each in leaves]
            on_sheet = [
                int(sheet.quanta[pattern, leaf.index]) * unit
                for sheet, pattern, leaf, unit in zip(sheets, patterns, planned, quantum, strict=True)
            ]
            stated = [leaf.quanta * unit for leaf, unit in zip(planned, quantum, strict=True)]
            out = [
                bool(sheet.excluded[pattern, leaf.index])
                for sheet, pattern, leaf in zip(sheets, patterns, planned, strict=True)
            ]
            moved = (on_sheet[1] - stated[1]) - (on_sheet[0] - stated[0])
            (one, error), (other, more) = (_sum(*(array[members] for array in each[id])) for each in earned)
            # A leaf that is off the sheet earns no share of anything.
            before, after = (other if out[0] else one), (one if out[1] else other)
            mean_points = (on_sheet[0] + on_sheet[1]) / 2
            mean_share = (before + after) / 2
            yield _Earned(
                id,
                {
                    "criterion": (after - before) * mean_points,
                    "points": mean_share * (stated[1] - stated[0]),
                    "moved": mean_share * moved,
                },
                (error + more) * (mean_points + abs(stated[1] - stated[0]) + abs(moved)),
            )


def _groups(sheets: list[SheetShares], rows: Array) -> Iterator[tuple[tuple[int, int], Array]]:
    """The departments of the mask by the patterns of points that they have on both sheets."""
    width = len(sheets[1].quanta)
    code = sheets[0].pattern * width + sheets[1].pattern
    for each in np.unique(code[rows]).tolist():
        yield divmod(each, width), rows & (code == each)


def _sum(shares: Array, errors: Array) -> tuple[Fraction, Fraction]:
    """The sum of shares, and a bound on its error."""
    values = shares.tolist()
    total = fsum(values)
    missed = abs(fsum([*values, -total]))
    return Fraction(total), Fraction(float(errors.sum()) * 1.001 + missed * 2)
