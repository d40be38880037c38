"""Claims of single rows, 逐项自评得分, held against what each row earns: targets of a list, elements, parts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot import Matter, Side
from jmrules.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot import Status
    from jmrules.facts import Claims
    from jmrules.methods import Part
    from jmrules.trace import LeafTrace, Trace


def row_matters(trace: Trace, claims: Claims) -> Iterator[Matter]:
    """What is claimed row by row, in the order of the rows; where there are more rows or fewer, that is the matter."""
    leaves = {leaf.id: leaf for leaf in trace.leaves}
    for id, claimed in claims.rows.items():
        leaf = leaves.get(id)
        if leaf is None:
            continue
        if len(claimed) != len(leaf.parts):
            yield _other_count(leaf, len(claimed))
            continue
        for number, (row, points) in enumerate(zip(leaf.parts, claimed, strict=True), 1):
            if points is not None:
                yield _row(leaf, row, number, points)


def _row(leaf: LeafTrace, row: Part, number: int, claimed: Decimal) -> Matter:
    difference = Fraction(claimed) - row.awarded
    exponent = claimed.as_tuple().exponent
    assert isinstance(exponent, int)
    # What is claimed with so many decimals may have been rounded to them.
    tolerance = Fraction(10) ** min(exponent, 0) / 2
    status: Status = "agrees" if not difference else "rounding" if abs(difference) <= tolerance else "question"
    return Matter(
        f"claims.rows.{leaf.id}.{number}",
        "claims",
        Text(
            f"{leaf.label.zh} · {row.label.zh}：自评得分与应得分",
            f"{leaf.label.say('en')}, {row.label.say('en')}: claim against what it earns",
        ),
        status,
        (),
        stated=Side(Text("自评得分", "points claimed"), claimed, "point"),
        computed=Side(Text("应得分", "points earned"), row.awarded, "point"),
        difference=difference,
        tolerance=tolerance,
        item=row.label.zh,
        reason=None if status == "agrees" else row.shown,
    )


def _other_count(leaf: LeafTrace, claimed: int) -> Matter:
    return Matter(
        f"claims.rows.{leaf.id}.count",
        "claims",
        Text(f"{leaf.label.zh}：逐项自评与指标项数", f"{leaf.label.say('en')}: claims row by row against its rows"),
        "question",
        (),
        stated=Side(Text("自评项数", "rows claimed"), Decimal(claimed), "count"),
        computed=Side(Text("指标项数", "rows"), Decimal(len(leaf.parts)), "count"),
        difference=Decimal(claimed - len(leaf.parts)),
        tolerance=Decimal(0),
    )
