"""What a ruleset says once and means again: written out before anything is checked."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import RulesetError, load_ruleset
from jmrules.documents import document_of, read
from jmrules.frozen import thawed
from jmrules.ruleset import parse_ruleset
from jmrules.ruleset.like import has_like
from jmrules.ruleset.overlay import resolve

SOURCE = {"status": "stated", "clause": "五"}
ITEM = {
    "name": {"type": "string", "label": {"zh": "指标"}},
    "target": {"type": "number", "label": {"zh": "目标值"}},
    "kind": {"type": "string", "in": '"a", "b"', "values": {"a": {"zh": "甲"}}, "label": {"zh": "类别"}},
}
FULL: dict[str, Any] = {
    "id": "a/b", "fiscal_year": 2024, "revision": "1.0.0", "status": "draft", "title": {"zh": "甲"}, "notice": {"issuer": {"zh": "乙"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [
        {"id": "good", "label": {"zh": "好"}, "in": ">= 5", "source": SOURCE},
        {"id": "bad", "label": {"zh": "差"}, "in": "< 5", "source": SOURCE},
    ],
    "facts": {
        "outputs": {"type": "list", "label": {"zh": "产出"}, "item": ITEM},
        "benefits": {
            "type": "list", "label": {"zh": "效益"},
            "item": {"name": ITEM["name"], "target": {**ITEM["target"], "in": "> 0"}, "rows": {"type": "list", "label": {"zh": "明细"}, "item": ITEM}},
        },
    },
    "indicators": [
        {"id": "g", "label": {"zh": "组"}, "children": [
            {"id": "x", "points": 10, "label": {"zh": "数"}, "method": {"kind": "formula", "points": "count(outputs)"}, "source": SOURCE}]},
    ],
}  # fmt: skip


def short() -> dict[str, Any]:
    made = copy.deepcopy(FULL)
    made["grades"][1]["source"] = {"like": "grades/good/source"}
    made["grades"][0]["source"] = {"like": "indicators/x/source"}
    made["facts"]["benefits"]["item"] = {
        "like": "facts/outputs/item", "kind": None, "target": {"in": "> 0"},
        "rows": {"like": "facts/outputs", "label": {"zh": "明细"}},
    }  # fmt: skip
    return made


def loaded(document: Any) -> Any:
    return parse_ruleset(json.dumps(document, ensure_ascii=False))


def codes(document: Any) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        loaded(document)
    return [problem.code for problem in caught.value.problems]


def test_it_is_what_it_repeats_and_has_its_digest() -> None:
    assert has_like(short()) and loaded(short()).digest == loaded(FULL).digest
    assert loaded(short()) == loaded(FULL)
    assert not has_like(resolve(document_of(short()), lambda *_: Path()).value)


def test_the_notice_of_2024_is_shorter_by_a_tenth_and_says_the_same() -> None:
    path = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/2024.json"
    document = read(path)
    assert has_like(document.value)
    ruleset = load_ruleset(path)
    assert not has_like(ruleset.source.value)
    # what it says in full has the same digest
    assert ruleset.digest == load_ruleset(thawed(ruleset.source.value)).digest


def test_an_error_in_what_is_repeated_points_to_where_it_was_written() -> None:
    made = short()
    made["facts"]["outputs"]["item"]["target"]["in"] = "> "
    text = json.dumps(made, ensure_ascii=False, indent=1)
    with pytest.raises(RulesetError) as caught:
        parse_ruleset(text)
    line = next(number for number, each in enumerate(text.split("\n"), 1) if '"> "' in each)
    assert {problem.place.line for problem in caught.value.problems} == {line}


@pytest.mark.parametrize(
    "way", ["facts/outputs/items", "grades/great/source", "nothing/at/all", "facts/outputs/type", "indicators/x/points"]
)
def test_there_must_be_such_a_thing(way: str) -> None:
    made = short()
    made["grades"][1]["source"] = {"like": way}
    assert "no-such-like" in codes(made)


def test_it_may_not_come_back_to_itself() -> None:
    made = short()
    made["facts"]["outputs"]["item"] = {"like": "facts/benefits/item"}
    assert "circular-like" in codes(made)
    made = short()
    made["grades"][1]["source"] = {"like": "grades/bad/source"}
    assert "circular-like" in codes(made)
    made = short()
    made["facts"]["outputs"]["item"]["rows"] = {
        "type": "list",
        "label": {"zh": "行"},
        "item": {"like": "facts/outputs"},
    }
    assert "circular-like" in codes(made)


def test_likes_that_double_end_soon() -> None:
    made = short()
    made["facts"]["f0"] = {"type": "list", "label": {"zh": "表"}, "item": ITEM}
    for index in range(1, 40):
        part = {"like": f"facts/f{index - 1}"}
        made["facts"][f"f{index}"] = {"type": "list", "label": {"zh": "表"}, "item": {"a": part, "b": part}}
    assert "too-much-like" in codes(made)


def test_a_field_may_be_called_like() -> None:
    made = copy.deepcopy(FULL)
    made["facts"]["outputs"]["item"] = {**ITEM, "like": {"type": "boolean", "label": {"zh": "同"}}}
    assert [part.id for part in loaded(made).facts[0].item][-1] == "like"


def test_it_stands_only_where_the_schema_lets_it() -> None:
    made = copy.deepcopy(FULL)
    made["indicators"][0]["children"][0]["label"] = {"like": "facts/outputs/label"}
    assert codes(made)


def test_an_overlay_repeats_what_it_ends_up_with(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "2024.json").write_text(json.dumps(short(), ensure_ascii=False), "utf-8")
    over = {name: FULL[name] for name in ("id", "revision", "status", "title", "notice")} | {
        "extends": "a/b@2024", "fiscal_year": 2025,
        "changes": [
            {"op": "set", "indicator": "x", "value": {"source": {"status": "stated", "clause": "六"}}},
            {"op": "set", "grade": "bad", "value": {"source": {"like": "indicators/x/source"}}},
            {"op": "set", "fact": "outputs", "value": {"item": {"like": "facts/benefits/item", "rows": None}}},
        ],
    }  # fmt: skip
    (folder / "2025.json").write_text(json.dumps(over, ensure_ascii=False), "utf-8")
    ruleset = load_ruleset(folder / "2025.json")
    # the base means what it says by itself; the overlay what it comes to
    assert [grade.source.clause for grade in ruleset.grades if grade.source] == ["五", "六"]
    assert [part.id for part in ruleset.facts[0].item] == ["name", "target"]


@given(st.permutations(list(FULL["facts"])), st.booleans())
def test_the_order_of_what_is_said_and_repeated_does_not_matter(order: list[str], grades: bool) -> None:
    made = short()
    made["facts"] = {name: made["facts"][name] for name in order}
    if grades:
        made["grades"].reverse()
    expected = copy.deepcopy(FULL)
    expected["grades"] = list(reversed(expected["grades"])) if grades else expected["grades"]
    assert loaded(made).digest == loaded(expected).digest
