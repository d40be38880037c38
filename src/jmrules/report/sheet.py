"""评分表: the notice's table of indicators, points, criteria, claims and awards, with sums that a reader can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.compare import criterion
from jmrules.report.book import Book, height, shown
from jmrules.report.grid import Grid
from jmrules.report.paper import print_on_a4, sign, title
from jmrules.report.sums import ids_below, sum_row, totals
from jmrules.report.telling import doubts_of, evidence_of, losses_of, number
from jmrules.ruleset import Group, Leaf, leaves

if TYPE_CHECKING:
    from jmrules.report.scored import Scored
    from jmrules.ruleset import Node

_LEVELS = ("一级指标", "二级指标", "三级指标", "四级指标", "五级指标")
_TEXTS = {"criterion": 44.0, "losses": 40.0, "evidence": 28.0, "doubts": 28.0}


def score_sheet(book: Book, name: str, scored: Scored) -> str:
    """Write the score sheet of a department; the name of its sheet."""
    sheet = book.sheet(name)
    depth = max(_depth(node) for node in scored.ruleset.indicators)
    making = Grid(book, sheet, scored, depth)
    last = _heads(making)
    title(making, last)
    row = 4
    sums: list[int] = []
    for top in scored.ruleset.indicators:
        row = _indicator(making, row, top)
        if isinstance(top, Group):
            sum_row(
                making,
                row,
                shown(top.label.say(book.language)) + book.say("小计", " in all"),
                list(range(row - len(leaves((top,))), row)),
                (top,),
            )
            sums.append(row)
            row += 1
        else:
            sums.append(row - 1)
    sum_row(making, row, book.say("合计", "Sum"), sums, scored.ruleset.indicators)
    row = totals(making, row, last)
    row = sign(making, row + 1, last)
    print_on_a4(making, row, last)
    return str(sheet.get_name())


def _depth(node: Node) -> int:
    return 1 if isinstance(node, Leaf) else 1 + max(_depth(child) for child in node.children)


# ---- heads


def _heads(making: Grid) -> int:
    """Name the columns; the number of the last one."""
    say, scored = making.book.say, making.scored
    open_ = scored.possible is not None
    stated = {leaf.id: leaf.points for leaf in leaves(scored.ruleset.indicators)}
    moved = any(pair != (stated[id], stated[id]) for id, pair in scored.points().items())
    heads = [
        (f"level{at}", say(_LEVELS[at] if at < len(_LEVELS) else f"第 {at + 1} 级指标", f"Level {at + 1}"), 16.0)
        for at in range(making.depth)
    ]
    heads += [("points", say("分值", "Points"), 8.0), ("criterion", say("评分标准", "Criterion"), _TEXTS["criterion"])]
    if moved:
        heads.append(("applies", say("本部门分值", "Points here"), 9.0))
    heads.append(("claimed", say("自评得分", "Claimed"), 9.0))
    heads += (
        [
            ("low", say("复算得分（最低）", "Recomputed, least"), 9.0),
            ("high", say("复算得分（最高）", "Recomputed, most"), 9.0),
        ]
        if open_
        else [("low", say("复算得分", "Recomputed"), 9.0)]
    )
    heads += [
        ("losses", say("扣分原因", "Why points were lost"), _TEXTS["losses"]),
        ("evidence", say("佐证材料", "Evidence"), _TEXTS["evidence"]),
        ("doubts", say("存疑", "In doubt"), _TEXTS["doubts"]),
    ]
    for at, (id, name, wide) in enumerate(heads):
        making.columns[id] = at
        making.sheet.set_column(at, at, wide)
        making.put(3, at, name, bold=True, align="center", text_wrap=True, bg_color="#D9E2F3")
    making.sheet.set_row(3, 46)
    return len(heads) - 1


# ---- indicators


def _indicator(making: Grid, row: int, node: Node, depth: int = 0) -> int:
    """Write an indicator with all below it; the row after."""
    below = len(leaves((node,)))
    words = shown(node.label.say(making.book.language)) + (
        making.book.say(f"（{number(node.points)} 分）", f" ({number(node.points)})") if isinstance(node, Group) else ""
    )
    last = depth if isinstance(node, Group) else making.depth - 1
    making.merged(row, depth, row + below - 1, last, words, text_wrap=True, bold=depth == 0)
    if isinstance(node, Leaf):
        _leaf(making, row, node)
        return row + 1
    for child in node.children:
        row = _indicator(making, row, child, depth + 1)
    claims = making.scored.facts.claims.indicators
    ids = {leaf.id for leaf in leaves((node,))}
    inner = any(id in claims for id in ids_below(node) if id != node.id)
    if node.id in claims and not inner:
        making.merged(
            row - len(ids),
            making.columns["claimed"],
            row - 1,
            making.columns["claimed"],
            claims[node.id],
            num_format=making.form,
            align="center",
        )
    return row


def _leaf(making: Grid, row: int, leaf: Leaf) -> None:
    """Write the numbers and the words of a scored indicator."""
    scored, columns = making.scored, making.columns
    form = making.form
    making.put(row, columns["points"], leaf.points, num_format="0.##########", align="center")
    if "applies" in columns:
        low, high = scored.points()[leaf.id]
        making.put(
            row,
            columns["applies"],
            low if low == high else f"{number(low)}–{number(high)}",
            num_format=form,
            align="center",
        )
    making.put(row, columns["claimed"], scored.facts.claims.indicators.get(leaf.id), num_format=form, align="center")
    low, high = scored.earned()[leaf.id]
    making.put(row, columns["low"], low, num_format=form, align="center")
    if "high" in columns:
        making.put(row, columns["high"], high, num_format=form, align="center")
    texts = {
        "criterion": criterion(scored.ruleset, leaf).say(making.book.language),
        "losses": "\n".join(losses_of(scored, leaf.id, making.book.language)),
        "evidence": "\n".join(evidence_of(scored, leaf.id, making.book.language)),
        "doubts": "\n".join(doubts_of(scored, leaf.id, making.book.language)),
    }
    for id, text in texts.items():
        making.put(
            row,
            columns[id],
            shown_lines(text),
            text_wrap=True,
            font_size=9,
            valign="top",
            font_color="#C00000" if id == "doubts" else "#000000",
        )
    tallest = max(height(text, _TEXTS[id] * 1.15, 12.5) for id, text in texts.items())
    making.sheet.set_row(row, max(24, tallest, height(leaf.label.say(making.book.language), 15)))


def shown_lines(text: str) -> str:
    """A text of several lines, each as people can read it."""
    return "\n".join(shown(each) for each in text.split("\n"))
