"""From a checked JSON document to the model, by cattrs."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from attrs import fields, has
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from jmrules.documents import Document
from jmrules.memo import kept
from jmrules.methods import METHODS, Fields, Worth
from jmrules.rounding import OwnRounding
from jmrules.ruleset.declarations import Across
from jmrules.ruleset.digest import content_of
from jmrules.ruleset.model import Clamp, Effective, FactDeclaration, FiscalYears, Group, Leaf, Node, Ruleset
from jmrules.ruleset.rules import Each, Monitoring
from jmrules.ruleset.years import first_year, in_year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RENAMED: dict[type, dict[str, str]] = {
    Effective: {"start": "from"},
    FiscalYears: {"first": "from", "last": "to"},
    Group: {"stated_points": "points"},
    Ruleset: {"stated_points": "points"},
    Clamp: {"least": "from", "most": "to"},
    Each: {"name": "as"},
    Across: {"what": "is"},
}


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(Document, lambda value, _: value)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_structure_hook(
        Decimal | Literal["all"], lambda value, _: value if value == "all" else Decimal(value)
    )
    converter.register_structure_hook(
        Node, lambda value, _: converter.structure(value, Group if "children" in value else Leaf)
    )
    converter.register_structure_hook_factory(has, lambda cls: _hook(cls, converter))
    converter.register_structure_hook_func(
        lambda cls: cls is Fields, lambda value, _: converter.structure(value, METHODS[value["kind"]].fields)
    )
    own_rounding = converter.get_structure_hook(OwnRounding)
    converter.register_structure_hook(
        OwnRounding, lambda value, cls: own_rounding({"digits": value} if isinstance(value, int) else value, cls)
    )
    declaration = converter.get_structure_hook(FactDeclaration)
    converter.register_structure_hook(
        FactDeclaration,
        lambda value, cls: declaration(
            {
                **value,
                "item": _named(value.get("item", {})),
                "values": [{"value": name, "label": label} for name, label in value.get("values", {}).items()],
            },
            cls,
        ),
    )
    monitoring = converter.get_structure_hook(Monitoring)
    converter.register_structure_hook(
        Monitoring, lambda value, cls: monitoring({**value, **_all_named(value, "facts", "signals")}, cls)
    )
    return converter


def _hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    """How a class is made of a document: every ``tests`` stands there as ``in``, a worth as its two members."""
    names = {"tests": "in"} | _RENAMED.get(cls, {})
    present = {part.name: part for part in fields(cls)}
    overrides = {ours: override(rename=theirs) for ours, theirs in names.items() if ours in present}
    made: Callable[[Any, Any], Any] = make_dict_structure_fn(cls, converter, **overrides)  # type: ignore[arg-type]
    return _with_worth(made) if "worth" in present and cls is not Worth else made


def _with_worth(inner: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """In the document a worth is two members side by side; in the model it is one value."""

    def structure(value: dict[str, Any], cls: Any) -> Any:
        worth = {name: value[name] for name in ("share", "points") if name in value}
        return inner({**value, "worth": worth}, cls)

    return structure


def _named(members: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": name, **member} for name, member in members.items()]


def _all_named(content: dict[str, Any], *members: str) -> dict[str, list[dict[str, Any]]]:
    return {member: _named(content.get(member, {})) for member in members}


def structure(content: dict[str, Any], digest: str, source: Document, year: int | None = None) -> Ruleset:
    """The ruleset that a schema-valid document's content describes, for ``year``, or the first one that it scores."""
    scored = first_year(content) if year is None else year
    content = in_year(content, scored)
    content = {**content, "indicators": [handed_down(node) for node in content["indicators"]]}
    if content.get("clamp") is False:
        content = {name: part for name, part in content.items() if name != "clamp"}
    named = _all_named(content, "facts", "derived", "signals", "checks", "constraints")
    return _converter().structure(
        {**content, **named, "fiscal_year": scored, "digest": digest, "source": source}, Ruleset
    )


@kept
def for_year(ruleset: Ruleset, year: int) -> Ruleset:
    """The same notice, for another of the years that it scores; itself where it is for no other."""
    if year == ruleset.fiscal_year or not ruleset.scores(year):
        return ruleset
    return structure(content_of(ruleset.source.value), ruleset.digest, ruleset.source, year)


def handed_down(node: Mapping[str, Any], applies: Any = None) -> dict[str, Any]:
    """An indicator of a document in which what is under a group that is there for some kinds of department says so itself."""
    own = node.get("applies", applies)
    made = {**node, **({} if own is None else {"applies": own})}
    if "children" in node:
        made["children"] = [handed_down(child, own) for child in node["children"]]
    return made
