"""How long a score takes when many rulesets are used in turn, against one that is used again and again.

python tests/bench/rulesets.py [rulesets]
"""

import sys
import time

from jmrules import evaluate, load_ruleset

RULESET = {
    "id": "bench/many",
    "fiscal_year": 2024,
    "status": "draft",
    "title": {"zh": "基准"},
    "notice": {"issuer": {"zh": "基准"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "all", "label": {"zh": "级"}, "in": ">= 0"}],
    "facts": {"n": {"type": "number", "in": "[0..10]", "label": {"zh": "数"}}},
    "indicators": [
        {
            "id": f"i{number}",
            "label": {"zh": "项"},
            "points": 10,
            "method": {"kind": "formula", "points": f"n * {number} / 10"},
            "source": {"status": "stated", "clause": "一"},
        }
        for number in range(10)
    ],
}


def seconds(rulesets, rounds):
    """Seconds for one score, going through the rulesets in turn."""
    start = time.perf_counter()
    for _ in range(rounds):
        for ruleset in rulesets:
            evaluate(ruleset, {"n": 4})
    return (time.perf_counter() - start) / (rounds * len(rulesets))


def main():
    """Print the cost of one score both ways, and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rulesets = [load_ruleset({**RULESET, "revision": f"1.0.{number}"}) for number in range(count)]
    seconds(rulesets, 1)
    one = min(seconds(rulesets[:1], count) for _ in range(3))
    many = min(seconds(rulesets, 1) for _ in range(3))
    print(f"one ruleset {one * 1e6:.1f} µs, {count} in turn {many * 1e6:.1f} µs: ratio {many / one:.2f}")


if __name__ == "__main__":
    main()
