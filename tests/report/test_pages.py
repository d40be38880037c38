"""A department as a page and as Markdown: every figure can be found, text stays text, the same bytes each time."""

from __future__ import annotations

import copy
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.cli import main
from jmrules.documents import document_of
from jmrules.errors import JmrulesError, Text
from jmrules.evaluation import evaluate
from jmrules.facts import facts_of, load_facts
from jmrules.formats import seen
from jmrules.report import (
    department_markdown,
    department_page,
    departments_page,
    drawing,
    html,
    listed_files,
    notice_document,
    scored,
    told,
)
from jmrules.report.html import page
from jmrules.ruleset import load_ruleset, ruleset_of
from report.pages import check

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"
REAL = CASES / "jiangmen-gov-services.json"
FULL = CASES / "yunxi-water.json"


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset("jiangmen/department-overall@2024")


@pytest.fixture(scope="module")
def real(ruleset):
    return scored(ruleset, load_facts(REAL))


@pytest.fixture(scope="module")
def full(ruleset):
    return scored(ruleset, load_facts(FULL))


def test_a_page_opens_to_every_figure_clause_and_place(ruleset, full):
    text = check(department_page(full)).text
    trace = evaluate(ruleset, full.facts).trace
    for leaf in trace.leaves:
        assert leaf.label.zh in text and leaf.label.say("en") in text
        assert leaf.explanation.zh in text and leaf.explanation.say("en") in text
        for loss in leaf.losses:
            assert loss.reason.zh in text
        assert (leaf.source.clause if leaf.source.ground is None else leaf.source.ground.zh) in text
        for given_ in leaf.inputs:
            assert given_.label.zh in text
            for place in given_.evidence:
                assert (place.section or "") in text
    for finding in trace.findings:
        assert finding.message.zh in text


def test_what_is_not_known_shows_intervals_and_no_figure_that_nobody_gave(real):
    text = check(department_page(real)).text
    assert "38.96–100.00" in text and "2.00–100.00" in text and "100.00" in text
    for line in told(real).leaves:
        if line.open:
            assert line.detail.explanation is None and line.detail.depends and not line.detail.losses
        else:
            assert (line.detail.explanation is None) == bool(line.detail.depends)
    assert "取决于未知的" in text and "先补充这些" in text
    # each matter but for what agrees stands before the sheet
    first, _, _ = text.partition("得分明细")
    for matter in real.review.matters:
        assert matter.label.zh in first


def test_losses_and_matters_stand_before_the_sheet_the_greatest_first(full):
    lines = told(full).lost
    assert [line.loss for line in lines] == sorted((line.loss for line in lines), reverse=True)
    assert sum(line.loss for line in lines) == Decimal(100) - full.evaluation.total
    text = check(department_page(full)).text
    assert text.index("扣分") < text.index("得分明细") and text.index("相互矛盾") < text.index("得分明细")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_in_one_file_and_the_same_input_gives_the_same_bytes(full, language):
    made = department_page(full, language)
    assert made == department_page(scored(full.ruleset, load_facts(FULL)), language)
    assert made != department_page(full, "en" if language == "zh" else "zh")
    page_ = check(made)
    checked = [attrs["id"] for tag, attrs in page_.elements if tag == "input" and "checked" in attrs]
    assert checked == [f"lang-{language}"]
    assert "评分标准" in page_.text and "Criterion" in page_.text


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><script>",
    "\u202etxt.exe\u202c",
    "{{ 7 * 7 }}{% raw %}",
    "a|b `c` *d* [e](javascript:alert(1)) # f",
    "长" * 300,
    "Ω\x07\x1b[31m",
)


def with_texts(text: str):
    document = json.loads(FULL.read_text("utf-8"), parse_float=Decimal)
    document["subject"] = {"name": text}
    next(iter(document["documents"].values()))["title"] = text
    document["facts"]["projects"]["value"][0]["name"] = text
    document["claims"]["grade"] = text[:40]
    document["note"] = text
    return document


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(ruleset, text):
    made = scored(ruleset, facts_of(document_of(with_texts(text))))
    found = check(department_page(made))
    assert seen(text) in found.text
    assert "\u202e" not in found.text
    lines = department_markdown(made).decode().split("\n")
    assert lines[0].startswith("# ") and "<" not in "".join(lines)
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("| ")}
    assert widths <= {3, 7, 8, 9}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40), st.text(max_size=20))
def test_any_text_is_shown_and_none_of_it_is_markup(zh, en):
    text = Text(zh, en)
    data = page("departments.html", text, "zh", rows=[], charts=[])
    found = check(data)
    assert "".join(seen(zh).split()) in "".join(found.text.split())


def widened(ruleset, count: int):
    """A ruleset with so many indicators, each with a long name."""
    document = copy.deepcopy(json.loads(ruleset.to_json(), parse_float=Decimal))
    leaf = {
        "points": Decimal("0.2"),
        "method": {"kind": "ratio", "value": "outturn / budget_initial"},
        "source": {"clause": "一", "status": "stated"},
    }
    document["indicators"] = [
        {**leaf, "id": f"i{number}", "label": {"zh": f"{number}" + "长" * 300, "en": f"{number} " + "long " * 60}}
        for number in range(count)
    ]
    for name in ("rules", "signals", "checks", "monitoring", "derived", "constraints", "extends", "changes"):
        document.pop(name, None)
    document["id"], document["points"] = "test/wide", Decimal("0.2") * count
    return ruleset_of(document_of(document))


def test_five_hundred_indicators_with_long_names_stay_legible(ruleset):
    wide = widened(ruleset, 500)
    document = json.loads(FULL.read_text("utf-8"), parse_float=Decimal)
    document["ruleset"], document["claims"] = "test/wide", {"indicators": {"i3": Decimal("0.2")}}
    made = scored(wide, facts_of(document_of(document)))
    found = check(department_page(made))
    assert sum(tag == "details" and (attrs.get("id") or "").startswith("i-") for tag, attrs in found.elements) == 500
    assert "460" in found.text  # indicators that the chart does not draw are counted


def test_no_projects_at_all(ruleset):
    document = json.loads(FULL.read_text("utf-8"), parse_float=Decimal)
    document["facts"]["projects"] = []
    check(department_page(scored(ruleset, facts_of(document_of(document)))))


def test_many_departments_stand_with_the_doubtful_first_and_a_broken_file_says_why(ruleset, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"ruleset": "x"}', "utf-8")
    files = [str(FULL), str(REAL), str(CASES / "yunxi-sports.json"), str(broken)]
    made = listed_files(files, lambda _: ruleset)
    found = check(departments_page(made))
    assert "broken.json" in found.text and "不能打分" in found.text
    names = [row.subject for row, of_it in made if of_it is not None]
    places = [found.text.index(name) for name in names]
    assert places == sorted(places)


def test_the_command_writes_what_the_ending_says(tmp_path, monkeypatch, capsys):
    for ending, start in ((".html", b"<!doctype html>"), (".md", b"# "), (".xlsx", b"PK")):
        target = tmp_path / f"a{ending}"
        monkeypatch.setattr("sys.argv", ["jmrules", "report", str(FULL), "-o", str(target)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code and target.read_bytes().startswith(start)
    monkeypatch.setattr("sys.argv", ["jmrules", "report", str(FULL), "-o", str(tmp_path / "a.doc")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2 and ".html" in capsys.readouterr().err


@pytest.mark.parametrize(("package", "write"), [("jinja2", "page"), ("vl_convert", "page"), ("docx", "word")])
def test_a_package_that_is_not_there_is_named_with_what_to_install(full, monkeypatch, package, write):
    html._environment.cache_clear()
    drawing._drawer.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(JmrulesError) as raised:
        department_page(full) if write == "page" else notice_document(full.ruleset)
    assert "jmrules[report]" in str(raised.value.problems[0].hint.zh)
    monkeypatch.undo()
    html._environment.cache_clear()
    drawing._drawer.cache_clear()
