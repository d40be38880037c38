"""jsonschema-rs only ever says what jsonschema would: that a document has no problem."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.documents import check, document_of, parse, read
from jmrules.documents.schema import accepts
from jmrules.frozen import thawed

ROOT = Path(__file__).parents[2] / "rulesets"
DOCUMENTS = [
    (read(ROOT / "jiangmen/department-overall/cases/2024/yunxi-housing.json"), "facts"),
    (read(ROOT / "mof/project-self-evaluation/2020.json"), "ruleset"),
]
#: what somebody may write where something else is meant
SLIPS = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        2024,
        "",
        "x",
        "10",
        "2024-02-30",
        "20240101",
        ">= 1 and",
        "\ud800",
        [],
        {},
        [[]],
        [1, 1],
    ]
) | st.decimals(allow_nan=False, allow_infinity=False, places=1, min_value=-10, max_value=3000)


def _places(value, path=()):
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from _places(part, (*path, name))


def _with_slip(value, path, slip):
    changed = copy.deepcopy(thawed(value))
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if slip is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = slip
    return changed


@pytest.mark.parametrize(("document", "schema"), DOCUMENTS, ids=["facts", "ruleset"])
@given(data=st.data())
def test_what_is_accepted_quickly_has_no_problem(document, schema, data):
    places = [path for path in _places(document.value) if path]
    value = _with_slip(document.value, data.draw(st.sampled_from(places)), data.draw(SLIPS | st.just(...)))
    if accepts(value, schema):
        assert _slow_check(value, schema) == []


def _slow_check(value, schema):
    from jmrules.documents.schema import _validator

    return list(_validator(schema).iter_errors(value))


@pytest.mark.parametrize(("document", "schema"), DOCUMENTS, ids=["facts", "ruleset"])
def test_a_sound_document_is_accepted_quickly(document, schema):
    assert accepts(document.value, schema)


@pytest.mark.parametrize("year", ["2024.0", "2.024E3", "true", '"2024"'])
def test_a_whole_number_is_written_as_one(year):
    text = DOCUMENTS[0][0].text.replace('"fiscal_year": 2024', f'"fiscal_year": {year}')
    assert [problem.code for problem in check(parse(text), "facts")] == ["schema-type"]


def test_half_of_a_surrogate_pair_is_not_accepted():
    assert not accepts({"ruleset": "\ud800"}, "facts")


def test_a_document_of_python_values_is_accepted_as_its_text():
    document = DOCUMENTS[0][0]
    assert accepts(document_of(document.value).value, "facts")
