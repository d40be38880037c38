"""Where a single value stands in the facts: ``added_mid_year``, ``projects[2].outturn``. Items count from 1, as in FEEL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import FactsError, Problem, Text, did_you_mean
from jmrules.ruleset import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jmrules.ruleset import FactDeclaration, Ruleset

_PART = re.compile(r"([^\W\d]\w*)(?:\[([0-9]{1,6})\])?")


@frozen
class FactPath:
    """The steps to a value: the name of a fact, then index (from 0) and field for each list on the way."""

    steps: tuple[str | int, ...]

    @property
    def fact(self) -> str:
        """The name of the fact."""
        return str(self.steps[0])

    def within(self, other: FactPath) -> bool:
        """Whether it is ``other`` or a part of it; a path without indexes stands for the field in every item."""
        if self.steps[: len(other.steps)] == other.steps:
            return True
        names = tuple(step for step in self.steps if isinstance(step, str))
        return names[: len(other.steps)] == other.steps

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        return text


def parse_path(text: str) -> FactPath:
    """The path that a text writes; raises FactsError where it writes none."""
    steps: list[str | int] = []
    for part in text.strip().split("."):
        found = _PART.fullmatch(part)
        if found is None or found[2] == "0":
            raise FactsError(
                Problem(
                    "bad-path",
                    Text(f"“{text}”不是事实的位置", f"{text!r} is not the place of a fact"),
                    Text(
                        "写成 added_mid_year 或 projects[2].outturn，项从 1 数起",
                        "write added_mid_year or projects[2].outturn; items count from 1",
                    ),
                )
            )
        steps.append(found[1])
        if found[2] is not None:
            steps.append(int(found[2]) - 1)
    return FactPath(tuple(steps))


def declaration_of(ruleset: Ruleset, path: FactPath) -> FactDeclaration:
    """What the ruleset declares at a path, indexes aside; raises FactsError where it declares nothing."""
    declared: Sequence[FactDeclaration] = ruleset.facts
    found: FactDeclaration | None = None
    for step in path.steps:
        if isinstance(step, int):
            continue
        found = next((each for each in declared if each.id == step), None)
        if found is None:
            raise FactsError(_unknown(path, step, [each.id for each in declared], identifiers(ruleset)))
        declared = found.item
    assert found is not None
    return found


def check_indexes(ruleset: Ruleset, path: FactPath) -> None:
    """Raise FactsError unless the path says which item of each list on its way it means, and of nothing else."""
    for end, step in enumerate(path.steps, 1):
        if isinstance(step, int):
            continue
        is_list = declaration_of(ruleset, FactPath(path.steps[:end])).type == "list"
        following = path.steps[end : end + 2]
        if following and (is_list is not isinstance(following[0], int) or (is_list and len(following) == 1)):
            raise FactsError(_no_field(path))


def _unknown(path: FactPath, name: str, known: Iterable[str], labels: Mapping[str, tuple[str, ...]]) -> Problem:
    where = "" if path.fact == name else f"（{path}）"
    return Problem(
        "unknown-fact",
        Text(
            f"评分办法没有声明“{name}”{where}",
            f"the ruleset declares no {name!r}" + (f" (in {path})" if where else ""),
        ),
        did_you_mean(name, known, Text("可用的名称：" + "、".join(known), "known: " + ", ".join(known)), labels),
    )


def value_at(ruleset: Ruleset, values: Sequence[Any], path: FactPath) -> Any:
    """The value at a path in bound facts; raises FactsError where there is no such place."""
    declaration_of(ruleset, path)
    now: Any = {fact.id: value for fact, value in zip(ruleset.facts, values, strict=True)}
    for step in path.steps:
        if isinstance(step, int):
            if not isinstance(now, list) or step >= len(now):
                raise FactsError(no_item(path, len(now) if isinstance(now, list) else 0))
            now = now[step]
        elif isinstance(now, dict):
            now = now[step]
        else:
            raise FactsError(_no_field(path))
    if isinstance(now, dict):
        raise FactsError(_no_field(path))
    return now


def no_item(path: FactPath, count: int) -> Problem:
    """The problem of an item that is not there."""
    return Problem(
        "no-such-item",
        Text(f"没有 {path} 这一项：列表有 {count} 项", f"there is no {path}: the list has {count} items"),
        Text("项从 1 数起；增减项请改整个列表", "items count from 1; to add or remove items, set the whole list"),
    )


def _no_field(path: FactPath) -> Problem:
    return Problem(
        "bad-path",
        Text(f"{path} 没有写明列表的哪一项、哪个字段", f"{path} does not say which field of which item of a list"),
        Text("写成 projects[2].outturn", "write projects[2].outturn"),
    )


def called(declaration: FactDeclaration) -> dict[str, Text]:
    """What the strings are called that a value may be."""
    return {named.value: named.label for named in declaration.values}


def label_of(ruleset: Ruleset, path: FactPath) -> Text:
    """The labels on the way to a value, with the numbers of items."""
    zh = en = ""
    declared: Sequence[FactDeclaration] = ruleset.facts
    for step in path.steps:
        if isinstance(step, int):
            zh, en = f"{zh}第{step + 1}项", f"{en} {step + 1}"
            continue
        found = next(each for each in declared if each.id == step)
        zh = f"{zh}·{found.label.zh}" if zh else found.label.zh
        en = f"{en}: {found.label.say('en')}" if en else found.label.say("en")
        declared = found.item
    return Text(zh, en)


def replaced(now: Any, steps: Sequence[str | int], value: Any) -> Any:
    """Bound facts (a mapping, or a part of one) with the value at the end of the steps replaced."""
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        return [*now[:first], replaced(now[first], rest, value), *now[first + 1 :]]
    return {**now, first: replaced(now[first], rest, value)}


def bound_with(ruleset: Ruleset, values: Sequence[Any], changes: Mapping[FactPath, Any]) -> list[Any]:
    """Bound facts after changes."""
    now: Any = {fact.id: value for fact, value in zip(ruleset.facts, values, strict=True)}
    for path, value in changes.items():
        now = replaced(now, path.steps, value)
    return list(now.values())
