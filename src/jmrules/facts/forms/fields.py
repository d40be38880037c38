"""What a workbook asks for: each fact as a field, written into the workbook so that it is read without its ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.ruleset import FactDeclaration


@frozen
class Field:
    """A fact, or a field of a list's items, as a cell asks for it."""

    type: str
    label: tuple[str, str]
    unit: str | None = None
    #: a blank cell says that it is not known, rather than that it is left out
    needed: bool = False
    #: what readers call its strings: string -> words in Chinese and English
    words: Mapping[str, tuple[str, str]] = field(factory=dict)
    item: Mapping[str, Field] = field(factory=dict)


def field_of(declaration: FactDeclaration) -> Field:
    """The field that asks for a declared fact."""
    return Field(
        declaration.type,
        (declaration.label.zh, declaration.label.say("en")),
        declaration.unit,
        not declaration.optional and declaration.absent == "error",
        {each.value: (each.label.zh, each.label.say("en")) for each in declaration.values},
        fields_of(declaration.item),
    )


def fields_of(declarations: Iterable[FactDeclaration]) -> dict[str, Field]:
    """Fields by the ids of what is declared."""
    return {each.id: field_of(each) for each in declarations}


def written(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Fields in JSON's terms."""
    return {
        id: {
            "type": each.type,
            "label": list(each.label),
            "unit": each.unit,
            "needed": each.needed,
            "words": {value: list(words) for value, words in each.words.items()},
            "item": written(each.item),
        }
        for id, each in fields.items()
    }


def as_written(document: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of :func:`written`; raises KeyError, TypeError or ValueError where it is not such a document."""
    found = {}
    for id, each in document.items():
        zh, en = each["label"]
        words = {value: (one, other) for value, (one, other) in each["words"].items()}
        found[id] = Field(str(each["type"]), (zh, en), each["unit"], each["needed"], words, as_written(each["item"]))
    return found
