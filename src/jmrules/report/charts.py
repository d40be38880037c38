"""What charts show, as Vega-Lite: declared here, drawn in ``drawing``. Floats are for drawing alone; points stand beside in digits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import intervals
from jmrules.quantities import trimmed
from jmrules.report.drawing import COLOURS, Chart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import Language, Text
    from jmrules.monitor import MonitorSession
    from jmrules.report.told import Line, Told
    from jmrules.ruleset import Ruleset

#: rows that one chart shows; the rest are counted in its sentence
MOST = 40
_WIDTH = 520
#: Latin letters that a label has room for; Chinese characters take two
_LABEL = 50
_ROW = 22


def _spec(values: Sequence[Mapping[str, Any]], height: Any, **rest: Any) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": list(values)},
        "width": _WIDTH,
        "height": height,
        **rest,
    }


def _rows() -> dict[str, Any]:
    """A row for each name, in the order given."""
    return {"field": "at", "type": "ordinal", "title": None, "axis": {"labelExpr": "slice(datum.label, 5)"}}


def _at(number: int, label: str) -> str:
    """A row's name, told apart by its number, which is not shown; a long one is cut, for measuring it takes long."""
    cut, room = "", _LABEL
    for sign in label:
        room -= 2 if ord(sign) > 0x2E7F else 1
        if room < 0:
            return f"{number:04}|{cut}…"
        cut += sign
    return f"{number:04}|{cut}"


def _names(lines: Sequence[Line], language: Language) -> list[tuple[str, Line]]:
    """Rows with names that are told apart: their number before what is shown of them."""
    return [(_at(number, line.label.say(language)), line) for number, line in enumerate(lines)]


def _points(pair: tuple[Decimal, Decimal]) -> str:
    low, high = (trimmed(end, 2) for end in pair)
    return low if low == high else f"{low}–{high}"


def _shown(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The leaves; of very many, those that lost most or are most open, in the order of the sheet."""
    if len(lines) <= MOST:
        return tuple(lines)
    weighed = sorted(lines, key=lambda line: (line.own[0] - line.points[1], line.id))[:MOST]
    return tuple(line for line in lines if line in weighed)


def _rest(all_: Sequence[Line], shown: Sequence[Line], language: Language) -> str:
    rest = len(all_) - len(shown)
    if not rest:
        return ""
    return f"；另有 {rest} 项指标未画出" if language == "zh" else f"; {rest} more indicators are not drawn"


def department_charts(told: Told, language: Language) -> list[Chart]:
    """All that is drawn of one department."""
    every = (
        where_points_went(told, language),
        claimed_against_supported(told, language),
        award_rates(told, language),
        year_over_year(told, language),
    )
    return [chart for chart in every if chart is not None]


def where_points_went(told: Told, language: Language) -> Chart:
    """Of each scored indicator: points earned for sure, points that are open, points lost."""
    zh = language == "zh"
    every = [line for line in told.leaves if not line.beside]
    lines = _shown(every)
    words = {"sure": "得分" if zh else "awarded", "open": "未定" if zh else "open", "lost": "扣分" if zh else "lost"}
    values = []
    for name, line in _names(lines, language):
        low, high = line.own
        parts = {"sure": low, "open": high - low, "lost": max(line.points[1] - high, Decimal(0))}
        values += [{"at": name, "part": words[part], "order": at, "points": float(value)} for at, (part, value) in enumerate(parts.items()) if value]  # fmt: skip
    sure = sum((line.own[0] for line in every), Decimal(0))
    lost = sum((max(line.points[1] - line.own[1], Decimal(0)) for line in every), Decimal(0))
    open_ = sum((line.own[1] - line.own[0] for line in every), Decimal(0))
    said = (
        f"已得 {trimmed(sure, 2)} 分，未定 {trimmed(open_, 2)} 分，扣 {trimmed(lost, 2)} 分"
        if zh
        else f"{trimmed(sure, 2)} awarded, {trimmed(open_, 2)} open, {trimmed(lost, 2)} lost"
    )
    colour = {"field": "part", "type": "nominal", "scale": {"domain": list(words.values()), "range": [COLOURS[part] for part in words]}}  # fmt: skip
    spec = _spec(
        values,
        {"step": _ROW},
        mark={"type": "bar", "height": 14},
        encoding={
            "y": _rows(),
            "x": {"field": "points", "type": "quantitative", "title": "分" if zh else "points"},
            "color": colour,
            "order": {"field": "order"},
        },
    )
    return Chart("went", "分到哪里去了" if zh else "Where the points went", said + _rest(every, lines, language), spec)


def claimed_against_supported(told: Told, language: Language) -> Chart | None:
    """Of each claimed indicator: what is claimed, what statements make of it, what figures alone do."""
    zh = language == "zh"
    every = [line for line in told.every if line.claimed is not None and not line.beside]
    # what is claimed in parts is drawn in parts
    claimed = [line for line in every if not any(each.claimed is not None for each in line.children)] or every
    if not claimed:
        return None
    lines = _shown(claimed)
    own, alone, claim = ("照其所述", "只凭数据", "自评") if zh else ("on its statements", "on its figures", "claimed")
    spans, ticks = [], []
    for name, line in _names(lines, language):
        spans.append({"at": name, "what": own, "low": float(line.own[0]), "high": float(line.own[1])})
        if line.figures is not None:
            low, high = (min(end, line.points[1]) for end in line.figures)
            spans.append({"at": name, "what": alone, "low": float(low), "high": float(high)})
        ticks.append({"at": name, "what": claim, "low": float(line.claimed or 0)})
    order = [own, alone, claim]
    colour = {"field": "what", "type": "nominal", "scale": {"domain": order, "range": [COLOURS["sure"], COLOURS["open"], COLOURS["claimed"]]}}  # fmt: skip
    offset = {"field": "what", "type": "nominal", "scale": {"domain": order[:2]}}
    x = {"field": "low", "type": "quantitative", "title": "分" if zh else "points"}
    spec = _spec(
        spans,
        {"step": _ROW + 8, "for": "position"},
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 6}, "encoding": {"x": x, "x2": {"field": "high"}, "yOffset": offset, "color": colour}},
            {"mark": {"type": "point", "filled": True, "shape": "square", "size": 34}, "encoding": {"x": x, "yOffset": offset, "color": colour}},
            {"data": {"values": ticks}, "mark": {"type": "tick", "thickness": 3, "size": 18}, "encoding": {"x": x, "color": colour}},
        ],
        encoding={"y": _rows()},
    )  # fmt: skip
    over = sum(line.claimed is not None and line.claimed > line.own[1] for line in claimed)
    unproven = sum(line.open for line in claimed)
    said = (
        f"{len(claimed)} 项自评中，{over} 项高于应得，{unproven} 项还不能确定"
        if zh
        else f"of {len(claimed)} claims, {over} are above what is earned and {unproven} cannot be settled yet"
    )
    title = "自评与佐证" if zh else "Claimed against supported"
    return Chart("claims", title, said + _rest(claimed, lines, language), spec)


def award_rates(told: Told, language: Language) -> Chart:
    """Of each group, and each indicator that stands on top: awarded per point, an interval where something is open."""
    zh = language == "zh"
    every = [line for line in told.every if line.points[1] and not line.beside and (line.children or not line.depth)]
    lines = _shown(every)
    values = []
    for number, line in enumerate(lines):
        whole = line.points[1]
        low, high = (end / whole for end in line.own)
        indent = "　" * line.depth
        values.append({"at": _at(number, indent + line.label.say(language)), "low": float(low), "high": float(min(high, Decimal(1))), "zero": 0.0})  # fmt: skip
    percent = {"field": "low", "type": "quantitative", "title": "得分率" if zh else "award rate", "axis": {"format": "%"}, "scale": {"domain": [0, 1]}}  # fmt: skip
    spec = _spec(
        values,
        {"step": _ROW},
        layer=[
            {"mark": {"type": "bar", "height": 12, "color": COLOURS["sure"]}, "encoding": {"x": {**percent, "field": "zero"}, "x2": {"field": "low"}}},
            {"mark": {"type": "bar", "height": 12, "color": COLOURS["open"], "opacity": 0.6}, "encoding": {"x": percent, "x2": {"field": "high"}}},
        ],
        encoding={"y": _rows()},
    )  # fmt: skip
    least = min(lines, key=lambda line: line.own[0] / line.points[1]) if lines else None
    said = (
        ""
        if least is None
        else f"得分率最低的是{least.label.zh}：{_points(least.own)} / {trimmed(least.points[1], 2)} 分"
        if zh
        else f"the lowest is {least.label.say('en')}: {_points(least.own)} of {trimmed(least.points[1], 2)}"
    )
    return Chart("rates", "得分率" if zh else "Award rates", said + _rest(every, lines, language), spec)


def year_over_year(told: Told, language: Language) -> Chart | None:
    """Totals of earlier years beside this one's; None where there is one year alone."""
    if len({year.year for year in told.years}) < 2:
        return None
    zh = language == "zh"
    values = [
        {"year": str(each.year), "stage": each.stage.say(language), "low": float(each.low), "high": float(each.high), "label": _points((each.low, each.high))}
        for each in told.years
    ]  # fmt: skip
    x: dict[str, Any] = {
        "field": "year",
        "type": "ordinal",
        "title": "年度" if zh else "fiscal year",
        "axis": {"labelAngle": 0},
    }
    offset = {"field": "stage", "type": "nominal", "sort": None}
    colour = {"field": "stage", "type": "nominal", "sort": None, "scale": {"range": [COLOURS["idle"], COLOURS["claimed"], COLOURS["sure"], COLOURS["open"]]}}  # fmt: skip
    y = {"field": "high", "type": "quantitative", "title": "总分" if zh else "total", "scale": {"zero": True}}
    spec = _spec(
        values,
        220,
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 8}, "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {"y": y, "color": colour}},
            {"mark": {"type": "text", "dy": -12}, "encoding": {"y": y, "text": {"field": "label"}}},
        ],
        encoding={"x": x, "xOffset": offset},
    )  # fmt: skip
    said = ("；" if zh else "; ").join(
        f"{each.year} {each.stage.say(language)} {_points((each.low, each.high))}" for each in told.years
    )
    return Chart("years", "历年总分" if zh else "Year over year", said, spec)


def distribution(departments: Sequence[tuple[str, Decimal, Decimal, Decimal | None]], grades: Sequence[tuple[Text, Decimal]], language: Language) -> Chart:  # fmt: skip
    """Totals of departments, the lowest first: the interval of each, and what it claims.

    Args:
        departments: name, least and greatest total, what is claimed.
        grades: the least total of each grade that has one.
    """
    zh = language == "zh"
    ordered = sorted(departments, key=lambda each: (each[1], each[2], each[0]))
    claim, total = ("自评", "复算") if zh else ("claimed", "recomputed")
    spans = [{"at": _at(at, name), "what": total, "low": float(low), "high": float(high)} for at, (name, low, high, _) in enumerate(ordered)]  # fmt: skip
    ticks = [{"at": _at(at, name), "what": claim, "low": float(claimed)} for at, (name, _, _, claimed) in enumerate(ordered) if claimed is not None]  # fmt: skip
    colour = {"field": "what", "type": "nominal", "scale": {"domain": [total, claim], "range": [COLOURS["sure"], COLOURS["claimed"]]}}  # fmt: skip
    x = {"field": "low", "type": "quantitative", "title": "总分" if zh else "total", "scale": {"zero": False, "nice": True}}  # fmt: skip
    marks = [{"low": float(least), "label": label.say(language)} for label, least in grades if least > 0]
    y = _rows()
    few = len(ordered) <= 2 * MOST
    if not few:
        y["axis"] = None
    layer = [
        {"mark": {"type": "rule", "strokeWidth": 5 if few else 1}, "encoding": {"x": x, "x2": {"field": "high"}, "y": y, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 36 if few else 8}, "encoding": {"x": x, "y": y, "color": colour}},
        {"data": {"values": ticks}, "mark": {"type": "tick", "thickness": 2, "size": 14 if few else 3}, "encoding": {"x": x, "y": y, "color": colour}},
    ]  # fmt: skip
    if marks:
        layer += [
            {"data": {"values": marks}, "mark": {"type": "rule", "strokeDash": [4, 4], "color": COLOURS["idle"]}, "encoding": {"x": x}},
            {"data": {"values": marks}, "mark": {"type": "text", "y": -6, "baseline": "bottom"}, "encoding": {"x": x, "text": {"field": "label"}}},
        ]  # fmt: skip
    spec = _spec(spans, {"step": 20} if few else 480, layer=layer)
    said = f"{len(ordered)} 个部门" if zh else f"{len(ordered)} departments"
    if ordered:
        least, most = ordered[0], ordered[-1]
        said += (
            f"，最低 {least[0]} {_points(least[1:3])}，最高 {most[0]} {_points(most[1:3])}"
            if zh
            else f", from {least[0]} {_points(least[1:3])} to {most[0]} {_points(most[1:3])}"
        )
    return Chart("distribution", "各部门总分" if zh else "Totals of departments", said, spec)


def thresholds(ruleset: Ruleset) -> list[tuple[Text, Decimal]]:
    """The grades with the least total that gets each, where that is a number."""
    found = []
    for grade in ruleset.grades:
        ends = [each.low.at for each in intervals(grade.tests) or () if each.low.at is not None]
        if ends:
            found.append((grade.label, Decimal(min(ends))))
    return found


def rates_over_departments(told: Sequence[Told], language: Language) -> Chart:
    """Of each scored indicator, the award rate of every department, by the least that it earns."""
    zh = language == "zh"
    found: dict[str, tuple[str, list[float]]] = {}
    for each in told:
        for line in each.leaves:
            if line.points[1] and not line.beside:
                found.setdefault(line.id, (line.label.say(language), []))[1].append(float(line.own[0] / line.points[1]))
    order = sorted(found, key=lambda id: sum(found[id][1]) / len(found[id][1]))[:MOST]
    values = [{"at": _at(at, found[id][0]), "rate": rate} for at, id in enumerate(order) for rate in found[id][1]]
    x = {"field": "rate", "type": "quantitative", "title": "得分率" if zh else "award rate", "axis": {"format": "%"}, "scale": {"domain": [0, 1]}}  # fmt: skip
    spec = _spec(
        values,
        {"step": _ROW},
        layer=[
            {"mark": {"type": "point", "filled": True, "opacity": 0.45, "size": 40, "color": COLOURS["sure"]}, "encoding": {"x": x}},
            {"mark": {"type": "tick", "thickness": 3, "size": 16, "color": COLOURS["lost"]}, "encoding": {"x": {**x, "aggregate": "mean"}}},
        ],
        encoding={"y": _rows()},
    )  # fmt: skip
    said = ""
    if order:
        label, rates = found[order[0]]
        mean = trimmed(Decimal(100 * sum(rates) / len(rates)), 1)
        said = f"失分最多的指标：{label}，平均得分率 {mean}%" if zh else f"most is lost on {label}: {mean}% on average"
    return Chart("spread", "各指标得分率的分布" if zh else "Award rates over departments", said, spec)


def timeline(session: MonitorSession, language: Language) -> Chart:
    """In-year monitoring: department and matter by quarter, and whether it holds, does not, or cannot be told."""
    zh = language == "zh"
    holds, unclear, clear = ("成立", "数据不足", "不成立") if zh else ("holds", "not enough reported", "does not hold")
    monitoring = session.ruleset.monitoring
    assert monitoring is not None
    labels = {each.id: each.label for each in monitoring.signals} | {each.id: each.label for each in monitoring.rules}
    values: list[dict[str, Any]] = []
    rows = 0
    for code, name in session.head.departments.items():
        quarters = {quarter.number: quarter for quarter in session.quarters(code)}
        keys = {key for quarter in quarters.values() for key in quarter.holding | quarter.undecided}
        for id, label in labels.items():
            for key in sorted((key for key in keys if key[0] == id), key=lambda key: key[1] or ""):
                matter = " · ".join(part for part in (name, label.say(language), key[1]) if part)
                for number, quarter in quarters.items():
                    state = holds if key in quarter.holding else unclear if key in quarter.undecided else clear
                    values.append({"at": _at(rows, matter), "quarter": number, "state": state})
                rows += 1
    colour = {"field": "state", "type": "nominal", "scale": {"domain": [holds, unclear, clear], "range": [COLOURS["sure"], COLOURS["open"], COLOURS["idle"]]}}  # fmt: skip
    column = {"field": "quarter", "type": "ordinal", "title": "季度" if zh else "quarter", "scale": {"domain": [1, 2, 3, 4]}, "axis": {"labelAngle": 0, "orient": "top"}}  # fmt: skip
    spec = _spec(
        values,
        {"step": _ROW + 4},
        mark={"type": "rect", "stroke": "#ffffff", "strokeWidth": 2, "cornerRadius": 3},
        encoding={"y": _rows(), "x": column, "color": colour},
    )
    standing = len(session.alerts)
    said = f"{rows} 项事项，当前 {standing} 项提醒" if zh else f"{rows} matters, {standing} alerts now"
    return Chart("timeline", "双监控" if zh else "In-year monitoring", said, {**spec, "width": 240})
