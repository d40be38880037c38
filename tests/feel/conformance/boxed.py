"""Boxed expressions of a DMN model as FEEL trees, so that FEEL alone evaluates a whole decision.

A small part of DMN for the sake of the conformance cases; jmrules itself reads no DMN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmrules.feel import Function, parse, parse_unary_tests
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.values import equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element, *names: str) -> Element | None:
    return next((each for each in element if local(each) in names), None)


def children(element: Element, name: str) -> list[Element]:
    return [each for each in element if local(each) == name]


def text_of(element: Element | None) -> str:
    found = None if element is None else child(element, "text")
    return "" if found is None else (found.text or "").strip()


class Boxes:
    """Translates the boxed expressions of one model; ``functions`` collects what their trees call beside FEEL."""

    def __init__(self, names: Iterable[str], allowed_values: dict[str, str]) -> None:
        #: a parameter may have a name with a dot; elsewhere the dot is a path
        self._names = [name for name in names if not re.search(r"\.\D", name)]
        self._allowed = allowed_values
        self.functions: dict[str, Function] = {}

    def expression(self, element: Element) -> t.Expression | None:
        """The tree of the expression that ``element`` holds or is; None where it is of no kind known here."""
        kind = local(element)
        handler: Callable[[Element], t.Expression | None] | None = getattr(self, f"_{kind}", None)
        if handler is None:
            inner = next((each for each in element if hasattr(self, f"_{local(each)}")), None)
            return None if inner is None else self.expression(inner)
        tree = handler(element)
        return typed(tree, element.get("typeRef"))

    def _literalExpression(self, element: Element) -> t.Expression | None:
        text = text_of(element)
        return self.parse(text) if text else None

    _inputExpression = _literalExpression

    def parse(self, text: str) -> t.Expression:
        return parse(text, self._names)

    def _context(self, element: Element) -> t.Expression:
        entries: list[t.Entry] = []
        result: t.Expression | None = None
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            value = self._below(entry)
            if variable is None:
                result = value
            else:
                entries.append(t.Entry(variable.get("name", ""), typed(value, variable.get("typeRef"))))
        if result is None:
            return t.ContextLiteral(tuple(entries))
        return t.Path(t.ContextLiteral((*entries, t.Entry("#result", result))), "#result")

    def _below(self, element: Element) -> t.Expression:
        return self.expression(element) or t.Null()

    def _list(self, element: Element) -> t.Expression:
        return t.ListLiteral(tuple(self._below(each) for each in element if local(each) != "description"))

    def _relation(self, element: Element) -> t.Expression:
        columns = [column.get("name", "") for column in children(element, "column")]
        rows = [[self._below(cell) for cell in row] for row in children(element, "row")]
        return t.ListLiteral(
            tuple(
                t.ContextLiteral(tuple(t.Entry(name, cell) for name, cell in zip(columns, row, strict=True)))
                for row in rows
            )
        )

    def _invocation(self, element: Element) -> t.Expression:
        callee = self._below(element[0]) if local(element[0]) != "literalExpression" else self._callee(element[0])
        arguments = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            assert parameter is not None
            value = next((self._below(each) for each in binding if each is not parameter), t.Null())
            arguments.append(t.Argument(parameter.get("name"), value))
        return t.Call(callee, tuple(arguments))

    def _callee(self, element: Element) -> t.Expression:
        return self.parse(text_of(element))

    def _functionDefinition(self, element: Element) -> t.Expression:
        parameters = tuple(
            t.Parameter(each.get("name", ""), type_name(each.get("typeRef")))
            for each in children(element, "formalParameter")
        )
        bodies = [each for each in element if hasattr(self, f"_{local(each)}")]
        names, self._names = self._names, [*self._names, *(parameter.name for parameter in parameters)]
        body = self.expression(bodies[0]) if bodies else None
        self._names = names
        external = element.get("kind", "FEEL") != "FEEL"
        return t.FunctionLiteral(parameters, body or t.Null(), external)

    _encapsulatedLogic = _functionDefinition

    def _conditional(self, element: Element) -> t.Expression:
        parts = (child(element, name) for name in ("if", "then", "else"))
        return t.If(*(t.Null() if part is None else self._below(part) for part in parts))

    def _filter(self, element: Element) -> t.Expression:
        items, match = child(element, "in"), child(element, "match")
        assert items is not None and match is not None
        return t.Filter(self._below(items), self._below(match))

    def _for(self, element: Element) -> t.Expression:
        result = child(element, "return")
        assert result is not None
        return t.For(self._iteration(element), self._below(result))

    def _some(self, element: Element) -> t.Expression:
        condition = child(element, "satisfies")
        assert condition is not None
        return t.Quantified("some", self._iteration(element), self._below(condition))

    def _every(self, element: Element) -> t.Expression:
        condition = child(element, "satisfies")
        assert condition is not None
        return t.Quantified("every", self._iteration(element), self._below(condition))

    def _iteration(self, element: Element) -> tuple[t.Iteration, ...]:
        items = child(element, "in")
        assert items is not None
        return (t.Iteration(element.get("iteratorVariable", ""), self._below(items)),)

    # ---- decision tables

    def _decisionTable(self, element: Element) -> t.Expression:
        """A call of the table's hit policy on the outputs of its rules, null where a rule does not match."""
        inputs = [self._below(each) for each in children(element, "input")]
        outputs = children(element, "output")
        rules = [self._rule(rule, inputs, outputs) for rule in children(element, "rule")]
        defaults = [child(output, "defaultOutputEntry") for output in outputs]
        default: t.Expression = t.Null()
        if all(each is not None for each in defaults):
            default = self._output(outputs, [each for each in defaults if each is not None])
        name = f"#table {len(self.functions)}"
        order = [self._priorities(output, element) for output in outputs]
        policy = element.get("hitPolicy", "UNIQUE"), element.get("aggregation")
        names = [output.get("name") for output in outputs]
        self.functions[name] = hit_policy(policy, order, names)
        return t.Call(t.Name(name), (t.Argument(None, t.ListLiteral(tuple(rules))), t.Argument(None, default)))

    def _rule(self, rule: Element, inputs: list[t.Expression], outputs: list[Element]) -> t.Expression:
        matches: t.Expression = t.Boolean(True)
        for value, entry in zip(inputs, children(rule, "inputEntry"), strict=True):
            tests = parse_unary_tests(text_of(entry) or "-", self._names)
            if tests.tests:
                test: t.Expression = t.In(value, tests.tests)
                if tests.negated:
                    test = t.Call(t.Name("not"), (t.Argument(None, test),))
                matches = t.Binary("and", matches, test)
        output = self._output(outputs, children(rule, "outputEntry"))
        return t.If(matches, t.ContextLiteral((t.Entry("output", output),)), t.Null())

    def _output(self, outputs: list[Element], entries: list[Element]) -> t.Expression:
        values = [self.parse(text_of(entry)) if text_of(entry) else t.Null() for entry in entries]
        if len(outputs) == 1:
            return values[0]
        names = [output.get("name", "") for output in outputs]
        return t.ContextLiteral(tuple(t.Entry(name, value) for name, value in zip(names, values, strict=True)))

    def _priorities(self, output: Element, table: Element) -> list[object]:
        text = text_of(child(output, "outputValues"))
        text = text or self._allowed.get(output.get("typeRef") or table.get("typeRef") or "", "")
        if not text:
            return []
        return [test.value for test in parse_unary_tests(text).tests if isinstance(test, (t.String, t.Number))]


def type_name(reference: str | None) -> t.TypeName | None:
    return t.TypeName(reference) if reference else None


def typed(tree: t.Expression | None, reference: str | None) -> t.Expression:
    """``tree`` with its value converted to a type, or null where it cannot be."""
    if tree is None:
        return t.Null()
    if not reference or isinstance(tree, t.FunctionLiteral):
        return tree
    convert = t.FunctionLiteral((t.Parameter("#value", type_name(reference)),), t.Name("#value"))
    return t.Call(convert, (t.Argument(None, tree),))


def hit_policy(policy: tuple[str, str | None], order: list[list[object]], names: list[str | None]) -> Function:
    """The function from the outputs of the rules, null for those that do not match, to the result of the table."""

    def rank(hit: object) -> list[int]:
        values = [hit.get(name) for name in names] if isinstance(hit, dict) and len(names) > 1 else [hit]
        return [
            next((place for place, value in enumerate(known) if equal(value, each)), len(known))
            for known, each in zip(order, values, strict=True)
        ]

    def decide(positional: list[object], named: dict[str, object]) -> object:
        rules, default = positional
        hits = [rule["output"] for rule in rules if rule is not None]
        if not hits:
            return default
        match policy:
            case "UNIQUE", _:
                return hits[0] if len(hits) == 1 else None
            case "ANY", _:
                return hits[0] if all(equal(hit, hits[0]) for hit in hits) else None
            case "FIRST", _:
                return hits[0]
            case "PRIORITY", _:
                return min(hits, key=rank)
            case "OUTPUT ORDER", _:
                return sorted(hits, key=rank)
            case "COLLECT", str(aggregation):
                return BUILT_INS[aggregation.lower()].signatures[0].implementation(hits)
        return hits

    return Function("decision table", ("rules", "default"), decide)
