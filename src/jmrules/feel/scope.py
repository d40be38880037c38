"""Names and their values while an expression is evaluated: frames, innermost first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jmrules.feel.values import feel_value

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Missing:
    """The mark of a name without value."""


MISSING: Final = _Missing()


class Frame:
    """The names that one construct introduces, and the frame around it."""

    __slots__ = ("names", "outer")

    def __init__(self, names: dict[str, Any], outer: Frame | None) -> None:
        self.names = names
        self.outer = outer

    def find(self, name: str) -> Any:
        """The value of the innermost ``name``, or MISSING."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.names.get(name, MISSING)
            if value is not MISSING:
                return value
            if frame.outer is None:
                return frame.outside(name)
            frame = frame.outer
        return MISSING

    def outside(self, name: str) -> Any:
        """The value of a name that no frame introduces."""
        return MISSING

    def visible(self) -> list[str]:
        """The names that can be seen from here."""
        return [*self.names, *(self.outer.visible() if self.outer else ())]


class Outermost(Frame):
    """The names that the caller gives. A name is read when it is needed, once."""

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__({}, None)
        self._given = given

    def outside(self, name: str) -> Any:
        try:
            value = self._given[name]
        except KeyError:
            return MISSING
        self.names[name] = value = feel_value(value)
        return value

    def visible(self) -> list[str]:
        return [name for name in self._given if isinstance(name, str)]
