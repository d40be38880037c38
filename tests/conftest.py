"""The command run in this process; and hypothesis profiles: a moderate one by default, ``--hypothesis-profile=thorough`` for a long look, or ``quick``."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

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


@pytest.fixture(scope="session")
def node_packages(tmp_path_factory):
    """The folder of what other languages read schemas and types with, installed once; skips where there is no node."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node")
    folder = Path(__file__).parent / "node"
    if not (folder / "node_modules").is_dir():
        made = tmp_path_factory.mktemp("node")
        shutil.copy(folder / "package.json", made)
        quiet = ("--no-package-lock", "--no-audit", "--no-fund")
        subprocess.run(["npm", "install", *quiet], cwd=made, check=True, capture_output=True)
        beside = folder / f"node_modules.{os.getpid()}"
        shutil.copytree(made / "node_modules", beside, symlinks=True)
        with suppress(OSError):  # another worker was quicker
            beside.rename(folder / "node_modules")
        shutil.rmtree(beside, ignore_errors=True)
    return folder


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
