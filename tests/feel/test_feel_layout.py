"""feel/ is one way down: a module imports only what stands above it in the list, and nothing inside a function."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import jmrules.feel

ROOT = Path(jmrules.feel.__file__).parent
#: the order; what stands on one line may know each other as long as there is no circle
ORDER = (
    ("limits", "quotients", "numbers", "problems", "letters", "signs"),
    ("temporal",),
    ("tree", "types", "values", "constants"),
    ("lexer", "vocabulary", "cursor", "operands", "parser"),
    ("coercion",),
    ("scope", "joins"),
    ("functions",),
    ("inference",),
    ("interpreter",),
    ("generation",),
    ("compiled", "api"),
    ("intervals", "meanings", "phrases"),
    ("words",),
    ("",),
    ("possible", "vectors"),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in ROOT.rglob("*.py")}


def imported(module: str, node: ast.AST) -> set[str]:
    """The modules of feel/ that an import statement names."""
    inside = "jmrules.feel"
    if isinstance(node, ast.Import):
        return {alias.name[len(inside) + 1 :] for alias in node.names if f"{alias.name}.".startswith(f"{inside}.")}
    if not isinstance(node, ast.ImportFrom) or not f"{node.module}.".startswith(f"{inside}."):
        return set()
    of = (node.module or "")[len(inside) + 1 :]
    names = {f"{of}.{alias.name}" if of else alias.name for alias in node.names}
    return {name if name in MODULES else of for name in names} - {module}


def runs(tree: ast.Module) -> list[ast.stmt]:
    """The statements that importing a module runs: those for type checkers alone are none."""
    return [node for node in tree.body if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")]


IMPORTS = {module: set().union(*(imported(module, node) for node in runs(tree))) for module, tree in MODULES.items()}


def rank(module: str) -> int:
    return RANK[module.partition(".")[0]]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_what_stands_above_it(module: str) -> None:
    assert [other for other in sorted(IMPORTS[module]) if rank(other) > rank(module)] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_import_hides_in_a_function(module: str) -> None:
    hidden = [
        ast.unparse(node)
        for function in ast.walk(MODULES[module])
        if isinstance(function, (ast.FunctionDef, ast.Lambda))
        for node in ast.walk(function)
        if imported(module, node)
    ]
    assert hidden == []


def test_there_is_no_circle() -> None:
    assert set(TopologicalSorter(IMPORTS).static_order()) == set(MODULES)
