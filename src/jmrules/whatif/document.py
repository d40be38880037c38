"""What-if, reach and sensitivity as JSON documents, for tools to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.trace.values import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from jmrules.errors import Text
    from jmrules.evaluation import Evaluation
    from jmrules.ruleset.model import Ruleset
    from jmrules.whatif.changes import Change
    from jmrules.whatif.compare import NodeChange, WhatIf
    from jmrules.whatif.reach import Reach
    from jmrules.whatif.sensitivity import Effect, Sensitivity, Threshold


def text_document(text: Text) -> dict[str, str]:
    """A text in its languages."""
    return {"zh": text.zh} if text.en is None else {"zh": text.zh, "en": text.en}


def score_document(evaluation: Evaluation) -> dict[str, Any]:
    """A total and its grade."""
    return {"total": evaluation.total, "grade": evaluation.grade.id}


def change_document(change: Change) -> dict[str, Any]:
    """One changed value."""
    found = {
        "fact": str(change.path),
        "label": text_document(change.label),
        "before": json_value(change.before),
        "after": json_value(change.after),
    }
    return found if change.unit is None else {**found, "unit": change.unit}


def node_document(node: NodeChange) -> dict[str, Any]:
    """An indicator before and after; its points only where they move."""
    found: dict[str, Any] = {
        "id": node.id,
        "label": text_document(node.label),
        "before": node.before,
        "after": node.after,
        "change": node.change,
    }
    return found if node.points[0] == node.points[1] else {**found, "points": _pair(node.points)}


def _pair(pair: tuple[Decimal, Decimal]) -> dict[str, Decimal]:
    return {"before": pair[0], "after": pair[1]}


def what_if_document(found: WhatIf) -> dict[str, Any]:
    """The score before and after, and every indicator."""
    return {
        "ruleset": found.before.plan.ruleset.reference,
        "changes": [change_document(change) for change in found.changes],
        "before": score_document(found.before),
        "after": score_document(found.after),
        "change": found.change,
        "indicators": [node_document(node) for node in found.nodes],
    }


def sensitivity_document(ruleset: Ruleset, found: Iterable[Sensitivity]) -> dict[str, Any]:
    """What each value is worth, in the order given."""
    return {"ruleset": ruleset.reference, "facts": [_sensitivity(each) for each in found]}


def _sensitivity(found: Sensitivity) -> dict[str, Any]:
    document: dict[str, Any] = {
        "fact": str(found.path),
        "label": text_document(found.label),
        "unit": found.unit,
        "type": found.type,
        "now": json_value(found.now),
    }
    if found.type != "number":
        return {**document, "others": [_effect(effect) for effect in found.others]}
    document |= {"step": found.step, "up": _effect(found.up), "down": _effect(found.down)}
    return document | {"next_up": _threshold(found.next_up), "next_down": _threshold(found.next_down)}


def _effect(effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "value": json_value(effect.value),
        "change": effect.change,
        "total": effect.total,
        "grade": effect.grade.id,
        "indicators": dict(effect.indicators),
    }


def _threshold(threshold: Threshold | None) -> dict[str, Any] | None:
    if threshold is None:
        return None
    return {"effect": _effect(threshold.effect), "certain": threshold.certain}


def reach_document(found: Reach) -> dict[str, Any]:
    """What it takes to reach a goal: the ways, and what is proved."""
    goal = found.goal
    return {
        "ruleset": found.before.plan.ruleset.reference,
        "goal": {"total": goal.least, "grade": None if goal.grade is None else goal.grade.id},
        "before": score_document(found.before),
        "outcome": found.outcome,
        "smallest": found.smallest,
        "ruled_out_up_to": found.within,
        "most": found.most,
        "ways": [
            {
                "changes": [change_document(change) for change in way.changes],
                "cost": way.cost,
                "after": score_document(way.evaluation),
            }
            for way in found.ways
        ],
        "ceilings": [
            {
                "id": each.id,
                "label": text_document(each.label),
                "points": each.points,
                "now": each.now,
                "most": each.most,
            }
            for each in found.ceilings
        ],
        "changeable": [str(path) for path in found.variables],
    }
