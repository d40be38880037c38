"""What must hold of the sources of a ruleset's rules: nothing is called stated of which an author supplied a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Problem, Text
from jmrules.ruleset.expressions import analyse, sites_of_leaf
from jmrules.ruleset.model import Leaf, everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset.model import Ruleset, Source

Found = tuple[str, Problem]


def all_sources(ruleset: Ruleset) -> Iterator[tuple[str, Source]]:
    """Every source of a rule that the ruleset gives, with its pointer."""
    given: list[tuple[str, Source | None]] = [("/rounding/source", ruleset.rounding.source)]
    given += [(f"/grades/{index}/source", grade.source) for index, grade in enumerate(ruleset.grades)]
    given += [("/scale/source", ruleset.scale.source if ruleset.scale else None)]
    given += [("/clamp/source", ruleset.clamp.source if ruleset.clamp else None)]
    given += [(f"/derived/{derived.id}/source", derived.source) for derived in ruleset.derived]
    for pointer, node in everything(ruleset):
        if isinstance(node, Leaf):
            given.append((f"{pointer}/source", node.source))
            given.append((f"{pointer}/applies/source", node.applies.source if node.applies else None))
            given.append((f"{pointer}/undefined/source", node.undefined.source if node.undefined else None))
    given += [(f"/signals/{signal.id}/source", signal.source) for signal in ruleset.signals]
    given += [(f"/rules/{index}/source", rule.source) for index, rule in enumerate(ruleset.rules)]
    given += [(f"/constraints/{constraint.id}/source", constraint.source) for constraint in ruleset.constraints]
    given += [(f"/checks/{check.id}/source", check.source) for check in ruleset.checks]
    if (quarters := ruleset.monitoring) is not None:
        given += [(f"/monitoring/signals/{signal.id}/source", signal.source) for signal in quarters.signals]
        given += [(f"/monitoring/rules/{index}/source", rule.source) for index, rule in enumerate(quarters.rules)]
    yield from ((pointer, source) for pointer, source in given if source is not None)


def source_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Reconstructed rules of a ruleset called official, and criteria called stated that rest on reconstructed formulas."""
    if ruleset.status == "official":
        for pointer, source in all_sources(ruleset):
            if source.status == "reconstructed":
                yield (
                    pointer,
                    Problem(
                        "official-but-reconstructed",
                        Text(
                            "标明 official 的评分办法含有推定的规则",
                            "a ruleset called official holds a reconstructed rule",
                        ),
                        Text(
                            "请把 status 改为 reconstructed，或引用通知原文",
                            "set its status to reconstructed, or cite the notice",
                        ),
                    ),
                )
    yield from _stated_on_reconstructed(ruleset)


def _stated_on_reconstructed(ruleset: Ruleset) -> Iterator[Found]:
    assumed = _assumed(ruleset)
    expressions = analyse(ruleset).expressions
    for pointer, node in everything(ruleset):
        if not isinstance(node, Leaf) or node.source.status != "stated":
            continue
        read = {name[0] for site in sites_of_leaf(node, pointer) for name in expressions[site.pointer].names}
        for name in sorted(read & assumed.keys()):
            label = assumed[name]
            yield (
                f"{pointer}/source",
                Problem(
                    "stated-on-reconstructed",
                    Text(
                        f"标准写明见于原文，而所用的“{label.zh}”的算法为推定",
                        f"the criterion is called stated, but {label.say('en')!r}, which it reads, is reconstructed",
                    ),
                    Text(
                        "原文写明全部内容（分值、界限、算法）的才是 stated；请改为 reconstructed 并写明哪些是推定",
                        "stated is what the notice states whole: points, bounds, method; make it reconstructed, and say what is assumed",
                    ),
                ),
            )


def _assumed(ruleset: Ruleset) -> dict[str, Text]:
    """Labels of the derived values that are reconstructed, or read one that is."""
    expressions = analyse(ruleset).expressions
    reads = {each.id: {name[0] for name in expressions[f"/derived/{each.id}/value"].names} for each in ruleset.derived}
    found = {each.id for each in ruleset.derived if each.source is not None and each.source.status == "reconstructed"}
    while more := {id for id, names in reads.items() if id not in found and names & found}:
        found |= more
    return {each.id: each.label for each in ruleset.derived if each.id in found}
