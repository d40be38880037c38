"""复核意见 and the reply to it: what a reviewer decides and asks, and the department's letter that answers point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.crossfoot import asked, line, said
from jmrules.documents import pretty
from jmrules.errors import Text
from jmrules.quantities import trimmed
from jmrules.report.telling import number
from jmrules.report.word_analysis import doubtful, span
from jmrules.report.word_page import Page, new_page
from jmrules.report.word_report import heading_of, name_of, notice_of, numeral, score_table
from jmrules.review import deviations, table
from jmrules.ruleset import leaves

if TYPE_CHECKING:
    from decimal import Decimal

    from jmrules.crossfoot import Matter
    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.report.word_narrative import Narrative
    from jmrules.review import Adjudicated, Interval

STAGE_WORDS = {
    "self_evaluation": Text("部门自评", "self-evaluation"),
    "department": Text("主管部门复核", "supervising department"),
    "finance": Text("财政部门复核", "finance bureau"),
    "reply": Text("反馈意见答复", "reply"),
    "final": Text("最终结果", "final"),
}
_ASKED = ("contradicts", "question", "cannot-be-computed", "misprint", "remainder")


def opinion(scored: Scored, reviewed: Adjudicated | None, language: Language) -> Page:
    """The reviewer's opinion: the result, each change with its ground, what is in doubt, what is lacking, who signed."""
    page = new_page(language, f"{scored.facts.subject.name} {scored.ruleset.title.say(language)}")
    heading_of(page, scored, page.say("复核意见", "reviewer's opinion"), addressed=True)
    notice = notice_of(scored, language)
    page.body(page.say(f"按照{notice}，对你单位 {scored.facts.fiscal_year} 年度绩效自评材料进行了复核，意见如下。",
                       f"Your self-evaluation for {scored.facts.fiscal_year} was reviewed under {notice}, with this result."))  # fmt: skip
    parts = _Parts(page)
    parts.head("复核结论", "Result")
    _result(page, scored, reviewed)
    if reviewed is not None and reviewed.decisions:
        parts.head("分数调整及理由", "Changes and their grounds")
        for at, each in enumerate(reviewed.decisions, 1):
            page.body(decision_said(each, language), f"{at}.")
    matters = asked_matters(scored)
    if matters:
        parts.head("需要说明的数据", "Figures to be explained")
        for at, matter in enumerate(matters, 1):
            ask = asked(matter)
            page.body(f"{said(matter).say(language)}{'' if ask is None else page.say('。请说明：', '. ') + ask.say(language)}",
                      f"{at}.{line(matter).say(language)}{page.say('。', '. ')}")  # fmt: skip
    doubts = [
        (leaf.label.say(language), doubtful(scored, leaf, language)) for leaf in leaves(scored.ruleset.indicators)
    ]
    if any(text for _, text in doubts):
        parts.head("各项指标存疑", "In doubt, by indicator")
        page.table(
            (page.say("指标", "Indicator"), page.say("存疑", "In doubt")),
            (1.6, 3.4),
            [each for each in doubts if each[1]],
        )
    _lacking(page, scored, parts)
    parts.head("有关要求", "What to do")
    page.body(page.say("请对上述事项逐项书面答复，并附佐证材料；对分数调整有异议的，请一并说明。",
                       "Please answer each point in writing, with evidence, and say where you do not agree with a change."))  # fmt: skip
    _stages(page, reviewed)
    page.signed(scored.ruleset.notice.issuer.say(language), page.say("    年    月    日", "date"))
    return page


def reply(scored: Scored, reviewed: Adjudicated | None, narrative: Narrative, language: Language) -> Page:
    """The department's letter in reply: each change and each question, with its answer or a place for one."""
    page = new_page(language, f"{scored.facts.subject.name} {scored.ruleset.title.say(language)}")
    heading_of(
        page, scored, page.say("复核意见的回复", "reply to the reviewer's opinion"), addressed=True, to_issuer=True
    )
    page.body(page.say(f"贵单位对我单位 {scored.facts.fiscal_year} 年度绩效自评的复核意见收悉，现就有关事项回复如下。",
                       f"We have your opinion on our self-evaluation for {scored.facts.fiscal_year}, and answer it point by point."))  # fmt: skip
    parts = _Parts(page)
    if reviewed is not None and reviewed.decisions:
        parts.head("对分数调整的意见", "On the changes")
        for at, each in enumerate(reviewed.decisions, 1):
            page.body(decision_said(each, language), f"{at}.")
            _answer(page, narrative.indicators.get(each.change.target, ()), each.label.say(language))
    matters = asked_matters(scored)
    if matters:
        parts.head("对所问数据的说明", "On the figures")
        for at, matter in enumerate(matters, 1):
            ask = asked(matter)
            page.body(
                said(matter).say(language) if ask is None else ask.say(language),
                f"{at}.{line(matter).say(language)}{page.say('。', '. ')}",
            )
            _answer(page, (), line(matter).say(language))
    _lacking(page, scored, parts)
    if parts.count == 0:
        page.body(page.say("我单位对复核意见没有异议。", "We have no objection."))
    for paragraph in narrative.sections.get("other", ()):
        page.body(paragraph)
    page.signed(name_of(scored, language), page.say("    年    月    日", "date"))
    return page


class _Parts:
    """Numbered parts, of those that there are."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def head(self, zh: str, en: str) -> None:
        self.count += 1
        self.page.heading(1, self.page.say(f"{numeral(self.count)}、{zh}", f"{self.count}. {en}"))


def asked_matters(scored: Scored) -> list[Matter]:
    """The matters that ask for an answer, the gravest first."""
    return [matter for status in _ASKED for matter in scored.review.matters if matter.status == status]


def decision_said(each: Any, language: Language) -> str:
    """A decision: what stood there, what stands there now, what that does, why, by whom."""
    zh = language == "zh"
    change = each.change
    where = ("、" if zh else ", ").join(
        part for entry in change.evidence for part in (entry.document, entry.section, entry.note) if part
    )
    before, after = plain(each.before), plain(each.after)
    if each.totals is not None:
        was, to = map(span, each.totals)
        if was == to:
            effect = f"总分仍为 {to} 分" if zh else f"the total stays {to}"
        else:
            effect = f"总分由 {was} 分变为 {to} 分" if zh else f"total {was} becomes {to}"
    elif each.effect is None or not each.effect:
        effect = "总分不变" if zh else "the total stays"
    else:
        moved = ("+" if each.effect > 0 else "−") + number(abs(each.effect))
        effect = f"总分 {moved} 分" if zh else f"total {moved}"
    if zh:
        return f"{each.label.zh}：由 {before} 改为 {after}，{effect}。理由：{change.why}。依据：{where}。（{change.by}，{change.date}）"
    return f"{each.label.say('en')}: {before} becomes {after}, {effect}. Why: {change.why}. On: {where}. ({change.by}, {change.date})"


def plain(value: Any) -> str:
    """A value as a document states it; of a fact object, its value."""
    if isinstance(value, dict):
        if "low" in value:
            return span((value["low"], value["high"]))
        value = value.get("value")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value is None else pretty(value, width=10**6).strip()


def _result(page: Page, scored: Scored, reviewed: Adjudicated | None) -> None:
    language, claims, counted = page.language, scored.facts.claims, scored.review
    claimed = page.say("未报自评总分", "no total was claimed") if claims.total is None else page.say(
        f"自评 {number(claims.total)} 分", f"claimed {number(claims.total)}")  # fmt: skip
    grades = page.say("、", " or ").join(f"“{grade.label.say(language)}”" for grade in counted.grades)
    page.body(page.say(f"{claimed}；按所报数据复算 {span(scored.total)} 分，等级{'可能' if len(counted.grades) > 1 else ''}为{grades}。",
                       f"{claimed}; recomputed {span(scored.total)} points, grade {grades}."))  # fmt: skip
    if reviewed is not None:
        off = deviations(reviewed)["from_claimed"]
        grade = page.say("”或“", "” or “").join(each.label.say(language) for each in reviewed.reviewed.grades)
        total = span(reviewed.reviewed.between)
        beside = (
            ""
            if not off
            else page.say(
                f"，较自评{'高' if off > 0 else '低'} {number(abs(off))} 分",
                f", {'+' if off > 0 else '−'}{number(abs(off))} against what was claimed",
            )
        )
        page.body(
            page.say(
                f"经复核，得分 {total} 分，等级{'可能' if len(reviewed.reviewed.grades) > 1 else ''}为“{grade}”{beside}。",
                f"By review: {total} points, grade “{grade}”{beside}.",
            )
        )
        if reviewed.reviewed.open:
            names = page.say("、", ", ").join(each.say(language) for each in reviewed.reviewed.open)
            page.body(page.say(f"尚未核定的指标：{names}。", f"Not settled: {names}."))
    weights = [
        (page.say("高于应得", "over-claimed"), counted.over_claimed), (page.say("存疑", "in doubt"), counted.in_doubt),
        (page.say("仅有文字说明", "on assertion alone"), counted.on_assertion),
    ]  # fmt: skip
    told = [f"{name} {number(points)}{page.say(' 分', '')}" for name, points in weights if points]
    if told:
        page.body(page.say("其中：", "Of these: ") + page.say("；", "; ").join(told) + page.say("。", "."))
    page.caption(page.say("各项指标得分情况", "Points by indicator"))
    if reviewed is None:
        page.table(*score_table(scored, language))
        return
    rows = [
        (
            "　" * depth + label.say(language),
            _points(claimed),
            _between(computed),
            _between(points),
            _signed(claimed, points),
        )
        for _, label, depth, claimed, computed, points in table(reviewed)
    ]
    last, earned = reviewed.reviewed.between, reviewed.computed
    rows.append(
        (
            page.say("总分", "Total"),
            _points(claims.total),
            _between(None if earned is None else earned.between),
            _between(last),
            _signed(claims.total, last),
        )
    )
    heads = page.say("指标|自评|复算|复核|偏差", "Indicator|Claimed|Recomputed|Reviewed|Off").split("|")
    page.table(heads, (3.4, 0.9, 0.9, 0.9, 0.9), rows, (len(rows) - 1,))


def _points(points: Decimal | None) -> str:
    return "—" if points is None else trimmed(points, 4)


def _between(between: Interval | None) -> str:
    if between is None:
        return "—"
    low, high = map(_points, between)
    return low if low == high else f"{low}～{high}"


def _signed(claimed: Decimal | None, reviewed: Interval) -> str:
    if claimed is None or reviewed[0] != reviewed[1]:
        return "—"
    off = reviewed[0] - claimed
    return f"{'+' if off > 0 else '−'}{trimmed(abs(off), 4)}" if off else "0"


def _lacking(page: Page, scored: Scored, parts: _Parts) -> None:
    """What is to be handed in: facts that are not stated, documents that are missing."""
    language = page.language
    unknown = [] if scored.possible is None else [each.label.say(language) for each in scored.possible.worth]
    wanted: dict[str, list[str]] = {}
    for each in scored.evidence.required:
        if each.status in ("missing", "out of date"):
            wanted.setdefault(each.kind_label.say(language), []).append(each.label.say(language))
    if not unknown and not wanted:
        return
    parts.head("需要补充的数据和材料", "To be handed in")
    comma = page.say("、", ", ")
    if unknown:
        page.body(
            page.say(
                f"报告未说明、影响得分的数据，影响大的在前：{comma.join(unknown)}。",
                f"Not stated, what matters most first: {comma.join(unknown)}.",
            )
        )
    if wanted:
        rows = [(str(at), kind, comma.join(names)) for at, (kind, names) in enumerate(wanted.items(), 1)]
        page.table(
            (page.say("序号", "No."), page.say("材料", "Document"), page.say("要求它的指标", "Indicators")),
            (0.6, 2.0, 3.0),
            rows,
        )


def _stages(page: Page, reviewed: Adjudicated | None) -> None:
    if reviewed is None or not reviewed.stages:
        return
    rows: list[tuple[str, str, str, str]] = []
    grades = {grade.id: grade.label.say(page.language) for grade in reviewed.ruleset.grades}
    for each in reviewed.stages:
        by, date = (each.signed.by, each.signed.date) if each.signed else (page.say("未签署", "not signed"), "—")
        rows.append(
            (
                f"{STAGE_WORDS[each.stage].say(page.language)} {grades.get(each.grade or '', each.grade or '')}",
                _points(each.total) if each.open is None else _between(each.open.between),
                by,
                date,
            )
        )
    heads = page.say("阶段|得分|签署人|日期", "Stage|Points|Signed by|Date").split("|")
    page.caption(page.say("复核阶段", "Stages"))
    page.table(heads, (2.0, 1.0, 1.0, 1.0), rows)


def _answer(page: Page, own: tuple[str, ...], what: str) -> None:
    """The department's answer, or that one is to be written."""
    for paragraph in own:
        page.body(paragraph, page.say("答复：", "Answer: "))
    if not own:
        page.missing(page.say(f"答复：{what}", f"answer on {what}"))
