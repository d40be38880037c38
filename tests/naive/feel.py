"""As much of FEEL as generated rulesets use, interpreted straight from the grammar, strict as rulesets are."""

import re
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from operator import add, mul, sub, truediv

from naive.functions import FUNCTIONS, Undefined, listed, number, power, truth

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>round\ (?:half\ )?(?:up|down)\b|[a-z_][a-z0-9_]*)
    |(?P<sign>\.\.|<=|>=|!=|\*\*|[-+*/<>=()\[\].,@{}:]))""",
    re.VERBOSE,
)
WORDS = {
    "and",
    "or",
    "if",
    "then",
    "else",
    "true",
    "false",
    "null",
    "some",
    "every",
    "in",
    "satisfies",
    "between",
    "not",
}
COMPARISONS = {"<", "<=", ">", ">=", "=", "!="}


class _Parser:
    """Text to a tree of nested tuples, whose first member says what they are."""

    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise ValueError(f"the naive FEEL cannot read {text[at:]!r}")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead][1] if self.at + ahead < len(self.tokens) else None

    def take(self, *expected):
        kind, text = self.tokens[self.at]
        if expected and text not in expected:
            raise ValueError(f"the naive FEEL expected {expected}, not {text!r}")
        self.at += 1
        return kind, text

    def accept(self, text):
        if self.peek() == text:
            self.at += 1
            return True
        return False

    def expression(self):
        if self.accept("if"):
            condition = self.expression()
            self.take("then")
            yes = self.expression()
            self.take("else")
            return ("if", condition, yes, self.expression())
        if self.accept("for"):
            name = self.take()[1]
            self.take("in")
            items = self.expression()
            self.take("return")
            return ("for", name, items, self.expression())
        if self.peek() in {"some", "every"}:
            kind = self.take()[1]
            name = self.take()[1]
            self.take("in")
            items = self.expression()
            self.take("satisfies")
            return (kind, name, items, self.expression())
        return self.either()

    def either(self):
        left = self.both()
        while self.accept("or"):
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.comparison()
        while self.accept("and"):
            left = ("and", left, self.comparison())
        return left

    def comparison(self):
        left = self.sum()
        if self.peek() in COMPARISONS:
            return ("compare", self.take()[1], left, self.sum())
        if self.accept("between"):
            low = self.sum()
            self.take("and")
            return ("and", ("compare", ">=", left, low), ("compare", "<=", left, self.sum()))
        if self.accept("in"):
            return ("in", left, self.test())
        return left

    def sum(self):
        left = self.product()
        while self.peek() in {"+", "-"}:
            left = ("arithmetic", self.take()[1], left, self.product())
        return left

    def product(self):
        left = self.power()
        while self.peek() in {"*", "/"}:
            left = ("arithmetic", self.take()[1], left, self.power())
        return left

    def power(self):
        left = self.negation()
        while self.accept("**"):
            left = ("arithmetic", "**", left, self.negation())
        return left

    def negation(self):
        return ("minus", self.negation()) if self.accept("-") else self.postfix()

    def postfix(self):
        tree = self.primary()
        while True:
            if self.accept("."):
                tree = ("path", tree, self.take()[1])
            elif self.peek() == "[" and tree[0] in {"name", "path", "filter"}:
                self.take()
                tree = ("filter", tree, self.expression())
                self.take("]")
            else:
                return tree

    def primary(self):
        kind, text = self.take()
        if kind == "number":
            return ("constant", Fraction(text))
        if kind == "string":
            return ("constant", re.sub(r"\\(.)", r"\1", text[1:-1]))
        if text in {"true", "false", "null"}:
            return ("constant", {"true": True, "false": False, "null": None}[text])
        if text == "@":
            return ("constant", date.fromisoformat(self.take()[1][1:-1]))
        if text == "(":
            tree = self.expression()
            self.take(")")
            return tree
        if text == "[":
            return ("list", self.listed("]"))
        if text == "{":
            return ("context", self.members())
        if kind == "name" and self.peek() == "(":
            self.take()
            return ("call", text, self.listed(")"))
        if kind == "name" and (text not in WORDS):
            return ("name", text)
        raise ValueError(f"the naive FEEL does not know {text!r} here")

    def listed(self, end):
        trees = []
        while not self.accept(end):
            trees.append(self.expression())
            if self.peek() != end:
                self.take(",")
        return tuple(trees)

    def members(self):
        trees = []
        while not self.accept("}"):
            name = self.take()[1]
            self.take(":")
            trees.append((name, self.expression()))
            if self.peek() != "}":
                self.take(",")
        return tuple(trees)

    def tests(self):
        if self.accept("-"):
            if self.peek() is None:
                return ("any",)
            self.at -= 1
        if self.accept("not"):
            self.take("(")
            tree = ("none of", self.alternatives(")"))
            self.take(")")
            return tree
        return ("one of", self.alternatives(None))

    def alternatives(self, end):
        trees = [self.test()]
        while self.peek() != end:
            self.take(",")
            trees.append(self.test())
        return tuple(trees)

    def test(self):
        if self.peek() in COMPARISONS:
            return ("side", self.take()[1], self.sum())
        if self.peek() in {"[", "(", "]"}:
            start = self.take()[1]
            low = self.sum()
            if start == "(" and self.peek() == ",":
                self.take(",")
                others = self.alternatives(")")
                self.take(")")
                return ("one of", (("side", "=", low), *others))
            self.take("..")
            high = self.sum()
            return ("range", start == "[", low, high, self.take("]", ")", "[")[1] == "]")
        return ("side", "=", self.sum())


def _whole(parser, tree):
    if parser.peek() is not None:
        raise ValueError(f"the naive FEEL cannot go on at {parser.peek()!r}")
    return tree


@lru_cache(maxsize=4096)
def parse(text):
    parser = _Parser(text)
    return _whole(parser, parser.expression())


@lru_cache(maxsize=4096)
def parse_tests(text):
    parser = _Parser(text)
    return _whole(parser, parser.tests())


def evaluate(text, lookup):
    """The value of an expression; ``lookup(name)`` gives the value of a name and may raise Undefined."""
    return _value(parse(text), lookup)


def passes(text, value):
    """Does a value that is not null pass unary tests of constants?"""
    return _passes(parse_tests(text), value)


def _passes(tree, value):
    match tree:
        case ("any",):
            return True
        case ("one of", trees):
            return any(_passes(one, value) for one in trees)
        case ("none of", trees):
            return not any(_passes(one, value) for one in trees)
        case ("side", sign, bound):
            return _compare(sign, value, _value(bound, None)) is True
        case ("range", from_, low, high, to):
            above = _compare(">=" if from_ else ">", value, _value(low, None))
            return above is True and _compare("<=" if to else "<", value, _value(high, None)) is True


def _value(tree, lookup):
    match tree:
        case ("constant", value):
            return value
        case ("name", name):
            return lookup(name)
        case ("list", trees):
            return [_value(one, lookup) for one in trees]
        case ("context", members):
            return {name: _value(one, lookup) for name, one in members}
        case ("for", name, items, result):
            return [_value(result, _with(name, item, lookup)) for item in listed(_value(items, lookup))]
        case ("minus", inner):
            return -number(_value(inner, lookup))
        case ("arithmetic", sign, left, right):
            return _arithmetic(sign, _value(left, lookup), _value(right, lookup))
        case ("compare", sign, left, right):
            return _compare(sign, _value(left, lookup), _value(right, lookup))
        case ("in", left, test):
            value = _value(left, lookup)
            return None if value is None else _passes(test, value)
        case ("and" | "or" as word, left, right):
            return _logic(word, left, right, lookup)
        case ("if", condition, yes, no):
            return _value(yes if truth(_value(condition, lookup)) else no, lookup)
        case ("some" | "every" as word, name, items, condition):
            return _quantified(word, name, items, condition, lookup)
        case ("path", inner, member):
            return _member(_value(inner, lookup), member)
        case ("filter", inner, condition):
            return [item for item in listed(_value(inner, lookup)) if truth(_value(condition, _inside(item, lookup)))]
        case ("call", name, arguments):
            return FUNCTIONS[name](*[_value(one, lookup) for one in arguments])
    raise ValueError(f"the naive FEEL does not know {tree!r}")


def _inside(item, lookup):
    return lambda name: item[name] if name in item else item if name == "item" else lookup(name)


def _with(name, value, lookup):
    return lambda wanted: value if wanted == name else lookup(wanted)


def _member(value, member):
    if value is None:
        raise Undefined(f"null has no {member}")
    return [_member(one, member) for one in value] if isinstance(value, list) else value[member]


def _arithmetic(sign, left, right):
    if isinstance(left, date) and isinstance(right, timedelta):
        return left + right
    left, right = number(left), number(right)
    if sign == "**":
        return power(left, right)
    if sign == "/" and right == 0:
        raise Undefined(f"{left} / 0")
    return {"+": add, "-": sub, "*": mul, "/": truediv}[sign](left, right)


def _compare(sign, left, right):
    if sign in {"=", "!="}:
        return (left == right) == (sign == "=")
    if left is None or right is None:
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _logic(word, left, right, lookup):
    decisive = word == "or"
    first = _value(left, lookup)
    if first is decisive:
        return decisive
    second = _value(right, lookup)
    if second is decisive:
        return decisive
    return None if first is None or second is None else second


def _quantified(word, name, items, condition, lookup):
    truths = []
    for item in listed(_value(items, lookup)):
        truths.append(_value(condition, _with(name, item, lookup)))
    decisive = word == "some"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive
