"""Overlays: a ruleset that names a base and states only what changes, resolved into a full one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.documents import Document, read
from jmrules.documents import check as check_schema
from jmrules.errors import DocumentError, Problem, RulesetError, Text
from jmrules.ruleset.changes import COLLECTIONS, NAMED, WHOLE, Editor
from jmrules.ruleset.digest import NOT_CONTENT, content_of, digest_of
from jmrules.ruleset.like import has_like, written_out
from jmrules.ruleset.tracked import Tracked, document_of, plain, tracked

if TYPE_CHECKING:
    from collections.abc import Callable

    #: finds the file of a reference, leaving aside those files that are being resolved already
    Locate = Callable[[str, tuple[Path, ...]], Path]

MAX_CHAIN = 20
#: what every ruleset says for itself: last year's would be wrong
_OWN = ("id", "fiscal_year", "fiscal_years", "revision", "status", "title", "notice", "effective")


def is_overlay(document: Document) -> bool:
    """Whether the document extends another."""
    return isinstance(document.value, dict) and "extends" in document.value


def is_short(document: Document) -> bool:
    """Whether the document stands for another: it extends a base, or says something by ``like``."""
    return is_overlay(document) or has_like(document.value)


def resolve(document: Document, locate: Locate, within: tuple[Path, ...] = ()) -> Document:
    """The full document that ``document`` stands for: itself, or its base with its changes made; what is said by ``like``, written out.

    Every value of the result keeps the place where it was written. Only the form of overlays is checked here, not what
    the result says.

    Args:
        document: a ruleset document.
        locate: finds the file of a reference.
        within: files being resolved already.

    Raises:
        DocumentError: a base cannot be read as JSON.
        RulesetError: an overlay or a base has not the form it must have, the base is not found, has another digest than
            the one stated, or extends the overlay in turn; changes that cannot be made, all of them; a ``like`` of nothing.
    """
    return document_of(_resolve(document, locate, within)) if is_short(document) else document


def _resolve(document: Document, locate: Locate, within: tuple[Path, ...]) -> Tracked:
    _check_form(document)
    if not is_overlay(document):
        found = tracked(document.value, document, "")
        written_out(found, WHOLE)
        return found
    chain = (*within, Path(document.file).resolve()) if document.file else within
    reference, digest = _extends(document)
    base = _base(document, reference, locate, chain)
    if digest is not None:
        _check_digest(document, reference, digest, base)
    return _changed(base, document)


def _extends(document: Document) -> tuple[str, str | None]:
    stated = document.value["extends"]
    return (stated, None) if isinstance(stated, str) else (stated["ruleset"], stated.get("digest"))


def _base(document: Document, reference: str, locate: Locate, chain: tuple[Path, ...]) -> Tracked:
    if len(chain) > MAX_CHAIN:
        raise _refused(
            document,
            "chain-too-long",
            (f"沿用关系超过 {MAX_CHAIN} 层", f"rulesets extend each other {MAX_CHAIN} deep"),
            ("请另写一份完整的评分办法作为起点", "write one of them out in full"),
        )
    try:
        path = locate(reference, chain)
    except RulesetError as error:
        raise RulesetError(_placed(problem, document) for problem in error.problems) from None
    if path.resolve() in chain:
        names = " → ".join(file.name for file in (*chain[chain.index(path.resolve()) :], path))
        raise _refused(
            document,
            "circular-extends",
            (f"沿用关系成环：{names}", f"these rulesets extend each other in a circle: {names}"),
            ("请让其中一份不再沿用，写出全文", "write one of them out in full"),
        )
    return _resolve(read(path), locate, chain)


def _placed(problem: Problem, document: Document) -> Problem:
    if problem.place.file is not None:
        return problem
    return problem.at(document.place("/extends"))


def _refused(
    document: Document, code: str, message: tuple[str, str], hint: tuple[str, str], at: str = "/extends"
) -> RulesetError:
    return RulesetError(Problem(code, Text(*message), Text(*hint), document.place(at)))


def _check_digest(document: Document, reference: str, stated: str, base: Tracked) -> None:
    found = digest_of(content_of(plain(base)))
    if found != stated:
        raise _refused(
            document,
            "base-changed",
            (
                f"所沿用的 {reference} 已改动：摘要为 {found[:12]}…，而此处固定为 {stated[:12]}…",
                f"{reference} changed underneath: its digest is {found[:12]}…, {stated[:12]}… is stated here",
            ),
            (
                f"请核对改动（jmrules diff），认可后改为 {found}",
                f"look at what changed (jmrules diff), and if it is meant, state {found}",
            ),
            "/extends/digest",
        )


def _changed(base: Tracked, document: Document) -> Tracked:
    """The base as the overlay changes it, and with the members that the overlay states for itself."""
    stated = {
        name: tracked(part, document, f"/{name}") for name, part in document.value.items() if name not in NOT_CONTENT
    }
    root: dict[str, Tracked] = {name: stated.pop(name) for name in _OWN if name in stated}
    for name, part in base.value.items():
        if name not in _OWN and name not in NOT_CONTENT:
            root[name] = stated.pop(name, part)
    editor = Editor(root | stated, document)
    problems = editor.apply(document.value["changes"])
    if problems:
        raise RulesetError(problems)
    found = Tracked(editor.root, document, "")
    written_out(found, WHOLE)
    return found


def _check_form(document: Document) -> None:
    """Refuse a document on which changes could not even be tried."""
    if not isinstance(document.value, dict):
        raise DocumentError(
            Problem(
                "not-an-object",
                Text("评分办法必须是一个 JSON 对象", "a ruleset must be a JSON object"),
                Text("以 { 开头", "start it with {"),
                document.place(""),
            )
        )
    if is_overlay(document) or not _has_form(document.value):
        problems = check_schema(document, "ruleset")
        if problems:
            raise RulesetError(problems)


def _has_form(value: dict[str, Any]) -> bool:
    """Whether the collections of a full document are such that their entries can be named."""
    if "indicators" not in value:
        return False
    for kind, (name, _, _) in COLLECTIONS.items():
        if name not in value:
            continue
        entries = value[name]
        if kind in NAMED:
            if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
                return False
        elif not _are_entries(entries):
            return False
    return True


def _are_entries(entries: Any) -> bool:
    waiting = [entries]
    while waiting:
        items = waiting.pop()
        if not isinstance(items, list):
            return False
        for item in items:
            if not isinstance(item, dict) or not isinstance(item.get("id"), str):
                return False
            if "children" in item:
                waiting.append(item["children"])
    return True
