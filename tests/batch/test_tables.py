"""Tables as people keep them: each row as ``score`` scores the same values, or refused with its cell."""

import csv
import io
import json
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from batch import files
from jmrules import JmrulesError, evaluate, load_ruleset
from jmrules.batch import Job, run
from jmrules.batch.mapping import mapped, open_departments
from jmrules.formats import inert

DOCUMENT = json.loads(json.dumps(files.DOCUMENT))
DOCUMENT["facts"]["budget"] |= {"unit": "CNY_10k", "label": {"zh": "年初预算", "en": "initial budget"}}
DOCUMENT["facts"]["spent"] |= {"unit": "CNY_10k"}
DOCUMENT["facts"]["execution"] = {
    "type": "number",
    "unit": "percent",
    "optional": True,
    "in": ">= 0",
    "label": {"zh": "执行率"},
}
DOCUMENT["facts"]["share"] = {
    "type": "number",
    "unit": "ratio",
    "optional": True,
    "in": "[0..1]",
    "label": {"zh": "占比"},
}
DOCUMENT["indicators"][0]["method"] = {
    "kind": "ratio", "value": "if execution = null then spent / budget else execution / 100 * (if share = null then 1 else share)",
}  # fmt: skip
RULESET = load_ruleset(DOCUMENT)


def scored(file, *, pairs=(), key="部门", lists=(), keep=(), name="out.csv", **options):
    """Row -> total or the codes of what is wrong, as the files of a batch tell it; and what was noted."""
    output = file.parent / name
    source = open_departments(file, [RULESET], pairs, key, keep, **options)
    columns = mapped(RULESET, source, pairs, lists, key, keep)
    run(Job(RULESET, source, columns, output, language="zh"))
    with output.open(encoding="utf-8-sig", newline="") as opened:
        found = {line[key]: line["total"] and D(line["total"]) for line in csv.DictReader(opened)}
    rejects = output.with_suffix(".rejects.csv")
    told = list(csv.DictReader(rejects.open(encoding="utf-8-sig", newline=""))) if rejects.exists() else []
    return found, told, [note.zh for note in source.layout.notes]


def refused(file, **options):
    with pytest.raises(JmrulesError) as caught:
        scored(file, **options)
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)
    return [problem.code for problem in caught.value.problems], caught.value.say("zh")


def excel(folder, rows, formats=(), name="in.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in formats:
        book.active[cell].number_format = form
    book.save(folder / name)
    return folder / name


def text(folder, rows, encoding="utf-8", name="in.csv"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    (folder / name).write_bytes(out.getvalue().encode(encoding))
    return folder / name


def of(**facts):
    return evaluate(RULESET, {"outputs": [], **facts}).total


HEADS = ["部门", "年初预算", "支出", "产出"]


def test_a_percent_cell_is_the_percentage_it_shows(tmp_path):
    rows = [
        [*HEADS, "执行率", "占比"],
        ["甲", 100, 1, "[]", 0.98, 0.5],
        ["乙", 100, 1, "[]", 98, "50%"],
        ["丙", 100, 1, "[]", "９８％", 0.5],
    ]
    found, told, _ = scored(excel(tmp_path, rows, [("E2", "0%"), ("F2", "0.00%")]))
    assert not told
    assert set(found.values()) == {of(budget=D(100), spent=D(1), execution=D(98), share=D("0.5"))}


def test_what_is_wrong_in_a_row_names_its_cell_and_costs_no_other(tmp_path):
    rows = [
        HEADS, ["甲", "=1+1", 5, "[]"], ["乙", 100, 50, "[]"], ["丙", 100, "一百", "[]"], ["丁", "1" * 40, 5, "[]"],
        ["戊", 100, 5, '[{"target": 1, "actual": 1, "more": 2}]'], ["己", 100, 5, '[{"target": 1, "target": 2, "actual": 1}]'],
        ["庚", 100, "—", "[]"], ["辛", -1, 5, "[]"], ["壬", None, 5, "[]"],
    ]  # fmt: skip
    found, told, _ = scored(excel(tmp_path, rows))
    assert found["乙"] == of(budget=D(100), spent=D(50))
    assert [(line["行"], line["部门"], line["代码"], line["位置"]) for line in told] == [
        ("2", "甲", "cell-formula", "Sheet!B2"), ("4", "丙", "wrong-fact-type", "Sheet!C4"),
        ("5", "丁", "beyond-exact-range", "Sheet!B5"), ("6", "戊", "unknown-fact", "Sheet!D6"),
        ("7", "己", "duplicate-member", "Sheet!D7"), ("8", "庚", "wrong-fact-type", "Sheet!C8"),
        ("9", "辛", "out-of-domain", "Sheet!B9"), ("10", "壬", "missing-fact", "Sheet!B10"),
    ]  # fmt: skip
    assert all(line["办法"] for line in told)


def test_thirteen_decimals_in_a_list_are_what_they_are(tmp_path):
    value = "0.1234567890123"
    found, told, _ = scored(text(tmp_path, [HEADS, ["甲", 1, 1, f'[{{"target": 1, "actual": {value}}}]']]))
    assert not told
    assert found["甲"] == of(budget=D(1), spent=D(1), outputs=[{"target": D(1), "actual": D(value)}])


@pytest.mark.parametrize(
    ("head", "value"), [("支出（千元）", "1200"), ("支出(单位：元)", "1,200,000"), ("支出/亿元", "0.012"), ("支出（百万元）", "1.2"), ("支出", "120万元"),
                        ("支出【元】", "120万元"), ("支出 （人民币 万元）", "120")]
)  # fmt: skip
def test_units_of_heads_and_cells_are_converted_exactly(tmp_path, head, value):
    found, told, _ = scored(text(tmp_path, [["部门", "年初预算", head, "产出"], ["甲", "240", value, "[]"]]))
    assert not told
    assert found["甲"] == of(budget=D(240), spent=D(120))


def test_the_unit_above_the_heads_is_for_those_that_say_none(tmp_path):
    rows = [
        ["2024 年情况表"],
        ["", "", "单位：千元"],
        ["部门", "年初预算（万元）", "支出", "产出"],
        ["甲", 240, 1200, "[]"],
        ["合计", 240, 1200],
    ]
    found, told, notes = scored(excel(tmp_path, rows))
    assert not told and found == {"甲": of(budget=D(240), spent=D(120))}
    assert any("合计" in note for note in notes) and any("表头在第 3 行" in note for note in notes)


@pytest.mark.parametrize("units", ["单位：美元", "单位：万元、元", "单位：万"])
def test_units_above_the_heads_that_are_not_clear_are_asked_about(tmp_path, units):
    rows = [[units], ["部门", "年初预算（万元）", "支出", "产出"], ["甲", 1, 1, "[]"]]
    codes, said = refused(excel(tmp_path, rows))
    assert codes == ["unknown-unit"] and "C2" in said and "支出（万元）" in said
    rows[1][2] = "支出（元）"
    assert scored(excel(tmp_path, rows))[0] == {"甲": of(budget=D(1), spent=D("0.0001"))}


def test_a_near_miss_of_a_label_that_must_be_there_is_asked_about(tmp_path):
    codes, said = refused(text(tmp_path, [["部门", "年初预算数", "支出", "产出"], ["甲", 1, 1, "[]"]]))
    assert codes == ["near-column"] and "--map budget=年初预算数" in said


@pytest.mark.parametrize("head", ["支出（人）", "支出（美元）", "支出（万）"])
def test_units_that_cannot_be_converted_are_refused_before_anything_is_scored(tmp_path, head):
    codes, said = refused(text(tmp_path, [["部门", "年初预算", head, "产出"], ["甲", 1, 1, "[]"]]))
    assert codes[0] in ("column-unit", "unknown-unit") and head in said


@pytest.mark.parametrize("head", ["已审计 ", "audited\n", "已 审 计", "ａｕｄｉｔｅｄ", " Audited"])
def test_blanks_width_and_case_do_not_keep_an_optional_fact_from_its_column(tmp_path, head):
    found, _, _ = scored(text(tmp_path, [[*HEADS, head], ["甲", 1, 1, "[]", "√"], ["乙", 1, 1, "[]", "×"]]))
    assert found["甲"] == of(budget=D(1), spent=D(1), audited=True) > found["乙"]


def test_a_near_miss_of_an_optional_fact_is_asked_about_and_can_be_answered(tmp_path):
    file = text(tmp_path, [[*HEADS, "audtied"], ["甲", 1, 1, "[]", "是"]])
    codes, said = refused(file)
    assert codes == ["near-column"] and "--map audited=audtied" in said and "E1" in said
    yes, _, _ = scored(file, pairs=["audited=audtied"])
    no, _, _ = scored(file, pairs=["audited="])
    assert yes["甲"] == of(budget=D(1), spent=D(1), audited=True) != no["甲"] == of(budget=D(1), spent=D(1))


def test_two_heads_alike_are_asked_about(tmp_path):
    codes, said = refused(text(tmp_path, [["部门", "年初预算", "支出", "产出", "支出"], ["甲", 1, 1, "[]", 2]]))
    assert codes == ["column-twice"] and "C1、E1" in said
    codes, _ = refused(text(tmp_path, [["部门", "年初预算", "支出", "产出", "budget"], ["甲", 1, 1, "[]", 2]]))
    assert codes == ["column-twice"]
    codes, _ = refused(
        text(tmp_path, [["部门", "年初预算", "支出", "产出", "支出"], ["甲", 1, 1, "[]", 2]]), pairs=["spent=支出"]
    )
    assert "column-twice" in codes or "no-such-column" in codes


def test_codes_stored_as_numbers_and_filled_with_zeros(tmp_path):
    rows = [HEADS, [120.0, 1, 1, "[]"], [7, 1, 1, "[]"]]
    found, _, _ = scored(excel(tmp_path, rows, [("A3", "000")]))
    assert list(found) == ["120", "007"]


def test_items_in_a_sheet_of_their_own_with_merged_names(tmp_path):
    book = Workbook()
    for row in [["部门", "年初预算", "支出"], ["甲局", 1, 1], ["乙局", 1, 1]]:
        book.active.append(row)
    sheet = book.create_sheet("指标")
    for row in [["部门", "目标", "实际"], ["甲局", 10, 5], [None, 10, 10], ["乙局", 10, "约8"]]:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "in.xlsx")
    found, told, _ = scored(tmp_path / "in.xlsx", lists=[f"outputs={tmp_path / 'in.xlsx'}:部门"])
    assert found["甲局"] == of(
        budget=D(1), spent=D(1), outputs=[{"target": D(10), "actual": D(5)}, {"target": D(10), "actual": D(10)}]
    )
    assert [(line["部门"], line["位置"]) for line in told] == [("乙局", "指标!C4")]


def test_a_list_names_its_sheet_where_two_would_do(tmp_path):
    book = Workbook()
    for row in [["部门", "年初预算", "支出"], ["甲局", 1, 1]]:
        book.active.append(row)
    for name, actual in (("上半年", 1), ("全年", 10)):
        for row in [["部门", "目标", "实际"], ["甲局", 10, actual]]:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    book.save(tmp_path / "in.xlsx")
    codes, said = refused(tmp_path / "in.xlsx", lists=[f"outputs={tmp_path / 'in.xlsx'}:部门"])
    assert codes == ["which-sheet"] and "上半年、全年" in said
    found, _, _ = scored(tmp_path / "in.xlsx", lists=[f"outputs={tmp_path / 'in.xlsx'}#全年:部门"])
    assert found["甲局"] == of(budget=D(1), spent=D(1), outputs=[{"target": D(10), "actual": D(10)}])


def test_nothing_written_becomes_a_formula(tmp_path):
    names = ["=1+1", "+cmd", "@x", "-2+3", "=教育局[a]", "\u202e反", "#N/A"]
    file = text(tmp_path, [HEADS, *([name, 1, 1, "[]"] for name in names)])
    found, _, _ = scored(file)
    assert list(found) == ["'=1+1", "'+cmd", "'@x", "'-2+3", "'=教育局[a]", "⟨U+202E⟩反", "#N/A"]
    source = open_departments(file, [RULESET], (), "部门")
    run(Job(RULESET, source, mapped(RULESET, source, (), (), "部门"), tmp_path / "out.xlsx"))
    cells = [row[0] for row in load_workbook(tmp_path / "out.xlsx").active.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells][:5] == [(name, "s") for name in names[:5]]
    assert cells[-1].data_type == "s"


@pytest.mark.parametrize("make", [excel, text])
def test_score_takes_a_row_of_a_table(tmp_path, jmrules, make):
    (tmp_path / "rules.json").write_text(json.dumps(DOCUMENT), "utf-8")
    rows = [
        ["情况表"],
        HEADS,
        ["甲", 100, "50万元", '[{"target": 10, "actual": 5}]'],
        ["乙", 100, 20, "无"],
        ["合计", 200, 70],
    ]
    shared = ("score", make(tmp_path, rows), "--ruleset", tmp_path / "rules.json")
    assert f"{of(budget=D(100), spent=D(20))}" in jmrules(*shared, "--row", 4).out
    alone = jmrules("score", make(tmp_path, [*rows[:3], rows[-1]]), *shared[2:])
    assert (
        f"{of(budget=D(100), spent=D(50), outputs=[{'target': D(10), 'actual': D(5)}])}" in alone.out
        and alone.code == 0
    )
    make(tmp_path, rows)
    for arguments, word in ((shared, "--row"), (shared[:2], "--ruleset"), ((*shared, "--row", 5), "row 5")):
        assert word in jmrules(*arguments).err


@given(st.text(st.sampled_from("=+-@\t\r＝0123456789.eE\x00\x1b\u202e局a'")))
def test_what_is_written_to_csv_is_no_formula_and_sends_nothing_unseen(text):
    made = inert(text)
    assert made[:1] not in set("=+-@\t\r＝＋－＠") or D(made).is_finite()
    assert not set(made) & {"\x00", "\x1b", "\u202e"}
    assert inert(made) == made


# ---- the law

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
ROWS = st.lists(
    st.fixed_dictionaries({
        "budget": NUMBERS.map(lambda value: value + 1), "spent": NUMBERS, "audited": st.booleans(), "filed": st.dates(),
        "execution": st.none() | st.decimals(min_value=0, max_value=150, places=3, allow_nan=False, allow_infinity=False),
        "outputs": st.lists(st.fixed_dictionaries({"target": NUMBERS.map(lambda value: value + 1), "actual": NUMBERS}), max_size=3),
    }), min_size=1, max_size=4,
)  # fmt: skip
SPELLED = {
    "number": [str, lambda value: f"{value:,f}", lambda value: f"{value:f}万元", lambda value: f" {value:,f} "],
    "boolean": [
        lambda value: "是" if value else "否",
        lambda value: "√" if value else "×",
        lambda value: "TRUE" if value else "FALSE",
    ],
    "date": [
        str,
        lambda value: f"{value.year:04}/{value.month}/{value.day}",
        lambda value: f"{value.year:04}年{value.month}月{value.day}日",
    ],
    "percent": [str, lambda value: f"{value:f}%", lambda value: f"{value:f}％"],
}
SHEETS = st.sampled_from(["utf-8", "utf-16", "gb18030", "excel"])


def written(folder, rows, data, how):
    """The rows as a table in some spelling of heads and cells."""
    scale, unit = data.draw(st.sampled_from([(1, "万元"), (10, "千元"), (10000, "元")]))
    heads = [
        "部门",
        data.draw(st.sampled_from(["年初预算", "budget", " 年初\n预算"])),
        f"支出（{unit}）",
        "已审计",
        "filed",
        "执行率（%）",
        "产出",
    ]
    lines = []
    for number, row in enumerate(rows):
        spell = {kind: data.draw(st.sampled_from(forms)) for kind, forms in SPELLED.items()}
        plain = how == "excel" and data.draw(st.booleans())
        items = [{name: float(value) for name, value in item.items()} for item in row["outputs"]]
        lines.append([
            f"局{number}", float(row["budget"]) if plain else spell["number"](row["budget"]), f"{row['spent'] * scale:f}",
            row["audited"] if plain else spell["boolean"](row["audited"]), row["filed"] if plain and row["filed"].year > 1900 else spell["date"](row["filed"]),
            None if row["execution"] is None else spell["percent"](row["execution"]), json.dumps(items),
        ])  # fmt: skip
    titles = data.draw(st.sampled_from([[], [["情况表"]], [["情况表"], [None, "单位：人"]]]))
    rows = [*titles, heads, *lines, ["合计", 1, 1]]
    return excel(folder, rows) if how == "excel" else text(folder, rows, how)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(ROWS, SHEETS, st.data())
def test_a_table_scores_every_row_as_score_does(tmp_path, rows, how, data):
    found, told, _ = scored(written(tmp_path, rows, data, how))
    alone = [
        evaluate(
            RULESET,
            {name: value for name, value in (row | {"filed": row["filed"].isoformat()}).items() if value is not None},
        )
        for row in rows
    ]
    assert not told
    assert list(found.items()) == [(f"局{number}", each.total) for number, each in enumerate(alone)]


CELLS = st.sampled_from([
    None, "", " ", "无", "—", "√", "0", "1e400", "1e-300", "9" * 34, "9" * 41, "0." + "1" * 33, "-0", "1,234", "1,23", "２０２４／６／３０", "98%", "12亿元",
    "5千元", "[]", "[1]", "{}", "[{}]", '[{"target": 1e-60, "actual": 1e30}]', '[{"target": NaN}]', '[{"target": 1, "actual": {"value": 98, "unit": "%"}}]',
    '{"value": [], "basis": "document"}', "[" * 200, "2024-02-30", "0000-01-01", "=1/0", "#REF!", "\u202e", "²", True, False, 0.1, 10**20, -5, 1e-5,
]) | st.text(max_size=6).filter(lambda text: text.isprintable()) | st.floats(allow_nan=False, allow_infinity=False) | st.dates()  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=5), SHEETS, st.booleans())
def test_whatever_stands_in_the_cells_every_row_is_scored_or_told_of(tmp_path, rows, how, percent):
    lines = [
        ["部门", "年初预算", "支出", "已审计", "filed", "执行率", "产出"],
        ["好局", 100, 50, "是", "2025-01-01", "98%", "[]"],
    ]
    lines += [[f"局{number}", *row] for number, row in enumerate(rows)]
    if how == "excel":
        file = excel(tmp_path, lines, [(f"F{number}", "0%") for number in range(3, len(lines) + 1)] if percent else ())
    else:
        file = text(tmp_path, [["" if each is None else each for each in line] for line in lines], how)
    found, told, _ = scored(file)
    assert found["好局"] == of(budget=D(100), spent=D(50), audited=True, filed="2025-01-01", execution=D(98))
    without = {line["部门"] for line in told}
    assert {name for name, total in found.items() if total == ""} == without
    assert len(found) == len(lines) - 1
    assert all(line["原因"] and line["行"] for line in told)
