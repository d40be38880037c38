"""Every wrong input: one clear error in the reader's language, exit code 2, no traceback."""

import copy
import json
from decimal import Decimal

import pytest

from jmrules.documents import parse, pretty

RULESET = {
    "id": "somewhere/department-overall",
    "fiscal_year": 2024,
    "revision": "1.0.0",
    "status": "official",
    "title": {"zh": "某地部门整体"},
    "notice": {"issuer": {"zh": "某地财政局"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "good", "label": {"zh": "良"}, "in": ">= 5"}, {"id": "poor", "label": {"zh": "差"}, "in": "< 5"}],
    "facts": {
        "budget": {
            "type": "number",
            "unit": "CNY_10k",
            "in": "> 0",
            "label": {"zh": "年初预算", "en": "initial budget"},
        },
        "spent": {"type": "number", "unit": "CNY_10k", "in": ">= 0", "label": {"zh": "决算支出", "en": "outturn"}},
        "visits": {"type": "number", "decimals": 0, "optional": True, "label": {"zh": "次数", "en": "visits"}},
    },
    "derived": {
        "rate": {"value": "spent / budget", "unit": "ratio", "label": {"zh": "支出率", "en": "execution rate"}}
    },
    "indicators": [
        {
            "id": "group",
            "label": {"zh": "预算执行"},
            "points": 10,
            "children": [
                {
                    "id": "execution",
                    "label": {"zh": "支出率", "en": "execution"},
                    "points": 10,
                    "method": {
                        "kind": "bands",
                        "value": "rate",
                        "bands": [
                            {"in": ">= 0.9", "share": 1},
                            {"in": "[0.5..0.9)", "share": 0.5},
                            {"in": "< 0.5", "share": 0},
                        ],
                    },
                    "source": {"status": "stated", "clause": "三"},
                }
            ],
        }
    ],
}
FACTS = {
    "ruleset": "somewhere/department-overall",
    "fiscal_year": 2024,
    "subject": {"name": "某局"},
    "facts": {"budget": {"value": 100, "basis": "figure"}, "spent": 95.5},
}
LEAF = ("indicators", 0, "children", 0)


def changed(document, path, value):
    """A copy with one part replaced, or removed where ``value`` is ``...``."""
    result = copy.deepcopy(document)
    inner = result
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return result


@pytest.fixture
def files(tmp_path):
    def write(ruleset=RULESET, facts=FACTS):
        for name, document in (("ruleset.json", ruleset), ("facts.json", facts)):
            text = document if isinstance(document, str) else pretty(parse(json.dumps(document), None).value, 100)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / "facts.json", tmp_path / "ruleset.json"

    return write


def test_the_untouched_documents_score(jmrules, files):
    facts, ruleset = files()
    ran = jmrules("score", facts, "--ruleset", ruleset, "--json")
    assert ran.code == 0 and ran.err == ""
    assert parse(ran.out).value["total"] == Decimal("10.00")


RULESETS = [
    (("revision",), ..., "/", "revision is missing"),
    (("colour",), 1, "/colour", "'colour' cannot stand here"),
    (("fiscal_year",), "2024", "/fiscal_year", "a whole number is expected"),
    (("grades", 1, "in"), "< 4", "/grades", "no grade covers totals [4..5)"),
    (("grades", 1, "in"), "<= 5", "/grades/1/in", "overlap in 5"),
    (("grades", 1, "in"), "< budget", "/grades/1/in", "only constants"),
    (("facts", "if"), {"type": "boolean", "label": {"zh": "x"}}, "/facts/if", "reserved word"),
    (("facts", "rate"), {"type": "boolean", "label": {"zh": "x"}}, "/derived/rate", "is already that of"),
    (("facts", "budget", "unit"), "wanyuan", "/facts/budget/unit", "unknown unit"),
    (("facts", "budget", "in"), '"a"', "/facts/budget/in", ""),
    (("derived", "rate", "value"), "spent / budgt", "/derived/rate/value", "did you mean budget"),
    (("derived", "rate", "value"), "spent / (budget", "/derived/rate/value", ""),
    (("derived", "rate", "value"), "决算支出 / budget", "/derived/rate/value", "write the identifier spent"),
    (("derived", "rate", "value"), "outturn / budget", "/derived/rate/value", "write the identifier spent"),
    (("derived", "rate", "value"), "scores.支出率.awarded", "/derived/rate/value", "write the identifier execution"),
    (("derived", "rate", "value"), "spent ÷ budget", "/derived/rate/value", "for ÷ write /"),
    (("derived", "rate", "value"), "spent / （budget）", "/derived/rate/value", "for （ write ("),
    (("derived", "rate", "value"), "max（spent，budget）", "/derived/rate/value", "for （ write ("),
    (("derived", "rate", "value"), "５ + spent", "/derived/rate/value", "for ５ write 5"),
    (("derived", "rate", "value"), "spent / 1,000", "/derived/rate/value", "without commas"),
    (("facts", "budget", "in"), "＞ 0", "/facts/budget/in", "for ＞ write >"),
    ((*LEAF, "method", "bands", 0, "in"), "≥ 0.9", "/indicators/0/children/0/method/bands/0/in", "for ≥ write >="),
    ((*LEAF, "method", "bands", 0, "in"), ">= 90％", "/indicators/0/children/0/method/bands/0/in", "10% is 0.10"),
    ((*LEAF, "method", "bands", 0, "in"), "＞= 0.9", "/indicators/0/children/0/method/bands/0/in", "for ＞ write >"),
    (("derived", "rate", "value"), 'spent + "1"', "/derived/rate/value", ""),
    (("derived", "rate", "value"), "rate + 1", "/derived/rate/value", "in a circle"),
    (("derived", "rate", "value"), "scores.execution.awarded", "/derived/rate/value", "in a circle"),
    (("derived", "rate", "value"), "spent > budget", "/indicators/0/children/0/method/value", "must yield a number"),
    (("indicators", 0, "points"), 11, "/indicators/0/points", "add up to 10"),
    ((*LEAF, "points"), 0.125, "/indicators/0/children/0/points", "more than the 2 decimals"),
    ((*LEAF, "method", "bands", 1, "in"), "[0.6..0.9)", "/indicators/0/children/0/method/bands", "no band covers [0.5..0.6)"),
    ((*LEAF, "method", "bands", 1, "in"), "[0.4..0.9)", "/indicators/0/children/0/method/bands/2/in", "overlaps band 2"),
    ((*LEAF, "method", "bands", 1, "in"), "< spent", "/indicators/0/children/0/method/bands/1/in", "constant range"),
    ((*LEAF, "method", "kind"), "band", "/indicators/0/children/0/method/kind", "did you mean 'bands'"),
    ((*LEAF, "method"), {"kind": "ratio", "value": "rate", "full_at": 0}, "/indicators/0/children/0/method", "the same number"),
    ((*LEAF, "applies"), {"when": "scores.group.awarded > 1", "otherwise": "full", "reason": {"zh": "x"}}, "/indicators/0/children/0/applies/when", "may not read scores"),
    ((*LEAF, "applies"), {"when": "spent > 1", "otherwise": "exclude", "to": ["nobody"], "reason": {"zh": "x"}}, "/indicators/0/children/0/applies/to/0", "no indicator 'nobody'"),
    ((*LEAF, "source"), {"status": "reconstructed", "ground": {"zh": "x"}, "confidence": "low"}, "/indicators/0/children/0/source", "reconstructed rule"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "pointer", "words"), RULESETS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_wrong_ruleset(jmrules, files, path, value, pointer, words, lang):
    facts, ruleset = files(ruleset=changed(RULESET, path, value))
    ran = jmrules("score", facts, "--ruleset", ruleset, lang=lang)
    assert ran.code == 2 and ran.out == ""
    assert f"{ruleset}:" in ran.err and "Traceback" not in ran.err
    if pointer != "/":
        assert f" {pointer}\n" in ran.err
    if lang == "en":
        assert words in ran.err
    else:
        assert any("\u4e00" <= char <= "\u9fff" for line in ran.err.splitlines() for char in line)


FACTS_WRONG = [
    (("facts", "spent"), ..., "“outturn” is missing"),
    (("facts", "spent"), "95", "must be a number"),
    (("facts", "spent"), -1, "outside what is allowed: ≥ 0"),
    (("facts", "spent"), None, "cannot be null"),
    (("facts", "spent"), {"between": [2, 1]}, "no value that the fact “"),
    (("facts", "spent"), {"value": 1, "unit": "%"}, "cannot be converted"),
    (("facts", "spent"), {"value": 1, "unit": "wanyuan"}, "unknown unit"),
    (("facts", "spent"), {"value": 1, "basis": "rumour"}, "is not one of the values allowed"),
    (("facts", "spent"), {"value": 1, "evidence": [{"document": "nowhere"}]}, "lists no 'nowhere'"),
    (("facts", "spend"), 1, "did you mean 'spent'"),
    (("facts", "次数"), 1, "'次数' is a label; write the identifier visits"),
    (("claims",), {"indicators": {"支出率": 1}}, "write the identifier execution"),
    (("facts", "visits"), 1.5, "must be a whole number"),
    (("fiscal_year",), 2023, "the ruleset is for 2024"),
    (("ruleset",), "elsewhere/department-overall", "these facts are for"),
    (("claims",), {"indicators": {"executoin": 1}}, "did you mean 'execution'"),
    (("subject",), ..., "subject is missing"),
]


@pytest.mark.parametrize(("path", "value", "words"), FACTS_WRONG)
@pytest.mark.parametrize("command", ["score", "explain", "validate"])
def test_wrong_facts(jmrules, files, path, value, words, command):
    facts, ruleset = files(facts=changed(FACTS, path, value))
    ran = jmrules(command, facts, "--ruleset", ruleset)
    assert ran.code == 2 and "Traceback" not in ran.err
    assert f"{facts}:" in ran.err
    assert words in ran.err


def test_all_problems_at_once(jmrules, files):
    wrong = changed(changed(FACTS, ("facts", "spent"), -1), ("facts", "budget"), ...)
    facts, ruleset = files(facts=changed(wrong, ("facts", "budgte"), 3))
    ran = jmrules("score", facts, "--ruleset", ruleset)
    # the fact that is misspelt is not missing as well
    assert ran.err.count("error ") == 2
    assert "2 problems" in ran.err and "did you mean 'budget'" in ran.err


def test_a_ruleset_that_is_not_there(jmrules, files):
    facts, _ = files()
    assert "there is no ruleset 'somewhere/department-overall'" in jmrules("score", facts).err
    assert "has no ruleset for 1999" in jmrules("score", facts, "--ruleset", "jiangmen/department-overall@1999").err
    assert "did you mean 'jiangmen/department-overall'" in jmrules("schema", "jiangmen/departments-overall@2024").err


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"a": 1, "a": 2}', "[" * 1000, '{"facts": NaN}', '{"x": 1e999999999}']
)
@pytest.mark.parametrize("command", ["score", "explain", "validate"])
def test_what_is_no_document(jmrules, tmp_path, text, command):
    (tmp_path / "x.json").write_text(text)
    ran = jmrules(command, tmp_path / "x.json")
    assert ran.code == 2 and ran.err and "Traceback" not in ran.err


def test_an_undefined_value_names_the_indicator_and_the_cause(jmrules, files):
    ruleset = changed(RULESET, ("derived", "rate", "value"), "spent / (budget - 100)")
    facts, ruleset = files(ruleset=ruleset)
    ran = jmrules("score", facts, "--ruleset", ruleset)
    assert ran.code == 2
    assert "“execution” is undefined" in ran.err and "zero" in ran.err


def test_an_indicator_that_is_not_there(jmrules, files):
    facts, ruleset = files()
    ran = jmrules("explain", facts, "executin", "--ruleset", ruleset)
    assert ran.code == 2 and "did you mean 'execution'" in ran.err


@pytest.mark.parametrize(
    "expression", ["day of year(today())", "if now() > now() then 1 else 0", "spent / budget + count([today()])"]
)
def test_a_score_may_not_rest_on_the_clock(jmrules, files, expression):
    facts, ruleset = files(ruleset=changed(RULESET, ("derived", "rate", "value"), expression))
    ran = jmrules("score", facts, "--ruleset", ruleset)
    assert ran.code == 2 and "differs from run to run" in ran.err


def test_a_document_of_another_kind_is_one_problem(jmrules, files):
    facts, ruleset = files()
    trace = facts.with_name("trace.json")
    trace.write_text(jmrules("score", facts, "--ruleset", ruleset, "--json").out, encoding="utf-8")
    for arguments, words in (
        (("score", facts, "--ruleset", facts), "this is a facts file; a ruleset is wanted here"),
        (("score", trace), "this is a score trace; a facts file is wanted here"),
        (("score", ruleset), "this is a ruleset; a facts file is wanted here"),
        (("schema", trace), "this is a score trace; a ruleset is wanted here"),
    ):
        ran = jmrules(*arguments)
        assert ran.code == 2 and words in ran.err and ran.err.count("error ") == 1


def test_a_basis_that_is_not_shown_is_pointed_out(jmrules, files):
    facts, ruleset = files()
    shown = jmrules("score", facts, "--ruleset", ruleset).out
    assert "a stronger basis is claimed than shown 1 time;" in shown and "says figure, counts as assertion" in shown
    placed = changed(FACTS, ("documents",), {"report": {"title": "x"}})
    placed = changed(placed, ("facts", "budget", "evidence"), [{"document": "report", "section": "1"}])
    facts, ruleset = files(facts=placed)
    assert "than shown" not in jmrules("score", facts, "--ruleset", ruleset).out


def test_points_that_are_not_a_hundred_are_said_and_the_total_is_shown(jmrules, files):
    _, ruleset = files()
    assert "add up to 10, not to 100" in jmrules("validate", ruleset).err
    assert "total 10" in jmrules("show", ruleset).out
    _, stated = files(ruleset={**RULESET, "points": 10})
    assert "not to 100" not in jmrules("validate", stated).err
