"""Reviewers at work: decisions and signatures from the command, where a review stands, and the list of what is to be done."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from jmrules import evaluate, load_facts, load_ruleset
from jmrules.documents import check, document_of, read
from jmrules.errors import FactsError, JmrulesError, Problem, Text
from jmrules.facts import facts_files
from jmrules.review import (
    Deciding,
    adjudicate,
    adjudication_beside,
    decided,
    each_of,
    load_adjudication,
    progress_of,
    review_file,
    to_csv,
    work_list,
)

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset("jiangmen/department-overall@2024")


@pytest.fixture
def folder(tmp_path):
    for name in ("yunxi-water", "yunxi-health", "yunxi-archives"):
        document = json.loads((CASES / f"{name}.json").read_text("utf-8"))
        document.pop("$schema")
        (tmp_path / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return tmp_path


def said(*sets, **more):
    return Deciding(sets, **{"by": "张三", "date": "2025-05-06", "why": "佐证不足", "evidence": ("现场核查",), **more})


def written(ruleset, facts, *decidings):
    """What several decisions make of the file, one after the other."""
    found = before = None
    for deciding in decidings:
        found, text = decided(ruleset, facts, before, deciding)
        before = load_adjudication(json.loads(text))
    return found, before


# ---- decisions


def test_a_decision_makes_a_reviewers_file_that_comes_to_what_is_shown(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    found, file = written(ruleset, facts, said("output_completion=12"))
    assert found.reviewed.total == Decimal("80.25") == adjudicate(ruleset, facts, file).reviewed.total
    assert file.digest == facts.digest and not check(file.source, "adjudication")
    (change,) = file.changes
    assert (change.by, change.date, change.why, change.stage) == ("张三", "2025-05-06", "佐证不足", "finance")


def test_what_is_decided_again_replaces_what_was_decided_before_it_in_the_same_stage(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    found, file = written(
        ruleset,
        facts,
        said("output_completion=12"),
        said("output_completion=13", why="补交"),
        said("output_completion=11", stage="department"),
    )
    assert [(each.stage, each.awarded) for each in file.changes] == [("department", 11), ("finance", 13)]
    assert found.reviewed.awards["output_completion"] == 13


@pytest.mark.parametrize("name", ["output_completion", "部门整体绩效目标产出指标完成情况"])
def test_an_indicator_is_named_by_its_id_or_its_label(ruleset, name):
    _, file = written(ruleset, load_facts(CASES / "yunxi-water.json"), said(f"{name} = 12"))
    assert file.changes[0].indicator == "output_completion"


@pytest.mark.parametrize(
    "text, fact, at, value",
    [
        ("outturn=18600", "outturn", None, Decimal(18600)),
        ("决算支出=1.86亿元", "outturn", None, Decimal(18600)),
        ("self_evaluation_published=否", "self_evaluation_published", None, False),
        ("projects/0/outturn=8000", "projects", "/0/outturn", Decimal(8000)),
    ],
)
def test_a_fact_is_decided_as_a_cell_of_the_workbook_would_say_it(ruleset, text, fact, at, value):
    _, file = written(ruleset, load_facts(CASES / "yunxi-water.json"), said(text))
    (change,) = file.changes
    assert (change.fact, change.at, change.value) == (fact, at, value)


def test_evidence_is_a_place_in_a_listed_document_or_else_a_note(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    first = facts.documents[0]
    _, file = written(
        ruleset, facts, said("output_completion=12", evidence=(f"{first.id}：表一", f"{first.title}", "现场核查"))
    )
    assert [(each.document, each.section, each.note) for each in file.changes[0].evidence] == [
        (first.id, "表一", None), (first.id, None, None), (None, None, "现场核查"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text, more, code",
    [
        ("nothing=1", {}, "no-such-target"), ("output_completion", {}, "bad-set"), ("output_completion=许多", {}, "not-a-number"),
        ("output_completion=99", {}, "more-than-points"), ("duty_effectiveness=1", {}, "not-a-leaf"), ("output_completion=1.234", {}, "too-many-decimals"),
        ("outturn=未知", {}, "not-decided"), ("outturn=许多", {}, "not-a-number"), ("projects=3", {}, "is-a-list"), ("projects/0/spent=3", {}, "no-such-field"),
        ("output_completion=12", {"why": None}, "no-ground"), ("output_completion=12", {"evidence": ()}, "no-ground"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_one_clear_error(ruleset, text, more, code):
    with pytest.raises(JmrulesError) as raised:
        written(ruleset, load_facts(CASES / "yunxi-water.json"), said(text, **more))
    assert [each.code for each in raised.value.problems] == [code]


def test_a_review_of_facts_that_changed_is_not_added_to(ruleset, folder):
    path = folder / "yunxi-water.json"
    _, text = decided(ruleset, load_facts(path), None, said("output_completion=12"))
    document = json.loads(path.read_text("utf-8"))
    document["note"] = "另一份"
    with pytest.raises(JmrulesError) as raised:
        decided(ruleset, load_facts(document), load_adjudication(json.loads(text)), said("output_completion=13"))
    assert raised.value.problems[0].code == "facts-changed"


# ---- states


def test_a_review_goes_from_unreviewed_to_reviewed_to_signed_and_back_where_facts_change(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    assert progress_of(facts, None) == "unreviewed"
    _, file = written(ruleset, facts, said("output_completion=12"))
    assert progress_of(facts, file) == "reviewed"
    _, file = written(ruleset, facts, said("output_completion=12"), said(by="李四", sign=True))
    assert progress_of(facts, file) == "signed"
    assert [(each.stage, each.by, each.total, each.grade) for each in file.stages] == [
        ("finance", "李四", Decimal("80.25"), "良")
    ]
    other = load_facts({**facts.source.value, "note": "另一份"})
    assert progress_of(other, file) == "changed"


def test_a_decision_after_a_signature_takes_a_new_signature(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    with pytest.raises(JmrulesError) as raised:
        written(ruleset, facts, said(sign=True), said("output_completion=12"))
    assert {each.code for each in raised.value.problems} == {"signed-otherwise"}
    _, file = written(ruleset, facts, said(sign=True), said("output_completion=12", stage="final"))
    assert progress_of(facts, file) == "reviewed"


def test_a_review_without_a_decision_can_be_signed(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    found, file = written(ruleset, facts, said(sign=True))
    assert not file.changes and progress_of(facts, file) == "signed" and found.reviewed.total == found.computed.total


# ---- as it is typed


def test_the_command_decides_for_one_and_for_a_folder(folder, jmrules):
    ran = jmrules("adjudicate", folder / "yunxi-water.json", "--set", "output_completion=12", "--why", "佐证不足", "--by", "张三",
                  "--evidence", "现场核查", "--date", "2025-05-06")  # fmt: skip
    assert ran.code == 0 and "80.25" in ran.out
    assert load_adjudication(review_file(folder / "yunxi-water.json")).changes[0].awarded == 12
    assert "80.25" in jmrules("adjudicate", folder / "yunxi-water.json").out
    assert (
        jmrules(
            "adjudicate",
            folder,
            "--set",
            "output_completion=10",
            "--why",
            "一律",
            "--by",
            "李四",
            "--evidence",
            "会议纪要",
        ).code
        == 0
    )
    assert jmrules("adjudicate", folder, "--sign", "--by", "王五").code == 0
    rows = json.loads(jmrules("review", folder, "--json").out)["rows"]
    assert [row["state"] for row in rows] == ["signed"] * 3 and all(row["reviewed"] for row in rows)


def test_where_one_of_a_folder_cannot_be_decided_nothing_is_written(folder, jmrules):
    (folder / "broken.json").write_text("{", "utf-8")
    ran = jmrules(
        "adjudicate", folder, "--set", "output_completion=10", "--why", "一律", "--by", "李四", "--evidence", "会议纪要"
    )
    assert ran.code == 2 and "broken.json" in ran.err and not list(folder.glob("*.review.json"))


@pytest.mark.parametrize(
    "more", [("--set", "output_completion=1"), ("--sign",), ("--sign", "--by", "x", "--stage", "self_evaluation")]
)
def test_who_and_at_which_stage_must_be_said(folder, jmrules, more):
    ran = jmrules("adjudicate", folder / "yunxi-water.json", *more)
    assert ran.code == 2 and "Traceback" not in ran.err and not list(folder.glob("*.review.json"))


def decide(*sets):
    said = [part for each in sets for part in ("--set", each)]
    return (
        *said,
        "--why",
        "佐证不足",
        "--by",
        "张三",
        "--evidence",
        "现场核查",
        "--date",
        "2025-05-06",
        "--lang",
        "zh",
    )


def test_a_department_whose_facts_are_partly_unknown_is_decided_and_signed_once_all_is_settled(folder, jmrules):
    real = folder / "jiangmen-gov-services.json"
    real.write_bytes((CASES / real.name).read_bytes())
    ran = jmrules("adjudicate", real, *decide("output_completion=12"))
    assert ran.code == 0 and "总分 38.96–100.00 → 50.96–97.00" in ran.out and "尚未核定：" in ran.out
    assert "50.96–97.00" in jmrules("adjudicate", real).out
    written = review_file(real).read_bytes()
    ran = jmrules("adjudicate", real, "--sign", "--by", "李四", "--lang", "zh")
    assert (
        ran.code == 2
        and "不能签署" in ran.err
        and "专项资金支出率" in ran.err
        and review_file(real).read_bytes() == written
    )
    rows = json.loads(jmrules("review", folder, "--json").out, parse_float=Decimal)["rows"]
    (row,) = [row for row in rows if row["file"].endswith(real.name)]
    assert row["state"] == "reviewed" and row["reviewed"]["total"] == {"low": Decimal("50.96"), "high": 97}
    assert "50.96–97.00,优/良/中/差," in jmrules("review", folder, "--csv", "--lang", "zh").out
    # One department of the folder is open: none is signed.
    assert jmrules("adjudicate", folder, "--sign", "--by", "李四").code == 2
    points = {"benefit_completion": 15, "fund_completion": 10, "fund_expenditure": 10, "budget_rationality": 8, "target_rationality": 5,
              "indicator_clarity": 5, "performance_system": 5, "performance_disclosure": 1}  # fmt: skip
    jmrules("adjudicate", real, *decide(*(f"{id}={award}" for id, award in points.items())))
    assert jmrules("adjudicate", folder, "--sign", "--by", "李四", "--date", "2025-05-07").code == 0
    assert load_adjudication(review_file(real)).stages[0].total == 97


def test_a_folder_is_decided_though_one_of_it_is_open(folder, jmrules):
    (folder / "jiangmen-gov-services.json").write_bytes((CASES / "jiangmen-gov-services.json").read_bytes())
    ran = jmrules("adjudicate", folder, *decide("output_completion=10"))
    assert ran.code == 0 and "江门市政务服务和数据管理局  48.96–95.00 优/良/中/差" in ran.out
    assert len(list(folder.glob("*.review.json"))) == 4


# ---- the work-list


def test_a_reviewers_file_is_no_facts_file(folder, ruleset, jmrules):
    jmrules("adjudicate", folder / "yunxi-water.json", "--sign", "--by", "王五")
    assert review_file(folder / "yunxi-water.json").is_file()
    assert [path.name for path in facts_files(folder)] == [
        "yunxi-archives.json",
        "yunxi-health.json",
        "yunxi-water.json",
    ]


def test_the_list_says_what_a_reviewer_asks_of_each_and_the_doubtful_stand_first(folder, ruleset, jmrules):
    jmrules(
        "adjudicate",
        folder / "yunxi-water.json",
        "--set",
        "output_completion=12",
        "--why",
        "一",
        "--by",
        "张三",
        "--evidence",
        "二",
    )
    files = [str(path) for path in facts_files(folder)]
    rows = work_list(files, lambda facts: ruleset)
    table = {row["subject"]: row for row in csv.DictReader(io.StringIO(to_csv(rows, "zh"), newline=""))}
    water = table["云溪市水务局"]
    assert (water["state"], water["claimed"], water["supported"], water["matters"], water["reviewed"]) == (
        "已审",
        "88.5",
        "50.88",
        "1",
        "80.25",
    )
    assert table["云溪市卫生健康局"]["state"] == "未审" and all(row["file"] for row in table.values())
    doubts = [row.over_claimed + row.in_doubt for row in rows]
    assert all(one >= other for one, other in pairwise(doubts))


def test_a_broken_reviewers_file_is_said_and_hides_no_department(folder, ruleset):
    review_file(folder / "yunxi-water.json").write_text("{", "utf-8")
    rows = work_list([str(path) for path in facts_files(folder)], lambda facts: ruleset)
    (row,) = [row for row in rows if row.subject == "云溪市水务局"]
    assert row.state is None and row.error is not None and row.earned is not None and not row.broken


def test_the_same_department_stands_in_the_same_place_however_its_claims_are_broken_down(folder, ruleset):
    path = folder / "yunxi-water.json"
    document = json.loads(path.read_text("utf-8"))
    leaves = [leaf.id for leaf in evaluate(ruleset, load_facts(path)).trace.leaves]
    forms = [
        {"total": 100, "grade": "优"},
        {"total": 100, "indicators": {"duty_effectiveness": 50, "management_efficiency": 50}},
        {"total": 100, "indicators": dict.fromkeys(leaves[:1], 0)},
        {"indicators": {"duty_effectiveness": 50, "management_efficiency": 50}},
    ]
    ranks = []
    for claims in forms:
        path.write_text(json.dumps({**document, "claims": claims}, ensure_ascii=False), "utf-8")
        (row,) = work_list([str(path)], lambda facts: ruleset)
        ranks.append((row.rank()[1], row.rank()[3], row.supported, row.over_claimed))
    assert len(set(ranks)) == 1


# ---- on all cores


@pytest.mark.parametrize("processes", [1, 2, 3, None])
def test_all_cores_make_what_one_makes_in_the_same_order(processes):
    told = []
    found = list(
        each_of(lambda number: number * number, range(50), processes=processes, told=lambda *done: told.append(done))
    )
    assert found == [number * number for number in range(50)]
    assert told == [(number, 50) for number in range(1, 51)]


def test_an_error_of_a_process_comes_back_as_it_was():
    def fails(number):
        raise FactsError(Problem("x", Text("甲", "a")))

    with pytest.raises(FactsError) as raised:
        list(each_of(fails, range(4), processes=2))
    assert raised.value.problems[0].code == "x"


def test_reviews_on_two_cores_are_those_on_one(folder, ruleset):
    (folder / "broken.json").write_text("{", "utf-8")
    files = [str(path) for path in facts_files(folder)]
    one, two = (work_list(files, lambda facts: ruleset, documents=True, processes=many) for many in (1, 2))
    assert to_csv(one, "zh") == to_csv(two, "zh")
    assert [row.document for row in one] == [row.document for row in two]


def test_what_stands_beside_facts_is_read(folder, ruleset):
    facts = load_facts(folder / "yunxi-water.json")
    assert adjudication_beside(facts) is None
    _, text = decided(ruleset, facts, None, said("output_completion=12"))
    review_file(folder / "yunxi-water.json").write_text(text, "utf-8")
    assert adjudication_beside(facts).changes[0].awarded == 12
    assert not check(document_of(read(review_file(folder / "yunxi-water.json")).value), "adjudication")
