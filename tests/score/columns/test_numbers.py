"""No number is too wide, too long, too large or too small: whatever floats cannot tell is settled exactly."""

import json
import os
import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from bench.columns import table_of as bench_table
from bench.columns import ties
from jmrules import evaluate, evaluate_table, load_ruleset
from jmrules.batch.table import evaluate_columns
from jmrules.facts.domain import MAX_ITEMS
from score.columns.tables import expected, found

NUMBER = {"type": "number", "label": {"zh": "数"}}
PEERS = json.loads((Path(__file__).parents[2] / "bench" / "peers.json").read_text("utf-8"))
MODES = ("half up", "half down", "half even", "up", "down")


def document_of(*methods, facts=None, points=10, leaf=2, mode="half up", total=None):
    """A ruleset with a leaf for each method."""
    indicators = [
        {"id": f"leaf_{number}", "label": {"zh": "项"}, "points": points, "method": method,
         "source": {"status": "stated", "clause": "一"}}
        for number, method in enumerate(methods)
    ]  # fmt: skip
    return {
        "id": "test/numbers", "fiscal_year": 2024, "revision": "1.0.0", "status": "official",
        "title": {"zh": "数"}, "notice": {"issuer": {"zh": "财政局"}},
        "rounding": {"leaf": leaf, "total": leaf if total is None else total, "mode": mode},
        "grades": [{"id": "any", "label": {"zh": "任何"}, "in": ">= 0"}],
        "facts": facts or {"x": NUMBER, "y": NUMBER}, "indicators": indicators,
    }  # fmt: skip


def ruleset_of(*methods, **options):
    return load_ruleset(document_of(*methods, **options))


DOCUMENT = document_of({"kind": "ratio", "value": "x / y"})


def totals(ruleset, table):
    return [None if total is None else str(total) for total in evaluate_table(ruleset, table)["total"].to_pylist()]


# ---- numbers of any size

#: how large, how small, how long a number of a ruleset or of a table may be
SIZES = ("0", "1", "-1", "0.1", "0.2", "0.3", "2.5", "0.0005", "1e16", "9995000000000000", "123456789012345678",
         "0.12345678901234567", "1e30", "-1e30", "1e-30", "9007199254740993", "7")  # fmt: skip
#: and those that only expressions may hold, or tables
FARTHER = (*SIZES, "1e-200", "1e-310", "1e300", "-1e31", "1e400", "1e-400")
EXPRESSIONS = ("x", "x / y", "x * y", "x - y", "x + y", "x * x * x * y", "x / (y - 0.1)", "x / y / y / y", "max(x, y)",
               "if x / y >= 0.3 then x else y", "floor(x / y)", "sum([x, y, 0.1])", "abs(x) + {c}", "x * {c}", "{c} / x",
               "min(1, x / {c})", "x - {c} + {c}", "decimal(x / y, 3)")  # fmt: skip
edges = st.sampled_from(SIZES).map(D)


@st.composite
def methods(draw):
    """A method whose numbers are of any size."""
    value = draw(st.sampled_from(EXPRESSIONS)).replace("{c}", f"({D(draw(st.sampled_from(FARTHER))):f})")
    low, middle, high = sorted(draw(st.lists(edges, min_size=3, max_size=3, unique=True)))
    partial = draw(st.sampled_from(("ignore", "full", "proportional")))
    step = draw(st.sampled_from(("0.1", "3", "1e-30", "1e16")))
    label = {"zh": "问题"}
    return draw(
        st.sampled_from(
            (
                {"kind": "ratio", "value": value, "zero_at": low, "full_at": high},
                {"kind": "ratio", "value": value, "zero_at": high, "full_at": middle},
                {"kind": "formula", "points": value},
                {"kind": "bands", "value": value, "otherwise": {"share": D("0.3")},
                 "bands": [{"in": f"> {high:f}", "share": 1}, {"in": f"({middle:f}..{high:f}]", "share": D("0.7")}]},
                {"kind": "steps", "value": value, "bound": middle, "direction": draw(st.sampled_from(("above", "below"))),
                 "step": D(step), "loss": D("0.3"), "partial": partial},
                {"kind": "interpolate", "value": value, "knots": [{"at": low, "share": 0}, {"at": middle, "share": D("0.3")}, {"at": high, "share": 1}]},
                {"kind": "deductions", "items": [
                    {"id": "one", "label": label, "count": value, "loss": D("0.3")},
                    {"id": "two", "label": label, "count": "abs(y)", "loss": D("0.000001")}]},
            )
        )
    )  # fmt: skip


@given(st.lists(methods(), min_size=1, max_size=3), st.sampled_from(MODES), st.sampled_from((0, 2, 6)), st.data())
def test_numbers_of_any_size_score_as_one_by_one(made, mode, leaf, data):
    points = data.draw(st.sampled_from((1, 10, 3000, 1_000_000)))
    ruleset = ruleset_of(*made, points=points, leaf=leaf, mode=mode, total=data.draw(st.sampled_from((0, 2, 6))))
    figures = st.sampled_from(FARTHER[:-2]).map(float)
    rows = data.draw(st.lists(st.fixed_dictionaries({"x": figures, "y": figures}), min_size=1, max_size=6))
    scores = evaluate_columns(ruleset, pa.Table.from_pylist(rows))
    for index, row in enumerate(rows):
        assert found(ruleset, scores, index) == expected(ruleset, row), row
    event("in doubt" if scores.doubtful else "floats alone")


@pytest.mark.parametrize("points", [3000, 1_000_000])
@pytest.mark.parametrize("digits", [0, 2, 6])
def test_points_that_32_bits_do_not_hold(points, digits):
    ruleset = ruleset_of({"kind": "ratio", "value": "x"}, points=points, leaf=digits)
    table = pa.table({"x": [1.0, 0.5, 0.0], "y": [0.0] * 3})
    scale = D(1).scaleb(-digits)
    assert totals(ruleset, table) == [str((points * share).quantize(scale)) for share in (D(1), D("0.5"), D(0))]


def test_sums_over_departments_that_64_bits_do_not_hold():
    ruleset = ruleset_of({"kind": "ratio", "value": "x"}, points=1_000_000, leaf=6)
    count = 200
    scores = evaluate_columns(ruleset, pa.table({"x": np.ones(count), "y": np.ones(count)}))
    many = type(scores)(
        scores.program, np.full((1, 10_000_000), 10**12), scores.totals, np.zeros(10_000_000, np.int8), {}, 0, 0, (0,)
    )
    assert scores.sums() == ((count * 10**12,),) * 2
    assert many.sums()[0] == (10**19,)


def test_the_far_ends_of_a_ratio():
    ruleset = ruleset_of({"kind": "ratio", "value": "x", "full_at": D("0.0005"), "zero_at": D("1e16")})
    assert totals(ruleset, pa.table({"x": [9995000000000000, 10**16, 0], "y": [0] * 3})) == ["0.01", "0.00", "10.00"]


@pytest.mark.parametrize("cut", ["1e30", "1e18", "1e-30"])
def test_grades_far_beyond_the_points(cut):
    grades = [
        {"id": "beyond", "label": {"zh": "超"}, "in": f">= {D(cut):f}"},
        {"id": "within", "label": {"zh": "内"}, "in": f"< {D(cut):f}"},
    ]
    table = pa.table({"x": [0.0, 1.0], "y": [1.0, 1.0]})
    ruleset = load_ruleset(DOCUMENT | {"grades": grades})
    for row, facts in enumerate(table.to_pylist()):
        assert evaluate_table(ruleset, table)["grade"][row].as_py() == evaluate(ruleset, facts).grade.id


# ---- what 34 digits would round


def test_a_tie_is_a_tie_and_three_thirds_are_one():
    tie = ruleset_of({"kind": "ratio", "value": "x / y"}, points=15)
    assert totals(tie, pa.table({"x": [1100.0], "y": [2400.0]})) == ["6.88"]
    bands = {
        "kind": "bands",
        "value": "sum([x / y, x / y, x / y])",
        "bands": [{"in": ">= 1", "share": 1}],
        "otherwise": {"share": 0},
    }
    assert totals(ruleset_of(bands), pa.table({"x": [1.0, 0.9], "y": [3.0, 3.0]})) == ["10.00", "0.00"]


# ---- lists

ITEMS = {"type": "list", "label": {"zh": "项"}}


def items_of(width, names=("target", "actual")):
    """The declaration of lists whose items have ``width`` fields."""
    others = [f"other_{number}" for number in range(width - len(names))]
    fields = [*others[: width // 2], *names, *others[width // 2 :]]
    return {"items": ITEMS | {"item": dict.fromkeys(fields, NUMBER)}}, others


@pytest.mark.parametrize("width", [2, 63, 64, 65, 101, 106, 257])
def test_items_of_many_fields(width):
    facts, others = items_of(width)
    ruleset = ruleset_of({"kind": "completion", "items": "items"}, facts=facts)
    item = dict.fromkeys(others, 7.0) | {"target": 100.0, "actual": 50.0}
    table = pa.table({"items": [[item], [item, item | {"actual": 100.0}]]})
    assert totals(ruleset, table) == ["5.00", "7.50"]


@st.composite
def completions(draw):
    """A completion with some of its options, and items for it."""
    names = ["target", "actual"]
    method = {"kind": "completion", "items": "items"}
    for option in draw(st.lists(st.sampled_from(("share", "weight", "points")), unique=True, max_size=2)):
        if not {"weight", "points"} <= {option, *method}:
            method[option] = option
            names.append(option)
    flags = []
    if draw(st.booleans()):
        method["less_is_better"] = "less"
        flags.append("less")
    if draw(st.booleans()):
        method["over_achievement"] = {"when": "low", "tolerance": D(draw(st.sampled_from(("0", "0.3", "1000000"))))}
        flags.append("low")
    if draw(st.booleans()):
        method["item_rounding"] = draw(st.integers(0, 3))
    optional = {name: NUMBER | {"optional": True} for name in names}
    truths = {name: {"type": "boolean", "optional": True, "label": {"zh": "是"}} for name in flags}
    figures = st.sampled_from(("0.1", "0.2", "0.3", "0.7", "1", "2.5", "7", "10", "1e29", "1e-300")).map(float)
    odd = st.sampled_from((None, 0.0, -1.0))
    parts = {name: figures if draw(st.integers(0, 3)) else odd | figures for name in names}
    sized = {
        "points": st.just(draw(st.sampled_from((2.5, 5.0, 10.0, 0.1)))),
        "share": st.sampled_from((None, 0.0, 0.3, 1.0)),
    }
    parts |= {name: values for name, values in sized.items() if name in parts and draw(st.integers(0, 3))}
    items = st.lists(
        st.fixed_dictionaries(parts | dict.fromkeys(flags, st.none() | st.booleans())), min_size=1, max_size=4
    )
    return method, {"items": ITEMS | {"item": optional | truths}}, draw(st.lists(items, min_size=1, max_size=5))


@given(completions(), st.sampled_from(MODES), st.sampled_from((0, 2, 6)))
def test_completions_score_as_one_by_one(made, mode, leaf):
    method, facts, lists = made
    ruleset = ruleset_of(method, facts=facts, mode=mode, leaf=leaf)
    kinds = {
        name: pa.float64() if part["type"] == "number" else pa.bool_() for name, part in facts["items"]["item"].items()
    }
    scores = evaluate_columns(ruleset, pa.table({"items": pa.array(lists, pa.list_(pa.struct(kinds.items())))}))
    for index, items in enumerate(lists):
        given = [{name: value for name, value in item.items() if value is not None} for item in items]
        said = expected(ruleset, {"items": given})
        assert found(ruleset, scores, index) == said
        event("scored" if said else "undefined")
    event("in doubt" if scores.doubtful else "floats alone")


def test_lists_that_are_too_long_are_refused():
    facts, _ = items_of(1, ("target",))
    ruleset = ruleset_of({"kind": "ratio", "value": "1"}, facts=facts)
    struct = pa.StructArray.from_arrays([pa.array(np.ones(MAX_ITEMS + 2))], ["target"])
    table = pa.table({"items": pa.ListArray.from_arrays(pa.array([0, 1, MAX_ITEMS + 2], pa.int32()), struct)})
    assert set(evaluate_columns(ruleset, table).errors) == {1}


def test_what_takes_too_much_work_is_an_error_that_says_so():
    facts, _ = items_of(2)
    ruleset = ruleset_of({"kind": "ratio", "value": "sum(for i in items return i.actual / i.target)"}, facts=facts)
    rng = np.random.default_rng(1)
    long = [{"target": float(rng.integers(10**14, 10**15)), "actual": 1.0} for _ in range(2000)]
    table = pa.table({"items": [long, long[:3]]})
    scores = evaluate_columns(ruleset, table)
    assert set(scores.errors) == {0}
    assert "20,011" in scores.errors[0].say("en")
    assert "20,011" in evaluate_table(ruleset, table, language="en")["error"][0].as_py()


# ---- dates


def test_days_beyond_the_calendar_are_read_or_the_error_of_their_row():
    date = {"type": "date", "label": {"zh": "日"}}
    facts = {"x": NUMBER, "day": date, "days": ITEMS | {"item": {"on": date}}}
    elements = [
        {"id": "met", "label": {"zh": "要素"}, "when": 'day > date("2024-01-01") and x / 3 * 3 >= 1', "share": 1}
    ]
    days = pa.array(np.array([20_000, 0, 10**7, -(10**7), 20_000, 2_932_896], dtype=np.int32)).cast(pa.date32())
    inner = pa.array(np.array([0, 0, 0, 0, 10**7, 0], dtype=np.int32)).cast(pa.date32())
    lists = pa.ListArray.from_arrays(pa.array(range(7), pa.int32()), pa.StructArray.from_arrays([inner], ["on"]))
    table = pa.table({"x": [1.0] * 6, "day": days, "days": lists})
    scored = totals(ruleset_of({"kind": "checklist", "items": elements}, facts=facts), table)
    assert scored == ["10.00", "0.00", "10.00", "0.00", None, "10.00"]


# ---- edges, ties, and figures that do not fit


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("digits", [0, 2, 4])
def test_departments_on_edges_and_ties(mode, digits):
    ruleset = load_ruleset(PEERS | {"rounding": {"leaf": digits, "total": digits, "mode": mode}})
    table = bench_table(ties(120, np.random.default_rng(digits)))
    scores = evaluate_columns(ruleset, table)
    assert not scores.doubtful and not scores.errors
    for row, facts in enumerate(table.to_pylist()):
        assert found(ruleset, scores, row) == expected(ruleset, facts)


def test_a_figure_that_does_not_fit_leaves_the_others_certain():
    facts = {"x": NUMBER, "y": NUMBER | {"in": "> 0"}}
    ruleset = ruleset_of({"kind": "ratio", "value": "1 - (x / y - 0.3)"}, facts=facts)
    table = pa.table({"x": [3.7, 2.9, 5.0], "y": [10.1, 7.3, -1.0]})
    scores = evaluate_columns(ruleset, table)
    assert (scores.doubtful, set(scores.errors)) == (0, {2})
    assert totals(ruleset, table) == ["9.34", "9.03", None]


# ---- a machine that lets nothing be written

ALONE = """
import json, sys
import pyarrow as pa
from jmrules import evaluate_table, load_ruleset
ruleset = load_ruleset(json.loads(sys.stdin.read()))
table = pa.table({"x": [1.0, 2.0, 3.0, 4.0, 5.0], "y": [8.0] * 5})
print(*evaluate_table(ruleset, table)["total"].to_pylist())
print(*sorted(name for name in sys.modules if name.split(".")[0] in ("numba", "llvmlite")))
"""


def test_five_rows_on_a_machine_where_nothing_can_be_written(tmp_path):
    tmp_path.chmod(0o555)
    nowhere = {name: str(tmp_path / "none") for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR")}
    document = json.dumps(DOCUMENT)
    done = subprocess.run(
        [sys.executable, "-B", "-c", ALONE], input=document, env=os.environ | nowhere, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["1.25 2.50 3.75 5.00 6.25", ""]
    assert not list(tmp_path.iterdir())
