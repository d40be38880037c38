"""A trace document in fewer words: in one language, or as its numbers alone. Each form replays as the whole does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: one language; or compact: each indicator's numbers, what was found, the facts, and of the ruleset its digest
Form = Literal["zh", "en", "compact"]
FORMS: tuple[Form, ...] = get_args(Form)

#: members that are not words: the ruleset and facts must stay whole, and a value may look like anything
_AS_THEY_ARE = ("given", "value")
_LEAF = ("id", "points", "awarded", "share", "outcome", "basis", "branch")


def in_form(document: dict[str, Any], form: Form | None) -> dict[str, Any]:
    """The whole document in a form; as it is where that is None."""
    if form is None:
        return document
    head = {"jmrules": document["jmrules"], "form": form}
    return {**head, **(_compact(document) if form == "compact" else _in_language(document, form))}


def _in_language(value: Any, language: Literal["zh", "en"]) -> Any:
    """The value with each text in one language; in Chinese where it has no English."""
    if isinstance(value, dict):
        if value.keys() <= {"zh", "en"} and "zh" in value:
            said = language if value.get(language) is not None else "zh"
            return {said: value[said]}
        return {name: part if name in _AS_THEY_ARE else _in_language(part, language) for name, part in value.items()}
    return [_in_language(part, language) for part in value] if isinstance(value, list) else value


def _compact(document: Mapping[str, Any]) -> dict[str, Any]:
    head = ("total", "points", "awarded", "basis")
    ruleset = {name: document["ruleset"][name] for name in ("id", "fiscal_year", "revision", "status", "digest")}
    return {
        **{name: document[name] for name in head},
        "grade": {"id": document["grade"]["id"]},
        "ruleset": ruleset,
        "facts": document["facts"],
        "adjustments": [
            {name: part for name, part in line.items() if name != "reason"} for line in document["adjustments"]
        ],
        "leaves": [{name: leaf[name] for name in _LEAF} for leaf in _leaves(document["indicators"])],
        "found": [
            {name: finding[name] for name in ("rule", "item") if name in finding}
            for finding in document.get("findings", ())
        ],
        "given": {"facts": document["given"]["facts"]},
    }


def _leaves(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "children" in node:
            yield from _leaves(node["children"])
        else:
            yield node
