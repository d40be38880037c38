"""JSON Schema on exact numbers, and its words."""

import json
from decimal import Decimal

import jsonschema
import pytest

import jmrules.feel  # noqa: F401  without it nobody checks expressions
from jmrules.documents import check, parse
from jmrules.documents.schema import _Validator, schema_text

NAMES = ("ruleset", "facts", "trace")


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_json_schemas(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ({"type": "integer"}, 2, True),
        ({"type": "integer"}, Decimal("2.0"), False),
        ({"type": "number"}, Decimal("2.0"), True),
        ({"type": "integer"}, True, False),
        ({"multipleOf": Decimal("0.1")}, Decimal("0.3"), True),
        ({"multipleOf": Decimal("0.1")}, Decimal("0.35"), False),
        ({"multipleOf": Decimal("0.01")}, Decimal("1E+6000"), True),
        ({"multipleOf": 3}, Decimal("1234567890123456789012345678901233"), True),
        ({"minimum": Decimal("0.1")}, Decimal("0.1"), True),
        ({"exclusiveMinimum": 0}, Decimal("1E-6000"), True),
    ],
)
def test_decimals_are_checked_exactly(schema, value, valid):
    assert _Validator(schema).is_valid(value) is valid


def problems_of(text, name="ruleset"):
    return check(parse(text), name)


def test_every_problem_is_told_with_its_place_in_document_order():
    found = problems_of('{"id": "UPPER",\n "fiscal_year": "2024",\n "revison": "1.0.0"}')
    assert [(problem.place.line, problem.place.pointer) for problem in found][1:] == [
        (1, "/id"),
        (2, "/fiscal_year"),
        (3, "/revison"),
    ]
    assert found[0].code == "schema-required"
    assert found[-1].hint.en == "did you mean 'revision'?"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ('"rounding": {"leaf": 2.0, "total": 2}', "schema-type"),
        ('"rounding": {"leaf": 7, "total": 2}', "schema-maximum"),
        ('"rounding": {"leaf": 2, "total": 2, "mode": "half-up"}', "schema-enum"),
        ('"grades": []', "schema-min-items"),
        ('"facts": {"Bad": {"type": "number", "label": {"zh": "x"}}}', "bad-name"),
        ('"facts": {"a": {"type": "number", "label": {"zh": "x"}, "item": {}}}', "unknown-member"),
        ('"notice": {"issuer": {"zh": "x"}, "issued": "2024-02-30"}', "schema-format"),
        ('"derived": {"d": {"value": "1 +", "label": {"zh": "x"}}}', "feel-syntax"),
    ],
)
def test_each_kind_of_problem_has_words_in_both_languages(part, code):
    found = [problem for problem in problems_of("{" + part + "}") if problem.code != "schema-required"]
    assert code in [problem.code for problem in found]
    for problem in found:
        assert problem.message.zh and problem.message.en
        assert problem.place.line == 1


def test_a_feel_error_points_into_the_expression():
    text = '{"derived": {"d": {"value": "1 + + * 2", "label": {"zh": "x"}}}}'
    (found,) = [problem for problem in problems_of(text) if problem.code.startswith("feel")]
    assert text[found.place.column - 1 :].startswith("+ * 2")


def test_what_a_method_lacks_is_told_of_that_method_alone():
    leaf = '{"id": "a", "label": {"zh": "x"}, "points": 1, "method": {"kind": "steps", "value": "v"}, "source": {"status": "stated", "clause": "x"}}'
    found = [
        problem
        for problem in problems_of('{"indicators": [' + leaf + "]}")
        if "/method" in (problem.place.pointer or "")
    ]
    (only,) = found
    assert only.code == "schema-required"
    assert only.message.en == "bound, direction, step, loss, partial is missing"


def test_a_worth_is_a_share_or_points_and_not_both():
    band = '{"in": "-", "share": 1, "points": 2}'
    leaf = (
        '{"id": "a", "label": {"zh": "x"}, "points": 2, "method": {"kind": "bands", "value": "v", "bands": ['
        + band
        + "]}, "
    )
    leaf += '"source": {"status": "stated", "clause": "x"}}'
    found = [
        problem
        for problem in problems_of('{"indicators": [' + leaf + "]}")
        if "/bands" in (problem.place.pointer or "")
    ]
    assert [problem.message.en for problem in found] == ["exactly one of these must be given: share, points"]


def test_a_hint_is_in_the_language_asked_for():
    text = '{"ruleset": 7, "fiscal_year": 2024, "subject": {"name": "a"}, "facts": {"x": {"between": 3}}}'
    first, second = problems_of(text, "facts")
    assert first.hint.zh == "评分办法的编号，年度由 fiscal_year 决定。"
    assert first.hint.en == "Ruleset id; the fiscal year picks its year."
    assert second.hint.zh == "可能的最小值和最大值。" and second.hint.en == "Least and greatest value it can have."


@pytest.mark.parametrize("name", ["facts", "expected", "adjudication", "events"])
def test_what_people_fill_in_is_described_in_both_languages(name):
    from jmrules.documents.schema import _in_each

    said = list(descriptions(json.loads(schema_text(name))))
    assert said
    for each in map(_in_each, said):
        assert each.zh != each.en and any("\u4e00" <= sign <= "\u9fff" for sign in each.zh)


def descriptions(schema):
    if isinstance(schema, dict):
        yield from (part for name, part in schema.items() if name == "description" and isinstance(part, str))
        for part in schema.values():
            yield from descriptions(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from descriptions(part)
