"""Message templates: text in which expressions stand in braces, such as ``超出 {outturn - budget|CNY_10k}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import JmrulesError, Place, Problem, Text
from jmrules.ruleset.compiling import compiled
from jmrules.units import unit_of, unknown_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.feel import Compiled
    from jmrules.feel.types import Type

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")


@frozen(eq=False)
class Slot:
    """An expression of a template, and the unit that its number is shown in."""

    expression: Compiled
    unit: str | None = None


@frozen(eq=False)
class Template:
    """Texts and expressions, to be joined."""

    pieces: tuple[str | Slot, ...]


def template_of(text: str, types: Mapping[str, Type]) -> tuple[Template, list[Problem]]:
    """The template that ``text`` writes, with its expressions compiled against ``types``; and what is wrong with it."""
    pieces: list[str | Slot] = []
    problems: list[Problem] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece in ("{{", "}}"):
            pieces.append(piece[0])
        elif match.group(1) is not None:
            slot, wrong = _slot(match.group(1), types)
            problems += [_inside(problem, match.start(1)) for problem in wrong]
            pieces += [] if slot is None else [slot]
        elif piece in "{}":
            problems.append(
                Problem(
                    "stray-brace",
                    Text(f"“{piece}”没有配对", f"a {piece!r} has no partner"),
                    Text("大括号本身写作 {{ 或 }}", "write {{ or }} for a brace itself"),
                    Place(None, None, 1, match.start() + 1),
                )
            )
        else:
            pieces.append(piece)
    return Template(tuple(pieces)), problems


def _slot(inside: str, types: Mapping[str, Type]) -> tuple[Slot | None, list[Problem]]:
    expression, bar, unit = inside.partition("|")
    problems: list[Problem] = []
    if bar and unit_of(unit.strip()) is None:
        problems.append(unknown_unit(unit.strip()).at(Place(None, None, 1, len(expression) + 2)))
    try:
        made = compiled(expression, types)
    except JmrulesError as error:
        return None, [*problems, *error.problems]
    return Slot(made, unit.strip() or None), [*problems, *made.problems]


def _inside(problem: Problem, offset: int) -> Problem:
    """The problem of an expression, placed in the template that holds it."""
    column = problem.place.column
    if problem.place.line not in (None, 1):
        return problem
    return problem.at(Place(None, None, 1, offset + (column or 1)))
