"""Tokens to a tree: a precedence parser for FEEL expressions and unary tests (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jmrules.feel import tree as t
from jmrules.feel.cursor import RESERVED, Cursor
from jmrules.feel.lexer import Token, unescape
from jmrules.feel.numbers import MAX_EXPONENT, number_of_text
from jmrules.feel.problems import FeelSyntaxError
from jmrules.feel.vocabulary import Vocabulary, longest_name

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
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_TYPE_NAMES = Vocabulary(("date and time", "days and time duration", "years and months duration"))


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


class Parser(Cursor):
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
        if token.text not in _COMPARISONS:
            return self._expression(power)
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
        operand = self._expression(_NEGATION)
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

    # ---- operands

    def _primary(self) -> t.Expression:
        token = self._token
        match token.kind:
            case "number":
                return self._number()
            case "string":
                return self._string()
            case "word":
                return self._word()
            case "operator" if token.text == "(":
                return self._parentheses()
            case "operator" if token.text == "[":
                return self._brackets()
            case "operator" if token.text == "]":
                self._index += 1
                low = self._expression(enclosed=True)
                return self._range(low, token)
            case "operator" if token.text == "{":
                return self._context()
            case "operator" if token.text == "@":
                self._index += 1
                text = self._string()
                return t.AtLiteral(text.value, start=token.start, end=text.end)
        return self._unexpected()

    def _number(self) -> t.Number:
        token = self._next()
        value = number_of_text(token.text)
        if value is None:
            self._index -= 1
            self._fail(f"数的指数超过 ±{MAX_EXPONENT}", f"the exponent of the number is beyond ±{MAX_EXPONENT}")
        return t.Number(value, start=token.start, end=token.end)

    def _string(self) -> t.String:
        token = self._token
        value = unescape(token.text) if token.kind == "string" else None
        if value is None:
            if token.kind == "string":
                self._fail("字符串里的转义不是一个字符", "an escape in the string is not a character")
            self._unexpected()
        self._index += 1
        return t.String(value, start=token.start, end=token.end)

    def _word(self) -> t.Expression:
        token = self._token
        known = longest_name(self._names, self._tokens, self._index)
        if known is not None:
            name, self._index = known
            return t.Name(name, start=token.start, end=self._last.end)
        at = {"start": token.start, "end": token.end}
        match token.text:
            case "true" | "false":
                self._index += 1
                return t.Boolean(token.text == "true", **at)
            case "null":
                self._index += 1
                return t.Null(**at)
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "some" | "every":
                return self._quantified()
            case "function":
                return self._function()
        if token.text in RESERVED:
            self._unexpected()
        self._index += 1
        return t.Name(token.text, **at)

    def _member(self) -> tuple[str, int]:
        known = longest_name(self._names, self._tokens, self._index)
        if known is not None:
            name, self._index = known
            return name, self._last.end
        if self._token.kind != "word":
            self._unexpected()
        token = self._next()
        return token.text, token.end

    def _enclosed(self, opening: str, closing: str) -> t.Expression:
        self._expect(opening)
        value = self._expression(enclosed=True)
        self._expect(closing)
        return value

    def _parentheses(self) -> t.Expression:
        opening = self._next()
        if self._token.text in _COMPARISONS:
            return self._half_line(opening)
        value = self._expression(enclosed=True)
        if self._token.text == "..":
            return self._range(value, opening)
        self._expect(")")
        return value

    def _half_line(self, opening: Token) -> t.Range:
        """``(< 10)`` as a value: the range of the numbers that pass the test."""
        operator = self._next().text
        bound = self._expression(enclosed=True)
        self._expect(")")
        at = {"start": opening.start, "end": self._last.end}
        match operator:
            case "<" | "<=":
                return t.Range(False, None, bound, operator == "<=", **at)
            case ">" | ">=":
                return t.Range(operator == ">=", bound, None, False, **at)
            case "=":
                return t.Range(True, bound, bound, True, **at)
        return self._fail("(!= …) 不是一个区间", "(!= …) is not a range", at=opening)

    def _brackets(self) -> t.Expression:
        opening = self._next()
        if self._take("]"):
            return t.ListLiteral((), start=opening.start, end=self._last.end)
        items = [self._expression(enclosed=True)]
        if self._token.text == "..":
            return self._range(items[0], opening)
        while self._take(","):
            items.append(self._expression(enclosed=True))
        self._expect("]")
        return t.ListLiteral(tuple(items), start=opening.start, end=self._last.end)

    def _range(self, low: t.Expression, opening: Token) -> t.Range:
        self._expect("..")
        index, depth, filters = self._index, self._depth, self._filters
        try:
            high = self._expression(enclosed=True)
            closing = self._closing()
        except FeelSyntaxError:
            # the last bracket may have been an end, ``[1..5[``, and not a filter
            self._index, self._depth, self._filters = index, depth, False
            try:
                high = self._expression()
            finally:
                self._filters = filters
            closing = self._closing()
        return t.Range(opening.text == "[", low, high, closing.text == "]", start=opening.start, end=closing.end)

    def _closing(self) -> Token:
        if self._token.text not in (")", "]", "["):
            self._unexpected()
        return self._next()

    def _context(self) -> t.ContextLiteral:
        opening = self._next()
        entries: list[t.Entry] = []
        while not self._take("}"):
            if entries:
                self._expect(",")
            start = self._token.start
            key = self._key()
            self._expect(":")
            value = self._expression(enclosed=True)
            entries.append(t.Entry(key, value, start=start, end=value.end))
        return t.ContextLiteral(tuple(entries), start=opening.start, end=self._last.end)

    def _key(self) -> str:
        key = self._string().value if self._token.kind == "string" else self._new_name((":",))
        self._names.add(key)
        return key

    def _new_name(self, stops: tuple[str, ...]) -> str:
        """A name where it is introduced: all that stands before one of ``stops``."""
        first = self._token
        while self._token.text not in stops:
            if self._token.kind in ("end", "string") or self._token.text in "()[]{},":
                self._unexpected()
            self._index += 1
        if self._token is first or first.kind != "word":
            self._index = self._tokens.index(first)
            self._fail("这里应是一个名称", "a name is expected here")
        name = " ".join(self._text[first.start : self._last.end].split())
        self._names.add(name)
        return name

    # ---- calls and functions

    def _arguments(self) -> tuple[t.Argument, ...]:
        self._expect("(")
        arguments: list[t.Argument] = []
        while not self._take(")"):
            if arguments:
                self._expect(",")
            start = self._token.start
            name = self._argument_name()
            value = self._expression(enclosed=True)
            arguments.append(t.Argument(name, value, start=start, end=value.end))
        return tuple(arguments)

    def _argument_name(self) -> str | None:
        end = self._index
        while self._tokens[end].kind in ("word", "number"):
            end += 1
        if end == self._index or self._tokens[end].text != ":":
            return None
        name = " ".join(token.text for token in self._tokens[self._index : end])
        self._index = end + 1
        return name

    def _function(self) -> t.FunctionLiteral:
        opening = self._next()
        self._expect("(")
        parameters: list[t.Parameter] = []
        while not self._take(")"):
            if parameters:
                self._expect(",")
            start = self._token.start
            name = self._new_name((",", ")", ":"))
            kind = self._type() if self._take(":") else None
            parameters.append(t.Parameter(name, kind, start=start, end=self._last.end))
        external = self._take("external")
        body = self._expression()
        return t.FunctionLiteral(tuple(parameters), body, external, start=opening.start, end=body.end)

    def _type(self) -> t.TypeName:
        start = self._token.start
        name = self._type_name()
        arguments: list[t.TypeName] = []
        members: list[str] = []
        if name in ("list", "range", "context", "function") and self._take("<"):
            while not self._take(">"):
                if arguments:
                    self._expect(",")
                if name == "context":
                    members.append(self._new_name((":",)))
                    self._expect(":")
                arguments.append(self._type())
            if name == "function":
                self._expect("->")
                arguments.append(self._type())
        return t.TypeName(name, tuple(arguments), tuple(members), start=start, end=self._last.end)

    def _type_name(self) -> str:
        known = _TYPE_NAMES.longest(self._tokens, self._index) or longest_name(self._names, self._tokens, self._index)
        if known is not None:
            name, self._index = known
            return name
        if self._token.kind != "word":
            self._fail("这里应是一个类型名", "the name of a type is expected here")
        parts = [self._next().text]
        while self._take("."):
            parts.append(self._member()[0])
        return ".".join(parts)

    # ---- if, for, some, every

    def _if(self) -> t.If:
        opening = self._next()
        condition = self._expression()
        self._expect("then")
        then = self._expression()
        self._expect("else")
        otherwise = self._expression()
        return t.If(condition, then, otherwise, start=opening.start, end=otherwise.end)

    def _for(self) -> t.For:
        opening = self._next()
        iterations = self._iterations()
        self._expect("return")
        result = self._expression()
        return t.For(iterations, result, start=opening.start, end=result.end)

    def _quantified(self) -> t.Quantified:
        opening = self._next()
        iterations = self._iterations()
        self._expect("satisfies")
        condition = self._expression()
        kind = "some" if opening.text == "some" else "every"
        return t.Quantified(kind, iterations, condition, start=opening.start, end=condition.end)  # type: ignore[arg-type]

    def _iterations(self) -> tuple[t.Iteration, ...]:
        iterations: list[t.Iteration] = []
        while not iterations or self._take(","):
            start = self._token.start
            name = self._new_name(("in",))
            self._expect("in")
            domain = low = self._expression()
            if self._take(".."):
                high = self._expression()
                span = t.Span(low, high, start=low.start, end=high.end)
                iterations.append(t.Iteration(name, span, start=start, end=span.end))
                continue
            iterations.append(t.Iteration(name, domain, start=start, end=domain.end))
        return tuple(iterations)
