"""One department's score against the same work in other engines, timed in one run and printed as ratios.

    python tests/bench/score.py [path of a peers.py that scores the same department in other engines]

The work: 14 output and 4 benefit indicators, a fund, 12 management indicators; 15 leaves, a total and a grade
(``peers.json`` beside this file). The yardstick is the same work written out by hand on Decimal. What an evaluation leaves
behind are the trace's slots, so its time includes them; building the tree is timed by itself.
"""

from __future__ import annotations

import subprocess
import sys
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import jmrules

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS: dict[str, Any] = {
    "outputs": [{"target": 100 + i, "actual": 100 + i if i % 5 else 90 + i} for i in range(14)],
    "benefits": [{"target": 95, "actual": 95 if i else 90} for i in range(4)],
    "fund_budget": 14400, "fund_actual": 13616.26, "fund_completion": 0.97,
    "budget": 21573.15, "added": 4.9, "new_projects": 0, "new_assessed": 0,
    "compile_level": 1, "goal_level": 1, "clear_level": 0.8, "cost_level": 1, "control_level": 0.8,
    "finance_problems": 1, "system_level": 1, "result_level": 0.8, "disclosed": 1, "perf_disclosed": 1,
}  # fmt: skip


def by_hand(facts: dict[str, Any] = FACTS) -> tuple[D, str]:
    """The same work by hand on Decimal."""
    one = D(1)

    def given(name: str) -> D:
        return D(str(facts[name]))

    def completion(items: list[dict[str, Any]]) -> D:
        return sum((min(one, D(str(item["actual"])) / D(str(item["target"]))) for item in items), D(0)) / len(items)

    ratio = given("added") / given("budget")
    leaves = [
        15 * completion(facts["outputs"]),
        15 * completion(facts["benefits"]),
        10 * min(one, given("fund_actual") / given("fund_budget")) + 10 * given("fund_completion"),
        8 * given("compile_level"),
        D(2) if facts["new_projects"] == 0 else 2 * given("new_assessed") / given("new_projects"),
        5 * given("goal_level"),
        5 * given("clear_level"),
        7 * given("cost_level"),
        7 * given("control_level"),
        D(2) if ratio <= D("0.1") else D(1) if ratio <= D("0.2") else D(0),
        D(max(0, 4 - facts["finance_problems"])),
        5 * given("system_level"),
        3 * given("result_level"),
        given("disclosed"),
        given("perf_disclosed"),
    ]
    total = sum((leaf.quantize(D("0.01"), ROUND_HALF_UP) for leaf in leaves), D(0))
    return total, "excellent" if total >= 90 else "good" if total >= 80 else "fair" if total >= 60 else "poor"


def timed(*functions: Callable[[], object], rounds: int = 15, calls: int = 400) -> list[float]:
    """Median microseconds of each function, measured in turn so that a drifting machine treats all alike."""
    samples: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, own in zip(functions, samples, strict=True):
            start = perf_counter()
            for _ in range(calls):
                function()
            own.append((perf_counter() - start) / calls * 1e6)
    return [median(own) for own in samples]


def main() -> None:
    """Print the table."""
    ruleset = jmrules.load_ruleset(Path(__file__).with_name("peers.json"))
    result = jmrules.evaluate(ruleset, FACTS)
    assert (result.total, result.grade.id) == by_hand()
    hand, exact = timed(by_hand, lambda: jmrules.evaluate(ruleset, FACTS))
    (traced,) = timed(lambda: jmrules.evaluate(ruleset, FACTS).trace, rounds=5, calls=20)
    print(f"{'one department':34}{'us':>10}{'ratio':>8}")
    for name, value in (
        ("by hand, Decimal, no checks", hand),
        ("jmrules: checks, score, slots", exact),
        ("jmrules: and the trace's tree", traced),
    ):
        print(f"{name:34}{value:10.1f}{value / hand:8.2f}")
    if len(sys.argv) > 1:
        print("\nthe same work in other engines:", flush=True)
        subprocess.run([sys.executable, sys.argv[1], "1"], check=True)


if __name__ == "__main__":
    main()
