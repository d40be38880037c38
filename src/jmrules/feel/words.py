"""Expressions in words: FEEL trees with labels for names, values after them, in Chinese and English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.errors import Language, Text
from jmrules.feel.functions import Forms
from jmrules.feel.meanings import OPERATORS, Meaning, is_ratio, said_test, said_tests, shown, shown_in_both
from jmrules.feel.phrases import FORMS, MEMBERS, TYPES
from jmrules.feel.tree import (
    Argument,
    AtLiteral,
    Between,
    Binary,
    Boolean,
    Call,
    Expression,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Iteration,
    Name,
    Negation,
    Null,
    Number,
    Operator,
    Path,
    Quantified,
    Range,
    String,
)
from jmrules.memo import Keeper, kept
from jmrules.quantities import percent, place_among, trimmed
from jmrules.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: the name under which the expressions of a ruleset read what indicators scored
SCORES = "scores"

LANGUAGES: tuple[Language, Language] = ("zh", "en")
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
    },
)
#: functions whose result is in the unit of what they are said of
_OF_ITEMS = frozenset(("sum", "min", "max", "mean", "abs"))
#: how tightly what a function is said of must hold together
_OF = {"abs": 7}
#: what holds where a comparison does not
_TURNED: dict[str, Operator] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
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


#: words made of parts in a row: what is the same whatever the values are, and functions of the words' values
Parts = tuple["str | Callable[[Words], str]", ...]


@frozen(eq=False)
class Vocabulary(Keeper):
    """What names mean to readers. Expressions are put into words once, with slots for the values, and filled in for each department."""

    meanings: Mapping[str, Meaning]
    #: fields of the items of each list
    fields: Mapping[str, Mapping[str, Meaning]]
    #: names that stand for fields of an item, and have no value of their own
    local: frozenset[str] = frozenset()
    _templates: dict[tuple[Any, ...], tuple[Expression, tuple[Parts, ...]]] = field(factory=dict, repr=False)

    @kept
    def at_item(self, name: str, of: str) -> Vocabulary:
        """The words where ``name`` is an item of the list ``of``, whose fields are told as ``name.field``."""
        own = {f"{name}.{field}": meaning for field, meaning in self.fields.get(of, {}).items()}
        return Vocabulary({**self.meanings, **own}, self.fields, self.local)

    def both(self, tree: Expression, text: str, unit: str | None) -> tuple[Parts, ...]:
        """The expression in both languages."""
        return self._template(tree, text, ("whole", unit), lambda writer: writer.say(tree, 0, unit))

    def sides(self, tree: Binary, text: str) -> tuple[tuple[Parts, ...], tuple[Parts, ...]]:
        """What stands left and right in a comparison, each in both languages."""
        like = self.unit_of(tree.left)
        left = self._template(tree, text, ("left", None), lambda writer: writer.say(tree.left, 3, None))
        return left, self._template(tree, text, ("right", like), lambda writer: writer.say(tree.right, 4, like))

    def unit_of(self, tree: Expression) -> str | None:
        """The unit of what an expression comes to, as far as its names tell."""
        return _unit(tree, self.meanings.get)

    def _template(
        self, tree: Expression, text: str, what: tuple[str, str | None], say: Callable[[_Writer], Parts]
    ) -> tuple[Parts, ...]:
        key = (id(tree), *what)
        found = self._templates.get(key)
        if found is None:
            made = tuple(_joined(say(_Writer(self, text, language, self.local))) for language in LANGUAGES)
            # The tree is kept too, so that no other can have its identity.
            found = self._templates[key] = tree, made
        return found[1]


@frozen(eq=False)
class Words:
    """Expressions in words, with the values of one department; what is asked again is remembered.

    ``values`` gives a name's value, None where it has none; ``find`` that of a part of an expression of a text, None where it
    has none by itself.
    """

    vocabulary: Vocabulary
    values: Callable[[str], Any]
    find: Callable[[Expression, str], Any]
    _said: dict[tuple[int, str | None], Text] = field(factory=dict, repr=False)
    _found: dict[int, Any] = field(factory=dict, repr=False)
    _shown: dict[str, Text | None] = field(factory=dict, repr=False)

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        """What names mean."""
        return self.vocabulary.meanings

    def both(self, tree: Expression, text: str, unit: str | None = None) -> Text:
        """The expression in both languages; ``unit`` is that of its result, for the constants compared with it."""
        key = (id(tree), unit)
        said = self._said.get(key)
        if said is None:
            zh, en = self.vocabulary.both(tree, text, unit)
            said = self._said[key] = Text(self.filled(zh), self.filled(en))
        return said

    def unmet(self, tree: Expression, text: str) -> Text:
        """A condition that does not hold: what is, and what is required of it; of several, those that do not."""
        if isinstance(tree, Binary) and tree.operator == "and":
            failing = [side for side in (tree.left, tree.right) if self.found(side, text) is False]
            told = [self.unmet(side, text) for side in failing]
            if told:
                return Text("；".join(each.zh for each in told), "; ".join(each.say("en") for each in told))
        if isinstance(tree, Call) and tree.function == Name("not") and dotted(tree.arguments[0].value):
            return self.both(tree, text)
        if isinstance(tree, Binary) and _BINDING[tree.operator] == 3:
            sign = OPERATORS.get(tree.operator, tree.operator)
            left, right = ([self.filled(part) for part in side] for side in self.vocabulary.sides(tree, text))
            return Text(f"{left[0]}，要求 {sign} {right[0]}", f"{left[1]}, required {sign} {right[1]}")
        said = self.both(tree, text)
        if isinstance(tree, Name):
            return said
        return Text(f"要求 {said.zh}", f"required: {said.say('en')}")

    def value(self, value: Any, unit: str | None, decimals: int | None) -> Text:
        """A value in both languages."""
        return shown_in_both(value, unit, decimals)

    def filled(self, parts: Parts) -> str:
        """Parts as they read with the values there are."""
        return "".join([part if type(part) is str else part(self) for part in parts])  # type: ignore[operator]

    def found(self, tree: Expression, text: str) -> Any:
        """The value of a part of an expression, None where it has none."""
        key = id(tree)
        if key not in self._found:
            self._found[key] = self.find(tree, text)
        return self._found[key]

    def shown(self, name: str, meaning: Meaning) -> Text | None:
        """The value of a name; None for a list, which is told by its label alone."""
        if name not in self._shown:
            value = self.values(name)
            self._shown[name] = None if isinstance(value, list | dict) else meaning.in_both(value)
        return self._shown[name]


def _not_so(why: str, condition: Expression, language: Language) -> str:
    """What does not hold; where its words tell what is instead, those alone."""
    match condition:
        case Name() | Path() | Binary(operator="=" | "!=", right=Boolean() | Null()):
            return why
    return f"不符合 {why}" if language == "zh" else f"not so: {why}"


@frozen(eq=False)
class _Writer:
    """Puts an expression of a text into words of one language."""

    vocabulary: Vocabulary
    text: str
    language: Language
    local: frozenset[str]
    #: fields of an item that are named by themselves
    own: Mapping[str, Meaning] = field(factory=dict)
    #: names that stand for one item of a list -> the list
    items: Mapping[str, str] = field(factory=dict)

    def say(self, tree: Expression, binding: int = 0, unit: str | None = None) -> Parts:
        """The parts of an expression; ``binding`` is how tightly what stands around it holds together."""
        zh, say, language = self.language == "zh", self.say, self.language
        match tree:
            case Name(name=name):
                return self._name(name)
            case Number(value=value):
                return (shown(value, unit, None, language) if unit else trimmed(value, 30, group=True),)
            case String(value=value):
                return (f"“{value}”",)
            case Boolean(value=value):
                return (shown(value, None, None, language),)
            case Null():
                return ("未填" if zh else "not given",)
            case Negation(operand=operand):
                return ("−", *say(operand, 6, unit))
            case Binary(operator="/", left=left, right=right) if _is_a_day(right):
                return (*say(left, 6), "的天数") if zh else ("days of ", *say(left, 6))
            case Binary(operator="and" | "or"):
                return (self._logic(tree, binding),)
            case Binary():
                return self._binary(tree, binding)
            case Between(value=value, low=low, high=high):
                like = self._unit_of(value)
                ends = say(low, 0, like), say(high, 0, like)
                if zh:
                    return (*say(value), " 介于 ", *ends[0], " 与 ", *ends[1], " 之间")
                return (*say(value), " between ", *ends[0], " and ", *ends[1])
            case If():
                return (self._if(tree, binding, unit),)
            case Path(of=Path(of=Name(name=of), member=indicator), member=member) if of == SCORES:
                return (self._score(indicator, member),)
            case Path() if (path := dotted(tree)) and self._meaning(path) is not None:
                return self._name(path)
            case Call(function=Name(name="date" | "duration"), arguments=(Argument(value=String(value=value)),)):
                days = _DAYS.fullmatch(value)
                return (value if days is None else f"{days[1]} 日" if zh else f"{days[1]} days",)
            case Call(function=Name(name="not"), arguments=(Argument(value=denied),)):
                return self._not(denied, binding)
            case Call(function=Name(name=name), arguments=arguments) if name in _FUNCTIONS and arguments:
                several = len(arguments) > 1
                inside = _OF.get(name, int(several))
                inner = _between([say(each.value, inside) for each in arguments], "、" if zh else ", ")
                if several and not zh:
                    inner = ("(", *inner, ")")
                result = unit or (self._unit_of_items(arguments[0].value) if name in _OF_ITEMS else None)
                said: Parts = (
                    *_formed(_FUNCTIONS[name][0 if zh else 1], inner),
                    self._value(tree, result or self._unit_of(tree)),
                )
                return (_BRACKETS[language][0], *said, _BRACKETS[language][1]) if several and binding and zh else said
            case Call(function=Name(name=name), arguments=(of, Argument(value=Number(value=places)))) if (
                name in _ROUNDINGS and is_ratio(self._unit_of(of.value))
            ):
                # A rate is read in percent.
                step = f"{trimmed(Decimal(1).scaleb(2 - int(places)), 30)}%"
                words = _ROUNDINGS[name][0 if zh else 1].replace("{1} 位小数", "{1}").replace("{1} decimals", "{1}")
                return _formed(words, say(of.value, 6), (step,))
            case Call(function=Name(name=name), arguments=arguments) if name in _ROUNDINGS:
                return _formed(_ROUNDINGS[name][0 if zh else 1], *(say(each.value, 6) for each in arguments), ("0",))
            case For(iterations=(Iteration(name=name, domain=Name(name=of)),), result=result):
                each = evolve(self, items={**self.items, name: of}, local=self.local | {name}).say(result)
                listed = self._name(of)
                return (*listed, "各项的（", *each, "）") if zh else ("(", *each, ") of each of ", *listed)
            case Filter(of=of, condition=condition):
                where = self._inside(of).say(condition)
                return (*say(of), "（", *where, "）") if zh else (*say(of), " (where ", *where, ")")
            case Quantified():
                return self._quantified(tree)
            case Path(of=Name(name=name), member=member) if name in self.items:
                return (self._label(self.items[name], member),)
            case Path(of=of, member=member):
                label = self._label(_list_of(of), member)
                return (*say(of, 6), "的", label) if zh else (label, " of ", *say(of, 6))
            case In(value=value, tests=tests) if all(isinstance(test, String) for test in tests):
                called = [self._called(test, value) or say(test) for test in tests]  # type: ignore[arg-type]
                listed = _between(called, "、" if zh else ", ")
                return (*say(value, 3), " 属于 " if zh else " is one of ", *listed)
            case In(value=value, tests=tests) if tests and all(_is_range(test) for test in tests):
                like = self._unit_of(value)
                ranges = (" 或 " if zh else " or ").join(said_test(test, like, language) for test in tests)
                said = (*say(value, 3), f" {ranges}")
                return (_BRACKETS[language][0], *said, _BRACKETS[language][1]) if binding else said
        return self._further(tree)

    def _further(self, tree: Expression) -> Parts:
        """The less usual built-ins and types; anything else as it is written."""
        which = 0 if self.language == "zh" else 1
        match tree:
            case Call(function=Name(name=name), arguments=arguments) if form := FORMS.get((name, len(arguments))):
                return _formed(form[which], *(self.say(each.value, 6) for each in arguments))
            case InstanceOf(value=value, type=type) if type.name in TYPES:
                return (*self.say(value, 6), (" 是", " is ")[which], TYPES[type.name][which])
        return (self.text[tree.start : tree.end],)

    def _binary(self, tree: Binary, binding: int) -> Parts:
        operator, left, right = tree.operator, tree.left, tree.right
        own = _BINDING[operator]
        sign = _LOGIC[operator][self.language != "zh"] if operator in _LOGIC else OPERATORS.get(operator, operator)
        like = self._unit_of(left) or self._unit_of(right) if own == 3 else None
        first, second = self.say(left, own, like), self.say(right, own + 1, like)
        if own == 3 and isinstance(left, Path) and left.member == "year" and isinstance(right, Number):
            second = (trimmed(right.value, 0),)  # a year is a name rather than a quantity
        if own == 3:
            first = self._called(left, right) or first
            second = self._called(right, left) or second
        said = (*first, f" {sign} ", *second)
        if own < binding:
            said = (*_BRACKETS[self.language][:1], *said, *_BRACKETS[self.language][1:])
        if operator in ("=", "!=") and isinstance(right, String | Boolean | Null):
            return (self._plainly(tree, first, said),)
        if operator == "=" and isinstance(right, Number) and self._tells_its_value(left):
            return (self._plainly(tree, first, said),)
        if operator not in ("+", "-"):
            return said
        # What adds nothing is not told.
        second = _joined(second)
        if all(type(part) is str for part in second):
            return first if second == ("0",) else said
        text = self.text

        def fill(words: Words) -> str:
            nothing = words.filled(second) == "0" or _taken(right, words, text) == Number(Decimal(0))
            return words.filled(first if nothing else said)

        return (fill,)

    def _tells_its_value(self, tree: Expression) -> bool:
        """Whether the words of an expression end in its value."""
        match tree:
            case Call(function=Name(name=name)):
                return name in _FUNCTIONS
            case Name() | Path():
                name = dotted(tree)
                return self._meaning(name) is not None and name not in self.local
        return False

    def _logic(self, tree: Binary, binding: int) -> Callable[[Words], str]:
        """What decides: of "or" the sides that hold where one does, of "and" those that do not where one does not."""
        whole, text = _joined(self._binary(tree, binding)), self.text
        sides = [(side, _joined(self.say(side, binding))) for side in (tree.left, tree.right)]
        decides = tree.operator == "or"

        def fill(words: Words) -> str:
            told = [said for side, said in sides if words.found(side, text) is decides]
            return words.filled(told[0] if len(told) == 1 else whole)

        return fill

    def _not(self, denied: Expression, binding: int) -> Parts:
        """A comparison turned round, a name with its value, or what is not so."""
        if isinstance(denied, Binary) and denied.operator in _TURNED:
            return self._binary(evolve(denied, operator=_TURNED[denied.operator]), binding)
        if isinstance(denied, Binary) and denied.operator in _LOGIC:
            return (self._neither(denied, binding),)
        inner, zh = self.say(denied), self.language == "zh"
        name = dotted(denied)
        if name:
            said: Parts = ("并非", *inner) if zh else ("not ", *inner)
        else:
            said = ("并非（", *inner, "）") if zh else ("not (", *inner, ")")
        meaning = self._meaning(name)
        if meaning is None or name in self.local:
            return said
        return (lambda words: words.filled(said if words.shown(name, meaning) is None else inner),)

    def _neither(self, denied: Binary, binding: int) -> Callable[[Words], str]:
        """Of conditions that do not hold together, those that do not, turned round; where there are no values, that they do not."""
        zh, text = self.language == "zh", self.text
        inner = self.say(denied)
        whole: Parts = ("并非（", *inner, "）") if zh else ("not (", *inner, ")")
        sides = [(side, _joined(self._not(side, max(binding, 3)))) for side in (denied.left, denied.right)]

        def fill(words: Words) -> str:
            told = [words.filled(said) for side, said in sides if words.found(side, text) is False]
            if not told:
                return words.filled(whole)
            before, after = _BRACKETS[self.language] if binding and len(told) > 1 else ("", "")
            return before + f" {_LOGIC['and'][not zh]} ".join(told) + after

        return fill

    def _plainly(self, tree: Binary, first: Parts, said: Parts) -> Callable[[Words], str]:
        """What is compared alone where that says it: 结果 需说明, not 结果 需说明 = “需说明”; 是否专项资金 否, not 否 ≠ 是; 2 项, not 2 = 2."""
        text = self.text
        telling: tuple[bool, ...] = (True, False)
        if isinstance(tree.right, String | Number):
            telling = (True,) if tree.operator == "=" else ()
        return lambda words: words.filled(first if words.found(tree, text) in telling else said)

    def _if(self, tree: If, binding: int, unit: str | None) -> Callable[[Words], str]:
        """The branch taken, since the other one earned nothing; where there are no values yet, both."""
        then, otherwise = self.say(tree.then, binding, unit), self.say(tree.otherwise, binding, unit)
        when, one, other = self.say(tree.condition), self.say(tree.then, 1, unit), self.say(tree.otherwise, 0, unit)
        both: Parts = (
            ("若 ", *when, " 则 ", *one, "，否则 ", *other)
            if self.language == "zh"
            else (*one, " if ", *when, ", else ", *other)
        )
        if binding:
            both = (_BRACKETS[self.language][0], *both, _BRACKETS[self.language][1])
        condition, text, step = tree.condition, self.text, self._step(tree, unit)

        def fill(words: Words) -> str:
            taken = words.found(condition, text)
            if not isinstance(taken, bool):
                return words.filled(both)
            told = None if step is None else step(words)
            if told is None and not binding and isinstance(tree.then if taken else tree.otherwise, Number):
                why = words.filled(when) if taken else _not_so(words.filled(when), condition, self.language)
                return self._because(words.filled(one if taken else other), why)
            return words.filled(then if taken else otherwise) if told is None else told

        return fill

    def _step(self, tree: If, unit: str | None) -> Callable[[Words], str | None] | None:
        """The constant that conditions lead to, which of how many, and the condition that held; None where a branch is no constant."""
        conditions, constants = list[Expression](), list[Expression]()
        rest: Expression = tree
        while isinstance(rest, If):
            conditions.append(rest.condition)
            constants.append(rest.then)
            rest = rest.otherwise
        constants.append(rest)
        constant = [isinstance(each, Number | Boolean) for each in constants]
        if not any(constant):
            return None
        whys, values = [self.say(each) for each in conditions], [self.say(each, 0, unit) for each in constants]
        text, language = self.text, self.language

        def told(words: Words) -> str | None:
            place = 0
            while place < len(conditions) and (held := words.found(conditions[place], text)) is not True:
                if held is not False:
                    return None
                place += 1
            if not constant[place]:
                # A formula tells by itself how it comes about.
                return words.filled(values[place])
            which = (
                [] if len(constants) == 2 or not all(constant) else [place_among(place, len(constants)).say(language)]
            )
            why = words.filled(whys[min(place, len(conditions) - 1)])
            if place < len(conditions):
                which.append(why)
            elif not which:
                which.append(_not_so(why, conditions[-1], language))
            before, after = _BRACKETS[language]
            reason = before + ("：" if language == "zh" else ": ").join(which) + after
            return f"{words.filled(values[place])}{'' if language == 'zh' else ' '}{reason}"

        return told

    def _because(self, value: str, why: str) -> str:
        """A constant with the condition that leads to it."""
        before, after = _BRACKETS[self.language]
        return f"{value}{'' if self.language == 'zh' else ' '}{before}{why}{after}"

    def _value(self, tree: Expression, unit: str | None) -> Callable[[Words], str]:
        """What a function comes to, after its words; nothing where it has no value by itself."""
        text, language = self.text, self.language

        def fill(words: Words) -> str:
            found = words.found(tree, text)
            # Whether a condition holds is not its value to a reader.
            return "" if found is None or isinstance(found, bool) else f" {shown(found, unit, None, language)}"

        return fill

    def _inside(self, of: Expression) -> _Writer:
        """The words for a condition on the items of a list."""
        if not isinstance(of, Name):
            return self
        fields = self.vocabulary.fields.get(of.name, {})
        return evolve(
            self,
            own={**self.own, **fields},
            local=self.local | fields.keys(),
            items={**self.items, "item": of.name},
        )

    def _quantified(self, tree: Quantified) -> Parts:
        """``some`` and ``every``, over the items of lists that have names."""
        domains = {each.name: each.domain for each in tree.iterations}
        named = {name: domain.name for name, domain in domains.items() if isinstance(domain, Name)}
        inner = evolve(self, items={**self.items, **named}, local=self.local | domains.keys())
        condition = inner.say(tree.condition)
        lists: list[Parts] = [
            self.say(domain) if isinstance(domain, Expression) else (self.text[domain.start : domain.end],)
            for domain in domains.values()
        ]
        if self.language == "zh":
            some = "有" if tree.quantifier == "some" else "每"
            return (*_between(lists, "、"), f"中{some}一项满足（", *condition, "）")
        return (
            f"{'some' if tree.quantifier == 'some' else 'each'} of ",
            *_between(lists, ", "),
            " (where " if tree.quantifier == "some" else " with (",
            *condition,
            ")",
        )

    def _meaning(self, name: str) -> Meaning | None:
        return self.own.get(name) or self.vocabulary.meanings.get(name)

    def _called(self, tree: Expression, beside: Expression) -> Parts | None:
        """What a string is called as a value of what it is compared with; None where it has no name there."""
        if not isinstance(tree, String):
            return None
        if isinstance(beside, Path) and isinstance(beside.of, Name) and beside.of.name in self.items:
            meaning = self.vocabulary.fields.get(self.items[beside.of.name], {}).get(beside.member)
        else:
            meaning = self._meaning(dotted(beside))
        called = None if meaning is None else meaning.values.get(tree.value)
        return None if called is None else (f"“{called.say(self.language)}”",)

    def _unit_of(self, tree: Expression) -> str | None:
        if isinstance(tree, Path) and isinstance(tree.of, Name) and tree.of.name in self.items:
            meaning = self.vocabulary.fields.get(self.items[tree.of.name], {}).get(tree.member)
            return meaning.unit if meaning else None
        return _unit(tree, self._meaning)

    def _unit_of_items(self, tree: Expression) -> str | None:
        """The unit of the numbers in a list: a field of its items, or what is made of each."""
        match tree:
            case For(iterations=(Iteration(name=name, domain=Name(name=of)),), result=result):
                return evolve(self, items={**self.items, name: of})._unit_of_items(result)
            case If(then=then, otherwise=otherwise):
                return self._unit_of_items(then) or self._unit_of_items(otherwise)
            case Negation(operand=operand):
                return self._unit_of_items(operand)
            case Path(of=of, member=member):
                named = self.items.get(of.name) if isinstance(of, Name) else None
                meaning = self.vocabulary.fields.get(named or _list_of(of), {}).get(member)
                return meaning.unit if meaning else None
        return self._unit_of(tree)

    def _label(self, of: str, member: str) -> str:
        """What a field of the items of a list is called."""
        meaning = self.vocabulary.fields.get(of, {}).get(member)
        if meaning is None:
            return MEMBERS.get(member, (member, member))[0 if self.language == "zh" else 1]
        return meaning.label.say(self.language)

    def _name(self, name: str) -> Parts:
        meaning, language = self._meaning(name), self.language
        if meaning is None:
            return (name,)
        label = meaning.label.say(language)
        if name in self.local:
            return (label,)

        def fill(words: Words) -> str:
            value = words.shown(name, meaning)
            return label if value is None else f"{label} {value.say(language)}"

        return (fill,)

    def _score(self, indicator: str, member: str) -> str:
        meaning = self._meaning(f"{SCORES}.{indicator}")
        label = meaning.label.say(self.language) if meaning else indicator
        word = {
            "awarded": ("得分", "points awarded"),
            "points": ("分值", "points"),
            "rate": ("得分率", "award rate"),
        }.get(member, (member, member))
        return f"{label}{word[0]}" if self.language == "zh" else f"{word[1]} of {label}"


_BRACKETS = {"zh": ("（", "）"), "en": ("(", ")")}
_PLACE = re.compile(r"\{([0-9])\}")


def _joined(parts: Parts) -> Parts:
    """The parts, those that are the same whatever the values are joined where they meet."""
    found: list[Any] = []
    for part in parts:
        if found and type(part) is str and type(found[-1]) is str:
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def _between(parts: list[Parts], comma: str) -> Parts:
    """Parts one after the other, with commas."""
    return tuple(part for index, each in enumerate(parts) for part in ((comma, *each) if index else each))


def _formed(form: str, *parts: Parts) -> Parts:
    """Parts in the places {0}, {1} of a form."""
    pieces = _PLACE.split(form)
    return tuple(
        part for index, piece in enumerate(pieces) for part in (parts[int(piece)] if index % 2 else (piece,)) if part
    )


def _unit(tree: Expression, meaning_of: Callable[[str], Meaning | None]) -> str | None:
    """The unit of a name, or the one that all parts of a greatest, a least, a sum, a mean or a choice have."""
    parts: tuple[Expression, ...] = ()
    match tree:
        case Call(function=Name(name="max" | "min" | "mean" | "sum" | "abs"), arguments=arguments):
            parts = tuple(each.value for each in arguments)
        case If(then=then, otherwise=otherwise):
            parts = (then, otherwise)
        case Binary(operator="/", right=right) if _is_a_day(right):
            return "day"
        case Binary(operator="+" | "-", left=left, right=right):
            parts = (left, right)
        case Binary(operator="/", left=left, right=right):
            one, other = (unit_of(_unit(part, meaning_of) or "") for part in (left, right))
            return "ratio" if one is not None and one == other else None
        case _:
            meaning = meaning_of(dotted(tree))
            return meaning.unit if meaning else None
    # A number of the ruleset is in the unit of what it stands beside.
    units = {_unit(part, meaning_of) for part in parts if not isinstance(part, Number)}
    return units.pop() if len(units) == 1 else None


def _taken(tree: Expression, words: Words, text: str) -> Expression | None:
    """What conditions lead to; None where they have no value."""
    while isinstance(tree, If):
        held = words.found(tree.condition, text)
        if not isinstance(held, bool):
            return None
        tree = tree.then if held else tree.otherwise
    return tree


def _is_a_day(tree: Expression) -> bool:
    """Whether a duration divided by it is a number of days."""
    match tree:
        case Call(function=Name(name="duration"), arguments=(Argument(value=String(value="P1D")),)):
            return True
    return False


def _is_range(test: object) -> bool:
    """Whether it holds numbers between constants."""
    if not isinstance(test, Range):
        return False
    return all(_is_constant(end) for end in (test.low, test.high)) and test.equality is None


def _is_constant(end: object) -> bool:
    """Whether an end of a range is a number or a day that is written out."""
    match end:
        case None | Number() | AtLiteral():
            return True
        case Call(function=Name(name="date"), arguments=arguments):
            return all(isinstance(each.value, Number | String) for each in arguments)
    return False


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


__all__ = ["Meaning", "Vocabulary", "Words", "dotted", "is_ratio", "percent", "said_test", "said_tests", "shown"]
