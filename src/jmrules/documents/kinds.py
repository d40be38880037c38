"""Which kind of document one is, by the members that only its kind has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jmrules.errors import Problem, Text

if TYPE_CHECKING:
    from jmrules.documents.reader import Document

Kind = Literal["ruleset", "facts", "trace"]

_NAMES: dict[Kind, tuple[str, str]] = {
    "ruleset": ("评分办法", "a ruleset"),
    "facts": ("事实文件", "a facts file"),
    "trace": ("评分过程", "a score trace"),
}


def kind_of(document: Document) -> Kind:
    """What a document is; a ruleset where nothing says otherwise."""
    members = document.value if isinstance(document.value, dict) else {}
    if "jmrules" in members:
        return "trace"
    if "subject" in members and "indicators" not in members:
        return "facts"
    return "facts" if "ruleset" in members and "facts" in members and "indicators" not in members else "ruleset"


def other_kind(document: Document, wanted: Kind) -> Problem | None:
    """The problem of a document that is plainly of another kind; one problem says more than all its missing members."""
    members = document.value if isinstance(document.value, dict) else {}
    kind = kind_of(document)
    if kind == wanted or (kind == "ruleset" and "indicators" not in members):
        return None
    is_zh, is_en = _NAMES[kind]
    wanted_zh, wanted_en = _NAMES[wanted]
    return Problem(
        "other-kind",
        Text(f"这是{is_zh}，此处需要{wanted_zh}", f"this is {is_en}; {wanted_en} is wanted here"),
        Text(f"请给出{wanted_zh}", f"name {wanted_en}"),
        document.place(""),
    )
