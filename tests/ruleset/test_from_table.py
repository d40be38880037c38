"""``jmrules new --from-table``: a scoring table in Excel becomes a draft that is sound, and everything it leaves open is told."""

import json
import shlex
from decimal import Decimal as D
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from typer.testing import CliRunner

from jmrules import RulesetError, evaluate, load_facts, load_ruleset
from jmrules.cli.main import app
from jmrules.methods.formula import Formula
from jmrules.ruleset import write
from jmrules.ruleset.model import leaves
from jmrules.ruleset.proposals import proposed
from jmrules.ruleset.score_table import read_score_table
from jmrules.ruleset.table_draft import draft_of
from jmrules.tables import TableError

HEADS = ("一级指标", "二级指标", "三级指标", "分值", "指标解释", "评分标准")
ROWS = [
    ("投入(20分)", "目标设定", "绩效目标合理性", 5, "依据是否充分", "①符合法规，得2分；②符合职责，得2分；③与预算匹配，得1分。"),
    (None, None, "绩效指标明确性", 5, None, "每发现一处不明确扣0.5分，扣完为止。"),
    (None, "预算配置", "在职人员控制率", 5, None, "控制率≤100%，得5分；每超过一个百分点扣0.5分，扣完为止。"),
    (None, None, "重点支出安排率", 5, None, "安排率≥90%，得5分；[80%,90%)，得4分；其余不得分。"),
    ("过程", "预算执行", "预算完成率", 10, None, "按比例计分：预算完成率×分值"),
    (None, None, "公开及时性", 5, None, "按时公开的得满分，否则不得分。"),
    ("产出", "职责履行", "实际完成率", 35, None, "根据各项工作完成情况评分"),
    ("效果", "履职效益", "公众满意度", 30, None, None),
]  # fmt: skip
MERGED = ("A4:A7", "B4:B5", "B6:B7", "A8:A9", "B8:B9")


def workbook(
    file,
    rows=ROWS,
    heads=HEADS,
    merged=MERGED,
    above=("附件2", "某市部门整体支出绩效评价评分表"),
    below=(("合计", None, None, 100),),
):
    book = Workbook()
    sheet = book.active
    sheet.title = "评分表"
    for line in (*[(text,) for text in above], heads, *rows, *below):
        sheet.append(line)
    if above:
        sheet.merge_cells(start_row=len(above), start_column=1, end_row=len(above), end_column=len(heads))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(file)
    return file


@pytest.fixture
def table(tmp_path):
    return workbook(tmp_path / "评分表.xlsx")


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments), "--lang", "zh"])


def refused(file):
    with pytest.raises((RulesetError, TableError)) as raised:
        read_score_table(file)
    return [(problem.code, problem.place.cell) for problem in raised.value.problems]


def test_the_draft_is_sound_and_its_next_commands_work(table, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JMRULES_PATH", "")
    result = run("new", "somecity/overall", 2024, "--from-table", table)
    assert result.exit_code == 0, result.output
    commands = [line.strip() for line in result.stdout.splitlines() if line.startswith("  jmrules ")]
    assert len(commands) == 4
    for command in commands:
        assert CliRunner().invoke(app, shlex.split(command)[1:]).exit_code == 0, command
    assert (tmp_path / "2024.xlsx").is_file()
    ruleset = load_ruleset("./rulesets/somecity/overall/2024.json")
    assert (ruleset.status, ruleset.points, ruleset.title.zh) == ("draft", 100, "某市部门整体支出绩效评价评分表")
    assert [leaf.label.zh for leaf in leaves(ruleset.indicators)] == [row[2] for row in ROWS]
    assert [node.points for node in ruleset.indicators] == [20, 15, 35, 30]
    assert evaluate(ruleset, load_facts("rulesets/somecity/overall/cases/2024/example.json")).total == 100


def test_the_words_of_each_criterion_are_its_source_with_their_cells(table, tmp_path):
    draft = draft_of(read_score_table(table), "somecity/overall", 2024, tmp_path)
    write(draft.files)
    for row, leaf in enumerate(leaves(load_ruleset(tmp_path / "somecity/overall/2024.json").indicators), 4):
        assert leaf.source.status == "reconstructed" and leaf.source.confidence == "low"
        words = ROWS[row - 4][5]
        assert f"评分表!C{row}" in leaf.source.clause
        assert (words in leaf.source.ground.zh) if words else ("没有写评分标准" in leaf.source.ground.zh)
        assert ("建议的写法，未经核对" in leaf.source.ground.zh) == (not isinstance(leaf.method, Formula))


def test_all_that_is_left_to_decide_is_listed_beside_it(table, tmp_path):
    draft = draft_of(read_score_table(table), "somecity/overall", 2024, tmp_path)
    page = draft.files[tmp_path / "somecity/overall/2024.to-decide.md"]
    assert (draft.indicators, draft.proposed, draft.points) == (8, 6, 100)
    assert all(f"**{row[2]}（{row[3]} 分" in page for row in ROWS)
    assert "notice" in page and "rounding" in page and "grades" in page
    assert page.count("- [ ]") == len(draft.whole) + 8
    assert page.count("待写") == 1 and page.count("没有评分标准") == 1


def test_a_table_of_other_than_a_hundred_points_gets_no_grades(tmp_path):
    file = workbook(
        tmp_path / "t.xlsx",
        [("甲", 6, "按评定"), ("乙", 3.125, "按评定")],
        ("考核内容", "标准分", "评分细则"),
        (),
        (),
        (),
    )
    draft = draft_of(read_score_table(file), "a/b", 2024, tmp_path)
    write(draft.files)
    ruleset = load_ruleset(tmp_path / "a/b/2024.json")
    assert ([grade.id for grade in ruleset.grades], ruleset.rounding.leaf) == (["undecided"], 3)


def test_what_is_added_or_taken_off_is_not_put_among_the_points(tmp_path):
    rows = [*ROWS, ("加分项", "创新", "得到推广", 5, None, "每项加 1 分")]
    table = read_score_table(workbook(tmp_path / "t.xlsx", rows))
    assert [entry.name for entry in table.beside] == ["加分项"]
    draft = draft_of(table, "a/b", 2024, tmp_path)
    assert draft.points == 100
    assert any("adjustments" in what.zh and "C12" in what.zh for what in draft.whole)


def test_criteria_of_several_rows_are_one_and_a_shared_one_is_everybodys(tmp_path):
    rows = [("管理", "制度", "健全", 4, None, "有制度得2分"), (None, None, None, None, None, "制度完整得2分"),
            (None, None, "执行", 6, None, "按评定"), (None, None, "档案", 2, None, None)]  # fmt: skip
    file = workbook(tmp_path / "t.xlsx", rows, merged=("A4:A7", "B4:B7", "C4:C5", "D4:D5", "F6:F7"), below=())
    (entry,) = read_score_table(file).entries
    assert [(leaf.name, leaf.points, leaf.criterion) for leaf in entry.leaves()] == [
        ("健全", 4, ["有制度得2分", "制度完整得2分"]), ("执行", 6, ["按评定"]), ("档案", 2, ["按评定"]),
    ]  # fmt: skip


@pytest.mark.parametrize("again", [None, "管理"], ids=["left blank", "written again"])
def test_a_group_that_is_not_merged_goes_on_until_another_begins(again, tmp_path):
    rows = [("管理", "甲", 4, "按评定"), (again, "乙", 6, "按评定"), ("产出", "丙", 5, "按评定")]
    file = workbook(tmp_path / "t.xlsx", rows, ("一级指标", "二级指标", "分值", "评分标准"), (), (), ())
    assert [(e.name, e.total()) for e in read_score_table(file).entries] == [("管理", 10), ("产出", 5)]


def test_heads_of_two_rows_and_points_in_percent(tmp_path):
    file = tmp_path / "t.xlsx"
    book = Workbook()
    sheet = book.active
    for line in (
        ["单位：分"],
        ["绩效指标", None, "权重", "评分标准"],
        ["一级指标", "二级指标", None, None],
        ["产出", "数量", "60%", "完成率×分值"],
        [None, "质量", "40%", "按评定"],
    ):
        sheet.append(line)
    for cells in ("A2:B2", "C2:C3", "D2:D3", "A4:A5"):
        sheet.merge_cells(cells)
    book.save(file)
    table = read_score_table(file)
    assert table.title is None
    assert [(leaf.name, leaf.points) for leaf in table.entries[0].leaves()] == [("数量", 60), ("质量", 40)]


def test_a_csv_file_as_excel_saves_it(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(
        "考核项目,考核内容,分值,评分细则\n组织,领导小组,10,成立的得10分，否则不得分\n,联络员,90,每缺一次扣5分\n",
        encoding="gbk",
    )
    (entry,) = read_score_table(file).entries
    assert [(leaf.name, leaf.points, leaf.cell) for leaf in entry.leaves()] == [
        ("领导小组", 10, "B2"),
        ("联络员", 90, "B3"),
    ]


def test_points_beside_each_level_are_held_against_each_other(tmp_path):
    heads = ("一级指标", "分值", "二级指标", "分值", "评分标准")
    rows = [("管理", 10, "甲", 4, "按评定"), (None, None, "乙", 6, "按评定"), ("产出", 7, "丙", 5, "按评定")]
    assert refused(workbook(tmp_path / "t.xlsx", rows, heads, ("A2:A3", "B2:B3"), (), ())) == [
        ("points-differ", "评分表!B4")
    ]


def change(row, column, value):
    rows = [list(each) for each in ROWS]
    rows[row - 4]["ABCDEF".index(column)] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "merged", "found"),
    [
        (change(5, "D", None), (), [("no-points", "评分表!C5")]),
        (change(5, "D", "五分"), (), [("bad-points", "评分表!D5")]),
        (change(5, "D", 0), (), [("bad-points", "评分表!D5"), ("points-differ", "评分表!A4")]),
        (change(5, "D", 6), (), [("points-differ", "评分表!A4")]),
        (change(10, "D", 36), (), [("points-differ", "评分表!D12")]),
        (ROWS, ("D6:D7",), [("merged-points", "评分表!D6")]),
        (change(9, "C", None), (), [("no-name", "评分表!D9")]),
        (change(4, "A", "投入(25分)"), (), [("points-differ", "评分表!A4")]),
        (change(4, "D", "=1/0"), (), [("formula", "评分表!D4"), ("no-points", "评分表!C4")]),
    ],
)
def test_what_is_wrong_with_the_points_is_told_with_its_cell(rows, merged, found, tmp_path):
    file = workbook(tmp_path / "t.xlsx", rows, merged=(*MERGED, *merged))
    assert sorted(refused(file)) == sorted(found)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(tmp_path):
    rows = change(5, "D", "五分")
    rows[5][3] = None
    file = workbook(tmp_path / "t.xlsx", rows)
    result = run("new", "a/b", 2024, "--from-table", file, "--dir", tmp_path / "rulesets")
    assert isinstance(result.exception, RulesetError) and len(result.exception.problems) == 2
    assert not (tmp_path / "rulesets").exists()


@pytest.mark.parametrize(
    ("heads", "code"),
    [
        (("序号", "部门", "金额"), "no-indicators"),
        (("一级指标", "二级指标", "评分标准"), "no-points"),
        (("一级指标", "分值", "权重", "评分标准"), "which-points"),
    ],
)
def test_heads_that_do_not_say_what_stands_where(heads, code, tmp_path):
    file = workbook(tmp_path / "t.xlsx", [("甲", 1, 2, "x")], heads, (), (), ())
    assert [found for found, _ in refused(file)] == [code]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from-table", "none.xlsx"),
        ("--from-table", "notice.docx"),
        ("--from-table", "t.xlsx", "--extends", "a/b@2023"),
    ],
)
def test_what_cannot_be_drafted_is_one_clear_error(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "t.xlsx")
    error = run("new", "a/b", 2024, *arguments).exception
    assert isinstance(error, RulesetError) and len(error.problems) == 1


NAMES = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4)
POINTS = st.integers(1, 400).map(lambda quarters: D(quarters) / 4)
#: a leaf is its points; a group a list of things below it
TREES = st.lists(st.lists(st.lists(POINTS, min_size=1, max_size=4), min_size=1, max_size=3), min_size=1, max_size=3)


@settings(deadline=None)
@given(TREES, st.data())
def test_any_tree_comes_back_with_its_points(tree, data):
    """However groups are written: merged, or once and then left blank."""
    rows, merged, row = [], [], 2
    for first, seconds in enumerate(tree):
        start = row
        for second, points in enumerate(seconds):
            inner = row
            for third, worth in enumerate(points):
                rows.append(
                    (
                        f"甲{first}" if row == start else None,
                        f"乙{second}" if row == inner else None,
                        f"丙{third}",
                        float(worth),
                        "按评定",
                    )
                )
                row += 1
            if len(points) > 1 and data.draw(st.booleans()):
                merged.append(f"B{inner}:B{row - 1}")
        if row - start > 1 and data.draw(st.booleans()):
            merged.append(f"A{start}:A{row - 1}")
    with TemporaryDirectory() as folder:
        file = workbook(Path(folder) / "t.xlsx", rows, (*HEADS[:4], HEADS[5]), merged, (), ())
        draft = draft_of(read_score_table(file), "a/b", 2024, Path(folder))
        write(draft.files)
        ruleset = load_ruleset(Path(folder) / "a/b/2024.json")
        assert [
            [[leaf.points for leaf in group.children] for group in top.children] for top in ruleset.indicators
        ] == tree
        facts = load_facts(Path(folder) / "a/b/cases/2024/example.json")
        assert evaluate(ruleset, facts).total == draft.points == sum(worth for a in tree for b in a for worth in b)


# ---- what the words of a criterion propose


@pytest.mark.parametrize(
    ("points", "words", "method"),
    [
        (10, "预算完成率×分值", {"kind": "ratio", "value": "x_rate"}),
        (10, "按比例计分，满分10分", {"kind": "ratio", "value": "x_rate"}),
        (5, "每发现一处扣0.5分，扣完为止", {"kind": "deductions", "items": [{"id": "item_1", "label": {"zh": "发现问题"}, "loss": D("0.5"), "count": "x_count_1"}]}),
        (5, "每超过1个百分点，扣0.5分；≤100%得满分", {"kind": "steps", "value": "x_rate", "bound": 1, "direction": "above", "step": D("0.01"), "loss": D("0.5"), "partial": "ignore"}),
        (5, "达到95%得5分，每降低5个百分点扣1分", {"kind": "steps", "value": "x_rate", "bound": D("0.95"), "direction": "below", "step": D("0.05"), "loss": 1, "partial": "ignore"}),
        (4, "按时报送得满分，否则不得分", {"kind": "checklist", "items": [{"id": "met", "points": 4, "when": "x_met", "label": {"zh": "按时报送"}}]}),
    ],
)  # fmt: skip
def test_simple_words_propose_a_method(points, words, method):
    found = proposed("x", "指标", D(points), words)
    assert found is not None
    assert found.method == method
    assert set(found.facts) == set(found.full)


@pytest.mark.parametrize(
    "words",
    [
        "根据完成情况评分",
        "每超过一个百分点扣0.5分",  # beyond what?
        "≤100%得5分，≤110%得3分，每超过一个百分点扣0.5分",  # which of them?
        "超过3次的，每次扣1分",  # some are free
        "每发现一处扣0.5分，情节严重的扣完",  # what is grave?
        "达到90%得满分，60%以下不得分，其余按比例计分",  # two knots
        "①有制度得2分；②有执行得2分",  # 4 of 5 points
        "完成率低于60%不得分，其余按完成率计分",
        "每项加1分",
        "按时报送得3分，否则不得分",  # 3 of 5 points
    ],
)
def test_words_that_leave_something_open_propose_nothing(words):
    assert proposed("x", "指标", D(5), words) is None


@pytest.mark.parametrize(
    ("words", "bands", "otherwise"),
    [
        (
            "95%（含）以上计6分；85%（含）-95%，计4分；75%（含）-85%，计2分；低于75%计0分。",
            [">= 0.95", "[0.85..0.95)", "[0.75..0.85)", "< 0.75"],
            None,
        ),
        ("重点支出安排率≥90%，计6分；80%（含）-90%，计4分；低于80%不得分。", [">= 0.9", "[0.8..0.9)", "< 0.8"], None),
        ("≤10%得满分；(10%,20%]得3分；其余不得分", ["<= 0.1", "(0.1..0.2]"], 0),
        ("调整率=0，得6分；0-10%（含），得3分；其他不得分", ["0", "(0..0.1]"], 0),
    ],
)
def test_bands_that_leave_no_gap_are_proposed_as_they_are_written(words, bands, otherwise):
    found = proposed("x", "指标", D(6), words)
    assert found is not None and found.method["kind"] == "bands"
    assert [band["in"] for band in found.method["bands"]] == bands
    assert found.method.get("otherwise", {}).get("points") == otherwise


@pytest.mark.parametrize(
    "words",
    [
        "控制率=0，计6分；0-10%（含），计3分；10-20%（含），计2分；大于30%不得分。",  # 20 to 30 %
        "≥90%，计6分；80%-90%，计4分；低于80%不得分",  # whose is 90 %?
        "90%以上计6分；90%以下不得分",  # and here
        "≥90%，计6分；≥80%，计4分；低于80%不得分",  # they overlap
        "≥90%，计5分；低于90%不得分",  # never all 6
        "≥90%，计6分；低于90%酌情给分",
        "3次以上计6分；低于3次不得分",
    ],
)
def test_bands_with_a_gap_or_a_doubt_are_not(words):
    assert proposed("x", "指标", D(6), words) is None


def test_what_is_said_of_those_whom_it_does_not_concern_is_left_to_decide():
    found = proposed(
        "x", "指标", D(3), "100%以下（含）计3分，每超出5%扣1分，扣完为止。没有楼堂馆所项目的部门按满分计算。"
    )
    assert found is not None
    assert [text.zh for text in found.open if "applies" in text.zh]


@settings(deadline=None)
@given(
    st.text("每发现一处次扣分0.5123得满率×值按比例计；，。%≤≥超过否则不①②（含）以上-其余", max_size=40),
    st.integers(1, 20),
)
def test_a_proposal_is_always_one_that_loads(words, points):
    found = proposed("x", "指标", D(points), words)
    if found is None:
        return
    assert json.dumps(found.method, default=str)
    with TemporaryDirectory() as folder:
        file = workbook(
            Path(folder) / "t.xlsx",
            [("甲", points, "'" if words[:1] == "=" else words)],
            ("考核内容", "分值", "评分标准"),
            (),
            (),
            (),
        )
        draft = draft_of(read_score_table(file), "a/b", 2024, Path(folder))
        write(draft.files)
        ruleset = load_ruleset(Path(folder) / "a/b/2024.json")
        assert evaluate(ruleset, load_facts(Path(folder) / "a/b/cases/2024/example.json")).total == points
