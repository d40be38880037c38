"""Keys of departments: that none is missing, and none occurs twice, over a whole file in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.batch.errors import BatchError
from jmrules.errors import Place, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Keys = list[str | None]

#: keys told of
_SHOWN = 20


def hashes_of(keys: Keys) -> Any:
    """What is kept of the keys of a chunk: 8 bytes each."""
    return np.fromiter(map(hash, keys), dtype=np.int64, count=len(keys))


def check_keys(hashes: list[Any], again: Callable[[], Iterable[Keys]], file: Path) -> None:
    """Raise BatchError for departments that occur twice, or have no key.

    Args:
        hashes: of each chunk.
        again: the keys of all chunks once more, read only where hashes agree.
        file: the departments' file.
    """
    every = np.concatenate(hashes) if hashes else np.empty(0, dtype=np.int64)
    ordered = np.sort(every)
    suspects = set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
    suspects.add(hash(None))
    if not suspects & set(every[np.isin(every, list(suspects))].tolist()):
        return
    found: dict[str | None, list[int]] = {}
    row = 0
    for keys in again():
        for key in keys:
            row += 1
            if hash(key) in suspects:
                found.setdefault(key, []).append(row)
    problems = []
    empty = found.pop(None, [])
    if empty:
        problems.append(
            _problem(file, "no-key", f"第 {_rows(empty)} 行没有部门编号", f"rows {_rows(empty)} have no key")
        )
    for key, rows in found.items():
        if len(rows) > 1 and len(problems) < _SHOWN:
            problems.append(
                _problem(
                    file,
                    "duplicate-key",
                    f"部门“{key}”出现在第 {_rows(rows)} 行",
                    f"the department {key!r} stands in rows {_rows(rows)}",
                )
            )
    if problems:
        raise BatchError(problems)


def _rows(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")


def _problem(file: Path, code: str, zh: str, en: str) -> Problem:
    return Problem(
        code, Text(zh, en), Text("每个部门只应有一行", "every department should have one row"), Place(str(file))
    )
