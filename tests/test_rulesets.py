"""The rulesets that ship, and the cases beside them: every award worked out by hand, and scored to the last digit."""

from __future__ import annotations

import ast
import json
import operator
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jmrules import EvaluationError, evaluate, load_facts, load_ruleset
from jmrules.cases.cases import load_case
from jmrules.cases.run import run_case
from jmrules.documents import read as read_document
from jmrules.feel import compiled as feel_compiled
from jmrules.feel.generation import generate
from jmrules.methods.bands import Bands
from jmrules.methods.checklist import Checklist
from jmrules.methods.deductions import Deductions
from jmrules.plan.build import plan_of
from jmrules.ruleset import compiling
from jmrules.ruleset.check_sources import all_sources
from jmrules.ruleset.load import ruleset_of as ruleset_in
from jmrules.ruleset.model import Leaf, leaves
from laws.real import REAL, at_its_word

ROOT = Path(__file__).parents[1] / "rulesets"
RULESETS = sorted(ROOT.glob("*/*/[0-9][0-9][0-9][0-9].json"))
EXPECTED = sorted(ROOT.glob("*/*/cases/[0-9][0-9][0-9][0-9]/*.expected.json"))
FACTS = [path.with_name(path.name.replace(".expected.json", ".json")) for path in EXPECTED]

#: those whose facts are all known and agree; of the others only an interval is expected, or that they are refused
EXACT = [path for path in EXPECTED if "total" in json.loads(path.read_text("utf-8"))]

JIANGMEN = ROOT / "jiangmen/department-overall/2024.json"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removesuffix(".expected.json")


@cache
def ruleset_of(expected: Path):
    """The ruleset beside whose cases the file lies: ``<place>/<evaluation>/<year>.json``."""
    year = expected.parent
    return load_ruleset(year.parents[1] / f"{year.name}.json")


@cache
def scored(expected: Path):
    facts = expected.with_name(expected.name.replace(".expected.json", ".json"))
    return evaluate(ruleset_of(expected), load_facts(facts))


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


@pytest.mark.parametrize("path", RULESETS, ids=name)
def test_every_expression_of_a_ruleset_is_generated_code(path: Path, monkeypatch):
    """None is left to the careful reading, which takes some thirty times as long."""
    made = []

    def noted(*arguments):
        made.append((arguments[1], generate(*arguments)))
        return made[-1][1]

    monkeypatch.setattr(feel_compiled, "generate", noted)
    monkeypatch.setattr(compiling, "_compiled", compiling._compiled._function)
    # as a document of its own: one that was loaded before is remembered
    plan_of(ruleset_in(read_document(path)))
    assert made
    assert [text for text, function in made if function is None] == []


@pytest.mark.parametrize("path", RULESETS, ids=name)
def test_every_ruleset_loads_under_the_reference_its_place_gives(path: Path):
    place = path.relative_to(ROOT).with_suffix("").as_posix()
    ruleset = load_ruleset(path)
    assert ruleset.reference == "@".join(place.rsplit("/", 1))
    assert load_ruleset(ruleset.reference) == ruleset


@pytest.mark.parametrize("path", RULESETS, ids=name)
def test_every_label_is_in_both_languages(path: Path):
    def monolingual(value: Any, at: str = ""):
        if isinstance(value, dict):
            if "zh" in value and "en" not in value:
                yield at
            for key, member in value.items():
                yield from monolingual(member, f"{at}/{key}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from monolingual(item, f"{at}/{index}")

    assert list(monolingual(read(path))) == []


def test_every_facts_file_has_its_expected_scores_beside_it():
    given = {path for path in ROOT.glob("*/*/cases/*/*.json") if not path.name.endswith(".expected.json")}
    assert given == set(FACTS) != set()


@pytest.mark.parametrize("path", EXACT, ids=name)
def test_a_case_scores_as_worked_out_by_hand(path: Path):
    expected, result = read(path), scored(path)
    assert {leaf.id: leaf.awarded for leaf in result.trace.leaves} == expected["indicators"]
    assert {leaf.id: leaf.outcome for leaf in result.trace.leaves if leaf.outcome != "scored"} == expected["outcomes"]
    assert (result.total, result.grade.id) == (expected["total"], expected["grade"])


@pytest.mark.parametrize("path", EXACT, ids=name)
def test_the_working_of_a_case_comes_to_what_it_expects(path: Path):
    """No engine here: the sums as written, on fractions, each rounded once as the notice says."""
    expected, rounding = read(path), ruleset_of(path).rounding
    worked = dict(expected["worked"])
    total = worked.pop("total", None)
    assert list(worked) == list(expected["indicators"]) == [leaf.id for leaf in leaves(ruleset_of(path).indicators)]
    for leaf, working in worked.items():
        sums, result = working.split(";")[0].split(" = ")
        assert to(arithmetic(sums), rounding.leaf, rounding.mode) == Decimal(result) == expected["indicators"][leaf], (
            leaf
        )
    points = sum(expected["indicators"].values())
    if total is None:
        assert points == expected["total"]
        return
    # what is scaled, or stands beside the sheet, begins with the points of the sheet
    sums, result = total.split(" = ")
    assert Decimal(re.search(r"[0-9.]+", sums.removeprefix("max(0, "))[0]) == points
    assert to(arithmetic(sums), rounding.total, rounding.mode) == Decimal(result) == expected["total"]


def to(value: Fraction, digits: int, mode: str) -> Decimal:
    scaled = value * 10**digits + {"half up": Fraction(1, 2), "down": Fraction(0)}[mode]
    return Decimal(scaled.__floor__()) / 10**digits


def arithmetic(text: str) -> Fraction:
    """The value of a sum written with + - x / and min, max."""
    binary = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(source, node))
            case ast.UnaryOp(ast.USub(), inner):
                return -value(inner)
            case ast.BinOp(left, op, right):
                return binary[type(op)](value(left), value(right))
            case ast.Call(ast.Name("min"), arguments):
                return min(map(value, arguments))
            case ast.Call(ast.Name("max"), arguments):
                return max(map(value, arguments))
        raise ValueError(ast.dump(node))

    source = text.replace(" x ", " * ")
    return value(ast.parse(source, mode="eval").body)


@pytest.mark.parametrize("path", RULESETS, ids=name)
def test_the_cases_take_every_path_of_every_leaf(path: Path):
    """Conditions met and failed, every kind of problem, every band, every way not to apply or to be undefined."""
    taken: dict[str, set[tuple[str, str | None]]] = {}
    for expected in EXACT:
        if expected.parent == path.parent / "cases" / path.stem:
            for leaf in scored(expected).trace.leaves:
                seen = taken.setdefault(leaf.id, set())
                seen.add(("outcome", leaf.outcome))
                seen.add(("full" if leaf.awarded == leaf.points else "short", None))
                seen.update(("lost", loss.part) for loss in leaf.losses if loss.part)
                if leaf.outcome == "scored":
                    seen.add(("branch", leaf.branch))
                    seen.update(("kept", part.id) for part in leaf.parts if part.awarded == part.points)
    for leaf in leaves(load_ruleset(path).indicators):
        assert paths(leaf) <= taken[leaf.id], leaf.id
        if isinstance(leaf.method, Bands):
            branches = {branch for kind, branch in taken[leaf.id] if kind == "branch"}
            assert len(branches) == len(leaf.method.bands) + (leaf.method.otherwise is not None), leaf.id


def paths(leaf: Leaf) -> set[tuple[str, str | None]]:
    """What the cases of a leaf have to show, besides its bands."""
    wanted: set[tuple[str, str | None]] = {("outcome", "scored"), ("full", None), ("short", None)}
    if leaf.applies is not None:
        wanted.add(("outcome", {"exclude": "excluded"}.get(leaf.applies.otherwise, leaf.applies.otherwise)))
    if leaf.undefined is not None:
        wanted.add(("outcome", "undefined"))
    if isinstance(leaf.method, Checklist | Deductions):
        wanted.update(("lost", item.id) for item in leaf.method.items)
    if isinstance(leaf.method, Checklist):
        wanted.update(("kept", item.id) for item in leaf.method.items)
    return wanted


def test_every_case_comes_out_as_expected_whether_exact_or_an_interval():
    """What is not exact is the real report alone, of which its figures leave less certain than its statements."""
    (path,) = [path for path in EXPECTED if "bounds" in json.loads(path.read_text("utf-8"))]
    assert path == REAL.with_name("jiangmen-gov-services.expected.json")
    case = load_case(REAL, ruleset_of(path))
    assert run_case(ruleset_of(path), case).differences == ()
    said, figures = case.expected.bounds["assertion"], case.expected.bounds["figure"]
    assert figures.total[0] < said.total[0] < said.total[1] == figures.total[1] == 100


def test_the_real_department_taken_at_its_word_scores_what_it_claims():
    result = evaluate(load_ruleset(JIANGMEN), load_facts(at_its_word()))
    assert result.total == 100
    assert {leaf.id for leaf in result.trace.leaves if leaf.basis != "assertion"} == {"budget_constraint"}


def test_the_real_department_loses_by_its_figures_what_nobody_accepted():
    """Its funds spent 6746.91 of 17050.65, and three projects left over 10 %, whatever it declares."""
    document = at_its_word()
    for row in document["facts"]["adjustments"]["value"]:
        row["accepted"] = False
    trace = evaluate(load_ruleset(JIANGMEN), load_facts(document)).trace
    assert trace["fund_expenditure"].awarded == Decimal("3.96")
    assert trace["input_cost"].awarded == 4
    assert trace.total == Decimal("90.96")


PROJECT = ROOT / "mof/project-self-evaluation/cases/2020"


def test_a_published_project_scores_the_points_its_table_shows():
    """154.74 of 310.2 spent: the table rounds the rate to 50 % first, and so gives 5 points and not 4.99."""
    case = PROJECT / "published-execution-rate.expected.json"
    leaf = scored(case).trace["budget_execution"]
    given = read(case.with_name("published-execution-rate.json"))
    assert leaf.awarded == given["claims"]["indicators"]["budget_execution"] == 5
    assert given["facts"]["executed"]["value"] / given["facts"]["budget_initial"]["value"] < Decimal("0.499")


@pytest.mark.parametrize("lost", [-1, 1])
def test_the_points_of_a_projects_indicators_must_add_up_to_their_group(lost: int):
    document = read(PROJECT / "qingshi-road-maintenance.json")
    document["facts"]["targets"]["value"][0]["points"]["value"] += lost
    with pytest.raises(EvaluationError) as raised:
        evaluate(load_ruleset("mof/project-self-evaluation@2020"), load_facts(document))
    (problem,) = raised.value.problems
    assert problem.code == "undefined-value"
    assert "outputs" in problem.message.en
    assert f"add up to {50 + lost}" in problem.message.en


#: cases that stand on published tables: what the tables show, and what they should have shown
PUBLISHED = {
    "city/department-overall/cases/2019/published-roads": (36, 36, {}),
    "city/department-overall/cases/2019/published-losses": (Decimal("23.5"), None, {"staffing": Decimal("2.5"), "balance_control": 2, "three_public_control": 4}),
    "county/project-self-evaluation/cases/2019/published-school-heating": (98, 98, {"execution": 9, "targets": 89}),
    "county/river-chief/cases/2018/published-agriculture": (Decimal("92.5"), None, {"common": 37, "agriculture": Decimal("55.5")}),
    "district/budget-control/cases/2018/published-bureau": (Decimal("53.25"), None, {"carry_over": Decimal("14.25")}),
    "province/science-project/cases/2020/published-third": (Decimal("33.33"), None, {}),
    "sichuan/ppp-sewage-treatment/cases/2022/published-project": (Decimal("-4.5"), None, {"accident": 0}),
    # published wrong, as the cases say: 86 for rows that earn 89; 98 over rows of 94, with 9 for 64.8 of 64.8 spent; 0 for all spent
    "county/project-self-evaluation/cases/2022/published-school-meals": (99, 96, {"execution": 10, "targets": 89}),
    "city/project-self-evaluation/cases/2021/published-school-running-costs": (95, 98, {"decision": 10, "execution": 10, "outputs": 29, "benefits": 31}),
    "mof/project-self-evaluation/cases/2020/published-township-2022": (100, None, {"budget_execution": 10}),
}  # fmt: skip


@pytest.mark.parametrize("case", PUBLISHED)
def test_a_published_table_scores_what_it_shows_or_the_case_says_why_it_is_wrong(case: str):
    total, claimed, awards = PUBLISHED[case]
    expected = ROOT / f"{case}.expected.json"
    result, given = scored(expected), read(expected.with_name(f"{expected.name.split('.')[0]}.json"))
    assert result.total == total
    assert {id: result.trace[id].awarded for id in awards} == awards
    assert given.get("claims", {}).get("total") == claimed
    claims = given.get("claims", {}).get("indicators", {})
    wrong = {id for id, points in claims.items() if result.trace[id].awarded != points}
    agrees = claimed in (None, total) and not wrong
    assert agrees or "公布" in given["note"] or "自评 0 分" in given["note"]
    if case.endswith("running-costs"):
        assert sum(claims.values()) == 94 and wrong == {"execution"}


def test_the_draft_for_a_notice_not_yet_issued_says_so_and_keeps_the_years_before():
    draft, base = load_ruleset(JIANGMEN.with_name("2025.json")), load_ruleset(JIANGMEN)
    assert (draft.status, draft.points) == ("draft", base.points)
    assert draft.notice.number is None
    assert {leaf.id for leaf in leaves(draft.indicators)} == {leaf.id for leaf in leaves(base.indicators)} | {
        "procurement_execution"
    }


def test_no_criterion_of_another_year_is_called_stated():
    """Only the report for 2024 is at hand: nothing of 2023 is stated, nothing of 2025 but a formula of 2013."""
    for year, clauses in (("2023", set()), ("2025", {"财预〔2013〕53 号附件 2"})):
        ruleset = load_ruleset(JIANGMEN.with_name(f"{year}.json"))
        sources = [ruleset.listed, *(source for _, source in all_sources(ruleset))]
        assert {source.clause for source in sources if source.status == "stated"} == clauses
