"""A trace document in fewer words: in one language, or as its numbers alone. Each form replays as the whole does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from jmrules.errors import Language

#: one language; or compact: each indicator's numbers, what was found, the facts, and of the ruleset its digest
Form = Literal["zh", "en", "compact"]
FORMS: tuple[Form, ...] = get_args(Form)

#: members that are not words: the ruleset and facts must stay whole, and a value may look like anything
_AS_THEY_ARE = ("given", "value")


def in_form(document: dict[str, Any], form: Language | None) -> dict[str, Any]:
    """The whole document in one language; as it is where that is None."""
    if form is None:
        return document
    return {"jmrules": document["jmrules"], "form": form, **_in_language(document, form)}


def _in_language(value: Any, language: Literal["zh", "en"]) -> Any:
    """The value with each text in one language; in Chinese where it has no English."""
    if isinstance(value, dict):
        if value.keys() <= {"zh", "en"} and "zh" in value:
            said = language if value.get(language) is not None else "zh"
            return {said: value[said]}
        return {name: part if name in _AS_THEY_ARE else _in_language(part, language) for name, part in value.items()}
    return [_in_language(part, language) for part in value] if isinstance(value, list) else value
