"""Characters that a terminal obeys instead of showing, made visible."""

from __future__ import annotations

_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
#: delete, the C1 controls, marks and overrides of direction, separators of lines, and what has no width
_HIDDEN = (
    0x7F, *range(0x80, 0xA0), 0x061C, *range(0x200B, 0x2010), 0x2028, 0x2029, *range(0x202A, 0x202F),
    *range(0x2060, 0x2065), *range(0x2066, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
)  # fmt: skip
_VISIBLE = {**_CONTROLS, **dict.fromkeys(_HIDDEN, "\ufffd"), 0x7F: "\u2421"}


def visible(text: str) -> str:
    """The text with a picture for every control character but tab and line feed, and a mark for every hidden one."""
    return text.translate(_VISIBLE)


def one_line(text: str) -> str:
    """The text as :func:`visible`, and tab and line feed as pictures too."""
    return visible(text).replace("\n", "\u240a").replace("\t", "\u2409")
