"""Required evidence (佐证材料) against the documents given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules import feel
from jmrules.facts import Facts
from jmrules.feel import temporal, types
from jmrules.trace.model import EvidenceCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts import SourceDocument
    from jmrules.ruleset import Leaf, RequiredEvidence


def required_evidence(leaf: Leaf, facts: Facts | Mapping[str, Any]) -> tuple[EvidenceCheck, ...]:
    """What the leaf's award must rest on, and whether it was given; a plain mapping gives no documents."""
    documents = facts.documents if isinstance(facts, Facts) else ()
    return tuple(_check(required, documents) for required in leaf.evidence)


def _check(required: RequiredEvidence, documents: tuple[SourceDocument, ...]) -> EvidenceCheck:
    of_kind = [document for document in documents if document.kind == required.kind]
    if not of_kind:
        return EvidenceCheck(required.kind, required.label, "missing", dated=required.dated)
    valid = next((document for document in of_kind if _in_date(document, required.dated)), None)
    given = valid or of_kind[0]
    return EvidenceCheck(
        required.kind, required.label, "given" if valid else "out of date", document=given.id, dated=required.dated
    )


def _in_date(document: SourceDocument, tests: str | None) -> bool:
    if tests is None:
        return True
    date = temporal.parse_date(document.date) if document.date else None
    return date is not None and feel.compile(tests, {"?": types.DATE}, unary=True).function(date) is True
