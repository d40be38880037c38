"""One evaluation of one tree: its strictness, its diagnostics, and the table of what to do at each kind of node."""

from __future__ import annotations

from decimal import Decimal, DecimalException, localcontext
from typing import TYPE_CHECKING, Any

from jmrules.errors import LimitError
from jmrules.feel import limits
from jmrules.feel.numbers import CONTEXT, LONG, Number
from jmrules.feel.problems import FeelError, place_of, problem
from jmrules.feel.quotients import is_exact
from jmrules.feel.tree import position

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.errors import Place, Problem
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
        #: the node that was last begun, for errors that do not say where they arise
        self.at: Node | None = None

    def value(self, node: Node, frame: Frame) -> Any:
        """The value of ``node`` with the names of ``frame``."""
        limits.spend()
        self.at = node
        return HANDLERS[type(node)](self, node, frame)

    def weigh(self, number: Number) -> None:
        """Count a number as work, as long as it is; the work of a quotient is counted where it is made."""
        if self.exact and type(number) is Decimal and (size := number.__sizeof__()) > _SHORT:
            limits.spend(size >> 4)

    def fail(self, node: Node, code: str, zh: str, en: str, hint: tuple[str, str] | None = None) -> None:
        """No value at ``node``: a diagnostic, or FeelError where the run is strict; the caller gives null."""
        found = problem(code, zh, en, hint, place_of(self.text, position(node)))
        if self.strict:
            raise FeelError(found)
        if len(self.diagnostics) < _MAX_DIAGNOSTICS:
            self.diagnostics.append(found)

    def whole(self, node: Node, frame: Frame) -> Any:
        """The value of a whole tree, computed in the arithmetic in force and within the bounds of ``limits``."""
        with localcontext(LONG if self.exact else CONTEXT), limits.metered():
            try:
                return self.value(node, frame)
            except LimitError as limit:
                raise self._placed(limit) from None
            except RecursionError:
                raise self._placed(limits.limit_reached("求值嵌套过深", "the evaluation nests too deep")) from None
            except DecimalException:
                overflow = problem("feel-overflow", "数超出范围", "a number is out of range", None, self._place())
                raise FeelError(overflow) from None

    def _placed(self, limit: LimitError) -> LimitError:
        """The error with its place in the text, unless it came with one from an evaluation that a name stands for."""
        if limit.expression is not None:
            return limit
        placed = limit.placed(self._place())
        placed.expression = self.text
        return placed

    def _place(self) -> Place:
        return place_of(self.text, position(self.at) if self.at else 0)


def handles(*kinds: type[Node]) -> Callable[[Handler], Handler]:
    """Register a function as what to do at nodes of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            HANDLERS[kind] = handler
        return handler

    return register
