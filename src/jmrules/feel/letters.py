"""The characters of names (DMN 1.5, 10.3.1.2, rules 27 to 29), as they stand between the brackets of a regular expression."""

from __future__ import annotations

import re

#: what a word begins with
START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
#: what it goes on with
PART = START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"

_WORDS = re.compile(rf"[{START}][{PART}]*(?: [{START}][{PART}]*)*")


def is_name(text: str) -> bool:
    """Whether ``text`` is words with single spaces between them, and so can stand as a name without quotes."""
    return _WORDS.fullmatch(text) is not None
