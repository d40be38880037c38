"""A reviewers' file (复核决定) as data: what they change, why, and which stages signed it off."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen
from cattrs import Converter

from jmrules.documents import check as check_schema
from jmrules.documents import document_of, parse, read
from jmrules.errors import JmrulesError, Problem, Text, did_you_mean
from jmrules.facts import Basis, Evidence
from jmrules.ruleset import Leaf, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.documents import Document
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

StageName = Literal["self_evaluation", "department", "finance", "reply", "final"]
#: in the order in which they follow each other
STAGES: tuple[StageName, ...] = ("self_evaluation", "department", "finance", "reply", "final")


class AdjudicationError(JmrulesError):
    """A reviewers' file that cannot be applied to the facts it is meant for."""


@frozen
class Change:
    """One decision: a fact, or an indicator's award, is otherwise than the department has it."""

    by: str
    #: ISO date
    date: str
    why: str
    evidence: tuple[Evidence, ...]
    stage: StageName = "finance"
    fact: str | None = None
    #: of a list, as a JSON pointer into its items
    at: str | None = None
    value: Any = None
    unit: str | None = None
    basis: Basis = "verified"
    indicator: str | None = None
    awarded: Decimal | None = None

    @property
    def target(self) -> str:
        """What it changes: a fact, a field of a list's item, or an indicator."""
        return self.indicator or f"{self.fact}{self.at or ''}"


@frozen
class Stage:
    """A stage that signed off."""

    stage: StageName
    by: str
    date: str
    total: Decimal | None = None
    grade: str | None = None
    note: str | None = None


@frozen(eq=False)
class Adjudication:
    """A reviewers' file."""

    ruleset: str
    fiscal_year: int
    subject: str
    changes: tuple[Change, ...]
    stages: tuple[Stage, ...]
    #: of the facts it was written for, if it says so
    digest: str | None
    source: Document = field(repr=False)


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    return converter


def load_adjudication(source: str | Path | Mapping[str, Any]) -> Adjudication:
    """The reviewers' file at a path, or given as a mapping.

    Raises:
        DocumentError: the file cannot be read as JSON.
        AdjudicationError: it is no adjudication document; every problem, each with its place.
    """
    return adjudication_of(read(source) if isinstance(source, str | Path) else document_of(source))


def parse_adjudication(text: str, file: str | None = None) -> Adjudication:
    """The reviewers' file of a JSON text; raises as :func:`load_adjudication`."""
    return adjudication_of(parse(text, file))


def adjudication_of(document: Document) -> Adjudication:
    """The adjudication that a document states; raises as :func:`load_adjudication`."""
    problems = check_schema(document, "adjudication")
    if problems:
        raise AdjudicationError(problems)
    value = document.value
    structure = _converter().structure
    return Adjudication(
        ruleset=value["ruleset"],
        fiscal_year=value["fiscal_year"],
        subject=value["subject"]["name"],
        changes=structure(value["changes"], tuple[Change, ...]),
        stages=structure(value.get("stages", ()), tuple[Stage, ...]),
        digest=value.get("facts", {}).get("digest"),
        source=document,
    )


def misfits(adjudication: Adjudication, ruleset: Ruleset, facts: Facts) -> list[Problem]:
    """Everything in a reviewers' file that does not fit the facts and the ruleset, before anything is computed."""
    found = [
        *_head(adjudication, facts),
        *_targets(adjudication, ruleset),
        *_stages(adjudication),
        *_documents(adjudication, facts),
    ]
    place = adjudication.source.place
    return [problem.at(place(pointer)) for pointer, problem in found]


Found = tuple[str, Problem]


def _head(adjudication: Adjudication, facts: Facts) -> Iterator[Found]:
    pairs = (
        ("/ruleset", adjudication.ruleset.partition("@")[0], facts.ruleset.partition("@")[0], "评分办法", "ruleset"),
        ("/fiscal_year", str(adjudication.fiscal_year), str(facts.fiscal_year), "年度", "fiscal year"),
        ("/subject/name", adjudication.subject, facts.subject.name, "部门", "department"),
    )
    for pointer, ours, theirs, zh, en in pairs:
        if ours != theirs:
            yield (
                pointer,
                Problem(
                    "other-facts",
                    Text(
                        f"复核的{zh}是“{ours}”，事实文件的是“{theirs}”",
                        f"this reviews the {en} {ours}, the facts are for {theirs}",
                    ),
                    Text("请核对两份文件是否对应", "check that the two files belong together"),
                ),
            )
    if adjudication.digest is not None and adjudication.digest != facts.digest:
        yield (
            "/facts/digest",
            Problem(
                "facts-changed",
                Text("事实文件的摘要与复核时不同", "the facts are not those that were reviewed: another digest"),
                Text(
                    f"现为 {facts.digest}；请重新复核后更新摘要",
                    f"it is now {facts.digest}; review again, then put it here",
                ),
            ),
        )


def _targets(adjudication: Adjudication, ruleset: Ruleset) -> Iterator[Found]:
    nodes = {node.id: node for _, node in walk(ruleset.indicators)}
    facts = [fact.id for fact in ruleset.facts]
    seen: set[tuple[str, str]] = set()
    for index, change in enumerate(adjudication.changes):
        pointer = f"/changes/{index}"
        if change.fact is not None and change.fact not in facts:
            yield f"{pointer}/fact", _no_such("事实", "fact", change.fact, facts)
        if change.indicator is not None and change.indicator not in nodes:
            yield f"{pointer}/indicator", _no_such("指标", "indicator", change.indicator, list(nodes))
        elif change.indicator is not None and not isinstance(nodes[change.indicator], Leaf):
            yield (
                f"{pointer}/indicator",
                Problem(
                    "not-a-leaf",
                    Text(
                        f"“{change.indicator}”是下级之和，不能直接改分",
                        f"{change.indicator!r} is the sum of others: it cannot be set",
                    ),
                    Text("请改其下级指标", "change the indicators below it"),
                ),
            )
        elif change.awarded is not None and change.awarded != round(change.awarded, ruleset.rounding.leaf):
            yield (
                f"{pointer}/awarded",
                Problem(
                    "too-many-decimals",
                    Text(
                        f"得分至多 {ruleset.rounding.leaf} 位小数",
                        f"an award has at most {ruleset.rounding.leaf} decimals",
                    ),
                    Text("请按评分办法取整", "round it as the ruleset says"),
                ),
            )
        key = (change.stage, change.target)
        if key in seen:
            yield (
                pointer,
                Problem(
                    "changed-twice",
                    Text(f"同一阶段已改过“{change.target}”", f"this stage already changed {change.target}"),
                    Text("请合并为一项", "say both in one change"),
                ),
            )
        seen.add(key)
        before = adjudication.changes[index - 1] if index else change
        if STAGES.index(change.stage) < STAGES.index(before.stage):
            yield f"{pointer}/stage", _out_of_order("改动", "changes")
        signed = next((stage for stage in adjudication.stages if stage.stage == change.stage), None)
        if signed is not None and change.date > signed.date:
            yield (
                f"{pointer}/date",
                Problem(
                    "after-sign-off",
                    Text(
                        f"改动日期 {change.date} 晚于该阶段签署日期 {signed.date}",
                        f"decided on {change.date}, after its stage was signed off on {signed.date}",
                    ),
                    Text("请核对日期，或归入后一阶段", "check the dates, or put it into a later stage"),
                ),
            )


def _no_such(zh: str, en: str, name: str, known: list[str]) -> Problem:
    return Problem(
        f"no-such-{en}",
        Text(f"评分办法中没有{zh}“{name}”", f"the ruleset has no {en} {name!r}"),
        did_you_mean(name, known, Text("请核对名称", "check the name")),
    )


def _out_of_order(zh: str, en: str) -> Problem:
    return Problem(
        "out-of-order",
        Text(f"{zh}没有按阶段先后排列", f"the {en} do not follow the order of the stages"),
        Text("先后为自评、主管部门、财政部门、答复、最终", f"the order is {', '.join(STAGES)}"),
    )


def _stages(adjudication: Adjudication) -> Iterator[Found]:
    for index, stage in enumerate(adjudication.stages):
        if index == 0:
            continue
        before = adjudication.stages[index - 1]
        if STAGES.index(stage.stage) <= STAGES.index(before.stage):
            yield f"/stages/{index}/stage", _out_of_order("阶段", "stages")
        if stage.date < before.date:
            yield (
                f"/stages/{index}/date",
                Problem(
                    "out-of-order",
                    Text(
                        f"签署日期 {stage.date} 早于上一阶段的 {before.date}",
                        f"signed on {stage.date}, before the stage before it on {before.date}",
                    ),
                    Text("请改正日期", "correct the dates"),
                ),
            )


def _documents(adjudication: Adjudication, facts: Facts) -> Iterator[Found]:
    own = adjudication.source.value.get("documents", {})
    theirs = facts.source.value.get("documents", {})
    for name, document in own.items():
        if name in theirs and theirs[name] != document:
            yield (
                f"/documents/{name}",
                Problem(
                    "document-taken",
                    Text(
                        f"部门的文件中已有另一份“{name}”", f"the department already lists another document as {name!r}"
                    ),
                    Text("请换一个编号", "choose another id"),
                ),
            )
    known = [*own, *theirs]
    for index, change in enumerate(adjudication.changes):
        for number, evidence in enumerate(change.evidence):
            if evidence.document is not None and evidence.document not in known:
                yield (
                    f"/changes/{index}/evidence/{number}/document",
                    _no_such("文件", "document", evidence.document, known),
                )
