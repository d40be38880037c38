"""docs/next-year.md, followed literally in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

from jmrules import load_ruleset

PAGE = Path(__file__).parents[2] / "docs/next-year.md"
_BLOCK = re.compile(r"(?P<before>[^\n]*)\n+```(?P<kind>shell|json)\n(?P<text>.*?)```", re.DOTALL)
_INSTEAD = re.compile(r"[Ii]n `(?P<file>[^`]+)`, instead of `(?P<old>[^`]+)`:$")
_ABOVE = re.compile(r"In the same file, instead of the changes above:$")
_WHOLE = re.compile(r"in `(?P<file>[^`]+)`, the whole file, ")


def test_the_page_is_what_happens(tmp_path):
    reader = Reader(tmp_path)
    for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"] == "shell":
            reader.console(block["text"])
        else:
            reader.write(block["before"], block["text"].rstrip("\n"))
    assert reader.commands == 12
    ruleset = load_ruleset(tmp_path / "rulesets/yunxi/department-overall/2026.json")
    assert [node.points for node in ruleset.indicators] == [50, 50]


class Reader:
    """Does what the page says, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.status = 0
        self.commands = 0
        #: the file last written, and what was put into it
        self.last = None
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("JMRULES_", "LC_", "LANG"))
        }
        self.environment |= {"COLUMNS": "80", "JMRULES_LANG": "en", "PYTHONIOENCODING": "utf-8"}

    def console(self, text):
        for command, expected in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            assert matches(self.run(command), expected), command

    def run(self, command):
        self.commands += 1
        if command == "echo $?":
            return f"{self.status}\n"
        name, *arguments = command.split()
        assert name == "jmrules"
        done = subprocess.run(
            [str(Path(sys.executable).with_name("jmrules")), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.status = done.returncode
        return done.stdout

    def write(self, said, text):
        if found := _INSTEAD.search(said):
            path = self.folder / found["file"]
            old = found["old"]
        elif _ABOVE.search(said):
            path, old = self.last
        else:
            found = _WHOLE.search(said)
            assert found, said
            path = self.folder / found["file"]
            old = path.read_text(encoding="utf-8").rstrip("\n")
        stated = path.read_text(encoding="utf-8")
        assert stated.count(old) == 1
        path.write_text(stated.replace(old, text), encoding="utf-8")
        self.last = path, text


def matches(output, expected):
    """Whether the output is as the page shows it, "…" standing for anything, and trailing spaces for nothing."""
    lines = [[line.rstrip() for line in text.split("\n")] for text in (output, expected)]
    told, shown = ("\n".join(line for line in part if line) for part in lines)
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern.replace(r"\ +", " +"), told, re.DOTALL) is not None
