"""自评报告: the self-evaluation report in its four parts, composed from the score and merged with the department's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmrules.crossfoot import grade_named
from jmrules.report.figures import money, money_lists
from jmrules.report.telling import number
from jmrules.report.word_analysis import analysis, earned_of, overview, points_of, rate, span, standing
from jmrules.report.word_charts import pictures
from jmrules.report.word_narrative import SECTIONS
from jmrules.report.word_page import Page, new_page
from jmrules.review import STATE_WORDS, ledger
from jmrules.ruleset import Group, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.report.word_narrative import Narrative
    from jmrules.ruleset import Node

_NUMERALS = "零一二三四五六七八九"
_ENDING = re.compile(r"(.+?)\s*[（(]([^（()）]+)[)）]")


def self_evaluation(scored: Scored, narrative: Narrative, language: Language) -> Page:
    """The report. What nobody has written yet is marked, and counted in ``todo``."""
    page = new_page(language, f"{scored.facts.subject.name} {scored.ruleset.title.say(language)}")
    heading_of(page, scored, page.say("自评报告", "self-evaluation report"))
    report = _Report(page, scored, narrative)
    report.basics()
    report.results()
    report.others()
    report.last_year()
    page.signed(name_of(scored, language), page.say("    年    月    日", "date"))
    report.documents()
    return page


def heading_of(page: Page, scored: Scored, what: str, *, addressed: bool = False, to_issuer: bool = False) -> None:
    """The title, with the year on a line of its own, and whose document it is, or whom it is for."""
    title = scored.ruleset.title.say(page.language)
    parted = _ENDING.fullmatch(title)
    named, year = (parted[1], parted[2]) if parted else (title, "")
    if named.endswith("自评") and what.startswith("自评"):
        page.title(named + what.removeprefix("自评"))
    else:
        page.title(named)
        page.title(what)
    if year:
        page.subtitle(f"（{year}）" if page.language == "zh" else f"({year})")
    name = scored.ruleset.notice.issuer.say(page.language) if to_issuer else name_of(scored, page.language)
    page.flush(f"{name}{page.say('：', ':')}" if addressed else page.say("预算部门：", "Department: ") + name)


def name_of(scored: Scored, language: Language) -> str:
    """What the department is called."""
    subject = scored.facts.subject
    return subject.name if language == "zh" or subject.name_en is None else subject.name_en


def numeral(number: int) -> str:
    """A number as headings count: 一, 十二, 一百零一 as digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return f"{_NUMERALS[tens] if tens > 1 else ''}{'十' if tens else ''}{_NUMERALS[ones] if ones else ''}"


class _Report:
    """One report while it is written."""

    def __init__(self, page: Page, scored: Scored, narrative: Narrative) -> None:
        self.page, self.scored, self.narrative = page, scored, narrative
        self.language: Language = page.language

    # ---- headings

    def part(self, number: int, zh: str, en: str) -> None:
        """The heading of a part."""
        self.page.heading(1, self.page.say(f"{numeral(number)}、{zh}", f"{number}. {en}"))

    def section(self, part: int, number: int, title: str) -> None:
        """The heading of a section."""
        self.page.heading(2, f"（{numeral(number)}）{title}" if self.language == "zh" else f"{part}.{number} {title}")

    def own_words(self, section: str, *, needed: bool = True) -> None:
        """The department's paragraphs; where there are none, that they are to be written."""
        found = self.narrative.sections.get(section, ())
        for paragraph in found:
            self.page.body(paragraph)
        if not found and needed:
            self.page.missing(SECTIONS[section].say(self.language))

    # ---- one: the department

    def basics(self) -> None:
        """部门基本情况: duties, work, targets, and what was spent."""
        page, language = self.page, self.language
        self.part(1, "部门基本情况", "The department")
        for at, id in enumerate(("duties", "work", "targets"), 1):
            self.section(1, at, SECTIONS[id].say(language))
            self.own_words(id)
        self.section(1, 4, SECTIONS["spending"].say(language))
        sums, lists = money(self.scored, language), money_lists(self.scored, language)
        self.own_words("spending", needed=not sums)
        if sums:
            page.caption(page.say("部门收支主要数据", "Main figures"))
            heads = (page.say("数据项", "Figure"), page.say("金额", "Amount"), page.say("出处", "Source"))
            page.table(heads, (1.3, 1.0, 2.2), sums)
        for each in lists:
            page.caption(each.name)
            page.table(each.heads, (1.8, *(1.0 for _ in each.heads[1:])), each.rows)

    # ---- two: the evaluation

    def results(self) -> None:
        """绩效自评情况: the conclusion, then each uppermost indicator with what is below it."""
        self.part(2, "绩效自评情况", "The evaluation")
        self.section(2, 1, SECTIONS["conclusion"].say(self.language))
        self.own_words("conclusion", needed=False)
        self.conclusion()
        for at, top in enumerate(self.scored.ruleset.indicators, 2):
            label = top.label.say(self.language)
            self.section(2, at, self.page.say(f"{label}分析", label))
            self.indicator(top, 0, 0)

    def conclusion(self) -> None:
        """What is claimed, what the facts earn, and the table of both."""
        page, scored, language = self.page, self.scored, self.language
        claims, low_high = scored.facts.claims, scored.total
        ruleset = scored.ruleset
        grades = scored.review.grades
        named = [f"“{grade.label.say(language)}”" for grade in grades]
        notice = notice_of(scored, language)
        if claims.total is not None:
            grade = grade_named(ruleset, claims.grade) if claims.grade else None
            called = grade.label.say(language) if grade else claims.grade
            page.body(
                page.say(
                    f"按照{notice}要求，本部门对照各项考核指标开展自评，自评得分为 {number(claims.total)} 分"
                    + (f"，绩效等级为“{called}”。" if called else "。"),
                    f"Under {notice} the department claims {number(claims.total)} points"
                    + (f", grade “{called}”." if called else "."),
                )
            )
        else:
            page.body(page.say(f"本部门按照{notice}要求开展自评。", f"The department evaluates itself under {notice}."))
        open_ = low_high[0] != low_high[1]
        page.body(
            page.say(
                f"按所报数据复算，得分{'在' if open_ else '为'} {span(low_high)} 分{'之间' if open_ else ''}，"
                + (f"等级可能为{'、'.join(named)}。" if len(named) > 1 else f"等级为{named[0]}。")
                + ("报告未说明的数据补齐之后，得分才能确定。" if open_ else ""),
                f"Recomputed from its facts: {span(low_high)} points, grade {' or '.join(named)}."
                + (" It is settled once what is not stated is." if open_ else ""),
            )
        )
        page.caption(page.say("各项指标得分情况", "Points by indicator"))
        page.table(*score_table(scored, language))
        for picture in pictures(scored, language):
            page.caption(picture.title)
            page.picture(picture.png, picture.said)

    def indicator(self, node: Node, depth: int, number: int) -> None:
        """An indicator and all below it; what is deepest has numbers of its own."""
        page, scored, language = self.page, self.scored, self.language
        zh = language == "zh"
        label = node.label.say(language)
        leads = ("", f"{number}.{label}。", f"（{number}）{label}。", f"{label}。")
        lead = leads[min(depth, 3)] if zh else "" if depth == 0 else f"{label}. "
        if isinstance(node, Group):
            page.body(overview(scored, node, language), lead)
        else:
            page.body(standing(scored, node, language), lead)
        for paragraph in self.narrative.indicators.get(node.id, ()):
            page.body(paragraph)
        if isinstance(node, Group):
            for at, child in enumerate(node.children, 1):
                self.indicator(child, depth + 1, at)
        else:
            for paragraph in analysis(scored, node, language):
                page.body(paragraph)

    # ---- three and four

    def others(self) -> None:
        """其他自评情况: lines beside the sheet, and what the department adds."""
        page = self.page
        self.part(3, SECTIONS["other"].zh, SECTIONS["other"].say("en"))
        lines = () if self.scored.evaluation is None else self.scored.evaluation.trace.adjustments
        for each in lines:
            sign = "+" if each.points > 0 else ""
            said = each.reason.say(self.language)
            page.body(
                f"{said}：{sign}{number(each.points)} 分。"
                if self.language == "zh"
                else f"{said}: {sign}{number(each.points)}."
            )
        self.own_words("other", needed=not lines)

    def last_year(self) -> None:
        """上年度整改情况: earlier results, then each problem with what became of it."""
        page, facts = self.page, self.scored.facts
        self.part(4, SECTIONS["last_year"].zh, SECTIONS["last_year"].say("en"))
        history = facts.source.value.get("history", ())
        for each in history:
            page.body(_earlier(each, self.language))
        found = ledger((facts,), "9999-12-31")
        self.own_words("last_year", needed=not history and not found)
        if found:
            page.caption(page.say("整改情况", "Findings and what became of them"))
            heads = page.say(
                "发现年度|问题|整改措施|责任人|期限|整改状态", "Found|Problem|Measure|Owner|Due|State"
            ).split("|")
            rows = [
                (
                    str(line.entry.found), line.entry.problem, line.entry.measure or "—", line.entry.owner or "—",
                    line.entry.due or "—", STATE_WORDS[line.state].say(self.language),
                )
                for line in found
            ]  # fmt: skip
            page.table(heads, (1.0, 3.0, 3.0, 1.0, 1.0, 1.2), rows)

    # ---- annex

    def documents(self) -> None:
        """附件: each document, then those that are lacking."""
        page, scored = self.page, self.scored
        checks = scored.evidence.documents
        lacking = [each for each in scored.evidence.required if each.status in ("missing", "out of date")]
        if not checks and not lacking:
            return
        page.new_page()
        page.heading(1, page.say("附件：佐证材料清单", "Annex: documents"))
        rows = [
            (
                str(at),
                each.document.title,
                each.document.number or "—",
                each.document.date or "—",
                page.say("有", "listed"),
            )
            for at, each in enumerate(checks, 1)
        ]
        wanted: dict[tuple[str, str], list[str]] = {}
        for each in lacking:
            word = page.say("缺", "missing") if each.status == "missing" else page.say("日期不符", "out of date")
            wanted.setdefault((each.kind_label.say(self.language), word), []).append(each.label.say(self.language))
        comma = page.say("、", ", ")
        rows += [
            (
                str(at),
                f"{kind}（{comma.join(names)}）" if self.language == "zh" else f"{kind} ({comma.join(names)})",
                "—",
                "—",
                word,
            )
            for at, ((kind, word), names) in enumerate(wanted.items(), len(checks) + 1)
        ]
        heads = page.say("序号|材料|文号|日期|状态", "No.|Document|Number|Date|State").split("|")
        page.table(heads, (0.6, 4.0, 1.6, 1.0, 0.8), rows)


def notice_of(scored: Scored, language: Language) -> str:
    """The notice, as a sentence names it."""
    notice = scored.ruleset.notice
    title = notice.title.say(language) if notice.title else scored.ruleset.title.say(language)
    number = notice.number
    if language == "zh":
        return f"《{title}》" + (f"（{number}）" if number else "")
    return title + (f" ({number})" if number else "")


def score_table(
    scored: Scored, language: Language
) -> tuple[Sequence[str], Sequence[float], Sequence[Sequence[str]], Sequence[int]]:
    """Every indicator with its points, what is claimed, what it earns and at which rate; then the total."""
    zh = language == "zh"
    claims = scored.facts.claims
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for pointer, node in walk(scored.ruleset.indicators):
        depth = pointer.count("/children")
        claimed = claims.indicators.get(node.id)
        earned, points = earned_of(scored, node), points_of(scored, node)
        if isinstance(node, Group):
            strong.append(len(rows))
        said = "—" if claimed is None else number(claimed)
        rows.append(
            ("　" * depth + node.label.say(language), number(node.points), said, span(earned), rate(earned, points))
        )
    total = "—" if claims.total is None else number(claims.total)
    strong.append(len(rows))
    whole = scored.ruleset.points
    rows.append(
        ("总分" if zh else "Total", number(whole), total, span(scored.total), rate(scored.total, (whole, whole)))
    )
    heads = "指标|分值|自评得分|复算得分|得分率" if zh else "Indicator|Points|Claimed|Recomputed|Rate"
    return heads.split("|"), (3.2, 0.7, 0.9, 0.98, 1.0), rows, strong


def _earlier(each: dict[str, object], language: Language) -> str:
    """An earlier result, as the facts record it."""
    stage, total, grade = each.get("stage"), each.get("total"), each.get("grade")
    if language == "zh":
        said = f"{each['fiscal_year']} 年度{stage or '评价'}结果："
        said += "，".join(
            part
            for part in (f"得分 {total} 分" if total is not None else "", f"等级为“{grade}”" if grade else "")
            if part
        )
        return f"{said}。{each.get('note') or ''}"
    parts = ", ".join(str(part) for part in (total, grade) if part is not None)
    return f"{each['fiscal_year']}, {stage or 'result'}: {parts}. {each.get('note') or ''}".strip()
