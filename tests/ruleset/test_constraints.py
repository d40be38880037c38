"""What a ruleset may say of relations between facts, and of facts that decide whether an indicator applies."""

import copy

import pytest

from jmrules import RulesetError, load_ruleset
from jmrules.ruleset.diff import diff
from laws.common import single_leaf

SOURCE = {"status": "reconstructed", "confidence": "high", "ground": {"zh": "含义"}}
FACTS = {
    "part": {"type": "number", "label": {"zh": "部分"}},
    "whole": {"type": "number", "label": {"zh": "整体"}},
    "rows": {
        "type": "list",
        "label": {"zh": "各行"},
        "item": {
            "name": {"type": "string", "label": {"zh": "名称"}},
            "n": {"type": "number", "label": {"zh": "数"}},
            "flag": {"type": "boolean", "optional": True, "label": {"zh": "是否"}},
        },
    },
    "maybe": {"type": "boolean", "optional": True, "label": {"zh": "可不填"}},
}


def constraint(holds="part <= whole", otherwise="error", **more):
    return {"holds": holds, "otherwise": otherwise, "label": {"zh": "部分不超过整体"}, "source": SOURCE, **more}


def document(**constraints):
    made = single_leaf({"kind": "formula", "points": "part"}, copy.deepcopy(FACTS))
    return {**made, "constraints": constraints}


def problems(made):
    with pytest.raises(RulesetError) as caught:
        load_ruleset(made)
    return {(problem.code, problem.place.pointer) for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("stated", "code", "step"),
    [
        (constraint("part + whole"), "wrong-type", "/holds"),
        (constraint("part <= hole"), "feel-unknown-name", "/holds"),
        (constraint(when="part"), "wrong-type", "/when"),
        (constraint("part <= scores.only.awarded"), "feel-unknown-name", "/holds"),
        (constraint("date(2024, 1, 1) < today()"), "reads-the-clock", "/holds"),
        (constraint("r.n > 0", each={"as": "r", "of": "row"}), "no-such-list", "/each/of"),
        (constraint("r.n > 0", each={"as": "r", "of": "rows", "by": "n"}), "no-such-field", "/each/by"),
        (constraint("part.n > 0", each={"as": "part", "of": "rows"}), "duplicate-identifier", "/each/as"),
    ],
)
@pytest.mark.parametrize("otherwise", ["error", "question"])
def test_what_is_wrong_with_a_constraint_is_told_where_it_stands(stated, code, step, otherwise):
    found = problems(document(related={**stated, "otherwise": otherwise}))
    assert (code, f"/constraints/related{step}") in found
    assert all(pointer.startswith("/constraints/") for _, pointer in found)


def test_a_constraint_has_a_name_of_its_own():
    assert ("duplicate-identifier", "/constraints/part") in problems(document(part=constraint()))


def test_constraints_are_compared():
    before, after = (
        load_ruleset(document(related=constraint())),
        load_ruleset(document(related=constraint("part < whole"))),
    )
    (found,) = (each for each in diff(before, after) if each.part == "constraint")
    assert (found.id, found.kind, found.members[0].at) == ("related", "changed", "/holds")


def test_the_year_is_that_which_is_scored():
    stated = constraint("date(fiscal_year, 1, 1) <= date(2024, 1, 1)")
    assert load_ruleset(document(related=stated)).constraints[0].holds == 'date("2024-01-01") <= date(2024, 1, 1)'


# What decides whether an indicator applies


def applying(when, **omitted):
    made = document()
    made["indicators"][0]["applies"] = {"when": when, "otherwise": "full", "reason": {"zh": "不涉及"}}
    made["indicators"].append({**copy.deepcopy(made["indicators"][0]), "id": "other"})
    del made["indicators"][1]["applies"]
    made["derived"] = {"flagged": {"value": "count(rows[flag = true])", "label": {"zh": "已标"}}}
    for name, text in omitted.items():
        facts = made["facts"] if name == "maybe" else made["facts"]["rows"]["item"]
        facts[name]["omitted"] = {"zh": text}
    return made


@pytest.mark.parametrize("when", ["maybe = true", "flagged > 0", "some r in rows satisfies r.flag = true"])
def test_an_omission_may_not_decide_whether_an_indicator_applies(when):
    assert problems(applying(when)) == {("applies-rests-on-omission", "/indicators/0/applies/when")}


@pytest.mark.parametrize(
    ("when", "omitted"),
    [
        ("maybe = true", {"maybe": "不填为否"}),
        ("flagged > 0", {"flag": "不填为否"}),
        ("count(rows) > 0", {}),
        ("part > 0", {}),
    ],
)
def test_unless_the_ruleset_says_how_it_is_read(when, omitted):
    load_ruleset(applying(when, **omitted))


def test_what_is_required_is_never_omitted():
    made = document()
    made["facts"]["part"]["omitted"] = {"zh": "不填为零"}
    assert problems(made) == {("never-omitted", "/facts/part/omitted")}
