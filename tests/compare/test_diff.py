"""What differs between two rulesets: found, of the right kind, and said in both languages."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from compare.variants import fewer, pairs
from jmrules import diff, load_ruleset
from jmrules.cli.main import app
from jmrules.compare.criteria import criterion
from jmrules.compare.document import diff_document, diff_markdown
from jmrules.compare.words import said
from jmrules.documents import canonical, parse, pretty
from jmrules.frozen import thawed
from jmrules.ruleset.model import leaves
from jmrules.ruleset.order import moved_ids
from strategies import cases, shuffled

JIANGMEN = "jiangmen/department-overall@2024"


@fewer
@given(cases(), st.randoms())
def test_a_ruleset_does_not_differ_from_itself_however_it_is_written(case, random):
    one, other = load_ruleset(case.ruleset), load_ruleset(shuffled(case.ruleset, random))
    assert [each for each in diff(one, other) if each.kind != "moved"] == []


@fewer
@given(pairs())
def test_whatever_differs_is_told_and_can_be_said(pair):
    before, after, _ = pair
    found = diff(before, after)
    assert found
    for difference in found:
        for text in said(difference, before, after):
            assert text.zh and text.say("en")
    assert parse(pretty(diff_document(before, after, found))).value["differences"]
    assert diff_markdown(before, after, found, "zh").count("\n| ") >= len(found)
    for ruleset in (before, after):
        assert all(criterion(ruleset, leaf).zh for leaf in leaves(ruleset.indicators))


@fewer
@given(pairs())
def test_added_and_removed_mirror_each_other(pair):
    before, after, _ = pair
    there = {(each.part, each.id, each.kind) for each in diff(before, after)}
    back = {(each.part, each.id, each.kind) for each in diff(after, before)}
    swap = {"added": "removed", "removed": "added"}
    assert {(part, id, swap.get(kind, kind)) for part, id, kind in there if kind != "moved"} == {
        each for each in back if each[2] != "moved"
    }


@given(st.permutations(list("abcdefg")), st.permutations(list("abcdefg")))
def test_moved_entries_are_the_fewest_that_explain_the_order(one, other):
    moved = moved_ids({None: one}, {None: other})
    stay = [[id for id in ids if id not in moved] for ids in (one, other)]
    assert stay[0] == stay[1]
    longest = max(_common(one, other))
    assert len(stay[0]) == longest


def _common(one, other):
    """Lengths of the longest rising run that ends at each entry, the slow way."""
    places = [other.index(id) for id in one]
    best = []
    for index, place in enumerate(places):
        best.append(1 + max((best[i] for i in range(index) if places[i] < place), default=0))
    return best


EDITS = {
    "points": ("input_cost", lambda leaf: leaf.update(points=6)),
    "bands": ("budget_constraint", lambda leaf: leaf["method"]["bands"][0].update({"points": 1})),
    "criterion": ("budget_constraint", lambda leaf: leaf["method"].update(value="execution_rate_raw")),
    "applies": ("fund_completion", lambda leaf: leaf["applies"].update(when="special_funds > 1")),
    "undefined": ("fund_completion", lambda leaf: leaf["undefined"].update(share=1)),
    "evidence": ("fund_completion", lambda leaf: leaf.pop("evidence")),
    "wording": ("fund_completion", lambda leaf: leaf.update(label={"zh": "另名"})),
    "source": ("fund_completion", lambda leaf: leaf["source"].update(confidence="low")),
}


def edited(id, edit):
    document = thawed(load_ruleset(JIANGMEN).source.value)
    waiting = list(document["indicators"])
    for node in waiting:
        waiting += node.get("children", [])
        if node["id"] == id:
            edit(node)
        elif "children" in node:
            node.pop("points", None)
    return document


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_of_edit_of_an_indicator_is_told_as_what_it_is(kind):
    id, edit = EDITS[kind]
    found = [each for each in diff(load_ruleset(JIANGMEN), load_ruleset(edited(id, edit))) if each.id == id]
    assert [(each.part, each.kind) for each in found] == [("indicator", kind)]


def test_spaces_and_decimals_make_no_difference():
    document = edited("budget_constraint", lambda leaf: leaf["method"]["bands"][0].update({"in": "<=0.10"}))
    document["derived"]["addition_ratio"]["value"] = "additions_counted/budget_initial"
    assert diff(load_ruleset(JIANGMEN), load_ruleset(document)) == ()


def test_a_criterion_that_says_the_same_but_reads_something_else_is_told():
    document = thawed(load_ruleset(JIANGMEN).source.value)
    document["derived"]["additions_counted"]["value"] = "added_mid_year"
    found = {(each.id, each.kind): each for each in diff(load_ruleset(JIANGMEN), load_ruleset(document))}
    assert set(found) == {("additions_counted", "changed"), ("budget_constraint", "reads")}
    assert found["budget_constraint", "reads"].through == ("additions_counted",)


def test_facts_grades_and_head():
    document = thawed(load_ruleset(JIANGMEN).source.value)
    document["facts"]["outturn"]["unit"] = "CNY"
    document["facts"]["extra"] = {"type": "boolean", "label": {"zh": "另"}}
    del document["facts"]["counts"], document["reading"]["counts"]
    document["grades"][0]["in"] = ">= 95"
    document["grades"][1]["in"] = "[80..95)"
    document["rounding"]["mode"] = "half even"
    document["status"] = "draft"
    found = {
        (each.part, each.id, each.kind)
        for each in diff(load_ruleset(JIANGMEN), load_ruleset(document))
        if each.part != "indicator"
    }
    assert found == {
        ("head", "status", "changed"),
        ("rounding", "rounding", "changed"),
        ("grade", "excellent", "changed"),
        ("grade", "good", "changed"),
        ("fact", "outturn", "changed"),
        ("fact", "extra", "added"),
        ("fact", "counts", "removed"),
    }


def test_the_command_tells_it_as_a_list_as_json_and_as_markdown(tmp_path):
    path = tmp_path / "after.json"
    path.write_text(pretty(edited("input_cost", lambda leaf: leaf.update(points=6))), encoding="utf-8")

    def run(*options):
        result = CliRunner().invoke(app, ["diff", JIANGMEN, str(path), *options])
        assert result.exit_code == 0, result.exception
        return result.stdout

    assert "- 7 分" in run("--lang", "zh") and "+ 6 分" in run("--lang", "zh")
    assert "- 7 points" in run("--lang", "en")
    document = json.loads(run("--json"))
    assert {each["kind"] for each in document["differences"]} == {"points"}
    assert "| 投入成本合理性 | 分值调整 | 7 分 | 6 分 |" in run("--markdown", "--lang", "zh")
    assert canonical(document["before"]["digest"]) != canonical(document["after"]["digest"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2024, 2025])
def test_names_that_the_author_gave_stand_in_a_column_of_their_own_and_members_have_words(jmrules, language, year):
    for arguments in (
        ("show", f"jiangmen/department-overall@{year}"),
        ("diff", "jiangmen/department-overall@2023", f"jiangmen/department-overall@{year}"),
    ):
        lines = jmrules(*arguments, lang=language).out.splitlines()[3:]
        told = "\n".join(re.sub(r" {2,}[a-z][a-z0-9_]*$", "", line.rstrip()) for line in lines)
        assert not re.findall(r"[a-z]+_[a-z_0-9]+|[a-z]+/[a-z]+[：:]|\bnull\b", told), arguments
        if language == "zh":
            assert not re.findall(r"\b(status|confidence|ground|clause|stated|reconstructed|medium)\b", told)
