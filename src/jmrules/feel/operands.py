"""The operands of an expression: literals, names, brackets, calls, functions, and the words that open one."""

from __future__ import annotations

from abc import ABC, abstractmethod

from jmrules.feel import tree as t
from jmrules.feel.cursor import RESERVED, Cursor
from jmrules.feel.lexer import Token, unescape
from jmrules.feel.numbers import MAX_EXPONENT, number_of_text
from jmrules.feel.problems import FeelSyntaxError
from jmrules.feel.vocabulary import Vocabulary, longest_name

COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_TYPE_NAMES = Vocabulary(("date and time", "days and time duration", "years and months duration"))


class Operands(Cursor, ABC):
    """Reads operands; what stands inside them is read as expressions."""

    @abstractmethod
    def _expression(self, power: int = 0, *, enclosed: bool = False) -> t.Expression:
        """An expression of operators that bind at least as tightly as ``power``."""

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
        if self._token.text in COMPARISONS:
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
        start, end = opening.start, self._last.end
        match operator:
            case "<" | "<=":
                return t.Range(False, None, bound, operator == "<=", start=start, end=end)
            case ">" | ">=":
                return t.Range(operator == ">=", bound, None, False, start=start, end=end)
        # DMN 1.5, rule 7a; its properties are those that the conformance kit states
        included = operator == "="
        return t.Range(included, bound, bound, included, "=" if included else "!=", start=start, end=end)

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
