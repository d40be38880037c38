"""Draft facts from a report: what its figures and words say of each fact, with the place and how sure; what it does not say is unknown."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.documents import pretty
from jmrules.facts import parse_facts
from jmrules.read.claims import claims_of, history_of
from jmrules.read.language import speech as speech_in
from jmrules.read.links import read_figures
from jmrules.read.lists import groups_of, items_of, mentions_of, rows_of
from jmrules.read.sources import read_paper
from jmrules.read.wording import Given, figures_of, place_of, said_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jmrules.facts import Facts
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.read.paper import Paper
    from jmrules.ruleset import FactDeclaration, Ruleset

Sureness = Literal["exact", "likely", "unclear"]
_UNKNOWN = {"unknown": True}
_SUBJECT = re.compile(
    r"(?:预算部门|部门名称|单位名称|填报单位|评价单位|项目单位|预算单位)(?:（[^）]*）)?\s*[:：]\s*([^\s，。；：、（(]{2,60})"
)


@frozen
class Draft:
    """Draft facts, and what of them wants a look."""

    #: a facts file in JSON's terms
    document: dict[str, Any] = field(repr=False)
    #: facts that the report says, by how sure they are
    sure: Mapping[str, Sureness]
    #: facts that it does not say
    unknown: tuple[str, ...]


def draft(
    paper: Paper, ruleset: Ruleset, *, path: Path | None = None, year: int | None = None, speech: Speech | None = None
) -> Draft:
    """Draft the facts that ``ruleset`` needs from a report.

    Args:
        paper: the report as read.
        ruleset: the notice; its ``reading`` says how reports word the facts.
        path: the report's file, for its checksum.
        year: the year reported on; that of the ruleset where it is not given.
    """
    speech = speech or speech_in()
    reading = read_figures(paper, speech)
    facts: dict[str, Any] = {}
    sure: dict[str, Sureness] = {}
    for declaration in ruleset.facts:
        given = _fact(reading, declaration, ruleset, speech, facts)
        if given is None:
            # An optional fact that the report does not give is left out, unless the ruleset says that it would have to.
            if not declaration.optional or "unsaid" in ruleset.reading.get(declaration.id, {}):
                facts[declaration.id] = dict(_UNKNOWN)
            continue
        facts[declaration.id] = given.value
        sure[declaration.id] = given.sure
    scored = year or ruleset.fiscal_year
    document: dict[str, Any] = {
        "ruleset": ruleset.id,
        "fiscal_year": scored,
        "subject": {"name": _subject(paper) or paper.name or "—"},
        "documents": {"report": _report(paper, path)},
        "facts": facts,
    }
    claims = claims_of(reading, ruleset, speech)
    if claims:
        document["claims"] = claims
    history = history_of(reading, speech, scored)
    if history:
        document["history"] = history
    unknown = tuple(each.id for each in ruleset.facts if facts.get(each.id, _UNKNOWN) == _UNKNOWN)
    return Draft(document, sure, unknown)


def _fact(
    reading: Reading, declaration: FactDeclaration, ruleset: Ruleset, speech: Speech, facts: dict[str, Any]
) -> Given | None:
    wording = ruleset.reading.get(declaration.id, {})
    if declaration.type == "list":
        if "rows" in wording:
            return rows_of(reading, declaration, wording, speech)
        if "groups" in wording:
            return groups_of(reading, declaration, wording)
        if "mentions" in wording:
            return mentions_of(reading, declaration, wording, facts, speech)
        if "items" in wording:
            return items_of(reading, declaration, wording) or told(reading, said_of(reading, wording), declaration)
        if "length" in wording:
            return _length(reading, wording)
        return told(reading, said_of(reading, wording), declaration)
    if declaration.type == "number":
        found = figures_of(reading, declaration, wording, speech)
        if found is not None:
            return found
    return told(reading, said_of(reading, wording), declaration)


def _length(reading: Reading, wording: Mapping[str, Any]) -> Given | None:
    found = [
        figure for figure in reading.figures
        if figure.unit == "count" and figure.label.endswith(tuple(wording["length"])) and figure.between is None
    ]  # fmt: skip
    if not found:
        return None
    figure = found[0]
    place = {"document": "report", "section": place_of(figure.spot, reading)}
    return Given({"length": int(figure.value), "basis": "figure", "evidence": [place], "sure": "likely"}, "likely")


def _subject(paper: Paper) -> str | None:
    for block in paper.blocks[:40]:
        found = _SUBJECT.search(block.text)
        if found is not None:
            return found[1]
        for row in block.rows[:10]:
            for name, value in pairwise(row):
                if _SUBJECT.match(f"{name.strip()}：{value.strip()}"):
                    return value.strip()
    return None


def _report(paper: Paper, path: Path | None) -> dict[str, Any]:
    title = next(
        (block.text for block in paper.blocks[:5] if "报告" in block.text and len(block.text) <= 100), paper.name
    )
    found: dict[str, Any] = {"title": title or "报告", "kind": "self_evaluation_report"}
    if path is not None:
        found |= {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return found


def drafted_facts(path: Path, ruleset: Ruleset) -> Facts:
    """The facts drafted from a report, as a facts file of theirs would be loaded; raises as reading it does."""
    return parse_facts(pretty(draft(read_paper(path), ruleset, path=path).document), str(path))
