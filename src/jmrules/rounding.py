"""Rounding of exact quotients to whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: how ties, or parts, are rounded
Mode = Literal["half up", "half even", "half down", "up", "down"]


@frozen
class OwnRounding:
    """Rounding of one leaf, or of the items of a list; in the ruleset's mode where it has none of its own."""

    digits: int
    mode: Mode | None = None


def half_up(top: int, bottom: int) -> int:
    """top / bottom to the nearest whole number, ties up."""
    return (2 * top + bottom) // (2 * bottom)


def half_down(top: int, bottom: int) -> int:
    """top / bottom to the nearest whole number, ties down."""
    return -((bottom - 2 * top) // (2 * bottom))


def half_even(top: int, bottom: int) -> int:
    """top / bottom to the nearest whole number, ties to the even one."""
    whole, rest = divmod(top, bottom)
    return whole + (2 * rest > bottom or (2 * rest == bottom and whole % 2))


def up(top: int, bottom: int) -> int:
    """The least whole number not below top / bottom."""
    return -(-top // bottom)


def down(top: int, bottom: int) -> int:
    """The greatest whole number not above top / bottom."""
    return top // bottom


ROUND: dict[Mode, Callable[[int, int], int]] = {
    "half up": half_up,
    "half down": half_down,
    "half even": half_even,
    "up": up,
    "down": down,
}


def rounded(mode: Mode, top: int, bottom: int) -> int:
    """top / bottom to a whole number; what is below 0 as what is above it, with the sign."""
    return ROUND[mode](top, bottom) if top >= 0 else -ROUND[mode](-top, bottom)


def largest_remainder(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` in whole parts in proportion to ``weights``; what is left goes to the largest remainders, earliest first."""
    total = sum(weights)
    parts = [amount * weight // total for weight in weights]
    remainders = [amount * weight % total for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in order[: amount - sum(parts)]:
        parts[index] += 1
    return parts
