"""One department's score, and its trace, against the same work in other engines; timed in turns in one run.

    python tests/bench/score.py [path of a peers.py that scores the same department in other engines]

The work: 14 output and 4 benefit indicators, a fund, 12 management indicators; 15 leaves, a total and a grade
(``peers.json`` beside this file). One yardstick is the same work written out by hand on Decimal, the other is GoRules Zen
with its trace, where the package ``zen-engine`` is installed. A trace is made as it is read, so it is timed by how much of it is
read: the points, award and share of every indicator (Zen's trace holds the award); also the value of every expression; all
that it says, in both languages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import jmrules

if TYPE_CHECKING:
    from collections.abc import Callable

ZEN_WITH_TRACE = "Zen with trace"

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


def awards(trace: jmrules.Trace) -> None:
    """Read what every indicator came to, which is what Zen's trace tells of its expressions."""
    for leaf in trace.leaves:
        _ = leaf.awarded


def numbers(trace: jmrules.Trace) -> None:
    """Read the numbers of every indicator."""
    for leaf in trace.leaves:
        _ = leaf.points, leaf.awarded, leaf.share


def values(trace: jmrules.Trace) -> None:
    """Read the numbers of every indicator, and what its expressions came to."""
    for leaf in trace.leaves:
        _ = leaf.points, leaf.awarded, leaf.share, [reading.value for reading in leaf.readings]


def words(trace: jmrules.Trace) -> None:
    """Read all that the trace says."""
    _ = trace.basis, trace.adjustments, trace.ruleset, trace.facts
    for leaf in trace.leaves:
        _ = leaf.points, leaf.share, leaf.outcome, leaf.source, leaf.method, leaf.explanation, leaf.losses, leaf.inputs
        _ = leaf.moves, leaf.evidence, [(reading.value, reading.shown) for reading in leaf.readings]


#: the leaves as Zen writes them
ZEN_LEAVES = {
    "s01": "15 * sum(map(outputs, min([1, #.actual / #.target]))) / len(outputs)",
    "s02": "15 * sum(map(benefits, min([1, #.actual / #.target]))) / len(benefits)",
    "s03": "10 * min([1, fund_actual / fund_budget]) + 10 * fund_completion",
    "s04": "8 * compile_level",
    "s05": "new_projects == 0 ? 2 : 2 * new_assessed / new_projects",
    "s06": "5 * goal_level",
    "s07": "5 * clear_level",
    "s08": "7 * cost_level",
    "s09": "7 * control_level",
    "s10": "added / budget <= 0.1 ? 2 : added / budget <= 0.2 ? 1 : 0",
    "s11": "max([0, 4 - finance_problems])",
    "s12": "5 * system_level",
    "s13": "3 * result_level",
    "s14": "disclosed",
    "s15": "perf_disclosed",
}  # fmt: skip


def zen_decision() -> Any:
    """The same work as a decision of GoRules Zen; None where the package is not installed."""
    try:
        import zen
    except ImportError:
        return None
    expressions = ZEN_LEAVES | {
        "total": " + ".join(f"$.{name}" for name in ZEN_LEAVES),
        "grade": "$.total >= 90 ? 'excellent' : $.total >= 80 ? 'good' : $.total >= 60 ? 'fair' : 'poor'",
    }
    content = {"expressions": [{"id": name, "key": name, "value": text} for name, text in expressions.items()]}
    kinds = {"facts": ("inputNode", {}), "score": ("expressionNode", content), "result": ("outputNode", {})}
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": inside}
        for name, (kind, inside) in kinds.items()
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in pairwise(kinds)
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    assert decision.evaluate(FACTS)["result"]["grade"] == by_hand()[1]
    return decision


def timed(*functions: Callable[[], object], rounds: int = 15, seconds: float = 0.03) -> list[float]:
    """Median microseconds of each function, measured in turn so that a drifting machine treats all alike."""
    calls = []
    for function in functions:
        function()
        start = perf_counter()
        function()
        calls.append(max(1, int(seconds / (perf_counter() - start))))
    samples: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, times, own in zip(functions, calls, samples, strict=True):
            start = perf_counter()
            for _ in range(times):
                function()
            own.append((perf_counter() - start) / times * 1e6)
    return [median(own) for own in samples]


def main() -> None:
    """Print the table."""
    ruleset = jmrules.load_ruleset(Path(__file__).with_name("peers.json"))
    result = jmrules.evaluate(ruleset, FACTS)
    assert (result.total, result.grade.id) == by_hand()
    rows: dict[str, Callable[[], object]] = {
        "by hand, Decimal, no checks": by_hand,
        "jmrules: checks, score": lambda: jmrules.evaluate(ruleset, FACTS),
        "jmrules: and the trace": lambda: jmrules.evaluate(ruleset, FACTS).trace,
        "jmrules: ... its awards read": lambda: awards(jmrules.evaluate(ruleset, FACTS).trace),
        "jmrules: ... and points, shares": lambda: numbers(jmrules.evaluate(ruleset, FACTS).trace),
        "jmrules: ... and values": lambda: values(jmrules.evaluate(ruleset, FACTS).trace),
        "jmrules: ... and all words": lambda: words(jmrules.evaluate(ruleset, FACTS).trace),
    }
    zen = zen_decision()
    if zen is not None:
        rows["Zen"] = lambda: zen.evaluate(FACTS)
        rows[ZEN_WITH_TRACE] = lambda: zen.evaluate(FACTS, {"trace": True})
    taken = dict(zip(rows, timed(*rows.values()), strict=True))
    hand, peer = taken["by hand, Decimal, no checks"], taken.get(ZEN_WITH_TRACE)
    print(f"{'one department':34}{'us':>10}{'by hand = 1':>14}{'Zen, trace = 1' if peer else '':>16}")
    for name, value in taken.items():
        print(f"{name:34}{value:10.1f}{value / hand:14.2f}" + (f"{value / peer:16.2f}" if peer else ""))
    if len(sys.argv) > 1:
        print("\nthe same work in other engines:", flush=True)
        subprocess.run([sys.executable, sys.argv[1], "1"], check=True)


if __name__ == "__main__":
    main()
