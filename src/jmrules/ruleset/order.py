"""Which entries moved: the fewest that explain the new order."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def moved_ids(before: Mapping[str | None, Sequence[str]], after: Mapping[str | None, Sequence[str]]) -> set[str]:
    """Ids whose parent is another, or that changed places with siblings; children by parent (None: the top level)."""
    parents = [{id: parent for parent, ids in tree.items() for id in ids} for tree in (before, after)]
    moved = {id for id, parent in parents[0].items() if id in parents[1] and parents[1][id] != parent}
    for parent, ids in before.items():
        places = {id: index for index, id in enumerate(after.get(parent, ()))}
        common = [id for id in ids if id in places]
        staying = _longest_rising([places[id] for id in common])
        moved |= {id for index, id in enumerate(common) if index not in staying}
    return moved


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Indexes of a longest rising subsequence."""
    ends: list[int] = []
    last_of: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last_of[length - 1] if length else None)
        ends[length : length + 1] = [number]
        last_of[length : length + 1] = [index]
    chosen: set[int] = set()
    at = last_of[-1] if last_of else None
    while at is not None:
        chosen.add(at)
        at = before[at]
    return chosen
