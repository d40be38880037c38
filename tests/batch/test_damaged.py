"""A table that cannot be read says so itself, whatever else is missing beside it."""

import pytest

BYTES = {
    "empty": (b"", "it is empty"),
    "no zip": (b"x", "what is in it is no .xlsx"),
    "cut off": (b"PK\x03\x04garbage", "it is damaged or not whole"),
    "a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it has a password, or is of the old .xls format"),
}


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("command", ["score", "review", "batch", "validate"])
def test_a_damaged_workbook_is_told_as_one(jmrules, tmp_path, name, command):
    file = tmp_path / "a.xlsx"
    file.write_bytes(BYTES[name][0])
    more = ["--ruleset", "mof/department-common-framework@2013"] if command == "batch" else []
    ran = jmrules(command, file, *more)
    assert ran.code == 2 and BYTES[name][1] in ran.err and ran.err.count("error ") == 1
    assert "zip" not in jmrules(command, file, *more, lang="zh").err


def test_a_table_that_is_not_there_is_told_as_one(jmrules, tmp_path):
    ran = jmrules("score", tmp_path / "none.xlsx")
    assert (ran.code == 2 and "no file" in ran.err) or "no such file" in ran.err
