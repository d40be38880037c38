"""Expressions of a method, and what every shape of one can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel import SCORES
from jmrules.memo import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Set
    from fractions import Fraction

    from jmrules.feel import Compiled


@frozen(eq=False)
class Call(Keeper):
    """An expression and the slots that it reads."""

    expression: Compiled
    #: slot of each of the expression's names, in their order; None where one is no single slot
    slots: tuple[int, ...] | None
    #: where it stands in the ruleset document
    pointer: str

    def blocked_by(self, failed: Set[str]) -> bool:
        """Whether it reads a derived value or a score that could not be computed."""
        return bool(failed) and any(
            name[0] in failed or (name[0] == SCORES and (len(name) < 2 or name[1] in failed))
            for name in self.expression.names
        )


@frozen(eq=False)
class BaseShape:
    """What every shape can be asked."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The expressions that it reads, in order."""
        raise NotImplementedError

    @property
    def fields_read(self) -> frozenset[str]:
        """The fields of list items that it reads by name."""
        return frozenset()

    @property
    def turns(self) -> tuple[Fraction, ...]:
        """The constants that its number is compared with."""
        return ()

    @property
    def simple(self) -> tuple[Any, ...]:
        """Itself, or the shapes that it is made of."""
        return (self,)

    @property
    def branching(self) -> bool:
        """Whether it depends on values which of its expressions are read."""
        return False

    def path(self, read: Callable[[Call], Any]) -> None:
        """Read what it takes to tell its share, in order."""
        for call in self.calls:
            read(call)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The share, by the values of its expressions; raises Undefined."""
        raise NotImplementedError
