"""The department's own words for its report: by section and by indicator, as JSON or as Markdown whose headings name them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import check, decoded, document_of, read, read_bytes
from jmrules.errors import JmrulesError, Place, Problem, Text, did_you_mean
from jmrules.ruleset import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.documents import Document
    from jmrules.ruleset import Ruleset

#: the sections that a department writes itself, in the order of the report
SECTIONS: Mapping[str, Text] = {
    "duties": Text("部门职能", "Duties"),
    "work": Text("年度总体工作和重点工作任务", "Work of the year"),
    "targets": Text("部门整体支出绩效目标情况", "Performance targets"),
    "spending": Text("部门整体支出情况", "Expenditure"),
    "conclusion": Text("自评结论", "Conclusion"),
    "other": Text("其他自评情况", "Other matters"),
    "last_year": Text("上年度绩效自评或财政重点绩效评价整改情况", "What became of last year's findings"),
}
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*")
#: the number before a heading: 一、 （二） 3. 1.2 (4)
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+(?:\.\d+)*[.、．]?\s*)\s*"
)
#: signs of a narrative
MOST = 500_000


@frozen
class Narrative:
    """Paragraphs by the section, or the indicator, that they belong to."""

    sections: Mapping[str, tuple[str, ...]] = field(factory=dict)
    indicators: Mapping[str, tuple[str, ...]] = field(factory=dict)


def load_narrative(path: str | Path, ruleset: Ruleset) -> Narrative:
    """The narrative of a file.

    Args:
        path: JSON (``{"sections": {…}, "indicators": {…}}``), or Markdown (.md, .txt).
        ruleset: whose indicators it tells of.

    Raises:
        DocumentError: it cannot be read.
        JmrulesError: it names sections or indicators that there are not; every one, each with its place.
    """
    if Path(path).suffix.lower() == ".json":
        return _of_document(read(path), ruleset)
    text = decoded(read_bytes(path), str(path))
    if len(text) > MOST:
        raise JmrulesError(Problem("too-long", Text(f"文字超过 {MOST} 字", f"it has more than {MOST} characters"),
                           Text("请只写报告要用的文字", "keep what the report needs"), Place(str(path))))  # fmt: skip
    return _of_markdown(str(path), text, ruleset)


def narrative_of(value: Mapping[str, Any], ruleset: Ruleset) -> Narrative:
    """The narrative given as a mapping; raises as :func:`load_narrative`."""
    return _of_document(document_of(value), ruleset)


def _of_document(document: Document, ruleset: Ruleset) -> Narrative:
    problems = check(document, "narrative")
    if not problems:
        known = [node.id for _, node in walk(ruleset.indicators)]
        problems = [
            _no_such(id, known, document.place(f"/indicators/{id}", of_key=True))
            for id in document.value.get("indicators", {})
            if id not in known
        ]
    if problems:
        raise JmrulesError(problems)
    parts = {
        kind: {name: _paragraphs(text) for name, text in document.value.get(kind, {}).items()}
        for kind in ("sections", "indicators")
    }
    return Narrative(**parts)


def _paragraphs(text: Any) -> tuple[str, ...]:
    lines = text.split("\n") if isinstance(text, str) else text
    return tuple(line.strip() for line in lines if line.strip())


# ---- Markdown


def _of_markdown(path: str, text: str, ruleset: Ruleset) -> Narrative:
    """Each heading that is followed by text names a section or an indicator, by its title, its label or its id."""
    names = _names(ruleset)
    found: dict[tuple[str, str], list[str]] = {}
    problems = []
    for line, heading, paragraphs in _chapters(text):
        if not paragraphs:
            continue
        place = Place(path, line=line)
        if heading is None:
            problems.append(Problem("no-heading", Text("第一个标题之前有文字，不知道属于哪一部分", "text before the first heading belongs to nothing"),
                            Text("请在它前面写标题，如“# 部门职能”", "put a heading before it, such as # Duties"), place))  # fmt: skip
            continue
        meant = names.get(heading) or names.get(_NUMBERED.sub("", heading)) or ()
        if not meant:
            problems.append(_no_such(heading, names, place))
        elif len(meant) > 1:
            ids = "、".join(id for _, id in meant)
            problems.append(Problem("which-indicator", Text(f"有几个指标都叫“{heading}”", f"several indicators are called {heading!r}"),
                            Text(f"请写编号：{ids}", f"write its id: {ids}"), place))  # fmt: skip
        else:
            found.setdefault(meant[0], []).extend(paragraphs)
    if problems:
        raise JmrulesError(problems)
    by_kind: dict[str, dict[str, tuple[str, ...]]] = {"sections": {}, "indicators": {}}
    for (kind, id), paragraphs in found.items():
        by_kind[kind][id] = tuple(paragraphs)
    return Narrative(**by_kind)


def _names(ruleset: Ruleset) -> dict[str, tuple[tuple[str, str], ...]]:
    """What a heading may be called -> what it then means."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for id, title in SECTIONS.items():
        for name in (id, title.zh, title.say("en")):
            found.setdefault(name, {})["sections", id] = None
    for _, node in walk(ruleset.indicators):
        label = node.label
        for name in (node.id, label.zh, f"{label.zh}分析", label.say("en")):
            found.setdefault(name, {})["indicators", node.id] = None
    return {name: tuple(meant) for name, meant in found.items()}


def _chapters(text: str) -> Iterator[tuple[int, str | None, list[str]]]:
    """The line of each heading, what it says, and the paragraphs below it."""
    start, heading, waiting, paragraphs = 1, None, list[str](), list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        made = _HEADING.fullmatch(line)
        if (made or not line.strip()) and waiting:
            paragraphs.append("".join(waiting) if _chinese(waiting) else " ".join(waiting))
            waiting = []
        if made:
            yield start, heading, paragraphs
            start, heading, paragraphs = number, made[2], []
        elif line.strip():
            waiting.append(line.strip())
    yield start, heading, paragraphs


def _chinese(lines: list[str]) -> bool:
    """Whether lines that an editor broke go together without a space."""
    return any(ord(sign) > 0x2E7F for sign in "".join(lines))


def _no_such(name: str, known: Iterable[str], place: Place) -> Problem:
    return Problem(
        "no-such-section",
        Text(f"报告没有“{name}”这一部分", f"the report has no part {name!r}"),
        did_you_mean(name, known, Text(
            f"标题用指标名称，或：{'、'.join(each.zh for each in SECTIONS.values())}",
            f"name an indicator, or: {', '.join(each.say('en') for each in SECTIONS.values())}",
        )),
        place,
    )  # fmt: skip
