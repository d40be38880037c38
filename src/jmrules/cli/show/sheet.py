"""The score sheet in a terminal: the tree in columns, and under each indicator why it lost points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.show.lines import row, rule, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Basis
    from jmrules.trace import NodeTrace, Trace

#: strongest first, as readers want them
BASES = (
    ("verified", "经复核", "verified"),
    ("figure", "有数据", "figures"),
    ("document", "有材料", "documents"),
    ("assertion", "仅有文字说明", "assertion alone"),
)
_NAMES = {basis: (zh, en.split()[0]) for basis, zh, en in BASES}


def basis_name(basis: Basis, language: Language) -> str:
    """What a basis is called beside a value."""
    return _NAMES[basis][0] if language == "zh" else basis


#: width of points, awarded and rate
_NUMBER = 8
#: width of the basis, with what sets it off
_BASIS: dict[Language, int] = {"zh": 14, "en": 11}


def print_sheet(trace: Trace, language: Language, out: Console) -> None:
    """Every node with its points, award, rate and basis; every loss below its indicator, across the whole width."""
    from rich.text import Text as RichText

    width = width_of(out)
    pick = 0 if language == "zh" else 1
    heading = (("指标", "indicator"), ("分值", "points"), ("得分", "awarded"), ("得分率", "rate"), ("依据", "rests on"))
    out.print()
    _row([name[pick] for name in heading], out, "bold", _BASIS[language])
    rule(out)
    for depth, node in trace.walk():
        indent = "  " * depth
        basis = _NAMES[node.basis][pick] if node.basis and node.points else ""
        cells = [
            indent + node.label.say(language),
            f"{node.points:.2f}",
            f"{node.awarded:.2f}",
            _rate(node.rate),
            basis,
        ]
        _row(cells, out, "bold" if depth == 0 else "", _BASIS[language])
        for sign, text, style in _lines(node, language):
            line = RichText(text)
            for number, part in enumerate(line.wrap(out, width - len(indent) - 12)):
                head = f"{sign:>8}  " if number == 0 else " " * 10
                out.print(
                    RichText(f"{indent}{head}").append_text(part),
                    style=style,
                    no_wrap=True,
                    overflow="ignore",
                    crop=False,
                )
    rule(out)


def _lines(node: NodeTrace, language: Language) -> Iterator[tuple[str, str, str]]:
    """What stands below a node: sign, words and style of each line."""
    from jmrules.trace import LeafTrace

    if not isinstance(node, LeafTrace):
        return
    if node.outcome in ("excluded", "absent"):
        yield "", node.explanation.say(language), "dim"
    for move in node.moves:
        arrow = "←" if move.points > 0 else "→"
        yield f"{move.points:+.2f}".replace("-", "−"), f"{arrow} {move.label.say(language)}", "dim"
    for loss in node.losses:
        yield f"{-loss.points:+.2f}".replace("-", "−"), loss.reason.say(language), "yellow"


def _row(cells: list[str], out: Console, style: str, basis_room: int) -> None:
    """A line of the sheet; a name too long for its column goes on below."""
    name, *numbers, basis = cells
    bare = name.lstrip(" ")
    indent = name[: len(name) - len(bare)]
    row(indent, bare, numbers, (_NUMBER,) * len(numbers), out, style, f"  {basis}", room=basis_room)


def _rate(rate: Decimal | None) -> str:
    from jmrules.quantities import trimmed

    return "—" if rate is None else f"{trimmed(rate * 100, 1)}%"
