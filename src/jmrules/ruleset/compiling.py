"""Compile an expression once for all the rulesets that hold it: overlays, years and mutants share most of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from jmrules import feel
from jmrules.errors import Problem, Text
from jmrules.feel import empty_ranges, tree
from jmrules.memo import by_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.feel import Compiled
    from jmrules.feel.types import Type


def compiled(text: str, known: Mapping[str, Type], *, unary: bool = False) -> Compiled:
    """What :func:`jmrules.feel.compile` makes of a text; the same value where the names in it have the same types.

    A range that holds nothing is a problem too: in a ruleset it is a slip.
    """
    types = tuple((name, known[name]) for name in _names(text, unary) if name in known)
    found = _compiled(text, types, unary)
    # Hints for what is wrong draw on every name that is known.
    return _checked(feel.compile(text, known, unary=unary)) if found.problems else found


@by_text(4_000_000)
def _compiled(text: str, types: tuple[tuple[str, Type], ...], unary: bool) -> Compiled:
    return _checked(feel.compile(text, dict(types), unary=unary))


def _checked(made: Compiled) -> Compiled:
    empty = empty_ranges(made.tree, made.text)
    return evolve(made, problems=(*made.problems, *empty)) if empty else made


@by_text(4_000_000)
def _names(text: str, unary: bool) -> tuple[str, ...]:
    root = feel.parse_unary_tests(text) if unary else feel.parse(text)
    names = dict.fromkeys(node.name for node in tree.walk(root) if isinstance(node, tree.Name))
    return (tree.INPUT, *names) if unary else tuple(names)


def constant_tests(tests: str, kind: Type, pointer: str) -> Iterator[tuple[str, Problem]]:
    """Problems of unary tests that must compare constants with a value of type ``kind``."""
    found = compiled(tests, {"?": kind}, unary=True)
    for problem in found.problems:
        yield pointer, problem
    if any(name != ("?",) for name in found.names) and not found.problems:
        yield pointer, not_constant()


def not_constant() -> Problem:
    """That something stands where only constants can."""
    return Problem(
        "not-constant",
        Text("此处只能用常数", "only constants can stand here"),
        Text('例如 <= 0.10、(0.10..0.20]、"是"', 'such as <= 0.10, (0.10..0.20], "yes"'),
    )
