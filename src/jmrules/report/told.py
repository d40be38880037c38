"""A department told to readers, in both languages at once: what pages in HTML and Markdown and the charts are made from."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.compare import criterion, ground_of, how_sourced
from jmrules.crossfoot import STATUS_WORDS, asked, line, said, tally
from jmrules.errors import Text
from jmrules.evaluation import run
from jmrules.feel import EXACT, shown_in_both
from jmrules.plan import plan_of
from jmrules.quantities import trimmed
from jmrules.report.given import BASIS_WORDS, Figure, figure
from jmrules.review import STANDING_WORDS
from jmrules.rules.bounds import bounds
from jmrules.ruleset import Group, Leaf, reading_facts
from jmrules.trace import feel_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.findings import Judged
    from jmrules.report.scored import Scored
    from jmrules.ruleset import Node, Source
    from jmrules.trace import Input, LeafTrace

Interval = tuple[Decimal, Decimal]
#: of matters, the gravest first; the last are told last, and folded
GRAVEST = ("contradicts", "question", "cannot-be-computed", "misprint", "remainder", "rounding", "agrees")
SEVERITY_WORDS = {
    "grave": Text("严重", "grave"),
    "serious": Text("较重", "serious"),
    "minor": Text("一般", "minor"),
    "info": Text("提示", "info"),
}
_CHECKS = {
    "given": Text("已提供", "given"),
    "missing": Text("缺少", "missing"),
    "out of date": Text("日期不符", "out of date"),
}


@frozen
class Clause:
    """Where a rule comes from."""

    status: Text
    ground: Text
    stated: bool


@frozen
class Step:
    """A line of an account: what it takes or gives, and why."""

    #: -2, +1.5, or a dot where nothing is lost
    sign: str
    text: Text
    loss: bool = False


@frozen
class Proof:
    """A document that an award must rest on."""

    label: Text
    status: Text
    lacking: bool
    title: str = ""


@frozen
class Detail:
    """How a scored indicator came by its points, or what it still depends on."""

    criterion: Text
    clause: Clause
    #: what it earned and why; None where that depends on what is not known
    explanation: Text | None
    #: labels of the facts that are not known and that it reads
    depends: tuple[Text, ...]
    steps: tuple[Step, ...]
    losses: tuple[Step, ...]
    figures: tuple[Figure, ...]
    proofs: tuple[Proof, ...]
    #: what figures say against each other about the facts that it reads
    doubts: tuple[Text, ...]
    note: Text | None = None


@frozen
class Line:
    """An indicator or a group: what is claimed, what statements make of it, what figures do."""

    id: str
    label: Text
    depth: int
    points: Interval
    claimed: Decimal | None
    own: Interval
    #: with figures alone trusted; None where that was not asked for
    figures: Interval | None
    standing: str
    detail: Detail | None = field(default=None, repr=False)
    children: tuple[Line, ...] = ()
    #: of a line beside the sheet: bonus or penalty
    effect: str | None = None

    @property
    def beside(self) -> bool:
        """Whether it stands beside the sheet."""
        return self.effect is not None

    @property
    def loss(self) -> Decimal:
        """Points that it loses whatever is not known."""
        if self.effect is None:
            return self.points[1] - self.own[1]
        return max(-self.own[1], Decimal(0))

    @property
    def open(self) -> bool:
        """Whether what it earns depends on what is not known."""
        return self.own[0] != self.own[1]

    @property
    def word(self) -> Text:
        """How the claim stands."""
        return STANDING_WORDS[self.standing]  # type: ignore[index]

    def walk(self) -> Iterator[Line]:
        """It and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@frozen
class Point:
    """A matter: one thing that figures say about each other."""

    status: str
    word: Text
    label: Text
    said: Text
    ask: Text | None


@frozen
class Worth:
    """A fact to fill in next, and by how much that alone narrows the total."""

    label: Text
    least: Decimal
    greatest: Decimal


@frozen
class Followed:
    """A finding."""

    severity: str
    word: Text
    label: Text
    message: Text
    grounds: tuple[Text, ...]


@frozen
class Year:
    """A total of an earlier year, or of this one."""

    year: int
    stage: Text
    low: Decimal
    high: Decimal
    grade: str


@frozen
class Told:
    """A department."""

    scored: Scored = field(repr=False)
    title: Text
    name: Text
    status: Text
    notice: Text
    points: Decimal
    claimed: Decimal | None
    claimed_grade: str
    own: Interval
    grades: Text
    figures: Interval | None
    lines: tuple[Line, ...] = field(repr=False)
    #: between the sum of the indicators and the total
    adjustments: tuple[Step, ...]
    matters: tuple[Point, ...]
    tally: Text
    worth: tuple[Worth, ...]
    findings: tuple[Followed, ...]
    #: facts that claim to rest on more than they show
    overstated: tuple[Text, ...]
    years: tuple[Year, ...]
    documents: tuple[tuple[str, str, str], ...]
    digests: tuple[tuple[Text, str], ...]

    @property
    def every(self) -> tuple[Line, ...]:
        """All lines, parents first."""
        return tuple(each for line in self.lines for each in line.walk())

    @property
    def leaves(self) -> tuple[Line, ...]:
        """The scored indicators."""
        return tuple(each for each in self.every if each.detail is not None)

    @property
    def lost(self) -> tuple[Line, ...]:
        """The indicators that lost points whatever is not known, the greatest loss first."""
        lost = [each for each in self.leaves if each.loss > 0]
        return tuple(sorted(lost, key=lambda each: -each.loss))

    @property
    def lacking(self) -> tuple[tuple[Text, Proof], ...]:
        """Documents that are lacking, each with the indicator that asks for it."""
        return tuple((line.label, proof) for line in self.leaves if line.detail for proof in line.detail.proofs if proof.lacking)  # fmt: skip


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
            findings=() if evaluation is None else tuple(self.findings()),
            overstated=tuple(self.overstated()),
            years=tuple(self.years(grades)),
            documents=tuple((each.title, each.number or "", each.date or "") for each in facts.documents),
            digests=((Text("评分办法摘要", "ruleset digest"), ruleset.digest), (Text("事实文件摘要", "facts digest"), facts.digest)),
        )  # fmt: skip

    def line(self, node: Node, depth: int) -> Line:
        """A line, with all below it."""
        scored, judged = self.scored, self.judged.get(node.id)
        alone = None if self.alone is None else _found(self.alone, node.id)
        children = tuple(self.line(child, depth + 1) for child in node.children) if isinstance(node, Group) else ()
        points = (node.points, node.points)
        if scored.possible is not None:
            if (mine := _found(scored.possible, node.id)) is not None:
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
        if possible is not None and (found := _found(possible, node.id)) is not None:
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
            () if traced is None else tuple(self.proofs(traced)),
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

    def proofs(self, traced: LeafTrace) -> Iterator[Proof]:
        """The documents that its award must rest on."""
        titles = {document.id: document.title for document in self.facts.documents}
        for each in traced.evidence:
            yield Proof(each.label, _CHECKS[each.status], each.status != "given", titles.get(each.document or "", ""))

    def findings(self) -> Iterator[Followed]:
        """What follows, the gravest first."""
        assert self.scored.evaluation is not None
        order = list(SEVERITY_WORDS)
        for each in sorted(self.scored.evaluation.findings, key=lambda found: order.index(found.severity)):
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

    def years(self, grades: list) -> Iterator[Year]:  # type: ignore[type-arg]
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
STATUS_TEXTS = {
    "official": Text("评分标准见于原文", "criteria as the notice states them"),
    "reconstructed": Text("评分标准为推定，各项依据见指标", "criteria are reconstructed, on grounds given with each"),
    "draft": Text("草案，不可用于正式打分", "a draft, not for official scoring"),
}


def _found(possible: object, id: str):  # type: ignore[no-untyped-def]
    try:
        return possible[id]  # type: ignore[index]
    except KeyError:
        return None


def _clause(source: Source) -> Clause:
    return Clause(how_sourced(source), ground_of(source), source.status == "stated")


def _signed(points: Decimal) -> str:
    text = trimmed(abs(points), 6)
    return f"−{text}" if points < 0 else f"+{text}"


def _steps(leaf: LeafTrace) -> Iterator[Step]:
    """Its parts: what each earned, or lost."""
    lost = {loss.part: loss for loss in leaf.losses if loss.part is not None}
    for part in leaf.parts:
        loss = lost.get(part.id)
        if loss is None:
            yield Step("·", part.shown)
        elif loss.points:
            yield Step(_signed(-loss.points), part.shown, loss=True)
        else:
            yield Step("·", loss.reason)
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
    return Figure(each.label, value, basis, computed=computed, source=where)  # type: ignore[arg-type]


def _colon(label: Text, shown: Text | None) -> Text:
    if shown is None or not shown.zh:
        return label
    return Text(f"{label.zh}：{shown.zh}", f"{label.say('en')}: {shown.say('en')}")


def _slashed(labels: Iterable[Text]) -> Text:
    told = list(labels)
    return Text("/".join(each.zh for each in told), "/".join(each.say("en") for each in told))
