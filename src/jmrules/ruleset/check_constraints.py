"""What must hold of constraints, and of what decides whether an indicator applies, beyond the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Problem, Text
from jmrules.feel.tree import Name, Path
from jmrules.feel.tree import walk as parts_of
from jmrules.ruleset.constraint_texts import UNMET, duplicate
from jmrules.ruleset.expressions import analyse, applies_pointer
from jmrules.ruleset.model import Leaf, everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset.model import FactDeclaration, Ruleset

Found = tuple[str, Problem]


def constraint_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Every problem of the constraints; those of their expressions apart."""
    taken = {each.id for each in ruleset.facts} | {each.id for each in ruleset.derived}
    taken |= {each.id for each in ruleset.signals} | {each.id for each in ruleset.rules}
    taken |= {node.id for _, node in everything(ruleset)}
    for constraint in ruleset.constraints:
        if {constraint.id, UNMET + constraint.id} & taken:
            yield f"/constraints/{constraint.id}", duplicate(constraint.id)


def applies_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Conditions that move points when somebody leaves a fact out, without the ruleset saying how that is read."""
    for pointer, node in everything(ruleset):
        if isinstance(node, Leaf) and node.applies is not None:
            for path, declaration in _left_out(ruleset, applies_pointer(pointer)):
                label = declaration.label
                yield (
                    applies_pointer(pointer),
                    Problem(
                        "applies-rests-on-omission",
                        Text(
                            f"“{node.label.zh}”是否适用取决于可以不填的“{label.zh}”（{path}）：漏填就会改变分值",
                            f"whether {node.id} applies rests on {path} ({label.say('en')}), which may be left out: an omission would move points",
                        ),
                        Text(
                            "请去掉 optional（不知道的可写为未知），或用 omitted 写明不填时如何理解",
                            "make it required (it can still be unknown), or let `omitted` say how its absence is read",
                        ),
                    ),
                )
    for path, declaration in _declared(ruleset.facts, "/facts"):
        if declaration.omitted is not None and not declaration.optional:
            yield (
                f"{path}/omitted",
                Problem(
                    "never-omitted",
                    Text(
                        f"“{declaration.label.zh}”必须填写，不会漏填",
                        f"{declaration.id} is required: it is never left out",
                    ),
                    Text("请删去 omitted，或写明 optional", "remove `omitted`, or say `optional`"),
                ),
            )


def _declared(declarations: tuple[FactDeclaration, ...], base: str) -> Iterator[tuple[str, FactDeclaration]]:
    for declaration in declarations:
        pointer = f"{base}/{declaration.id}"
        yield pointer, declaration
        yield from _declared(declaration.item, f"{pointer}/item")


def _left_out(ruleset: Ruleset, pointer: str) -> Iterator[tuple[str, FactDeclaration]]:
    """The optional facts, and fields of lists, that an expression reads, through derived values too, and that say nothing of
    being left out."""
    expressions = analyse(ruleset).expressions
    derived = {each.id for each in ruleset.derived}
    waiting, seen, words = [pointer], set[str](), set[str]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        for part in parts_of(expressions[at].tree):
            word = part.name if isinstance(part, Name) else part.member if isinstance(part, Path) else None
            if word is not None:
                words.add(word)
                if word in derived:
                    waiting.append(f"/derived/{word}/value")
    for fact in ruleset.facts:
        if fact.id in words:
            yield from _silent(fact, fact.id, words)


def _silent(declaration: FactDeclaration, path: str, words: set[str]) -> Iterator[tuple[str, FactDeclaration]]:
    if declaration.optional and declaration.omitted is None:
        yield path, declaration
    for part in declaration.item:
        if part.id in words:
            yield from _silent(part, f"{path}.{part.id}", words)
