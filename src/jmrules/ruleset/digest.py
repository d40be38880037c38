"""The digest of a ruleset: of what it says, not of how the file is written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from jmrules.documents import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

#: members that say how a document is edited or built, not what it says
NOT_CONTENT = ("$schema", "extends", "changes")


def content_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a resolved document says: its members without those about editing and building it."""
    return {name: member for name, member in value.items() if name not in NOT_CONTENT}


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text of a document's content, hexadecimal."""
    return hashlib.sha256(canonical(dict(content)).encode()).hexdigest()
