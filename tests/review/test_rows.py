"""Claims of single rows: 逐项自评得分 against what each row earns."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from jmrules import FactsError, evaluate, load_facts, load_ruleset
from jmrules.documents import check, parse
from jmrules.review.claimed import review
from laws.common import single_leaf

NUMBER = {"type": "number", "label": {"zh": "数"}}
ROWS = {
    "type": "list",
    "label": {"zh": "指标"},
    "item": {"name": {"type": "string", "label": {"zh": "名称"}}, "target": NUMBER, "actual": NUMBER, "points": NUMBER},
}
RULESET = load_ruleset(single_leaf({"kind": "completion", "items": "rows", "points": "points"}, {"rows": ROWS}))


def department(claims):
    rows = [("甲", 3, 2, 7), ("乙", 10, 10, 3)]
    fields = ("name", "target", "actual", "points")
    document = {
        "ruleset": "somewhere/small",
        "fiscal_year": 2024,
        "subject": {"name": "某局"},
        "facts": {"rows": [dict(zip(fields, row, strict=True)) for row in rows]},
        "claims": claims,
    }
    return load_facts(document)


def matters(claims):
    found = review(RULESET, department(claims), supported=False)
    assert not list(check(parse(found.to_json()), "review"))
    return {matter.id: (matter.status, matter.difference) for matter in found.matters if "rows" in matter.id}


@pytest.mark.parametrize(
    ("claimed", "first"),
    [("4.67", "rounding"), ("4.7", "rounding"), ("5", "rounding"), ("6", "question"), ("4.6", "question")],
)
def test_a_row_is_held_against_what_it_earns(claimed, first):
    found = matters({"rows": {"only": [D(claimed), 3]}})
    assert found["claims.rows.only.1"] == (first, F(claimed) - F(14, 3))
    assert found["claims.rows.only.2"] == ("agrees", 0)


def test_rows_add_up_to_their_indicator():
    assert matters({"indicators": {"only": 9}, "rows": {"only": [6, 3]}})["claims.rows.only"] == ("agrees", 0)
    assert matters({"indicators": {"only": 10}, "rows": {"only": [6, 3]}})["claims.rows.only"] == ("contradicts", 1)
    assert "claims.rows.only" not in matters({"indicators": {"only": 10}, "rows": {"only": [6, None]}})


def test_more_rows_than_there_are_is_asked_about():
    assert matters({"rows": {"only": [1, 2, 3]}}) == {"claims.rows.only.count": ("question", 1)}


def test_claims_never_reach_the_score_and_name_indicators():
    assert evaluate(RULESET, department({"rows": {"only": [7, 3]}})).total == D("7.67")
    with pytest.raises(FactsError, match="no indicator"):
        evaluate(RULESET, department({"rows": {"other": [7, 3]}}))
