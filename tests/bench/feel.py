"""FEEL: how fast, as ratios taken in one run.

    python tests/bench/feel.py [seconds-per-measurement]

The expressions of a scoring ruleset, evaluated by compiled FEEL, by the same written by hand with Decimal, and by
pySFeel where that is installed; then the reading of 1,000 distinct expressions. Times are medians of seven slices.
"""

from __future__ import annotations

import statistics
import sys
import time
from decimal import Decimal, setcontext
from itertools import cycle
from typing import TYPE_CHECKING, Any

from jmrules.feel import CONTEXT, compile, parse
from jmrules.feel import types as ft

if TYPE_CHECKING:
    from collections.abc import Callable

D = Decimal

OUTPUT = ft.ContextType({"target": ft.NUMBER, "actual": ft.NUMBER})
TYPES: dict[str, ft.Type] = {
    "fund_actual": ft.NUMBER,
    "fund_budget": ft.NUMBER,
    "added": ft.NUMBER,
    "budget": ft.NUMBER,
    "new_projects": ft.NUMBER,
    "new_assessed": ft.NUMBER,
    "finance_problems": ft.NUMBER,
    "level": ft.NUMBER,
    "grade": ft.STRING,
    "outputs": ft.ListType(OUTPUT),
}
FACTS: dict[str, Any] = {
    "fund_actual": D("13616.26"),
    "fund_budget": D(14400),
    "added": D("4.9"),
    "budget": D("21573.15"),
    "new_projects": D(3),
    "new_assessed": D(2),
    "finance_problems": D(1),
    "level": D("0.8"),
    "grade": "良",
    "outputs": [{"target": D(100 + i), "actual": D(100 + i if i % 5 else 90 + i)} for i in range(14)],
}


_TENTH, _FIFTH, _ONE, _TWO, _FOUR, _FIVE, _TEN, _NONE = D("0.1"), D("0.2"), D(1), D(2), D(4), D(5), D(10), D(0)

#: an expression; how a programmer writes it with Decimal; how pySFeel's dialect writes it, None where it cannot
CASES: list[tuple[str, Callable[..., Any], str | None]] = [
    ("5 * level", lambda level: _FIVE * level, "5 * level"),
    ("added / budget <= 0.1", lambda added, budget: added / budget <= _TENTH, "added / budget <= 0.1"),
    (
        "10 * min(1, fund_actual / fund_budget)",
        lambda fund_actual, fund_budget: _TEN * min(_ONE, fund_actual / fund_budget),
        "10 * min(1, fund_actual / fund_budget)",
    ),
    (
        "if added / budget <= 0.1 then 2 else if added / budget <= 0.2 then 1 else 0",
        lambda added, budget: _TWO if added / budget <= _TENTH else _ONE if added / budget <= _FIFTH else _NONE,
        "if added / budget <= 0.1 then 2 else if added / budget <= 0.2 then 1 else 0",
    ),
    (
        "if new_projects = 0 then 2 else 2 * new_assessed / new_projects",
        lambda new_projects, new_assessed: _TWO if new_projects == 0 else _TWO * new_assessed / new_projects,
        "if new_projects = 0 then 2 else 2 * new_assessed / new_projects",
    ),
    (
        "max(0, 4 - finance_problems)",
        lambda finance_problems: max(_NONE, _FOUR - finance_problems),
        "max(0, 4 - finance_problems)",
    ),
    (
        'level between 0 and 1 and grade in ("优", "良")',
        lambda level, grade: _NONE <= level <= _ONE and grade in ("优", "良"),
        'level between 0 and 1 and grade in ("优", "良")',
    ),
    (
        "sum(for o in outputs return min(1, o.actual / o.target)) / count(outputs)",
        lambda outputs: sum([min(_ONE, o["actual"] / o["target"]) for o in outputs]) / len(outputs),
        None,
    ),
    (
        "count(outputs[actual >= target]) / count(outputs)",
        lambda outputs: D(len([o for o in outputs if o["actual"] >= o["target"]])) / D(len(outputs)),
        None,
    ),
]


def microseconds(functions: list[Callable[[], Any]], seconds: float) -> list[float]:
    """The median time of one call of each, their slices taken in turn."""
    calls = []
    for function in functions:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds / 8:
            function()
            count += 1
        calls.append(count)
    slices: list[list[float]] = [[] for _ in functions]
    for _ in range(7):
        for function, count, times in zip(functions, calls, slices, strict=True):
            start = time.perf_counter()
            for _ in range(count):
                function()
            times.append((time.perf_counter() - start) / count * 1e6)
    return [statistics.median(times) for times in slices]


def peer(text: str) -> Callable[[], Any] | None:
    """pySFeel on the same facts, or None where it is not installed."""
    try:
        import pySFeel
    except ImportError:
        return None
    parser = pySFeel.SFeelParser()
    for name, value in FACTS.items():
        if not isinstance(value, list):
            parser.sFeelParse(f'{name} <- "{value}"' if isinstance(value, str) else f"{name} <- {value}")
    return lambda: parser.sFeelParse(text)[1]


def evaluation(seconds: float) -> None:
    print(f"{'expression':78} {'FEEL us':>9} {'by hand':>9} {'ratio':>6} {'pySFeel':>9} {'ratio':>7}")
    by_hand, by_peer = [], []
    for text, hand, dialect in CASES:
        compiled = compile(text, TYPES)
        assert not compiled.problems, compiled.problems
        values = [FACTS[path[0]] for path in compiled.names]
        function = compiled.function
        assert function(*values) == hand(*values), text
        other = peer(dialect) if dialect else None
        runs = [lambda: function(*values), lambda: hand(*values), *([other] if other else [])]  # noqa: B023
        ours, theirs, *peers = microseconds(runs, seconds)
        by_hand.append(ours / theirs)
        line = f"{text[:78]:78} {ours:9.3f} {theirs:9.3f} {ours / theirs:6.2f}"
        for taken in peers:
            by_peer.append(taken / ours)
            line += f" {taken:9.1f} {taken / ours:7.0f}"
        print(line)
    print(
        f"against Decimal by hand: {statistics.geometric_mean(by_hand):.2f} times as long, at most {max(by_hand):.2f}"
    )
    if by_peer:
        print(f"against pySFeel: {statistics.geometric_mean(by_peer):.0f} times as fast, at least {min(by_peer):.0f}")


def reading() -> None:
    texts = [f"{text} = {n}" for n, (text, _, _) in zip(range(1000), cycle(CASES), strict=False)]
    assert len(set(texts)) == 1000
    start = time.perf_counter()
    for text in texts:
        parse(text)
    middle = time.perf_counter()
    for text in texts:
        compile(text, TYPES)
    end = time.perf_counter()
    print(f"1,000 distinct expressions: parsed in {middle - start:.3f} s, compiled in {end - middle:.3f} s")


if __name__ == "__main__":
    setcontext(CONTEXT)
    evaluation(float(sys.argv[1]) if len(sys.argv) > 1 else 0.4)
    reading()
