"""One evaluation of one tree: its strictness, its diagnostics, and the table of what to do at each kind of node."""

from __future__ import annotations

from decimal import Decimal, DecimalException, localcontext
from typing import TYPE_CHECKING, Any

from jmrules.errors import LimitError
from jmrules.feel import limits
from jmrules.feel.joins import Joiner
from jmrules.feel.numbers import CONTEXT, LONG, Number
from jmrules.feel.problems import DividedByZero, FeelError, place_of, problem
from jmrules.feel.quotients import is_exact
from jmrules.feel.tree import position, registering, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.errors import Problem
    from jmrules.feel.joins import Join
    from jmrules.feel.scope import Frame
    from jmrules.feel.tree import Node
    from jmrules.feel.types import Type

    Handler = Callable[["Run", Any, Frame], Any]

#: what each kind of node does; filled by the modules of this package
HANDLERS: dict[type[Node], Handler] = {}

#: bytes of a number that is no more work than any
_SHORT = 200
#: diagnostics kept of one evaluation
_MAX_DIAGNOSTICS = 100


class Run:
    """The state of one evaluation."""

    def __init__(self, text: str, *, strict: bool, types: Mapping[str, Type] | None = None) -> None:
        self.text = text
        self.strict = strict
        #: types that expressions may name, beside FEEL's own
        self.types = types or {}
        self.diagnostics: list[Problem] = []
        #: whether numbers are exact, and then their length is work
        self.exact = is_exact()
        #: calls of the author's own functions that are open
        self.calls = 0
        self._weights: dict[int, int] = {}
        self._joiners: dict[int, Joiner | None] = {}
        #: the node that was last begun, for errors that do not say where they arise
        self.at: Node | None = None

    def value(self, node: Node, frame: Frame) -> Any:
        """The value of ``node`` with the names of ``frame``."""
        self.at = node
        return HANDLERS[type(node)](self, node, frame)

    def weight(self, body: Node) -> int:
        """``tree.weight``, remembered."""
        if id(body) not in self._weights:
            self._weights[id(body)] = weight(body)
        return self._weights[id(body)]

    def joiner(self, node: Node, join_of: Callable[[Any], Join | None]) -> Joiner | None:
        """The join that the loop at ``node`` is, as far as this evaluation has come; None where it is none."""
        if id(node) not in self._joiners:
            join = join_of(node)
            self._joiners[id(node)] = None if join is None else Joiner(join)
        return self._joiners[id(node)]

    def weigh(self, number: Number) -> None:
        """Count a number as work, as long as it is; the work of a quotient is counted where it is made."""
        if self.exact and type(number) is Decimal and (size := number.__sizeof__()) > _SHORT:
            limits.spend(size >> 2)

    def fail(
        self,
        node: Node,
        code: str,
        zh: str,
        en: str,
        hint: tuple[str, str] | None = None,
        *,
        divisor: str | None = None,
    ) -> None:
        """No value at ``node``: a diagnostic, or FeelError where the run is strict; the caller gives null."""
        found = problem(code, zh, en, hint, place_of(self.text, position(node)))
        if divisor is not None:
            found = DividedByZero(found.code, found.message, found.hint, found.place, divisor)
        if self.strict:
            raise FeelError(found)
        if len(self.diagnostics) < _MAX_DIAGNOSTICS:
            self.diagnostics.append(found)

    def whole(self, node: Node, frame: Frame) -> Any:
        """The value of a whole tree, computed in the arithmetic in force; ``limits`` must bound its work."""
        with localcontext(LONG if self.exact else CONTEXT):
            try:
                return self.value(node, frame)
            except LimitError as limit:
                raise limits.of_expression(limit, self.text) from None
            except RecursionError:
                too_deep = limits.limit_reached("求值嵌套过深", "the evaluation nests too deep")
                raise limits.of_expression(too_deep, self.text) from None
            except DecimalException:
                place = place_of(self.text, position(self.at) if self.at else 0)
                raise FeelError(
                    problem("feel-overflow", "数超出范围", "a number is out of range", None, place)
                ) from None


#: decorator: register a function as what to do at nodes of these kinds
handles = registering(HANDLERS)
