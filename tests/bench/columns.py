"""Many departments by columns, against the same work in OpenFisca (float32), by hand in NumPy and row by row in Zen, timed in turns in one run.

    python tests/bench/columns.py [rows ...] [--threads N] [--only uniform|ties|notices|memory]

The work is that of ``peers.json``. *uniform*: doubles drawn at random. *ties*: values on two decimals; a third of the targets exactly met, a
third of the addition ratios exactly on a band's edge, a third of the funds on a rounding tie. Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

import jmrules

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RULESET = Path(__file__).parent / "peers.json"
LEVELS = ("compile_level", "goal_level", "clear_level", "cost_level", "control_level", "system_level", "result_level",
          "disclosed", "perf_disclosed")  # fmt: skip
WEIGHTS = {"compile_level": 8, "goal_level": 5, "clear_level": 5, "cost_level": 7, "control_level": 7, "system_level": 5,
           "result_level": 3, "disclosed": 1, "perf_disclosed": 1}  # fmt: skip


def uniform(count: int, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Departments whose figures are any doubles."""
    budget = rng.uniform(1e4, 3e4, count)
    fund = rng.uniform(1e3, 2e4, count)
    projects = rng.integers(0, 3, count).astype(float)
    return {
        "output_target": rng.uniform(50, 100, (count, 14)), "output_actual": rng.uniform(50, 100, (count, 14)),
        "benefit_target": np.full((count, 4), 95.0), "benefit_actual": rng.uniform(80, 100, (count, 4)),
        "fund_budget": fund, "fund_actual": fund * rng.uniform(0.8, 1.1, count), "fund_completion": rng.uniform(0, 1, count),
        "budget": budget, "added": rng.uniform(0, 4e3, count),
        "new_projects": projects, "new_assessed": np.minimum(projects, rng.integers(0, 3, count)),
        "finance_problems": rng.integers(0, 6, count).astype(float),
        **{name: rng.uniform(0, 1, count) for name in LEVELS},
    }  # fmt: skip


def ties(count: int, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Departments whose figures have two decimals and sit on edges and ties."""
    made = {name: np.round(values, 2) for name, values in uniform(count, rng).items()}
    made["output_target"] = np.full((count, 14), 100.0)
    made["output_actual"] = np.round(rng.uniform(80, 120, (count, 14)), 2)
    for kind in ("output", "benefit"):
        met = rng.random(made[f"{kind}_actual"].shape) < 1 / 3
        made[f"{kind}_actual"] = np.where(met, made[f"{kind}_target"], made[f"{kind}_actual"])
    made["budget"] = rng.integers(100, 300, count) * 100.0
    edge = rng.random(count) < 1 / 3
    made["added"] = np.where(edge, made["budget"] / np.where(rng.random(count) < 0.5, 10, 5), made["added"])
    made["fund_budget"] = rng.integers(10, 200, count) * 100.0
    tied = rng.random(count) < 1 / 3
    thousandths = rng.integers(800, 1000, count)
    made["fund_actual"] = np.where(
        tied, np.round(made["fund_budget"] * (thousandths * 10 + 5) / 10000, 2), np.round(made["fund_actual"], 2)
    )
    return made


def table_of(made: dict[str, NDArray[np.float64]]) -> pa.Table:
    """The departments as Arrow, lists as lists of structs."""
    columns = {}
    for kind, name in (("output", "outputs"), ("benefit", "benefits")):
        target, actual = made[f"{kind}_target"], made[f"{kind}_actual"]
        count, width = target.shape
        struct = pa.StructArray.from_arrays([pa.array(target.ravel()), pa.array(actual.ravel())], ["target", "actual"])
        offsets = pa.array(np.arange(0, count * width + 1, width, dtype=np.int32))
        columns[name] = pa.ListArray.from_arrays(offsets, struct)
    columns |= {name: pa.array(values) for name, values in made.items() if values.ndim == 1}
    return pa.table(columns)


def by_hand(made: dict[str, NDArray[np.float64]]) -> Callable[[], Any]:
    """The same in NumPy, in doubles, without checks and without rounding."""

    def run() -> Any:
        score = 15 * np.minimum(1, made["output_actual"] / made["output_target"]).mean(1)
        score += 15 * np.minimum(1, made["benefit_actual"] / made["benefit_target"]).mean(1)
        score += 10 * np.minimum(1, made["fund_actual"] / made["fund_budget"]) + 10 * made["fund_completion"]
        projects = made["new_projects"]
        score += np.where(projects == 0, 2, 2 * made["new_assessed"] / np.maximum(projects, 1))
        for name, weight in WEIGHTS.items():
            score += weight * made[name]
        ratio = made["added"] / made["budget"]
        score += np.where(ratio <= 0.1, 2, np.where(ratio <= 0.2, 1, 0)) + np.maximum(0, 4 - made["finance_problems"])
        return np.select([score >= 90, score >= 80, score >= 60], [0, 1, 2], 3)

    return run


def openfisca(made: dict[str, NDArray[np.float64]]) -> Callable[[], float] | None:
    """The same in OpenFisca, in float32; the seconds of the calculation alone, as its users count."""
    try:
        from openfisca_core.entities import Entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.simulation_builder import SimulationBuilder
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable
    except ImportError:
        return None
    department = Entity("department", "departments", "", "")
    system = TaxBenefitSystem([department])

    def variable(name: str, formula: Any = None) -> None:
        body = {"value_type": float, "entity": department, "definition_period": DateUnit.YEAR, "label": name}
        system.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))

    inputs: dict[str, NDArray[np.float32]] = {}
    for name, values in made.items():
        for index, column in enumerate(values.T if values.ndim == 2 else (values,)):
            inputs[f"{name}_{index}" if values.ndim == 2 else name] = column.astype(np.float32)
    for name in inputs:
        variable(name)

    def mean(kind: str, width: int) -> Any:
        def formula(d: Any, p: Any) -> Any:
            met = (np.minimum(1, d(f"{kind}_actual_{i}", p) / d(f"{kind}_target_{i}", p)) for i in range(width))
            return 15 * sum(met) / width

        return formula

    def share(name: str, weight: int) -> Any:
        return lambda d, p: weight * d(name, p)

    def assessed(d: Any, p: Any) -> Any:
        projects = d("new_projects", p)
        return np.where(projects == 0, 2, 2 * d("new_assessed", p) / np.maximum(projects, 1))

    def banded(d: Any, p: Any) -> Any:
        ratio = d("added", p) / d("budget", p)
        return np.where(ratio <= 0.1, 2, np.where(ratio <= 0.2, 1, 0))

    formulas = {
        "s01": mean("output", 14), "s02": mean("benefit", 4),
        "s03": lambda d, p: 10 * np.minimum(1, d("fund_actual", p) / d("fund_budget", p)) + 10 * d("fund_completion", p),
        "s05": assessed, "s10": banded, "s11": lambda d, p: np.maximum(0, 4 - d("finance_problems", p)),
        **{f"level_{name}": share(name, weight) for name, weight in WEIGHTS.items()},
    }  # fmt: skip
    for name, formula in formulas.items():
        variable(name, formula)
    variable("total", lambda d, p: sum(d(name, p) for name in formulas))
    count = len(made["budget"])

    def run() -> float:
        simulation = SimulationBuilder().build_default_simulation(system, count)
        for name, values in inputs.items():
            simulation.set_input(name, "2024", values)
        start = perf_counter()
        simulation.calculate("total", "2024")
        return perf_counter() - start

    return run


#: departments that an engine scores in one turn where it takes them one by one
ONE_BY_ONE = 1000


def row_by_row(table: pa.Table) -> Callable[[], float] | None:
    """The same in Zen, a department at a time; the seconds for all, as if those beyond the first took as long."""
    from score import zen_decision

    decision = zen_decision()
    if decision is None:
        return None
    facts = table.slice(0, ONE_BY_ONE).to_pylist()

    def run() -> float:
        start = perf_counter()
        for each in facts:
            decision.evaluate(each)
        return (perf_counter() - start) * table.num_rows / len(facts)

    return run


def seconds(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measure(kind: str, count: int, threads: int | None) -> None:
    """One line per engine: nanoseconds per department, the median of runs taken in turns."""
    made = (uniform if kind == "uniform" else ties)(count, np.random.default_rng(7))
    table = table_of(made)
    ruleset = jmrules.load_ruleset(RULESET)
    from jmrules.batch.table import evaluate_columns

    engines: dict[str, Callable[[], float]] = {
        "jmrules columns": lambda: seconds(lambda: evaluate_columns(ruleset, table, threads=threads))
    }
    engines["jmrules to Arrow"] = lambda: seconds(lambda: jmrules.evaluate_table(ruleset, table, threads=threads))
    peer = openfisca(made)
    if peer is not None:
        engines["OpenFisca float32"] = peer
    engines["NumPy by hand"] = lambda: seconds(by_hand(made))
    zen = row_by_row(table)
    if zen is not None:
        engines["Zen, row by row"] = zen
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for run in engines.values():
        run()
    # a collection that falls into one engine's turn would be that of all the others' objects
    gc.collect()
    gc.freeze()
    for _ in range(9 if count <= 10**6 else 3):
        for name, run in engines.items():
            taken[name].append(run())
    scores = evaluate_columns(ruleset, table, threads=threads)
    print(f"\n{kind}, {count:,} departments ({table.nbytes / count:.0f} bytes each); "
          f"in doubt {scores.doubtful / count / 15:.2%} of leaves, scalar {scores.scalar}, errors {len(scores.errors)}")  # fmt: skip
    ours = median(taken["jmrules columns"])
    for name, times in taken.items():
        spent = median(times)
        print(
            f"  {name:20s} {spent / count * 1e9:9.1f} ns  (best {min(times) / count * 1e9:.1f})  {spent / ours:8.2f} x jmrules"
        )


def shipped(count: int, threads: int | None) -> None:
    """A line per shipped notice: microseconds of one processor per department, the best of three."""
    from jmrules.batch.table import evaluate_columns
    from notices import notices, perturbed

    print(f"\nshipped notices, {count:,} departments")
    for name, ruleset, rows in notices():
        table = perturbed(ruleset, rows, count)
        evaluate_columns(ruleset, table.slice(0, 100), threads=threads)
        spent = []
        for _ in range(3):
            start = process_time()
            scores = evaluate_columns(ruleset, table, threads=threads)
            spent.append(process_time() - start)
        print(f"  {name:16s} {min(spent) / count * 1e6:8.2f} us ({table.nbytes / count:.0f} bytes); leaves {len(scores.awards)}, "
              f"scored by the exact backend {scores.doubtful}, departments {scores.scalar}")  # fmt: skip


def memory(count: int) -> None:
    """Greatest memory of the process beyond that before, as a multiple of the table's size."""
    ruleset = jmrules.load_ruleset(RULESET)
    jmrules.evaluate_table(ruleset, table_of(uniform(1000, np.random.default_rng(1))))
    table = table_of(uniform(count, np.random.default_rng(7)))
    # what has been the most so far is forgotten: making the table took more than scoring it does
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    result = jmrules.evaluate_table(ruleset, table)
    used = _status("VmHWM") - before
    print(f"\nmemory: table {table.nbytes >> 20} MiB, result {result.nbytes >> 20} MiB, at most {used >> 10} MiB beyond the table "
          f"({(used * 1024 + table.nbytes) / table.nbytes:.2f} x the table in all)")  # fmt: skip


def _status(name: str) -> int:
    """A figure that the system keeps of this process, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int, default=[100, 1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--threads", type=int)
    parser.add_argument("--only", choices=("uniform", "ties", "notices", "memory"))
    given = parser.parse_args()
    for kind in ("uniform", "ties"):
        if given.only in (None, kind):
            for count in given.rows:
                measure(kind, count, given.threads)
    if given.only in (None, "notices"):
        for count in given.rows:
            shipped(count, given.threads)
    if given.only == "memory":
        memory(max(given.rows))
    elif given.only is None:
        # a process of its own: in this one others have left their marks
        subprocess.run([sys.executable, __file__, str(max(given.rows)), "--only", "memory"], check=True)


if __name__ == "__main__":
    main()
