"""What the figures of a declared check are called, in which unit they are, where they stand, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.crossfoot.places import sections_of
from jmrules.crossfoot.printed import unwrapped
from jmrules.crossfoot.results import Side
from jmrules.errors import Text
from jmrules.facts import is_fact_object
from jmrules.feel import tree as t
from jmrules.ruleset import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal
    from fractions import Fraction
    from typing import Any

    from jmrules.crossfoot.printed import Figures
    from jmrules.feel import Compiled
    from jmrules.ruleset import CrossCheck, FactDeclaration

#: the steps of a check in whose unit it compares
_MEASURED = {
    "sum": ("total", "parts"),
    "ratio": ("stated",),
    "equal": ("stated", "figures"),
    "at_most": ("part", "whole"),
    "excess": ("stated", "items"),
}


class Naming:
    """The words of one check."""

    def __init__(self, figures: Figures, check: CrossCheck) -> None:
        self.figures, self.check = figures, check
        texts = check_texts(figures.ruleset).expressions
        #: by the step at which they stand
        self.compiled: Mapping[str, Compiled] = {
            step: texts[f"/checks/{check.id}/{step}"] for step, _ in check.expressions()
        }
        self.condition = texts[f"/checks/{check.id}/when"] if check.when is not None else None

    def reads(self, compiled: Iterable[Compiled]) -> tuple[str, ...]:
        """The facts that expressions read."""
        each = None if self.check.each is None else (self.check.each.name, self.check.each.of)
        return tuple(dict.fromkeys(name for one in compiled for name in self.figures.reads(one, each)))

    def side(
        self,
        step: str,
        otherwise: Text,
        number: int | None,
        value: Decimal | Fraction | None,
        between: tuple[Fraction, Fraction] | None = None,
    ) -> Side:
        """A figure with what it is called; a single fact by its own name."""
        texts = self._at(step)
        if self.check.kind == "ratio" and step == "part":
            texts.append(self.compiled["whole"])
        label, unit = self._named(texts[0]) if len(texts) == 1 else (None, None)
        sections = self._sections(texts, number)
        return Side(label or otherwise, value, unit or self.unit(), sections, between)

    def sections(self, steps: Iterable[str], number: int | None) -> tuple[str, ...]:
        """Where the source states what expressions read."""
        return self._sections([self.compiled[step] for step in steps], number)

    def _sections(self, texts: list[Compiled], number: int | None) -> tuple[str, ...]:
        item = {} if self.check.each is None else {self.check.each.of: number}
        given = self.figures.given
        return tuple(
            dict.fromkeys(
                section for name in self.reads(texts) for section in sections_of(given.get(name), item.get(name))
            )
        )

    def _at(self, step: str) -> list[Compiled]:
        return [compiled for name, compiled in self.compiled.items() if name.partition("/")[0] == step]

    def unit(self) -> str | None:
        """The unit of what is compared, where one of the expressions tells it."""
        texts = [compiled for step in _MEASURED[self.check.kind] for compiled in self._at(step)]
        named = next((unit for unit in (self._named(compiled)[1] for compiled in texts) if unit is not None), None)
        if named is not None or self.check.kind == "ratio":
            return named
        return self._unit(texts)

    def unit_of(self, step: str) -> str | None:
        """The unit of what stands at a step."""
        return self._unit(self._at(step))

    def _unit(self, texts: list[Compiled]) -> str | None:
        reads = [self.figures.declarations[name] for name in self.reads(texts)]
        # Of a list, the fields that are named.
        named = self._fields(texts)
        found = [each for one in reads for each in (one, *(part for part in one.item if part.id in named))]
        return next((each.unit for each in found if each.unit is not None), None)

    def _named(self, compiled: Compiled) -> tuple[Text | None, str | None]:
        """Label and unit of an expression that is a name, or a field of the item looked at."""
        text, each = compiled.text.strip(), self.check.each
        if text in self.figures.declarations:
            declaration = self.figures.declarations[text]
            return declaration.label, declaration.unit
        for derived in self.figures.ruleset.derived:
            if derived.id == text:
                return derived.label, derived.unit
        head, _, member = text.partition(".")
        if each is not None and head == each.name and each.of in self.figures.declarations:
            for part in self.figures.declarations[each.of].item:
                if part.id == member:
                    return part.label, part.unit
        return None, None

    def missing(self, step: str | None = None) -> Text:
        """What it reads, or what stands at a step of it, and nobody gave: what is withheld, else what is absent."""
        texts = list(self.compiled.values()) if step is None else [self.compiled[step]]
        given = {name: self.figures.given.get(name) for name in self.reads(texts)}
        fields = self._fields(texts)
        found = dict.fromkeys(
            label
            for name, value in given.items()
            for label in _withheld(self.figures.declarations[name], value, fields)
        ) or dict.fromkeys(self.figures.declarations[name].label for name, value in given.items() if value is None)
        if not found:
            return Text("所需数据", "the figures it needs")
        return Text("、".join(label.zh for label in found), "; ".join(label.say("en") for label in found))

    def _fields(self, texts: Iterable[Compiled]) -> frozenset[str]:
        """Every member that expressions name, directly or through derived values."""
        waiting, seen, found = list(texts), set[str](), set[str]()
        while waiting:
            text = waiting.pop()
            found |= {node.member for node in t.walk(text.tree) if isinstance(node, t.Path)}
            more = {path[0] for path in text.names if path[0] in self.figures.derived} - seen
            seen |= more
            waiting += [self.figures.derived[name] for name in sorted(more)]
        return frozenset(found)


def _withheld(declaration: FactDeclaration, given: Any, fields: frozenset[str]) -> Iterator[Text]:
    """A fact that is given as unknown, or the fields of its items that are and that are read."""
    if is_fact_object(given) and not {"value", "between"} & given.keys():
        yield declaration.label
        return
    value = unwrapped(given)
    if declaration.type != "list" or not isinstance(value, list | tuple):
        return
    for part in declaration.item:
        rows = [row.get(part.id) for row in value if isinstance(row, dict)]
        if part.id in fields and any(
            isinstance(each, dict) and is_fact_object(each) and "unknown" in each for each in rows
        ):
            label = declaration.label
            yield Text(f"{label.zh}的{part.label.zh}", f"{part.label.say('en')} of {label.say('en')}")
