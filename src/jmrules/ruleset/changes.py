"""The changes that an overlay makes to the entries of its base: add, remove, replace, set, move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from jmrules.documents import escape
from jmrules.errors import Problem, Text, did_you_mean
from jmrules.ruleset.like import says_like
from jmrules.ruleset.tracked import Tracked, tracked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.documents import Document

#: what a change names -> the member of the document that holds such entries, and what they are called
COLLECTIONS = {
    "indicator": ("indicators", "指标", "indicator"),
    "fact": ("facts", "事实", "fact"),
    "derived": ("derived", "派生值", "derived value"),
    "grade": ("grades", "等级", "grade"),
    "absent": ("absent", "缺少的指标", "absent family"),
    "signal": ("signals", "信号", "signal"),
    "rule": ("rules", "规则", "rule"),
    "check": ("checks", "勾稽关系", "check"),
    "constraint": ("constraints", "数据之间的关系", "constraint"),
}
#: the kinds whose entries stand under their names, rather than in a list and with an id each
NAMED = ("fact", "derived", "signal", "check", "constraint")
#: members whose parts hold together: an English label is wrong beside a new Chinese one, a ground beside a new clause
WHOLE = frozenset(("values", "label", "note", "title", "reason", "ground", "message", "source", "listed", "method"))


class Refused(Exception):
    """A change that cannot be made: what is wrong, and the member of the change that it is about."""

    def __init__(self, code: str, message: Text, hint: Text, member: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(code, message, hint)
        self.member = member


@define(eq=False)
class Editor:
    """The document being changed, and what has been done to it so far."""

    #: members of the document
    root: dict[str, Tracked]
    #: the overlay, whose changes these are
    document: Document
    #: indicator id -> the list that it stands in
    _shelves: dict[str, Tracked] = field(factory=dict)
    #: (kind, id) -> (number of the change, op, members set) of what was done to it
    _done: dict[tuple[str, str], list[tuple[int, str, frozenset[str]]]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._index(self.root["indicators"])

    def apply(self, changes: Iterable[dict[str, Any]]) -> list[Problem]:
        """Make the changes, in order; what cannot be made is left out and told."""
        problems = []
        for index, change in enumerate(changes):
            pointer = f"/changes/{index}"
            try:
                self._make(change, pointer, index)
            except Refused as refused:
                problems.append(refused.problem.at(self.document.place(pointer + refused.member)))
        return problems

    def _make(self, change: dict[str, Any], pointer: str, index: int) -> None:
        kind = next(kind for kind in COLLECTIONS if kind in change)
        id, op = change[kind], change["op"]
        self._refuse_conflict(kind, id, op, frozenset(change["value"]) if op == "set" else frozenset(), index)
        if op == "add":
            self._add(kind, id, change, pointer)
        else:
            shelf = self._shelf(kind, id)
            node = dict(_items(shelf))[id]
            if op == "set":
                self._set(node, change["value"], f"{pointer}/value")
            elif op == "replace":
                node_after = self._entry(kind, id, change["value"], pointer)
                self._forget(node)
                _put(shelf, [(known, node_after if known == id else other) for known, other in _items(shelf)])
                self._index_entry(node_after, shelf)
            elif op == "remove":
                self._forget(node)
                if kind == "fact" and "reading" in self.root:
                    # how reports word a fact goes with it
                    self.root["reading"].value.pop(id, None)
                _put(shelf, [(known, other) for known, other in _items(shelf) if known != id])
            else:
                self._move(kind, id, node, shelf, change)

    def _refuse_conflict(self, kind: str, id: str, op: str, members: frozenset[str], index: int) -> None:
        done = self._done.setdefault((kind, id), [])
        for number, earlier, earlier_members in done:
            both_set = op == earlier == "set"
            if (both_set and not members & earlier_members) or {op, earlier} == {"set", "move"}:
                continue
            zh, en = COLLECTIONS[kind][1:]
            shared = "、".join(sorted(members & earlier_members))
            about = (f"的 {shared}", f"'s {shared.replace('、', ', ')}") if both_set else ("", "")
            raise Refused(
                "conflicting-changes",
                Text(
                    f"第 {number + 1} 项修改已对{zh}“{id}”{about[0]}作过 {earlier}",
                    f"change {number + 1} already made a {earlier} of the {en} {id!r}{about[1]}",
                ),
                Text("请合并成一项修改", "say both in one change"),
                f"/{kind}",
            )
        done.append((index, op, members))

    def _shelf(self, kind: str, id: str, member: str | None = None) -> Tracked:
        """The container that holds the entry; refused where there is none."""
        name, zh, en = COLLECTIONS[kind]
        if kind == "indicator":
            known: Any = self._shelves
            shelf = self._shelves.get(id)
        else:
            shelf = self.root.get(name)
            known = dict(_items(shelf)) if shelf is not None else {}
        if shelf is None or id not in known:
            raise Refused(
                f"no-such-{en.replace(' ', '-')}",
                Text(f"所沿用的办法中没有{zh}“{id}”", f"the base has no {en} {id!r}"),
                did_you_mean(
                    id,
                    known,
                    Text(
                        "请核对所沿用的年度和版本；新增的用 add",
                        "check which year and revision is extended; use add for what is new",
                    ),
                ),
                f"/{member or kind}",
            )
        return shelf

    def _entry(self, kind: str, id: str, value: dict[str, Any], pointer: str) -> Tracked:
        """The entry that ``value`` describes, with its id where it belongs."""
        entry = tracked(value, self.document, f"{pointer}/value")
        if kind in NAMED:
            return entry
        if "id" in value and value["id"] != id:
            raise Refused(
                "other-identifier",
                Text(f"value 中的编号“{value['id']}”与“{id}”不符", f"the value's id {value['id']!r} is not {id!r}"),
                Text("请删去 value 中的 id", "leave id out of the value"),
                "/value/id",
            )
        entry.value = {"id": Tracked(id, self.document, f"{pointer}/{kind}"), **entry.value}
        return entry

    def _add(self, kind: str, id: str, change: dict[str, Any], pointer: str) -> None:
        name, zh, en = COLLECTIONS[kind]
        if kind == "indicator":
            taken = id in self._shelves
            shelf = self._children(change.get("parent"))
        else:
            empty: Any = {} if kind in NAMED else []
            shelf = self.root.setdefault(name, Tracked(empty, self.document, pointer))
            taken = id in dict(_items(shelf))
        if taken:
            raise Refused(
                "already-there",
                Text(f"所沿用的办法中已有{zh}“{id}”", f"the base already has the {en} {id!r}"),
                Text("修改用 set，整项替换用 replace", "use set to change it, replace to replace it whole"),
                f"/{kind}",
            )
        entry = self._entry(kind, id, change["value"], pointer)
        self._insert(kind, shelf, id, entry, change)

    def _move(self, kind: str, id: str, node: Tracked, shelf: Tracked, change: dict[str, Any]) -> None:
        target = self._children(change["parent"]) if "parent" in change else shelf
        if kind == "indicator" and any(target is inner for inner in _lists_below(node)):
            raise Refused(
                "into-itself",
                Text(f"“{id}”不能移到自己之下", f"{id!r} cannot move to below itself"),
                Text("请另选 parent", "choose another parent"),
                "/parent",
            )
        if change.get("after") == id:
            raise Refused(
                "after-itself",
                Text(f"“{id}”不能排在自己之后", f"{id!r} cannot come after itself"),
                Text("请另选 after", "choose another entry to come after"),
                "/after",
            )
        _put(shelf, [(known, other) for known, other in _items(shelf) if known != id])
        try:
            self._insert(kind, target, id, node, change)
        except Refused:
            _put(shelf, [*_items(shelf), (id, node)])
            raise

    def _children(self, parent: str | None) -> Tracked:
        """The list of children of the group ``parent``; of the top level where it is None."""
        if parent is None:
            return self.root["indicators"]
        group = dict(_items(self._shelf("indicator", parent, "parent")))[parent]
        if "children" not in group.value:
            raise Refused(
                "not-a-group",
                Text(f"“{parent}”不是一组指标，没有下级", f"{parent!r} is no group: it has no children"),
                Text("请写一组指标的编号，或用 replace 把它改为一组", "name a group, or replace it by one"),
                "/parent",
            )
        return group.value["children"]  # type: ignore[no-any-return]

    def _insert(self, kind: str, shelf: Tracked, id: str, entry: Tracked, change: dict[str, Any]) -> None:
        items = _items(shelf)
        at = len(items)
        if "after" in change:
            after = change["after"]
            ids = [known for known, _ in items]
            if after is not None and after not in ids:
                raise Refused(
                    "no-such-neighbour",
                    Text(f"该处没有“{after}”，无法排在其后", f"there is no {after!r} there to come after"),
                    did_you_mean(after, ids, Text(f"该处有：{'、'.join(ids)}", f"there are: {', '.join(ids)}")),
                    "/after",
                )
            at = 0 if after is None else ids.index(after) + 1
        _put(shelf, [*items[:at], (id, entry), *items[at:]])
        if kind == "indicator":
            self._index_entry(entry, shelf)

    def _set(self, node: Tracked, value: dict[str, Any], pointer: str) -> None:
        for name in ("id", "children"):
            if name in value:
                raise Refused(
                    "not-settable",
                    Text(f"set 不能修改 {name}", f"set cannot change {name}"),
                    Text(
                        "编号不变；下级指标请逐项 add、remove、move",
                        "ids stay; change children one by one with add, remove, move",
                    ),
                    f"/value/{name}",
                )
        self._merge(node, value, pointer, names=False)

    def _merge(self, node: Tracked, value: dict[str, Any], pointer: str, *, names: bool) -> None:
        """Set members of ``node``; with ``names``, its members are names that the ruleset's author chose."""
        for name, part in value.items():
            at = f"{pointer}/{escape(name)}"
            old = node.value.get(name)
            if part is None:
                if old is None:
                    raise Refused(
                        "nothing-to-remove",
                        Text(f"没有“{name}”可删", f"there is no {name!r} to remove"),
                        Text("请删去这一项", "leave this member out"),
                        at[at.index("/value") :],
                    )
                del node.value[name]
            elif (
                isinstance(part, dict)
                and not says_like(part)
                and old is not None
                and isinstance(old.value, dict)
                and (names or name not in WHOLE)
            ):
                self._merge(old, part, at, names=name == "item" and not names)
            else:
                node.value[name] = tracked(part, self.document, at)

    def _index(self, shelf: Tracked) -> None:
        for node in shelf.value:
            self._index_entry(node, shelf)

    def _index_entry(self, node: Tracked, shelf: Tracked) -> None:
        waiting = [(node, shelf)]
        while waiting:
            inner, holder = waiting.pop()
            if "id" in inner.value and isinstance(inner.value["id"].value, str):
                self._shelves[inner.value["id"].value] = holder
            if "children" in inner.value:
                waiting += [(child, inner.value["children"]) for child in inner.value["children"].value]

    def _forget(self, node: Tracked) -> None:
        for inner in [node, *(child for shelf in _lists_below(node) for child in shelf.value)]:
            if "id" in inner.value:
                self._shelves.pop(inner.value["id"].value, None)


def _items(shelf: Tracked) -> list[tuple[str, Tracked]]:
    """Id and node of each entry, in order."""
    if isinstance(shelf.value, dict):
        return list(shelf.value.items())
    return [(node.value["id"].value, node) for node in shelf.value]


def _put(shelf: Tracked, items: list[tuple[str, Tracked]]) -> None:
    shelf.value = dict(items) if isinstance(shelf.value, dict) else [node for _, node in items]


def _lists_below(node: Tracked) -> list[Tracked]:
    """The lists of children of ``node`` and of the groups below it."""
    found: list[Tracked] = []
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if "children" in inner.value:
            found.append(inner.value["children"])
            waiting += inner.value["children"].value
    return found
