"""What a notice says beside its table of indicators: rounding, scaling, grades, formulas, relations between facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.compare.criteria import in_words, tests_in_words
from jmrules.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset import Clamp, Ruleset, Source

ROUNDINGS = {
    "half up": ("四舍五入", "half up"),
    "half even": ("四舍六入五成双", "half to even"),
    "half down": ("五舍六入", "half down"),
    "up": ("进位", "up"),
    "down": ("舍位", "down"),
}


def beside_the_tree(ruleset: Ruleset) -> Iterator[tuple[Text, Text, Source | None]]:
    """What each is called and says, and where it comes from."""
    zh, en = ROUNDINGS[ruleset.rounding.mode]
    leaf, total = ruleset.rounding.leaf, ruleset.rounding.total
    said = Text(
        f"指标得分取 {leaf} 位小数，总分取 {total} 位，{zh}", f"awards to {leaf} decimals, the total to {total}, {en}"
    )
    yield Text("取整", "rounding"), said, ruleset.rounding.source
    if ruleset.scale is not None:
        to = f"{ruleset.scale.to.normalize():f}"
        said = Text(f"得分 ÷ 适用指标的分值 × {to}", f"awarded / points of the indicators that are there x {to}")
        yield Text("折算", "scaling"), said, ruleset.scale.source
    if ruleset.clamp is not None:
        yield Text("总分范围", "total"), Text(_ends(ruleset.clamp, zh=True), _ends(ruleset.clamp, zh=False)), ruleset.clamp.source  # fmt: skip
    for grade in ruleset.grades:
        yield grade.label, tests_in_words(ruleset, grade.tests), grade.source
    for derived in ruleset.derived:
        if derived.source is not None:
            yield derived.label, in_words(ruleset, derived.value), derived.source
    for constraint in ruleset.constraints:
        name = (
            Text("数据不符不予打分", "refused unless")
            if constraint.otherwise == "error"
            else Text("数据不符须说明", "asked unless")
        )
        yield name, constraint.label, constraint.source


def _ends(clamp: Clamp, *, zh: bool) -> str:
    least = None if clamp.least is None else f"{'不低于' if zh else 'at least'} {clamp.least:f}"
    most = None if clamp.most is None else f"{'不高于' if zh else 'at most'} {clamp.most:f}"
    return ("、" if zh else ", ").join(end for end in (least, most) if end)
