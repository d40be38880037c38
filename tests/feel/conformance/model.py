"""A DMN model, as far as the conformance cases need one: decisions, functions, services, types and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from feel.conformance.boxed import Boxes, child, children, local, text_of, typed
from jmrules.feel import FeelSyntaxError, Function
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.coercion import MISMATCH, coerce
from jmrules.feel.functions import NoValue
from jmrules.feel.interpreter import interpret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from xml.etree.ElementTree import Element


class Model:
    """One DMN file and the files that it imports."""

    def __init__(self, path: Path) -> None:
        self._root = ElementTree.parse(path).getroot()
        self.namespace = self._root.get("namespace", "")
        self._imported: dict[str, tuple[str, Model]] = {}
        for each in children(self._root, "import"):
            for other in sorted(path.parent.glob("*.dmn")):
                if other != path and ElementTree.parse(other).getroot().get("namespace") == each.get("namespace"):
                    self._imported[each.get("namespace", "")] = each.get("name", ""), Model(other)
        self.types: dict[str, ft.Type] = {}
        self._allowed: dict[str, str] = {}
        for name, model in self._imported.values():
            self.types.update({f"{name}.{own}": kind for own, kind in model.types.items()})
        self._definitions = {each.get("name", ""): each for each in children(self._root, "itemDefinition")}
        for name, definition in self._definitions.items():
            self.types[name] = self._type(definition)
            allowed = text_of(child(definition, "allowedValues"))
            if allowed:
                self._allowed[name] = allowed
        self.elements = {each.get("id", ""): each for each in self._root if each.get("id")}
        self._boxes = Boxes(self._names(), self._allowed)
        self._trees: dict[int, t.Expression] = {}

    def _names(self) -> set[str]:
        own = {each.get("name", "") for each in self._root.iter() if each.get("name")}
        own |= {each.get("iteratorVariable", "") for each in self._root.iter()}
        for name, model in self._imported.values():
            own |= model._names() | {name}
        return own

    # ---- types

    def _type(self, definition: Element) -> ft.Type:
        parts = children(definition, "itemComponent")
        function = child(definition, "functionItem")
        reference = child(definition, "typeRef")
        if parts:
            kind: ft.Type = ft.ContextType({part.get("name", ""): self._type(part) for part in parts})
        elif function is not None:
            parameters = tuple(self.type_of(each.get("typeRef")) for each in children(function, "parameters"))
            kind = ft.FunctionType(parameters, self.type_of(function.get("outputTypeRef")))
        else:
            kind = self.type_of(None if reference is None else reference.text)
        return ft.ListType(kind) if definition.get("isCollection") == "true" else kind

    def type_of(self, reference: str | None) -> ft.Type:
        """The type that a reference names."""
        name = (reference or "Any").strip()
        if name in self.types:
            return self.types[name]
        if name in self._definitions:
            return self._type(self._definitions[name])
        return ft.NAMED.get(name) or ft.NAMED.get(name.rpartition(":")[2]) or ft.ANY

    def variable_type(self, element: Element) -> ft.Type:
        variable = child(element, "variable")
        return self.type_of(None if variable is None else variable.get("typeRef"))

    # ---- elements and what they require

    def named(self, name: str, *kinds: str) -> Element | None:
        return next((each for each in self._root if local(each) in kinds and each.get("name") == name), None)

    def _resolve(self, href: str) -> tuple[Model, str, Element]:
        """The model that owns an element, the prefix of its name here, and the element."""
        namespace, _, identifier = href.rpartition("#")
        if namespace in ("", self.namespace):
            return self, "", self.elements[identifier]
        prefix, model = self._imported[namespace]
        return model, prefix, model.elements[identifier]

    def decide(self, decision: Element, given: Mapping[str, Any]) -> Any:
        """The value of a decision; ``given`` are the values of inputs, and of decisions that are inputs of a service."""
        name = decision.get("name", "")
        if name in given:
            return given[name]
        names = self._requirements(decision, given)
        value = self._evaluate(decision, names)
        return _fitted(value, self.variable_type(decision))

    def _requirements(self, element: Element, given: Mapping[str, Any]) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for requirement in element:
            for reference in requirement:
                href = reference.get("href", "")
                if not local(reference).startswith("required") or not href:
                    continue
                model, prefix, target = self._resolve(href)
                value = model._value(target, given)
                if prefix:
                    names.setdefault(prefix, {})[target.get("name", "")] = value
                else:
                    names[target.get("name", "")] = value
        return names

    def _value(self, target: Element, given: Mapping[str, Any]) -> Any:
        match local(target):
            case "inputData":
                return _fitted(given.get(target.get("name", "")), self.variable_type(target))
            case "decision":
                return self.decide(target, given)
            case "businessKnowledgeModel":
                return self._knowledge(target, given)
            case "decisionService":
                return self.service(target, given)
        return None

    def _knowledge(self, element: Element, given: Mapping[str, Any]) -> Any:
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            return None
        function = self._evaluate(element, self._requirements(element, given))
        if not isinstance(function, Function):
            return function
        result = self.variable_type(element)
        if isinstance(result, ft.FunctionType):
            result = result.result

        def call(positional: list[Any], named: dict[str, Any]) -> Any:
            return _fitted(function.call(positional, named), result)

        return Function(element.get("name", ""), function.parameters, call, function.types, result)

    def service(self, element: Element, given: Mapping[str, Any]) -> Function:
        """A decision service as a function of its input data and input decisions, in the order of DMN 1.5, 10.4."""
        inputs = [
            self._resolve(each.get("href", ""))
            for kind in ("inputData", "inputDecision")
            for each in children(element, kind)
        ]
        names = tuple(target.get("name", "") for _, _, target in inputs)
        outputs = [self._resolve(each.get("href", "")) for each in children(element, "outputDecision")]

        def call(positional: list[Any], named: dict[str, Any]) -> Any:
            arguments = named or dict(zip(names, positional, strict=False))
            if set(arguments) != set(names) or (not named and len(positional) != len(names)):
                raise NoValue("参数不符", "the arguments do not fit")
            for model, _, target in inputs:
                name = target.get("name", "")
                converted = coerce(arguments[name], model.variable_type(target))
                if converted is MISMATCH:
                    raise NoValue("参数不符", "the arguments do not fit")
                arguments[name] = converted
            inner = {**given, **arguments}
            results = {target.get("name", ""): model.decide(target, inner) for model, _, target in outputs}
            value = results if len(results) > 1 else next(iter(results.values()))
            return _fitted(value, self.variable_type(element))

        return Function(element.get("name", ""), names, call)

    def _evaluate(self, element: Element, names: Mapping[str, Any]) -> Any:
        identifier = id(element)
        if identifier not in self._trees:
            try:
                tree = self._boxes.expression(element)
            except FeelSyntaxError:
                tree = None
            variable = child(element, "variable")
            reference = None if variable is None or local(element) != "decision" else variable.get("typeRef")
            self._trees[identifier] = typed(tree, reference) if reference in self.types else tree or t.Null()
        return interpret(
            self._trees[identifier], "", {**self._boxes.functions, **names}, strict=False, types=self.known_types()
        )[0]

    def known_types(self) -> dict[str, ft.Type]:
        return _AnyType(self.types)


class _AnyType(dict[str, ft.Type]):
    """Types by name; a reference to a type that the model does not define means Any."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name) or (ft.NAMED.get(name) or ft.ANY)


def _fitted(value: Any, kind: ft.Type) -> Any:
    fitted = coerce(value, kind)
    return None if fitted is MISMATCH else fitted
