"""What the figures of a declared check are called, in which unit they are, where they stand, and which are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jmrules.crossfoot.printed import declarations_of, derived_expressions, facts_read, unwrapped
from jmrules.crossfoot.results import Side
from jmrules.errors import Text
from jmrules.facts import is_fact_object
from jmrules.feel import tree as t
from jmrules.memo import kept
from jmrules.ruleset import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal
    from fractions import Fraction
    from typing import Any

    from jmrules.crossfoot.printed import Figures
    from jmrules.feel import Compiled
    from jmrules.ruleset import CrossCheck, FactDeclaration, Ruleset

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
        self._words = _words(figures.ruleset, check.id)
        #: by the step at which they stand
        self.compiled: Mapping[str, Compiled] = self._words.compiled
        self.condition = self._words.condition

    def reads(self, steps: Iterable[str] | None = None) -> tuple[str, ...]:
        """The facts that the expressions at some steps read (None: at all)."""
        return self._words.read(None if steps is None else tuple(steps))

    def side(
        self,
        step: str,
        otherwise: Text,
        number: int | None,
        value: Decimal | Fraction | None,
        between: tuple[Fraction, Fraction] | None = None,
    ) -> Side:
        """A figure with what it is called; a single fact by its own name."""
        words = self._words.at(step)
        return Side(words.label or otherwise, value, words.unit, self._sections(words.reads, number), between)

    def sections(self, steps: Iterable[str], number: int | None) -> tuple[str, ...]:
        """Where the source states what the expressions at some steps read."""
        return self._sections(self.reads(steps), number)

    def _sections(self, names: tuple[str, ...], number: int | None) -> tuple[str, ...]:
        each = None if self.check.each is None else self.check.each.of
        sections = self.figures.sections
        return tuple(
            dict.fromkeys(section for name in names for section in sections(name, number if name == each else None))
        )

    def unit(self) -> str | None:
        """The unit of what is compared, where one of the expressions tells it."""
        return self._words.unit

    def unit_of(self, step: str) -> str | None:
        """The unit of what stands at a step."""
        return self._words.unit_of(self._words.texts(step))

    def missing(self, step: str | None = None) -> Text:
        """What it reads, or what stands at a step of it, and nobody gave: what is withheld, else what is absent."""
        texts = list(self.compiled.values()) if step is None else [self.compiled[step]]
        declarations = self.figures.declarations
        given = {name: self.figures.given.get(name) for name in self.reads(None if step is None else (step,))}
        fields = self._words.fields(texts)
        found = dict.fromkeys(
            label for name, value in given.items() for label in _withheld(declarations[name], value, fields)
        ) or dict.fromkeys(declarations[name].label for name, value in given.items() if value is None)
        if not found:
            return Text("所需数据", "the figures it needs")
        return Text("、".join(label.zh for label in found), "; ".join(label.say("en") for label in found))


@kept
def _words(ruleset: Ruleset, id: str) -> _Words:
    return _Words(ruleset, next(check for check in ruleset.checks if check.id == id))


class _Side(NamedTuple):
    """What is said of the figure at a step, whatever the facts are."""

    label: Text | None
    unit: str | None
    reads: tuple[str, ...]


class _Words:
    """What is said of one check, whatever the facts are."""

    def __init__(self, ruleset: Ruleset, check: CrossCheck) -> None:
        texts = check_texts(ruleset).expressions
        self.check = check
        self.each = None if check.each is None else (check.each.name, check.each.of)
        self.derived = {derived.id: derived for derived in ruleset.derived}
        self.expressions, self.declarations = derived_expressions(ruleset), declarations_of(ruleset)
        self.ruleset = ruleset
        self.compiled = {step: texts[f"/checks/{check.id}/{step}"] for step, _ in check.expressions()}
        self.condition = texts[f"/checks/{check.id}/when"] if check.when is not None else None
        self._read: dict[tuple[str, ...] | None, tuple[str, ...]] = {}
        self._sides: dict[str, _Side] = {}
        self.unit = self._compared()

    def read(self, steps: tuple[str, ...] | None) -> tuple[str, ...]:
        """The facts that the expressions at some steps read."""
        found = self._read.get(steps)
        if found is None:
            texts = self.compiled.values() if steps is None else [self.compiled[step] for step in steps]
            found = self._read[steps] = self.reads(texts)
        return found

    def reads(self, texts: Iterable[Compiled]) -> tuple[str, ...]:
        """The facts that expressions read."""
        return tuple(dict.fromkeys(name for one in texts for name in facts_read(self.ruleset, one, self.each)))

    def texts(self, step: str) -> list[Compiled]:
        """The expressions at a step."""
        return [compiled for name, compiled in self.compiled.items() if name.partition("/")[0] == step]

    def at(self, step: str) -> _Side:
        """What is said of the figure at a step."""
        found = self._sides.get(step)
        if found is None:
            texts = self.texts(step)
            if self.check.kind == "ratio" and step == "part":
                texts.append(self.compiled["whole"])
            label, unit = self._named(texts[0]) if len(texts) == 1 else (None, None)
            found = self._sides[step] = _Side(label, unit or self.unit, self.reads(texts))
        return found

    def _compared(self) -> str | None:
        """The unit of what is compared, where one of the expressions tells it."""
        texts = [compiled for step in _MEASURED[self.check.kind] for compiled in self.texts(step)]
        named = next((unit for unit in (self._named(compiled)[1] for compiled in texts) if unit is not None), None)
        if named is not None or self.check.kind == "ratio":
            return named
        return self.unit_of(texts)

    def unit_of(self, texts: list[Compiled]) -> str | None:
        """The unit of what expressions read."""
        reads = [self.declarations[name] for name in self.reads(texts)]
        # Of a list, the fields that are named.
        named = self.fields(texts)
        found = [each for one in reads for each in (one, *(part for part in one.item if part.id in named))]
        return next((each.unit for each in found if each.unit is not None), None)

    def _named(self, compiled: Compiled) -> tuple[Text | None, str | None]:
        """Label and unit of an expression that is a name, or a field of the item looked at."""
        text, each = compiled.text.strip(), self.check.each
        if text in self.declarations:
            declaration = self.declarations[text]
            return declaration.label, declaration.unit
        if text in self.derived:
            return self.derived[text].label, self.derived[text].unit
        head, _, member = text.partition(".")
        if each is not None and head == each.name and each.of in self.declarations:
            for part in self.declarations[each.of].item:
                if part.id == member:
                    return part.label, part.unit
        return None, None

    def fields(self, texts: Iterable[Compiled]) -> frozenset[str]:
        """Every member that expressions name, directly or through derived values."""
        waiting, seen, found = list(texts), set[str](), set[str]()
        while waiting:
            text = waiting.pop()
            found |= {node.member for node in t.walk(text.tree) if isinstance(node, t.Path)}
            more = {path[0] for path in text.names if path[0] in self.expressions} - seen
            seen |= more
            waiting += [self.expressions[name] for name in sorted(more)]
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
