"""What readers call how claims stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.findings import Standing
    from jmrules.review.rectification import State

STANDING_WORDS: Mapping[Standing, Text] = {
    "over-claimed": Text("高于应得", "over-claimed"),
    "under-claimed": Text("低于应得", "under-claimed"),
    "contradicted": Text("数据矛盾", "contradicted"),
    "unsupported": Text("未有佐证", "unsupported"),
    "consistent": Text("相符", "consistent"),
    "not-claimed": Text("未自评", "not claimed"),
}

#: what became of a problem that an earlier review found
STATE_WORDS: Mapping[State, Text] = {
    "overdue": Text("逾期", "overdue"),
    "unproven": Text("称已办结而无佐证", "said closed, no proof"),
    "open": Text("未整改", "open"),
    "measure-only": Text("只有措施", "measure only"),
    "proven": Text("有佐证，待认定", "proven, not accepted"),
    "closed": Text("已办结", "closed"),
}
