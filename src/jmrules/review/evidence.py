"""Required evidence (佐证材料) against what is given: missing, out of date, or not the file that it is said to be."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.brief import brief
from jmrules.documents import tell
from jmrules.errors import EvaluationError, FactsError
from jmrules.evaluation import evaluate
from jmrules.facts import ruleset_for_facts, unknown_kinds
from jmrules.ruleset import Leaf, everything
from jmrules.trace import required_evidence

if TYPE_CHECKING:
    from jmrules.errors import Text
    from jmrules.facts import Facts, SourceDocument
    from jmrules.ruleset import Ruleset

Status = Literal["given", "out of date", "missing", "not needed"]
#: of a document's file: it is the file of the stated hash; another; there, with no hash stated; stated, but not there; not to be
#: opened, for it lies outside the folder of the facts; no file stated
FileStatus = Literal["matches", "differs", "unstated", "absent", "outside", "none"]
_CHUNK = 1 << 20


@frozen
class FileCheck:
    """A document, and the file it is said to be."""

    document: SourceDocument
    status: FileStatus
    #: SHA-256 of the file that is there, hexadecimal
    sha256: str | None = None


@frozen
class Required:
    """A kind of document that an indicator's award must rest on."""

    indicator: str
    label: Text
    kind: str
    kind_label: Text
    status: Status
    #: constant FEEL unary tests on its date
    dated: str | None = None
    #: the document that answers it, the first of its kind where several do, or none of them is in date
    given: FileCheck | None = None


@frozen
class EvidenceReport:
    """The evidence of one department."""

    required: tuple[Required, ...]
    #: every document that the facts list
    documents: tuple[FileCheck, ...]

    def __repr__(self) -> str:
        return brief(
            self, f"{len(self.documents)} documents", f"{len(self.required)} required", f"{len(self.lacking)} lacking"
        )

    @property
    def lacking(self) -> tuple[Required, ...]:
        """What is missing, out of date, or another file than stated."""
        return tuple(
            each
            for each in self.required
            if each.status in ("missing", "out of date") or (each.given is not None and each.given.status == "differs")
        )


tell(
    FileCheck,
    "document=document.id",
    "title=document.title",
    "kind=document.kind",
    "date=document.date",
    "file=document.file",
    "sha256=document.sha256",
    "file_status=status",
    "file_sha256=sha256",
)
tell(Required, "indicator", "label", "kind", "kind_label", "status", "dated", "given")
tell(EvidenceReport, "required", "documents")


def evidence_report(ruleset: Ruleset, facts: Facts, folder: Path | None = None) -> EvidenceReport:
    """What each indicator's award must rest on, and what was given.

    An indicator that does not apply needs no evidence. Where the facts have no score, every indicator is taken to apply.

    Args:
        folder: where the documents' files lie; None: beside the facts file. Only files inside it are opened.

    Raises:
        FactsError: documents of kinds that are not known.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    if problems := unknown_kinds(ruleset, facts):
        raise FactsError(problems)
    if folder is None and facts.source.file is not None:
        folder = Path(facts.source.file).parent
    checks = {document.id: _file(document, folder) for document in facts.documents}
    try:
        outcomes = {leaf.id: leaf.outcome for leaf in evaluate(ruleset, facts).trace.leaves}
    except (FactsError, EvaluationError):
        outcomes = {}
    required = []
    for leaf in (node for _, node in everything(ruleset) if isinstance(node, Leaf)):
        idle = outcomes.get(leaf.id) in ("excluded", "absent", "full", "zero")
        for check in required_evidence(leaf, facts):
            status: Status = "not needed" if idle else check.status
            given = checks[check.document] if check.document is not None else None
            required.append(Required(leaf.id, leaf.label, check.kind, check.label, status, check.dated, given))
    return EvidenceReport(tuple(required), tuple(checks.values()))


def _file(document: SourceDocument, folder: Path | None) -> FileCheck:
    if document.file is None:
        return FileCheck(document, "none")
    if folder is None:
        return FileCheck(document, "absent")
    try:
        root = folder.resolve()
        path = (root / document.file).resolve()
        if not path.is_relative_to(root):
            return FileCheck(document, "outside")
        if not path.is_file():
            return FileCheck(document, "absent")
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError):
        return FileCheck(document, "absent")
    found = digest.hexdigest()
    if document.sha256 is None:
        return FileCheck(document, "unstated", found)
    return FileCheck(document, "matches" if found == document.sha256 else "differs", found)
