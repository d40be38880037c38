"""Charts drawn: Vega-Lite as SVG for pages and as PNG for Word, offline, with a Chinese font from a package."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.formats import seen

if TYPE_CHECKING:
    from collections.abc import Mapping

#: the package that carries a Chinese font, and what the font is called
_PACKAGE, FONT = "paperang_p2_fonts_cjk", "WenQuanYi Micro Hei"
#: what text is set in: first what it was measured with, then what systems have
_FAMILY = f"{FONT}, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
#: pixels of a PNG for each of the drawing's
SCALE = 2

#: colours that are told apart by those who see no red or no green, on white and on black
COLOURS = {
    "sure": "#2f7ed8",
    "open": "#d98e04",
    "lost": "#c0504d",
    "claimed": "#7b5ea7",
    "idle": "#8a8f98",
}


@frozen
class Chart:
    """A drawing, declared: what it is called, what it shows in one sentence, and its Vega-Lite."""

    id: str
    title: str
    said: str
    spec: Mapping[str, Any] = field(repr=False)

    def named(self, suffix: str) -> Chart:
        """The same under another id, for a page that holds it twice."""
        return evolve(self, id=f"{self.id}-{suffix}")


def svg(chart: Chart, ink: str = "currentColor") -> str:
    """The drawing as an element of a page, which takes the page's colour of text; the same chart gives the same text."""
    drawn = str(_drawer().vegalite_to_svg(_whole(chart, ink, None)))
    # ids are unique on a page, and what a reader's machine says of the drawing is its sentence alone
    drawn = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{chart.id}-", drawn)
    drawn = re.sub(r' (?:aria-[a-z]+|role|class|xmlns:xlink|version)="[^"]*"', "", drawn)
    title = _escaped(f"{chart.title}: {chart.said}")
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


def png(chart: Chart, scale: int = SCALE) -> bytes:
    """The drawing as a picture on white, for paper."""
    return bytes(_drawer().vegalite_to_png(_whole(chart, "#222222", "#ffffff"), scale=scale))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _whole(chart: Chart, ink: str, paper: str | None) -> dict[str, Any]:
    """The specification with the house's looks."""
    axis = {
        "labelColor": ink, "titleColor": ink, "tickColor": COLOURS["idle"], "domainColor": COLOURS["idle"],
        "gridColor": COLOURS["idle"], "gridOpacity": 0.25, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
        "labelLimit": 320,
    }  # fmt: skip
    config = {
        "font": _FAMILY,
        "aria": False,
        "background": paper,
        "view": {"stroke": None},
        "axis": axis,
        "legend": {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "orient": "top", "title": None},
        "text": {"color": ink, "fontSize": 11},
    }
    return {**_seen(chart.spec), "config": config}


def _seen(value: Any) -> Any:
    """Texts of data as people can read them: control characters and overrides of direction shown rather than obeyed."""
    if isinstance(value, str):
        return seen(value)
    if isinstance(value, dict):
        return {name: _seen(part) for name, part in value.items()}
    return [_seen(part) for part in value] if isinstance(value, list | tuple) else value


@cache
def _drawer() -> Any:
    """What draws, with the font at hand."""
    try:
        import vl_convert
    except ImportError:
        raise JmrulesError(
            Problem(
                "needs-vl-convert",
                Text("画图需要 vl-convert-python", "drawing charts needs vl-convert-python"),
                Text('pip install "jmrules[report]"', 'pip install "jmrules[report]"'),
            )
        ) from None
    found = find_spec(_PACKAGE)
    for folder in found.submodule_search_locations or () if found is not None else ():
        vl_convert.register_font_directory(str(Path(folder) / "fonts"))
    return vl_convert
