"""Points that a report claims: against the points there are, their sums, the rates printed beside them, and the grade."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.crossfoot import Matter, Range, Side, compare, judge_ratio
from jmrules.errors import Text
from jmrules.read.sides import percentage, range_of, side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.read.figures import Figure, Sentence
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading

_CLAIMED, _SUM = Text("自评得分", "points claimed"), Text("各项之和", "sum of the items")


@frozen
class Claim:
    """The points of one sentence: those of its items, all of them, and those claimed."""

    section: str
    subject: str
    items: tuple[Figure, ...]
    full: Figure | None
    claimed: Figure | None
    rate: Figure | None


def claims_in(reading: Reading, speech: Speech) -> tuple[Claim, ...]:
    """The points that a report tells of, sentence by sentence."""
    found = []
    rates = {rate.stated.spot: rate.stated for rate in reading.rates if rate.kind == "award"}
    for sentence in reading.sentences:
        block = reading.paper.blocks[sentence.block]
        points = [figure for figure in sentence.figures if figure.unit == "point"]
        if points:
            items = [
                each for each in points if each.concept is None and each.label and not _got(sentence, each, speech)
            ]
            full = next((figure for figure in points if figure.concept == "full"), None) or _whole(
                sentence, items, speech
            )
            told = (*items, full, next((figure for figure in points if figure.concept == "score"), None))
            if full is None and any(each not in told and not _got(sentence, each, speech) for each in points):
                items = []  # some of its points are of nothing known
            found.append(
                Claim(
                    block.section,
                    block.subject,
                    tuple(figure for figure in items if figure is not full),
                    full,
                    next((figure for figure in points if figure.concept == "score"), None),
                    next((figure for figure in sentence.figures if figure.spot in rates), None),
                )
            )
    return _continued(found)


def _got(sentence: Sentence, figure: Figure, speech: Speech) -> bool:
    """Whether points were given or taken, rather than being those there are: 扣 1 分."""
    before = sentence.text[: figure.spot.start - sentence.start].rstrip()
    return before.endswith(speech.words["points_got"])


def _whole(sentence: Sentence, items: list[Figure], speech: Speech) -> Figure | None:
    """The first points of a sentence where the others make them up: 管理 20 分，由甲 10 分、乙 10 分组成."""
    if len(items) < 3:
        return None
    first, second = items[:2]
    gap = sentence.text[first.spot.end - sentence.start : second.spot.start - sentence.start]
    after = sentence.text[items[-1].spot.end - sentence.start :]
    made_up = any(word in after for word in speech.words["made_up"])
    return first if gap.lstrip("，, ").startswith(speech.words["made_of"]) and made_up else None


def _continued(claims: list[Claim]) -> tuple[Claim, ...]:
    """Items of one sentence and the points claimed in the next, of one section, are one claim."""
    found: list[Claim] = []
    for claim in claims:
        last = found[-1] if found else None
        if (
            last is not None
            and last.section == claim.section
            and last.claimed is None
            and not claim.items
            and last.items
        ):
            found[-1] = Claim(last.section, last.subject, last.items, claim.full, claim.claimed, claim.rate)
        else:
            found.append(claim)
    return tuple(found)


def point_matters(reading: Reading, speech: Speech) -> Iterator[tuple[Matter, tuple[Figure, ...]]]:
    """What the points say about each other."""
    claims = claims_in(reading, speech)
    for claim in claims:
        yield from _claim(claim)
    yield from _total(claims)
    yield from _grades(reading, speech)


def _claim(claim: Claim) -> Iterator[tuple[Matter, tuple[Figure, ...]]]:
    full = claim.full
    if claim.items and (full is not None or (claim.claimed is not None and len(claim.items) > 1)):
        known = full or claim.claimed
        assert known is not None
        total = sum((Fraction(item.value) for item in claim.items), Fraction(0))
        difference = Fraction(known.value) - total
        if full is not None or difference > 0:
            # Less than all may be claimed, more may not.
            status = "agrees" if not difference else "contradicts"
            what = Text("分值", "points") if full is not None else _CLAIMED
            yield (
                Matter(
                    f"points.{known.spot.block}.{known.spot.start}", "claims",
                    Text(f"{claim.subject}：{what.zh}与各项分值", f"{claim.subject}: {what.say('en')} against its items"), status, (),  # type: ignore[arg-type]
                    stated=side(what, known), computed=Side(_SUM, total, "point", (claim.section,)), difference=difference,
                ),
                (known, *claim.items),
            )  # fmt: skip
    points = (
        Fraction(full.value) if full is not None else sum((Fraction(item.value) for item in claim.items), Fraction(0))
    )
    if claim.claimed is None or not points:
        return
    if full is not None and claim.claimed.value > full.value:
        yield (
            Matter(
                f"over.{claim.claimed.spot.block}.{claim.claimed.spot.start}", "claims",
                Text(f"{claim.subject}：自评得分超过分值", f"{claim.subject}: more points claimed than there are"), "contradicts", (),
                stated=side(_CLAIMED, claim.claimed), computed=side(Text("分值", "points"), full),
                difference=Fraction(claim.claimed.value) - points,
            ),
            (claim.claimed, full),
        )  # fmt: skip
    if claim.rate is not None:
        exact = Fraction(claim.claimed.value) / points
        verdict = judge_ratio(percentage(claim.rate), Range(exact, exact, exact), "contradicts")
        yield (
            Matter(
                f"award.{claim.rate.spot.block}.{claim.rate.spot.start}", "ratio",
                Text(f"{claim.subject}：得分率", f"{claim.subject}: award rate"), verdict.status, (),
                stated=side(Text("所述得分率", "award rate stated"), claim.rate),
                computed=Side(Text("按得分计算", "by points"), exact, "ratio", (claim.section,)), difference=verdict.difference,
            ),
            (claim.rate, claim.claimed),
        )  # fmt: skip


def _total(claims: tuple[Claim, ...]) -> Iterator[tuple[Matter, tuple[Figure, ...]]]:
    """The points claimed in all against those claimed part by part."""
    whole = next(
        (claim for claim in claims if claim.claimed is not None and not claim.items and claim.full is None), None
    )
    parts = [
        claim for claim in claims if claim.claimed is not None and claim is not whole and (claim.items or claim.full)
    ]
    if whole is None or whole.claimed is None or len(parts) < 2:
        return
    claimed = tuple(part.claimed for part in parts if part.claimed is not None)
    total = sum((Fraction(figure.value) for figure in claimed), Fraction(0))
    one = range_of(whole.claimed, "point")
    verdict = compare(one, Range(total, total, total), "contradicts")
    status = "agrees" if one.value == total else "contradicts"
    yield (
        Matter(
            f"total.{whole.claimed.spot.block}.{whole.claimed.spot.start}", "claims",
            Text("自评总分与各项自评得分之和", "total claimed against the points claimed part by part"), status, (),  # type: ignore[arg-type]
            stated=side(_CLAIMED, whole.claimed),
            computed=Side(_SUM, total, "point", tuple(dict.fromkeys(part.section for part in parts))), difference=verdict.difference,
        ),
        (whole.claimed, *claimed),
    )  # fmt: skip


def _grades(reading: Reading, speech: Speech) -> Iterator[tuple[Matter, tuple[Figure, ...]]]:
    """A grade beside a score: by the bands that are usual."""
    labels = {label: (low, high) for label, low, high in speech.grades}
    top = max(high for _, _, high in speech.grades)
    for sentence in reading.sentences:
        scores = [each for each in sentence.figures if each.unit == "point" and each.concept in ("score", "past")]
        if not scores:
            continue
        score = scores[-1]
        rest = sentence.text[score.spot.end - sentence.start :]
        grade = grade_in(rest, speech)
        if grade is None:
            continue
        low, high = labels[grade]
        value = Fraction(score.value)
        fits = low <= value < high or (high == top and low <= value <= high)
        due = next(
            (label for label, (a, b) in labels.items() if a <= value < b or (b == top and a <= value <= b)), None
        )
        yield (
            Matter(
                f"grade.{score.spot.block}.{score.spot.start}", "claims",
                Text("得分与等级", "points against grade"), "agrees" if fits else "contradicts", (),
                stated=Side(Text(f"所述等级 {grade}", f"grade stated {grade}"), None, None, (score.spot.section,)),
                computed=side(Text("得分", "points"), score),
                reason=None if fits or due is None else Text(f"{Decimal(score.value):f} 分通常为“{due}”", f"{score.value:f} points are usually graded {due}"),
            ),
            (score,),
        )  # fmt: skip


def grade_in(words: str, speech: Speech) -> str | None:
    """The grade that words name after one of the cues for it."""
    labels = [label for label, _, _ in speech.grades]
    for cue in speech.words["grade_cues"]:
        at = words.find(cue)
        if at >= 0:
            name = words[at + len(cue) :].lstrip("为是：:“\"' ‘")
            return next((label for label in labels if name.startswith(label)), None)
    return None
