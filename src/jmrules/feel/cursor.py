"""A place in a sequence of tokens, and what is said where the next token will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jmrules.feel import limits
from jmrules.feel.lexer import Token, tokens
from jmrules.feel.problems import FeelSyntaxError, place_of, problem
from jmrules.feel.signs import right_sign, sign_in
from jmrules.feel.tree import Node, children
from jmrules.feel.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

#: words that cannot be names by themselves
RESERVED = frozenset(
    [
        *("for", "return", "if", "then", "else", "some", "every", "satisfies", "in"),
        *("and", "or", "between", "instance", "of"),
    ]
)


class Cursor:
    """Reads tokens one by one; keeps the known names, and the bounds on nesting."""

    def __init__(self, text: str, names: Iterable[str] = ()) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._index = 0
        self._given = tuple(names)
        self._names = Vocabulary(self._given)
        self._depth = 0
        #: a range that ends in ``[`` may be read twice; this bounds the rereading
        self._steps = 20 * len(self._tokens) + 1_000
        #: whether ``[`` may continue an operand; it may not before the end of a range written ``[1..5[``
        self._filters = True

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    @property
    def _last(self) -> Token:
        return self._tokens[self._index - 1]

    def _next(self) -> Token:
        token = self._tokens[self._index]
        self._index += 1
        return token

    def _take(self, text: str) -> bool:
        if self._token.text != text:
            return False
        self._index += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            self._unexpected(text)

    def _expect_end(self) -> None:
        if self._token.kind != "end":
            self._unexpected()

    def _enter(self) -> None:
        self._depth += 1
        self._steps -= 1
        if self._depth > limits.MAX_DEPTH:
            self.too_deep()
        if self._steps < 0:
            self._fail("表达式里的区间嵌套过于复杂", "the ranges of the expression are too entangled")

    def too_deep(self) -> NoReturn:
        """Raise that the expression nests deeper than it may."""
        self._fail(
            f"嵌套超过 {limits.MAX_DEPTH} 层",
            f"nested more than {limits.MAX_DEPTH} deep",
            ("拆成几个表达式，或用列表函数", "split it into several expressions, or use a list function such as sum"),
        )

    def _check_depth(self, root: Node) -> None:
        level: list[Node] = [root]
        for _ in range(limits.MAX_DEPTH + 1):
            if not level:
                return
            level = [child for node in level for child in children(node)]
        self._index = 0
        self.too_deep()

    def _unexpected(self, wanted: str | None = None) -> NoReturn:
        token = self._token
        self._check_signs()
        seen = ("这里表达式已结束", "the expression ends here")
        if token.kind != "end":
            seen = f"这里不该有 {token.text}", f"unexpected {token.text}"
        if wanted is not None:
            seen = f"{seen[0]}，应为 {wanted}", f"{seen[1]}, {wanted} is expected"
        self._fail(*seen, _hint(token, self._tokens, self._index))

    def _check_signs(self) -> None:
        """Raise at the first sign that FEEL writes otherwise: it may be what made the text unreadable further on."""
        for token in self._tokens[: self._index + 2]:
            if token.kind not in ("word", "other") or any(token.text in name for name in self._given):
                continue
            if (found := sign_in(token.text)) is not None:
                offset, sign = found
                place = place_of(self._text, token.start + offset)
                said = f"{sign} 不是 FEEL 的写法", f"{sign} is not how FEEL writes it"
                raise FeelSyntaxError(problem("feel-syntax", *said, right_sign(sign), place))

    def _fail(self, zh: str, en: str, hint: tuple[str, str] | None = None, at: Token | None = None) -> NoReturn:
        place = place_of(self._text, (at or self._token).start)
        raise FeelSyntaxError(problem("feel-syntax", zh, en, hint, place))


_SLIPS = {
    "==": ("FEEL 用 = 表示相等", "FEEL writes = for equality"),
    "&&": ("FEEL 用 and", "FEEL writes and"),
    "||": ("FEEL 用 or", "FEEL writes or"),
    "<>": ("FEEL 用 != 表示不等", "FEEL writes != for inequality"),
    "'": ('字符串用双引号 "…"', 'strings are written in double quotes "…"'),
    "=>": ("FEEL 用 >= 表示大于等于", "FEEL writes >= for at least"),
    "=<": ("FEEL 用 <= 表示小于等于", "FEEL writes <= for at most"),
    "%": ("百分数写成小数：10% 写作 0.10", "write a percentage as a decimal: 10% is 0.10"),
    "!": ("否定写作 not(…)", "negation is written not(…)"),
}


def _hint(token: Token, found: list[Token], index: int) -> tuple[str, str] | None:
    around = "".join(other.text for other in found[max(index - 1, 0) : index + 2])
    for slip, hint in _SLIPS.items():
        if token.text and slip in around and token.text in around:
            return hint
    if token.text == "," and index and {found[index - 1].kind, found[index + 1].kind} == {"number"}:
        return "数中不写千位分隔逗号", "numbers are written without commas"
    if token.kind == "word" and index and found[index - 1].kind == "word" and token.text not in RESERVED:
        name = f"{found[index - 1].text} {token.text}"
        return (
            f"如果“{name}”是一个名称，它还没有声明",
            f'if "{name}" is one name, it has not been declared',
        )
    return None
