"""The edges: for any text, path, table or environment a command ends in a right answer or in a declared error, and a batch is `score` row by row."""

import csv
import io
import json
import re
import sys
from contextlib import chdir
from decimal import Decimal as D
from unittest import mock

import pytest
from attrs import frozen
from hypothesis import assume, event, given
from hypothesis import strategies as st
from openpyxl import Workbook

from batch.test_tables import DOCUMENT, RULESET
from jmrules import JmrulesError, evaluate
from jmrules.cli import main
from jmrules.cli.main import app

SHIPPED = "mof/department-common-framework@2013"
CASE = "rulesets/mof/department-common-framework/cases/2013/pingyuan-water.json"


@frozen
class Ran:
    code: int
    out: bytes
    err: bytes


def run(*arguments, console="utf-8", **environment):
    """The command in this process, at a console of some encoding; whatever it does, it ends as it promises to."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=console) for _ in range(2))
    named = {"JMRULES_LANG": "zh", **environment}
    with (
        mock.patch.multiple(sys, argv=["jmrules", *map(str, arguments)], stdout=out, stderr=err),
        mock.patch("jmrules.cli.common._chosen", None),
        mock.patch.dict("os.environ", named),
        pytest.raises(SystemExit) as stop,
    ):
        main()
    out.flush(), err.flush()
    ran = Ran(stop.value.code or 0, out.buffer.getvalue(), err.buffer.getvalue())
    assert ran.code in (0, 1, 2), (arguments, ran)
    assert b"Traceback" not in ran.err
    assert ran.code != 2 or ran.out + ran.err, arguments
    return ran


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edges")
    (folder / "rules.json").write_text(json.dumps(DOCUMENT), "utf-8")
    return folder


# ---- any file, path, argument, environment

READING = [
    ("score", "{}"), ("validate", "{}"), ("review", "{}"), ("explain", "{}"), ("findings", "{}"), ("score", "{}", "--ruleset", "rules"),
    ("show", "./{}"), ("fmt", "--check", "{}"), ("batch", "{}", "--ruleset", "rules", "-o", "out"), ("rectification", "{}"), ("evidence", "{}"), ("what-if", "{}"),
]  # fmt: skip
STARTS = [
    b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{", b"[", b'{"facts": {', b"PAR1", "部门,年初预算,支出,产出\n".encode(),
    "部门,年初预算,支出,产出\n甲,1,1,[]\n".encode("gb18030"),
]  # fmt: skip


@given(
    st.sampled_from(READING),
    st.sampled_from(["json", "csv", "tsv", "xlsx", "parquet", "arrow", "txt"]),
    st.sampled_from(STARTS),
    st.binary(max_size=60),
)
def test_any_bytes_in_a_file_are_an_answer_or_a_declared_error(folder, command, ending, start, more):
    file = folder / f"any.{ending}"
    file.write_bytes(start + more)
    places = {
        "{}": str(file),
        "./{}": str(file),
        "rules": str(folder / "rules.json"),
        "out": str(folder / "any-out.csv"),
    }
    event(f"{command[0]} {ending} {run(*(places.get(each, each) for each in command)).code}")


NAMES = st.text(max_size=12).filter(lambda name: name == "" or bool(set(name) - set("./"))) | st.sampled_from([
    # no folder above: some commands go through all that is in one, and one rewrites it
    "", "~", "-", "--", "---", "a" * 300, "/dev/null", "/dev/stdin/x", "x\x00y", "无", "con", "\ud800", "[a]", "{}", "%s", "*", "x@", "@2024", "x@y",
    f"{SHIPPED}@1", "mof/../mof@2013", "./rulesets", "rulesets", "\x1b[2J", "\u202e", "@今年", "a@２０２４", "http://x/y.json", "nul\n", "=1",
])  # fmt: skip
COMMANDS = sorted(command.callback.__name__.replace("_", "-") for command in app.registered_commands)


@given(
    st.sampled_from([name for name in COMMANDS if name not in ("monitor", "feel", "new", "test", "fmt")]),
    st.lists(NAMES, min_size=1, max_size=2),
)
def test_any_name_of_a_file_or_ruleset_is_an_answer_or_a_declared_error(folder, command, names):
    with chdir(folder):
        ran = run(command, *names)
    event(f"{command} {ran.code}")


WIDTHS = st.sampled_from(
    ["", "0", "-1", "1", "7", "20", "60", "80", "1000", "x", "８０", "99999999999999999999", " 80"]
)
ANSWERS = [
    ("score", CASE),
    ("review", CASE),
    ("findings", CASE),
    ("show", SHIPPED),
    ("rulesets",),
    ("--help",),
    ("score", "--help"),
    ("score", "无.json"),
    ("explain", CASE),
]
CONSOLES = st.sampled_from(
    ["utf-8", "gbk", "ascii", "cp1252", "cp437", "cp866", "big5", "shift_jis", "utf-16", "euc_kr"]
)


@given(
    st.sampled_from(ANSWERS),
    CONSOLES,
    st.fixed_dictionaries({}, optional={
        "COLUMNS": WIDTHS, "LINES": WIDTHS, "LANG": st.sampled_from(["", "C", "zh_CN.GBK", "xx", "zh"]), "LC_ALL": st.sampled_from(["", "POSIX", "zh_CN.GB18030", "x.y@z"]),
        "JMRULES_LANG": st.sampled_from(["", "zh", "en", "ZH", "fr", "\x1b"]), "TERM": st.sampled_from(["", "dumb", "x"]), "NO_COLOR": st.just("1"), "FORCE_COLOR": st.just("1"),
        "JMRULES_PATH": st.sampled_from(["", ":", "/nowhere", "/dev/null", "无:/无"]), "HOME": st.just("/nowhere"),
    }),
)  # fmt: skip
def test_in_any_environment_an_answer_is_an_answer(arguments, console, environment):
    ran = run(*arguments, console=console, **environment)
    foreign = environment.get("JMRULES_LANG") in ("fr", "\x1b")
    assert ran.code == (2 if "无.json" in arguments else 0) or (foreign and ran.code == 2), ran
    assert (ran.out + ran.err).decode(console)


# ---- a batch is score, row by row


def spelt(value):
    """Ways to write a number that have one meaning each, whatever the cell's type."""
    wide = f"{value:f}".translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.-,"})
    return st.sampled_from(
        [
            f"{value:f}",
            f"{value:,f}",
            wide,
            f" {value:f} ",
            f"\u3000{wide}",
            f"{value:f}万元",
            f"{value * 10:f}千元",
            f"{value * 10000:,f} 元",
        ]
    )


NUMBER = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)
PERCENT = st.decimals(min_value=0, max_value=130, places=2, allow_nan=False, allow_infinity=False)
#: cells that are no number of yuan, or may be two
NO_NUMBER = st.sampled_from(
    [
        "一百",
        "1,23",
        "—",
        "100人",
        "1.2.3",
        "12亿美元",
        "9" * 40,
        "1e9999",
        "#N/A",
        "约8",
        "-",
        "5%",
        "１２，３４",
        "0x10",
        "∞",
        "NaN",
    ]
)
ROW = st.fixed_dictionaries(
    {
        "budget": NUMBER.map(lambda value: value + 1),
        "spent": NUMBER,
        "execution": st.none() | PERCENT,
        "wrong": st.none() | NO_NUMBER,
    }
)
HEADS = {
    "budget": (
        ["年初预算", "年初预算（万元）", "budget", "年初\n预算", "ＢＵＤＧＥＴ", "年初预算 [万元]", "年初预算/万元"],
        1,
    ),
    "千元": (["支出（千元）", "支出(单位：千元)", "支出/千元", "spent（千元）"], 10),
    "元": (["支出（元）", "支出（单位:元）", "支出【元】"], 10000),
    "百万元": (["支出（百万元）", "支出_百万元"], D("0.01")),
    "万元": (["支出", "支出（万元）", "spent"], 1),
}
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"])


@frozen
class Table:
    heads: list
    lines: list
    #: what each row says, as facts; None where it says something wrong
    facts: list
    titles: int


@st.composite
def tables(draw):
    """A table of departments as people keep it, and what it says."""
    rows = draw(st.lists(ROW, min_size=1, max_size=4))
    unit = draw(st.sampled_from(["千元", "元", "百万元", "万元"]))
    names, scale = HEADS[unit]
    heads = [
        "部门",
        draw(st.sampled_from(HEADS["budget"][0])),
        draw(st.sampled_from(names)),
        "产出",
        draw(st.sampled_from(["执行率", "执行率（%）", "execution", "执行率(％)"])),
    ]
    titles = draw(st.sampled_from([[], ["情况表"]]))
    lines, facts = [], []
    for number, row in enumerate(rows):
        spent = f"{row['spent'] * scale:f}" if row["wrong"] is None else row["wrong"]
        percent = (
            None
            if row["execution"] is None
            else draw(st.sampled_from([f"{row['execution']}", f"{row['execution']}%", f"{row['execution']}％"]))
        )
        lines.append([f"局{number}", draw(spelt(row["budget"])), spent, "[]", percent])
        given = {"budget": row["budget"], "spent": row["spent"], "outputs": []}
        facts.append(
            None if row["wrong"] else given | ({} if row["execution"] is None else {"execution": row["execution"]})
        )
    order = draw(st.permutations(range(5)))
    return Table([heads[at] for at in order], [[line[at] for at in order] for line in lines], facts, len(titles))


def as_text(file, table, encoding, separator, line_end):
    out = io.StringIO(newline="")
    # a head with a line break is one cell only where it is quoted
    writer = csv.writer(
        out,
        delimiter=separator,
        lineterminator=line_end,
        quoting=csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL,
    )
    writer.writerows([*[["情况表"]] * table.titles, table.heads, *table.lines])
    file.write_bytes(out.getvalue().encode(encoding))


def as_excel(file, table, draw):
    """The same, figures as numbers here and there, percentages as Excel stores them."""
    book = Workbook()
    sheet = book.active
    for line in [*[["情况表"]] * table.titles, table.heads, *table.lines]:
        sheet.append(line)
    for row in sheet.iter_rows(min_row=table.titles + 2):
        for cell in row:
            text = str(cell.value or "")
            if re.fullmatch(r"\d+(\.\d+)?%", text) and draw(st.booleans()):
                cell.value, cell.number_format = (
                    float(D(text[:-1]).scaleb(-2)),
                    draw(st.sampled_from(["0%", "0.00%", "0.0000%"])),
                )
            elif re.fullmatch(r"\d{1,12}(\.\d+)?", text) and draw(st.booleans()):
                cell.value, cell.number_format = float(text), draw(st.sampled_from(["General", "0.00", "#,##0", "0"]))
    book.save(file)


def told(facts):
    """The points of facts given to ``evaluate``; None where they have none."""
    try:
        return None if facts is None else evaluate(RULESET, facts).total
    except JmrulesError:
        return None


def held(folder, file, table):
    """Every row of a batch is what `score` says of that row and of its values; what it cannot score, it tells of, with the row."""
    output = folder / "scores.csv"
    output.unlink(missing_ok=True)
    rules = ("--ruleset", folder / "rules.json")
    ran = run("batch", file, *rules, "-o", output, "--key", "部门")
    right = [told(facts) for facts in table.facts]
    assert ran.code == (0 if None not in right else 1 if any(each is not None for each in right) else 2), ran
    with output.open(encoding="utf-8-sig", newline="") as opened:
        found = [D(line["total"]) if line["total"] else None for line in csv.DictReader(opened)]
    assert found == right
    rejects = output.with_suffix(".rejects.csv")
    rows = (
        [int(line["行"]) for line in csv.DictReader(rejects.open(encoding="utf-8-sig", newline=""))]
        if None in right
        else []
    )
    first = table.titles + 2
    assert sorted(set(rows)) == [first + at for at, each in enumerate(right) if each is None]
    for at, each in enumerate(right):
        alone = run("score", file, *rules, "--row", first + at, "--json")
        assert alone.code == (2 if each is None else 0), alone
        if each is not None:
            assert D(json.loads(alone.out, parse_float=D)["total"]) == each


@given(tables(), ENCODINGS, st.sampled_from([",", "\t", ";", "|"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_batch_of_text_is_score_row_by_row(folder, table, encoding, separator, line_end):
    # with semicolons a comma may be a decimal point: 1,234 is asked about there
    assume(separator != ";" or not any("," in str(cell or "") for line in table.lines for cell in line))
    file = folder / "text.csv"
    as_text(file, table, encoding, separator, line_end)
    held(folder, file, table)


@given(tables(), st.data())
def test_a_batch_of_a_workbook_is_score_row_by_row(folder, table, data):
    file = folder / "book.xlsx"
    as_excel(file, table, data.draw)
    held(folder, file, table)


OTHERS = st.sampled_from(["big5", "shift_jis", "euc_kr", "cp1252", "utf-7", "koi8-r", "utf-16-le", "gb18030", "utf-8"])


@given(tables(), OTHERS, st.binary(max_size=3), st.sampled_from([",", "\t", ";", "|", ":", " ", "、"]))
def test_text_of_any_encoding_is_read_right_or_refused(folder, table, encoding, damage, separator):
    file = folder / "other.csv"
    as_text(file, table, "utf-8", separator, "\n")
    content = file.read_text("utf-8").encode(encoding, "replace")
    at = len(content) // 2
    file.write_bytes(content[:at] + damage + content[at:])
    output = folder / "other-scores.csv"
    output.unlink(missing_ok=True)
    ran = run("batch", file, "--ruleset", folder / "rules.json", "-o", output, "--key", "部门")
    event(f"{encoding} {ran.code}")
    if damage or ran.code == 2:
        return
    with output.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.DictReader(opened))
    right = [told(facts) for facts in table.facts]
    # never another number than the right one; a row that cannot be read is told of
    assert len(lines) == len(right)
    assert all(line["total"] == "" or D(line["total"]) == each for line, each in zip(lines, right, strict=True))
