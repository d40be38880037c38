"""Values among departments: ranks, sums, and what a ruleset makes of them, exact."""

import json
from decimal import Decimal as D
from fractions import Fraction as F

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import RulesetError, evaluate, evaluate_table, load_ruleset
from jmrules.batch import Job, run
from jmrules.batch.mapping import mapped
from jmrules.batch.sources import open_source
from jmrules.facts.across import among
from jmrules.review.worklist import work_list
from jmrules.ruleset.declarations import Across

NUMBERS = st.lists(st.none() | st.decimals(-10, 10, places=1), max_size=8)
STATED = {"status": "stated", "clause": "一"}


def across(of, what, **more):
    return {"type": "number", "label": {"zh": what}, "across": {"of": of, "is": what, **more}}


def ruleset(value, **facts):
    """One leaf of 10 points over an execution rate and what it is among all."""
    return {
        "id": "somewhere/among",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "official",
        "title": {"zh": "排名"},
        "notice": {"issuer": {"zh": "某局"}},
        "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "any", "label": {"zh": "等"}, "in": ">= 0"}],
        "facts": {
            "rate": {"type": "number", "label": {"zh": "执行率"}},
            "place": across("rate", "rank", first="highest"),
            "number": across("rate", "count"),
            "whole": across("rate", "sum"),
            **facts,
        },
        "indicators": [
            {"id": "only", "label": {"zh": "项"}, "points": 10, "method": {"kind": "ratio", "value": value}, "source": STATED}
        ],
    }  # fmt: skip


#: what notices ask for, as a ruleset says it
SAID = {
    "percentile": ("(number - place) / (number - 1)", lambda own, all_: F(sum(x < own for x in all_), len(all_) - 1)),
    "mean of the others": ("own_mean / 10", lambda own, all_: F(sum(all_) - own) / (len(all_) - 1) / 10),
    "share of the sum": ("rate / whole", lambda own, all_: F(own) / F(sum(all_))),
}


@given(NUMBERS)
def test_a_rank_is_one_more_than_how_many_are_better(numbers):
    known = [number for number in numbers if number is not None]
    for first, better in (("highest", lambda x, own: x > own), ("lowest", lambda x, own: x < own)):
        found = among(Across("rate", "rank", first), numbers)
        assert found == [None if own is None else 1 + sum(better(x, own) for x in known) for own in numbers]


@given(NUMBERS)
def test_sums_counts_and_ends(numbers):
    known = [number for number in numbers if number is not None]
    for what, value in (("count", len), ("sum", sum), ("least", min), ("greatest", max)):
        found = among(Across("rate", what), numbers)
        assert found == [None if own is None else value(known) for own in numbers]


@pytest.mark.parametrize("said", SAID)
def test_a_table_is_scored_as_each_department_with_what_it_is_among_all(said):
    value, expected = SAID[said]
    document = ruleset(value.replace("own_mean", "((whole - rate) / (number - 1))"))
    rates = [D("0.9"), D("0.3"), D("0.6"), D("0.7")]
    loaded = load_ruleset(document)
    scores = evaluate_table(loaded, pa.table({"rate": rates})).to_pylist()
    for own, row in zip(rates, scores, strict=True):
        facts = {"rate": own, "place": 1 + sum(x > own for x in rates), "number": 4, "whole": sum(rates)}
        share = min(F(1), max(F(0), expected(own, rates)))
        rounded = D((share * 1000 * 2 + 1).__floor__() // 2) / 100
        assert row["error"] is None and row["total"] == rounded == evaluate(loaded, facts).total


def test_a_batch_ranks_over_the_whole_file_not_over_its_chunks(tmp_path):
    file = tmp_path / "all.csv"
    file.write_text("name,rate\n" + "".join(f"d{n},{n}\n" for n in range(1, 8)), "utf-8")
    loaded = load_ruleset(ruleset("place / 10"))
    source = open_source(file)
    out = tmp_path / "scores.arrow"
    run(Job(loaded, source, mapped(loaded, source, key="name"), out, rows=3))
    with pa.OSFile(str(out)) as opened:
        rows = pa.ipc.open_file(opened).read_all().to_pylist()
    assert [row["total"] for row in rows] == [D(place) for place in range(7, 0, -1)]


def test_a_review_of_many_ranks_them_among_each_other(tmp_path):
    loaded = load_ruleset(ruleset("place / 10"))
    for name, rate in (("a", 1), ("b", 3), ("c", 2)):
        facts = {"ruleset": loaded.id, "fiscal_year": 2024, "subject": {"name": name}, "facts": {"rate": rate}}
        (tmp_path / f"{name}.json").write_text(json.dumps(facts), "utf-8")
    rows = work_list(sorted(map(str, tmp_path.glob("*.json"))), lambda facts: loaded)
    earned = {row.subject: row.earned for row in rows}
    assert earned == {"a": (3, 3), "b": (1, 1), "c": (2, 2)}


def test_a_column_that_is_given_is_taken_as_it_is():
    loaded = load_ruleset(ruleset("place / 10"))
    scores = evaluate_table(loaded, pa.table({"rate": [1, 2], "place": [7, 8]})).to_pylist()
    assert [row["total"] for row in scores] == [7, 8]


def test_one_department_gives_it_as_a_fact():
    loaded = load_ruleset(ruleset("place / 10"))
    assert evaluate(loaded, {"rate": 1, "place": 3, "number": 5, "whole": 9}).total == 3


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (across("nothing", "count"), "across-no-number"),
        (across("place", "count"), "across-no-number"),
        (across("yes", "count"), "across-no-number"),
        (across("maybe", "count"), "across-optional"),
    ],
)
def test_what_departments_cannot_be_compared_by_is_refused(fact, code):
    facts = {
        "yes": {"type": "boolean", "label": {"zh": "是"}},
        "maybe": {"type": "number", "optional": True, "label": {"zh": "或"}},
    }
    with pytest.raises(RulesetError) as refused:
        load_ruleset(ruleset("rate", wrong=fact, **facts))
    assert [problem.code for problem in refused.value.problems] == [code]
