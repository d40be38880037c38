"""The same work on many things, on all cores, in their order; a process of its own each, since the work is not waiting but computing."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Made = TypeVar("Made")

#: so few are done sooner than processes are started
FEW = 12
#: what the processes do, and on what: they are born with it where the system can fork, else it is sent to them
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def each_of(
    work: Callable[[Any], Made],
    things: Sequence[Any],
    *,
    told: Callable[[int, int], None] | None = None,
    processes: int | None = None,
) -> Iterator[Made]:
    """What ``work`` makes of each thing, in order, as it comes.

    Args:
        told: is called with how many are done, and of how many.
        processes: as many as there are cores, if not given; 1 is this one alone.
    """
    count = len(things)
    many = min(processes or cores(), count)
    if many < 2 or (processes is None and count < FEW) or not (_forks() or _can_be_sent(work, things)):
        for number, thing in enumerate(things, 1):
            yield work(thing)
            if told is not None:
                told(number, count)
        return
    yield from _on_all(work, things, many, told)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _on_all(
    work: Callable[[Any], Made], things: Sequence[Any], many: int, told: Callable[[int, int], None] | None
) -> Iterator[Made]:
    global _work  # noqa: PLW0603 - what a process is born with is what this one holds
    given = (work, things)
    before, _work = _work, given
    try:
        context = multiprocessing.get_context("fork" if _forks() else "spawn")
        initial: tuple[Any, ...] = () if _forks() else (given,)
        with ProcessPoolExecutor(many, context, initializer=_begin, initargs=initial) as pool:
            # small parcels: one thing may take a hundred times as long as another
            size = max(1, min(16, len(things) // (many * 8)))
            for number, made in enumerate(pool.map(_one, range(len(things)), chunksize=size), 1):
                yield made
                if told is not None:
                    told(number, len(things))
    finally:
        _work = before


def _forks() -> bool:
    """Whether processes begin as copies of this one, which elsewhere is not safe."""
    return sys.platform == "linux"


def _can_be_sent(work: Callable[[Any], Any], things: Sequence[Any]) -> bool:
    try:
        pickle.dumps((work, things))
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _begin(given: tuple[Callable[[Any], Any], Sequence[Any]] | None = None) -> None:
    global _work  # noqa: PLW0603 - as above
    if given is not None:
        _work = given


def _one(index: int) -> Any:
    assert _work is not None
    work, things = _work
    return work(things[index])
