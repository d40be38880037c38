"""Schemas and rulesets that ship with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def shipped(kind: str) -> Path:
    """The folder of shipped ``schemas`` or ``rulesets``: inside the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "_data" / kind
    return inside if inside.is_dir() else here.parents[1] / kind
