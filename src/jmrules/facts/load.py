"""Load a facts document: read, checked by schema, references resolved. Whether it fits a ruleset is for binding to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.documents import canonical, document_of, other_kind, parse, read
from jmrules.documents import check as check_schema
from jmrules.errors import FactsError, Problem, Text, did_you_mean
from jmrules.facts.model import Claims, Facts, SourceDocument, Subject, converter
from jmrules.formats import NO_FACTS, is_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.documents import Document


def load_facts(source: str | Path | Mapping[str, Any]) -> Facts:
    """The facts of a file, or of a facts document given as a mapping.

    Raises:
        DocumentError: the file cannot be read as JSON.
        TableError: the file cannot be read as Excel.
        FactsError: it is not a facts document; every problem, each with its place.
    """
    return facts_of(read_facts(source) if isinstance(source, str | Path) else document_of(source))


def read_facts(path: str | Path) -> Document:
    """The document of a facts file: JSON, or a workbook that was filled in; raises as :func:`load_facts`."""
    if Path(path).suffix.lower() != ".xlsx" or not Path(path).is_file():
        return read(path)
    from jmrules.facts.forms import read_form

    return read_form(path)


def facts_files(folder: str | Path, *, deep: bool = False) -> list[Path]:
    """The facts files of a folder, by name: JSON that is no expected score or reviewers' file, and workbooks to fill facts into.

    ``deep``: of the folders in it too.
    """
    inside = sorted(Path(folder).rglob("*") if deep else Path(folder).glob("*"))
    return [
        path
        for path in inside
        if (path.suffix == ".json" and not path.name.endswith(NO_FACTS))
        # ~$ begins the name of what Excel keeps beside a file that is open
        or (path.suffix.lower() == ".xlsx" and not path.name.startswith("~$") and is_form(path))
    ]


def parse_facts(text: str, file: str | None = None) -> Facts:
    """The facts of a JSON text; raises as :func:`load_facts`."""
    return facts_of(parse(text, file))


def facts_of(document: Document) -> Facts:
    """The facts that a document describes; raises as :func:`load_facts`."""
    import jmrules.feel  # noqa: F401  schemas ask it about dates, and nobody may have needed it yet

    if (other := other_kind(document, "facts")) is not None:
        raise FactsError(other)
    problems = check_schema(document, "facts")
    if not problems:
        problems = list(_dangling(document))
    if problems:
        raise FactsError(problems)
    value = document.value
    structure = converter().structure
    return Facts(
        ruleset=value["ruleset"],
        fiscal_year=value["fiscal_year"],
        subject=structure(value["subject"], Subject),
        given=value["facts"],
        claims=structure(value.get("claims", {}), Claims),
        documents=tuple(
            structure({"id": id, **members}, SourceDocument) for id, members in value.get("documents", {}).items()
        ),
        canonical=canonical({name: member for name, member in value.items() if name != "$schema"}),
        source=document,
    )


_NESTED = (dict, list)


def _cited(facts: Any) -> set[str]:
    """The names of all documents that are cited."""
    found: set[str] = set()
    waiting = [facts]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += [item for item in value if isinstance(item, _NESTED)]
            continue
        for kind, part in value.items():
            if not isinstance(part, _NESTED):
                continue
            if kind not in ("evidence", "statements"):
                waiting.append(part)
            elif isinstance(part, list):
                found.update(
                    entry["document"]
                    for entry in part
                    if isinstance(entry, dict) and isinstance(entry.get("document"), str)
                )
    return found


def _dangling(document: Document) -> Iterator[Problem]:
    """References to documents that the file does not list."""
    known = list(document.value.get("documents", {}))
    if _cited(document.value["facts"]) <= set(known):
        return
    waiting: list[tuple[str, Any]] = [("/facts", document.value["facts"])]
    while waiting:
        pointer, value = waiting.pop()
        if not isinstance(value, dict):
            waiting += [
                (f"{pointer}/{index}", item) for index, item in enumerate(value) if isinstance(item, dict | list)
            ]
            continue
        for kind, part in value.items():
            if not isinstance(part, dict | list):
                continue
            if kind not in ("evidence", "statements"):
                waiting.append((f"{pointer}/{kind}", part))
                continue
            for index, entry in enumerate(part if isinstance(part, list) else ()):
                name = entry.get("document") if isinstance(entry, dict) else None
                if isinstance(name, str) and name not in known:
                    yield Problem(
                        "no-such-document",
                        Text(f"documents 中没有“{name}”", f"documents lists no {name!r}"),
                        did_you_mean(name, known, Text("请在 documents 中列出该文件", "list it under documents")),
                        document.place(f"{pointer}/{kind}/{index}/document"),
                    )
