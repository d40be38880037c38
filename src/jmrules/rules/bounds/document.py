"""Bounds as a trace document: ``total`` is null, and ``bounds`` holds what is possible."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jmrules.documents import pretty
from jmrules.facts.model import Facts

if TYPE_CHECKING:
    from jmrules.errors import Text
    from jmrules.rules.bounds.result import Bounds, NodeBounds, Worth
    from jmrules.ruleset.model import Grade


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh} if text.en is None else {"zh": text.zh, "en": text.en}


def _node(node: NodeBounds) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": node.id,
        "label": _text(node.label),
        "points": list(node.points),
        "low": node.low,
        "high": node.high,
        "tight": node.tight,
    }
    if node.reason is not None:
        found["reason"] = _text(node.reason)
    if node.undefined is not None:
        found["undefined"] = _text(node.undefined)
    if node.children:
        found["children"] = [_node(child) for child in node.children]
    return found


def _worth(worth: Worth) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fact": worth.fact,
        "label": _text(worth.label),
        "least": worth.least,
        "greatest": worth.greatest,
        "exhaustive": worth.exhaustive,
    }
    if worth.claimed is not None:
        found["claimed"] = worth.claimed
    if worth.indicators:
        found["indicators"] = {
            id: {"least": each.least, "greatest": each.greatest} for id, each in worth.indicators.items()
        }
    return found


def _grade(grade: Grade) -> dict[str, Any]:
    return {"id": grade.id, "label": _text(grade.label), "in": grade.tests}


def bounds_document(bounds: Bounds, facts: object) -> dict[str, Any]:
    """The document in JSON's terms."""
    ruleset = bounds.ruleset
    inner: dict[str, Any] = {
        "trust": bounds.trust,
        "low": bounds.low,
        "high": bounds.high,
        "tight": bounds.tight,
        **({} if bounds.reason is None else {"reason": _text(bounds.reason)}),
        "grades": [grade.id for grade in bounds.grades],
        "indicators": [_node(child) for child in bounds.root.children],
        "unknown": [_worth(each) for each in bounds.worth],
    }
    head: dict[str, Any] = {}
    if isinstance(facts, Facts):
        subject = {"name": facts.subject.name, "name_en": facts.subject.name_en, "code": facts.subject.code}
        head = {"digest": facts.digest, "subject": {key: value for key, value in subject.items() if value is not None}}
    return {
        "jmrules": version("jmrules"),
        "total": None,
        "grade": None,
        "points": ruleset.points,
        "bounds": inner,
        "ruleset": {
            "id": ruleset.id,
            "fiscal_year": ruleset.fiscal_year,
            "revision": ruleset.revision,
            "status": ruleset.status,
            "digest": ruleset.digest,
            "title": _text(ruleset.title),
            "notice": ruleset.source.value["notice"],
        },
        "facts": head,
        "rounding": {
            "leaf": ruleset.rounding.leaf,
            "total": ruleset.rounding.total,
            "mode": ruleset.rounding.mode,
        },
        "grades": [_grade(grade) for grade in ruleset.grades],
    }


def bounds_json(bounds: Bounds, facts: object) -> str:
    """The text of the document."""
    return pretty(bounds_document(bounds, facts)) + "\n"
