"""Where the points of excluded leaves go. Points are whole numbers of quanta, and their sum never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.rounding import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: a child of a group: a leaf by its number, a group by its id
Child = int | str


@frozen(eq=False)
class Sheet:
    """The points of a sheet before anything is excluded."""

    #: stated points of each leaf
    quanta: tuple[int, ...]
    #: of each leaf, the leaves that receive its points; none: its siblings
    recipients: tuple[tuple[int, ...], ...]
    roots: tuple[Child, ...]
    #: children of each group
    groups: Mapping[str, tuple[Child, ...]]

    def leaves(self, child: Child) -> tuple[int, ...]:
        """The leaves below a child."""
        if isinstance(child, int):
            return (child,)
        return tuple(leaf for inner in self.groups[child] for leaf in self.leaves(inner))


@frozen
class Move:
    """Points that left an excluded leaf for another."""

    source: int
    target: int
    quanta: int


@frozen
class Allocation:
    """The points of each leaf on this sheet, and the moves that led there."""

    quanta: tuple[int, ...]
    moves: tuple[Move, ...]


def allocate(sheet: Sheet, excluded: Sequence[bool]) -> Allocation:
    """Share out the points of excluded leaves, as the ruleset reference says under "When a leaf does not apply".

    At least one leaf must remain.
    """
    kept, moves = list(sheet.quanta), list[Move]()
    for leaf, recipients in enumerate(sheet.recipients):
        if not excluded[leaf]:
            continue
        targets = [index for index in recipients if not excluded[index]]
        if targets:
            parts = largest_remainder(sheet.quanta[leaf], [sheet.quanta[index] for index in targets])
            moves += [Move(leaf, target, part) for target, part in zip(targets, parts, strict=True)]
            kept[leaf] = 0
    quanta = _spread(sheet, kept, excluded)
    shared = _pairs(sheet, [after - before for after, before in zip(quanta, kept, strict=True)])
    for move in moves:
        quanta[move.target] += move.quanta
    return Allocation(tuple(quanta), (*moves, *shared))


def _spread(sheet: Sheet, kept: Sequence[int], excluded: Sequence[bool]) -> list[int]:
    """Points that stay in their groups, from the root down."""
    quanta = [0] * len(kept)
    waiting: list[tuple[tuple[Child, ...], int]] = [(sheet.roots, sum(kept))]
    while waiting:
        children, amount = waiting.pop()
        applicable = [child for child in children if not all(excluded[leaf] for leaf in sheet.leaves(child))]
        weights = [sum(kept[leaf] for leaf in sheet.leaves(child)) for child in applicable]
        for child, part in zip(applicable, largest_remainder(amount, weights), strict=True):
            if isinstance(child, int):
                quanta[child] = part
            else:
                waiting.append((sheet.groups[child], part))
    return quanta


def _pairs(sheet: Sheet, changes: Sequence[int]) -> list[Move]:
    """What was shared out, told as moves from leaf to leaf: inside the smallest group that can, in document order."""
    moves: list[Move] = []
    left = list(changes)

    def settle(leaves: Sequence[int]) -> None:
        takers = [leaf for leaf in leaves if left[leaf] > 0]
        for giver in (leaf for leaf in leaves if left[leaf] < 0):
            while left[giver] < 0 and takers:
                taker = takers[0]
                part = min(-left[giver], left[taker])
                moves.append(Move(giver, taker, part))
                left[giver] += part
                left[taker] -= part
                if not left[taker]:
                    takers.pop(0)

    def below(children: tuple[Child, ...]) -> list[int]:
        leaves: list[int] = []
        for child in children:
            leaves += [child] if isinstance(child, int) else below(sheet.groups[child])
        settle(leaves)
        return leaves

    below(sheet.roots)
    return moves
