"""A workbook that would unpack without end, declares entities, or reads other files is refused before it is read."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from jmrules.tables import archive
from jmrules.tables.excel import excel_sheets
from jmrules.tables.model import TableError


def workbook(path, changed=None, added=None):
    made = BytesIO()
    book = Workbook()
    book.active["A1"] = 1
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, (changed or {}).get(name, lambda data: data)(source.read(name)))
        for name, data in (added or {}).items():
            target.writestr(name, data)
    return path


def refused(path):
    with pytest.raises(TableError) as caught:
        excel_sheets(path)
    return caught.value.problems[0].code


def test_an_honest_workbook_is_read(tmp_path):
    assert len(excel_sheets(workbook(tmp_path / "a.xlsx"))) == 1


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_entities_and_document_types_are_refused(part, tmp_path):
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    path = workbook(
        tmp_path / "a.xlsx",
        {part: lambda data: declared + data[data.index(b"<", 1) if data.startswith(b"<?") else 0 :]},
    )
    assert refused(path) == "declares-entities"


def test_links_to_other_files_are_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", added={"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    assert refused(path) == "other-files"


def test_what_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", added={"xl/media/image1.png": b"\0" * (20 * 1024**2)})
    assert refused(path) == "unpacks-without-end"
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    assert refused(workbook(tmp_path / "b.xlsx")) == "unpacks-without-end"
