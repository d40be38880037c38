"""Reading JSON: exact numbers, places that are right, and one clear problem for everything doubtful."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.documents import canonical, document_of, parse, pretty, read
from jmrules.documents.positions import locate, pointer_of
from jmrules.errors import DocumentError, Place

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(
    min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=6
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def at(value, path):
    for step in path:
        value = value[step]
    return value


def paths(value, path=()):
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


@given(VALUES, st.integers(1, 80))
def test_what_is_written_is_read_back_the_same(value, width):
    assert parse(pretty(value, width)).value == value
    assert parse(canonical(value)).value == value


def turned(value):
    """The same value with the members of every object in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(item) for name, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


@given(VALUES)
def test_the_canonical_text_does_not_depend_on_the_order_of_members(value):
    assert canonical(turned(value)) == canonical(value)


def test_numbers_have_one_canonical_text():
    assert canonical([Decimal("2.50"), Decimal("2.5"), Decimal("1E2"), 100, Decimal("-0.0")]) == "[2.5,2.5,100,100,0]"


def test_members_are_ordered_as_rfc_8785_orders_them():
    # By UTF-16 code units: U+1F600 is written with a surrogate below U+FB33.
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'


@given(VALUES)
def test_every_value_has_its_place(value):
    text = pretty(value, width=10)
    positions = locate(text)
    for path in paths(value):
        offset = positions.values[pointer_of(path)]
        found, _ = json.JSONDecoder(parse_float=Decimal).raw_decode(text, offset)
        assert found == at(value, path)
        line, column = positions.line_column(offset)
        assert text.split("\n")[line - 1][column - 1] == text[offset]


def test_a_place_inside_a_string_follows_into_the_text():
    document = parse('{\n  "when": "a + b"\n}', "x.json")
    assert document.place("/when", within=2) == Place("x.json", "/when", 2, 14)
    assert document.place("/when", of_key=True) == Place("x.json", "/when", 2, 3)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "empty-document", None, None),
        ("  \n ", "empty-document", None, None),
        ('{"a": 1,\n "b" 2}', "json-syntax", 2, 6),
        ('{"a": 1} x', "json-syntax", 1, 10),
        ('{"a": "b', "json-syntax", 1, 7),
        ('{"a": 1,\n "a": 2}', "duplicate-member", 2, 2),
        ('{"a": NaN}', "bad-number", 1, 7),
        ('{"a": [1, -Infinity]}', "bad-number", 1, 11),
        ('{"a": 1e999999999}', "bad-number", 1, 7),
        ('{"a": 1.00000000000000000000000000000000001}', "bad-number", 1, 7),
        ('{"a": 123456789012345678901234567890123456}', "bad-number", 1, 7),
        ('{"a": "\\ud800"}', "lone-surrogate", 1, 7),
        ("[" * 1000 + "]" * 1000, "nested-too-deep", 1, 101),
        ("[" * 1000, "nested-too-deep", 1, 101),
    ],
)
def test_each_doubtful_text_is_one_problem_with_a_place(text, code, line, column):
    with pytest.raises(DocumentError) as caught:
        parse(text, "x.json")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    assert problem.place.file == "x.json"
    assert problem.message.zh and problem.message.en and problem.hint and problem.hint.en


def test_all_doubtful_numbers_and_members_are_told_at_once():
    with pytest.raises(DocumentError) as caught:
        parse('{"a": NaN, "a": 1e7000, "b": {"c": 1, "c": 2}}')
    assert [problem.code for problem in caught.value.problems] == [
        "duplicate-member", "duplicate-member", "bad-number", "bad-number",
    ]  # fmt: skip


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "gbk.json").write_bytes('{"a":\n "江门"}'.encode("gbk"))
    for path, code in (
        (tmp_path, "is-directory"),
        (tmp_path / "missing.json", "no-such-file"),
        (tmp_path / "gbk.json", "not-utf-8"),
        ("a\0b", "unreadable-file"),
    ):
        with pytest.raises(DocumentError) as caught:
            read(path)
        assert [problem.code for problem in caught.value.problems] == [code]


def test_a_byte_order_mark_is_accepted(tmp_path):
    (tmp_path / "bom.json").write_bytes(b'\xef\xbb\xbf{"a": 2.50}')
    assert read(tmp_path / "bom.json").value == {"a": Decimal("2.50")}


def test_a_float_means_its_shortest_decimal():
    assert document_of({"a": 0.1, "b": [1e-7]}).value == {"a": Decimal("0.1"), "b": [Decimal("1E-7")]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: 2}, object(), {"a": {3}}, Decimal("NaN"), 10**40])
def test_what_has_no_json_form_is_refused(value):
    with pytest.raises(DocumentError):
        document_of({"a": value})


def test_a_deep_value_is_refused_without_recursing_to_death():
    value: list = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(DocumentError):
        document_of(value)
