"""The notice itself as a page and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.quantities import trimmed
from jmrules.report.html import page
from jmrules.report.markdown import plain, table
from jmrules.report.notice import notice_told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jmrules.errors import Language
    from jmrules.report.notice import Change, Item, NoticeTold
    from jmrules.ruleset import Ruleset


def number(points: Decimal | None) -> str:
    """Points as the notice writes them; a dash where there are none."""
    return "—" if points is None else trimmed(points, 6)


def notice_page(ruleset: Ruleset, against: Ruleset | None = None, language: Language = "zh") -> bytes:
    """The notice as one self-contained page in both languages."""
    return page("notice.html", ruleset.title, language, d=notice_told(ruleset, against), number=number)


def notice_markdown(ruleset: Ruleset, against: Ruleset | None = None, language: Language = "zh") -> bytes:
    """The notice as Markdown."""
    told = notice_told(ruleset, against)
    return ("\n".join(_Writer(told, language).lines()).rstrip() + "\n").encode()


class _Writer:
    def __init__(self, told: NoticeTold, language: Language) -> None:
        self.told, self.language = told, language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, text: Text | None) -> str:
        return "" if text is None else plain(text.say(self.language))

    def lines(self) -> Iterator[str]:
        told, say, of = self.told, self.say, self.of
        yield from (f"# {of(told.title)}", "", f"{of(told.notice)} · {of(told.status)}", "")
        if told.against is not None:
            yield from (f"{say('对照', 'against')} {of(told.against.title)}", "")
        yield from self.criteria()
        yield from (f"## {say('取整、等级、口径', 'Rounding, grades, formulas')}", "")
        for each in told.beside:
            yield f"- **{of(each.label)}** {of(each.said)}"
        yield ""
        if told.rest:
            yield from (f"## {say('其他变化', 'Other changes')}", "")
            for part, label, change in told.rest:
                yield f"- {of(part)} {of(label)}{say('：', ': ')}{self.change(change)}"
            yield ""
        for why in told.unread:
            yield from (f"**{of(why)}**", "")
        for item in told.sheets:
            yield from self.item(item)

    def criteria(self) -> Iterator[str]:
        """The table that a committee approves."""
        told, say, of = self.told, self.say, self.of
        if told.against is None:
            heads = [say("指标", "Indicator"), say("分值", "Points"), say("评分标准", "Criterion"), say("佐证材料", "Evidence"), say("依据", "Clause")]  # fmt: skip
            rows = [
                ["\u3000" * item.depth + of(item.label), item.sign + number(item.points), " ".join(map(of, [item.criterion, *item.provisions])), say("、", ", ").join(map(of, item.evidence)), of(item.clause.status) if item.clause else ""]
                for item in told.items
            ]  # fmt: skip
            rows.append([f"**{say('总分', 'Total')}**", f"**{number(told.ruleset.points)}**", "", "", ""])
            yield from table(heads, rows, frozenset({1}))
            return
        heads = [say("指标", "Indicator"), str(told.against.fiscal_year), str(told.ruleset.fiscal_year), say("原标准", "Criterion before"), say("现标准", "Criterion now"), say("变化", "Change")]  # fmt: skip
        rows = [
            [
                "\u3000" * item.depth + (f"**{of(item.label)}**" if item.state != "same" else of(item.label)),
                number(item.points_before), "—" if item.state == "removed" else item.sign + number(item.points),
                " ".join(map(of, [item.criterion_before, *item.provisions_before])), " ".join(map(of, [item.criterion, *item.provisions])), "<br>".join(self.change(each, brief=True) for each in item.changes),
            ]
            for item in told.items
        ]  # fmt: skip
        rows.append([f"**{say('总分', 'Total')}**", number(told.against.points), number(told.ruleset.points), "", "", ""])  # fmt: skip
        yield from table(heads, rows, frozenset({1, 2}))

    def change(self, change: Change, *, brief: bool = False) -> str:
        was, now = self.of(change.before), self.of(change.after)
        arrow = "" if (brief and change.shown) or was == now == "—" else f" {was} → {now}"
        return f"**{self.of(change.kind)}**{arrow}"

    def item(self, item: Item) -> Iterator[str]:
        """An indicator by itself."""
        say, of, colon = self.say, self.of, self.say("：", ": ")
        yield from (f"## {of(item.label)} · {item.sign}{number(item.points)} {say('分', 'points')}", "")
        yield f"- {say('评分标准', 'criterion')}{colon}{of(item.criterion)}"
        for each in item.provisions:
            yield f"- {of(each)}"
        if item.clause is not None:
            yield f"- {say('依据', 'clause')}{colon}{of(item.clause.status)} {of(item.clause.ground)}"
        for need in item.needed:
            columns = f"（{'、'.join(map(of, need.columns))}）" if need.columns else ""
            yield f"- {say('数据', 'fact')}{colon}{of(need.label)} ({of(need.form)}){columns}"
        for formula in item.formulas:
            yield f"- {of(formula.label)} = {of(formula.said)}"
        for label in item.evidence:
            yield f"- {say('佐证材料', 'document')}{colon}{of(label)}"
        for change in item.changes:
            yield f"- {self.change(change)}"
        for year in item.years:
            same = say("相同", "the same") if year.same else of(year.criterion)
            yield f"- {year.year}{colon}{number(year.points)} {say('分', 'points')}{say('，', ', ')}{same}"
        yield ""
