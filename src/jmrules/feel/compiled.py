"""A text, read, checked and prepared once, for many evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.generation import generate
from jmrules.feel.inference import analyse
from jmrules.feel.interpreter import interpret
from jmrules.feel.parser import parse, parse_unary_tests
from jmrules.memo import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.errors import Problem
    from jmrules.feel.types import Type

    Path = tuple[str, ...]


@frozen(eq=False)
class Compiled(Keeper):
    """An expression or unary tests, ready to evaluate; it is immutable, and threads may share it."""

    text: str
    tree: t.Expression | t.UnaryTests
    #: the type of the result; that of unary tests is boolean
    type: Type
    #: what it reads: names, each with the members read of it, in order of first occurrence; ``?`` is not among them
    names: tuple[Path, ...]
    #: what is certain to go wrong, found without evaluating
    problems: tuple[Problem, ...]
    #: the value for the values of ``names``, by position; before them, for unary tests, the value tested.
    #: The decimal context of the thread must be ``CONTEXT`` or ``EXACT``. Raises FeelError where there is no value,
    #: LimitError where a bound is reached.
    function: Callable[..., Any] = field(repr=False)
    _types: Mapping[str, Type] | None = field(repr=False, default=None)

    def strict(self, context: Mapping[str, Any]) -> Any:
        """The value for the names in ``context``, read lazily: a name is looked up when it is first needed.

        The value that unary tests test is the name ``?``. Raises FeelError where there is no value, LimitError where a bound is reached.
        """
        return interpret(self.tree, self.text, context, strict=True)[0]

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.text, self._types, isinstance(self.tree, t.UnaryTests))


def _again(text: str, types: Mapping[str, Type] | None, unary: bool) -> Compiled:
    return compile(text, types, unary=unary)


def compile(
    source: str | t.Expression | t.UnaryTests, types: Mapping[str, Type] | None = None, *, unary: bool = False
) -> Compiled:
    """Read, check and prepare an expression, or unary tests where ``unary``.

    ``types`` declares the outer names, and under ``?`` the value tested; without them any name may be anything. Raises
    FeelSyntaxError for a text that is not FEEL. What types show to be wrong is in ``.problems``, not raised.
    """
    if isinstance(source, str):
        text = source
        names = () if types is None else _known_names(types)
        tree: t.Expression | t.UnaryTests = parse_unary_tests(text, names) if unary else parse(text, names)
    else:
        text, tree = "", source
    analysis = analyse(tree, text, types)
    reads = tuple(analysis.reads)
    parameters = reads if not isinstance(tree, t.UnaryTests) else ((t.INPUT,), *reads)
    careful = _careful(tree, text, parameters)
    function = None if types is None else generate(tree, text, analysis, parameters, careful)
    kind = analysis.types[id(tree)]
    return Compiled(text, tree, kind, reads, tuple(analysis.problems), function or careful, types)


def _careful(tree: t.Node, text: str, parameters: tuple[Path, ...]) -> Callable[..., Any]:
    """The careful reading as a function of the values of ``parameters``."""

    def function(*values: Any) -> Any:
        return interpret(tree, text, nested(parameters, values), strict=True)[0]

    return function


def nested(paths: tuple[Path, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """The context in which every path has its value; where one path continues another, the shorter one counts."""
    context: dict[str, Any] = {}
    whole = set(paths)
    for path, value in zip(paths, values, strict=True):
        if any(path[:length] in whole for length in range(1, len(path))):
            continue
        inner = context
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    return context


def _known_names(types: Mapping[str, Type]) -> list[str]:
    """The declared names, at every depth, that a parser must know because they are not single words."""
    names: dict[str, None] = {}
    stack = list(types.items())
    while stack:
        name, kind = stack.pop()
        if not name.isidentifier():
            names[name] = None
        kind = ft.bare(kind)
        while isinstance(kind, ft.ListType):
            kind = ft.bare(kind.item)
        if isinstance(kind, ft.ContextType):
            stack.extend(kind.fields)
    return list(names)
