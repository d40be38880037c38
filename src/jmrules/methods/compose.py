"""``parts``, ``best``, ``worst``, ``cases``: methods made of methods. 同一指标内分项计分、择优、择低、按情形计分."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, frozen

from jmrules.errors import Text
from jmrules.feel import CONTEXT
from jmrules.methods.base import (
    ONE,
    Branch,
    Checking,
    Fields,
    Lost,
    Method,
    Part,
    Site,
    Told,
    Worth,
    adding_up,
    duplicates,
    problem,
    worth_problems,
)
from jmrules.methods.changes import GONE, Change, value_change, worth_change, worth_moves
from jmrules.methods.listed import METHODS, method_of, sites_of
from jmrules.methods.shapes import Component, Compose
from jmrules.methods.wording import fill, joined, points
from jmrules.quantities import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Found, Speaker, View
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode

How = Literal["sum", "best", "worst", "first"]
_WORDS = {"best": Text("较高", "the highest"), "worst": Text("较低", "the lowest")}


@frozen
class Constituent:
    """A part: what it is worth (without that, all), and how it earns it (without that, it does)."""

    id: str
    label: Text
    worth: Worth
    when: str | None = None
    method: Fields | None = None

    @property
    def most(self) -> Worth:
        """All that it can earn."""
        stated = self.worth.share is not None or self.worth.points is not None
        return self.worth if stated else Worth(share=Decimal(1))

    def points(self, whole: Decimal) -> Decimal:
        """The same in points."""
        most = self.most
        return CONTEXT.multiply(most.share, whole) if most.share is not None else most.points  # type: ignore[return-value]


@frozen
class Composition(Fields):
    """Parts that are taken together."""

    parts: tuple[Constituent, ...]


@frozen
class Parts(Composition):
    """同一指标内分项计分: the sum of the parts."""


@frozen
class Best(Composition):
    """择优: the part that earns most."""


@frozen
class Worst(Composition):
    """择低: the part that earns least."""


@frozen
class Cases(Composition):
    """按情形计分: the first part whose condition holds."""


def sites(fields: Composition) -> Iterator[Site]:
    """The condition and the expressions of each part."""
    for index, part in enumerate(fields.parts):
        at = f"parts/{index}"
        if part.when is not None:
            yield Site(f"{at}/when", part.when, "boolean")
        for site in sites_of(part.method) if part.method is not None else ():
            yield evolve(site, step=f"{at}/method/{site.step}")


def problems(how: How, fields: Composition, checking: Checking) -> Iterator[Found]:
    """Two of one name, worths that do not add up, cases that are never reached, and what is wrong in a part."""
    yield from duplicates([part.id for part in fields.parts], "/parts")
    if how == "sum":
        yield from adding_up([part.most for part in fields.parts], checking.points, "/parts", "各分项", "the parts")
    for index, part in enumerate(fields.parts):
        at = f"/parts/{index}"
        yield from worth_problems(part.most, checking.points, at)
        if how == "first" and part.when is None and index + 1 < len(fields.parts):
            yield (
                at,
                problem(
                    "never-reached",
                    "此情形无条件，其后各项永远不会用到",
                    "what follows a case without a condition is never reached",
                ),
            )
        if part.method is not None:
            inner = Checking(
                part.points(checking.points),
                partial(_type_below, checking, f"{at}/method"),
                checking.domain,
                checking.decimals,
            )
            for step, found in method_of(part.method).problems(part.method, inner):
                yield f"{at}/method{step}", found


def _type_below(checking: Checking, at: str, step: str) -> Any:
    return checking.type_at(at + step)


def shape(how: How, fields: Composition, whole: Fraction, mode: Mode, call: Callable[[str], Call]) -> Compose:
    """The parts' shapes, each on its own points."""

    def component(index: int, part: Constituent) -> Component:
        at, worth = f"/parts/{index}", part.most.of(whole)
        inner = (
            None
            if part.method is None
            else method_of(part.method).shape(part.method, worth * whole, mode, lambda step: call(f"{at}/method{step}"))
        )
        return Component(part.id, part.label, call(f"{at}/when") if part.when is not None else None, worth, inner)

    return Compose(how, tuple(component(index, part) for index, part in enumerate(fields.parts)))


def _pairs(fields: Composition, shape: Compose) -> Iterator[tuple[int, Constituent, Component]]:
    yield from ((index, *pair) for index, pair in enumerate(zip(fields.parts, shape.parts, strict=True)))


def branches(fields: Composition, shape: Compose) -> Iterator[Branch]:
    """Those of each part, and where one of them is taken, each."""
    for index, stated, part in _pairs(fields, shape):
        where, zh, en = f"/parts/{index}", part.label.zh, part.label.say("en")
        if shape.how in ("best", "worst"):
            word = _WORDS[shape.how]
            yield Branch(f"{part.id}: taken", Text(f"“{zh}”{word.zh}", f"{en} is {word.say('en')}"), where)
        if stated.method is None:
            yield Branch(f"{part.id}: taken", Text(f"按“{zh}”", f"by {en}"), where)
            continue
        for branch in method_of(stated.method).branches(stated.method, part.shape):
            label = Text(f"“{zh}”：{branch.label.zh}", f"{en}: {branch.label.say('en')}")
            yield Branch(f"{part.id}: {branch.key}", label, f"{where}/method{branch.pointer}")


def taken(fields: Composition, shape: Compose, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """The branches of each part that was looked at, and which part it is."""
    chosen = _chosen(shape, read)
    for index, stated, part in _pairs(fields, shape):
        if index == chosen and (shape.how != "first" or stated.method is None):
            yield f"{part.id}: taken"
        if stated.method is not None and part.shape is not None and (shape.how != "first" or index == chosen):
            for key in method_of(stated.method).taken(stated.method, part.shape, read, part.shape.at(read)):
                yield f"{part.id}: {key}"


def _chosen(shape: Compose, read: Callable[[Call], Any]) -> int | None:
    """Index of the part that the share comes from; None where it comes from all. Of equal ones the first."""
    if shape.how == "sum":
        return None
    if shape.how == "first":
        return shape.first(read)
    earned = [part.at(read) for part in shape.parts]
    return earned.index((max if shape.how == "best" else min)(earned))


def ruled_out(fields: Composition, shape: Compose, key: str, bounds: Callable[[Call], Bounds]) -> Call | Text | None:
    """What is ruled out in a part."""
    id, _, inner = key.partition(": ")
    for _, stated, part in _pairs(fields, shape):
        if part.id == id and stated.method is not None and part.shape is not None and inner != "taken":
            return method_of(stated.method).ruled_out(stated.method, part.shape, inner, bounds)
    return None


def mutations(how: How, method: dict[str, Any], whole: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    parts = method["parts"]
    if how in ("best", "worst"):
        other = "worst" if how == "best" else "best"
        yield value_change("/kind", how, other, "择优与择低", "the best or the worst")
    if how == "sum":
        yield from worth_moves(parts, "/parts", quantum, "分值移给下一分项", "points given to the next part")
    for index, part in enumerate(parts):
        at = f"/parts/{index}"
        if how != "sum" and ("share" in part or "points" in part):
            yield worth_change(part, at, whole, quantum, "该分项的分值", "the worth of the part")
        if how == "first" and len(parts) > 1:
            yield value_change(at, part["id"], GONE, "少一种情形", "a case is missing")
        if "method" in part:
            worth = Worth(part.get("share"), part.get("points"))
            own = Constituent(part["id"], Text(""), worth).points(whole)
            found = METHODS[part["method"]["kind"]].mutations(part["method"], own, quantum)
            for change in found:
                yield evolve(change, edits=tuple((f"{at}/method{step}", value) for step, value in change.edits))


def criterion(how: How, fields: Composition, speaker: Speaker) -> Text:
    """The criterion in words: each part with its points as they are stated."""
    said = joined([_part_said(how, part, speaker) for part in fields.parts], "。", ". ")
    if how in ("best", "worst"):
        word = _WORDS[how]
        return fill("取{word}者：{said}", "{word} of: {said}", word=word, said=said)
    return said


def _part_said(how: How, part: Constituent, speaker: Speaker) -> Text:
    whole = part.points(speaker.points)
    head = fill("“{label}”", "{label}", label=part.label)
    if (how == "sum" or whole != speaker.points) and part.method is not None:
        said = points(whole)
        if part.worth.share is not None:
            said = fill("{percent}，即 {points}", "{percent}, {points}", percent=percent(part.worth.share), points=said)
        head = fill("{head}（{said}）", "{head} ({said})", head=head, said=said)
    if how == "first":
        when = Text("其他情形", "otherwise") if part.when is None else speaker.expression(part.when)
        head = (
            fill("{when} 时，{head}", "where {when}, {head}", when=when, head=head)
            if part.when is not None
            else fill("{when}，{head}", "{when}, {head}", when=when, head=head)
        )
    if part.method is None:
        if not whole:
            return fill("{head}不得分", "{head}: nothing", head=head)
        return fill("{head}得 {points}", "{head}: {points}", head=head, points=points(whole))
    inner = method_of(part.method).criterion(part.method, speaker.part(whole))
    return fill("{head}：{inner}", "{head}: {inner}", head=head, inner=inner)


def explain(view: View, fields: Composition, shape: Compose, share: Fraction) -> Told:
    """Each part, which of them counts, and what the others would have given."""
    if shape.how == "sum":
        return _explain_sum(view, fields, shape, share)
    chosen = _chosen(shape, view.read)
    assert chosen is not None
    stated, part = fields.parts[chosen], shape.parts[chosen]
    own = share / part.worth if part.worth else Fraction(0)
    told = _told(view if part.worth == 1 else view.part(part.worth * view.points), stated, part, own)
    lost = [evolve(line, share=line.share * part.worth) for line in told.lost]
    named = fill("“{label}”", "{label}", label=part.label)
    if part.worth < 1:
        lost.append(Lost(1 - part.worth, _worth_less(view, part, named)))
    said = [] if shape.how == "first" else _others(view, fields, shape, chosen)
    equal = shape.how != "first" and len({each.at(view.read) for each in shape.parts}) == 1
    head = _case_said(view, shape, chosen, named) if shape.how == "first" else _winner_said(shape, named, equal)
    ending = view.ending(share)
    if part.shape is None:
        said.append(fill("{head}，{ending}", "{head}: {ending}", head=head, ending=ending))
    else:
        said.append(fill("{head}：{told}", "{head}: {told}", head=head, told=told.text))
        said += [] if part.worth == 1 else [Text(f"本项{ending.zh}", f"so {ending.say('en')}")]
    return Told(joined(said, "。", ". "), tuple(lost), told.parts)


def _worth_less(view: View, part: Component, named: Text) -> Text:
    """Why a part that is worth less than all earns no more."""
    most = points(part.worth * view.points)
    if part.shape is not None:
        return fill("{named}至多得 {most}", "{named}: at most {most}", named=named, most=most)
    if not part.worth:
        return fill("属{named}，不得分", "{named}: nothing is earned", named=named)
    return fill("属{named}，只得 {most}", "{named}: only {most}", named=named, most=most)


def _told(view: View, stated: Constituent, part: Component, share: Fraction) -> Told:
    """A part in the words of its own method."""
    if stated.method is None or part.shape is None:
        return Told(view.ending(share))
    told: Told = method_of(stated.method).explain(view, stated.method, part.shape, share)
    return told


def _explain_sum(view: View, fields: Composition, shape: Compose, share: Fraction) -> Told:
    lost, parts, said = list[Lost](), list[Part](), list[Text]()
    for _, stated, part in _pairs(fields, shape):
        own = Fraction(1) if part.shape is None else part.shape.at(view.read)
        whole = part.worth * view.points
        told = _told(view.part(whole), stated, part, own)
        said.append(_labelled(part, told.text))
        parts.append(Part(part.id, part.label, whole, own * whole, told.text))
        lost += [Lost(line.share * part.worth, line.reason, part.id) for line in told.lost if line.share * part.worth]
    ending = view.ending(share)
    said.append(Text(f"合计{ending.zh}", f"together {ending.say('en')}"))
    return Told(joined(said, "。", ". "), tuple(lost), tuple(parts))


def _case_said(view: View, shape: Compose, chosen: int, head: Text) -> Text:
    """The condition that held."""
    when = shape.parts[chosen].when
    if when is None:
        return fill("前列情形都不成立，按{head}", "none of the others holds, so {head}", head=head)
    return fill("{when}，按{head}", "{when}, so {head}", when=view.said(when, True), head=head)


def _winner_said(shape: Compose, named: Text, equal: bool) -> Text:
    if equal:
        return fill("得分相同，取{named}", "{named}, which earns the same", named=named)
    word = _WORDS[shape.how]
    return fill("取{word}者{named}", "{named}, {word}", word=word, named=named)


def _others(view: View, fields: Composition, shape: Compose, chosen: int) -> list[Text]:
    """What the parts would have given that do not count."""
    said: list[Text] = []
    for index, stated, part in _pairs(fields, shape):
        if index != chosen:
            own = ONE if part.shape is None else part.shape.at(view.read)
            told = _told(view.part(part.worth * view.points), stated, part, own)
            said.append(_labelled(part, told.text))
    return said


def _labelled(part: Component, told: Text) -> Text:
    """The words of a part under its label, which they may begin with."""
    zh, en = part.label.zh, part.label.say("en")
    return Text(
        told.zh if told.zh.startswith(f"{zh}：") else f"“{zh}”：{told.zh}",
        told.say("en") if told.say("en").startswith(f"{en}: ") else f"{en}: {told.say('en')}",
    )


def _made(kind: str, fields: type[Composition], how: How) -> Method:
    return Method(
        kind, fields, sites, partial(shape, how), branches, taken, partial(criterion, how), explain,
        problems=partial(problems, how), ruled_out=ruled_out, mutations=partial(mutations, how),
    )  # fmt: skip


PARTS = _made("parts", Parts, "sum")
BEST = _made("best", Best, "best")
WORST = _made("worst", Worst, "worst")
CASES = _made("cases", Cases, "first")
