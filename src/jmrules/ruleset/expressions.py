"""The expressions of a ruleset: where each stands, what it must yield, what it reads, and in which order they run."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules import feel
from jmrules.errors import Place, Problem, Text
from jmrules.feel import BUILT_INS, tree, types
from jmrules.feel import SCORES as SCORES  # noqa: PLC0414 - told on
from jmrules.memo import kept
from jmrules.methods import sites_of
from jmrules.ruleset.compiling import compiled as compile_once
from jmrules.ruleset.model import Group, Leaf, everything, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.feel import Compiled
    from jmrules.feel.types import Type
    from jmrules.methods import Yields
    from jmrules.ruleset.model import FactDeclaration, Ruleset


_SIMPLE = {
    "number": types.NUMBER,
    "boolean": types.BOOLEAN,
    "string": types.STRING,
    "date": types.DATE,
}
_SCORE = types.ContextType({"points": types.NUMBER, "awarded": types.NUMBER, "rate": types.Nullable(types.NUMBER)})
_YIELDS: dict[Yields, tuple[Type, str, str]] = {
    "number": (types.NUMBER, "一个数", "a number"),
    "boolean": (types.BOOLEAN, "是或否（true / false）", "true or false"),
    "string": (types.STRING, "一个字符串", "a string"),
    "items": (types.ListType(types.ContextType(())), "一个列表，其各项有字段", "a list of items with fields"),
}


@frozen
class Site:
    """An expression of the document."""

    #: id of the derived value or leaf that it belongs to
    owner: str
    pointer: str
    text: str
    yields: Yields


@frozen(eq=False)
class Analysis:
    """All expressions of a ruleset, compiled, and the order in which their owners can be computed."""

    #: by JSON pointer
    expressions: Mapping[str, Compiled]
    #: types of facts, derived values and scores, as expressions see them
    types: Mapping[str, Type]
    #: ids of the derived values that read no scores, in dependency order: they come before any indicator
    first: tuple[str, ...]
    #: ids of the other derived values, the leaves and the groups, in dependency order
    then: tuple[str, ...]
    #: pointer -> problem, whose place is inside the expression
    problems: tuple[tuple[str, Problem], ...] = field(default=())


def fact_type(declaration: FactDeclaration) -> Type:
    """The FEEL type of a declared fact."""
    kind: Type
    if declaration.type == "list":
        kind = types.ListType(types.ContextType({part.id: fact_type(part) for part in declaration.item}))
    else:
        kind = _SIMPLE[declaration.type]
    return types.Nullable(kind) if declaration.optional else kind


def sites_of_leaf(leaf: Leaf, pointer: str) -> Iterator[Site]:
    """The expressions of a leaf's method, in document order."""
    for site in sites_of(leaf.method):
        yield Site(leaf.id, f"{pointer}/method/{site.step}", site.text, site.yields)


def applies_pointer(pointer: str) -> str:
    """Where the condition of the leaf at ``pointer`` stands."""
    return f"{pointer}/applies/when"


def _sites(ruleset: Ruleset) -> Iterator[Site]:
    for derived in ruleset.derived:
        yield Site(derived.id, f"/derived/{derived.id}/value", derived.value, "anything")
    for pointer, node in everything(ruleset):
        if isinstance(node, Leaf):
            if node.applies:
                yield Site(node.id, applies_pointer(pointer), node.applies.when, "boolean")
            yield from sites_of_leaf(node, pointer)


@kept
def analyse(ruleset: Ruleset) -> Analysis:
    """Compile every expression of ``ruleset``, find what depends on what, and collect what is wrong."""
    problems: list[tuple[str, Problem]] = []
    sites = tuple(_sites(ruleset))
    reads = {site.pointer: feel.free_names(feel.parse(site.text)) for site in sites}
    order = _order(ruleset, sites, reads, problems)
    known: dict[str, Type] = {declaration.id: fact_type(declaration) for declaration in ruleset.facts}
    known[SCORES] = types.ContextType({node.id: _SCORE for _, node in walk(ruleset.indicators)})
    expressions: dict[str, Compiled] = {}
    derived = {site.owner: site for site in sites if site.yields == "anything"}
    for owner in order:
        if owner in derived:
            compiled = compile_once(derived[owner].text, known)
            expressions[derived[owner].pointer] = compiled
            known[owner] = compiled.type if not compiled.problems else types.ANY
    for name in derived:
        # A derived value on a cycle has no type; what reads it is not blamed for that.
        known.setdefault(name, types.ANY)
    for site in sites:
        if site.pointer not in expressions:
            expressions[site.pointer] = compile_once(site.text, known)
        compiled = expressions[site.pointer]
        problems += [(site.pointer, problem) for problem in compiled.problems]
        if not compiled.problems and (wrong := _wrong_type(site, compiled)):
            problems.append((site.pointer, wrong))
        problems += [(site.pointer, problem) for problem in clock_readings(compiled)]
    scored = _reading_scores(ruleset, reads)
    for site in sites:
        if site.pointer.endswith("/applies/when") and _heads(reads[site.pointer]) & (scored | {SCORES}):
            problems.append((site.pointer, _applies_reads_scores()))
    return Analysis(
        expressions,
        known,
        tuple(owner for owner in order if owner in derived and owner not in scored),
        tuple(owner for owner in order if owner not in derived or owner in scored),
        tuple(problems),
    )


@kept
def identifiers(ruleset: Ruleset) -> Mapping[str, tuple[str, ...]]:
    """The identifiers that each label stands for, of facts, their fields, derived values, indicators and groups, in that order."""
    found: dict[str, tuple[str, ...]] = {}
    fields = (part for fact in ruleset.facts for part in fact.item)
    nodes = (node for _, node in walk(ruleset.indicators))
    for each in (*ruleset.facts, *fields, *ruleset.derived, *nodes):
        for label in (each.label.zh, each.label.en):
            if label is not None:
                found[label] = (*found.get(label, ()), each.id)
    return found


def _heads(names: tuple[tuple[str, ...], ...]) -> set[str]:
    return {name[0] for name in names}


def _order(
    ruleset: Ruleset,
    sites: tuple[Site, ...],
    reads: Mapping[str, tuple[tuple[str, ...], ...]],
    problems: list[tuple[str, Problem]],
) -> list[str]:
    derived = {item.id for item in ruleset.derived}
    nodes = {node.id: node for _, node in everything(ruleset)}
    # Dictionaries for sets, so that the order is the same in every process.
    needs: dict[str, dict[str, None]] = {id: {} for id in (*(item.id for item in ruleset.derived), *nodes)}
    for node in nodes.values():
        if isinstance(node, Group):
            needs[node.id] |= dict.fromkeys(child.id for child in node.children)
    for site in sites:
        for name in reads[site.pointer]:
            if name[0] in derived:
                needs[site.owner][name[0]] = None
            elif name[0] == SCORES:
                # The whole of scores, unlikely as it is, waits for nothing that it does not name.
                needs[site.owner] |= dict.fromkeys(step for step in name[1:2] if step in nodes)
    pointers = {site.owner: site.pointer for site in reversed(sites)}
    while True:
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            cycle: list[str] = error.args[1]
            at = next(pointers[id] for id in cycle if id in pointers)
            problems.append((at, _cycle_problem(cycle)))
            needs = {id: {want: None for want in wants if want not in cycle} for id, wants in needs.items()}


def _cycle_problem(cycle: list[str]) -> Problem:
    path = " → ".join(reversed(cycle))
    return Problem(
        "cycle",
        Text(f"循环引用：{path}", f"these depend on each other in a circle: {path}"),
        Text("请改写其中一项，使其不再引用前者", "rewrite one of them so that it does not need the others"),
    )


def _reading_scores(ruleset: Ruleset, reads: Mapping[str, tuple[tuple[str, ...], ...]]) -> set[str]:
    """Ids of derived values that read scores, directly or through others."""
    heads = {item.id: _heads(reads[f"/derived/{item.id}/value"]) for item in ruleset.derived}
    found = {SCORES}
    while more := {id for id, names in heads.items() if id not in found and names & found}:
        found |= more
    return found - {SCORES}


def _applies_reads_scores() -> Problem:
    return Problem(
        "applies-reads-scores",
        Text(
            "适用条件不能读取得分：它决定分值如何分配", "applies.when may not read scores: it decides where points go"
        ),
        Text("请只用事实和不含得分的派生值", "use facts, and derived values that read no scores"),
    )


def clock_readings(compiled: Compiled) -> Iterator[Problem]:
    """Where an expression reads what differs from run to run."""
    for node in tree.walk(compiled.tree):
        match node:
            case tree.Call(function=tree.Name(name=name)) if name in BUILT_INS and not BUILT_INS[name].constant:
                yield Problem(
                    "reads-the-clock",
                    Text(
                        f"{name}() 每次结果不同，不能用于评分",
                        f"{name}() differs from run to run, so a score may not rest on it",
                    ),
                    Text("请把日期作为事实给出", "let the date be a fact"),
                    Place(line=1, column=node.start + 1) if "\n" not in compiled.text else Place(),
                )


def _wrong_type(site: Site, compiled: Compiled) -> Problem | None:
    if site.yields == "anything":
        return None
    wanted, zh, en = _YIELDS[site.yields]
    if types.may_conform(compiled.type, wanted):
        return None
    return Problem(
        "wrong-type",
        Text(
            f"此表达式得出的是 {compiled.type}，应为{zh}", f"this expression yields {compiled.type}; it must yield {en}"
        ),
        Text("请改写表达式", "rewrite the expression"),
    )
