"""Where rulesets are found, and which one a reference or a date means."""

import datetime
import json
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from jmrules import JmrulesError, RulesetError, load_facts, load_ruleset, ruleset_for_date
from jmrules.cli.common import ruleset_for
from jmrules.cli.main import app
from jmrules.ruleset import RulesetWarning, sources
from jmrules.ruleset.registry import entries, find, is_reference, summaries
from ruleset.test_overlays import BASE, ID, overlay, put


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two folders of rulesets."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    monkeypatch.setenv("JMRULES_PATH", f"{one}:{other}")
    return one, other


def code_of(act):
    with pytest.raises(RulesetError) as caught:
        act()
    (problem,) = caught.value.problems
    assert problem.message.en and problem.hint is not None
    return problem.code, problem.message.zh + problem.hint.zh


def test_references_and_years(two):
    one, other = two
    put(one, BASE)
    put(other, overlay())
    assert find(ID).fiscal_year == find(f"{ID}@latest").fiscal_year == 2025
    assert load_ruleset(f"{ID}@2024").revision == load_ruleset(f"{ID}@2024#1.0.0").revision == "1.0.0"
    assert [entry.fiscal_year for entry in entries() if entry.id == ID] == [2024, 2025]
    assert not is_reference("../x/y@2024") and not is_reference("x@2024") and not is_reference("a/b@24")


def test_what_is_not_there_is_told_with_what_is(two):
    put(two[0], BASE)
    assert code_of(lambda: find(f"{ID}@1999"))[0] == "no-such-year"
    assert "2024" in code_of(lambda: find(f"{ID}@1999"))[1]
    assert ID in code_of(lambda: find("somewhere/department-overal"))[1]
    assert "1.0.0" in code_of(lambda: find(f"{ID}@2024#2.0.0"))[1]
    assert code_of(lambda: find("nonsense"))[0] == "bad-reference"


def test_facts_of_a_year_without_ruleset_are_told_the_years_there_are(two):
    put(two[0], BASE)
    facts = load_facts({"ruleset": ID, "fiscal_year": 2030, "subject": {"name": "某"}, "facts": {}})
    code, said = code_of(lambda: ruleset_for(facts, None))
    assert code == "no-such-year" and "2024" in said


def test_two_sources_with_different_rulesets_of_one_year_are_an_error_that_names_both(two):
    one, other = two
    put(one, BASE)
    put(other, {**BASE, "revision": "1.1.0"})
    code, said = code_of(lambda: load_ruleset(f"{ID}@2024"))
    assert code == "rival-rulesets"
    assert str(one) in said and str(other) in said
    assert load_ruleset(f"{ID}@2024#1.1.0").revision == "1.1.0"
    assert [problem.code for problem in summaries()[1]] == ["rival-rulesets"]


def test_two_sources_with_the_same_ruleset_are_one(two):
    for folder in two:
        put(folder, BASE)
    assert load_ruleset(f"{ID}@2024").revision == "1.0.0"
    assert summaries()[1] == ()


def test_a_folder_may_amend_the_same_year_of_another(two):
    one, other = two
    put(one, BASE)
    put(other, overlay({"op": "set", "indicator": "z", "value": {"points": 5}}, fiscal_year=2024, revision="1.1.0"))
    assert load_ruleset(f"{ID}@2024#1.1.0").indicators[1].points == 5


def test_a_file_in_the_wrong_place_is_told_of(two):
    path = put(two[0], BASE)
    path.rename(path.with_name("2031.json"))
    code, said = code_of(lambda: load_ruleset(f"{ID}@2031"))
    assert code == "misplaced-ruleset" and "2024" in said
    assert [problem.code for problem in summaries()[1]] == ["misplaced-ruleset"]


def test_a_broken_file_is_told_of_and_the_others_are_listed(two):
    put(two[0], BASE)
    put(two[1], {**BASE, "fiscal_year": 2030, "title": 7})
    told, problems = summaries()
    assert [summary.entry.fiscal_year for summary in told if summary.entry.id == ID] == [2024]
    assert problems and all(problem.place.file.endswith("2030.json") for problem in problems)


def test_dates(two):
    put(two[0], BASE)
    put(two[0], overlay())
    put(two[0], overlay(fiscal_year=2026, effective={"from": "2025-12-01"}))

    def year(*date):
        return ruleset_for_date(ID, datetime.date(*date)).fiscal_year

    assert (year(2024, 3, 1), year(2024, 12, 31)) == (2024, 2024)
    assert (year(2025, 1, 1), year(2025, 11, 30)) == (2025, 2025)
    assert (year(2025, 12, 1), year(2040, 1, 1)) == (2026, 2026)
    code, said = code_of(lambda: ruleset_for_date(ID, datetime.date(2024, 2, 29)))
    assert code == "none-in-force" and "2024-03-01" in said
    assert code_of(lambda: ruleset_for_date("no/where", datetime.date(2024, 1, 1)))[0] == "no-such-ruleset"


def test_a_period_that_ends_before_it_starts_is_an_error():
    with pytest.raises(RulesetError) as caught:
        load_ruleset({**BASE, "effective": {"from": "2024-02-01", "until": "2024-01-31"}})
    assert [problem.code for problem in caught.value.problems] == ["ends-before-it-starts"]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a package that offers rulesets, and says what it is called."""
    monkeypatch.delenv("JMRULES_PATH", raising=False)
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])

    def install(name, package, *documents):
        about = site / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[jmrules.rulesets]\n{name} = {package}\n")
        for document in documents:
            put(site / package, document)
        sources._entry_points.cache_clear()

    yield install
    sources._entry_points.cache_clear()


def test_installed_packages_offer_rulesets_without_being_run(installed, tmp_path):
    installed("county-rules", "county_rules", BASE)
    (tmp_path / "site/county_rules/__init__.py").write_text("raise RuntimeError('run')")
    assert load_ruleset(f"{ID}@2024").fiscal_year == 2024
    (entry,) = [entry for entry in entries() if entry.id == ID]
    assert (entry.source.kind, entry.source.name) == ("package", "county-rules")


def test_two_packages_offering_the_same_year_are_an_error_that_names_both(installed):
    installed("county-rules", "county_rules", BASE)
    installed("city-rules", "city_rules", {**BASE, "revision": "2.0.0"})
    code, said = code_of(lambda: load_ruleset(f"{ID}@2024"))
    assert code == "rival-rulesets"
    assert "county-rules" in said and "city-rules" in said


SHIPPED = "mof/department-common-framework@2013"


@pytest.mark.parametrize(
    ("package", "made"),
    [
        ("county_rulez_missing", None),
        ("", None),
        (".up", None),
        ("broken_outside.inside", "raise RuntimeError('run')"),
        ("broken_outside.inside", "raise SystemExit(3)"),
        ("broken_outside.inside", "not python"),
    ],
)
def test_a_bad_package_is_a_warning_about_itself(installed, tmp_path, package, made):
    installed("county-rules", package)
    if made is not None:
        (tmp_path / "site/broken_outside").mkdir()
        (tmp_path / "site/broken_outside/__init__.py").write_text(made)
    with pytest.warns(RulesetWarning, match="county-rules") as told:
        assert SHIPPED in [entry.reference for entry in entries()]
    assert {warning.message.problem.code for warning in told} == {"no-such-package"}
    with pytest.warns(RulesetWarning):
        assert load_ruleset(SHIPPED).fiscal_year == 2013


def test_metadata_that_cannot_be_read_is_a_warning_about_itself(installed, tmp_path):
    installed("county-rules", "county_rules", BASE)
    about = tmp_path / "site/other-1.0.dist-info"
    about.mkdir()
    (about / "entry_points.txt").write_bytes(b"\xff\xfe[\x00")
    with pytest.warns(RulesetWarning, match="other-1.0"):
        assert load_ruleset(f"{ID}@2024").fiscal_year == 2024
    assert load_ruleset(SHIPPED).fiscal_year == 2013


@pytest.mark.parametrize("text", ["{oops", "", "[]", '"a"', "\x00", '{"id": 7}'])
def test_a_bad_neighbour_is_a_warning_about_itself(two, text):
    """A file beside those that are asked for, of the same notice: it is left out, and the others are there."""
    one, other = two
    put(one, {**BASE, "fiscal_year": 2023})
    put(other, BASE)
    bad = one / ID / "2024.json"
    bad.write_text(text)
    assert load_ruleset(f"{ID}@2023").fiscal_year == 2023
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert load_ruleset(f"{ID}@2024").source.file == str(other / ID / "2024.json")
    assert {warning.message.problem.place.file for warning in told} == {str(bad)}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert ruleset_for_date(ID, datetime.date(2024, 3, 1)).fiscal_year == 2024
        assert code_of(lambda: find(f"{ID}@2031"))[0] == "no-such-year"
    assert {warning.message.problem.place.file for warning in told} >= {str(bad)}
    assert SHIPPED in [summary.entry.reference for summary in summaries()[0]]


def test_a_file_that_is_asked_for_and_bad_is_an_error(two):
    (two[0] / ID).mkdir(parents=True)
    (two[0] / ID / "2024.json").write_text("{oops")
    with pytest.raises(JmrulesError) as caught:
        load_ruleset(f"{ID}@2024")
    assert caught.value.problems[0].place.line == 1


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_the_command_lists_what_there_is_and_where_from(two, monkeypatch):
    one, _ = two
    put(one, BASE)
    monkeypatch.delenv("JMRULES_PATH")
    listed = {entry["id"]: entry for entry in json.loads(run("rulesets", "--json", "--rulesets", str(one)).stdout)}
    entry = listed[ID]
    assert entry["from"] == {"kind": "folder", "name": str(one), "file": str(one / ID / "2024.json")}
    assert entry["digest"] == load_ruleset(one / ID / "2024.json").digest
    assert entry["effective"] == {"from": "2024-03-01", "until": "2025-02-28"}
    assert listed["jiangmen/department-overall"]["from"]["kind"] == "shipped"
    monkeypatch.setenv("COLUMNS", "300")
    shown = run("rulesets", "--lang", "en").stdout
    assert f"{ID}@2024#1.0.0" in shown and "Jiangmen Municipal Finance Bureau" in shown


def test_a_folder_that_is_not_there_is_told_of(monkeypatch, jmrules):
    for folder in ("/nowhere/at/all", "x" * 5000, "a\nb"):
        monkeypatch.setenv("JMRULES_PATH", "")
        said = run("rulesets", "--rulesets", folder, "--lang", "en")
        assert said.exit_code == 0 and "there is no folder of rulesets" in said.stderr and "mof/" in said.stdout
        monkeypatch.setenv("JMRULES_PATH", "")
        noted = json.loads(jmrules("show", SHIPPED, "--json", "--rulesets", folder).err)
        assert [note["code"] for note in noted["notes"]] == ["no-such-folder"]


def test_the_resolved_document_is_shown_with_the_file_of_each_line(two):
    one, _ = two
    base, child = put(one, BASE), put(one, overlay({"op": "set", "derived": "d", "value": {"value": "a / 4"}}))
    lines = run("show", f"{ID}@2025", "--resolved").stdout.splitlines()
    assert lines[:2] == [f"[1] {child}", f"[2] {base}"]
    stated = child.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if '"a / 4"' in line]
    assert '"a / 4"' in stated[int(line.split()[0].removeprefix("[1]:")) - 1]
    assert any(line.startswith("[2]:") and '"unit"' not in line and '"a"' in line for line in lines)
    whole = json.loads(run("show", f"{ID}@2025", "--json").stdout)
    assert load_ruleset(whole) == load_ruleset(f"{ID}@2025")


def test_a_ruleset_is_shown_in_words():
    shown = run("show", "jiangmen/department-overall@2024", "--lang", "en").stdout
    assert "mid-year addition ratio" in shown and "budget_constraint" in shown


def test_a_reference_is_never_a_path(tmp_path, monkeypatch):
    file = tmp_path / "mof/department-common-framework@2013"
    file.parent.mkdir()
    file.write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_ruleset("mof/department-common-framework@2013").fiscal_year == 2013


@given(text=st.text() | st.from_regex(r"[a-z/.@#0-9-]{0,30}", fullmatch=True) | st.just(__file__[1:]))
def test_text_that_is_no_path_opens_no_file(text):
    opened = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jmrules.ruleset.load.read_bytes", lambda path: opened.append(path) or b"{}")
        with pytest.raises(JmrulesError) as caught:
            load_ruleset(text)
    offered = {str(entry.path) for entry in entries()}
    assert all(str(path) in offered or text.startswith((".", "/")) for path in opened)
    assert caught.value.problems


@pytest.mark.parametrize("name", ["notice", "notice.json", "/etc/hostname", "../x", "http://a/b", "C:\\a"])
def test_facts_and_traces_name_no_file(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{name.strip('/').replace('/', '_')}@2024").write_text(json.dumps(BASE), encoding="utf-8")
    facts = load_facts({"ruleset": name, "fiscal_year": 2024, "subject": {"name": "某"}, "facts": {}})
    assert code_of(lambda: ruleset_for(facts, None))[0] == "bad-reference"


def test_a_command_takes_a_file_by_any_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notice.json").write_text(json.dumps(BASE), encoding="utf-8")
    (tmp_path / "notice").write_text(json.dumps(BASE), encoding="utf-8")
    for name in ("notice.json", "./notice.json", str(tmp_path / "notice.json"), "notice"):
        assert run("show", name).exit_code == 0
    assert load_ruleset("./notice.json") == load_ruleset(Path("notice.json"))
