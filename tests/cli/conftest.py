"""Run the command in this process, as a reader at a terminal would see it."""

import sys

import pytest
from attrs import frozen

from jmrules.cli import main


@frozen
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def jmrules(monkeypatch, capsys):
    def run(*arguments, lang="en"):
        monkeypatch.setattr(sys, "argv", ["jmrules", *map(str, arguments)])
        monkeypatch.setenv("JMRULES_LANG", lang)
        monkeypatch.setattr("jmrules.cli.common._chosen", None)
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
