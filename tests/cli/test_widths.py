"""Tables hold at 60 to 120 columns: no line is wider, no name is lost or cut into single letters; below that they stay readable."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from jmrules.cli.show.lines import row
from jmrules.cli.terminal import Terminal

OPEN = "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
KNOWN = "rulesets/mof/department-common-framework/cases/2013/pingyuan-water.json"


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("command", ["score", "review", "findings", "explain", "evidence", "show", "rectification"])
@pytest.mark.parametrize("case", [OPEN, KNOWN])
def test_lines_are_as_wide_as_the_terminal_at_most(jmrules, monkeypatch, width, command, case):
    told = "mof/department-common-framework@2013" if command == "show" else case
    monkeypatch.setenv("COLUMNS", str(width))
    narrow = jmrules(command, told, lang="zh")
    monkeypatch.setenv("COLUMNS", "200")
    wide = jmrules(command, told, lang="zh")
    assert narrow.code == wide.code == 0
    long = [line for line in narrow.out.splitlines() if cell_len(line.rstrip()) > width and not line.startswith(" ")]
    # a heading or a line that is told whole, for a terminal to break, is no table
    assert not [line for line in long if "─" in line or re.search(r"\d\.\d\d$", line)]
    # one letter below the other is a name in a column without room
    assert not re.search(r"(?m)(^ *[^\W\d_] *\n){2}", narrow.out)


@pytest.mark.parametrize("width", [10, 30, 60, 120])
def test_every_indicator_keeps_its_name_and_its_points(jmrules, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for command, points in (("score", "3.96–10.00*"), ("review", "3.96–10.00")):
        shown = "".join(jmrules(command, OPEN, lang="zh").out.split())
        assert "专项资金支出率" in shown and "新增预算项目事前绩效评估" in shown and points in shown


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40),
    st.lists(st.sampled_from(["—", "10.00", "0.00–25.00"]), min_size=1, max_size=4), st.integers(1, 150), st.integers(0, 3),
)  # fmt: skip
def test_a_line_of_a_table_holds_all_of_its_name_and_cells(name, cells, width, depth):
    out = Terminal(width=width, record=True, file=io.StringIO())
    row("  " * depth, name, cells, [12] * len(cells), out, "")
    text = out.export_text()
    if width >= 60:
        assert all(cell_len(line) <= width for line in text.splitlines())
    for cell in cells:
        assert cell in text
    assert sorted("".join(text.split())) == sorted("".join([name, *cells]))
