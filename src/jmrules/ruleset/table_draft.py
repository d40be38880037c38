"""A scoring table made a draft: indicators, points and the words of each criterion; and what is left to decide by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.ruleset.proposals import Proposal, proposed
from jmrules.ruleset.scaffold import Files, check_name, texts_of

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.ruleset.score_table import Entry, ScoreTable

_HUNDRED = (
    ("excellent", "优", ">= 90"),
    ("good", "良", "[80..90)"),
    ("fair", "中", "[60..80)"),
    ("poor", "差", "< 60"),
)
_LONGEST = 3900


@frozen
class Draft:
    """A ruleset that is sound and scores nothing yet but what somebody judges, and what its author has to decide."""

    #: the text of each file, none of them written
    files: Files
    indicators: int
    points: Decimal
    #: decided once for the whole table
    whole: tuple[Text, ...]
    #: by indicator: its name, points and cell; what is to decide
    each: tuple[tuple[Text, Text], ...]
    #: how many of them have a method proposed
    proposed: int


@frozen
class _Made:
    facts: dict[str, Any] = field(factory=dict)
    full: dict[str, Any] = field(factory=dict)
    awards: dict[str, Any] = field(factory=dict)
    decide: list[tuple[Text, Text]] = field(factory=list)
    proposals: list[str] = field(factory=list)


def draft_of(table: ScoreTable, id: str, year: int, folder: Path) -> Draft:
    """The draft of a ruleset for a scoring table, with a case that earns all its points.

    An indicator whose criterion proposes no method is worth what somebody judges it to be, and is listed. Nothing that the table does
    not say is put in: what the document cannot do without (rounding, grades) is listed too.

    Raises:
        RulesetError: the id or the year cannot be one.
    """
    check_name(id, year)
    made = _Made()
    indicators = [_node(entry, f"indicator_{at}", table, made) for at, entry in enumerate(table.entries, 1)]
    points = sum((entry.total() for entry in table.entries), start=Decimal(0))
    leaves = [leaf for entry in table.entries for leaf in entry.leaves()]
    digits = max(
        2, *(max(0, -int(leaf.points.normalize().as_tuple().exponent)) for leaf in leaves if leaf.points is not None)
    )
    hundred = points == 100
    title = table.title or f"绩效评分表（{year} 年度）"
    document = {
        "id": id, "fiscal_year": year, "revision": "0.1.0", "status": "draft",
        "title": {"zh": title}, "notice": {"issuer": {"zh": "待填：印发单位"}},
        "listed": {"status": "stated", "clause": f"{table.file.name}" + (f" {table.sheet}" if table.sheet else "")},
        "rounding": {"leaf": digits, "total": digits, "mode": "half up", "source": _assumed(f"草稿暂用 {digits} 位小数、四舍五入，请按通知改。")},
        "grades": [{"id": name, "label": {"zh": label}, "in": within, "source": _assumed("草稿暂用财预〔2020〕10 号的四档，请按通知改。")} for name, label, within in _HUNDRED]
        if hundred else [{"id": "undecided", "label": {"zh": "等级待定"}, "in": ">= 0", "source": _assumed("满分不是 100 分，草稿不定等级，请按通知改。")}],
        "facts": made.facts, "indicators": indicators,
    }  # fmt: skip
    facts = {"ruleset": id, "fiscal_year": year, "subject": {"name": "示例：样样得满分"}, "facts": made.full}
    expected = {"total": points, "grade": "excellent" if hundred else "undecided", "indicators": made.awards}
    files = texts_of(folder, id, year, document, {"example.json": facts, "example.expected.json": expected})
    draft = Draft(
        files, len(leaves), points, _whole(table, digits, hundred=hundred), tuple(made.decide), len(made.proposals)
    )
    files[folder / id / f"{year}.to-decide.md"] = _page(draft, title, table)
    return draft


def _assumed(zh: str) -> dict[str, Any]:
    return {"status": "reconstructed", "confidence": "low", "ground": {"zh": zh}}


def _node(entry: Entry, id: str, table: ScoreTable, made: _Made) -> dict[str, Any]:
    if entry.children:
        children = [_node(child, f"{id}_{at}", table, made) for at, child in enumerate(entry.children, 1)]
        return {"id": id, "label": {"zh": entry.name}, "points": entry.total(), "children": children}
    points, criterion = entry.points or Decimal(0), "\n".join(entry.criterion)
    proposal = proposed(id, entry.name, points, criterion) if criterion else None
    found = proposal or _judged(id, entry.name, points)
    taken = {fact["label"]["zh"] for fact in made.facts.values()}
    for fact in found.facts.values():
        if fact["label"]["zh"] in taken:
            fact["label"]["zh"] = f"{entry.name}：{fact['label']['zh']}"
    made.facts.update(found.facts)
    made.full.update(found.full)
    made.awards[id] = points
    if proposal is not None:
        made.proposals.append(id)
    made.decide.append(_decision(entry, points, criterion, proposal))
    cells = [entry.cell, *([entry.criterion_cell] if entry.criterion_cell else [])]
    words = f"评分标准原文：{criterion}"[:_LONGEST] if criterion else "原表没有写评分标准。"
    how = f"建议的写法，未经核对：{found.reading.zh}。" if proposal else "尚未写成规则，暂按评定的分数计。"
    source = {
        "status": "reconstructed",
        "confidence": "low",
        "clause": f"{table.file.name} {'、'.join(cells)}",
        "ground": {"zh": f"{how}{words}"},
    }
    node = {"id": id, "label": {"zh": entry.name}, "points": points, "method": found.method, "source": source}
    return node | ({"note": {"zh": "\n".join(entry.notes)[:_LONGEST]}} if entry.notes else {})


def _judged(id: str, name: str, points: Decimal) -> Proposal:
    """What somebody judges: the only way to score an indicator whose rule is not written yet."""
    fact = {"type": "number", "unit": "point", "in": f"[0..{points:f}]", "label": {"zh": f"{name}：评定得分"}}
    return Proposal({"kind": "formula", "points": f"{id}_judged"}, {f"{id}_judged": fact}, {f"{id}_judged": points},
                    Text("按评定的分数计", "as judged"))  # fmt: skip


def _decision(entry: Entry, points: Decimal, criterion: str, proposal: Proposal | None) -> tuple[Text, Text]:
    at = entry.criterion_cell or entry.cell
    head = Text(f"{entry.name}（{points:f} 分，{at}）", f"{entry.name} ({points:f} points, {at})")
    words = " ".join(criterion.split())
    if proposal is not None:
        more = "".join(f"；{each.zh}" for each in proposal.open)
        also = "".join(f"; {each.say('en')}" for each in proposal.open)
        return head, Text(
            f"建议：{proposal.reading.zh}{more}。请对照原文核对：{words}",
            f"proposal: {proposal.reading.say('en')}{also}. Check it against: {words}",
        )
    if not criterion:
        return head, Text(
            "原表没有评分标准：请补上依据，再写计分方法", "the table has no criterion: find it, then write the method"
        )
    return head, Text(f"待写：暂按评定得分计。原文：{words}", f"to be written, as judged until then. It says: {words}")


def _whole(table: ScoreTable, digits: int, *, hundred: bool) -> tuple[Text, ...]:
    found = [
        Text("印发单位、文号、标题（notice、title）", "who issued the notice, its number and title (notice, title)"),
        Text(f"得分保留几位、怎样取整（rounding，暂为 {digits} 位、四舍五入）", f"decimals and rounding (rounding: {digits}, half up, for now)"),
        Text("等级的界限（grades，" + ("暂用 90、80、60）" if hundred else "满分不是 100 分，还没有定）"),
             "the grades (grades: " + ("90, 80, 60 for now)" if hundred else "none yet, since the points are not 100)")),
        Text("指标和数据的英文标识（indicator_1_1 等），写定以后不要再改", "identifiers of indicators and facts (indicator_1_1 …): choose them once"),
        Text("哪些指标会不适用，不适用时怎样处理（applies）", "which indicators may not apply, and what then (applies)"),
    ]  # fmt: skip
    for entry in table.beside:
        leaves = entry.leaves()
        cells = "、".join(leaf.cell for leaf in leaves)
        found.append(
            Text(f"“{entry.name}”（{cells}）不在总分之内，没有写入：请写成 adjustments",
                 f"{entry.name!r} ({cells}) stands beside the sum and was left out: write it as adjustments")
        )  # fmt: skip
    return tuple(found)


def _page(draft: Draft, title: str, table: ScoreTable) -> str:
    lines = [
        f"# {title}：待定事项",
        "",
        f"由 {table.file.name} 起草：{draft.indicators} 个指标，{draft.points:f} 分；其中 {draft.proposed} 个有建议的计分方法，其余暂按评定得分计。",
        "",
    ]
    lines += [f"- [ ] {each.zh}" for each in draft.whole]
    lines += ["", *(f"- [ ] **{head.zh}** {what.zh}" for head, what in draft.each), ""]
    return "\n".join(lines)
