"""A gap between bands or grades is where a number can lie: between two whole numbers, or two hundredths of a total, there is none."""

from decimal import Decimal as D

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import RulesetError, bounds, evaluate, evaluate_table, load_ruleset, replay

SOURCE = {"status": "reconstructed", "confidence": "low", "ground": {"zh": "推定"}}
GRADES = [
    {"id": "good", "label": {"zh": "优"}, "in": ">= 90"},
    {"id": "fair", "label": {"zh": "良"}, "in": "[80..89.99]"},
    {"id": "poor", "label": {"zh": "差"}, "in": "< 80"},
]


def notice(bands, value="n", decimals=0, tests=">= 0", **changed):
    fact = {"type": "number", "in": tests, "label": {"zh": "次数"}}
    return {
        "id": "some/where",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "reconstructed",
        "title": {"zh": "某办法"},
        "notice": {"issuer": {"zh": "某局"}},
        "rounding": {"leaf": 2, "total": 2},
        "grades": GRADES,
        "facts": {
            "n": fact | ({} if decimals is None else {"decimals": decimals}),
            "rows": {"type": "list", "label": {"zh": "清单"}, "item": {"a": {"type": "number", "label": {"zh": "甲"}}}},
        },
        "derived": {"same": {"value": "n", "label": {"zh": "同"}}},
        "indicators": [
            {
                "id": "x",
                "points": 100,
                "label": {"zh": "指标"},
                "method": {"kind": "bands", "value": value, "bands": bands},
                "source": SOURCE,
            }
        ],
        **changed,
    }


def problems(document):
    try:
        load_ruleset(document)
    except RulesetError as error:
        return [(problem.code, problem.message.en) for problem in error.problems]
    return []


WHOLE = [{"in": "[0..2]", "share": 1}, {"in": "[3..5]", "share": D("0.85")}, {"in": ">= 6", "share": 0}]


@pytest.mark.parametrize(
    "value", ["n", "same", "2 * n", "count(rows)", "floor(n / 3)", "round half up(n / 7, 0)", "if n > 3 then n else 0"]
)
def test_between_two_whole_numbers_there_is_no_gap(value):
    assert problems(notice(WHOLE, value)) in ([], [("gap-between-bands", "no band covers < 0")])


@pytest.mark.parametrize(
    ("value", "decimals"), [("n", None), ("n", 1), ("n / 2", 0), ("0.5 * n", 0), ("round half up(n, 1)", None)]
)
def test_between_two_numbers_with_decimals_there_is_one(value, decimals):
    assert [code for code, _ in problems(notice(WHOLE, value, decimals))] == ["gap-between-bands"]


@given(
    cuts=st.lists(st.integers(0, 12), min_size=2, max_size=4, unique=True).map(sorted),
    jumps=st.lists(st.integers(1, 2), min_size=4, max_size=4),
)
def test_a_ruleset_loads_where_every_whole_number_is_in_a_band(cuts, jumps):
    """Bands from one cut to the next less a jump: of 1, they touch; of 2, a whole number is between them."""
    edges = [0, *(cut + 1 for cut in cuts)]
    ends = [after - jump for after, jump in zip(edges[1:], jumps, strict=False)]
    bands = [{"in": f"[{low}..{high}]", "share": 1} for low, high in zip(edges, ends, strict=False) if low <= high] + [
        {"in": f">= {edges[-1]}", "share": 0}
    ]
    held = {n for low, high in zip(edges, ends, strict=False) for n in range(low, high + 1)}
    whole = set(range(edges[-1])) <= held
    assert (problems(notice(bands)) == []) is whole


@given(n=st.integers(0, 9))
def test_every_reading_agrees_on_bands_of_whole_numbers(n):
    document = notice(WHOLE)
    del document["facts"]["rows"]
    ruleset = load_ruleset(document)
    wanted = (D(100), "good") if n <= 2 else (D(85), "fair") if n <= 5 else (D(0), "poor")
    result = evaluate(ruleset, {"n": n})
    assert (result.total, result.grade.id) == wanted
    assert replay(result.trace) == ()
    possible = bounds(ruleset, {"n": {"between": [n, n + 1]}})
    assert possible.high == wanted[0] and possible.low in (100, 85, 0)
    table = evaluate_table(ruleset, pa.table({"n": [n]}))
    assert table["total"].to_pylist() == [wanted[0]]


@pytest.mark.parametrize(
    ("tests", "gaps"),
    [
        ("[80..89.99]", []),
        ("[80..89.9]", [("uncovered-total", "no grade covers totals (89.9..90)")]),
        ("(80..90)", [("uncovered-total", "no grade covers totals 80")]),
    ],
)
def test_grades_cover_the_totals_that_there_are(tests, gaps):
    grades = [GRADES[0], {**GRADES[1], "in": tests}, GRADES[2]]
    assert problems(notice(WHOLE, grades=grades)) == gaps


def test_totals_of_one_decimal_leave_fewer_gaps():
    grades = [GRADES[0], {**GRADES[1], "in": "[80..89.9]"}, GRADES[2]]
    assert problems(notice(WHOLE, grades=grades, rounding={"leaf": 1, "total": 1})) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"value": "nn"}, ["feel-unknown-name"]),
        ({"value": "次数"}, ["feel-unknown-name"]),
        ({"value": '"a"'}, ["wrong-type"]),
        ({"kind": "band"}, ["schema-enum"]),
    ],
)
def test_one_cause_is_told_once(change, codes):
    document = notice(WHOLE[:2])
    document["indicators"][0]["method"] |= change
    assert [code for code, _ in problems(document)] == codes


def test_what_follows_from_a_broken_value_is_not_told():
    document = notice(WHOLE[:2], "late")
    document["derived"] |= {
        "early": {"value": "nn / 2", "label": {"zh": "前"}},
        "late": {"value": "early + 1", "label": {"zh": "后"}},
    }
    assert [code for code, _ in problems(document)] == ["feel-unknown-name"]
    document = notice(WHOLE)
    document["facts"]["n"]["type"] = "numer"
    assert [code for code, _ in problems(document)] == ["schema-enum"]
    assert [code for code, _ in problems({**notice(WHOLE), "indicators": 7})] == ["schema-type"]
