"""Tells a department: reads its score, its bounds and its facts into what pages and charts show."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from jmrules.compare import criterion, ground_of, how_sourced
from jmrules.crossfoot import STATUS_WORDS, asked, line, said, tally
from jmrules.errors import Text
from jmrules.evaluation import run
from jmrules.feel import EXACT, shown_in_both
from jmrules.findings import open_findings
from jmrules.plan import plan_of
from jmrules.quantities import trimmed
from jmrules.report.given import BASIS_WORDS, Figure, figure
from jmrules.report.told import (
    SEVERITY_WORDS,
    STATUS_TEXTS,
    Clause,
    Detail,
    Followed,
    Interval,
    Line,
    Point,
    Proof,
    Step,
    Told,
    Worth,
    Year,
)
from jmrules.rules.bounds import bounds
from jmrules.ruleset import Group, Leaf, reading_facts
from jmrules.trace import feel_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.findings import Judged
    from jmrules.report.scored import Scored
    from jmrules.rules.bounds import Bounds, NodeBounds
    from jmrules.ruleset import Grade, Node, Source
    from jmrules.trace import Input, LeafTrace

#: of matters, the gravest first; the last are told last, and folded
GRAVEST = ("contradicts", "question", "cannot-be-computed", "misprint", "remainder", "rounding", "agrees")
_CHECKS = {
    "given": Text("已提供", "given"),
    "missing": Text("缺少", "missing"),
    "out of date": Text("日期不符", "out of date"),
}


def told(scored: Scored, *, figures: bool = True) -> Told:
    """Tell a department.

    Args:
        figures: also work out what figures alone support, which takes most of the time.
    """
    return _Teller(scored, figures).tell()


class _Teller:
    """One department while it is told."""

    def __init__(self, scored: Scored, figures: bool) -> None:
        self.scored, self.ruleset, self.facts = scored, scored.ruleset, scored.facts
        self.alone = bounds(scored.ruleset, scored.facts, "figure") if figures else None
        self.judged: Mapping[str, Judged] = {node.id: node for node in scored.review.indicators}
        self.declared = {fact.id: fact for fact in self.ruleset.facts}
        self.unknown = {} if scored.possible is None else scored.possible.reads
        self.supported, self.possible = _nodes(self.alone), _nodes(scored.possible)
        self.traced: dict[str, LeafTrace] = {}
        if scored.evaluation is not None:
            trace = scored.evaluation.trace
            self.traced = {leaf.id: leaf for leaf in (*trace.leaves, *trace.beside)}
        elif (values := scored.possible.completion) is not None:  # type: ignore[union-attr]
            with localcontext(EXACT):
                trace = run(plan_of(self.ruleset), values, self.facts).trace
                self.traced = {leaf.id: leaf for leaf in (*trace.leaves, *trace.beside)}
        self.reads = reading_facts(self.ruleset)

    def tell(self) -> Told:
        scored, ruleset, facts, review = self.scored, self.ruleset, self.facts, self.scored.review
        evaluation = scored.evaluation
        with localcontext(EXACT):
            lines = [self.line(node, 0) for node in ruleset.indicators]
            lines += [self.line(leaf, 0) for leaf in ruleset.adjustments]
        grades = [evaluation.grade] if evaluation is not None else list(review.grades)
        matters = sorted(review.matters, key=lambda each: GRAVEST.index(each.status))
        notice = (ruleset.notice.issuer, ruleset.notice.number or "")
        worth = () if scored.possible is None else scored.possible.worth
        return Told(
            scored,
            title=ruleset.title,
            name=Text(facts.subject.name, facts.subject.name_en),
            status=STATUS_TEXTS[ruleset.status],
            notice=Text(f"{notice[0].zh} {notice[1]}".strip(), f"{notice[0].say('en')} {notice[1]}".strip()),
            points=ruleset.points,
            claimed=facts.claims.total,
            claimed_grade=facts.claims.grade or "",
            own=scored.total,
            grades=_OPEN_GRADE if 1 < len(grades) == len(ruleset.grades) else _slashed([grade.label for grade in grades]),
            figures=None if self.alone is None else (self.alone.low, self.alone.high),
            lines=tuple(lines),
            adjustments=tuple(
                Step(_signed(each.points), each.reason)
                for each in (() if evaluation is None else evaluation.trace.adjustments)
                if each.points or each.decides
            ),
            matters=tuple(
                Point(each.status, STATUS_WORDS[each.status][0], line(each), said(each), asked(each))
                for each in matters
            ),
            tally=tally(review.matters),
            worth=tuple(Worth(each.label, each.least, each.greatest) for each in worth if each.greatest),
            findings=tuple(self.findings()),
            overstated=tuple(self.overstated()),
            years=tuple(self.years(grades)),
            documents=tuple((each.title, each.number or "", each.date or "") for each in facts.documents),
            digests=((Text("评分办法摘要", "ruleset digest"), ruleset.digest), (Text("事实文件摘要", "facts digest"), facts.digest)),
        )  # fmt: skip

    def line(self, node: Node, depth: int) -> Line:
        """A line, with all below it."""
        scored, judged = self.scored, self.judged.get(node.id)
        alone = self.supported.get(node.id)
        children = tuple(self.line(child, depth + 1) for child in node.children) if isinstance(node, Group) else ()
        points = (node.points, node.points)
        if scored.possible is not None:
            if (mine := self.possible.get(node.id)) is not None:
                points = mine.points
        elif node.id in self.traced:
            points = (self.traced[node.id].points,) * 2
        elif children:
            points = (sum((each.points[0] for each in children), Decimal(0)),) * 2
        own = self.own(node, children)
        return Line(
            node.id, node.label, depth, points, self.facts.claims.indicators.get(node.id), own,
            None if alone is None else (alone.low, alone.high), "not-claimed" if judged is None else judged.standing,
            self.detail(node) if isinstance(node, Leaf) else None, children, effect=node.effect if isinstance(node, Leaf) else None,
        )  # fmt: skip

    def own(self, node: Node, children: tuple[Line, ...]) -> Interval:
        """What its statements earn, at least and at most."""
        possible = self.scored.possible
        if (found := self.possible.get(node.id)) is not None:
            return found.low, found.high
        if possible is not None and isinstance(node, Leaf) and node.effect is not None and self.unknown.get(node.id):
            # nothing narrower is known of a line beside the sheet
            none = Decimal(0)
            return (none, node.points) if node.effect == "bonus" else (-node.points, none)
        if node.id in self.traced:
            award = self.traced[node.id].counts
            return award, award
        return sum((each.own[0] for each in children), Decimal(0)), sum((each.own[1] for each in children), Decimal(0))

    def detail(self, leaf: Leaf) -> Detail:
        """How a leaf came by its points."""
        traced, unknown = self.traced.get(leaf.id), tuple(self.unknown.get(leaf.id, ()))
        known = traced if traced is not None and not unknown else None
        judged = self.judged.get(leaf.id)
        by_id = {each.id: each for each in self.scored.review.matters}
        doubts = [by_id[id] for id in (judged.contradicted_by if judged else ()) if id in by_id]
        return Detail(
            criterion(self.ruleset, leaf),
            _clause(leaf.source if known is None else known.source),
            None if known is None else known.explanation,
            tuple(self.declared[name].label for name in unknown),
            () if known is None else tuple(_steps(known)),
            () if known is None else tuple(_losses(known)),
            tuple(self.figures(leaf, traced, known is not None)),
            tuple(self.proofs(leaf)),
            tuple(line(each) for each in doubts if each.status not in ("agrees", "rounding")),
            leaf.note,
        )

    def figures(self, leaf: Leaf, traced: LeafTrace | None, known: bool) -> Iterator[Figure]:
        """The facts that a leaf reads as they are given, then what is computed from them, where all of it is known."""
        inputs = () if traced is None else traced.inputs
        bases = {each.name: each.basis for each in inputs if each.kind == "fact"}
        # lines beside the sheet are told by what they read
        for name in self.reads.get(leaf.id, tuple(bases)):
            yield figure(self.declared[name], self.facts, bases.get(name))
        for each in inputs if known else ():
            if each.kind != "fact":
                yield _computed(each)

    def proofs(self, leaf: Leaf) -> Iterator[Proof]:
        """The documents that its award must rest on."""
        for each in self.scored.evidence.required:
            if each.indicator == leaf.id and each.status != "not needed":
                title = "" if each.given is None else each.given.document.title
                yield Proof(each.kind_label, _CHECKS[each.status], each.status != "given", title)

    def findings(self) -> Iterator[Followed]:
        """What follows, the gravest first; where facts are unknown, what follows whatever they are."""
        scored, order = self.scored, list(SEVERITY_WORDS)
        if scored.evaluation is None:
            found = open_findings(scored.ruleset, scored.facts, scored.possible, self.alone).certain
        else:
            found = scored.evaluation.findings
        for each in sorted(found, key=lambda found: order.index(found.severity)):
            grounds = tuple(_colon(ground.label, ground.shown) for ground in each.grounds if ground.label is not None)
            yield Followed(each.severity, SEVERITY_WORDS[each.severity], each.label, each.message, grounds)

    def overstated(self) -> Iterator[Text]:
        """Facts that claim to rest on more than they show, each once."""
        for each in dict.fromkeys((each.label, each.claims, each.counts) for each in self.scored.review.overstated):
            label, claimed, shows = each
            yield Text(
                f"{label.zh}：自称{BASIS_WORDS[claimed].zh}，按{BASIS_WORDS[shows].zh}计",
                f"{label.say('en')}: said to rest on {BASIS_WORDS[claimed].say('en')}, counted as {BASIS_WORDS[shows].say('en')}",
            )

    def years(self, grades: list[Grade]) -> Iterator[Year]:
        """Earlier totals that the facts state, and this year's."""
        for each in self.facts.source.value.get("history", ()):
            if "total" in each:
                stage = each.get("stage", "")
                total = Decimal(each["total"])
                yield Year(int(each["fiscal_year"]), Text(stage, stage), total, total, each.get("grade", ""))
        claims = self.facts.claims
        if claims.total is not None:
            yield Year(self.facts.fiscal_year, Text("自评", "claimed"), claims.total, claims.total, claims.grade or "")
        yield Year(self.facts.fiscal_year, Text("复算", "recomputed"), *self.scored.total, _slashed([grade.label for grade in grades]).zh)  # fmt: skip


_OPEN_GRADE = Text("等级未定", "any grade")


def _nodes(possible: Bounds | None) -> dict[str, NodeBounds]:
    """The bounds of every node by id; lines beside the sheet have none."""
    return {} if possible is None else {node.id: node for _, node in possible.root.walk()}


def _clause(source: Source) -> Clause:
    return Clause(how_sourced(source), ground_of(source), source.status == "stated")


def _signed(points: Decimal) -> str:
    text = trimmed(abs(points), 6)
    return f"−{text}" if points < 0 else f"+{text}"


def _steps(leaf: LeafTrace) -> Iterator[Step]:
    """Its parts: what each earned, or lost."""
    lost = leaf.lost_by_part
    for part in leaf.parts:
        losses = lost.get(part.id, ())
        points = sum((loss.points for loss in losses), Decimal(0))
        if not losses:
            yield Step("·", part.shown)
        elif points:
            yield Step(_signed(-points), part.shown, loss=True)
        else:
            yield Step("·", losses[0].reason)
    for move in leaf.moves:
        came = move.points > 0
        yield Step(_signed(move.points), Text(f"{'转入自' if came else '转给'}{move.label.zh}", f"{'from' if came else 'to'} {move.label.say('en')}"))  # fmt: skip


def _losses(leaf: LeafTrace) -> Iterator[Step]:
    for loss in leaf.losses:
        if loss.points:
            yield Step(_signed(-loss.points), loss.reason, loss=True)


def _computed(each: Input) -> Figure:
    if each.type == "undefined":
        value = Text("无从计算", "cannot be computed")
    elif each.shown is not None and each.type == "list":
        value = each.shown
    else:
        value = shown_in_both(feel_of(each.value, each.type), each.unit, None)
    source = each.source
    where = None if source is None else _colon(how_sourced(source), ground_of(source))
    basis = None if each.basis is None else BASIS_WORDS[each.basis]
    computed = None if each.type == "list" else each.shown
    return Figure(each.label, value, basis, computed=computed, source=where)


def _colon(label: Text, shown: Text | None) -> Text:
    if shown is None or not shown.zh:
        return label
    return Text(f"{label.zh}：{shown.zh}", f"{label.say('en')}: {shown.say('en')}")


def _slashed(labels: Iterable[Text]) -> Text:
    told = list(labels)
    return Text("/".join(each.zh for each in told), "/".join(each.say("en") for each in told))
