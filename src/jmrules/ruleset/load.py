"""Load a ruleset: read, check by schema, check what a schema cannot, and only then believe it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.documents import canonical, document_of, parse, read
from jmrules.documents import check as check_schema
from jmrules.errors import DocumentError, Problem, RulesetError, Text
from jmrules.ruleset.check import check
from jmrules.ruleset.registry import find, is_reference
from jmrules.ruleset.structure import structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.documents import Document
    from jmrules.ruleset.model import Ruleset

#: members that say how a document is edited or built, not what it says
NOT_IN_DIGEST = ("$schema",)


def load_ruleset(source: str | Path | Mapping[str, Any]) -> Ruleset:
    """The ruleset of a reference (``id@year``), of a file, or of a document given as a mapping.

    Args:
        source: a reference such as ``"somewhere/department-overall@2024"``, a path, or the document itself; a float in a
            mapping means its shortest decimal.

    Raises:
        DocumentError: the file cannot be read as JSON.
        RulesetError: it is not a sound ruleset; every problem, each with its place.
    """
    if isinstance(source, str) and is_reference(source) and not Path(source).is_file():
        document = read(find(source))
    elif isinstance(source, str | Path):
        document = read(source)
    else:
        document = document_of(source)
    return ruleset_of(document)


def parse_ruleset(text: str, file: str | None = None) -> Ruleset:
    """The ruleset of a JSON text; raises as :func:`load_ruleset`."""
    return ruleset_of(parse(text, file))


def ruleset_of(document: Document) -> Ruleset:
    """The ruleset that a document describes; raises as :func:`load_ruleset`."""
    if not isinstance(document.value, dict):
        raise DocumentError(
            Problem(
                "not-an-object",
                Text("评分办法必须是一个 JSON 对象", "a ruleset must be a JSON object"),
                Text("以 { 开头", "start it with {"),
                document.place(""),
            )
        )
    problems = check_schema(document, "ruleset")
    if problems:
        raise RulesetError(problems)
    content = {name: value for name, value in document.value.items() if name not in NOT_IN_DIGEST}
    ruleset = structure(content, digest_of(content), document)
    problems = check(ruleset, document)
    if problems:
        raise RulesetError(problems)
    return ruleset


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text of a document's content, hexadecimal."""
    return hashlib.sha256(canonical(dict(content)).encode()).hexdigest()
