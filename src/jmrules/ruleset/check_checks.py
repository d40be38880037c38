"""What must hold of a ruleset's identities between figures beyond the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, Text, did_you_mean
from jmrules.feel import types
from jmrules.memo import kept
from jmrules.ruleset.check_rules import each_problems
from jmrules.ruleset.compiling import compiled as compile_once
from jmrules.ruleset.expressions import SCORES, analyse
from jmrules.ruleset.rule_texts import Body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.feel import Compiled
    from jmrules.feel.types import Type
    from jmrules.ruleset.checks import CrossCheck
    from jmrules.ruleset.model import Ruleset

Found = tuple[str, Problem]


@frozen(eq=False)
class CheckTexts:
    """The compiled expressions of a ruleset's checks."""

    #: by JSON pointer
    expressions: Mapping[str, Compiled]
    #: pointer -> problem, whose place is inside the expression
    problems: tuple[Found, ...]


@kept
def readable(ruleset: Ruleset) -> Body:
    """What checks may read: facts, and the derived values that read no scores."""
    analysis = analyse(ruleset)
    names = {fact.id for fact in ruleset.facts} | set(analysis.first)
    return Body("", (), (), {name: kind for name, kind in analysis.types.items() if name in names}, False)


@kept
def check_texts(ruleset: Ruleset) -> CheckTexts:
    """Compile every expression of the checks, and collect what is wrong with them."""
    body = readable(ruleset)
    expressions: dict[str, Compiled] = {}
    problems: list[Found] = []
    for check in ruleset.checks:
        scope = body.scope(check.each)
        texts = [(step, text, types.NUMBER) for step, text in check.expressions()]
        if check.when is not None:
            texts.append(("when", check.when, types.BOOLEAN))
        for step, text, wanted in texts:
            pointer = f"/checks/{check.id}/{step}"
            compiled = expressions[pointer] = compile_once(text, scope)
            problems += [(pointer, problem) for problem in compiled.problems]
            if not compiled.problems and not types.may_conform(compiled.type, wanted):
                problems.append((pointer, _wrong_type(compiled.type, wanted)))
    return CheckTexts(expressions, tuple(problems))


def _wrong_type(kind: Type, wanted: Type) -> Problem:
    zh, en = ("一个数", "a number") if wanted is types.NUMBER else ("是或否（true / false）", "true or false")
    return Problem(
        "wrong-type",
        Text(f"此表达式得出的是 {kind}，应为{zh}", f"this expression yields {kind}; it must yield {en}"),
        Text("请改写表达式", "rewrite the expression"),
    )


def check_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Every problem of the checks; those of their expressions apart."""
    body = readable(ruleset)
    facts = [fact.id for fact in ruleset.facts]
    numbers = [fact.id for fact in ruleset.facts if fact.type == "number"]
    for check in ruleset.checks:
        pointer = f"/checks/{check.id}"
        if check.each is not None:
            yield from each_problems(body, check.each, f"{pointer}/each")
        for index, name in enumerate(check.facts):
            if name not in facts:
                yield (
                    f"{pointer}/facts/{index}",
                    Problem(
                        "unknown-fact",
                        Text(f"没有声明事实“{name}”", f"no fact {name!r} is declared"),
                        did_you_mean(name, facts, Text("请写 facts 中的名称", "name one of facts")),
                    ),
                )
        if check.instead is not None and check.instead not in numbers:
            yield (
                f"{pointer}/instead",
                Problem(
                    "unknown-fact",
                    Text(
                        f"没有声明数值事实“{check.instead}”", f"no number {check.instead!r} is declared among the facts"
                    ),
                    did_you_mean(check.instead, numbers, Text("请写 facts 中一个数的名称", "name a number of facts")),
                ),
            )
        yield from _with_itself(check, pointer)
        for step, text in [*check.expressions(), *([("when", check.when)] if check.when else [])]:
            names = check_texts(ruleset).expressions[f"{pointer}/{step}"].names
            if any(name[0] == SCORES for name in names):
                yield (
                    f"{pointer}/{step}",
                    Problem(
                        "check-reads-scores",
                        Text(f"勾稽关系不能读取得分：{text}", f"a check may not read scores: {text}"),
                        Text("请只用事实和不含得分的派生值", "use facts, and derived values that read no scores"),
                    ),
                )


def _with_itself(check: CrossCheck, pointer: str) -> Iterator[Found]:
    """A figure held against itself always agrees, and says nothing."""
    pairs = [
        ("figures", check.stated, check.figures), ("whole", check.part, check.whole),
        *((f"parts/{index}", check.total, part) for index, part in enumerate(check.parts) if len(check.parts) == 1),
        *((f"items/{index}/whole", item.part, item.whole) for index, item in enumerate(check.items)),
    ]  # fmt: skip
    for step, one, other in pairs:
        if one is not None and other is not None and one.strip() == other.strip():
            yield (
                f"{pointer}/{step}",
                Problem(
                    "held-against-itself",
                    Text(f"这里把“{one}”与它自己核对", f"{one} is held against itself here"),
                    Text("请写与之核对的另一个数", "name the other figure that it must agree with"),
                ),
            )
