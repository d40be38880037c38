"""The shares of a leaf that are still possible."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, frozen

if TYPE_CHECKING:
    from jmrules.errors import JmrulesError


@frozen(eq=False)
class Shares:
    """Shares from ``low`` to ``high``, or none at all; and why there may be none."""

    low: Fraction | None = None
    high: Fraction | None = None
    error: JmrulesError | None = None

    def failing_too(self, error: JmrulesError | None) -> Shares:
        """The same, which also may be undefined."""
        return self if error is None or self.error is not None else evolve(self, error=error)

    def joined(self, other: Shares) -> Shares:
        """Either of both."""
        error = self.error or other.error
        if self.low is None or self.high is None:
            return evolve(other, error=error)
        if other.low is None or other.high is None:
            return evolve(self, error=error)
        return Shares(min(self.low, other.low), max(self.high, other.high), error)


NO_SHARES = Shares()


def exactly(share: Fraction) -> Shares:
    """One share, which is certain."""
    return Shares(share, share)
