"""Hold facts against the constraints of a ruleset: which relations between them do not hold, and where."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError, LimitError, Place, Problem, Text, Undefined
from jmrules.feel import LANGUAGES, interpret, shown, string_of, tree
from jmrules.memo import kept
from jmrules.ruleset import analyse, constraint_texts, unequal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from jmrules.feel import Compiled
    from jmrules.ruleset import Constraint, FactDeclaration, Ruleset


@frozen(eq=False)
class Unmet:
    """A constraint that does not hold, of one item where it goes through a list."""

    constraint: Constraint
    #: number of the item
    item: int | None
    #: the fact to look at first, and of its item the field
    fact: str
    field: str | None
    #: what stood there, in words; or why it cannot be told whether the constraint holds
    found: Text
    #: whether it is known not to hold
    decided: bool = True


def all_hold(ruleset: Ruleset, values: Sequence[Any], names: Collection[str] | None = None) -> bool:
    """Whether every constraint that refuses facts, or every one that reads ``names``, certainly holds for bound values; the quick question."""
    if any(unequal(ruleset)):
        return False
    try:
        return all(
            condition(values) is True
            for condition, read in _conditions(ruleset)
            if names is None or not read.isdisjoint(names)
        )
    except JmrulesError:
        return False


@kept
def _conditions(ruleset: Ruleset) -> tuple[tuple[Callable[[Sequence[Any]], Any], frozenset[str]], ...]:
    """What each asks of bound values, and the facts that it reads."""
    place = {fact.id: index for index, fact in enumerate(ruleset.facts)}
    texts = constraint_texts(ruleset).whole
    found = []
    for constraint in ruleset.constraints:
        if constraint.otherwise == "error":
            expression = texts[constraint.id]
            slots = [place.get(name[0]) if len(name) == 1 else None for name in expression.names]
            asks = _quick(expression, slots) if None not in slots else _careful(ruleset, expression)  # type: ignore[arg-type]
            found.append((asks, reads(ruleset, constraint)))
    return tuple(found)


def _quick(expression: Compiled, slots: list[int]) -> Callable[[Sequence[Any]], Any]:
    function = expression.function
    return lambda values: function(*[values[slot] for slot in slots])


def _careful(ruleset: Ruleset, expression: Compiled) -> Callable[[Sequence[Any]], Any]:
    return lambda values: expression.strict(_Names(ruleset, values))


class _Names(dict[str, Any]):
    """Facts by name, and the derived values that read no scores, each worked out when it is read."""

    def __init__(self, ruleset: Ruleset, values: Sequence[Any]) -> None:
        super().__init__(zip((fact.id for fact in ruleset.facts), values, strict=True))
        self._ruleset = ruleset

    def __missing__(self, name: str) -> Any:
        analysis = analyse(self._ruleset)
        if name not in analysis.first:
            raise KeyError(name)
        return analysis.expressions[f"/derived/{name}/value"].strict(self)


def unmet(
    ruleset: Ruleset, values: Sequence[Any], without: Collection[str] = (), *, questions: bool = False
) -> Iterator[Unmet]:
    """The constraints that refuse bound values, in their order, and those that ask where ``questions``.

    Those that read the facts ``without`` are passed over.

    One that cannot be decided does not hold. The thread's decimal context must be exact, or FEEL's.

    Raises:
        LimitError: a constraint that takes more work than is allowed.
    """
    names = _Names(ruleset, values)
    for constraint in ruleset.constraints:
        asked = questions or constraint.otherwise == "error"
        if asked and not reads(ruleset, constraint) & set(without):
            yield from _of(ruleset, constraint, names)


def reads(ruleset: Ruleset, constraint: Constraint) -> frozenset[str]:
    """The facts that a constraint reads, through derived values too."""
    analysis = analyse(ruleset)
    waiting = [name[0] for name in constraint_texts(ruleset).whole[constraint.id].names]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            expression = analysis.expressions.get(f"/derived/{name}/value")
            waiting += [] if expression is None else [path[0] for path in expression.names]
    return frozenset(found)


def _of(ruleset: Ruleset, constraint: Constraint, names: _Names) -> Iterator[Unmet]:
    expression = constraint_texts(ruleset).of_one[constraint.id]
    each = constraint.each
    rows: list[Any] = [None] if each is None else (names[each.of] or [])
    for number, row in enumerate(rows):
        scope: dict[str, Any] = names
        if each is not None:
            scope = _Names(ruleset, [names[fact.id] for fact in ruleset.facts])
            scope[each.name] = row
        reason: Text | None = None
        try:
            value = expression.strict(scope)
        except Undefined as error:
            value, reason = None, error.problems[0].message
        except LimitError as error:
            named = Text(f"数据关系“{constraint.label.zh}”", f"the constraint {constraint.id}")
            raise error.placed(Place(None, f"/constraints/{constraint.id}"), named) from None
        if value is not True:
            fact, field = _first(ruleset, constraint, scope)
            item = None if each is None else number
            decided = value is False
            found = (
                _found(ruleset, constraint, scope) if decided else reason or Text("条件为空", "the condition is null")
            )
            yield Unmet(constraint, item, fact, field, found, decided)


def _first(ruleset: Ruleset, constraint: Constraint, scope: Mapping[str, Any]) -> tuple[str, str | None]:
    """The first fact that the condition reads and that is given; of an item the first field."""
    each = constraint.each
    compiled = constraint_texts(ruleset).of_one[constraint.id]
    if each is not None:
        fields = [path[1] for path in compiled.names if path[0] == each.name and len(path) > 1]
        return each.of, next((name for name in fields if scope[each.name].get(name) is not None), None)
    facts = [fact.id for fact in ruleset.facts if fact.id in reads(ruleset, constraint)]
    named = [path[0] for path in compiled.names if path[0] in facts] or facts
    return next((name for name in named if scope[name] is not None), named[0] if named else ""), None


def _found(ruleset: Ruleset, constraint: Constraint, scope: Mapping[str, Any]) -> Text:
    """What the facts say that the condition reads; of a list, the numbers of its items, or else how many items it has."""
    each = constraint.each
    said: list[Text] = []
    declared = {fact.id: fact for fact in ruleset.facts}
    fields = {} if each is None else {part.id: part for part in declared[each.of].item}
    for head, *members in constraint_texts(ruleset).of_one[constraint.id].names:
        if each is not None and head == each.name:
            part = fields.get(members[0]) if members else None
            if part is not None:
                said.append(_said(part, scope[head].get(part.id)))
        elif head in declared:
            rows = _rows(declared[head], constraint_texts(ruleset).of_one[constraint.id], scope)
            said += rows or [_said(declared[head], scope[head])]
        else:
            derived = next(one for one in ruleset.derived if one.id == head)
            said.append(_in_words(derived.label, scope[head], derived.unit, derived.decimals))
    said = list(dict.fromkeys(said))
    return Text("、".join(one.zh for one in said), ", ".join(one.say("en") for one in said))


#: items that are named one by one
_MOST_ROWS = 12


def _rows(declaration: FactDeclaration, compiled: Compiled, scope: Mapping[str, Any]) -> list[Text]:
    """Of a list, the numbers of its items that a condition takes together (``sum(rows.points)``), each after the item's name."""
    numbers = {part.id: part for part in declaration.item if part.type == "number"}
    names = [part.id for part in declaration.item if part.type == "string"]
    said: dict[str, Text] = {}
    for node in tree.walk(compiled.tree):
        if not isinstance(node, tree.Path) or node.member not in numbers:
            continue
        base = node.of.of if isinstance(node.of, tree.Filter) else node.of
        if base != tree.Name(declaration.id):
            continue
        items = interpret(node.of, compiled.text, scope, strict=True)[0]
        if not isinstance(items, list) or not 0 < len(items) <= _MOST_ROWS:
            continue
        part = numbers[node.member]
        given = [item.get(part.id) for item in items]
        called = [next((item[name] for name in names if item.get(name) is not None), None) for item in items]
        rows = [
            _in_words(Text(name, name) if name else Text(f"第 {at} 项", f"item {at}"), value, part.unit, part.decimals)
            for at, (name, value) in enumerate(zip(called, given, strict=True), 1)
        ]
        label, whole = part.label, sum((value for value in given if value is not None), Decimal(0))
        total = _in_words(Text("合计", "together"), whole, part.unit, part.decimals)
        said[f"{node.of}{node.member}"] = Text(
            f"各项{label.zh}：{'、'.join(row.zh for row in rows)}，{total.zh}",
            f"{label.say('en')} of each: {', '.join(row.say('en') for row in rows)}; {total.say('en')}",
        )
    return list(said.values())


def _said(declaration: FactDeclaration, value: Any) -> Text:
    called = next((named.label for named in declaration.values if named.value == value), None)
    if called is not None:
        zh, en = declaration.label.zh, declaration.label.say("en")
        return Text(f"{zh} {called.zh}", f"{en} {called.say('en')}")
    return _in_words(declaration.label, value, declaration.unit, declaration.decimals)


def _in_words(label: Text, value: Any, unit: str | None, decimals: int | None) -> Text:
    zh, en = (shown(value, unit, decimals, language) for language in LANGUAGES)
    return Text(f"{label.zh} {zh}", f"{label.say('en')} {en}")


def problem_of(found: Unmet, name: object, place: Place) -> Problem:
    """The problem of an unmet constraint at a place; ``name`` tells its item apart."""
    label, each = found.constraint.label, found.constraint.each
    of_zh = of_en = ""
    if each is not None and found.item is not None:
        named = f"“{string_of(name)}”" if name is not None else ""
        of_zh, of_en = f"第 {found.item + 1} 项{named}", f" at item {found.item + 1}{' ' + named if named else ''}"
    if not found.decided:
        return Problem(
            "undecided-constraint",
            Text(
                f"{of_zh}无法判断是否符合“{label.zh}”：{found.found.zh}",
                f"it cannot be told{of_en} whether {label.say('en')}: {found.found.say('en')}",
            ),
            Text("请补全这些数据", "complete these facts"),
            place,
        )
    return Problem(
        "broken-constraint",
        Text(
            f"{of_zh}不符合“{label.zh}”：现填{found.found.zh}",
            f"not so{of_en}: {label.say('en')}; given are {found.found.say('en')}",
        ),
        Text(
            "请与原始资料核对，改正填错的，补全缺少的",
            "check these facts against their sources, correct what is wrong and add what is missing",
        ),
        place,
    )
