"""Which engine for the columns: the completion of 14 targets, a mean rounded to two decimals, in five of them.

    python tests/bench/engines.py [departments]

Processor nanoseconds per department, all threads together, the least of seven runs. The work is that of one leaf; what differs is how
often a number goes through memory.
"""

from __future__ import annotations

import sys
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jmrules.feel.vectors import kernels
from jmrules.score.columns import completion_kernels

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 14


def engines(count: int) -> dict[str, Callable[[], Any]]:
    """The engines that are installed, each as a function that does the work."""
    rng = np.random.default_rng(7)
    target, actual = rng.uniform(50, 100, (2, count * WIDTH))
    offsets = np.arange(0, count * WIDTH + 1, WIDTH)
    share, awards = np.empty(count), np.empty(count, dtype=np.int32)
    bounds = np.array([-1e30, 1e30, -1e30, 1e30])

    def compiled() -> None:
        completion_kernels.plain_completion(target, actual, offsets, share, bounds)
        kernels.half_awards(share, 2e-15, 0.0, 1500.0, awards)

    def whole() -> None:
        np.rint(1500 * np.minimum(1, actual / target).reshape(count, WIDTH).mean(1))

    def chunked(rows: int = 8192) -> None:
        for start in range(0, count * WIDTH, rows * WIDTH):
            end = min(start + rows * WIDTH, count * WIDTH)
            quotients = np.minimum(1, actual[start:end] / target[start:end])
            np.rint(1500 * np.add.reduceat(quotients, np.arange(0, end - start, WIDTH)) / WIDTH)

    found: dict[str, Callable[[], Any]] = {"numba": compiled, "NumPy, chunks": chunked, "NumPy, whole": whole}
    flat = pa.table({"row": np.repeat(np.arange(count), WIDTH), "target": target, "actual": actual})
    try:
        import polars as pl
    except ImportError:
        pass
    else:
        frame = pl.DataFrame(flat)
        quotient = pl.min_horizontal(pl.lit(1.0), pl.col("actual") / pl.col("target"))
        found["Polars"] = lambda: frame.group_by("row").agg((quotient.mean() * 1500).round())
    try:
        import duckdb
    except ImportError:
        pass
    else:
        base = duckdb.connect()
        base.register("items", flat)
        query = "select row, round(1500 * avg(least(1, actual / target))) from items group by row"
        found["DuckDB"] = lambda: base.execute(query).fetchnumpy()
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    for name, work in engines(count).items():
        work()
        taken = []
        for _ in range(7):
            start = process_time()
            work()
            taken.append(process_time() - start)
        print(f"{name:16s} {min(taken) / count * 1e9:8.1f} ns")


if __name__ == "__main__":
    main()
