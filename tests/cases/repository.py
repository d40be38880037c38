"""A ruleset repository in a folder: one ruleset with two cases, and what may be wrong with it."""

import json
from decimal import Decimal

from cases.sheets import METHODS, facts_document, ruleset_document

YEAR = "somewhere/department-overall/2024.json"
CASES = "somewhere/department-overall/cases/2024"

EXPECTED = {
    "half": {"total": 5, "grade": "fail", "indicators": {"leaf": 5}},
    "all": {"total": 10, "grade": "pass", "indicators": {"leaf": 10}, "losses": {"leaf": []}},
}
FACTS = {"half": {"x": 0.5}, "all": {"x": 2}}


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, default=_number), encoding="utf-8")


def _number(value):
    assert isinstance(value, Decimal)
    return float(value)


def repository(folder, **changed):
    """Write the repository; ``changed`` holds members of the expected scores of ``half``, None to leave one out."""
    declared, method, _ = METHODS["ratio"]
    write(folder / YEAR, ruleset_document(declared, method))
    expected = {name: value for name, value in {**EXPECTED["half"], **changed}.items() if value is not None}
    for name, scores in {**EXPECTED, "half": expected}.items():
        write(folder / CASES / f"{name}.json", facts_document(FACTS[name]))
        write(folder / CASES / f"{name}.expected.json", scores)
    return folder / YEAR
