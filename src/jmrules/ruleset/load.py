"""Load a ruleset: read, resolved, checked by schema, checked for what a schema cannot say, and only then believed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.documents import check as check_schema
from jmrules.documents import document_of, other_kind, parse, read
from jmrules.errors import DocumentError, Problem, RulesetError, Text
from jmrules.feel.numbers import in_context
from jmrules.ruleset.check import check
from jmrules.ruleset.digest import content_of, digest_of
from jmrules.ruleset.overlay import is_overlay, resolve
from jmrules.ruleset.registry import check_name, find, for_date, is_reference
from jmrules.ruleset.sources import sources
from jmrules.ruleset.structure import structure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from jmrules.documents import Document
    from jmrules.ruleset.model import Ruleset
    from jmrules.ruleset.registry import Entry


def load_ruleset(source: str | Path | Mapping[str, Any]) -> Ruleset:
    """The ruleset of a reference (``id@year``), of a file, or of a document given as a mapping.

    Args:
        source: a reference such as ``"somewhere/department-overall@2024"``, a path, or the document itself; a float in a
            mapping means its shortest decimal.

    Raises:
        DocumentError: the file cannot be read as JSON.
        RulesetError: it is not a sound ruleset; every problem, each with its place.
    """
    if isinstance(source, str) and is_reference(source):
        return _registered(find(source))
    return ruleset_of(read(source) if isinstance(source, str | Path) else document_of(source))


def ruleset_for_date(id: str, date: datetime.date) -> Ruleset:
    """The ruleset of ``id`` that is in force on ``date``: as its ``effective`` says, else in its fiscal years.

    Raises:
        DocumentError: a file cannot be read as JSON.
        RulesetError: no such id, none in force on that day, or it is not a sound ruleset.
    """
    return _registered(for_date(id, date))


def _registered(entry: Entry) -> Ruleset:
    document = read(entry.path)
    check_name(entry, document)
    return ruleset_of(document, entry.fiscal_year)


def parse_ruleset(text: str, file: str | None = None, year: int | None = None) -> Ruleset:
    """The ruleset of a JSON text; raises as :func:`load_ruleset`."""
    return ruleset_of(parse(text, file), year)


@in_context
def ruleset_of(document: Document, year: int | None = None) -> Ruleset:
    """The ruleset that a document describes, overlay or not, for ``year``, or the first one that it scores; raises as :func:`load_ruleset`."""
    if not isinstance(document.value, dict):
        raise DocumentError(
            Problem(
                "not-an-object",
                Text("评分办法必须是一个 JSON 对象", "a ruleset must be a JSON object"),
                Text("以 { 开头", "start it with {"),
                document.place(""),
            )
        )
    if (other := other_kind(document, "ruleset")) is not None:
        raise RulesetError(other)
    if is_overlay(document):
        offered = sources(beside=document)
        document = resolve(document, lambda reference, leaving: find(reference, leaving, offered).path)
    problems = check_schema(document, "ruleset")
    if problems:
        raise RulesetError(problems)
    content = content_of(document.value)
    ruleset = structure(content, digest_of(content), document, year)
    problems = check(ruleset, document)
    if problems:
        raise RulesetError(problems)
    return ruleset
