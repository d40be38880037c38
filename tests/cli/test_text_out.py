"""What leaves the command: no data is markup, no control character is sent, any console will do, documents are UTF-8."""

import io
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmrules.cli.help import GROUPS
from jmrules.cli.main import app
from jmrules.cli.output import styled
from jmrules.cli.visible import one_line, visible

REPORT = "rulesets/mof/department-common-framework/cases/2013/pingyuan-water.json"
COMMANDS = [command.callback.__name__.replace("_", "-") for command in app.registered_commands]
NASTY = "教育局[a] [bold red]x[/] [link=http://x]y[/link] :smile: \x1b[31m\x07\x9b\u202e\u2066 \\[/]"


@pytest.fixture
def nasty(tmp_path):
    from jmrules.documents import parse, pretty

    value = parse(Path(REPORT).read_text("utf-8")).value
    value = json.loads(pretty(value))
    value["subject"]["name"] = NASTY
    for document in value.get("documents", {}).values():
        document["title"] = NASTY
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


@pytest.mark.parametrize("command", ["score", "explain", "review", "evidence", "findings", "sensitivity"])
def test_data_is_no_markup_and_no_control_character_is_sent(jmrules, nasty, command):
    ran = jmrules(command, nasty)
    assert ran.code == 0, ran.err
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.out)
    if command != "explain":
        shown = "".join(ran.out.split())
        assert "教育局[a][boldred]x[/][link=http://x]y[/link]:smile:\u241b[31m\u2407" in shown
        assert "\\[/]" in shown


def test_a_control_character_in_a_key_is_shown_in_the_error(jmrules, tmp_path):
    file = tmp_path / "facts.json"
    text = Path(REPORT).read_text("utf-8").replace('"facts": {', '"facts": {"bad\\u001b[2J\\nkey": 1, ', 1)
    file.write_text(text, encoding="utf-8")
    ran = jmrules("score", file)
    assert ran.code == 2 and "\x1b" not in ran.err and "bad" in ran.err
    assert all(line.startswith(("error", "  ", "1", "2", "3")) for line in ran.err.splitlines())


@given(st.text(max_size=30))
def test_parts_of_a_line_are_text_and_nothing_else(text):
    line = styled("[bold]{}[/] · {}", text, styled("[dim]{}[/]", text))
    assert line.plain == f"{visible(text)} · {visible(text)}"
    assert one_line(text).isprintable() or not text.isprintable()
    assert len(visible(text)) == len(text)


class _Console(io.TextIOWrapper):
    """A console of some encoding."""

    def __init__(self, encoding):
        super().__init__(io.BytesIO(), encoding=encoding)

    def text(self):
        self.flush()
        return self.buffer.getvalue()


@settings(max_examples=25)
@given(
    encoding=st.sampled_from(["utf-8", "gbk", "gb18030", "ascii", "cp1252", "cp437", "big5", "shift_jis", "koi8-r"]),
    arguments=st.sampled_from(
        [
            ("score", REPORT),
            ("rulesets",),
            ("show", "mof/department-common-framework@2013"),
            ("--help",),
            ("score", "无.json"),
        ]
    ),
    language=st.sampled_from(["zh", "en"]),
)
def test_any_console_encoding_works(encoding, arguments, language):
    from jmrules.cli import main

    kept = sys.argv, sys.stdout, sys.stderr
    sys.argv, sys.stdout, sys.stderr = (
        ["jmrules", *arguments, "--lang", language],
        _Console(encoding),
        _Console(encoding),
    )
    out, err = sys.stdout, sys.stderr
    try:
        with pytest.raises(SystemExit) as stop:
            main()
    finally:
        sys.argv, sys.stdout, sys.stderr = kept
    assert stop.value.code == (2 if "无.json" in arguments else 0)
    assert (out.text() + err.text()).decode(encoding)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_documents_are_utf_8_whatever_the_console(monkeypatch, encoding):
    from jmrules.cli import main

    console = _Console(encoding)
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(sys, "argv", ["jmrules", "score", REPORT, "--json"])
    with pytest.raises(SystemExit):
        main()
    assert "得" in console.text().decode("utf-8")
    assert json.loads(console.text().decode("utf-8"))["total"]


def test_every_command_is_in_one_group():
    grouped = [name for _, _, names in GROUPS for name in names]
    assert sorted(grouped) == sorted(COMMANDS)


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_in_one_language(jmrules, command, language):
    ran = jmrules(
        *([command] if command else []), "--help", "--lang", language, lang="en" if language == "zh" else "zh"
    )
    assert ran.code == 0
    if language == "en":
        assert not re.search("[\u4e00-\u9fff]", ran.out), ran.out
    else:
        assert "用法：" in ran.out and "Show this" not in ran.out
        words = re.sub(r"[A-Z@|:=.\[\]<>]{2,}|--?[\w-]+|<[^>]*>|\b[a-z_-]+\b", "", ran.out)
        assert re.search("[\u4e00-\u9fff]", words)


@pytest.mark.parametrize("command", COMMANDS)
def test_errors_are_json_on_every_command(jmrules, command):
    for arguments in ((command, "--no-such-option"), (command, "无.json", "无.json")):
        ran = jmrules(*arguments, "--json")
        if ran.code == 0:
            continue
        assert ran.code == 2, (arguments, ran)
        document = json.loads(ran.err.splitlines()[0])
        for error in document["errors"]:
            assert error["code"] and error["zh"] and error["en"] and set(error) == {"code", "zh", "en", "hint", "place"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scroe",), "there is no command scroe"), (("score",), "FACTS is missing"),
        (("score", "x", "--trsut", "a"), "there is no option --trsut"), (("score", "x", "--trust", "a"), "--trust cannot be so"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_one_declared_error(jmrules, arguments, words):
    ran = jmrules(*arguments)
    assert ran.code == 2 and words in ran.err and ran.out == ""
    assert re.search("[\u4e00-\u9fff]", jmrules(*arguments, lang="zh").err)


SHIPPED = Path(__file__).parents[2] / "rulesets"
READ = (
    "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json",
    "jiangmen/department-overall/cases/2024/yunxi-transport.json",
    "hunan/department-overall/cases/2019/liyuan-transport.json",
    "mof/project-self-evaluation/cases/2020/qingshi-archive-scanning.json",
    "mof/department-common-framework/cases/2013/pingyuan-sports.json",
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", READ)
def test_people_read_no_identifier(case, language, jmrules):
    for command in ("score", "findings", "explain", "review", "evidence", "rectification", "what-if"):
        ran = jmrules(command, SHIPPED / case, "--lang", language)
        assert ran.code == 0
        # the code of a document's kind stands behind its name, for it is what a facts file must say
        told = re.sub(r" [a-z_]+ *$", "", ran.out, flags=re.MULTILINE) if command == "evidence" else ran.out
        assert not re.findall(r"[a-z]+_[a-z_0-9]+|[`{}]|\bnull\b|E\+", told), command
