"""Signals and messages in words, with the figures that they read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError, Text
from jmrules.feel import Meaning, Vocabulary, Words, dotted, interpret, shown_in_both
from jmrules.rules import value_of
from jmrules.ruleset import Slot
from jmrules.trace import Figure, json_value, meaning_of, type_name

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.feel import Compiled
    from jmrules.feel.tree import Expression
    from jmrules.ruleset import FactDeclaration, Template


#: the type of a figure that is not known
UNKNOWN = "unknown"


def field_meanings(declarations: tuple[FactDeclaration, ...]) -> dict[str, dict[str, Meaning]]:
    """Meanings of the fields of each list's items."""
    return {
        declaration.id: {part.id: meaning_of(part) for part in declaration.item}
        for declaration in declarations
        if declaration.item
    }


@frozen(eq=False)
class Reader:
    """Reads expressions for readers: names by their meanings, dotted ones too."""

    vocabulary: Vocabulary
    names: Mapping[str, Any]

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        """What names mean, dotted ones too."""
        return self.vocabulary.meanings

    def value(self, name: str) -> Any:
        """The value of a name, or of a dotted path; None where it has none."""
        head, *members = name.split(".")
        try:
            value = self.names[head]
            for member in members:
                value = value[member]
        except (JmrulesError, KeyError, TypeError):
            return None
        return value

    def condition(self, compiled: Compiled) -> Text:
        """A condition in words, with the values of what it names."""
        words = Words(self.vocabulary, self.value, self._find)
        return words.both(compiled.tree, compiled.text)  # type: ignore[arg-type]

    def _find(self, part: Expression, text: str) -> Any:
        try:
            return interpret(part, text, self.names, strict=True)[0]
        except JmrulesError:
            return None

    def figure(self, name: str) -> Figure:
        """What a name, or a dotted path, stood for."""
        value = self.value(name)
        meaning = self.meanings.get(name, Meaning(Text(name)))
        return Figure(
            name,
            meaning.label,
            type_name(value),
            Decimal(len(value)) if isinstance(value, list) else json_value(value),
            Text(meaning.shown(value, "zh"), meaning.shown(value, "en")),
            unit=meaning.unit,
        )

    def message(self, templates: Mapping[Language, Template]) -> Text:
        """The text of a template; raises the error of an expression that is undefined."""
        return Text(
            self._filled(templates["zh"], "zh"), self._filled(templates["en"], "en") if "en" in templates else None
        )

    def _filled(self, template: Template, language: Language) -> str:
        return "".join(piece if isinstance(piece, str) else self._slot(piece, language) for piece in template.pieces)

    def _slot(self, slot: Slot, language: Language) -> str:
        return self._in_both(slot, value_of(slot.expression, self.names)).say(language)

    def _in_both(self, slot: Slot, value: Any) -> Text:
        meaning = self.meanings.get(dotted(slot.expression.tree) or "")
        if meaning is None or slot.unit:
            return shown_in_both(value, slot.unit, None)
        return meaning.in_both(value)
