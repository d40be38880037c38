"""评分表: the notice's table of indicators, points, criteria, claims and awards, with sums that a reader can check."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.compare import criterion
from jmrules.crossfoot import line
from jmrules.report.book import Book, height, put, shown
from jmrules.report.scored import Scored
from jmrules.review import STANDING_WORDS
from jmrules.ruleset import Group, Leaf, leaves, reading_facts
from jmrules.tables import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset import Node

_LEVELS = ("一级指标", "二级指标", "三级指标", "四级指标", "五级指标")
_TEXTS = {"criterion": 44.0, "losses": 40.0, "evidence": 28.0, "doubts": 28.0}


@frozen(eq=False)
class _Sheet:
    """One sheet while it is written."""

    book: Book
    sheet: Any
    scored: Scored
    #: columns of levels
    depth: int
    #: columns of numbers, by what they hold
    columns: dict[str, int] = field(factory=dict)

    def put(self, row: int, column: int, value: Any, **looks: Any) -> None:
        """Write a cell with a border."""
        put(self.sheet, row, column, value, self.book.look(border=1, **looks))


def score_sheet(book: Book, name: str, scored: Scored) -> str:
    """Write the score sheet of a department; the name of its sheet."""
    sheet = book.sheet(name)
    depth = max(_depth(node) for node in scored.ruleset.indicators)
    making = _Sheet(book, sheet, scored, depth)
    last = _heads(making)
    _title(making, last)
    row = 4
    sums: list[int] = []
    for top in scored.ruleset.indicators:
        row = _indicator(making, row, top)
        if isinstance(top, Group):
            _sum(
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
    _sum(making, row, book.say("合计", "Sum"), sums, scored.ruleset.indicators)
    row = _totals(making, row, last)
    row = _sign(making, row + 1, last)
    _print(making, row, last)
    return str(sheet.get_name())


def _depth(node: Node) -> int:
    return 1 if isinstance(node, Leaf) else 1 + max(_depth(child) for child in node.children)


# ---- heads


def _heads(making: _Sheet) -> int:
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


def _title(making: _Sheet, last: int) -> None:
    """The title, whose sheet it is, and under which notice."""
    book, scored = making.book, making.scored
    ruleset, facts = scored.ruleset, scored.facts
    title = shown(ruleset.title.say(book.language)) + book.say(" 评分表", ": score sheet")
    _wide(making, 0, last, title, bold=True, font_size=16, align="center")
    making.sheet.set_row(0, max(32, height(title, 100, 24)))
    name = facts.subject.name if book.language == "zh" or facts.subject.name_en is None else facts.subject.name_en
    notice = " ".join(part for part in (ruleset.notice.issuer.say(book.language), ruleset.notice.number) if part)
    status = (
        ""
        if ruleset.status == "official"
        else book.say(
            "；评分标准为推定，各项依据见评分办法", "; criteria are reconstructed, on grounds that the ruleset gives"
        )
        if ruleset.status == "reconstructed"
        else book.say("；草案，不可用于正式打分", "; a draft, not for official scoring")
    )
    _wide(making, 1, last, shown(book.say(f"部门（单位）：{name}", f"Department: {name}")), bold=True)
    making.sheet.set_row(1, height(name, 150, 18))
    _wide(
        making,
        2,
        last,
        shown(
            book.say(
                f"年度：{facts.fiscal_year}；依据：{notice}{status}",
                f"Fiscal year {facts.fiscal_year}; under {notice}{status}",
            )
        ),
        font_size=9,
    )


def _wide(making: _Sheet, row: int, last: int, text: str, **looks: Any) -> None:
    look = making.book.look(text_wrap=True, **looks)
    making.sheet.merge_range(row, 0, row, last, "", look)
    put(making.sheet, row, 0, text, look)


# ---- indicators


def _indicator(making: _Sheet, row: int, node: Node, depth: int = 0) -> int:
    """Write an indicator with all below it; the row after."""
    below = len(leaves((node,)))
    words = shown(node.label.say(making.book.language)) + (
        making.book.say(f"（{_number(node.points)} 分）", f" ({_number(node.points)})")
        if isinstance(node, Group)
        else ""
    )
    last = depth if isinstance(node, Group) else making.depth - 1
    _merged(making, row, depth, row + below - 1, last, words, text_wrap=True, bold=depth == 0)
    if isinstance(node, Leaf):
        _leaf(making, row, node)
        return row + 1
    for child in node.children:
        row = _indicator(making, row, child, depth + 1)
    claims = making.scored.facts.claims.indicators
    ids = {leaf.id for leaf in leaves((node,))}
    inner = any(id in claims for id in _ids(node) if id != node.id)
    if node.id in claims and not inner:
        _merged(
            making,
            row - len(ids),
            making.columns["claimed"],
            row - 1,
            making.columns["claimed"],
            claims[node.id],
            num_format=_form(making),
            align="center",
        )
    return row


def _ids(node: Node) -> Iterator[str]:
    yield node.id
    for child in node.children if isinstance(node, Group) else ():
        yield from _ids(child)


def _merged(making: _Sheet, top: int, left: int, bottom: int, right: int, value: Any, **looks: Any) -> None:
    if (top, left) != (bottom, right):
        making.sheet.merge_range(top, left, bottom, right, "", making.book.look(border=1, **looks))
    making.put(top, left, value, **looks)


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _form(making: _Sheet) -> str:
    decimals = making.scored.ruleset.rounding.leaf
    return f"0.{'0' * decimals}" if decimals else "0"


def _leaf(making: _Sheet, row: int, leaf: Leaf) -> None:
    """Write the numbers and the words of a scored indicator."""
    scored, columns = making.scored, making.columns
    form = _form(making)
    making.put(row, columns["points"], leaf.points, num_format="0.##########", align="center")
    if "applies" in columns:
        low, high = scored.points()[leaf.id]
        making.put(
            row,
            columns["applies"],
            low if low == high else f"{_number(low)}–{_number(high)}",
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
        "losses": "\n".join(_losses(making, leaf)),
        "evidence": "\n".join(_evidence(making, leaf)),
        "doubts": "\n".join(_doubts(making, leaf)),
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


def _losses(making: _Sheet, leaf: Leaf) -> Iterator[str]:
    """Why points are not awarded, or what they still depend on."""
    language, scored = making.book.language, making.scored
    if scored.evaluation is None:
        assert scored.possible is not None
        node = scored.possible[leaf.id]
        if node.low != node.high:
            labels = {fact.id: fact.label.say(language) for fact in scored.ruleset.facts}
            names = [labels[name] for name in scored.possible.reads[leaf.id]]
            yield making.book.say(
                f"取决于未知的：{'、'.join(names)}", f"depends on what is not known: {', '.join(names)}"
            )
        return
    found = next(each for each in scored.evaluation.trace.leaves if each.id == leaf.id)
    if found.outcome == "excluded":
        yield found.explanation.say(language)
    for loss in found.losses:
        sign = "扣" if language == "zh" else "-"
        unit = " 分" if language == "zh" else ""
        yield f"{sign}{' ' if language == 'zh' else ''}{_number(loss.points)}{unit}{'：' if language == 'zh' else ': '}{loss.reason.say(language)}"
    for move in found.moves:
        came = move.points > 0
        yield making.book.say(
            f"{'转入' if came else '转出'} {_number(abs(move.points))} 分：{move.label.zh}",
            f"{_number(abs(move.points))} points {'from' if came else 'to'} {move.label.say('en')}",
        )


def _evidence(making: _Sheet, leaf: Leaf) -> Iterator[str]:
    """The documents and sections that its facts name, and the documents that are lacking."""
    scored, language = making.scored, making.book.language
    titles = {document.id: document.title for document in scored.facts.documents}
    places: dict[str, dict[str, None]] = {}
    for name in reading_facts(scored.ruleset)[leaf.id]:
        for entry in cited(scored.facts.given.get(name)):
            if "document" in entry:
                places.setdefault(entry["document"], {}).update({entry["section"]: None} if "section" in entry else {})
    for id, sections in places.items():
        said = making.book.say("、", ", ").join(sections)
        yield f"{titles.get(id, id)}{'：' if language == 'zh' and said else ': ' if said else ''}{said}"
    for each in scored.evidence.required:
        if each.indicator == leaf.id and each.status in ("missing", "out of date"):
            what = (
                making.book.say("缺", "missing")
                if each.status == "missing"
                else making.book.say("日期不符", "out of date")
            )
            yield f"{what}{'：' if language == 'zh' else ': '}{each.kind_label.say(language)}"


def cited(given: Any) -> Iterator[dict[str, str]]:
    """Every place that a fact, or a part of one, names."""
    if isinstance(given, dict):
        yield from given.get("evidence", ())
        for name, part in given.items():
            if name not in ("evidence", "statements") and isinstance(part, dict | list | tuple):
                yield from cited(part)
    elif isinstance(given, list | tuple):
        for part in given:
            yield from cited(part)


def _doubts(making: _Sheet, leaf: Leaf) -> Iterator[str]:
    """How the claim stands, and which figures cast doubt on the award."""
    review, language = making.scored.review, making.book.language
    node = next(each for each in review.indicators if each.id == leaf.id)
    for standing in node.standings:
        if standing not in ("consistent", "not-claimed"):
            yield STANDING_WORDS[standing].say(language)
    if node.on_assertion:
        yield making.book.say(
            f"{_number(node.on_assertion)} 分仅有文字说明", f"{_number(node.on_assertion)} points on assertion alone"
        )
    for matter in review.matters:
        if matter.id in node.contradicted_by and matter.status not in ("agrees", "rounding"):
            yield line(matter).say(language)


# ---- sums


def _sum(making: _Sheet, row: int, name: str, rows: list[int], nodes: tuple[Node, ...]) -> None:
    """A row of sums, over the rows of a group or over the sums of the groups."""
    inner = len(nodes) == 1 and isinstance(nodes[0], Group) and len(rows) == len(leaves(nodes))
    bold = {"bold": True, "bg_color": "#F2F2F2" if inner else "#D9E2F3"}
    _merged(making, row, 0, row, making.depth - 1, name, **bold, text_wrap=True)
    columns = making.columns
    for at in range(making.depth, len(columns)):
        making.put(row, at, None, **bold)
    for id, value in _sums(making, nodes).items():
        column = letters(columns[id])
        cells = (
            f"{column}{rows[0] + 1}:{column}{rows[-1] + 1}"
            if inner
            else ",".join(f"{column}{each + 1}" for each in rows)
        )
        form = "0.##########" if id == "points" else _form(making)
        making.sheet.write_formula(
            row,
            columns[id],
            f"=SUM({cells})",
            making.book.look(border=1, align="center", num_format=form, **bold),
            float(value),
        )
    making.sheet.set_row(row, max(20, height(name, 16 * making.depth)))


def _sums(making: _Sheet, nodes: tuple[Node, ...]) -> dict[str, Decimal]:
    """What the columns of numbers come to, over all leaves below some nodes."""
    scored = making.scored
    every = leaves(nodes)
    earned, points = scored.earned(), scored.points()
    found = {"points": sum((leaf.points for leaf in every), Decimal(0))}
    claimed = [value for _, value in _shown_claims(nodes, scored.facts.claims.indicators)]
    if claimed:
        found["claimed"] = sum(claimed, Decimal(0))
    if "applies" in making.columns and all(low == high for low, high in points.values()):
        found["applies"] = sum((points[leaf.id][0] for leaf in every), Decimal(0))
    found["low"] = sum((earned[leaf.id][0] for leaf in every), Decimal(0))
    if "high" in making.columns:
        found["high"] = sum((earned[leaf.id][1] for leaf in every), Decimal(0))
    return found


def _shown_claims(nodes: tuple[Node, ...], claims: Any) -> Iterator[tuple[str, Decimal]]:
    """The claims that stand on the sheet: those of leaves, and of groups below which nothing is claimed."""
    for node in nodes:
        inner = [id for id in _ids(node) if id in claims and id != node.id]
        if node.id in claims and not inner:
            yield node.id, claims[node.id]
        elif isinstance(node, Group):
            yield from _shown_claims(node.children, claims)


def _totals(making: _Sheet, row: int, last: int) -> int:
    """What lies between the sum and the total, the total, and the grade; the row after."""
    scored, columns, book = making.scored, making.columns, making.book
    language = book.language
    sum_row = row
    first = row + 1
    if scored.evaluation is not None:
        for each in scored.evaluation.trace.adjustments:
            row += 1
            _line(making, row, last, each.reason.say(language), {"low": each.points})
    elif any(gap := _gap(scored)):
        row += 1
        _line(
            making,
            row,
            last,
            book.say("各项不能同时达到两端", "not all ends can be reached at once"),
            {"low": gap[0], "high": gap[1]},
        )
    row += 1
    claims = scored.facts.claims
    _line(making, row, last, book.say("总分", "Total"), {}, bold=True)
    decimals = scored.ruleset.rounding.total
    form = f"0.{'0' * decimals}" if decimals else "0"
    look = book.look(border=1, bold=True, align="center", num_format=form)
    for id, end in zip(("low", "high"), scored.total, strict=True):
        if id in columns:
            column = letters(columns[id])
            extra = f"+SUM({column}{first + 1}:{column}{row})" if row > first else ""
            making.sheet.write_formula(row, columns[id], f"={column}{sum_row + 1}{extra}", look, float(end))
    put(making.sheet, row, columns["claimed"], claims.total, look)
    row += 1
    grades = [scored.evaluation.grade] if scored.evaluation is not None else scored.review.grades
    named = "/".join(grade.label.say(language) for grade in grades)
    _line(making, row, last, book.say("等级", "Grade"), {"low": named, "claimed": claims.grade}, bold=True)
    return row + 1


def _gap(scored: Scored) -> tuple[Decimal, Decimal]:
    """By how much the ends of the total are other than the sums of the ends."""
    earned = scored.earned().values()
    low, high = scored.total
    return low - sum((each[0] for each in earned), Decimal(0)), high - sum((each[1] for each in earned), Decimal(0))


def _line(making: _Sheet, row: int, last: int, name: str, values: dict[str, Any], **looks: Any) -> None:
    for at in range(last + 1):
        making.put(row, at, None, **looks)
    _merged(making, row, 0, row, making.columns["claimed"] - 1, shown(name), text_wrap=True, **looks)
    for id, value in values.items():
        cell = shown(value) if isinstance(value, str) else value
        making.put(row, making.columns[id], cell, align="center", num_format=_form(making), **looks)
    making.sheet.set_row(row, max(20, height(name, 16 * making.depth + 55)))


# ---- print


def _sign(making: _Sheet, row: int, last: int) -> int:
    """Where people sign; the row after."""
    say = making.book.say
    blocks = (
        (
            say("填报人（签字）：", "Prepared by:"),
            say("部门（单位）负责人（签字）：", "Head of department:"),
            say("部门（单位）盖章：", "Seal:"),
            say("日期：", "Date:"),
        ),
        (
            say("复核人（签字）：", "Reviewed by:"),
            say("复核意见：", "Opinion:"),
            say("复核单位盖章：", "Seal:"),
            say("日期：", "Date:"),
        ),
    )
    for block in blocks:
        making.sheet.set_row(row, 34)
        columns = [0, making.columns["criterion"], making.columns["losses"], making.columns["doubts"]]
        for at, text in zip(columns, block, strict=True):
            put(making.sheet, row, at, text, making.book.look())
        row += 1
    return row


def _print(making: _Sheet, row: int, last: int) -> None:
    sheet, book = making.sheet, making.book
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(3)
    sheet.print_area(0, 0, row - 1, last)
    sheet.center_horizontally()
    sheet.set_footer(book.say("&C第 &P 页，共 &N 页", "&CPage &P of &N"))
    sheet.freeze_panes(4, making.depth)
    sheet.hide_gridlines(2)
