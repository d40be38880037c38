"""Signs that an input method for Chinese types, or other languages use, and the sign that FEEL has for each."""

from __future__ import annotations

#: a sign, and what FEEL writes for it
SIGNS = {
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    **dict.fromkeys("［【〔", "["),
    **dict.fromkeys("］】〕", "]"),
    **dict.fromkeys("，、；", ","),
    **dict.fromkeys("≥≧⩾", ">="),
    **dict.fromkeys("≤≦⩽", "<="),
    **dict.fromkeys("×＊✕", "*"),
    **dict.fromkeys("÷／", "/"),
    **dict.fromkeys("－−–—", "-"),
    **dict.fromkeys("“”„＂「」", '"'),
    **dict.fromkeys("‘’＇", '"'),
    **dict.fromkeys("。．", "."),
    **dict.fromkeys("…⋯～〜", ".."),
    "｛": "{",
    "｝": "}",
    "：": ":",
    "＜": "<",
    "＞": ">",
    "＝": "=",
    "≠": "!=",
    "＋": "+",
    "＠": "@",
    "∈": "in",
    "∧": "and",
    "∨": "or",
}
_PER_CENT = "％‰"
_WORDS = {"且": "and", "并且": "and", "或": "or", "或者": "or", "如果": "if", "则": "then", "否则": "else"}


def sign_in(text: str) -> tuple[int, str] | None:
    """The first sign of ``text`` that FEEL writes otherwise, and its offset; None where there is none."""
    if text in _WORDS:
        return 0, text
    return next(((index, char) for index, char in enumerate(text) if char in SIGNS or char in _PER_CENT), None)


def right_sign(sign: str) -> tuple[str, str]:
    """What to write for a sign that :func:`sign_in` found."""
    if sign in _PER_CENT:
        return "百分数写成小数：10% 写作 0.10", "write a percentage as a decimal: 10% is 0.10"
    meant = SIGNS.get(sign) or _WORDS[sign]
    return f"{sign} 请写作半角的 {meant}" if sign in SIGNS else f"{sign} 请写作 {meant}", f"for {sign} write {meant}"


def right_name(name: str) -> tuple[str, str] | None:
    """The hint for a name that nobody declared and that holds a sign that is no part of a name."""
    found = sign_in(name)
    return None if found is None else right_sign(found[1])
