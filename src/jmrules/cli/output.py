"""What leaves the command: texts for a reader's terminal, whatever it can show, and documents in UTF-8, wherever they go."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from jmrules.cli.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def any_encoding() -> None:
    """Let what the terminal's encoding cannot show be replaced, so that no text ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(text: str, *, err: bool = False) -> None:
    """A line for a reader, on standard output or standard error; control characters in it are shown, not sent."""
    print(visible(text), file=sys.stderr if err else sys.stdout)


def emit(document: str, *, err: bool = False) -> None:
    """A document (JSON, CSV, Markdown) as it is, in UTF-8 whatever the terminal's encoding."""
    stream = sys.stderr if err else sys.stdout
    stream.flush()
    raw = getattr(stream, "buffer", None)
    if raw is None:
        stream.write(document)
        return
    raw.write(document.encode("utf-8", "replace"))
    raw.flush()


def console() -> Console:
    """The terminal, or a plain 100 columns where the output is no terminal. No text is read as markup."""
    from jmrules.cli.terminal import Terminal

    return Terminal(width=_width(), highlight=False, soft_wrap=False, markup=False, emoji=False)


#: widths between which COLUMNS is believed
_LEAST, _MOST = 20, 1000


def _width() -> int | None:
    """As COLUMNS says, within reason; else that of the terminal (None), or 100 where the output is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and len(asked) < 20 and int(asked):
        return min(max(int(asked), _LEAST), _MOST)
    return None if sys.stdout.isatty() and not asked else 100


def styled(template: str, *parts: Any) -> Text:
    """A line with styles: ``styled("[bold]{}[/] · {}", name, title)``. Styles are the template's; a part is text and nothing else.

    A part that is such a line itself keeps its styles.
    """
    from jmrules.cli.terminal import composed

    return composed(template, parts)
