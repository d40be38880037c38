"""CSV in any encoding and with any separator is the same rows, or one error."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jmrules.tables import TableError, lines, open_table

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "utf-32"]
HEADS = ["部门", "年初预算", "支出\n（万元）"]
#: characters that GBK has too
CELLS = st.text(st.sampled_from("教育局财政0123456789.,;|\t\"' \n%／，abc"), max_size=12)


def write(file, rows, encoding="utf-8", separator=",", end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))
    return file


def read(file, **options):
    layout = open_table(file, "csv", wanted=frozenset(("部门", "年初预算", "支出")), **options)
    return [head.name for head in layout.heads], [(row.number, row.cells) for row in lines(layout)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.sampled_from(ENCODINGS), st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_encodings_and_separators_change_nothing(tmp_path, rows, encoding, separator, end):
    # the first column says that it is a row of data
    rows = [[f"局{number}", *cells] for number, cells in enumerate(rows)]
    file = write(tmp_path / "in.csv", [["部门", "年初预算", "支出\n（万元）", "备注"], *rows], encoding, separator, end)
    heads, found = read(file)
    assert heads == ["部门", "年初预算", "支出 （万元）", "备注"]
    assert found == [(number, [cell.strip() or None for cell in row]) for number, row in enumerate(rows, 2)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_declared_error(tmp_path, content):
    (tmp_path / "in.csv").write_bytes(content)
    try:
        read(tmp_path / "in.csv")
    except TableError as error:
        assert all(problem.message.zh and problem.message.en for problem in error.problems)


def test_blank_rows_count_and_are_skipped_wherever_they_are(tmp_path):
    file = write(
        tmp_path / "in.csv", [[], ["", ""], ["部门", "年初预算"], ["", ""], ["甲局", "1"], [], ["乙局", "2"], ["", ""]]
    )
    assert read(file)[1] == [(5, ["甲局", "1"]), (7, ["乙局", "2"])]


def test_a_long_first_row_and_a_long_cell(tmp_path):
    heads = ["部门", "年初预算", *(f"列{number}" * 20 for number in range(3000))]
    file = write(tmp_path / "in.csv", [heads, ["甲局", "1", "x" * 200_000]])
    assert read(file)[1][0][1][:2] == ["甲局", "1"]


def test_short_rows_end_empty_and_long_ones_are_not_to_be_trusted(tmp_path):
    (tmp_path / "in.csv").write_text("部门,年初预算,支出\n甲局,1\n乙局,21,573.15,3\n丙局,1,2,,\n", "utf-8")
    _, found = read(tmp_path / "in.csv")
    assert found[0][1] == ["甲局", "1", None]
    assert all(cell.startswith("\x00ragged") for cell in found[1][1])
    assert found[2][1] == ["丙局", "1", "2"]


def test_excel_says_the_separator_in_the_first_line(tmp_path):
    (tmp_path / "in.csv").write_text("sep=;\n部门;年初预算\n甲局;1\n", "utf-8")
    assert read(tmp_path / "in.csv") == (["部门", "年初预算"], [(3, ["甲局", "1"])])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", ".xlsx"),
        (b'a,b\n"x,1\n', "quotes"),
        ("部门,预算\n".encode() + b"\xff\xff\xff", "UTF-8"),
    ],
)
def test_files_that_are_no_table_of_text(tmp_path, content, word):
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(TableError) as caught:
        read(tmp_path / "in.csv")
    assert word in caught.value.say("en")
