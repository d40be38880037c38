"""``deductions``, 每发现一处扣分，扣完为止: each counted problem costs points, in list order."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import ONE, Branch, Fields, Lost, Method, Part, Site, Told, duplicates
from jmrules.methods.changes import GONE, moved, value_change
from jmrules.methods.shapes import Take, Taking, count_of
from jmrules.methods.wording import fill, joined, points, sentence
from jmrules.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Deduction:
    """A kind of problem: each one counted costs ``loss`` points, or all that is left."""

    id: str
    label: Text
    count: str
    loss: Decimal | Literal["all"]
    at_most: Decimal | None = None
    #: so many cost nothing
    free: int = 0


@frozen
class Deductions(Fields):
    """每发现一处扣分，扣完为止: in list order."""

    items: tuple[Deduction, ...]


def sites(fields: Deductions) -> Iterator[Site]:
    """The counts."""
    for index, item in enumerate(fields.items):
        yield Site(f"items/{index}/count", item.count, "number")


def problems(fields: Deductions, _checking: Checking) -> Iterator[Found]:
    """Two of one name."""
    yield from duplicates([item.id for item in fields.items], "/items")


def shape(fields: Deductions, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Take:
    """What each problem takes."""
    return Take(
        tuple(
            Taking(
                item.id,
                item.label,
                call(f"/items/{index}/count"),
                None if item.loss == "all" else Fraction(item.loss) / points,
                None if item.at_most is None else Fraction(item.at_most) / points,
                item.free,
            )
            for index, item in enumerate(fields.items)
        )
    )


def branches(_fields: Deductions, shape: Take) -> Iterator[Branch]:
    """None, some or too many of each; more than there is to lose."""
    for index, item in enumerate(shape.items):
        where, zh, en = f"/items/{index}", item.label.zh, item.label.say("en")
        yield Branch(f"{item.id}: none", Text(f"没有：{zh}", f"none: {en}"), where)
        if item.free:
            label = Text(f"有而不超过 {item.free} 个：{zh}", f"no more than {item.free}: {en}")
            yield Branch(f"{item.id}: free", label, f"{where}/free")
        yield Branch(f"{item.id}: some", Text(f"有：{zh}", f"some: {en}"), where)
        if item.at_most is not None:
            label = Text(f"扣到上限：{zh}", f"more than the most that can be lost: {en}")
            yield Branch(f"{item.id}: limited", label, f"{where}/at_most")
    yield Branch("nothing left", Text("应扣的多于剩下的分", "more to be lost than is left"))


def taken(_fields: Deductions, shape: Take, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """What was counted, and what it met."""
    left = ONE
    for item in shape.items:
        count = count_of(read(item.count))
        yield f"{item.id}: {'some' if count > item.free else 'free' if count else 'none'}"
        if item.loss is not None:
            wanted = max(0, count - item.free) * item.loss
            if item.at_most is not None and wanted > item.at_most:
                yield f"{item.id}: limited"
                wanted = item.at_most
            if wanted > left:
                yield "nothing left"
        left -= item.cost(count, left)


def ruled_out(_fields: Deductions, shape: Take, key: str, bounds: Callable[[Call], Bounds]) -> Call | Text | None:
    """Counts that never come, and losses that never add up to all."""
    wanted: list[Fraction | None] = []
    for item in shape.items:
        low, high = bounds(item.count)
        most = None if high is None else high.__floor__()
        if key == f"{item.id}: some" and most is not None and most <= item.free:
            return item.count
        if key == f"{item.id}: none" and low is not None and low > 0:
            return item.count
        if key == f"{item.id}: free" and ((low is not None and low > item.free) or most == 0):
            return item.count
        cost = None if most is None or item.loss is None else max(0, most - item.free) * item.loss
        if key == f"{item.id}: limited" and cost is not None and item.at_most is not None and cost <= item.at_most:
            return item.count
        limits = [limit for limit in (cost, item.at_most) if limit is not None]
        # The item that takes all never wants more than is left, and what follows it finds nothing left.
        wanted.append(min(limits) if limits else ONE if item.loss is None else None)
    if key == "nothing left":
        costs = [cost for cost in wanted if cost is not None]
        takes_all_alone = shape.items[-1].loss is None and len(shape.items) == 1
        if takes_all_alone or (len(costs) == len(wanted) and sum(costs) <= 1):
            return Text("各项至多扣的分合计不超过分值", "the items together can never cost more than there is")
    return None


def mutations(method: dict[str, Any], _points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    items = method["items"]
    for index, item in enumerate(items):
        at, loss = f"/items/{index}", item["loss"]
        yield value_change(
            f"{at}/loss", loss, quantum if loss == "all" else loss + quantum, "每个的扣分", "the loss for each"
        )
        if "at_most" in item:
            limit = item["at_most"]
            yield from moved(f"{at}/at_most", limit, quantum, "扣分上限", "the most that can be lost", low=Decimal(0))
        for other in (item["free"] + 1, GONE) if "free" in item else ():
            yield value_change(f"{at}/free", item["free"], other, "不扣分的个数", "how many cost nothing")
        if len(items) > 1:
            yield value_change(at, item["id"], GONE, "少一项", "an item is missing")


def criterion(fields: Deductions, _speaker: Speaker) -> Text:
    """The criterion in words."""

    def said(item: Deduction) -> Text:
        if isinstance(item.loss, str):
            line = fill("{label}每处扣完全部分值", "{label}: all points each", label=item.label)
        else:
            line = fill("{label}每处扣 {loss}", "{label}: {loss} each", label=item.label, loss=points(item.loss))
        if item.free:
            line = fill("{line}（前 {free} 处不扣）", "{line}, the first {free} free", line=line, free=str(item.free))
        if item.at_most is None:
            return line
        return fill("{line}，至多 {most}", "{line}, at most {most}", line=line, most=points(item.at_most))

    return fill("{items}，扣完为止", "{items}, down to none", items=joined([said(item) for item in fields.items]))


def explain(view: View, _fields: Deductions, shape: Take, share: Fraction) -> Told:
    """What was counted, and what each kind cost."""
    left, lost, parts, found = ONE, list[Lost](), list[Part](), list[Text]()
    for item in shape.items:
        count = count_of(view.read(item.count))
        cost = item.cost(count, left)
        left -= cost
        if item.loss is None:
            each = Text("扣完全部分值", "all points")
        else:
            each = fill("每个扣 {loss}", "{loss} each", loss=points(item.loss * view.points))
            if item.at_most is not None and (count - item.free) * item.loss > item.at_most:
                most = points(item.at_most * view.points)
                each = fill("{each}，至多 {most}", "{each}, at most {most}", each=each, most=most)
        if item.free:
            each = fill("超过 {free} 个的，{each}", "beyond {free}: {each}", free=str(item.free), each=each)
        many = quantity(Fraction(count), None, 0, "zh")
        shown = fill("{label}：{many} 个，{each}", "{label}: {many}, {each}", label=item.label, many=many, each=each)
        parts.append(Part(item.id, item.label, Fraction(0), -cost * view.points, shown))
        if count > item.free:
            found.append(shown)
            cut = Text("（已无分可扣）", " (nothing left to take)") if not cost else Text("", "")
            lost.append(Lost(cost, Text(shown.zh + cut.zh, shown.say("en") + cut.say("en")), item.id))
    said = joined(found) if found else Text("未发现所列问题", "none of the listed problems was found")
    return Told(sentence(view, said, share), tuple(lost), tuple(parts))


DEDUCTIONS = Method(
    "deductions", Deductions, sites, shape, branches, taken, criterion, explain,
    problems=problems, ruled_out=ruled_out, mutations=mutations,
)  # fmt: skip
