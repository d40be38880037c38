"""``checklist``, 要素计分: each condition met earns its points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Lost, Method, Part, Site, Told, Worth, adding_up, duplicates
from jmrules.methods.changes import GONE, Change, value_change, worth, worth_moves
from jmrules.methods.shapes import Weigh, Weight
from jmrules.methods.shares import truth
from jmrules.methods.wording import fill, joined, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Checking, Found, Speaker, View
    from jmrules.methods.changes import Edit
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Check:
    """An element that earns ``worth`` when its condition is met."""

    id: str
    label: Text
    when: str
    worth: Worth


@frozen
class Checklist(Fields):
    """要素计分."""

    items: tuple[Check, ...]


def sites(fields: Checklist) -> Iterator[Site]:
    """The conditions."""
    for index, item in enumerate(fields.items):
        yield Site(f"items/{index}/when", item.when, "boolean")


def problems(fields: Checklist, checking: Checking) -> Iterator[Found]:
    """Two of one name, and worths that do not add up to the points."""
    yield from duplicates([item.id for item in fields.items], "/items")
    yield from adding_up([item.worth for item in fields.items], checking.points, "/items", "各要素", "the elements")


def shape(fields: Checklist, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Weigh:
    """The conditions and their shares."""
    return Weigh(
        tuple(
            Weight(item.id, item.label, call(f"/items/{index}/when"), item.worth.of(points))
            for index, item in enumerate(fields.items)
        )
    )


def branches(_fields: Checklist, shape: Weigh) -> Iterator[Branch]:
    """Each condition met, and not."""
    for index, item in enumerate(shape.items):
        where, zh, en = f"/items/{index}", item.label.zh, item.label.say("en")
        yield Branch(f"{item.id}: met", Text(f"满足：{zh}", f"met: {en}"), where)
        yield Branch(f"{item.id}: not met", Text(f"不满足：{zh}", f"not met: {en}"), where)


def taken(_fields: Checklist, shape: Weigh, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """Whether each condition holds."""
    for item in shape.items:
        yield f"{item.id}: {'met' if truth(read(item.when)) else 'not met'}"


def mutations(method: dict[str, Any], _points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    items = method["items"]
    for index, item in enumerate(items):
        at = f"/items/{index}"
        for always, zh, en in (("true", "总是满足", "always met"), ("false", "总不满足", "never met")):
            if item["when"] != always:
                yield value_change(f"{at}/when", item["when"], always, zh, en)
        if len(items) > 1:
            yield _without(items, index)
    yield from worth_moves(items, "/items", quantum, "分值移给下一项", "points given to the next item")


def _without(items: list[dict[str, Any]], index: int) -> Change:
    """An item taken away, its worth given to a neighbour so that they still add up."""
    heir = index + 1 if index + 1 < len(items) else index - 1
    name, lot = worth(items[index])
    edits: tuple[Edit, ...] = ((f"/items/{heir}/{name}", items[heir].get(name, 0) + lot), (f"/items/{index}", GONE))
    return Change(
        edits, "少一项，分值并入相邻的一项", "an item is missing, its neighbour has its worth", items[index]["id"], "∅"
    )


def criterion(fields: Checklist, speaker: Speaker) -> Text:
    """The criterion in words."""
    return joined(
        [
            fill(
                "{label}（{when}）得 {worth}",
                "{label} ({when}): {worth}",
                label=item.label,
                when=speaker.expression(item.when),
                worth=speaker.worth(item.worth),
            )
            for item in fields.items
        ]
    )


def explain(view: View, _fields: Checklist, shape: Weigh, share: Fraction) -> Told:
    """Each condition, and whether it holds."""
    lost, parts = list[Lost](), list[Part]()
    for item in shape.items:
        met, expression = truth(view.read(item.when)), item.when.expression
        condition = view.said(item.when, met) if met else view.words.unmet(expression.tree, expression.text)  # type: ignore[arg-type]
        shown = Text(
            f"{item.label.zh}：{'满足' if met else '不满足'}（{condition.zh}）",
            f"{item.label.say('en')}: {'met' if met else 'not met'} ({condition.say('en')})",
        )
        points = item.share * view.points
        parts.append(Part(item.id, item.label, points, points if met else Fraction(0), shown))
        if not met:
            lost.append(Lost(item.share, shown, item.id))
    total = len(parts)
    count = total - len(lost)
    summary = Text(f"{total} 项要素满足 {count} 项", f"{count} of {total} element{'' if total == 1 else 's'} met")
    return Told(sentence(view, summary, share), tuple(lost), tuple(parts))


CHECKLIST = Method(
    "checklist", Checklist, sites, shape, branches, taken, criterion, explain, problems=problems, mutations=mutations
)
