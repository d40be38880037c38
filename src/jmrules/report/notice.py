"""The notice itself told from its ruleset alone: what a committee approves, beside another year's, and a page an indicator."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.compare import (
    KINDS,
    PARTS,
    beside_the_tree,
    criterion,
    ground_of,
    how_sourced,
    in_words,
    said,
    tests_in_words,
)
from jmrules.errors import JmrulesError, Text
from jmrules.quantities import trimmed
from jmrules.report.told import STATUS_TEXTS, Clause
from jmrules.ruleset import Group, Leaf, analyse, diff, entries, everything, is_text, leaves, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jmrules.ruleset import Difference, FactDeclaration, Member, Node, Ruleset, Source

_TYPES = {
    "number": Text("数", "number"),
    "boolean": Text("是或否", "yes or no"),
    "string": Text("文字", "text"),
    "date": Text("日期", "date"),
    "list": Text("逐项填写", "a row an item"),
}
_OTHERWISE = {
    "full": Text("得满分", "full points"),
    "zero": Text("不得分", "no points"),
    "exclude": Text("分值转给其他指标", "its points go to other indicators"),
    "absent": Text("不评此项", "it is not scored"),
}


@frozen
class Change:
    """What differs from the other ruleset."""

    kind: Text
    before: Text
    after: Text
    #: it is a change of words or of a source alone
    mild: bool = False
    #: both columns of a table show already what it was and what it is
    shown: bool = False


@frozen
class Needed:
    """A fact that an indicator is scored by."""

    label: Text
    form: Text
    note: Text | None = None
    #: of a list: the columns of an item
    columns: tuple[Text, ...] = ()


@frozen
class Formula:
    """A value that is computed from facts."""

    label: Text
    said: Text
    clause: Clause | None


@frozen
class OfYear:
    """The same indicator in another year of the same notice."""

    year: int
    points: Decimal
    criterion: Text
    same: bool


@frozen
class Item:
    """An indicator of the notice."""

    id: str
    label: Text
    depth: int
    points: Decimal
    #: scored indicators at or below it
    below: int
    #: same, added, removed, changed
    state: str
    #: −, + of a line beside the sheet
    sign: str = ""
    criterion: Text | None = None
    #: when it does not apply, and what happens where it cannot be computed
    provisions: tuple[Text, ...] = ()
    evidence: tuple[Text, ...] = ()
    clause: Clause | None = None
    note: Text | None = None
    #: in the other ruleset
    points_before: Decimal | None = None
    criterion_before: Text | None = None
    provisions_before: tuple[Text, ...] = ()
    changes: tuple[Change, ...] = ()
    needed: tuple[Needed, ...] = field(default=(), repr=False)
    formulas: tuple[Formula, ...] = field(default=(), repr=False)
    years: tuple[OfYear, ...] = field(default=(), repr=False)

    @property
    def scored(self) -> bool:
        """Whether it is scored itself."""
        return self.criterion is not None or self.criterion_before is not None


@frozen
class Beside:
    """What stands beside the table: rounding, grades, formulas, relations."""

    label: Text
    said: Text
    clause: Clause | None


@frozen
class NoticeTold:
    """A notice, and how it differs from another."""

    ruleset: Ruleset = field(repr=False)
    against: Ruleset | None = field(repr=False)
    title: Text
    notice: Text
    status: Text
    items: tuple[Item, ...]
    beside: tuple[Beside, ...]
    #: differences of what is no indicator
    rest: tuple[tuple[Text, Text, Change], ...]
    #: years that could not be read, and why
    unread: tuple[Text, ...]

    @property
    def depth(self) -> int:
        """Levels of indicators."""
        return 1 + max((item.depth for item in self.items), default=0)

    @property
    def sheets(self) -> tuple[Item, ...]:
        """The scored indicators that are there."""
        return tuple(item for item in self.items if item.criterion is not None)


def notice_told(ruleset: Ruleset, against: Ruleset | None = None) -> NoticeTold:
    """Tell a notice.

    Args:
        against: another ruleset, of another year or a draft, whose differences are marked.
    """
    return _Teller(ruleset, against).tell()


class _Teller:
    """One notice while it is told."""

    def __init__(self, ruleset: Ruleset, against: Ruleset | None) -> None:
        self.ruleset, self.against = ruleset, against
        self.before: Mapping[str, Node] = {} if against is None else {node.id: node for _, node in everything(against)}
        self.differences = () if against is None else diff(against, ruleset)
        self.others, self.unread = _other_years(ruleset)
        self.reads = _reads(ruleset)

    def tell(self) -> NoticeTold:
        ruleset, notice = self.ruleset, self.ruleset.notice
        now = {node.id for _, node in everything(ruleset)}
        items = [item for node in ruleset.indicators for item in self.items(node, 0)]
        items += [item for line in ruleset.adjustments for item in self.items(line, 0)]
        for node in self.before.values():
            if node.id not in now and (isinstance(node, Leaf) or not any(leaf.id in now for leaf in leaves((node,)))):
                items.append(self.gone(node))
        number = notice.number or ""
        return NoticeTold(
            ruleset,
            self.against,
            ruleset.title,
            Text(f"{notice.issuer.zh} {number}".strip(), f"{notice.issuer.say('en')} {number}".strip()),
            STATUS_TEXTS[ruleset.status],
            tuple(items),
            tuple(Beside(label, text, _clause(source)) for label, text, source in beside_the_tree(ruleset)),
            tuple(
                (Text(*PARTS[each.part]), each.label, self.change(each))
                for each in self.differences
                if each.part != "indicator"
            ),
            self.unread,
        )

    def items(self, node: Node, depth: int) -> Iterator[Item]:
        """A node and all below it."""
        changes = tuple(self.change(each) for each in self.differences if each.part == "indicator" and each.id == node.id)  # fmt: skip
        before = self.before.get(node.id)
        telling = any(not each.mild for each in changes)
        state = "same" if self.against is None else "added" if before is None else "changed" if telling else "same"
        leaf = node if isinstance(node, Leaf) else None
        needed, formulas = self.reads.get(node.id, ((), ())) if leaf is not None else ((), ())
        yield Item(
            node.id, node.label, depth, node.points, len(leaves((node,))), state,
            sign="" if leaf is None or leaf.effect is None else "−" if leaf.effect == "penalty" else "+",
            criterion=None if leaf is None else criterion(self.ruleset, leaf),
            provisions=() if leaf is None else tuple(_provisions(self.ruleset, leaf)),
            evidence=() if leaf is None else tuple(each.label for each in leaf.evidence),
            clause=None if leaf is None else _clause(leaf.source),
            note=node.note,
            points_before=None if before is None else before.points,
            criterion_before=criterion(self.against, before) if self.against is not None and isinstance(before, Leaf) else None,
            provisions_before=tuple(_provisions(self.against, before)) if self.against is not None and isinstance(before, Leaf) else (),
            changes=changes, needed=needed, formulas=formulas, years=tuple(self.years(leaf)) if leaf is not None else (),
        )  # fmt: skip
        for child in node.children if isinstance(node, Group) else ():
            yield from self.items(child, depth + 1)

    def gone(self, node: Node) -> Item:
        """An indicator that only the other ruleset has."""
        assert self.against is not None
        changes = tuple(self.change(each) for each in self.differences if each.part == "indicator" and each.id == node.id)  # fmt: skip
        how = criterion(self.against, node) if isinstance(node, Leaf) else None
        return Item(node.id, node.label, 0, Decimal(0), 1, "removed", points_before=node.points, criterion_before=how, changes=changes)  # fmt: skip

    def change(self, found: Difference) -> Change:
        """A difference in words."""
        assert self.against is not None
        before, after = _words(found, self.against, self.ruleset)
        return Change(
            Text(*KINDS[found.kind]), before, after, found.kind in ("wording", "source"), found.kind in _SHOWN
        )

    def years(self, leaf: Leaf) -> Iterator[OfYear]:
        """What it was, and will be, in other years."""
        mine = criterion(self.ruleset, leaf)
        for other in self.others:
            node = {each.id: each for _, each in everything(other)}.get(leaf.id)
            if isinstance(node, Leaf):
                how = criterion(other, node)
                yield OfYear(other.fiscal_year, node.points, how, how == mine and node.points == leaf.points)


#: what columns before and after show
_SHOWN = ("points", "bands", "criterion", "added", "removed")
#: members of the head of a notice that are words of readers
_HEAD = ("fiscal_year", "revision", "notice", "effective")
_NOTHING = Text("—", "—")


def _words(found: Difference, before: Ruleset, after: Ruleset) -> tuple[Text, Text]:
    """What it was and what it is, as a committee reads it: of members that are no text for readers, only that they differ."""
    if found.part == "rounding":
        was, now = (next(beside_the_tree(ruleset))[1] for ruleset in (before, after))
        return was, now
    if found.part == "fact" and found.kind in ("added", "removed"):
        facts = [{fact.id: _needed(fact).form for fact in ruleset.facts} for ruleset in (before, after)]
        return facts[0].get(found.id, _NOTHING), facts[1].get(found.id, _NOTHING)
    if found.part == "grade" and found.kind != "wording":
        grades = [
            {grade.id: tests_in_words(ruleset, grade.tests) for grade in ruleset.grades} for ruleset in (before, after)
        ]
        return grades[0].get(found.id, _NOTHING), grades[1].get(found.id, _NOTHING)
    if found.part == "head" and found.id == "status":
        return STATUS_TEXTS[before.status], STATUS_TEXTS[after.status]
    told = found.part in ("indicator", "derived") and found.kind not in ("wording", "source", "changed")
    if told or found.kind in ("added", "removed", "moved", "reads"):
        return said(found, before, after)
    return _texts(found, lambda member: member.before), _texts(found, lambda member: member.after)


def _texts(found: Difference, of: Callable[[Member], Any]) -> Text:
    """The texts among what differs, and of the head of a notice its plain words and numbers."""
    told = []
    for member in found.members:
        value = of(member)
        if is_text(value):
            told.append(Text(value["zh"], value.get("en")))
        elif found.part == "head" and member.path[0] in _HEAD and isinstance(value, str | int | Decimal):
            told.append(Text(str(value)))
    return Text("；".join(each.zh for each in told), "; ".join(each.say("en") for each in told)) if told else _NOTHING


def _provisions(ruleset: Ruleset, leaf: Leaf) -> Iterator[Text]:
    """When it does not apply, and what it earns where it has no value."""
    if leaf.applies is not None:
        when, then = in_words(ruleset, leaf.applies.when), _OTHERWISE[leaf.applies.otherwise]
        reason = leaf.applies.reason
        yield Text(
            f"{when.zh}时适用；否则（{reason.zh}）{then.zh}",
            f"applies when {when.say('en')}; else ({reason.say('en')}) {then.say('en')}",
        )
    if leaf.undefined is not None:
        earned = trimmed(leaf.undefined.share * leaf.points, 2)
        reason = leaf.undefined.reason
        yield Text(f"无从计算（{reason.zh}）得 {earned} 分", f"where it has no value ({reason.say('en')}): {earned}")


def _other_years(ruleset: Ruleset) -> tuple[tuple[Ruleset, ...], tuple[Text, ...]]:
    """The same notice in other years, and those years that cannot be read."""
    found, unread = [], []
    for entry in entries():
        if entry.id == ruleset.id and entry.fiscal_year != ruleset.first_year:
            try:
                found.append(load_ruleset(f"{entry.id}@{entry.fiscal_year}"))
            except JmrulesError as error:
                why = error.problems[0].message
                unread.append(Text(f"{entry.fiscal_year} 年度读不出：{why.zh}", f"{entry.fiscal_year} cannot be read: {why.say('en')}"))  # fmt: skip
    return tuple(found), tuple(unread)


def _reads(ruleset: Ruleset) -> Mapping[str, tuple[tuple[Needed, ...], tuple[Formula, ...]]]:
    """Of each scored indicator, the facts that it is scored by, and what is computed from them on the way."""
    analysis = analyse(ruleset)
    facts = {fact.id: fact for fact in ruleset.facts}
    derived = {item.id: item for item in ruleset.derived}
    found = {}
    for pointer, node in everything(ruleset):
        if not isinstance(node, Leaf):
            continue
        waiting = [path[0] for at, each in analysis.expressions.items() if at.startswith(f"{pointer}/") for path in each.names]  # fmt: skip
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                if name in derived:
                    waiting += [path[0] for path in analysis.expressions[f"/derived/{name}/value"].names]
        needed = tuple(_needed(fact) for id, fact in facts.items() if id in seen)
        formulas = tuple(
            Formula(item.label, in_words(ruleset, item.value), _clause(item.source))
            for id, item in derived.items()
            if id in seen
        )
        found[node.id] = (needed, formulas)
    return found


def _needed(fact: FactDeclaration) -> Needed:
    form = _TYPES[fact.type]
    if fact.values:
        named = [each.label for each in fact.values]
        form = Text("、".join(each.zh for each in named), ", ".join(each.say("en") for each in named))
    unit = _unit(fact)
    parts = [form, *([unit] if unit is not None else []), *([Text("可不填", "optional")] if fact.optional else [])]
    return Needed(
        fact.label,
        Text("，".join(each.zh for each in parts), ", ".join(each.say("en") for each in parts)),
        fact.note,
        tuple(column.label for column in fact.item),
    )


def _unit(fact: FactDeclaration) -> Text | None:
    from jmrules.units import UNITS

    known = UNITS.get(fact.unit or "")
    return None if known is None else known.symbol


def _clause(source: Source | None) -> Clause | None:
    return None if source is None else Clause(how_sourced(source), ground_of(source), source.status == "stated")
