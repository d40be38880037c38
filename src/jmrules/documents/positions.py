"""Where each value of a JSON text stands.

The standard reader gives values but no positions. Positions are wanted only for a text that has a problem, so this
second look is taken only then, over a text already known to be JSON.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from attrs import frozen

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@frozen
class Positions:
    """Offsets into a JSON text, by JSON pointer (RFC 6901)."""

    #: pointer -> offset of the value
    values: dict[str, int]
    #: pointer -> offset of the member name, for members of objects
    keys: dict[str, int]
    #: (pointer, offset) of each member name that its object already has
    duplicates: tuple[tuple[str, int], ...]
    #: (pointer, offset, text) of each number
    numbers: tuple[tuple[str, int, str], ...]
    line_starts: tuple[int, ...]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


def line_starts(text: str) -> tuple[int, ...]:
    """Offset at which each line starts."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


def escape(member: str) -> str:
    """A member name as a step of a JSON pointer."""
    return member.replace("~", "~0").replace("/", "~1")


def pointer_of(path: object) -> str:
    """The JSON pointer of a path of member names and indexes."""
    return "".join(f"/{escape(str(step))}" for step in path)  # type: ignore[attr-defined]


def locate(text: str) -> Positions:
    """Find every value of ``text``, which must be valid JSON."""
    values: dict[str, int] = {}
    keys: dict[str, int] = {}
    duplicates: list[tuple[str, int]] = []
    numbers: list[tuple[str, int, str]] = []
    # Each open container: its pointer, the next index (None in an object), the members seen.
    stack: list[tuple[str, list[int] | None, set[str]]] = []
    pending: str | None = None

    def here() -> str:
        nonlocal pending
        if not stack:
            return ""
        base, index, _ = stack[-1]
        if index is not None:
            pointer = f"{base}/{index[0]}"
            index[0] += 1
            return pointer
        pointer, pending = pending or base, None
        return pointer

    for match in _TOKEN.finditer(text):
        token, offset = match.group(), match.start()
        if token in ",:":
            continue
        if token in "]}":
            stack.pop()
        elif token in "[{":
            pointer = here()
            values[pointer] = offset
            stack.append((pointer, [0] if token == "[" else None, set()))
        elif token[0] == '"' and stack and stack[-1][1] is None and pending is None:
            base, _, seen = stack[-1]
            member = json.loads(token, strict=False)
            pending = f"{base}/{escape(member)}"
            if member in seen:
                duplicates.append((pending, offset))
            seen.add(member)
            keys[pending] = offset
        else:
            pointer = here()
            values[pointer] = offset
            if token[0] != '"':
                numbers.append((pointer, offset, token))
    return Positions(values, keys, tuple(duplicates), tuple(numbers), line_starts(text))
