"""Long lists, many indicators, what-if: processor seconds in one run, and what twice and four times as much takes.

python tests/bench/long.py
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import jmrules
from jmrules.facts import load_facts
from jmrules.review.claimed import review
from jmrules.rules.bounds import bounds
from jmrules.whatif import reach, sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall"
CASE = ROOT / "cases/2024/yunxi-agriculture.json"
REAL = ROOT / "cases/2024/jiangmen-gov-services.json"


def department(**facts: Any) -> jmrules.Facts:
    """A department of the shipped cases with other facts."""
    document = json.loads(CASE.read_text(encoding="utf-8"))
    document["facts"] |= facts
    return load_facts(document)


def outputs(count: int) -> jmrules.Facts:
    """A department with so many output indicators."""
    return department(outputs=[{"name": f"o{i}", "target": 100, "actual": 100 - i % 13} for i in range(count)])


def projects(count: int) -> jmrules.Facts:
    """A department with so many projects."""
    rows = [
        {"name": f"p{i}", "special_fund": i % 7 == 0, "budget_initial": 100 + i % 37, "outturn": 90 + i % 41}
        for i in range(count)
    ]
    return department(projects=rows)


def wide(count: int) -> jmrules.Ruleset:
    """A ruleset of so many indicators, whose least and greatest points only a search finds."""
    document = json.loads(Path(__file__).with_name("peers.json").read_text(encoding="utf-8"))
    leaf = {"label": {"zh": "一"}, "points": 1, "source": {"status": "stated", "clause": "一"}}
    document.pop("derived", None)
    document["facts"] = {f"f{i}": {"type": "number", "in": "[0..1]", "label": {"zh": "数"}} for i in range(count)}
    document["indicators"] = [
        {**leaf, "id": f"i{i}", "method": {"kind": "ratio", "value": f"4 * f{i} * (0.9 - f{i})"}} for i in range(count)
    ]
    document["grades"] = [{"id": "any", "label": {"zh": "无"}, "in": ">= 0"}]
    return jmrules.load_ruleset(document)


def seconds(work: Callable[[int], object], size: int) -> float:
    """Processor time of one call."""
    start = process_time()
    work(size)
    return process_time() - start


def main() -> None:
    """Print the table."""
    ruleset = jmrules.load_ruleset(ROOT / "2024.json")
    held = sorted({fact.id for fact in ruleset.facts} - {"outputs"})
    unknown = {"unknown": True}

    def whole(count: int) -> None:
        facts = projects(count)
        _ = jmrules.evaluate(ruleset, facts).findings
        review(ruleset, facts)

    def nearly(count: int) -> None:
        facts = outputs(count)
        reach(ruleset, facts, total=jmrules.evaluate(ruleset, facts).total + Decimal("0.3"), hold=held)

    whole(10)
    rows: list[tuple[str, Callable[[int], object], int]] = [
        ("load, score, findings and review of projects", whole, 500),
        ("reach, only outputs may change", nearly, 100),
        ("sensitivity to outputs and all else", lambda count: sensitivity(ruleset, outputs(count)), 100),
        ("bounds of indicators", lambda n: bounds(wide(n), {f"f{i}": unknown for i in range(n)}), 250),
        (
            "reviews of the real report",
            lambda n: [review(ruleset, load_facts(REAL), supported=False) for _ in range(n)],
            5,
        ),
    ]
    print(f"{'work':48}{'size':>6}{'seconds':>10}{'twice':>8}{'four times':>12}")
    for name, work, size in rows:
        once, twice, four = (seconds(work, size * times) for times in (1, 2, 4))
        print(f"{name:48}{size:6}{once:10.2f}{twice / once:8.1f}{four / once:12.1f}")


if __name__ == "__main__":
    main()
