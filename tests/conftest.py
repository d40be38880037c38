"""The command run in this process; and hypothesis profiles: a moderate one by default, ``--hypothesis-profile=thorough`` for a long look, or ``quick``."""

import sys

import pytest
from attrs import frozen
from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: nothing here measures time.
settings.register_profile(
    "default",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("default"), max_examples=20)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2000)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    """Lines are as wide as where the output is no terminal, whatever runs the tests."""
    monkeypatch.delenv("COLUMNS", raising=False)


@frozen
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def jmrules(monkeypatch, capsys):
    """Run the command with arguments; its exit code, and what a reader at a terminal would see."""

    from jmrules.cli import main

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
