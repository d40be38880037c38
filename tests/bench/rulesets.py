"""How long a score takes when many rulesets are used in turn, against one that is used again and again.

python tests/bench/rulesets.py [how many …]
"""

import sys
import time
from resource import getpagesize
from statistics import median

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


def resident():
    """Bytes of memory that the process holds now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * getpagesize()


def main():
    """Print the cost of one score with more and more rulesets, and the memory that a ruleset takes."""
    counts = [int(each) for each in sys.argv[1:]] or [10, 100, 1_000, 10_000]
    rulesets, before = [], resident()
    print(f"{'rulesets in turn':>16}{'µs a score':>12}{'one = 1':>9}{'KiB a ruleset':>15}")
    for count in (1, *counts):
        rulesets += [load_ruleset({**RULESET, "revision": f"1.0.{number}"}) for number in range(len(rulesets), count)]
        seconds(rulesets, 1)
        held = (resident() - before) / count / 1024
        # One and many in turns, so that both meet the same machine.
        taken = [(seconds(rulesets[:1], 2_000), seconds(rulesets, max(1, 2_000 // count))) for _ in range(9)]
        ratio = median(many / one for one, many in taken)
        print(f"{count:>16,}{min(many for _, many in taken) * 1e6:>12.1f}{ratio:>9.2f}{held:>15.0f}", flush=True)


if __name__ == "__main__":
    main()
