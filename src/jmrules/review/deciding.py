"""Decide by the command: a reviewers' file made, or added to, by one decision or by a signature; written only where it can be applied."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import document_of, pretty
from jmrules.errors import JmrulesError, Problem, Text, did_you_mean
from jmrules.facts import Field, fields_of
from jmrules.facts.forms.cells import CellError, value_of
from jmrules.frozen import thawed
from jmrules.review.adjudicate import adjudicate, not_settled
from jmrules.review.adjudication import STAGES, AdjudicationError, StageName, adjudication_of
from jmrules.review.state import review_file
from jmrules.ruleset import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.facts import Facts
    from jmrules.review.adjudicated import Adjudicated
    from jmrules.review.adjudication import Adjudication
    from jmrules.ruleset import FactDeclaration, Ruleset

_SET = re.compile(r"\s*([^=/\s]+)((?:/\d+/[a-z][a-z0-9_]*)*)\s*=\s*(.*?)\s*", re.DOTALL)


@frozen
class Deciding:
    """What a reviewer says once, for one department or for many."""

    #: NAME=VALUE: an indicator, or a fact, by id or label, or a field of a list's item: projects/0/outturn=12
    sets: tuple[str, ...]
    by: str
    #: ISO date
    date: str
    why: str | None = None
    #: DOCUMENT:SECTION, where the facts list such a document; else a note
    evidence: tuple[str, ...] = ()
    stage: StageName = "finance"
    #: sign the stage off, with what it comes to
    sign: bool = False


def decided(ruleset: Ruleset, facts: Facts, before: Adjudication | None, deciding: Deciding) -> tuple[Adjudicated, str]:
    """What the department's review comes to with the decision, and the text of the reviewers' file that says so.

    The file is that which stood there, with the changes in the order of their stages; what the same stage said of the same thing
    is replaced. It names the digest of the facts, so that facts which change afterwards are noticed.

    Raises:
        JmrulesError: it names what there is not, or cannot be applied.
    """
    document = _begun(ruleset, facts) if before is None else thawed(before.source.value)
    _not_other_facts(document, facts)
    document["facts"] = {"digest": facts.digest}
    for each in deciding.sets:
        document["changes"] = _with(document["changes"], _change(ruleset, facts, each, deciding))
    found = adjudicate(ruleset, facts, adjudication_of(document_of(document)))
    if deciding.sign:
        document["stages"] = _signed(document.get("stages", []), found, deciding)
        found = adjudicate(ruleset, facts, adjudication_of(document_of(document)))
    return found, pretty(document) + "\n"


def _begun(ruleset: Ruleset, facts: Facts) -> dict[str, Any]:
    return {
        "ruleset": facts.ruleset, "fiscal_year": facts.fiscal_year, "subject": {"name": facts.subject.name}, "changes": [],
    }  # fmt: skip


def _not_other_facts(document: dict[str, Any], facts: Facts) -> None:
    """Refuse to add to a review of facts that have changed since."""
    digest = document.get("facts", {}).get("digest")
    if digest is not None and digest != facts.digest and document["changes"]:
        file = None if facts.source.file is None else str(review_file(facts.source.file))
        raise AdjudicationError(
            Problem(
                "facts-changed",
                Text("事实文件在复核之后改过", "the facts were changed after they were reviewed"),
                Text(
                    f"请先核对 {file} 中的决定是否仍然适用，再删去其中的摘要",
                    f"see whether the decisions in {file} still hold, then take its digest out",
                ),
                facts.source.place(""),
            )
        )


def _change(ruleset: Ruleset, facts: Facts, said: str, deciding: Deciding) -> dict[str, Any]:
    """One change as the reviewers' file states it."""
    parted = _SET.fullmatch(said)
    if parted is None:
        raise _wrong(
            "bad-set",
            f"“{said}”不是“名称=值”",
            f"{said!r} is not NAME=VALUE",
            ("如 output_completion=12", "such as output_completion=12"),
        )
    if not deciding.why or not deciding.evidence:
        raise _wrong("no-ground", "没有写明理由和依据", "it is not said why, and on what evidence",
                     ("请加 --why 和 --evidence", "add --why and --evidence"))  # fmt: skip
    name, at, value = parted.groups()
    common = {
        "stage": deciding.stage, "by": deciding.by, "date": deciding.date, "why": deciding.why,
        "evidence": [_evidence(facts, each) for each in deciding.evidence],
    }  # fmt: skip
    indicators = {node.id: node.label for _, node in walk(ruleset.indicators)}
    declared = {fact.id: fact for fact in ruleset.facts}
    id = _meant(name, indicators | {fact.id: fact.label for fact in ruleset.facts})
    if id in indicators and not at:
        return {"indicator": id, "awarded": _number(value, said), **common}
    if id not in declared:
        raise _wrong(
            "bad-set",
            f"“{name}”是指标，没有下级字段",
            f"{name!r} is an indicator, and has no fields",
            ("只写指标名称", "name the indicator alone"),
        )
    declaration = declared[id]
    for step in at.strip("/").split("/")[1::2] if at else ():
        found = next((part for part in declaration.item if part.id == step), None)
        if found is None:
            known = [part.id for part in declaration.item]
            raise JmrulesError(Problem("no-such-field", Text(f"“{declaration.id}”的项没有“{step}”", f"items of {declaration.id} have no {step!r}"),
                               did_you_mean(step, known, Text(f"现有：{'、'.join(known)}", f"there are: {', '.join(known)}"))))  # fmt: skip
        declaration = found
    return {"fact": id, **({"at": at} if at else {}), **_value(declaration, value, said), **common}


def _meant(name: str, labels: dict[str, Text]) -> str:
    """The id of what is named by its id or by what it is called."""
    if name in labels:
        return name
    called = [id for id, label in labels.items() if name in (label.zh, label.say("en"))]
    if len(called) == 1:
        return called[0]
    if called:
        raise _wrong(
            "which",
            f"有几处都叫“{name}”",
            f"several are called {name!r}",
            (f"请写编号：{'、'.join(called)}", f"write the id: {', '.join(called)}"),
        )
    raise JmrulesError(Problem("no-such-target", Text(f"没有指标或数据“{name}”", f"there is no indicator or fact {name!r}"),
                       did_you_mean(name, [*labels, *(label.zh for label in labels.values())], Text("请核对名称", "check the name"))))  # fmt: skip


def _number(text: str, said: str) -> Decimal:
    try:
        value = value_of(text, Field("number", ("分", "points"), "point"))["value"]
    except (CellError, KeyError):
        raise _wrong(
            "not-a-number",
            f"“{said}”中的得分不是数",
            f"the award in {said!r} is no number",
            ("如 output_completion=12", "such as output_completion=12"),
        ) from None
    assert isinstance(value, Decimal)
    return value


def _value(declaration: FactDeclaration, text: str, said: str) -> dict[str, Any]:
    """What the value of a fact says, as a cell of a workbook would: 12, 98%, 是, 2024-06-30."""
    if declaration.type == "list":
        raise _wrong("is-a-list", f"“{declaration.id}”是列表", f"{declaration.id!r} is a list",
                     (f"写某一项的字段，如 {declaration.id}/0/{declaration.item[0].id}=…", f"name a field of an item: {declaration.id}/0/{declaration.item[0].id}=…"))  # fmt: skip
    try:
        found = value_of(text, fields_of((declaration,))[declaration.id])
    except CellError as error:
        raise JmrulesError(error.problem) from None
    if "value" not in found:
        raise _wrong(
            "not-decided",
            f"“{said}”没有定下一个值",
            f"{said!r} decides no value",
            ("复核决定要写一个确定的值", "a decision is a value"),
        )
    return found


def _evidence(facts: Facts, said: str) -> dict[str, str]:
    """A place in a document that the facts list, by its id or title; anything else is a note."""
    name, colon, section = said.replace("：", ":").partition(":")
    for document in facts.documents:
        if name.strip() in (document.id, document.title):
            return {"document": document.id, **({"section": section.strip()} if colon and section.strip() else {})}
    return {"note": said}


def _with(changes: Sequence[Any], change: dict[str, Any]) -> list[Any]:
    """The changes with another one, in the order of stages; the same stage has one change of a thing."""
    key = [change.get(name) for name in ("fact", "at", "indicator")]
    kept = [
        each
        for each in changes
        if [each.get(name) for name in ("fact", "at", "indicator")] != key
        or each.get("stage", "finance") != change["stage"]
    ]
    return sorted([*kept, change], key=lambda each: STAGES.index(each.get("stage", "finance")))


def _signed(stages: Sequence[Any], found: Adjudicated, deciding: Deciding) -> list[Any]:
    reviewed = found.reviewed
    if reviewed.total is None or reviewed.grade is None:
        raise AdjudicationError(not_settled(reviewed))
    stage = {
        "stage": deciding.stage,
        "by": deciding.by,
        "date": deciding.date,
        "total": reviewed.total,
        "grade": reviewed.grade.label.zh,
    }
    kept = [each for each in stages if each["stage"] != deciding.stage]
    return sorted([*kept, stage], key=lambda each: STAGES.index(each["stage"]))


def _wrong(code: str, zh: str, en: str, hint: tuple[str, str]) -> JmrulesError:
    return JmrulesError(Problem(code, Text(zh, en), Text(*hint)))
