"""What readers call how claims stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.findings import Standing

STANDING_WORDS: Mapping[Standing, Text] = {
    "over-claimed": Text("高于应得", "over-claimed"),
    "under-claimed": Text("低于应得", "under-claimed"),
    "contradicted": Text("数据矛盾", "contradicted"),
    "unsupported": Text("未有佐证", "unsupported"),
    "consistent": Text("相符", "consistent"),
    "not-claimed": Text("未自评", "not claimed"),
}
