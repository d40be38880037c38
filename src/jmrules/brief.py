"""One line that says what a value is: the repr of public results."""

from __future__ import annotations

from typing import Any

#: characters of a repr, at most
LONGEST = 200


def brief(value: Any, *parts: object) -> str:
    """``Name(part, part, …)`` on one line, cut where it is too long."""
    text = " ".join(f"{type(value).__name__}({', '.join(map(str, parts))})".split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]}…)"
