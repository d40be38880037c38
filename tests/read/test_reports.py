"""Invented reports of several styles: every figure read, every planted error found, nothing else raised, in every kind of file."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from reports import WRITERS, every

from jmrules.read import audit, read_paper
from jmrules.read.figures import narrow

REPORTS = every()
FILES = [(report, ending) for report in REPORTS for ending in WRITERS]


@pytest.mark.parametrize(("report", "ending"), FILES, ids=lambda each: getattr(each, "name", each))
def test_every_figure_of_a_report_is_read_and_nothing_that_is_none(report, ending, tmp_path):
    paper = read_paper(WRITERS[ending](report, tmp_path / f"report{ending}"))
    found = audit(paper).reading.figures
    read = Counter((figure.value, figure.unit, figure.between is not None) for figure in found)
    due = Counter((figure.value, figure.unit, figure.about) for figure in report.figures)
    assert due - read == Counter()
    assert read - due == Counter()


@pytest.mark.parametrize(("report", "ending"), FILES, ids=lambda each: getattr(each, "name", each))
def test_every_planted_error_is_found_and_no_other(report, ending, tmp_path):
    found = audit(read_paper(WRITERS[ending](report, tmp_path / f"report{ending}"))).matters
    told = [(matter.status, matter.label.zh) for matter in found if matter.status != "agrees"]
    for status, words in report.matters:
        assert any(status == each and words in label for each, label in told), (status, words, told)
    for each, label in told:
        assert any(each == status and words in label for status, words in report.matters), (each, label)


@pytest.mark.parametrize("report", REPORTS, ids=lambda each: each.name)
def test_a_figure_stands_where_it_is_said_to(report, tmp_path):
    for ending, write in WRITERS.items():
        paper = read_paper(write(report, tmp_path / f"report{ending}"))
        for figure in audit(paper).reading.figures:
            block = paper.blocks[figure.spot.block]
            if block.kind == "table":
                assert figure.text in narrow(block.rows[figure.spot.row][figure.spot.column])
            else:
                assert figure.text in narrow(block.text)[figure.spot.start : figure.spot.end]
