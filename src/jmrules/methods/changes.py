"""Slips of the pen: a method's document changed in one place, amounts, bounds, items, ways to count."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import normalised, plain
from jmrules.feel import CONTEXT, parse_unary_tests
from jmrules.feel import tree as t

if TYPE_CHECKING:
    from collections.abc import Iterator

#: stands for a member that is taken away
GONE: Any = object()
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
_OTHER_SIDE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

#: JSON pointer below the method, or leaf, and the new value
Edit = tuple[str, Any]


@frozen
class Change:
    """One change to a document, which may have to be made in several places at once."""

    edits: tuple[Edit, ...]
    #: what it is, in Chinese and English; the values before and after follow
    zh: str
    en: str
    before: str
    after: str


def value_change(at: str, before: Any, after: Any, zh: str, en: str) -> Change:
    """A single member changed, or taken away."""
    return Change(((at, after),), zh, en, said(before), said(after))


def said(value: Any) -> str:
    """A value in a mutant's words."""
    if value is GONE:
        return "∅"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    return normalised(value)


def moved(at: str, value: Any, step: Decimal, zh: str, en: str, low: Decimal | None = None) -> Iterator[Change]:
    """A number a step up and a step down, as long as it stays above ``low``."""
    for after in (value + step, value - step):
        if low is None or after > low:
            # A whole number stays one: some members can be nothing else.
            whole = isinstance(value, int) and after == int(after)
            yield value_change(at, value, int(after) if whole else after, zh, en)


def worth_change(holder: dict[str, Any], at: str, points: Decimal, quantum: Decimal, zh: str, en: str) -> Change:
    """What something earns, a little more, or less where there is no more."""
    if "points" in holder:
        worth = holder["points"]
        return value_change(f"{at}/points", worth, worth + quantum if worth < points else worth - quantum, zh, en)
    share = holder["share"]
    return value_change(f"{at}/share", share, share - TENTH if share >= TENTH else share + TENTH, zh, en)


def worths(
    holders: list[dict[str, Any]], at: str, points: Decimal, quantum: Decimal, zh: str, en: str
) -> Iterator[Change]:
    """Each worth changed, and each swapped with the next one's."""
    for index, holder in enumerate(holders):
        yield worth_change(holder, f"{at}/{index}", points, quantum, zh, en)
    for index, (one, other) in enumerate(pairwise(holders)):
        if (mine := worth(one)) != (theirs := worth(other)):
            edits = [(f"{at}/{place}/{name}", GONE) for place, (name, _) in ((index, mine), (index + 1, theirs))]
            edits += [(f"{at}/{place}/{name}", value) for place, (name, value) in ((index, theirs), (index + 1, mine))]
            yield Change(
                tuple(edits), f"{zh}与下一个对调", f"{en} and the next one swapped", said(mine[1]), said(theirs[1])
            )


def worth_moves(holders: list[dict[str, Any]], at: str, quantum: Decimal, zh: str, en: str) -> Iterator[Change]:
    """A part of each worth given to the next one, where both are stated alike."""
    for index, (one, other) in enumerate(pairwise(holders)):
        (name, mine), (as_well, theirs) = worth(one), worth(other)
        some = CONTEXT.divide(Decimal(min(mine, theirs)), Decimal(2)) if name == as_well else Decimal(0)
        some = some - some % quantum if name == "points" else some
        if some:
            edits = ((f"{at}/{index}/{name}", mine - some), (f"{at}/{index + 1}/{name}", theirs + some))
            yield Change(edits, zh, en, said(mine), said(mine - some))


def worth(holder: dict[str, Any]) -> tuple[str, Any]:
    """How a worth is stated, and the amount."""
    name = "points" if "points" in holder else "share"
    return name, holder[name]


def ranges_changes(groups: list[tuple[str, list[dict[str, Any]]]]) -> Iterator[Change]:
    """Each edge between the ``in`` ranges of bands or grades moved both ways, and put on its other side."""
    held = [(f"{at}/{index}/in", entry["in"]) for at, entries in groups for index, entry in enumerate(entries)]
    for edge in edges([text for _, text in held]):
        step = step_at(edge)
        for to in (edge + step, edge - step):
            yield _rewritten([(at, text, moved_edge(text, edge, to)) for at, text in held], "界限", "an edge", edge, to)
        turned = _rewritten(
            [(at, text, turned_edge(text, edge)) for at, text in held], "界限的归属", "the side of an edge"
        )
        if turned.edits:
            yield turned


def _rewritten(texts: list[tuple[str, str, str]], zh: str, en: str, before: Any = None, after: Any = None) -> Change:
    changed = [entry for entry in texts if entry[1] != entry[2]]
    old, new = (" | ".join(entry[side] for entry in changed) for side in (1, 2))
    edits = tuple((at, new) for at, _, new in changed)
    return Change(edits, zh, en, old if before is None else said(before), new if after is None else said(after))


def step_at(number: Decimal) -> Decimal:
    """The smallest change worth noticing in a constant: 1 in a whole number, a hundredth or the last decimal in others."""
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1) if exponent >= 0 else min(Decimal("0.01"), Decimal(1).scaleb(exponent))


def edges(texts: list[str]) -> list[Decimal]:
    """The constants in constant unary tests, each once, in order."""
    found = {node.value for text in texts for node in t.walk(parse_unary_tests(text)) if isinstance(node, t.Number)}
    return sorted(found)


def moved_edge(text: str, edge: Decimal, to: Decimal) -> str:
    """Unary tests with a constant replaced wherever it stands."""
    numbers = [node for node in t.walk(parse_unary_tests(text)) if isinstance(node, t.Number) and node.value == edge]
    return _with(text, [(node.start, node.end, plain(to)) for node in numbers])


def turned_edge(text: str, edge: Decimal) -> str:
    """Unary tests with a constant itself moved to the other side of every bound that it is."""

    def is_edge(node: t.Node | None) -> bool:
        inner = node.operand if isinstance(node, t.Negation) else node
        return isinstance(inner, t.Number) and inner.value == edge

    edits: list[tuple[int, int, str]] = []
    for node in t.walk(parse_unary_tests(text)):
        match node:
            case t.Test(operator=operator, operand=operand) if operator in _OTHER_SIDE and is_edge(operand):
                edits.append((node.start, node.start + len(operator), _OTHER_SIDE[operator]))
            case t.Range(low=low, high=high, start_included=with_low, end_included=with_high):
                if is_edge(low):
                    edits.append((node.start, node.start + 1, "(" if with_low else "["))
                if is_edge(high):
                    edits.append((node.end - 1, node.end, ")" if with_high else "]"))
    return _with(text, edits)


def _with(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
