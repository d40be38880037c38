"""Expressions in words: FEEL trees with labels for names, values after them, in Chinese and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.errors import Language, Text
from jmrules.feel import parse_unary_tests, string_of
from jmrules.feel.functions import Forms
from jmrules.feel.numbers import is_number
from jmrules.feel.tree import (
    Argument,
    Between,
    Binary,
    Boolean,
    Call,
    Expression,
    Filter,
    For,
    If,
    In,
    Iteration,
    Name,
    Negation,
    Null,
    Number,
    Path,
    Quantified,
    Range,
    String,
    Test,
)
from jmrules.quantities import percent, place_among, quantity, quantity_in_words, trimmed
from jmrules.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: the name under which the expressions of a ruleset read what indicators scored
SCORES = "scores"

LANGUAGES: tuple[Language, Language] = ("zh", "en")
_OPERATORS = {
    "*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "**": "^",
}  # fmt: skip
_LOGIC = {"and": ("且", "and"), "or": ("或", "or")}
_BINDING = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
}
_FUNCTIONS = Forms(
    "words",
    {
        "sum": ("{0}合计", "sum of {0}"),
        "count": ("{0}项数", "number of {0}"),
        "min": ("{0}中的最小值", "least of {0}"),
        "max": ("{0}中的最大值", "greatest of {0}"),
        "mean": ("{0}的平均值", "mean of {0}"),
        "abs": ("{0}的绝对值", "absolute value of {0}"),
        "not": ("并非（{0}）", "not ({0})"),
    },
)
#: how tightly what a function is said of must hold together
_OF = {"abs": 7}
_DAYS = re.compile(r"P([0-9]+)D")
_ROUNDINGS = Forms(
    "words of rounding",
    {
        "floor": ("{0} 向下取整", "{0} rounded down"),
        "ceiling": ("{0} 向上取整", "{0} rounded up"),
        "round half up": ("{0} 四舍五入到 {1} 位小数", "{0} rounded half up to {1} decimals"),
        "round half down": ("{0} 五舍六入到 {1} 位小数", "{0} rounded half down to {1} decimals"),
        "round up": ("{0} 进位到 {1} 位小数", "{0} rounded up to {1} decimals"),
        "round down": ("{0} 舍位到 {1} 位小数", "{0} rounded down to {1} decimals"),
    },
)


@frozen
class Meaning:
    """What a name stands for, to a reader."""

    label: Text
    unit: str | None = None
    decimals: int | None = None
    #: of strings that have names: what each is called
    values: Mapping[str, Text] = field(factory=dict)
    #: a number that is none of anything, such as a year
    plain: bool = False

    def shown(self, value: Any, language: Language) -> str:
        """A value of it for readers."""
        if isinstance(value, str) and value in self.values:
            return self.values[value].say(language)
        if self.plain and is_number(value):
            return f"{value:f}"
        return shown(value, self.unit, self.decimals, language)


@frozen(eq=False)
class Words:
    """Renders expressions; ``values`` gives a name's value, or raises KeyError or a declared error where there is none."""

    meanings: Mapping[str, Meaning]
    values: Callable[[str], Any]
    #: the value of a part of an expression of this text; None where it has none by itself
    find: Callable[[Expression, str], Any]
    #: fields of the items of each list
    fields: Mapping[str, Mapping[str, Meaning]]
    #: names that stand for fields of an item, and have no value of their own
    local: frozenset[str] = frozenset()
    #: names that stand for one item of a list -> the list
    items: Mapping[str, str] = field(factory=dict)

    def both(self, tree: Expression, text: str, unit: str | None = None) -> Text:
        """The expression in both languages; ``unit`` is that of its result, for the constants compared with it."""
        return Text(self._say(tree, text, "zh", 0, unit), self._say(tree, text, "en", 0, unit))

    def value(self, value: Any, unit: str | None, decimals: int | None) -> Text:
        """A value in both languages."""
        if is_number(value):
            return quantity_in_words(value, unit, decimals)
        return Text(shown(value, unit, decimals, "zh"), shown(value, unit, decimals, "en"))

    def _say(self, tree: Expression, text: str, language: Language, binding: int, unit: str | None) -> str:
        zh = language == "zh"

        def say(inner: Expression, inside: int = 0, like: str | None = None) -> str:
            return self._say(inner, text, language, inside, like)

        match tree:
            case Name(name=name):
                return self._name(name, language)
            case Number(value=value):
                return shown(value, unit, None, language) if unit else trimmed(value, 30, group=True)
            case String(value=value):
                return f"“{value}”"
            case Boolean(value=value):
                return shown(value, None, None, language)
            case Null():
                return "未填" if zh else "not given"
            case Negation(operand=operand):
                return f"−{say(operand, 6, unit)}"
            case Binary(operator=operator, left=left, right=right):
                own = _BINDING[operator]
                sign = _LOGIC[operator][0 if zh else 1] if operator in _LOGIC else _OPERATORS.get(operator, operator)
                like = self._unit_of(left) or self._unit_of(right) if own == 3 else None
                first, second = say(left, own, like), say(right, own + 1, like)
                if own == 3:
                    first = self._called(left, right, language) or first
                    second = self._called(right, left, language) or second
                if second == "0" and operator in ("+", "-"):
                    return first
                said = f"{first} {sign} {second}"
                return bracketed(said, language) if own < binding else said
            case Between(value=value, low=low, high=high):
                like = self._unit_of(value)
                return (
                    f"{say(value)} 介于 {say(low, 0, like)} 与 {say(high, 0, like)} 之间"
                    if zh
                    else f"{say(value)} between {say(low, 0, like)} and {say(high, 0, like)}"
                )
            case If():
                return self._either(tree, text, language, binding, unit)
            case Path(of=Path(of=Name(name=of), member=indicator), member=member) if of == SCORES:
                return self._score(indicator, member, language)
            case Path() if (path := dotted(tree)) in self.meanings:
                return self._name(path, language)
            case Call(function=Name(name="date" | "duration"), arguments=(Argument(value=String(value=value)),)):
                days = _DAYS.fullmatch(value)
                return value if days is None else f"{days[1]} 日" if zh else f"{days[1]} days"
            case Call(function=Name(name=name), arguments=arguments) if name in _FUNCTIONS and arguments:
                inside = _OF.get(name, int(len(arguments) > 1))
                inner = ("、" if zh else ", ").join(say(argument.value, inside) for argument in arguments)
                said, found = _FUNCTIONS[name][0 if zh else 1].format(inner), self.find(tree, text)
                said = said if found is None else f"{said} {shown(found, unit, None, language)}"
                return bracketed(said, language) if len(arguments) > 1 and binding else said
            case Call(function=Name(name=name), arguments=arguments) if name in _ROUNDINGS:
                said_arguments = [*(say(argument.value, 6) for argument in arguments), "0"]
                return _ROUNDINGS[name][0 if zh else 1].format(*said_arguments)
            case For(iterations=(Iteration(name=name, domain=Name(name=of)),), result=result):
                each = evolve(self, items={**self.items, name: of}, local=self.local | {name})
                inner = each._say(result, text, language, 0, None)
                listed = self._name(of, language)
                return f"{listed}各项的（{inner}）" if zh else f"({inner}) of each of {listed}"
            case Filter(of=of, condition=condition):
                where = self._inside(of)._say(condition, text, language, 0, None)
                return f"{say(of)}（{where}）" if zh else f"{say(of)} where {where}"
            case Quantified():
                return self._quantified(tree, text, language)
            case Path(of=Name(name=name), member=member) if name in self.items:
                meaning = self.fields.get(self.items[name], {}).get(member)
                return meaning.label.say(language) if meaning else member
            case Path(of=of, member=member):
                meaning = self.fields.get(_list_of(of), {}).get(member)
                label = meaning.label.say(language) if meaning else member
                return f"{say(of, 6)}的{label}" if zh else f"{label} of {say(of, 6)}"
            case In(value=value, tests=tests) if all(isinstance(test, String) for test in tests):
                listed = "、" if zh else ", "
                called = [self._called(test, value, language) or say(test) for test in tests]  # type: ignore[arg-type]
                return f"{say(value, 3)} {'属于' if zh else 'is one of'} {listed.join(called)}"
        return text[tree.start : tree.end]

    def _inside(self, of: Expression) -> Words:
        """The words for a condition on the items of a list."""
        if not isinstance(of, Name):
            return self
        fields = self.fields.get(of.name, {})
        return evolve(
            self,
            meanings={**self.meanings, **fields},
            local=self.local | fields.keys(),
            items={**self.items, "item": of.name},
        )

    def _quantified(self, tree: Quantified, text: str, language: Language) -> str:
        """``some`` and ``every``, over the items of lists that have names."""
        domains = {each.name: each.domain for each in tree.iterations}
        named = {name: domain.name for name, domain in domains.items() if isinstance(domain, Name)}
        inner = evolve(self, items={**self.items, **named}, local=self.local | domains.keys())
        condition = inner._say(tree.condition, text, language, 0, None)
        lists = [
            self._say(domain, text, language, 0, None)
            if isinstance(domain, Expression)
            else text[domain.start : domain.end]
            for domain in domains.values()
        ]
        if language == "zh":
            return f"{'、'.join(lists)}中{'有' if tree.quantifier == 'some' else '每'}一项满足（{condition}）"
        return f"{tree.quantifier} of {', '.join(lists)} with ({condition})"

    def _either(self, tree: If, text: str, language: Language, binding: int, unit: str | None) -> str:
        """The branch taken, since the other one earned nothing; where there are no values yet, both."""
        zh = language == "zh"
        taken = self.find(tree.condition, text)
        if isinstance(taken, bool):
            branch = tree.then if taken else tree.otherwise
            return self._step(tree, text, language, unit) or self._say(branch, text, language, binding, unit)
        when = self._say(tree.condition, text, language, 0, None)
        then = self._say(tree.then, text, language, 1, unit)
        otherwise = self._say(tree.otherwise, text, language, 0, unit)
        said = f"若 {when} 则 {then}，否则 {otherwise}" if zh else f"{then} if {when}, else {otherwise}"
        return bracketed(said, language) if binding else said

    def _step(self, tree: If, text: str, language: Language, unit: str | None) -> str | None:
        """The constant that conditions lead to, which of how many, and the condition that held; None where a branch is no constant."""
        conditions, constants = list[Expression](), list[Expression]()
        rest: Expression = tree
        while isinstance(rest, If):
            conditions.append(rest.condition)
            constants.append(rest.then)
            rest = rest.otherwise
        constants.append(rest)
        if not all(isinstance(each, (Number, Boolean)) for each in constants):
            return None
        place = 0
        while place < len(conditions) and (held := self.find(conditions[place], text)) is not True:
            if held is not False:
                return None
            place += 1
        why = self._say(conditions[min(place, len(conditions) - 1)], text, language, 0, None)
        which = [] if len(constants) == 2 else [place_among(place, len(constants)).say(language)]
        if place < len(conditions):
            which.append(why)
        elif not which:
            which.append(f"不符合 {why}" if language == "zh" else f"not so: {why}")
        colon = "：" if language == "zh" else ": "
        said = bracketed(colon.join(which), language)
        value = self._say(constants[place], text, language, 0, unit)
        return f"{value}{said}" if language == "zh" else f"{value} {said}"

    def unmet(self, tree: Expression, text: str) -> Text:
        """A condition that does not hold: what is, and what is required of it."""
        if isinstance(tree, Binary) and _BINDING[tree.operator] == 3:
            like = self._unit_of(tree.left)
            sign = _OPERATORS.get(tree.operator, tree.operator)
            left = [self._say(tree.left, text, language, 3, None) for language in LANGUAGES]
            right = [self._say(tree.right, text, language, 4, like) for language in LANGUAGES]
            return Text(f"{left[0]}，要求 {sign} {right[0]}", f"{left[1]}, required {sign} {right[1]}")
        said = self.both(tree, text)
        if isinstance(tree, Name):
            return said
        return Text(f"要求 {said.zh}", f"required: {said.say('en')}")

    def _meaning_of(self, tree: Expression) -> Meaning | None:
        """The meaning of a name, of a dotted one, or of a field of an item."""
        if isinstance(tree, Path) and isinstance(tree.of, Name) and tree.of.name in self.items:
            return self.fields.get(self.items[tree.of.name], {}).get(tree.member)
        return self.meanings.get(dotted(tree))

    def _called(self, tree: Expression, beside: Expression, language: Language) -> str | None:
        """What a string is called as a value of what it is compared with; None where it has no name there."""
        if not isinstance(tree, String) or (meaning := self._meaning_of(beside)) is None:
            return None
        called = meaning.values.get(tree.value)
        return None if called is None else f"“{called.say(language)}”"

    def _unit_of(self, tree: Expression) -> str | None:
        meaning = self.meanings.get(dotted(tree))
        return meaning.unit if meaning else None

    def _name(self, name: str, language: Language) -> str:
        meaning = self.meanings.get(name)
        if meaning is None:
            return name
        label = meaning.label.say(language)
        if name in self.local:
            return label
        value = self.values(name)
        if isinstance(value, list | dict):
            return label
        return f"{label} {meaning.shown(value, language)}"

    def _score(self, indicator: str, member: str, language: Language) -> str:
        meaning = self.meanings.get(f"{SCORES}.{indicator}")
        label = meaning.label.say(language) if meaning else indicator
        word = {
            "awarded": ("得分", "points awarded"),
            "points": ("分值", "points"),
            "rate": ("得分率", "award rate"),
        }.get(member, (member, member))
        return f"{label}{word[0]}" if language == "zh" else f"{word[1]} of {label}"


def bracketed(said: str, language: Language) -> str:
    """Words in brackets."""
    return f"（{said}）" if language == "zh" else f"({said})"


def dotted(tree: object) -> str:
    """A name, or the members of a name, as ``a.b.c``; empty for any other expression."""
    if isinstance(tree, Path):
        of = dotted(tree.of)
        return f"{of}.{tree.member}" if of else ""
    return tree.name if isinstance(tree, Name) else ""


def _list_of(tree: Expression) -> str:
    """The name of the list whose items an expression gives, filtered or not; empty where it has none."""
    while isinstance(tree, Filter):
        tree = tree.of
    return tree.name if isinstance(tree, Name) else ""


def shown(value: Any, unit: str | None, decimals: int | None, language: Language) -> str:
    """A FEEL value for readers."""
    if is_number(value):
        return quantity(value, unit, decimals, language)
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if value is None:
        return "未填" if language == "zh" else "not given"
    if isinstance(value, list):
        return f"{len(value)} 项" if language == "zh" else f"{len(value)} item{'' if len(value) == 1 else 's'}"
    return string_of(value) or ""


def said_test(test: Test | Expression, unit: str | None, language: Language) -> str:
    """A constant unary test, such as ≤ 10%, for a value in ``unit``."""

    def number(tree: Expression | None) -> str:
        if isinstance(tree, Number):
            return shown(tree.value, unit, None, language)
        if isinstance(tree, Negation):
            return f"−{number(tree.operand)}"
        if isinstance(tree, String):
            return f"“{tree.value}”"
        if isinstance(tree, Call) and len(tree.arguments) == 1 and isinstance(tree.arguments[0].value, String):
            return tree.arguments[0].value.value
        return "" if tree is None else "…"

    if isinstance(test, Test):
        return f"{_OPERATORS.get(test.operator, test.operator)} {number(test.operand)}"
    if isinstance(test, Range):
        low, high = ("≤" if test.start_included else "<"), ("≤" if test.end_included else "<")
        if test.low is None:
            return f"{high} {number(test.high)}"
        if test.high is None:
            return f"{'≥' if test.start_included else '>'} {number(test.low)}"
        middle = "且" if language == "zh" else "and"
        return f"{'≥' if low == '≤' else '>'} {number(test.low)} {middle} {high} {number(test.high)}"
    return f"= {number(test)}"


def said_tests(tests: str, unit: str | None) -> Text:
    """Constant unary tests in both languages, such as ≤ 10% or ≥ 2024-01-01."""
    parsed = parse_unary_tests(tests)
    if parsed.negated or not parsed.tests:
        return Text(tests, tests)
    return Text(
        " 或 ".join(said_test(test, unit, "zh") for test in parsed.tests),
        " or ".join(said_test(test, unit, "en") for test in parsed.tests),
    )


def is_ratio(unit: str | None) -> bool:
    """Whether values in this unit are shown as percentages."""
    known = unit_of(unit) if unit else None
    return known is not None and known.percent


__all__ = ["Meaning", "Words", "is_ratio", "percent", "said_test", "said_tests", "shown"]
