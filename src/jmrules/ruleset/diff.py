"""What differs between two rulesets, told as a notice's explanatory memo tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.errors import Text
from jmrules.ruleset.dependencies import changed_reads
from jmrules.ruleset.members import Member, differing
from jmrules.ruleset.model import Group, everything
from jmrules.ruleset.order import moved_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.ruleset.model import Node, Ruleset

Part = Literal[
    "head",
    "rounding",
    "grade",
    "indicator",
    "fact",
    "derived",
    "absent",
    "signal",
    "rule",
    "check",
    "constraint",
    "monitoring",
]
#: what happened to an entry. Of indicators: points, bands shifted on the same value, criterion, what it reads although it
#: says the same, when it applies, what it earns when undefined, evidence. Of anything: changed in meaning, wording, source.
Kind = Literal[
    "added", "removed", "moved", "points", "bands", "criterion", "reads", "applies", "undefined", "evidence", "changed",
    "wording", "source",
]  # fmt: skip

#: member of the document -> what its entries are
_COLLECTIONS: tuple[tuple[str, Part], ...] = (
    ("grades", "grade"),
    ("facts", "fact"),
    ("derived", "derived"),
    ("signals", "signal"),
    ("rules", "rule"),
    ("checks", "check"),
    ("constraints", "constraint"),
    ("absent", "absent"),
)
_HEAD = ("id", "fiscal_year", "fiscal_years", "revision", "status", "title", "notice", "effective", "listed")


@frozen
class Difference:
    """One thing that differs."""

    part: Part
    #: identifier of the entry; of the head, the member's name
    id: str
    label: Text
    kind: Kind
    #: the members that differ; none where an entry is there in one ruleset only, or moved
    members: tuple[Member, ...] = ()
    #: what the entry reads that differs in meaning
    through: tuple[str, ...] = ()
    #: of a move: parent (None: the top level) and place among its children from 0, before and after
    places: tuple[tuple[str | None, int], ...] = field(default=())

    def __repr__(self) -> str:
        return brief(self, self.part, self.id, self.kind, *(member.at for member in self.members))


def diff(before: Ruleset, after: Ruleset) -> tuple[Difference, ...]:
    """What differs between two rulesets: the head, then the indicators, then what they rest on."""
    rest = [difference for name, part in _COLLECTIONS for difference in _entries(before, after, name, part)]
    return (
        *_head(before, after),
        *_indicators(before, after, rest),
        *rest,
        *_whole(before, after, "monitoring", Text("双监控", "in-year monitoring")),
    )


def _head(before: Ruleset, after: Ruleset) -> Iterator[Difference]:
    for name in _HEAD:
        one, other = (ruleset.source.value.get(name) for ruleset in (before, after))
        members = tuple(differing(one, other, (name,)))
        if members:
            kind: Kind = (
                "source" if name == "listed" else "wording" if all(each.is_text for each in members) else "changed"
            )
            yield Difference("head", name, Text(*HEAD_LABELS[name]), kind, members)
    yield from _whole(before, after, "rounding", Text("取整规则", "rounding"))


HEAD_LABELS = {
    "id": ("编号", "id"),
    "fiscal_year": ("年度", "fiscal year"),
    "fiscal_years": ("适用年度", "fiscal years"),
    "revision": ("版本", "revision"),
    "status": ("状态", "status"),
    "title": ("名称", "title"),
    "notice": ("通知", "notice"),
    "effective": ("施行期间", "in force"),
    "listed": ("指标出处", "where indicators are listed"),
}


def _whole(
    before: Ruleset, after: Ruleset, name: Literal["rounding", "monitoring"], label: Text
) -> Iterator[Difference]:
    one, other = (ruleset.source.value.get(name) for ruleset in (before, after))
    for kind, members in _sorted_by_kind(differing(one, other), lambda _: "changed"):
        yield Difference(name, name, label, kind, members)


def _entries(before: Ruleset, after: Ruleset, name: str, part: Part) -> Iterator[Difference]:
    ones, others = (_by_id(ruleset.source.value.get(name, {})) for ruleset in (before, after))
    for id in dict.fromkeys((*ones, *others)):
        one, other = ones.get(id), others.get(id)
        stated = other or one or {}
        label = _text(stated.get("label")) or Text(id, id)
        if one is None or other is None:
            yield Difference(part, id, label, "added" if one is None else "removed")
            continue
        for kind, members in _sorted_by_kind(differing(one, other), lambda _: "changed"):
            yield Difference(part, id, label, kind, members)


def _by_id(entries: Any) -> Mapping[str, dict[str, Any]]:
    return entries if isinstance(entries, dict) else {entry["id"]: entry for entry in entries}


def _text(value: Any) -> Text | None:
    return Text(value["zh"], value.get("en")) if value else None


def _sorted_by_kind(members: Iterable[Member], meaning: Any) -> Iterator[tuple[Kind, tuple[Member, ...]]]:
    """Members by what kind of difference they are; ``meaning`` tells it of those that are neither source nor wording."""
    found: dict[Kind, list[Member]] = {}
    for member in members:
        if member.path[:1] == ("listed",) or "source" in member.path[:2]:
            kind: Kind = "source"
        elif member.is_text:
            kind = "wording"
        else:
            kind = meaning(member)
        found.setdefault(kind, []).append(member)
    last = {"wording": 1, "source": 2}
    for kind in sorted(found, key=lambda kind: last.get(kind, 0)):
        yield kind, tuple(found[kind])


def _indicators(before: Ruleset, after: Ruleset, rest: Iterable[Difference]) -> Iterator[Difference]:
    trees = _Tree(before), _Tree(after)
    old, new = trees
    moved = moved_ids(old.children, new.children)
    meant = {difference.id for difference in rest if difference.kind not in ("wording", "source")}
    own: dict[str, list[Difference]] = {}
    for id in _in_order(old, new):
        if id not in old.nodes or id not in new.nodes:
            there = new if id in new.nodes else old
            own[id] = [Difference("indicator", id, there.nodes[id].label, "added" if there is new else "removed")]
        else:
            own[id] = list(_indicator(id, old, new, id in moved))
    rescored = {
        id
        for id, found in own.items()
        if any(each.kind not in ("moved", "wording", "source", "evidence") for each in found)
    }
    through = changed_reads(before, after, meant | rescored)
    for id, found in own.items():
        reads = tuple(sorted(through.get(id, ())))
        if reads and id in old.nodes and id in new.nodes:
            found.append(Difference("indicator", id, new.nodes[id].label, "reads", through=reads))
        yield from found


def _in_order(old: _Tree, new: _Tree) -> list[str]:
    """Ids in the order of the new tree, with what is no longer there after what it came after."""
    ids = list(new.nodes)
    at = 0
    for id in old.nodes:
        if id in new.nodes:
            at = ids.index(id) + 1
        else:
            ids.insert(at, id)
            at += 1
    return ids


class _Tree:
    """A ruleset's indicators by id, as model and as document."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.nodes: dict[str, Node] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.children: dict[str | None, list[str]] = {
            None: [node.id for node in (*ruleset.indicators, *ruleset.adjustments)]
        }
        for _, node in everything(ruleset):
            self.nodes[node.id] = node
            if isinstance(node, Group):
                self.children[node.id] = [child.id for child in node.children]
        waiting = [*ruleset.source.value["indicators"], *ruleset.source.value.get("adjustments", ())]
        while waiting:
            document = waiting.pop()
            self.documents[document["id"]] = {name: part for name, part in document.items() if name != "children"}
            waiting += document.get("children", ())
        self.places = {id: (parent, index) for parent, ids in self.children.items() for index, id in enumerate(ids)}


def _indicator(id: str, old: _Tree, new: _Tree, moved: bool) -> Iterator[Difference]:
    one, other = old.nodes[id], new.nodes[id]
    label = other.label
    if moved:
        yield Difference("indicator", id, label, "moved", places=(old.places[id], new.places[id]))
    if one.points != other.points:
        yield Difference("indicator", id, label, "points", (Member(("points",), one.points, other.points),))
    documents = old.documents[id], new.documents[id]
    if isinstance(one, Group) is not isinstance(other, Group):
        yield Difference("indicator", id, label, "criterion", tuple(differing(*documents)))
        return
    before, after = (document.get("method", {}) for document in documents)
    both_bands = before.get("kind") == after.get("kind") == "bands"
    same_value = both_bands and not any(differing(before["value"], after["value"], ("value",)))

    def meaning(member: Member) -> Kind:
        first = member.path[0]
        if first == "method":
            return "bands" if same_value else "criterion"
        if first == "rounding":
            return "criterion"
        if first == "set_by":
            return "changed"
        return first  # type: ignore[return-value]

    stated = (member for member in differing(*documents) if member.path != ("points",))
    for kind, members in _sorted_by_kind(stated, meaning):
        yield Difference("indicator", id, label, kind, members)
