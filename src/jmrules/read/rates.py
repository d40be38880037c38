"""Rates that a report states against the figures they are of."""

from __future__ import annotations

from bisect import bisect, bisect_left
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.crossfoot import Matter, Open, Range, judge_ratio, quotient
from jmrules.errors import Text
from jmrules.read.language import speech as speech_in
from jmrules.read.sides import Noted, percentage, projects_in, range_of, ratio_matter, side, unit_of_sides, value_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.read.figures import Figure, Sentence, Spot
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading


def rate_matters(reading: Reading, speech: Speech) -> Iterator[Noted]:
    seen: dict[tuple[object, ...], int] = {}
    found: list[Noted] = []
    told = {figure.spot: sentence for sentence in reading.sentences for figure in sentence.figures}
    for rate in reading.rates:
        stated, part, whole, other = rate.stated, rate.part, rate.whole, rate.other
        kind = None if rate.kind is None else speech.concept(rate.kind)
        if part is None and rate.kind == "execution" and not stated.adjusted:
            beside = _beside(reading, stated, told)
            if beside is None:
                continue
            part, whole = beside or (None, None)
        if part is None and kind is not None and rate.kind != "award":
            part = _nearest(reading, stated, kind.part)
            wholes = [
                each for id in kind.whole
                if part is not None and (each := _nearest(reading, stated, (id,), part)) is not None
            ]  # fmt: skip
            whole, other = (wholes[0], tuple(wholes[1:])) if wholes else (None, ())
        if part is None or whole is None:
            continue
        unit = unit_of_sides(whole)
        computed = quotient(range_of(part, unit), range_of(whole, unit))
        if computed is None:
            continue
        name = kind.label if kind is not None else Text(f"{part.label}的占比", f"share of {part.label}")
        if stated.adjusted:
            one = _adjusted(reading, stated, computed, name, (part, whole), speech)
            key: tuple[object, ...] = ("adjusted", stated.value, stated.between)
            if key in seen:
                was = found[seen[key]]
                assert was.matter.stated is not None
                both = tuple(dict.fromkeys((*was.matter.stated.sections, stated.spot.section)))
                found[seen[key]] = Noted(
                    evolve(was.matter, stated=evolve(was.matter.stated, sections=both)), (*was.figures, stated)
                )
            else:
                seen[key] = len(found)
                found.append(one)
            continue
        verdict = judge_ratio(percentage(stated), computed, "contradicts")
        for each in other:
            again = quotient(range_of(part, unit), range_of(each, unit))
            tried = verdict if again is None else judge_ratio(percentage(stated), again, "contradicts")
            if verdict.status == "contradicts" and tried.status != "contradicts":
                verdict, whole = tried, each
        row = f"{stated.label}：" if stated.spot.row is not None and stated.label and stated.concept is None else ""
        words = Text(f"所述{name.zh}", f"{name.say('en')} as stated"), Text("按数据计算", "by the figures")
        found.append(
            ratio_matter(
                "rate",
                Text(f"{row}{name.zh}与数据", f"{row}{name.say('en')} against figures"),
                stated,
                words,
                verdict,
                (part, whole),
            )
        )
    yield from found


_NEAR = 8
#: characters that a rate and its amounts may be apart
_FAR = 200


def _beside(
    reading: Reading, stated: Figure, told: Mapping[Spot, Sentence]
) -> tuple[Figure, Figure] | tuple[()] | None:
    """What was spent and planned of a project whose rate stands beside them; () where the rate is the department's, None where it is not clear."""
    sentence = told.get(stated.spot)
    if sentence is None:
        return ()
    start = sentence.start
    place = stated.spot.start - start
    low = max(0, place - _FAR)
    since = max(low - 1, *(sentence.text.rfind(sign, low, place) for sign in "；;"))
    end = bisect_left(sentence.figures, stated.spot.start, key=lambda each: each.spot.start)
    near = [
        figure for figure in sentence.figures[max(0, end - _NEAR) : end]
        if figure.money and since < figure.spot.start - start and figure.between is None
    ]  # fmt: skip
    own = [figure for figure in near if figure.concept is None or len(reading.path(figure)) > 1]
    if not own:
        return () if stated.label == "" or not _of_a_thing(stated.label) else None
    if any(figure.concept == "outturn" and len(reading.path(figure)) == 1 for figure in near):
        return ()
    if len(near) < 2:
        return None
    whole, part = near[-2:]
    rate = quotient(range_of(part, unit_of_sides(whole)), range_of(whole, unit_of_sides(whole)))
    if rate is None:
        return None
    agrees = judge_ratio(percentage(stated), rate, "contradicts").status != "contradicts"
    named = whole.concept in ("budget", "adjusted") and part.concept == "outturn"
    return (part, whole) if agrees or (named and reading.path(part)[1:] == reading.path(whole)[1:]) else None


def _of_a_thing(label: str) -> bool:
    return any(thing in label for thing in speech_in().words["things"])


def _nearest(reading: Reading, stated: Figure, concepts: tuple[str, ...], part: Figure | None = None) -> Figure | None:
    """The figure of one of these things that the report told last, of the same year where both name one.

    Beside a ``part`` it is of the same thing as that, or told in the same block.
    """
    place = (stated.spot.block, stated.spot.start)
    for concept in concepts:
        candidates = reading.by_concept.get(concept, ())
        count = bisect(candidates, place, key=lambda each: (each.spot.block, each.spot.start))
        # The nearest before it of the same year, else the nearest; nobody looks further than a few.
        near = candidates[max(0, count - _NEAR) : count][::-1] or candidates[:_NEAR]
        if part is not None:
            of = reading.path(part)[1:]
            near = tuple(each for each in near if reading.path(each)[1:] == of or each.spot.block == part.spot.block)
        fitting = [each for each in near if None in (each.year, stated.year) or each.year == stated.year]
        if near:
            return (fitting or near)[0]
    return None


def _adjusted(
    reading: Reading, stated: Figure, raw: Range, name: Text, of: tuple[Figure, Figure], speech: Speech
) -> Noted:
    """A rate after something was left out: where no amounts are given, it cannot be computed."""
    text = reading.paper.text
    words = [word for word in speech.words["without_amount"] if word in text]
    told = "、".join(words[:3]) or "剔除事项"
    part, whole = of
    unit = unit_of_sides(whole)
    outturn, budget = range_of(part, unit).value, range_of(whole, unit).value
    reaches = percentage(stated).high
    needed = high = None
    if outturn is not None and budget is not None and reaches:
        needed = budget - outturn / reaches
    most = sum(
        (max(value_in(plan, unit) - value_in(spent, unit), Fraction(0)) for plan, spent in projects_in(reading)),
        Fraction(0),
    )
    if most and outturn is not None and budget is not None and budget > most:
        high = outturn / (budget - most)
    return Noted(
        Matter(
            f"adjusted.{stated.spot.block}.{stated.spot.start}", "ratio",
            Text(f"剔除后的{name.zh}", f"{name.say('en')} after what is left out"), "cannot-be-computed", (),
            stated=side(Text("报告所述", "as stated"), stated),
            open=Open(
                raw.value, high, "ratio", Text(f"{told}等的金额和批复", f"amounts and approvals of: {told}"),
                needed if needed is not None and needed > 0 else None, most or None, unit, reaches,
            ),
        ),
        (stated, part, whole),
    )  # fmt: skip
