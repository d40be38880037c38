"""Keys of departments: which rows have none, and which share theirs with another, over a whole file in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.batch.lists import as_text
from jmrules.batch.sources import row_numbers, tables
from jmrules.errors import Place, Problem, Text
from jmrules.tables import fault_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.batch.sources import Source

#: rows named
_SHOWN = 5


def refused_keys(source: Source, key: str, rows: int) -> dict[int, Problem]:
    """What is wrong with the keys of which departments, by their place in the file from 0: none, or one that stands elsewhere too.

    It takes 8 bytes a department; the keys are read again only where hashes agree.
    """
    parts = [np.fromiter(map(hash, keys), np.int64, len(keys)) for keys, _ in _keys(source, key, rows)]
    every = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    ordered = np.sort(every)
    suspects = {*ordered[1:][ordered[1:] == ordered[:-1]].tolist(), hash(None)}
    if not np.isin(every, list(suspects)).any():
        return {}
    found: dict[str | None, list[tuple[int, int]]] = {}
    place = 0
    for keys, numbers in _keys(source, key, rows):
        for each, number in zip(keys, numbers, strict=True):
            if hash(each) in suspects:
                found.setdefault(each, []).append((place, int(number)))
            place += 1
    file = str(source.path)
    refused = {place: _without(source, key, number) for place, number in found.pop(None, [])}
    for name, stands in found.items():
        if len(stands) > 1:
            problem = _doubled(file, str(name), [number for _, number in stands])
            refused |= {place: problem for place, _ in stands}
    return refused


def _keys(source: Source, key: str, rows: int) -> Iterator[tuple[list[str | None], Any]]:
    start = 0
    for part in tables(source, [key], rows):
        keys = [
            None if each is None or fault_in(each) else each or None for each in as_text(part.column(key)).to_pylist()
        ]
        yield keys, row_numbers(part, start)
        start += part.num_rows


def _without(source: Source, key: str, row: int) -> Problem:
    cell = None if source.layout is None else source.layout.sheet.cell(row, source.head(key).column)
    return Problem(
        "no-key",
        Text(f"这一行没有“{key}”", f"the row has no {key}"),
        Text("请补上部门编号", "supply the department's key"),
        Place(str(source.path), cell=cell),
    )


def _doubled(file: str, name: str, numbers: list[int]) -> Problem:
    more_zh, more_en = ("……", ", …") if len(numbers) > _SHOWN else ("", "")
    shown = list(map(str, numbers[:_SHOWN]))
    return Problem(
        "duplicate-key",
        Text(f"部门“{name}”出现在第 {'、'.join(shown)}{more_zh} 行", f"the department {name!r} stands in rows {', '.join(shown)}{more_en}"),
        Text("每个部门只应有一行", "every department should have one row"),
        Place(file),
    )  # fmt: skip
