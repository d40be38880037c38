"""The terminal as rich draws it, and lines with styles whose parts are never read as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from jmrules.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

#: stands for a part while a template is read; never part of a template
_HOLE = "\ue000"


class Terminal(Console):
    """A console that shows control characters instead of sending them."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


def composed(template: str, parts: Iterable[Any]) -> Text:
    """The line of :func:`jmrules.cli.output.styled`."""
    frame = Text.from_markup(template.replace("{}", _HOLE), emoji=False)
    made = Text()
    waiting = iter(parts)
    for piece in frame.divide([at for match in re.finditer(_HOLE, frame.plain) for at in match.span()]):
        if piece.plain != _HOLE:
            made.append_text(piece)
            continue
        part = next(waiting)
        inner = part.copy() if isinstance(part, Text) else Text(visible(str(part)))
        for span in piece.spans:
            inner.stylize_before(span.style)
        made.append_text(inner)
    return made
