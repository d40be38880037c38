"""What-if where facts are unknown: the scores that are possible before and after changes."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.brief import brief
from jmrules.errors import FactsError, Place, Text
from jmrules.facts import ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.feel.possible import LARGEST, spread
from jmrules.rules.bounds import Bounds, bounds
from jmrules.score.bounds import Fixed, Rows, department
from jmrules.whatif.changes import Change, Open, changed_facts
from jmrules.whatif.compare import paths_of
from jmrules.whatif.paths import FactPath, called, declaration_of, label_of, no_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

#: least and greatest
Ends = tuple["Decimal", "Decimal"]


@frozen
class NodeRanges:
    """What an indicator may earn before and after, and its points on the sheet, each at least and at most."""

    id: str
    label: Text
    leaf: bool
    points: tuple[Ends, Ends]
    before: Ends
    after: Ends

    @property
    def changed(self) -> bool:
        """Whether anything is another."""
        return self.before != self.after or self.points[0] != self.points[1]


@frozen(eq=False)
class OpenWhatIf:
    """The scores that are possible before and after some changes."""

    changes: tuple[Change, ...]
    before: Bounds
    after: Bounds

    def __repr__(self) -> str:
        ends = [f"[{each.low:f}..{each.high:f}]" for each in (self.before, self.after)]
        return brief(self, f"{len(self.changes)} changes", " to ".join(ends))

    @property
    def nodes(self) -> tuple[NodeRanges, ...]:
        """Every indicator, parents first, in document order."""
        pairs = zip(self.before.root.walk(), self.after.root.walk(), strict=True)
        return tuple(
            NodeRanges(
                old.id, old.label, not old.children, (old.points, new.points), (old.low, old.high), (new.low, new.high)
            )
            for (_, old), (_, new) in pairs
        )

    @property
    def changed(self) -> tuple[NodeRanges, ...]:
        """The scored indicators of which something is another."""
        return tuple(node for node in self.nodes if node.leaf and node.changed)


def open_what_if(
    ruleset: Ruleset, facts: Facts | Mapping[str, Any], changes: Mapping[str | FactPath, Any]
) -> OpenWhatIf:
    """What a department may score as it is, and as it would be; arguments and errors as for :func:`what_if`."""
    ruleset = ruleset_for_facts(ruleset, facts)
    paths = paths_of(ruleset, changes)
    before = bounds(ruleset, facts)
    try:
        after_facts = changed_facts(facts, paths)
        after = bounds(ruleset, after_facts)
    except FactsError as error:
        # No file holds the changed facts, so lines and columns would mislead.
        raise FactsError([each.at(Place(None, each.place.pointer)) for each in error.problems]) from None
    old, new = _extents(ruleset, facts), _extents(ruleset, after_facts)
    made = tuple(
        Change(
            path,
            label_of(ruleset, path),
            declaration_of(ruleset, path).unit,
            _value_at(old, path),
            _value_at(new, path),
            called(declaration_of(ruleset, path)),
        )
        for path in paths
    )
    return OpenWhatIf(made, before, after)


def _extents(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> dict[str, Any]:
    with localcontext(EXACT):
        found = department(ruleset, facts, "assertion").domains
    return {fact.id: extent for fact, extent in zip(ruleset.facts, found, strict=True)}


def _value_at(extents: Mapping[str, Any], path: FactPath) -> Any:
    """The value at a path, or what is known of it; raises FactsError where there is no such item."""
    now: Any = extents
    for step in path.steps:
        inner: Any = now.value if isinstance(now, Fixed) else now.rows if isinstance(now, Rows) else now
        if isinstance(step, int) and (not isinstance(inner, list | tuple) or step >= len(inner)):
            raise FactsError(no_item(path, len(inner) if isinstance(inner, list | tuple) else 0))
        found = inner[step]
        now = Fixed(found) if isinstance(now, Fixed) else found
    if isinstance(now, Fixed):
        return now.value
    span = spread(now.possible).span
    known = span is not None and span.low > -LARGEST and span.high < LARGEST
    return Open((span.low, span.high) if span is not None and known else None)
