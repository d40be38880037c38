"""Load a ruleset: read, resolved, checked by schema, checked for what a schema cannot say, and only then believed."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import check as check_schema
from jmrules.documents import decoded, document_of, other_kind, parse, read_bytes
from jmrules.errors import DocumentError, Problem, RulesetError, Text
from jmrules.feel import in_context
from jmrules.ruleset.check import check
from jmrules.ruleset.digest import content_of, digest_of
from jmrules.ruleset.overlay import is_overlay, is_short, resolve
from jmrules.ruleset.registry import check_name, find, for_date
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
        source: a reference such as ``"somewhere/department-overall@2024"``; a file, as a ``Path`` or as text that starts
            with ``.`` or ``/``; or the document itself, where a float means its shortest decimal. Other text opens no file.

    Raises:
        DocumentError: the file cannot be read as JSON.
        RulesetError: no such reference, or it is not a sound ruleset; every problem, each with its place.
    """
    if isinstance(source, str) and not source.startswith((".", "/")):
        return ruleset_named(source)
    return _of_file(source) if isinstance(source, str | Path) else ruleset_of(document_of(source))


def ruleset_named(reference: str) -> Ruleset:
    """The ruleset of a reference, as facts and traces name one: whatever the text is, no file of that name is opened.

    Raises:
        DocumentError: its file cannot be read as JSON.
        RulesetError: no such reference, or it is not a sound ruleset.
    """
    return _registered(find(reference))


def ruleset_for_date(id: str, date: datetime.date) -> Ruleset:
    """The ruleset of ``id`` that is in force on ``date``: as its ``effective`` says, else in its fiscal years.

    Raises:
        DocumentError: a file cannot be read as JSON.
        RulesetError: no such id, none in force on that day, or it is not a sound ruleset.
    """
    return _registered(for_date(id, date))


def _registered(entry: Entry) -> Ruleset:
    return _of_file(entry.path, entry)


@frozen(eq=False)
class _Base:
    """A file that an overlay rests on, and how it was found."""

    reference: str
    leaving: tuple[Path, ...]
    path: Path
    raw: bytes


@frozen(eq=False)
class _Loaded:
    """A ruleset of a file, and the bytes of every file that it was made from."""

    ruleset: Ruleset
    raw: bytes
    bases: tuple[_Base, ...]

    def stands(self, raw: bytes) -> bool:
        """Whether loading it again would give the same."""
        if raw != self.raw:
            return False
        if not self.bases:
            return True
        offered = sources(beside=self.ruleset.source)
        return all(
            find(base.reference, base.leaving, offered).path == base.path and read_bytes(base.path) == base.raw
            for base in self.bases
        )


#: rulesets that were loaded from files, by the file and the year
_loaded: dict[tuple[str, str, Entry | None], _Loaded] = {}
#: bytes of the files that they were loaded from, at most
_MOST = 4 * 1024 * 1024
_lock = Lock()
_any = Random()


def _of_file(path: str | Path, entry: Entry | None = None) -> Ruleset:
    """The ruleset of a file, or of an entry: the one that was made already, if not a letter has changed since."""
    raw, key = read_bytes(path), (os.fspath(path), os.getcwd(), entry)
    with _lock:
        known = _loaded.get(key)
    if known is not None and known.stands(raw):
        return known.ruleset
    document, bases = parse(decoded(raw, str(path)), str(path)), list[_Base]()
    if entry is not None:
        check_name(entry, document)
    ruleset = _ruleset_of(document, None if entry is None else entry.fiscal_year, bases)
    with _lock:
        _loaded[key] = _Loaded(ruleset, raw, tuple(bases))
        while sum(len(each.raw) for each in _loaded.values()) > _MOST:
            # Any of them: were it the one used longest ago, files read in turn would all be gone each time, if they are one too many.
            del _loaded[_any.choice(tuple(_loaded))]
    return ruleset


def parse_ruleset(text: str, file: str | None = None, year: int | None = None) -> Ruleset:
    """The ruleset of a JSON text; raises as :func:`load_ruleset`."""
    return ruleset_of(parse(text, file), year)


def ruleset_of(document: Document, year: int | None = None) -> Ruleset:
    """The ruleset that a document describes, overlay or not, for ``year``, or the first one that it scores; raises as :func:`load_ruleset`."""
    return _ruleset_of(document, year, [])


@in_context
def _ruleset_of(document: Document, year: int | None, bases: list[_Base]) -> Ruleset:
    """As :func:`ruleset_of`; ``bases`` collects the files that an overlay rests on."""
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
    if is_short(document):
        offered = sources(beside=document) if is_overlay(document) else ()

        def locate(reference: str, leaving: tuple[Path, ...]) -> Path:
            path = find(reference, leaving, offered).path
            bases.append(_Base(reference, leaving, path, read_bytes(path)))
            return path

        document = resolve(document, locate)
    problems = check_schema(document, "ruleset")
    if problems:
        raise RulesetError(problems)
    content = content_of(document.value)
    ruleset = structure(content, digest_of(content), document, year)
    problems = check(ruleset, document)
    if problems:
        raise RulesetError(problems)
    return ruleset
