"""What is doubtful about a score and the claims on it, counted once: every command and every rule reads these numbers.

They are counted from awards, indicator by indicator, and not from claims: however a department breaks its claim down, they are
the same. An award that is not known counts at its most.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.facts import Claims, Facts, weakest
from jmrules.feel import CONTEXT
from jmrules.frozen import frozen_mapping
from jmrules.ruleset import Group, indicators, leaves_below
from jmrules.ruleset import nodes as walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jmrules.crossfoot import Matter
    from jmrules.errors import Text
    from jmrules.facts import Basis
    from jmrules.ruleset import Node, Ruleset
    from jmrules.trace import LeafTrace

#: gravest first: more, or less, is claimed than the facts earn; the facts it was read from contradict other figures; its
#: points rest on assertion alone, or are not known; none of these; nothing is claimed
Standing = Literal["over-claimed", "under-claimed", "contradicted", "unsupported", "consistent", "not-claimed"]
STANDINGS: tuple[Standing, ...] = (
    "over-claimed", "under-claimed", "contradicted", "unsupported", "consistent", "not-claimed",
)  # fmt: skip
_NONE = Decimal(0)
Interval = tuple[Decimal, Decimal]


@frozen
class Weighed:
    """A scored indicator: what it earns, and what that rests on."""

    id: str
    points: Decimal
    #: least and greatest award: one number where all is known
    earned: Interval
    #: None where it reads no fact at all
    basis: Basis | None
    #: names of the facts read
    facts: tuple[str, ...]
    #: points that went to other indicators, by id
    sent: Mapping[str, Decimal] = field(factory=dict, converter=frozen_mapping)


@frozen
class Judged:
    """An indicator, a group, or the whole sheet: what is claimed, what its facts earn, and what is doubtful about it."""

    id: str
    label: Text
    depth: int
    points: Decimal
    claimed: Decimal | None
    #: what is claimed, with the points that came and went since other indicators do not apply
    compared: Decimal | None
    earned: Interval
    #: weakest basis of the facts read; None where none was
    basis: Basis | None
    #: points that rest on assertion alone or are not known, and points on doubtful figures
    on_assertion: Decimal
    in_doubt: Decimal
    #: ids of the matters that cast doubt on the facts it was read from
    contradicted_by: tuple[str, ...] = ()
    #: it is scored itself, rather than the sum of others
    leaf: bool = True

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Everything that applies, the gravest first."""
        low, high = self.earned
        if self.compared is None:
            return ("not-claimed",)
        unproven = low != high or (self.compared > 0 and self.points > 0 and self.basis == "assertion")
        applies: dict[Standing, bool] = {
            "over-claimed": self.compared > high,
            "under-claimed": self.compared < low,
            "contradicted": bool(self.contradicted_by),
            "unsupported": unproven,
        }
        return tuple(standing for standing, holds in applies.items() if holds) or ("consistent",)

    @property
    def standing(self) -> Standing:
        """The gravest."""
        return self.standings[0]


@frozen
class Doubts:
    """The numbers, and the sheet that they are counted from."""

    #: every node, parents first
    nodes: tuple[Judged, ...]
    total: Judged
    over_claimed: Decimal
    under_claimed: Decimal
    #: ids of the indicators as the notice counts them
    counted: tuple[str, ...]

    def __repr__(self) -> str:
        over, under = f"over-claimed {self.over_claimed:f}", f"under-claimed {self.under_claimed:f}"
        return brief(self, over, under, f"on assertion {self.on_assertion:f}", f"in doubt {self.in_doubt:f}")

    @property
    def on_assertion(self) -> Decimal:
        """Points that rest on assertion alone, or are not known."""
        return self.total.on_assertion

    @property
    def in_doubt(self) -> Decimal:
        """Points on figures that contradict others, or cannot be held against them since something is unknown."""
        return self.total.in_doubt

    @cached_property
    def indicators(self) -> tuple[Judged, ...]:
        """The indicators as the notice counts them."""
        return tuple(node for node in self.nodes if node.id in self.counted)

    @property
    def asserted(self) -> tuple[Judged, ...]:
        """The indicators, as the notice counts them, that have points on assertion alone."""
        return tuple(node for node in self.indicators if node.on_assertion)


def doubtful(matters: Iterable[Matter]) -> dict[str, tuple[str, ...]]:
    """The facts on which matters cast doubt, each with the ids of those matters that question or contradict it.

    What cannot be computed because a fact is withheld is as doubtful as if it failed: it is among the facts, without an id.
    """
    found: dict[str, dict[str, None]] = {}
    for matter in matters:
        ids: dict[str, None] = {} if matter.status == "cannot-be-computed" else {matter.id: None}
        for name in matter.doubted:
            found.setdefault(name, {}).update(ids)
    return {name: tuple(ids) for name, ids in found.items()}


def weighed(leaf: LeafTrace) -> Weighed:
    """A leaf of a trace, with one award."""
    facts = tuple(dict.fromkeys(each.name for each in leaf.inputs if each.kind == "fact"))
    sent = {move.indicator: -move.points for move in leaf.moves if move.points < 0}
    return Weighed(leaf.id, leaf.points, (leaf.awarded, leaf.awarded), leaf.rests_on, facts, sent)


def of_score(
    ruleset: Ruleset,
    facts: Facts | Mapping[str, Any],
    sheet: Iterable[LeafTrace],
    total: Decimal,
    matters: Iterable[Matter],
) -> Doubts:
    """What is doubtful about a score whose leaves are these, and whose figures were held against each other with these results."""
    claims = facts.claims if isinstance(facts, Facts) else Claims()
    return doubts(ruleset, claims, [weighed(leaf) for leaf in sheet], (total, total), doubtful(matters))


def doubts(
    ruleset: Ruleset,
    claims: Claims,
    sheet: Sequence[Weighed],
    total: Interval,
    doubtful: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, Interval] | None = None,
) -> Doubts:
    """What is doubtful about a sheet and the claims on it.

    Args:
        sheet: every leaf of the ruleset.
        total: least and greatest total, after all rules.
        doubtful: as :func:`doubtful` gives it.
        groups: least and greatest of each group, and of the sum of all under "", where they are known more closely than by adding up.
    """
    by_id = {leaf.id: leaf for leaf in sheet}
    compared = _as_moved(ruleset, claims.indicators, by_id)
    known = groups or {}

    def judged(id: str, label: Text, depth: int, below: Sequence[Weighed], leaf: bool) -> Judged:
        low, high = known.get(id) or tuple(sum((each.earned[end] for each in below), _NONE) for end in (0, 1))
        resting = [_on_assertion(each) for each in below]
        touched = [each for each in below if any(name in doubtful for name in each.facts)]
        ids = [check for each in touched for name in each.facts for check in doubtful.get(name, ())]
        return Judged(
            id, label, depth, sum((each.points for each in below), _NONE), claims.indicators.get(id), compared.get(id),
            (low, high), weakest(each.basis for each in below if each.points), min(sum(resting, _NONE), high),
            min(sum((each.earned[1] for each in touched), _NONE), high), tuple(dict.fromkeys(ids)), leaf,
        )  # fmt: skip

    nodes = []
    for pointer, node in walked(ruleset):
        below = [by_id[id] for id in leaves_below(ruleset)[node.id]]
        nodes.append(judged(node.id, node.label, pointer.count("/children"), below, not isinstance(node, Group)))
    whole = judged("", ruleset.title, 0, sheet, leaf=False)
    # Points are counted before rules limit the total; the claim is held against the total after them.
    whole = Judged(
        "total", ruleset.title, 0, ruleset.points, claims.total, claims.total, total,
        whole.basis, whole.on_assertion, whole.in_doubt, whole.contradicted_by, leaf=False,
    )  # fmt: skip
    over, under = _beyond(ruleset, claims, {node.id: node for node in nodes}, total)
    return Doubts(tuple(nodes), whole, over, under, tuple(node.id for node in indicators(ruleset.indicators)))


def _on_assertion(leaf: Weighed) -> Decimal:
    low, high = leaf.earned
    return high if leaf.basis == "assertion" else high - low


def _beyond(ruleset: Ruleset, claims: Claims, nodes: Mapping[str, Judged], total: Interval) -> Interval:
    """By how much the claims exceed the most that the facts earn, and fall short of the least; nothing where none is made.

    The total decides. Where it is not claimed, the uppermost claims add up to it; if they leave parts of the sheet out, they are held
    against what they are about.
    """
    top, complete = _uppermost(ruleset.indicators, claims.indicators)
    claimed = claims.total
    if claimed is None:
        if not top:
            return _NONE, _NONE
        claimed = sum((claims.indicators[id] for id in top), _NONE)
        if not complete:
            claimed = sum((nodes[id].compared or _NONE for id in top), _NONE)
            low, high = (sum((nodes[id].earned[end] for id in top), _NONE) for end in (0, 1))
            total = low, high
    return max(claimed - total[1], _NONE), max(total[0] - claimed, _NONE)


def _uppermost(nodes: Iterable[Node], claimed: Mapping[str, Decimal]) -> tuple[list[str], bool]:
    """The claimed nodes above which nothing is claimed, and whether every leaf is below one."""
    found: list[str] = []
    complete = True
    for node in nodes:
        if node.id in claimed:
            found.append(node.id)
        else:
            inner, whole = _uppermost(node.children, claimed) if isinstance(node, Group) else ([], False)
            found += inner
            complete = complete and whole
    return found, complete


def _as_moved(ruleset: Ruleset, claimed: Mapping[str, Decimal], sheet: Mapping[str, Weighed]) -> dict[str, Decimal]:
    """What each node claims, where what is claimed for an indicator that does not apply goes where its points went."""
    quantum = Decimal(1).scaleb(-ruleset.rounding.leaf)
    flows = []
    moved = _claimed_of_excluded(ruleset, claimed, sheet)
    if not moved:
        return dict(claimed)
    below = {id: set(ids) for id, ids in leaves_below(ruleset).items()}
    for id, whole in moved.items():
        points = sum(sheet[id].sent.values(), _NONE)
        for other, sent in sheet[id].sent.items():
            share = CONTEXT.divide(CONTEXT.multiply(whole, sent), points)
            flows.append((id, other, whole if sent == points else share.quantize(quantum, ROUND_HALF_UP)))
    found = {}
    for node, amount in claimed.items():
        came = sum((flow for source, to, flow in flows if to in below[node] and source not in below[node]), _NONE)
        went = sum((flow for source, to, flow in flows if source in below[node] and to not in below[node]), _NONE)
        found[node] = amount + came - went
    return found


def _claimed_of_excluded(
    ruleset: Ruleset, claimed: Mapping[str, Decimal], sheet: Mapping[str, Weighed]
) -> dict[str, Decimal]:
    """What is claimed for each leaf whose points went elsewhere: for itself, or for a group of such leaves, by their points."""
    found: dict[str, Decimal] = {}
    if not any(leaf.sent for leaf in sheet.values()):
        return found
    for _, node in walked(ruleset):
        inside = [sheet[id] for id in leaves_below(ruleset)[node.id]]
        if node.id in claimed and all(leaf.sent for leaf in inside):
            points = sum((sum(leaf.sent.values(), _NONE) for leaf in inside), _NONE)
            for leaf in inside:
                own = sum(leaf.sent.values(), _NONE)
                found[leaf.id] = CONTEXT.divide(CONTEXT.multiply(claimed[node.id], own), points)
    return found
