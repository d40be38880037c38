"""A ruleset loaded again is the one that was made already, until a byte of what it rests on changes."""

import json
import shutil

import pytest

from jmrules import load_ruleset
from jmrules.errors import JmrulesError
from jmrules.resources import shipped

PLACE = "jiangmen/department-overall"


@pytest.fixture
def folder(tmp_path):
    """The notice of 2024 and the overlay of 2023 in a folder that may be edited."""
    there = tmp_path / PLACE
    there.mkdir(parents=True)
    for year in (2023, 2024):
        shutil.copy(shipped("rulesets") / PLACE / f"{year}.json", there)
    return there


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nothing_changed_is_the_same_ruleset():
    assert load_ruleset(f"{PLACE}@2024") is load_ruleset(f"{PLACE}@2024")
    assert load_ruleset(f"{PLACE}@2023") is load_ruleset(f"{PLACE}@2023")


def test_a_changed_file_is_read_again_and_a_broken_one_refused(folder):
    path = folder / "2024.json"
    before = load_ruleset(path)
    edit(path, '"revision": "1.0.0"', '"revision": "9.9.9"')
    assert load_ruleset(path).revision == "9.9.9"
    assert before.revision == "1.0.0"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(JmrulesError):
        load_ruleset(path)


def test_an_overlay_rests_on_the_bytes_of_its_base(folder, tmp_path):
    overlay = json.loads((folder / "2023.json").read_text(encoding="utf-8"))
    overlay = {**overlay, "id": "here/department-overall", "extends": "here/base@2024"}
    base = tmp_path / "here" / "base" / "2024.json"
    own = tmp_path / "here" / "department-overall" / "2023.json"
    for path in (base, own):
        path.parent.mkdir(parents=True)
    notice = (folder / "2024.json").read_text(encoding="utf-8")
    base.write_text(notice.replace(f'"{PLACE}"', '"here/base"', 1), encoding="utf-8")
    own.write_text(json.dumps(overlay, ensure_ascii=False), encoding="utf-8")
    before = load_ruleset(own)
    assert load_ruleset(own) is before
    edit(base, '"en": "initial budget"', '"en": "budget of January"')
    after = load_ruleset(own)
    assert after.digest != before.digest
    assert {fact.label.en for fact in after.facts} >= {"budget of January"}
