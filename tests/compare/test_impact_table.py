"""What a new ruleset does to the departments of a table is what it does to the same departments as documents."""

import json
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from compare.variants import fewer, tables_for_both
from jmrules import impact, load_facts, load_ruleset
from jmrules.compare import sums
from jmrules.compare import table as by_table
from jmrules.compare.attribution import CAUSES
from jmrules.compare.table import impact_table
from score.columns.tables import fits, numbers, table_of


def documents(ruleset, rows):
    return [
        load_facts(
            {
                "ruleset": ruleset.id,
                "fiscal_year": ruleset.fiscal_year,
                "subject": {"name": f"table:{number}"},
                "facts": {name: plain(value) for name, value in row.items() if value is not None},
            }
        )
        for number, row in enumerate(rows, 1)
    ]


def plain(value):
    """Numbers without trailing zeros, which floats do not have: messages show them."""
    if isinstance(value, list):
        return [{name: plain(part) for name, part in item.items()} for item in value]
    return value.normalize() if isinstance(value, D) else value


def said(department):
    """All that is said of a department but where it stands."""
    problems = sorted((problem.code, problem.message.zh) for problem in department.problems)
    return (
        department.name, department.before, department.after, department.attributions, department.total_rounding,
        department.limits, department.needed, problems,
    )  # fmt: skip


def agree(found, expected):
    """The totals are the same; parts of sums as far as they are said to be."""
    one, other = found.totals, expected.totals
    for name in (
        "departments",
        "scored",
        "gained",
        "lost",
        "regraded",
        "distribution",
        "change",
        "total_rounding",
        "limits",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert (one.unscored.before, one.unscored.after) == (other.unscored.before, other.unscored.after)
    assert one.unscored.needed == other.unscored.needed
    assert sorted((reason.by, reason.problem.code, reason.count) for reason in one.unscored.reasons) == sorted(
        (reason.by, reason.problem.code, reason.count) for reason in other.unscored.reasons
    )
    ours, theirs = ({each.id: each for each in totals.indicators} for totals in (one, other))
    for id in {*ours, *theirs}:
        mine, exact = ours.get(id), theirs.get(id)
        within = D("0.000001") if mine is None or mine.within is None else mine.within
        for cause in CAUSES:
            apart = getattr(mine, cause, Fraction(0)) - getattr(exact, cause, Fraction(0))
            # what is rounded away of three parts is in that of rounding
            assert abs(apart) <= Fraction(within) * (2 if cause == "rounding" else 1), (id, cause)
        if mine is not None:
            assert sum(mine.parts.values(), Fraction(0)) == mine.change == getattr(exact, "change", 0)


@fewer
@given(
    tables_for_both(), st.sampled_from(("float", "decimal")), st.integers(1, 4), st.integers(1, 3), st.integers(0, 4)
)
def test_a_table_is_the_same_departments(made, kind, rows_at_once, window, named):
    before, after, facts, rows, assumed = made
    rows = [row for row in rows if all(fits(number, kind) for number in numbers(facts, row))]
    assume(rows)
    expected = impact(before, after, documents(before, rows), assumed, named=named)
    table = table_of(facts, rows, kind)
    # an optional fact that no department gives needs no column
    empty = [name for name in table.column_names if table.column(name).null_count == len(rows)]
    table = table.drop_columns([name for name in empty if facts[name].get("optional") and name in assumed])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_table, "ROWS", rows_at_once)
        patch.setattr(sums, "_WINDOW", window)
        found = impact_table(before, after, table, assumed, named=named)
        assert list(map(said, found.departments)) == list(map(said, expected.departments))
    assert list(map(said, found.named)) == list(map(said, expected.named))
    agree(found, expected)
    event("assumed" if assumed else "nothing assumed")
    event(f"scored {min(found.totals.scored, 3)}")
    event(
        "other units" if {fact.unit for fact in after.facts} != {fact.unit for fact in before.facts} else "same units"
    )
    event("exact" if all(one.within is None for one in found.by_indicator()) else "rounded")


def test_a_table_of_the_benchmark_on_edges_and_ties():
    """Sums of quotients that do not end, by columns and one by one."""
    folder = Path(__file__).parents[1] / "bench"
    document = json.loads((folder / "peers.json").read_text("utf-8"), parse_float=D)
    before = load_ruleset(document)
    document["indicators"][0]["points"], document["indicators"][1]["points"] = 10, 20
    document["indicators"][3]["method"]["value"] = "compile_level ** 2 / 3"
    after = load_ruleset(document)
    rows = [_department(number) for number in range(60)]
    found = impact_table(before, after, pa.Table.from_pylist(rows), named=7)
    expected = impact(before, after, documents(before, _decimals(rows)), named=7)
    assert list(map(said, found.named)) == list(map(said, expected.named))
    agree(found, expected)
    assert {one.within for one in found.by_indicator()} == {D("0.000001")}
    assert found.totals.scored == 60


def _department(number):
    levels = ("compile_level", "goal_level", "clear_level", "cost_level", "control_level", "system_level",
              "result_level", "disclosed", "perf_disclosed")  # fmt: skip
    items = [{"target": 100.0, "actual": float((number * each * 7) % 121)} for each in range(1, 6)]
    return {
        "outputs": items, "benefits": items[:2], "fund_budget": 300.0, "fund_actual": 7.0 * number, "fund_completion": 0.97,
        "budget": 100.0, "added": float(number % 4 * 5), "new_projects": 3, "new_assessed": number % 4,
        "finance_problems": number % 6, **dict.fromkeys(levels, number % 8 / 8),
    }  # fmt: skip


def _decimals(value):
    if isinstance(value, list):
        return [_decimals(each) for each in value]
    if isinstance(value, dict):
        return {name: _decimals(each) for name, each in value.items()}
    return D(repr(value)) if isinstance(value, float) else value
