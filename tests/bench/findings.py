"""How long findings take, and that memory does not grow: ``python tests/bench/findings.py [evaluations]``.

Prints the processor time of a score, of a score whose rules limit it, and of chaining alone, then the memory of the process over the
evaluations (100,000 unless said otherwise), from several threads.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from findings.common import FACTS, base
from jmrules import evaluate, load_ruleset
from jmrules.rules import chain, reference
from jmrules.rules.plan import rule_plan
from jmrules.ruleset.rule_texts import bodies

HOLDING = frozenset((("slow", None), ("lagging", 0), ("lagging", 2), ("audit", None)))
ITEMS = {"projects": 3}
THREADS = 8


def microseconds(work, times):
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1e6


def resident():
    """Kilobytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def main():
    evaluations = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    ruleset = load_ruleset(base())
    plan = rule_plan(bodies(ruleset)[0])
    quiet = {**FACTS, "problem": False}
    print(f"score, no limit in sight   {microseconds(lambda: evaluate(ruleset, quiet), 2000):8.0f} µs")
    print(f"score, limited by a rule   {microseconds(lambda: evaluate(ruleset, FACTS), 500):8.0f} µs")
    print(f"score with findings        {microseconds(lambda: evaluate(ruleset, FACTS).findings, 200):8.0f} µs")
    print(f"chaining on durable-rules  {microseconds(lambda: chain.conclude(plan, HOLDING, ITEMS), 500):8.0f} µs")
    print(f"chaining by the book       {microseconds(lambda: reference.conclude(plan, HOLDING, ITEMS), 500):8.0f} µs")
    expected = reference.conclude(plan, HOLDING, ITEMS)

    def agree(times):
        return all(chain.conclude(plan, HOLDING, ITEMS) == expected for _ in range(times))

    with ThreadPoolExecutor(THREADS) as pool:
        shares = [evaluations // 5 // THREADS] * THREADS
        for part in range(5):
            assert all(pool.map(agree, shares))
            print(f"after {(part + 1) * evaluations // 5:7} evaluations {resident():8} kB")


if __name__ == "__main__":
    main()
