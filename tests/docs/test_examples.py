"""Every example of the documentation is run: files are written, commands give the output shown, Python passes."""

import re
import shlex
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from jmrules.cli import main

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.M | re.S)
PAGES = sorted(page.name for page in DOCS.glob("*.md") if "```console" in page.read_text(encoding="utf-8"))


def run(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr("jmrules.cli.common._chosen", None)
    with suppress(SystemExit):
        main()
    captured = capsys.readouterr()
    return captured.out + captured.err


def lines(text):
    return [line.rstrip() for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for language, file, body in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if file:
            Path(file).write_text(body, encoding="utf-8")
        elif language == "python":
            exec(compile(body, page, "exec"), {})
        elif language == "console":
            for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", body, re.M):
                found = run(shlex.split(command), monkeypatch, capsys)
                assert lines(found) == lines(expected), command
