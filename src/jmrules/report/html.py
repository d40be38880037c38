"""Pages: one self-contained file each, in both languages, that asks nothing of a network and runs nothing."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.formats import seen
from jmrules.report import charts as drawings
from jmrules.report.drawing import Chart, svg
from jmrules.report.teller import told
from jmrules.report.told import Told
from jmrules.review import STANDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.review import Row

_PAGES = Path(__file__).parent / "pages"
_LANGUAGES: tuple[Language, Language] = ("zh", "en")


def points_shown(points: Decimal | None) -> str:
    """Points with two decimals; a dash where there are none."""
    return "—" if points is None else f"{points:.2f}"


def span_shown(pair: tuple[Decimal, Decimal]) -> str:
    """Both ends, or the one that there is."""
    low, high = pair
    return f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"


def department_page(scored: Scored, language: Language = "zh") -> bytes:
    """One department: what was lost and what does not agree, the tree that opens to every figure, charts."""
    tells = told(scored)
    return page("department.html", tells.name, language, d=tells, charts=_pairs(lambda language: drawings.department_charts(tells, language)))  # fmt: skip


@frozen
class _Row:
    """A department of a list, or why it has no score."""

    file: str
    told: Told | None
    standing: Text
    problems: tuple[Text, ...] = ()


def departments_page(made: Sequence[tuple[Row, Scored | None]], language: Language = "zh") -> bytes:
    """Many departments: the list with the doubtful ones first, how their totals lie, and the sheet of each."""
    rows = [_row(row, scored) for row, scored in made]
    every = [row.told for row in rows if row.told is not None]
    heading = Text(f"{len(rows)} 个部门", f"{len(rows)} departments")
    return page("departments.html", heading, language, rows=rows, charts=_pairs(lambda language: _over(every, language)))  # fmt: skip


def _over(every: Sequence[Told], language: Language) -> list[Chart]:
    if not every:
        return []
    totals = [(each.name.say(language), *each.own, each.claimed) for each in every]
    return [
        drawings.distribution(totals, drawings.thresholds(every[0].scored.ruleset), language),
        drawings.rates_over_departments(every, language),
    ]


def _row(row: Row, scored: Scored | None) -> _Row:
    file = PurePath(row.file).name
    if scored is None:
        assert row.error is not None
        return _Row(file, None, Text("不能打分", "no score"), tuple(each.message for each in row.error.problems[:3]))
    return _Row(file, told(scored, figures=False), STANDING_WORDS[row.standing or "not-claimed"])


def _pairs(make: Callable[[Language], list[Chart]]) -> list[tuple[Chart, Chart]]:
    """Each chart in both languages."""
    return list(zip(make("zh"), make("en"), strict=True))


def page(template: str, heading: Text, language: Language, **values: Any) -> bytes:
    """A page from its template; the same values give the same bytes."""
    environment = _environment()
    made: str = environment.get_template(template).render(heading=heading, language=language, **values)
    return made.encode()


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise JmrulesError(
            Problem(
                "needs-jinja2",
                Text("写网页需要 jinja2", "writing pages needs jinja2"),
                Text('pip install "jmrules[report]"', 'pip install "jmrules[report]"'),
            )
        ) from None

    def shown(value: Any) -> Any:
        """Text as people can read it; what is made of text already stays."""
        return seen(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def both(text: Text) -> Any:
        """A text in both languages, of which the page shows one; a text that is the same in both, or in Chinese alone, once."""
        zh, en = seen(text.zh), seen(text.say("en"))
        if text.en is None:
            return Markup('<span lang="zh-Hans">{}</span>').format(zh) if not zh.isascii() else Markup("{}").format(zh)
        if zh == en:
            return Markup("{}").format(zh)
        return Markup('<span class="zh" lang="zh-Hans">{}</span><span class="en" lang="en">{}</span>').format(zh, en)

    def drawn(chart: Chart, language: Language) -> Any:
        # text of the data is escaped by what draws
        return Markup(svg(chart.named(language)))

    made = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters["both"] = both
    made.globals.update(
        w=lambda zh, en: both(Text(zh, en)),
        points=points_shown,
        span=span_shown,
        svg=drawn,
        style=Markup((_PAGES / "style.css").read_text("utf-8")),
        version=version("jmrules"),
    )
    return made
