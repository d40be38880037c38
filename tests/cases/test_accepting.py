"""``jmrules test --accept``: what cases score is written as expected, marked, and listed until someone signs it."""

import json
import shutil
from pathlib import Path

import pytest

from jmrules import load_ruleset
from jmrules.cases.cases import load_cases
from jmrules.documents import check, read

SHIPPED = Path("rulesets/jiangmen/department-overall")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A notice with cases of which some have no expected scores: scored, unknown, and that cannot be scored."""
    monkeypatch.setenv("JMRULES_PATH", "")
    home = tmp_path / "rulesets/jiangmen/department-overall"
    shutil.copytree(SHIPPED / "cases/2024", home / "cases/2024")
    shutil.copy(SHIPPED / "2024.json", home)
    return home


NAMES = ("jiangmen-gov-services", "yunxi-contradictions", "yunxi-water")


def expected(place, name):
    return place / f"cases/2024/{name}.expected.json"


def test_what_cases_score_is_written_marked_and_listed_until_it_is_signed(jmrules, place):
    by_hand = {name: json.loads(expected(place, name).read_text("utf-8")) for name in NAMES}
    for name in NAMES:
        expected(place, name).unlink()
    file = place / "2024.json"
    assert jmrules("test", file).code == 2
    ran = jmrules("test", file, "--accept")
    assert ran.code == 0 and ran.out.count("wrote /") == 3 and "82.88 points, good" in ran.out, ran.err
    assert f"3 of the cases expect what --accept wrote, and nobody has checked it: {', '.join(NAMES)}" in ran.out
    for name in NAMES:
        assert check(read(expected(place, name)), "expected") == []
        written = json.loads(expected(place, name).read_text("utf-8"))
        assert written["accepted"]["ruleset"] == load_ruleset(file).digest and "worked" not in written
        for member in ("total", "grade", "errors"):
            assert written.get(member) == by_hand[name].get(member)
        for id, points in by_hand[name].get("indicators", {}).items():
            assert written["indicators"][id] == points
    assert load_cases(place / "cases/2024", load_ruleset(file))
    written["signed"] = {"by": "某某", "date": "2026-01-05"}
    expected(place, NAMES[2]).write_text(json.dumps(written), encoding="utf-8")
    again = jmrules("test", file, "--accept")
    assert "\nwrote " not in f"\n{again.out}" and "2 of the cases" in again.out
    report = json.loads(jmrules("test", file, "--json").out)
    assert report["rulesets"][0]["unsigned"] == [*NAMES[:2]]
    assert "由 --accept 写出，无人核对" in jmrules("test", file, lang="zh").out


def test_only_what_nobody_worked_out_or_signed_is_written_again(jmrules, place):
    file = place / "2024.json"
    for name in NAMES[1:]:
        expected(place, name).unlink()
    jmrules("test", file, "--accept")
    wrong = {}
    for name in ("yunxi-water", "yunxi-archives", "yunxi-health"):
        document = json.loads(expected(place, name).read_text("utf-8"))
        document["total"] = 1
        if name == "yunxi-health":
            document |= {"accepted": {}, "signed": {"by": "某某", "date": "2026-01-05"}}
        wrong[name] = json.dumps(document, ensure_ascii=False)
        expected(place, name).write_text(wrong[name], encoding="utf-8")
    ran = jmrules("test", file, "--accept")
    assert ran.code == 1 and ran.out.count("wrote /") == 1
    assert json.loads(expected(place, "yunxi-water").read_text("utf-8"))["total"] == 82.88
    for name in ("yunxi-archives", "yunxi-health"):
        assert expected(place, name).read_text("utf-8") == wrong[name]


def test_a_case_that_cannot_be_read_is_one_error_and_nothing_is_written_for_it(jmrules, place):
    bad = place / "cases/2024/bad.json"
    bad.write_text("{oops", encoding="utf-8")
    ran = jmrules("test", place / "2024.json", "--accept")
    assert ran.code == 2 and "bad.json:1:2" in ran.err and not expected(place, "bad").exists()
