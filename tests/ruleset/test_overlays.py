"""Overlays: what they resolve to, where its values come from, and what is wrong with those that do not."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from jmrules import RulesetError, evaluate, load_ruleset
from jmrules.documents import canonical, document_of, parse, pretty
from jmrules.documents.positions import escape
from jmrules.documents.reader import Document
from jmrules.ruleset.digest import content_of, digest_of
from jmrules.ruleset.overlay import resolve
from ruleset.edits import HEAD, LEAF, edited

ID = "somewhere/department-overall"
BASE = {
    "id": ID,
    "fiscal_year": 2024,
    "revision": "1.0.0",
    "status": "reconstructed",
    "title": {"zh": "今年", "en": "this year"},
    "notice": {"issuer": {"zh": "某局"}},
    "effective": {"from": "2024-03-01", "until": "2025-02-28"},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "good", "label": {"zh": "好"}, "in": ">= 5"}, {"id": "poor", "label": {"zh": "差"}, "in": "< 5"}],
    "facts": {
        "a": {"type": "number", "label": {"zh": "甲", "en": "A"}},
        "rows": {"type": "list", "label": {"zh": "表"}, "item": {"label": {"type": "string", "label": {"zh": "名"}}}},
    },
    "derived": {"d": {"value": "a / 2", "label": {"zh": "乙"}}},
    "indicators": [
        {
            "id": "g",
            "points": 6,
            "label": {"zh": "组"},
            "children": [{"id": "x", **LEAF}, {"id": "y", **LEAF, "method": {"kind": "ratio", "value": "d"}}],
        },
        {"id": "z", **LEAF, "points": 4},
    ],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of rulesets, the only one besides those that ship."""
    monkeypatch.setenv("JMRULES_PATH", str(tmp_path))
    put(tmp_path, BASE)
    return tmp_path


def put(folder, document, id=ID):
    path = folder / id / f"{document['fiscal_year']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pretty(document), encoding="utf-8")
    return path


def overlay(*changes, extends=f"{ID}@2024", **head):
    return {**HEAD, "extends": extends, **head, "changes": list(changes)}


def problems(folder, document):
    """The problems of an overlay put into the folder."""
    path = put(folder, document)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    return caught.value.problems


def only(folder, document):
    (problem,) = problems(folder, document)
    assert problem.message.zh and problem.message.en
    assert problem.hint is not None
    return problem


@given(edited())
def test_an_overlay_resolves_to_what_the_edits_make_of_the_base(tmp_path_factory, case):
    base, flat, changes = case
    path = tmp_path_factory.getbasetemp() / "base.json"
    path.write_text(pretty(base), encoding="utf-8")
    found = resolve(document_of(overlay(*changes)), lambda *_: path)
    assert canonical(content_of(found.value)) == canonical(content_of(flat))
    assert digest_of(content_of(found.value)) == digest_of(content_of(flat))
    assert canonical(parse(found.text).value) == canonical(found.value)
    for pointer, value in scalars(found.value):
        written, at = found.origin(pointer)
        assert looked_up(written, at) == value, pointer
        assert found.place(pointer) == written.place(at)


def scalars(value, pointer=""):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from scalars(part, f"{pointer}/{escape(name)}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from scalars(part, f"{pointer}/{index}")
    else:
        yield pointer, value


def looked_up(document: Document, pointer: str):
    value = document.value
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
    return value


def test_an_overlay_equals_the_flat_file_it_resolves_to(folder):
    child = load_ruleset(put(folder, overlay({"op": "set", "indicator": "z", "value": {"points": 5}})))
    flat = {**BASE, **HEAD, "indicators": [BASE["indicators"][0], {**BASE["indicators"][1], "points": 5}]}
    del flat["effective"]
    assert child == load_ruleset(flat) == load_ruleset(json.loads(child.to_json()))
    assert child.digest == load_ruleset(flat).digest
    assert child.effective is None


def test_a_chain_of_overlays_with_pinned_digests(folder):
    base = load_ruleset(f"{ID}@2024")
    one = load_ruleset(
        put(
            folder,
            overlay({"op": "remove", "indicator": "z"}, extends={"ruleset": f"{ID}@2024", "digest": base.digest}),
        )
    )
    pinned = {"ruleset": f"{ID}@2025#0.1.0", "digest": one.digest}
    two = load_ruleset(
        put(
            folder,
            overlay({"op": "set", "indicator": "g", "value": {"note": {"zh": "注"}}}, extends=pinned, fiscal_year=2026),
        )
    )
    assert [node.id for node in two.indicators] == ["g"]
    assert two.indicators[0].note.zh == "注"


def test_set_merges_objects_and_replaces_texts_sources_and_methods(folder):
    item = {"item": {"n": {"type": "number", "label": {"zh": "数"}}}}
    child = load_ruleset(
        put(
            folder,
            overlay(
                {"op": "set", "fact": "a", "value": {"label": {"zh": "新甲"}}},
                {"op": "set", "fact": "rows", "value": item},
                {
                    "op": "set",
                    "indicator": "x",
                    "value": {"source": {"status": "reconstructed", "ground": {"zh": "据"}, "confidence": "low"}},
                },
            ),
        )
    )
    facts = {fact.id: fact for fact in child.facts}
    assert facts["a"].label.en is None
    assert [part.id for part in facts["rows"].item] == ["label", "n"]
    assert child.indicators[0].children[0].source.clause is None


def test_a_document_without_a_file_extends_too(folder):
    assert load_ruleset(overlay()).reference == f"{ID}@2025"


def test_a_file_outside_any_source_finds_its_neighbours(tmp_path, monkeypatch):
    monkeypatch.delenv("JMRULES_PATH", raising=False)
    put(tmp_path, BASE)
    assert load_ruleset(put(tmp_path, overlay())).fiscal_year == 2025


def change(op, **members):
    return {"op": op, **members}


REFUSED = {
    "near": (change("set", indicator="zz", value={}), "no-such-indicator", "/changes/0/indicator"),
    "fact": (change("remove", fact="q"), "no-such-fact", "/changes/0/fact"),
    "derived": (change("remove", derived="q"), "no-such-derived-value", "/changes/0/derived"),
    "grade": (change("set", grade="fair", value={}), "no-such-grade", "/changes/0/grade"),
    "signal": (change("remove", signal="s"), "no-such-signal", "/changes/0/signal"),
    "there already": (change("add", indicator="x", value=LEAF), "already-there", "/changes/0/indicator"),
    "fact there already": (
        change("add", fact="a", value={"type": "date", "label": {"zh": "日"}}),
        "already-there",
        "/changes/0/fact",
    ),
    "no group": (change("add", indicator="n", parent="x", value=LEAF), "not-a-group", "/changes/0/parent"),
    "no parent": (change("add", indicator="n", parent="q", value=LEAF), "no-such-indicator", "/changes/0/parent"),
    "no neighbour": (change("add", indicator="n", after="x", value=LEAF), "no-such-neighbour", "/changes/0/after"),
    "into itself": (change("move", indicator="g", parent="g"), "into-itself", "/changes/0/parent"),
    "after itself": (change("move", indicator="x", after="x"), "after-itself", "/changes/0/after"),
    "id": (change("set", indicator="x", value={"id": "w"}), "not-settable", "/changes/0/value/id"),
    "children": (change("set", indicator="g", value={"children": []}), "not-settable", "/changes/0/value/children"),
    "other id": (
        change("replace", indicator="x", value={"id": "w", **LEAF}),
        "other-identifier",
        "/changes/0/value/id",
    ),
    "nothing there": (change("set", indicator="x", value={"note": None}), "nothing-to-remove", "/changes/0/value/note"),
    "no op": (change("drop", indicator="x"), "schema-enum", "/changes/0/op"),
    "no value": (change("set", indicator="x"), "schema-required", "/changes/0"),
    "two targets": (change("remove", indicator="x", fact="a"), "schema-one-of", "/changes/0"),
    "parent of a fact": (change("move", fact="a", parent="g"), "unknown-member", "/changes/0/parent"),
    "bad value": (
        change("add", fact="n", value={"type": "list", "label": {"zh": "表"}}),
        "schema-required",
        "/changes/0/value",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_that_cannot_be_made_is_one_clear_error(folder, name):
    made, code, pointer = REFUSED[name]
    problem = (
        only(folder, overlay(made))
        if not code.startswith(("schema", "unknown"))
        else problems(folder, overlay(made))[0]
    )
    assert (problem.code, problem.place.pointer) == (code, pointer)
    assert problem.place.file.endswith("2025.json") and problem.place.line


def test_changes_of_one_thing_conflict_but_for_what_cannot(folder):
    apart = ({"points": 2}, {"label": {"zh": "名"}})
    fine = overlay(
        *(change("set", indicator="z", value=value) for value in apart), change("move", indicator="z", after=None)
    )
    assert load_ruleset(put(folder, fine)).indicators[0].points == 2
    for second in (
        change("set", indicator="z", value={"points": 3}),
        change("remove", indicator="z"),
        change("replace", indicator="z", value=LEAF),
    ):
        problem = only(folder, overlay(change("set", indicator="z", value={"points": 2}), second))
        assert (problem.code, problem.place.pointer) == ("conflicting-changes", "/changes/1/indicator")


def test_all_changes_that_cannot_be_made_are_told_at_once(folder):
    found = problems(
        folder,
        overlay(change("remove", fact="q"), change("remove", indicator="x"), change("set", indicator="w", value={})),
    )
    assert [problem.place.pointer for problem in found] == ["/changes/0/fact", "/changes/2/indicator"]


def test_points_that_no_longer_add_up_are_told_at_the_change_with_where_they_stand_in_the_base(folder):
    problem = only(
        folder, overlay(change("set", derived="d", value={}), change("set", indicator="x", value={"points": 2}))
    )
    assert problem.code == "points-do-not-add-up"
    assert problem.place.file.endswith("2025.json")
    assert problem.place.pointer == "/changes/1/value/points"
    concerned = re.search(r"2024.json:([0-9]+):[0-9]+ /indicators/0/points\)", problem.message.en)
    line = (folder / ID / "2024.json").read_text(encoding="utf-8").splitlines()[int(concerned[1]) - 1]
    assert '"points": 6' in line
    assert "所涉内容在" in problem.message.zh


def test_what_a_change_breaks_elsewhere_is_told_at_the_change(folder):
    """A fact that changes its type breaks what reads it, through a derived value too."""
    text = {"type": "string", "label": {"zh": "甲"}}
    found = problems(folder, overlay(change("set", indicator="z", value={}), change("replace", fact="a", value=text)))
    assert found
    for problem in found:
        assert problem.place.file.endswith("2025.json") and problem.place.pointer == "/changes/1"


def test_an_expression_is_told_where_the_overlay_states_it(folder):
    (problem,) = problems(folder, overlay(change("set", derived="d", value={"value": "a / nothing_here"})))
    assert problem.place.file.endswith("2025.json")
    assert problem.place.pointer == "/changes/0/value/value"
    assert problem.place.column > 1


def test_what_reads_a_removed_fact_is_told_at_its_removal(folder):
    (problem,) = problems(folder, overlay(change("remove", fact="a")))
    assert problem.place.file.endswith("2025.json") and "2024.json" in problem.message.en
    assert problem.place.pointer == "/changes/0" and "/derived/d/value" in problem.message.en


EXTENDS = {
    "a path": ("../../secret@2024", "schema-pattern"),
    "traversal in an id": (f"{ID}/../../x@2024", "schema-pattern"),
    "a file": ("2024.json", "schema-pattern"),
    "latest": (f"{ID}@latest", "schema-pattern"),
    "no year": (ID, "schema-pattern"),
    "a number": (2024, "schema-type"),
    "no such id": ("somewhere/department-overal@2024", "no-such-ruleset"),
    "no such year": (f"{ID}@1999", "no-such-year"),
    "no such revision": (f"{ID}@2024#9.0.0", "no-such-revision"),
    "another digest": ({"ruleset": f"{ID}@2024", "digest": "0" * 64}, "base-changed"),
    "a short digest": ({"ruleset": f"{ID}@2024", "digest": "0"}, "schema-pattern"),
    "itself": (f"{ID}@2025", "circular-extends"),
}


@pytest.mark.parametrize("name", EXTENDS)
def test_a_base_that_cannot_be_one_is_one_clear_error(folder, name):
    extends, code = EXTENDS[name]
    problem = only(folder, overlay(extends=extends))
    assert problem.code == code
    assert problem.place.pointer.startswith("/extends")
    assert problem.place.line


def test_a_circle_is_told_with_its_members(folder):
    put(folder, overlay(extends=f"{ID}@2026"))
    problem = only(folder, overlay(fiscal_year=2026, extends=f"{ID}@2025"))
    assert problem.code == "circular-extends"
    assert "2026.json → 2025.json → 2026.json" in problem.message.zh


def test_a_chain_has_an_end(folder):
    for year in range(2025, 2050):
        path = put(folder, overlay(fiscal_year=year, extends=f"{ID}@{year - 1}"))
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    assert [problem.code for problem in caught.value.problems] == ["chain-too-long"]


@pytest.mark.parametrize("name", ["facts", "derived", "indicators", "grades", "absent", "signals", "rules"])
def test_collections_do_not_stand_in_an_overlay(folder, name):
    problem = only(folder, {**overlay(), name: BASE.get(name, {} if name == "signals" else [])})
    assert (problem.code, problem.place.pointer) == ("unknown-member", f"/{name}")


def test_a_flat_ruleset_has_no_changes(folder):
    assert only(folder, {**BASE, "changes": []}).code == "unknown-member"


def test_a_year_as_a_string_is_one_clear_error(folder):
    problem = only(folder, {**overlay(), "fiscal_year": "2025"})
    assert (problem.code, problem.place.pointer) == ("schema-type", "/fiscal_year")


@pytest.mark.parametrize("schema", ["../../../../etc/passwd", "file:///etc/passwd", "../ruleset.schema.json\\..", ""])
def test_a_schema_that_is_not_ours_is_one_clear_error(folder, schema):
    problem = only(folder, {"$schema": schema, **overlay()})
    assert problem.place.pointer == "/$schema"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"indicators": 3}',
        '{"indicators": [{"children": 1, "id": "a"}], "facts": []}',
        '{"facts": {"a": 1}}',
        "7",
    ],
)
def test_a_base_that_is_no_ruleset_is_told_of_with_its_file(folder, text):
    (folder / ID / "2024.json").write_text(text, encoding="utf-8")
    path = put(folder, overlay(change("remove", indicator="x")))
    with pytest.raises(Exception) as caught:
        load_ruleset(path)
    assert all(problem.place.file.endswith("2024.json") for problem in caught.value.problems)


def test_moves_cannot_nest_without_end(folder):
    groups = [{"id": f"g{i}", "label": {"zh": "组"}, "children": [{"id": f"x{i}", **LEAF}]} for i in range(80)]
    put(folder, {**BASE, "indicators": [*BASE["indicators"], *groups]})
    moves = [change("move", indicator=f"g{i + 1}", parent=f"g{i}") for i in range(79)]
    assert only(folder, overlay(*moves)).code == "nested-too-deep"


def test_the_order_of_facts_is_no_part_of_the_digest_and_never_mixes_up_values(folder):
    money = {"type": "number", "unit": "CNY_10k", "label": {"zh": "钱"}}
    leaf = {"id": "x", **LEAF, "points": 10, "method": {"kind": "ratio", "value": "a / b"}}
    flat = {**BASE, **HEAD, "facts": {"a": money, "b": money}, "derived": {}, "indicators": [leaf]}
    del flat["effective"]
    put(folder, {**flat, "fiscal_year": 2024})
    moved = load_ruleset(put(folder, overlay(change("move", fact="b", after=None))))
    stated = load_ruleset(flat)
    assert moved.digest == stated.digest
    assert [fact.id for fact in moved.facts] == ["b", "a"]
    # A figure in another unit takes the careful reading, which numbers values by its own ruleset.
    for facts in ({"a": 1, "b": 4}, {"a": 1, "b": {"value": 40000, "unit": "CNY"}}):
        assert [evaluate(ruleset, facts).total for ruleset in (stated, moved)] == [Decimal("2.50")] * 2


def test_the_shipped_overlay_resolves_alone(tmp_path, monkeypatch):
    shipped = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall"
    target = tmp_path / "jiangmen/department-overall"
    shutil.copytree(shipped, target)
    assert load_ruleset(target / "2025.json") == load_ruleset("jiangmen/department-overall@2025")
