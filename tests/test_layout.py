"""The rooms of src/jmrules: data goes one way down their list, and nothing imports against it (docs/code.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
#: a room imports rooms that stand before it, and itself
ROOMS = (
    "brief", "frozen", "memo", "errors", "extras", "units", "formats", "resources", "rounding", "quantities",
    "documents", "tables", "feel", "methods", "ruleset", "facts", "plan", "score", "rules", "crossfoot", "trace", "findings", "evaluation",
    "replaying", "review", "whatif", "cases", "monitor", "batch", "compare", "read",
    "report", "cli",
)  # fmt: skip

#: below a room, what others may enter beside its package: parts with an identity of their own, and what needs more packages
DOORS = {
    "feel.possible", "feel.possible.operators", "feel.temporal", "feel.tree", "feel.types", "feel.vectors",
    "methods.changes", "methods.mean", "methods.shapes", "methods.shares", "methods.wording",
    "ruleset.rule_texts", "ruleset.score_table", "ruleset.table_draft",
    "score.bounds", "score.columns", "score.exact", "rules.bounds", "rules.columns",
    "batch.spark", "compare.table", "facts.forms", "facts.forms.cells", "feel.vectors.exactly",
}  # fmt: skip


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules of the package that a module names anywhere: on top, in a function, or for types alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "jmrules":
            assert not node.level
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "jmrules"}
    return found


IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def room(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("module", [name for name in MODULES if name != "jmrules"])
def test_a_module_imports_only_rooms_that_stand_before_its_own(module):
    assert room(module) in ROOMS
    below = [other for other in IMPORTS[module] if other != "jmrules"]
    against = [other for other in below if ROOMS.index(room(other)) > ROOMS.index(room(module))]
    assert not against


def is_door(module: str) -> bool:
    return module.count(".") <= 1 or module.removeprefix("jmrules.") in DOORS


def names_given(module: str) -> list[str]:
    """What a package says that it gives."""
    if MODULES[module].name != "__init__.py":
        return []
    assigned = (node for node in ast.parse(MODULES[module].read_text("utf-8")).body if isinstance(node, ast.Assign))
    return next((ast.literal_eval(node.value) for node in assigned if ast.unparse(node.targets[0]) == "__all__"), [])


def entered(module: str) -> Iterator[tuple[str, str]]:
    """The modules of other rooms that a module imports from, each with the name that it takes from there."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("jmrules."):
            for alias in node.names:
                if room(node.module) != room(module):
                    yield node.module, alias.name


@pytest.mark.parametrize("module", [name for name in MODULES if name != "jmrules"])
def test_a_room_is_entered_by_a_door_that_says_what_it_gives(module):
    for door, name in entered(module):
        inner, taken = f"{door}.{name}", f"{door}: {name}"
        assert not name.startswith("_"), taken
        assert is_door(door), taken
        if MODULES[door].name == "__init__.py":
            assert name in names_given(door) or (inner in MODULES and is_door(inner)), taken


def test_there_is_no_circle_of_modules():
    try:
        tuple(TopologicalSorter({name: found - {"jmrules"} for name, found in IMPORTS.items()}).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_room_says_what_it_gives():
    for name, path in MODULES.items():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), name


def test_the_page_about_the_code_draws_the_rooms_in_their_order():
    page = (ROOT / "docs/code.md").read_text("utf-8")
    drawn = re.findall(r"^  ([a-z]+)(?:/|\.py) ", page, re.M)
    existing = {room(name) for name in MODULES if name != "jmrules"}
    assert [name for name in ROOMS if name in existing] == drawn


def test_tests_stand_in_folders_named_as_the_rooms():
    beside = {"laws", "naive", "strategies", "docs", "bench"}
    folders = {path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("*.py"))}
    assert folders <= {*ROOMS, *beside}
