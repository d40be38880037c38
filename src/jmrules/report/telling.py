"""What a score sheet says of an indicator in words: why points were lost, what it rests on, what is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.crossfoot import line
from jmrules.errors import Text
from jmrules.review import STANDING_WORDS
from jmrules.ruleset import reading_facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jmrules.errors import Language
    from jmrules.report.scored import Scored


def number(points: Decimal) -> str:
    """Points in plain digits, without trailing zeros."""
    return f"{points.normalize():f}"


def losses_of(scored: Scored, id: str, language: Language) -> Iterator[str]:
    """Why points are not awarded, or what they still depend on."""
    zh = language == "zh"
    if scored.evaluation is None and (open_ := scored.open_facts(id)):
        names = [each.label.say(language) for each in open_]
        yield f"取决于未知的：{'、'.join(names)}" if zh else f"depends on what is not known: {', '.join(names)}"
        return
    found = scored.traced.get(id)
    if found is None:
        return
    if found.outcome == "excluded":
        yield found.explanation.say(language)
    for loss in found.losses:
        reason = loss.reason.say(language)
        yield f"扣 {number(loss.points)} 分：{reason}" if zh else f"-{number(loss.points)}: {reason}"
    for move in found.moves:
        points, came = number(abs(move.points)), move.points > 0
        yield (
            f"{'转入' if came else '转出'} {points} 分：{move.label.zh}"
            if zh
            else f"{points} points {'from' if came else 'to'} {move.label.say('en')}"
        )


def evidence_of(scored: Scored, id: str, language: Language) -> Iterator[str]:
    """The documents and sections that an indicator's facts name, then the documents that are lacking."""
    zh = language == "zh"
    colon, comma = ("：", "、") if zh else (": ", ", ")
    titles = {document.id: document.title for document in scored.facts.documents}
    places: dict[str, dict[str, None]] = {}
    for name in reading_facts(scored.ruleset)[id]:
        for entry in cited(scored.facts.given.get(name)):
            if "document" in entry:
                places.setdefault(entry["document"], {}).update({entry["section"]: None} if "section" in entry else {})
    for document, sections in places.items():
        said = comma.join(sections)
        yield f"{titles.get(document, document)}{colon}{said}" if said else titles.get(document, document)
    for each in scored.evidence.required:
        if each.indicator == id and each.status in ("missing", "out of date"):
            what = Text("缺", "missing") if each.status == "missing" else Text("日期不符", "out of date")
            yield f"{what.say(language)}{colon}{each.kind_label.say(language)}"


def cited(given: Any) -> Iterator[dict[str, str]]:
    """Every place that a fact, or a part of one, names."""
    if isinstance(given, dict):
        yield from given.get("evidence", ())
        for name, part in given.items():
            if name not in ("evidence", "statements") and isinstance(part, dict | list | tuple):
                yield from cited(part)
    elif isinstance(given, list | tuple):
        for part in given:
            yield from cited(part)


def doubts_of(scored: Scored, id: str, language: Language) -> Iterator[str]:
    """How the claim stands, and which figures cast doubt on the award."""
    node = next(each for each in scored.review.indicators if each.id == id)
    for standing in node.standings:
        if standing not in ("consistent", "not-claimed"):
            yield STANDING_WORDS[standing].say(language)
    if node.on_assertion:
        points = number(node.on_assertion)
        yield f"{points} 分仅有文字说明" if language == "zh" else f"{points} points on assertion alone"
    for matter in scored.review.matters:
        if matter.id in node.contradicted_by and matter.status not in ("agrees", "rounding"):
            yield line(matter).say(language)
