"""``like``: what a ruleset says once and means again, a declaration or a source, written out where it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from jmrules.errors import Problem, RulesetError, Text, did_you_mean
from jmrules.ruleset.tracked import Tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LIKE = "like"
#: members that may be said by it, and those whose members may: facts and the fields of items
_PLACES = frozenset(("item", "source", "listed", "undefined", "applies"))
_NAMED = frozenset(("facts", "item"))
#: values that one ruleset may copy: likes of likes double
MOST = 100_000
#: containers that may be open at once while it is written out
MOST_DEEP = 300


def says_like(value: object) -> bool:
    """Whether a JSON object is said by ``like``; a fact or a field of that name is an object, and no reference."""
    return isinstance(value, dict) and isinstance(value.get(LIKE), str)


def has_like(value: object) -> bool:
    """Whether something in a JSON value may be said by ``like``."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if says_like(each):
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False


def written_out(root: Tracked, whole: frozenset[str]) -> None:
    """Write every ``like`` of a ruleset document out, in place; what is copied keeps the place where it was written.

    Args:
        root: the document.
        whole: members that are replaced whole where a ``like`` states them again.

    Raises:
        RulesetError: a ``like`` of something that is not there, of itself, or of too much; all of them.
    """
    writer = _Writer(root, whole)
    writer.below(root, "", "")
    if writer.problems:
        raise RulesetError(writer.problems)


@define(eq=False)
class _Writer:
    root: Tracked
    whole: frozenset[str]
    problems: list[Problem] = field(factory=list)
    copied: int = 0
    #: by identity, what is being written out, and what is
    _open: set[int] = field(factory=set)
    _done: dict[int, Tracked] = field(factory=dict)

    def below(self, node: Tracked, name: str, above: str) -> None:
        """Write out what ``node`` holds, the member ``name`` of the member ``above``."""
        if id(node) in self._done or not isinstance(node.value, dict | list):
            return
        self._open.add(id(node))
        if _refers(node, name, above):
            self._refer(node, name)
        if isinstance(node.value, dict):
            for member, part in list(node.value.items()):
                self.below(part, member, name)
        else:
            for part in node.value:
                self.below(part, "", name)
        self._open.discard(id(node))
        self._done[id(node)] = node

    def _refer(self, node: Tracked, name: str) -> None:
        """Put what is meant in the place of what refers to it."""
        stated = node.value[LIKE]
        own = {member: part for member, part in node.value.items() if member != LIKE}
        meant = self._found(stated)
        if meant is None:
            node.value = own
            return
        made = self._copy(meant, stated)
        self._put(made, own, names=name == "item")
        node.value = made.value

    def _found(self, stated: Tracked) -> Tracked | None:
        """What a way of names leads to, itself written out; told where it leads nowhere, or in a circle."""
        node, above, name = self.root, "", ""
        for step in stated.value.split("/"):
            parts = dict(_parts(node, everything=name == "indicators" and above == ""))
            if step not in parts:
                self._refuse(
                    stated,
                    "no-such-like",
                    f"没有“{{0}}”：其中没有“{step}”",
                    f"there is no {{0}}: no {step} in it",
                    parts,
                )
                return None
            above, name, node = name, step, parts[step]
            if _refers(node, name, above) and not self._written(node, name, above, stated):
                return None
        if not isinstance(node.value, dict):
            self._refuse(
                stated, "no-such-like", "“{0}”不是一个对象，不能照用", "{0} is no object that could be repeated"
            )
            return None
        return node if self._written(node, name, above, stated) else None

    def _written(self, node: Tracked, name: str, above: str, stated: Tracked) -> bool:
        """Whether it could be written out: it holds nothing that comes back to it."""
        if id(node) in self._open or len(self._open) > MOST_DEEP:
            self._refuse(stated, "circular-like", "照用“{0}”又回到此处", "to repeat {0} comes back to this place")
            return False
        self.below(node, name, above)
        return True

    def _copy(self, node: Tracked, stated: Tracked) -> Tracked:
        self.copied += 1
        if self.copied > MOST:
            # One that has no end in sight ends everything.
            self._refuse(stated, "too-much-like", "照用的内容过多", "too much is repeated")
            raise RulesetError(self.problems)
        value = node.value
        if isinstance(value, dict):
            value = {name: self._copy(part, stated) for name, part in value.items()}
        elif isinstance(value, list):
            value = [self._copy(part, stated) for part in value]
        return Tracked(value, node.document, node.pointer)

    def _put(self, node: Tracked, own: Mapping[str, Tracked], *, names: bool) -> None:
        """Members stated beside the ``like``: objects merge, null removes, the rest is replaced."""
        for name, part in own.items():
            known = node.value.get(name)
            if part.value is None:
                if known is None:
                    self._refuse(part, "nothing-to-remove", f"没有“{name}”可删", f"there is no {name!r} to remove")
                node.value.pop(name, None)
            elif (
                known is not None
                and isinstance(part.value, dict)
                and isinstance(known.value, dict)
                and LIKE not in part.value
                and (names or name not in self.whole)
            ):
                self._put(known, part.value, names=name == "item" and not names)
            else:
                node.value[name] = part

    def _refuse(self, at: Tracked, code: str, zh: str, en: str, known: Iterable[str] = ()) -> None:
        way = str(at.value)
        hint = Text(
            "like 写明通向所照用内容的各级名称，如 facts/outputs/item、grades/excellent/source",
            "a like names the way to what is repeated, such as facts/outputs/item or grades/excellent/source",
        )
        self.problems.append(
            Problem(
                code,
                Text(zh.format(way), en.format(way)),
                did_you_mean(way.rpartition("/")[2], list(known), hint),
                at.document.place(at.pointer),
            )
        )


def _refers(node: Tracked, name: str, above: str) -> bool:
    """Whether an object is said by ``like``, in a place where that may be."""
    if not isinstance(node.value, dict) or (name not in _PLACES and above not in _NAMED):
        return False
    stated = node.value.get(LIKE)
    return stated is not None and isinstance(stated.value, str)


def _parts(node: Tracked, *, everything: bool) -> Iterator[tuple[str, Tracked]]:
    """Members by their names, entries of a list by their ids; of the indicators, those at every level."""
    if isinstance(node.value, dict):
        yield from node.value.items()
    elif isinstance(node.value, list):
        for each in node.value:
            if isinstance(each.value, dict) and "id" in each.value and isinstance(each.value["id"].value, str):
                yield each.value["id"].value, each
                if everything and "children" in each.value:
                    yield from _parts(each.value["children"], everything=True)
