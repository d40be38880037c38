"""What Excel and WPS store and show, read as it is meant; what is doubtful is a fault of its cell."""

import datetime
import re
import zipfile
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from jmrules.tables import TableError, lines, open_table
from jmrules.tables.excel import number_format


def book(file, *sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    yield made
    made.save(file)


def read(file, wanted=("部门", "预算"), **options):
    layout = open_table(file, "excel", wanted=frozenset(wanted), **options)
    return layout, [row.cells for row in lines(layout)]


def column(tmp_path, cells):
    """The texts of cells, each (value, number format)."""
    made = Workbook()
    made.active.append(["部门", "预算"])
    for number, (value, form) in enumerate(cells, 2):
        made.active.cell(number, 1, "局")
        made.active.cell(number, 2, value).number_format = form
    made.save(tmp_path / "in.xlsx")
    return [cells[1] for cells in read(tmp_path / "in.xlsx")[1]]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.98, "0%", "98%"), (0.29, "0.00%", "29%"), (98, '0"%"', "98%"), (1.1, '#,##0.00_);[Red]\\(#,##0.00\\)', "1.1"),
        (120.0, "General", "120"), (120, "000000", "000120"),
        (21573.15, '#,##0.00"万元"', "21573.15万元"), (datetime.date(2024, 6, 30), 'yyyy"年"m"月"d"日"', "2024-06-30"),
        (datetime.datetime(2024, 6, 30, 9, 5), "yyyy-mm-dd", "2024-06-30 09:05:00"), (True, "General", "TRUE"),
        ("007", "@", "007"), (1e-7, "General", "0.0000001"), (-0.5, "0%", "-50%"), (5, "G/通用格式", "5"),
    ],
)  # fmt: skip
def test_a_cell_is_what_it_shows(tmp_path, value, form, text):
    assert column(tmp_path, [(value, form)]) == [text]


@pytest.mark.parametrize(
    ("value", "form", "fault"),
    [
        ("=1+1", "General", "formula"),
        ("#N/A", "General", "error"),
        (12345, '0!.0,"万"', "scaled"),
        (12345, "0.0,", "scaled"),
    ],
)
def test_a_cell_that_has_no_text_to_trust(tmp_path, value, form, fault):
    (text,) = column(tmp_path, [(value, form)])
    assert text.startswith(f"\x00{fault}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_stored_double_is_its_shortest_decimal(value):
    from jmrules.tables.excel import _number

    for written in (repr(value), f"{value:.17g}"):
        assert D(_number(written, number_format("General"))) == D(repr(value))
        shown = _number(written, number_format("0.00%"))
        assert D(shown.removesuffix("%")) == D(repr(value)).scaleb(2)


def test_a_day_that_does_not_exist_and_one_counted_from_1904(tmp_path):
    (text,) = column(tmp_path, [(10**7, "yyyy-mm-dd")])
    assert text == "\x00date:10000000"
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    for row in (["部门", "预算"], ["局", datetime.date(2024, 6, 30)]):
        made.active.append(row)
    made.save(tmp_path / "in.xlsx")
    assert read(tmp_path / "in.xlsx")[1] == [["局", "2024-06-30"]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_rows_or_a_declared_error(tmp_path, data):
    made = Workbook()
    for row in (["部门", "预算"], ["局", 0.98], ["=1+1", datetime.date(2024, 6, 30)]):
        made.active.append(row)
    made.active["B2"].number_format = "0%"
    made.active.merge_cells("A5:B6")
    made.save(tmp_path / "in.xlsx")
    with zipfile.ZipFile(tmp_path / "in.xlsx") as old:
        parts = {name: bytearray(old.read(name)) for name in old.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(parts[name]) - 1))
        parts[name][at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"9", b'"', b"-", b"<"])
        )
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w") as new:
        for each, content in parts.items():
            new.writestr(each, bytes(content))
    try:
        read(tmp_path / "in.xlsx")
    except TableError as error:
        assert all(problem.message.zh and problem.message.en for problem in error.problems)


def test_formats_that_only_look_like_others():
    assert number_format("#,##0").scaled is False
    assert number_format('0.00"%"').percent is False
    assert number_format("0").zeros == 0
    assert number_format("0.00E+00") == number_format("General")
    assert number_format('0.0 "，"').unit is None


def rewritten(file, **changes):
    """The workbook with its first sheet's XML changed."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for pattern, other in changes.values():
        text = parts["xl/worksheets/sheet1.xml"].decode()
        assert re.search(pattern, text)
        parts["xl/worksheets/sheet1.xml"] = re.sub(pattern, other, text).encode()
    with zipfile.ZipFile(file, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


@pytest.mark.parametrize(
    "size", ['<dimension ref="A1"/>', '<dimension ref="A1:B2"/>', '<dimension ref="A1:XFD9"/>', ""]
)
def test_the_stated_size_is_not_believed(tmp_path, size):
    for _ in book(tmp_path / "in.xlsx", ("表", [["部门", "预算", "支出"], ["甲", 1, 2], ["乙", 3, 4]])):
        pass
    rewritten(tmp_path / "in.xlsx", size=(r"<dimension[^>]*/>", size))
    assert read(tmp_path / "in.xlsx")[1] == [["甲", "1", "2"], ["乙", "3", "4"]]


def test_a_formula_whose_result_is_an_empty_text_has_one(tmp_path):
    for _ in book(tmp_path / "in.xlsx", ("表", [["部门", "预算"], ["甲", "=A1"]])):
        pass
    rewritten(
        tmp_path / "in.xlsx", cell=(r'<c r="B2"[^>]*><f>A1</f>(?:<v ?/>|<v></v>)</c>', '<c r="B2" t="str"><f>A1</f><v></v></c>')
    )
    assert read(tmp_path / "in.xlsx")[1] == [["甲", None]]


def test_hidden_sheets_are_not_looked_into_unless_named(tmp_path):
    for made in book(
        tmp_path / "in.xlsx", ("旧", [["部门", "预算"], ["甲", 1]]), ("新", [["部门", "预算"], ["乙", 2]])
    ):
        made["旧"].sheet_state = "hidden"
    layout, rows = read(tmp_path / "in.xlsx")
    assert rows == [["乙", "2"]] and "新" in layout.notes[0].zh
    assert read(tmp_path / "in.xlsx", sheet="旧")[1] == [["甲", "1"]]


def test_the_sheet_with_the_heads_that_are_wanted_is_taken_and_two_are_asked_about(tmp_path):
    sheets = [("说明", [["填表说明"], ["一、", "……"]]), ("表", [["部门", "预算"], ["甲", 1]])]
    for _ in book(tmp_path / "in.xlsx", *sheets):
        pass
    assert read(tmp_path / "in.xlsx")[0].sheet.name == "表"
    for _ in book(tmp_path / "two.xlsx", *sheets, ("表 2", [["部门", "预算"], ["乙", 1]])):
        pass
    with pytest.raises(TableError) as caught:
        read(tmp_path / "two.xlsx")
    assert [problem.code for problem in caught.value.problems] == ["which-sheet"]
    assert "表、表 2" in caught.value.say("zh") and "--sheet" in caught.value.say("zh")
    with pytest.raises(TableError) as caught:
        read(tmp_path / "two.xlsx", sheet="表3")
    assert "表 2" in caught.value.say("zh")


def test_merged_heads_name_their_columns_by_both_lines(tmp_path):
    rows = [["表一"], ["部门", "预算", None, "支出"], [None, "基本", "项目", None], ["甲局", 1, 2, 3]]
    for made in book(tmp_path / "in.xlsx", ("表", rows)):
        for cells in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            made["表"].merge_cells(cells)
    layout, rows = read(tmp_path / "in.xlsx", ("部门", "基本", "项目", "支出"))
    assert [head.name for head in layout.heads] == ["部门", "预算 基本", "预算 项目", "支出"]
    assert (layout.first, layout.last, rows) == (2, 3, [["甲局", "1", "2", "3"]])


def test_a_value_merged_over_rows_is_not_spread_unless_it_names_them(tmp_path):
    for made in book(tmp_path / "in.xlsx", ("表", [["部门", "预算"], ["甲", 1], [None, None], ["乙", 2]])):
        made["表"].merge_cells("A2:A3")
        made["表"].merge_cells("B2:B3")
        made["表"]["C3"] = "x"
    layout, rows = read(tmp_path / "in.xlsx")
    assert [row[0] for row in rows] == ["甲", "\x00merged:", "乙"] and rows[1][1] == "\x00merged:"
    assert [row.cells[0] for row in lines(layout, frozenset([0]))] == ["甲", "甲", "乙"]


def test_hidden_rows_are_read_and_said(tmp_path):
    for made in book(tmp_path / "in.xlsx", ("表", [["部门", "预算"], ["甲", 1], ["乙", 2]])):
        made["表"].row_dimensions[3].hidden = True
    layout, rows = read(tmp_path / "in.xlsx")
    assert len(rows) == 2 and any("第 3 行是隐藏的" in note.zh for note in layout.notes)
