"""Reading JSON: exact numbers, places that are right, and one clear problem for everything doubtful."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.documents import canonical, document_of, parse, pretty, read
from jmrules.documents.positions import locate, pointer_of
from jmrules.errors import DocumentError, Place
from jmrules.feel import feel_value

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


SLIPS = [
    ('{“a”: 1}', 2, "“ stands here", 'write "'),
    ('{"a"：1}', 5, "： stands here", "write :"),
    ('{"a": 1，"b": 2}', 8, "， stands here", "write ,"),
    ('{"a": 1；"b": 2}', 8, "； stands here", "write ,"),
    ('{"a": 【1】}', 7, "【 stands here", "write ["),
    ('{"a": １２}', 7, "１ stands here", "write 1"),
    ('{"a": 12．5}', 9, "． stands here", "write ."),
    ('{"a": －5}', 7, "－ stands here", "write -"),
    ('{"a": "局”, "b": 1}', 9, "” stands here", 'write "'),
    ('{"a": "局”}', 9, "” stands here", 'write "'),
    ('{\u3000"a": 1}', 2, "an invisible character U+3000", "plain space"),
    ('{"a": 1}\0', 9, "an invisible character U+0000", "take it out"),
    ('{"a": 1} // 万元', 10, "no comments", "take the comment out"),
    ('{/* 万元 */ "a": 1}', 2, "no comments", "take the comment out"),
    ('# 万元\n{"a": 1}', 1, "no comments", "take the comment out"),
    ("{'a': 1}", 2, "single quotes", "double quotes"),
    ("{a: 1}", 2, "the member name a", 'write "a"'),
    ('{年初预算: 1}', 2, "the member name 年初预算", 'write "年初预算"'),
    ('{"a": True}', 7, "True is no value", "true, false or null"),
    ('{"a": None}', 7, "None is no value", "true, false or null"),
    ('{"a": .5}', 7, "the number is written .5", "a 0 before"),
    ('{"a": +5}', 7, "the number is written +5", "no plus sign"),
    ('{"a": 007}', 8, "a 0 too many", "a code in double quotes"),
    ('{"a": 21,573.15}', 10, "thousands", "commas"),
    ('{"a": 98%}', 9, "per cent", '"unit": "%"'),
    ('{"a": 98％}', 9, "％ stands here", "write %"),
    ('{"a": 1,}', 9, "no comma may follow the last item", "take this comma out"),
    ('[1, 2,]', 7, "no comma may follow the last item", "take this comma out"),
    ('{"a": "C:\\x"}', 10, "an escape", "written"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "words", "hint"), SLIPS)
def test_a_slip_is_told_by_its_name_at_its_place(text, column, words, hint):
    with pytest.raises(DocumentError) as caught:
        parse(text, "x.json")
    (problem,) = caught.value.problems
    assert problem.code == "json-syntax" and problem.hint
    assert words in problem.message.say("en") and hint in problem.hint.say("en")
    assert problem.place.column == column
    assert problem.message.zh.startswith("JSON 语法错误：") and problem.hint.zh


@given(st.text(st.sampled_from("{}[]\",:，“”：｛１２.0-+eE％%'/#aTrue\\ \n\ufeff\0"), max_size=16))
def test_any_text_is_read_or_is_one_declared_error(text):
    try:
        parse(text, "x.json")
    except DocumentError as error:
        for problem in error.problems:
            assert problem.message.zh and problem.message.en and problem.hint and problem.place.file == "x.json"


@pytest.mark.parametrize(
    "token", ["1e99999999999999999999", "-1e-99999999999999999999", "0e9999999999999999999", "1E+6145"]
)
def test_an_exponent_beyond_any_is_told_with_its_place(token):
    with pytest.raises(DocumentError) as caught:
        parse(f'{{"a": [1, {token}]}}')
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.pointer, problem.place.column) == ("bad-number", "/a/1", 11)


class _Loud(float):
    def __repr__(self):
        return "loud"


def test_numbers_of_other_libraries_are_the_decimals_they_show():
    numpy = pytest.importorskip("numpy")
    for given_number, exact in [
        (_Loud(2.5), "2.5"), (numpy.float64(0.1), "0.1"), (numpy.float32(0.1), "0.1"), (numpy.float16(0.1), "0.1"),
        (numpy.int64(3), "3"), (numpy.uint8(7), "7"), (numpy.longdouble("0.1"), "0.1"),
    ]:  # fmt: skip
        value = document_of({"a": [given_number]}).value["a"][0]
        assert value == Decimal(exact) and type(value) in (int, Decimal)
        assert type(feel_value(given_number)) is Decimal and feel_value(given_number) == Decimal(exact)
    assert document_of(numpy.bool_(True)).value is True


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "NaN is not a number"), (float("-inf"), "Infinity is not a number"),
        (Decimal("sNaN"), "sNaN is not a number"), (10**400, "beyond exact range"),
        (Decimal("1e7000"), "beyond exact range"), ({1: 2}, "must be text, not 1"), ("\ud800", "surrogate"),
        ({"\ud800": 1}, "surrogate"), (b"1", "this bytes"), ({1, 2}, "this set"), (1j, "this complex"),
    ],
)  # fmt: skip
def test_what_has_no_json_form_is_named(value, words):
    with pytest.raises(DocumentError, match=words):
        document_of(value)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("gb18030", "GBK"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-8-sig", None)],
)
def test_another_encoding_is_named(tmp_path, encoding, words):
    file = tmp_path / "x.json"
    file.write_bytes('{"subject": "教育局"}'.encode(encoding))
    if words is None:
        assert read(file).value == {"subject": "教育局"}
        return
    with pytest.raises(DocumentError) as caught:
        read(file)
    assert words in str(caught.value) and "UTF-8" in caught.value.say("zh")
