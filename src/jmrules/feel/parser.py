"""Tokens to a tree: a precedence parser for FEEL expressions and unary tests (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jmrules.feel import tree as t
from jmrules.feel.lexer import Token
from jmrules.feel.operands import COMPARISONS, Operands
from jmrules.feel.problems import FeelSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: how tightly an operator binds its operands; operators of one level group to the left
_POWER = {
    "or": 1, "and": 2,
    "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
    "instance": 8,
}  # fmt: skip
_ADDITIVE = 4
_NEGATION = 7
_NUMERAL = 9


def parse(text: str, names: Iterable[str] = ()) -> t.Expression:
    """Read a FEEL expression.

    ``names`` are the names in scope; only those with spaces or symbols need to be given. Raises FeelSyntaxError with
    the line and column of what cannot be read.
    """
    parser = Parser(text, names)
    try:
        return parser.expression()
    except RecursionError:
        parser.too_deep()


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> t.UnaryTests:
    """Read unary tests, the text of a condition: ``< 10``, ``[1..5], 7``, ``not("a")``, or ``-`` for anything."""
    parser = Parser(text, names)
    try:
        return parser.unary_tests()
    except RecursionError:
        parser.too_deep()


class Parser(Operands):
    """One reading of one text."""

    # ---- whole texts

    def expression(self) -> t.Expression:
        """The whole text as one expression."""
        if self._token.kind == "end":
            self._fail("表达式是空的", "the expression is empty")
        value = self._expression()
        self._expect_end()
        self._check_depth(value)
        return value

    def unary_tests(self) -> t.UnaryTests:
        """The whole text as unary tests."""
        if self._token.kind == "end":
            self._fail("条件是空的", "the tests are empty", ("不限时写 -", "write - where anything will do"))
        if self._token.text == "-" and self._tokens[1].kind == "end":
            return t.UnaryTests((), start=self._token.start, end=len(self._text))
        start = self._token.start
        negated = self._negated_tests()
        tests = t.UnaryTests(negated or self._tests(), negated is not None, start=start, end=len(self._text))
        self._expect_end()
        self._check_depth(tests)
        return tests

    def _negated_tests(self) -> tuple[t.Test | t.Expression, ...] | None:
        """The tests inside a ``not(…)`` that is the whole text; None where it is not."""
        if self._token.text != "not" or self._tokens[1].text != "(":
            return None
        self._index = 2
        try:
            tests = self._tests()
            self._expect(")")
        except FeelSyntaxError:
            tests = ()
        if tests and self._token.kind == "end":
            return tests
        self._index, self._depth, self._filters = 0, 0, True
        return None

    def _tests(self) -> tuple[t.Test | t.Expression, ...]:
        tests = [self._test()]
        while self._take(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self, power: int = 0) -> t.Test | t.Expression:
        token = self._token
        if token.text not in COMPARISONS:
            made = self._expression(power)
            if isinstance(made, t.Range) and made.equality and made.low:
                # as a test it is the comparison that stands in its brackets
                start = self._text.index(made.equality, made.start)
                return t.Test(made.equality, made.low, start=start, end=made.low.end)
            return made
        self._index += 1
        operand = self._expression(_ADDITIVE)
        return t.Test(cast("t.TestOperator", token.text), operand, start=token.start, end=operand.end)

    # ---- operators

    def _expression(self, power: int = 0, *, enclosed: bool = False) -> t.Expression:
        """An expression of operators that bind at least as tightly as ``power``.

        One that is ``enclosed`` in brackets of its own is free to use ``[`` for filters.
        """
        self._enter()
        filters, self._filters = self._filters, self._filters or enclosed
        left = self._negation() if self._token.text == "-" else self._postfix(self._primary())
        while True:
            token = self._token
            binding = _POWER.get(token.text, -1)
            if binding < power or token.kind == "string":
                break
            self._index += 1
            left = self._infix(left, token, binding)
        self._depth -= 1
        self._filters = filters
        return left

    def _infix(self, left: t.Expression, token: Token, binding: int) -> t.Expression:
        if token.text == "between":
            low = self._expression(_ADDITIVE)
            self._expect("and")
            high = self._expression(_ADDITIVE)
            return t.Between(left, low, high, start=left.start, end=high.end)
        if token.text == "in":
            tests = self._in_tests()
            return t.In(left, tests, start=left.start, end=self._last.end)
        if token.text == "instance":
            self._expect("of")
            kind = self._type()
            return t.InstanceOf(left, kind, start=left.start, end=kind.end)
        right = self._expression(binding + 1)
        return t.Binary(cast("t.Operator", token.text), left, right, start=left.start, end=right.end)

    def _in_tests(self) -> tuple[t.Test | t.Expression, ...]:
        """The right side of ``in``: one test, or several in parentheses."""
        if self._token.text != "(":
            return (self._test(_ADDITIVE),)
        index, depth = self._index, self._depth
        self._index += 1
        filters, self._filters = self._filters, True
        try:
            tests = self._tests()
            closed = self._take(")")
        finally:
            self._filters = filters
        goes_on = self._token.text in (".", "[", "(", "+", "-", "*", "/", "**", "instance")
        if closed and (len(tests) > 1 or isinstance(tests[0], t.Test) or not goes_on):
            return tests
        self._index, self._depth = index, depth
        return (self._test(_ADDITIVE),)

    def _negation(self) -> t.Negation:
        sign = self._next()
        # the sign of a numeral is part of it (DMN 1.5, rule 37), and so binds tighter than any operator
        operand = self._expression(_NUMERAL if self._token.kind == "number" else _NEGATION)
        return t.Negation(operand, start=sign.start, end=operand.end)

    def _postfix(self, value: t.Expression) -> t.Expression:
        while True:
            mark = self._token.text if self._token.kind == "operator" else ""
            if mark == ".":
                self._index += 1
                member, end = self._member()
                value = t.Path(value, member, start=value.start, end=end)
            elif mark == "[" and self._filters:
                condition = self._enclosed("[", "]")
                value = t.Filter(value, condition, start=value.start, end=self._last.end)
            elif mark == "(":
                arguments = self._arguments()
                value = t.Call(value, arguments, start=value.start, end=self._last.end)
            else:
                return value
