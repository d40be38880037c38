"""What-if, reach and sensitivity as JSON documents, for tools to read: the members of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents import in_json, tell, tell_as
from jmrules.evaluation import Evaluation
from jmrules.trace import json_value
from jmrules.whatif.changes import Change, Open
from jmrules.whatif.compare import NodeChange, WhatIf
from jmrules.whatif.paths import FactPath
from jmrules.whatif.reach import Ceiling, Reach, Way
from jmrules.whatif.sensitivity import Effect, Sensitivity, Threshold
from jmrules.whatif.unknown import NodeRanges, OpenWhatIf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Ruleset


def _moved(node: NodeChange) -> dict[str, Any] | None:
    before, after = node.points
    return None if before == after else {"before": before, "after": after}


def _known(value: Any) -> Any:
    """A value, or what is known of it, as a facts document says it."""
    if not isinstance(value, Open):
        return json_value(value)
    return {"unknown": True} if value.between is None else {"between": [json_value(end) for end in value.between]}


def _ends(ends: tuple[Any, Any]) -> dict[str, Any]:
    return dict(zip(("low", "high"), ends, strict=True))


def _possible(found: Bounds) -> dict[str, Any]:
    return {**_ends((found.low, found.high)), "tight": found.tight, "grades": [grade.id for grade in found.grades]}


def _goal(found: Reach) -> dict[str, Any]:
    goal = found.goal
    return {"total": goal.least, "grade": None if goal.grade is None else goal.grade.id}


tell_as(FactPath, str)
tell(Evaluation, "total", "grade=grade.id")
tell(
    Change,
    "fact=path",
    "label",
    ("before", lambda change: _known(change.before)),
    ("after", lambda change: _known(change.after)),
    "unit?",
)
# Points only where they move.
tell(NodeChange, "id", "label", "before", "after", "change", ("points?", _moved))
tell(WhatIf, "ruleset=before.plan.ruleset.reference", "changes", "before", "after", "change", "indicators=nodes")
tell(NodeRanges, "id", "label", ("before", lambda node: _ends(node.before)), ("after", lambda node: _ends(node.after)))
tell(
    OpenWhatIf,
    "ruleset=before.ruleset.reference",
    "changes",
    ("before", lambda found: _possible(found.before)),
    ("after", lambda found: _possible(found.after)),
    "indicators=nodes",
)
tell(Effect, ("value", lambda effect: json_value(effect.value)), "change", "total", "grade=grade.id", "indicators")
tell(Threshold, "effect", "certain")
tell(Way, "changes", "cost", "after=evaluation")
tell(Ceiling, "id", "label", "points", "now", "most")
tell(
    Reach,
    "ruleset=before.plan.ruleset.reference",
    ("goal", _goal),
    "before",
    "outcome",
    "smallest",
    "ruled_out_up_to=within",
    "most",
    "ways",
    "ceilings",
    ("changeable", lambda found: tuple(found.variables)),
)


def what_if_document(found: WhatIf | OpenWhatIf) -> dict[str, Any]:
    """The score before and after, and every indicator."""
    document: dict[str, Any] = in_json(found)
    return document


def sensitivity_document(ruleset: Ruleset, found: Iterable[Sensitivity]) -> dict[str, Any]:
    """What each value is worth, in the order given."""
    return {"ruleset": ruleset.reference, "facts": in_json(tuple(found))}


def reach_document(found: Reach) -> dict[str, Any]:
    """What it takes to reach a goal: the ways, and what is proved."""
    document: dict[str, Any] = in_json(found)
    return document


def _sensitivity(found: Sensitivity) -> dict[str, Any]:
    """A number has steps and thresholds; anything else its other values."""
    names = ("step", "up", "down", "next_up", "next_down") if found.type == "number" else ("others",)
    head = {"fact": found.path, "label": found.label, "unit": found.unit, "type": found.type}
    rest: dict[str, Any] = in_json(
        {**head, "now": json_value(found.now), **{name: getattr(found, name) for name in names}}
    )
    return rest


tell_as(Sensitivity, _sensitivity)
