"""The checks that a ruleset declares, carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.crossfoot.judge import Verdict, judge_at_most, judge_equal, judge_ratio, judge_sum
from jmrules.crossfoot.places import sections_of
from jmrules.crossfoot.results import CheckResult, Side
from jmrules.errors import Text, Undefined
from jmrules.feel import string_of
from jmrules.ruleset.check_checks import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.crossfoot.printed import Figures, Measured
    from jmrules.feel import Compiled
    from jmrules.ruleset.checks import CrossCheck

_STATED = Text("所列数", "the figure stated")
_COMPUTED = Text("按数据计算", "what the figures come to")
#: the members that a kind compares: the figure as stated first
_SIDES = {
    "sum": ("total", "parts"),
    "ratio": ("stated", "part"),
    "equal": ("stated", "figures"),
    "at_most": ("part", "whole"),
}
NO_FIGURES = Text("所需数据未给出或不能确定", "the figures it needs are not given, or not known")


def declared_checks(figures: Figures) -> Iterator[CheckResult]:
    """The results of a ruleset's checks; of one over a list, one for each item. Those on years come with the statements."""
    for check in figures.ruleset.checks:
        if check.kind != "year":
            run = _Run(figures, check)
            for number in run.items():
                result = run.result(number)
                if result is not None:
                    yield result


class _Run:
    """One check on one department."""

    def __init__(self, figures: Figures, check: CrossCheck) -> None:
        self.figures, self.check = figures, check
        texts = check_texts(figures.ruleset).expressions
        self.compiled = {step: texts[f"/checks/{check.id}/{step}"] for step, _ in check.expressions()}
        self.condition = texts[f"/checks/{check.id}/when"] if check.when is not None else None

    def items(self) -> Iterator[int | None]:
        """Numbers of the items it is about; None where it is about the department."""
        each = self.check.each
        if each is None:
            yield None
            return
        yield from range(len(self.figures.values.get(each.of) or ()))

    def result(self, number: int | None) -> CheckResult | None:
        """What comes of it; None where it does not apply."""
        check = self.check
        item: Mapping[str, Any] = {}
        if check.each is not None and number is not None:
            item = {check.each.name: self.figures.values[check.each.of][number]}
        if self.condition is not None and not self._holds(self.condition, item):
            return None
        verdict, measured = self._verdict(number)
        name = None
        if check.each is not None and number is not None:
            by = item[check.each.name].get(check.each.by) if check.each.by else None
            name = string_of(by) if by is not None else str(number + 1)
        reads = self._reads(self.compiled.values())
        if verdict is None or verdict.status == "not-checked":
            return CheckResult(check.id, check.kind, check.label, "not-checked", reads, item=name, reason=NO_FIGURES)
        first, second = _SIDES[check.kind]
        return CheckResult(
            check.id,
            check.kind,
            check.label,
            verdict.status,
            reads,
            stated=self._side(first, _STATED, number, measured[first].value),
            computed=self._side(second, _COMPUTED, number, verdict.computed),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
            item=name,
        )

    def _holds(self, condition: Compiled, item: Mapping[str, Any]) -> bool:
        try:
            return self.figures.exact(condition, item) is True
        except Undefined:
            return False

    def _verdict(self, number: int | None) -> tuple[Verdict | None, dict[str, Measured]]:
        check = self.check
        each = None if check.each is None or number is None else (check.each.name, check.each.of, number)
        found: dict[str, Measured] = {}
        for step, compiled in self.compiled.items():
            measured = self.figures.measure(compiled, each)
            if measured is None:
                return None, {}
            found[step] = measured
        match check.kind:
            case "sum":
                parts = tuple(found[f"parts/{index}"] for index in range(len(check.parts)))
                return judge_sum(found["total"], parts, exhaustive=check.exhaustive), found
            case "ratio":
                return judge_ratio(found["stated"], found["part"], found["whole"]), found
            case "equal":
                return judge_equal(found["stated"], found["figures"]), found
            case _:
                return judge_at_most(found["part"], found["whole"]), found

    def _reads(self, compiled: Any) -> tuple[str, ...]:
        each = None if self.check.each is None else (self.check.each.name, self.check.each.of)
        names = dict.fromkeys(name for one in compiled for name in self.figures.reads(one, each))
        return tuple(names)

    def _side(self, step: str, otherwise: Text, number: int | None, value: Any) -> Side:
        texts = [compiled for name, compiled in self.compiled.items() if name.partition("/")[0] == step]
        if self.check.kind == "ratio" and step == "part":
            texts.append(self.compiled["whole"])
        label, unit = self._named(texts[0]) if len(texts) == 1 else (None, None)
        reads = self._reads(texts)
        item = {} if self.check.each is None else {self.check.each.of: number}
        sections = dict.fromkeys(
            section for name in reads for section in sections_of(self.figures.given.get(name), item.get(name))
        )
        return Side(label or otherwise, value, unit or self._unit(), tuple(sections))

    def _named(self, compiled: Compiled) -> tuple[Text | None, str | None]:
        """Label and unit of an expression that is a name, or a field of the item looked at."""
        text, each = compiled.text.strip(), self.check.each
        if text in self.figures.declarations:
            declaration = self.figures.declarations[text]
            return declaration.label, declaration.unit
        for derived in self.figures.ruleset.derived:
            if derived.id == text:
                return derived.label, derived.unit
        head, _, member = text.partition(".")
        if each is not None and head == each.name and each.of in self.figures.declarations:
            for part in self.figures.declarations[each.of].item:
                if part.id == member:
                    return part.label, part.unit
        return None, None

    def _unit(self) -> str | None:
        """The unit of what is compared, where one of the expressions tells it."""
        first, second = _SIDES[self.check.kind]
        steps = ("stated",) if self.check.kind == "ratio" else (first, second)
        texts = [compiled for name, compiled in self.compiled.items() if name.partition("/")[0] in steps]
        units = [self._named(compiled)[1] for compiled in texts]
        named = next((unit for unit in units if unit is not None), None)
        if named is not None or self.check.kind == "ratio":
            return named
        reads = [self.figures.declarations[name].unit for name in self._reads(texts)]
        return next((unit for unit in reads if unit is not None), None)
