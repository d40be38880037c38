"""The JSON Schema of the facts that a ruleset needs, for editors and forms."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.documents import schema_text
from jmrules.facts.documents import known_kinds
from jmrules.facts.domain import MAX_ITEMS, MAX_STRING, domain_of
from jmrules.ruleset import walk
from jmrules.units import names_of_kind, unit_of

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.feel import Interval
    from jmrules.ruleset import FactDeclaration, Ruleset

_TYPES = {"number": "number", "boolean": "boolean", "string": "string", "date": "string", "list": "array"}
_OF_NUMBERS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "anyOf", "multipleOf"))
#: ways to give a fact that only some facts have
_WAYS = {"number": ("between", "unit"), "list": ("length",)}


def facts_schema(ruleset: Ruleset, language: Language = "zh") -> dict[str, Any]:
    """A JSON Schema (2020-12) that a facts document for ``ruleset`` satisfies: names, types, bounds, titles.

    Domains and relations between facts that JSON Schema cannot say are in the descriptions; binding checks them all the same.
    Nor does it say what a validator that reads numbers as floats would get wrong: how many decimals a number has at most.
    """
    base: dict[str, Any] = json.loads(schema_text("facts"), parse_float=Decimal)
    properties = base["properties"]
    properties["ruleset"] = {
        "type": "string",
        "anyOf": [{"const": ruleset.id}, {"type": "string", "pattern": f"^{ruleset.id}@"}],
    }
    years = ruleset.fiscal_years
    properties["fiscal_year"] = (
        {"const": ruleset.fiscal_year}
        if years is None
        else {"type": "integer", "minimum": years.first, **({} if years.last is None else {"maximum": years.last})}
    )
    properties["facts"] = _members(ruleset.facts, language)
    if ruleset.constraints:
        said = [each.label.say(language) for each in ruleset.constraints]
        properties["facts"]["description"] = "；".join(said) if language == "zh" else "; ".join(said)
    ids = {node.id: {"type": "number", "title": node.label.say(language)} for _, node in walk(ruleset.indicators)}
    known = [{"const": kind, "title": label.say(language)} for kind, label in known_kinds(ruleset).items()]
    if known:
        properties["documents"]["additionalProperties"]["properties"]["kind"] = {"oneOf": known}
    claims = properties["claims"]["properties"]
    claims["indicators"] = {"type": "object", "properties": ids, "additionalProperties": False}
    claims["rows"]["propertyNames"] = {"enum": [*ids]}
    return {
        **base,
        "$id": f"urn:jmrules:facts:{ruleset.reference}",
        "title": ruleset.title.say(language),
    }


def _members(declarations: tuple[FactDeclaration, ...], language: Language) -> dict[str, Any]:
    required = [
        declaration.id for declaration in declarations if not declaration.optional and declaration.absent == "error"
    ]
    members: dict[str, Any] = {
        "type": "object",
        "properties": {declaration.id: _given(declaration, language) for declaration in declarations},
        "additionalProperties": False,
    }
    return {**members, "required": required} if required else members


def _given(declaration: FactDeclaration, language: Language) -> dict[str, Any]:
    """A fact as it may be given: a bare value, or a fact object around it."""
    plain = _plain(declaration, language)
    fitting: dict[str, Any] = {"properties": {"value": plain, **_ways(declaration)}}
    # A bare value is in the declared unit; beside another unit, what is said of numbers would mislead.
    inside = {name: part for name, part in plain.items() if name not in _OF_NUMBERS}
    if inside != plain:
        other = {"properties": {**fitting["properties"], "value": inside}}
        fitting = {"if": {"required": ["unit"]}, "then": other, "else": fitting}
    wrapped = {"allOf": [{"$ref": "#/$defs/fact"}, fitting]}
    return {
        "title": declaration.label.say(language),
        **({"description": _description(declaration, language)} if _description(declaration, language) else {}),
        "if": {"type": "object"},
        "then": wrapped,
        "else": plain,
    }


def _ways(declaration: FactDeclaration) -> dict[str, Any]:
    """What must not stand in a fact object of this type, and the units that are converted to its own."""
    own = _WAYS.get(declaration.type, ())
    unit = unit_of(declaration.unit) if declaration.unit else None
    ways: dict[str, Any] = {name: False for names in _WAYS.values() for name in names if name not in own}
    if "unit" in own:
        ways["unit"] = False if unit is None else {"enum": names_of_kind(unit.kind)}
    return ways


def _description(declaration: FactDeclaration, language: Language) -> str:
    unit = unit_of(declaration.unit) if declaration.unit else None
    parts = [
        declaration.note.say(language) if declaration.note else "",
        declaration.omitted.say(language) if declaration.omitted else "",
        unit.symbol.say(language) if unit else "",
        "、".join(f"{named.value} {named.label.say(language)}" for named in declaration.values)
        or declaration.tests
        or "",
        _decimals(declaration, language),
    ]
    return "；".join(part for part in parts if part)


def _decimals(declaration: FactDeclaration, language: Language) -> str:
    if not declaration.decimals:
        return ""
    return f"至多 {declaration.decimals} 位小数" if language == "zh" else f"at most {declaration.decimals} decimals"


def _plain(declaration: FactDeclaration, language: Language) -> dict[str, Any]:
    kind, domain = _TYPES[declaration.type], domain_of(declaration)
    schema: dict[str, Any] = {"type": [kind, "null"] if declaration.optional else kind}
    match declaration.type:
        case "date":
            schema["format"] = "date"
        case "boolean" if declaration.tests is not None:
            schema["enum"] = [*(domain.few or ()), *([None] if declaration.optional else [])]
        case "string" if domain.words is not None:
            schema["enum"] = [*domain.words, *([None] if declaration.optional else [])]
        case "string":
            schema["maxLength"] = MAX_STRING
        case "list":
            schema["items"] = _members(declaration.item, language)
            schema |= {"minItems": domain.least} if domain.least else {}
            schema |= {"maxItems": domain.most} if domain.most < MAX_ITEMS else {}
        case "number":
            ranges = [_bounds(interval) for interval in domain.ranges or ()]
            schema |= ranges[0] if len(ranges) == 1 else {"anyOf": ranges} if ranges else {}
            # Of whole numbers alone: in floats, 0.07 is no multiple of 0.01.
            schema |= {"multipleOf": 1} if domain.whole else {}
    return schema


def _bounds(interval: Interval) -> dict[str, Any]:
    low, high = interval.low, interval.high
    bounds: dict[str, Any] = {}
    if low.at is not None:
        bounds["exclusiveMinimum" if low.above else "minimum"] = low.at
    if high.at is not None:
        bounds["maximum" if high.above else "exclusiveMaximum"] = high.at
    return bounds
