"""Take apart what a fact may be, so that an expression that reads it twice reads the same value both times.

Which facts are taken apart depends on the ruleset alone, and a narrower fact never has heavier pieces: so a wider fact never
gives narrower bounds.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.facts import FEW
from jmrules.feel.possible import NULL, Known, Possible, Value, collapsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: combinations that are gone through at most
MOST_COMBINATIONS = 64


def pieces(value: Value) -> tuple[list[Value], int]:
    """Values that together are ``value``, and how much they weigh: at least as many as those of any part of it."""
    if isinstance(value, Known) or value.error is not None:
        return [value], 1
    if value.items is not None or value.members is not None or value.date or value.other:
        if not value.null:
            return [value], 1
        return [NULL, collapsed(evolve(value, null=False))], 2
    found: list[Value] = [*(Known(truth) for truth in sorted(value.truths)), *([NULL] if value.null else [])]
    few = value.texts is not None and len(value.texts) <= FEW
    span = value.span
    if span is not None and not span.single and not (span.whole and span.high - span.low < FEW):
        few = False
    if not few:
        rest = Possible(span, texts=value.texts)
        return [*found, rest], len(found) + FEW
    found += [Known(text) for text in sorted(value.texts or ())]
    if span is not None:
        count = int(span.high - span.low) + 1
        found += [Known(span.low + index) for index in range(count)]
    return found, len(found)


def combinations(split: Sequence[tuple[str, tuple[list[Value], int]]]) -> Iterator[dict[str, Value]]:
    """The pieces of facts by their names, in every combination; nothing where those are too many."""
    if prod(weight for _, (_, weight) in split) > MOST_COMBINATIONS:
        yield {}
        return
    for chosen in product(*(parts for _, (parts, _) in split)):
        yield {name: part for (name, _), part in zip(split, chosen, strict=True)}
