"""Which rulesets there are, and which one a reference such as ``somewhere/department-overall@2024`` means."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.documents import check as check_schema
from jmrules.documents import read, tell
from jmrules.errors import JmrulesError, Problem, RulesetError, Text, did_you_mean
from jmrules.ruleset.digest import content_of, digest_of
from jmrules.ruleset.overlay import resolve
from jmrules.ruleset.sources import Source, leave_out, sources
from jmrules.ruleset.years import covers, first_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.documents import Document

_ID = r"[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)+"
_REFERENCE = re.compile(rf"(?P<id>{_ID})(?:@(?P<year>[0-9]{{4}}|latest))?(?:#(?P<revision>[0-9]+\.[0-9]+\.[0-9]+))?")
_FILE = re.compile(rf"(?P<id>{_ID})/(?P<year>[0-9]{{4}})\.json")
#: steps of an id, at most: folders are not searched deeper
_DEPTH = 4


@frozen
class Entry:
    """A ruleset that can be loaded by reference."""

    id: str
    #: the year scored; of a notice in force for years the first one, by which its file is called, unless another is asked for
    fiscal_year: int
    path: Path
    source: Source = field(eq=False)

    @property
    def reference(self) -> str:
        """``id@year``."""
        return f"{self.id}@{self.fiscal_year}"


@frozen
class Summary:
    """What a ruleset says of itself, read without checking the rest of it."""

    entry: Entry
    revision: str
    status: str
    title: Text
    issuer: Text
    digest: str
    #: first and last day for which it is in force
    period: tuple[datetime.date, datetime.date | None]
    #: first and last year that it scores
    years: tuple[int, int | None]

    @property
    def one_year(self) -> bool:
        """Whether it scores one year alone."""
        return self.years[0] == self.years[1]


def _span(summary: Summary) -> dict[str, int | None] | None:
    return None if summary.one_year else dict(zip(("from", "to"), summary.years, strict=True))


def _effective(summary: Summary) -> dict[str, str]:
    start, until = summary.period
    return {"from": start.isoformat(), **({"until": until.isoformat()} if until else {})}


def _origin(summary: Summary) -> dict[str, str]:
    source = summary.entry.source
    return {"kind": source.kind, "name": source.name, "file": str(summary.entry.path)}


tell(
    Summary,
    "id=entry.id",
    ("fiscal_year?", lambda summary: summary.years[0] if summary.one_year else None),
    ("fiscal_years?", _span),
    "revision",
    "status",
    "title",
    "issuer",
    ("effective", _effective),
    "digest",
    ("from", _origin),
)


def entries(offered: Iterable[Source] | None = None) -> tuple[Entry, ...]:
    """The rulesets of the sources, by id and year: ``<place>/<evaluation>/<year>.json``; from all sources unless told."""
    found = [entry for source in (sources() if offered is None else offered) for entry in _entries_of(source)]
    return tuple(sorted(found, key=lambda entry: (entry.id, entry.fiscal_year)))


def _entries_of(source: Source) -> Iterator[Entry]:
    for depth in range(2, _DEPTH + 1):
        for path in source.folder.glob("/".join("*" * depth) + "/[0-9][0-9][0-9][0-9].json"):
            match = _FILE.fullmatch(path.relative_to(source.folder).as_posix())
            if match is not None:
                yield Entry(match["id"], int(match["year"]), path, source)


def is_reference(text: str) -> bool:
    """Whether ``text`` has the form of a reference rather than that of a path."""
    return _REFERENCE.fullmatch(text) is not None


def find(reference: str, leaving: tuple[Path, ...] = (), offered: Iterable[Source] | None = None) -> Entry:
    """What ``id@year``, ``id@year#revision`` or ``id@latest`` means; the latest is also meant where no year is given.

    Args:
        reference: what to find.
        leaving: files not to find, since they are being resolved; one of them is found only if there is no other.
        offered: the sources to look in; all of them unless told.

    Raises:
        RulesetError: no such id, year or revision: those there are; or two sources offer different ones.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise _error(
            "bad-reference",
            Text(f"“{reference}”不是评分办法的引用", f"{reference!r} is not a reference to a ruleset"),
            Text(
                "应为 地区/评价@年度；若是文件，请以 ./ 或 / 开头，或用 Path",
                "write place/evaluation@year; a file is a Path, or starts with ./ or /",
            ),
        )
    looked_in = sources() if offered is None else tuple(offered)
    candidates = _named(match["id"], match["year"], looked_in)
    if not candidates:
        candidates = _of_year(match["id"], match["year"], entries(looked_in))
    others = [entry for entry in candidates if entry.path.resolve() not in leaving]
    if not others:
        return candidates[0]
    if match["revision"] is not None:
        others = _of_revision(match["revision"], others)
    return others[0] if len(others) == 1 else _of_rivals(others, leaving)


def _named(id: str, year: str | None, looked_in: tuple[Source, ...]) -> list[Entry]:
    """The files of just this name, without a look at any other."""
    if year is None or year == "latest" or not 2 <= id.count("/") + 1 <= _DEPTH:
        return []
    paths = [(source, source.folder / id / f"{year}.json") for source in looked_in]
    return [Entry(id, int(year), path, source) for source, path in paths if path.exists()]


def _of_year(id: str, year: str | None, known: tuple[Entry, ...]) -> list[Entry]:
    of_id = [entry for entry in known if entry.id == id]
    if not of_id:
        ids = sorted({entry.id for entry in known})
        raise _error(
            "no-such-ruleset",
            Text(f"没有评分办法“{id}”", f"there is no ruleset {id!r}"),
            did_you_mean(id, ids, Text(f"现有：{'、'.join(ids)}", f"there are: {', '.join(ids)}")),
        )
    years = sorted({entry.fiscal_year for entry in of_id})
    wanted = years[-1] if year in (None, "latest") else int(year or 0)
    if wanted not in years:
        return _in_force_for(wanted, of_id)
    return [entry for entry in of_id if entry.fiscal_year == wanted]


def _in_force_for(year: int, of_id: list[Entry]) -> list[Entry]:
    """The notices of earlier years that say they score ``year`` too, of the last year that has one."""
    earlier = {entry.fiscal_year for entry in of_id if entry.fiscal_year < year}
    for first in sorted(earlier, reverse=True):
        candidates = [entry for entry in of_id if entry.fiscal_year == first]
        found = [evolve(entry, fiscal_year=year) for entry in candidates if covers(_head_of(entry), year)]
        if found:
            return found
    id, there = of_id[0].id, sorted({_told_years(_head_of(entry), entry) for entry in of_id})
    raise _error(
        "no-such-year",
        Text(f"“{id}”没有 {year} 年度的评分办法", f"{id} has no ruleset for {year}"),
        Text(
            f"现有年度：{'、'.join(years_in_words(*span).zh for span in there)}",
            f"years there are: {', '.join(years_in_words(*span).say('en') for span in there)}",
        ),
    )


def _told_years(head: dict[str, Any], entry: Entry) -> tuple[int, int]:
    """The years of an entry, for words: the first, and the last or 0; read without believing the file."""
    years = head.get("fiscal_years")
    if not isinstance(years, dict):
        return entry.fiscal_year, entry.fiscal_year
    last = years.get("to")
    return entry.fiscal_year, last if isinstance(last, int) else 0


def years_in_words(first: int, last: int | None) -> Text:
    """One year, a span of years, or the years from one on (no last one)."""
    if not last:
        return Text(f"{first} 年起", f"{first} on")
    return Text(f"{first}", f"{first}") if first == last else Text(f"{first}—{last}", f"{first} to {last}")


def _of_revision(revision: str, candidates: list[Entry]) -> list[Entry]:
    heads = {entry: _head_of(entry) for entry in candidates}
    revisions = {entry: str(head.get("revision")) for entry, head in heads.items() if head}
    chosen = [entry for entry, known in revisions.items() if known == revision]
    if not chosen:
        there = sorted(set(revisions.values()))
        reference = candidates[0].reference
        raise _error(
            "no-such-revision",
            Text(f"{reference} 没有版本 {revision}", f"{reference} has no revision {revision}"),
            Text(f"现有版本：{'、'.join(there)}", f"revisions there are: {', '.join(there)}"),
        )
    return chosen


def _of_rivals(candidates: list[Entry], leaving: tuple[Path, ...]) -> Entry:
    """The one ruleset that several sources offer; one that cannot be read is left out where another can be."""
    digests: dict[Entry, str] = {}
    problems: list[Problem] = []
    for entry in candidates:
        try:
            digests[entry] = _digest(entry, leaving)
        except JmrulesError as error:
            problems += error.problems
    if not digests:
        return candidates[0]
    leave_out(problems)
    candidates = [*digests]
    if len(set(digests.values())) == 1:
        return candidates[0]
    one, other = candidates[0], next(entry for entry in candidates if digests[entry] != digests[candidates[0]])
    revision = _head(read(one.path)).get("revision")
    raise _error(
        "rival-rulesets",
        Text(
            f"两处都提供 {one.reference} 而内容不同：{one.source.name}（{one.path}）和 {other.source.name}（{other.path}）",
            f"two sources offer different rulesets as {one.reference}: {one.source.name} ({one.path}) and {other.source.name} ({other.path})",
        ),
        Text(
            f"请去掉一处，或写明版本（{one.reference}#{revision}），或给出文件路径",
            f"remove one, or state its revision ({one.reference}#{revision}), or give the path of the file",
        ),
    )


def _error(code: str, message: Text, hint: Text) -> RulesetError:
    return RulesetError(Problem(code, message, hint))


def _head(document: Document) -> dict[str, Any]:
    return document.value if isinstance(document.value, dict) else {}


def _head_of(entry: Entry) -> dict[str, Any]:
    """The head of a file that is looked at beside others; none where it cannot be read, with a warning."""
    try:
        return _head(read(entry.path))
    except JmrulesError as error:
        leave_out(error.problems)
        return {}


def _locate(reference: str, leaving: tuple[Path, ...]) -> Path:
    return find(reference, leaving).path


def _digest(entry: Entry, leaving: tuple[Path, ...] = ()) -> str:
    document = resolve(read(entry.path), _locate, leaving)
    if not _has_head(_head(document)):
        raise RulesetError(check_schema(document, "ruleset"))
    return digest_of(content_of(document.value))


def summaries(offered: Iterable[Source] | None = None) -> tuple[tuple[Summary, ...], tuple[Problem, ...]]:
    """What each ruleset says of itself, and the problems of those of which that cannot be told, and of rival ones."""
    known = entries(offered)
    told: list[Summary] = []
    problems: list[Problem] = []
    for entry in known:
        try:
            told.append(summary_of(entry))
        except JmrulesError as error:
            problems += error.problems
    for entry in {entry.reference: entry for entry in known}.values():
        try:
            find(entry.reference, offered=offered)
        except JmrulesError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return tuple(told), tuple(problems)


def summary_of(entry: Entry) -> Summary:
    """What the ruleset at ``entry`` says of itself.

    Raises:
        DocumentError: it cannot be read as JSON.
        RulesetError: its head is not that of a ruleset, or not that of the id and year under which it is found.
    """
    document = resolve(read(entry.path), _locate)
    head = _head(document)
    if not _has_head(head):
        raise RulesetError(check_schema(document, "ruleset"))
    check_name(entry, document)
    text = {
        name: Text(value["zh"], value.get("en"))
        for name, value in (("title", head["title"]), ("issuer", head["notice"]["issuer"]))
    }
    return Summary(
        entry,
        head["revision"],
        head["status"],
        text["title"],
        text["issuer"],
        digest_of(content_of(head)),
        _period(head),
        _years(head),
    )


def _has_head(head: dict[str, Any]) -> bool:
    try:
        texts = (head["id"], head["revision"], head["status"], head["title"]["zh"], head["notice"]["issuer"]["zh"])
        _period(head)
    except (KeyError, TypeError, ValueError):
        return False
    return all(isinstance(text, str) for text in texts) and all(type(year) is int for year in _years(head) if year)


def _years(head: dict[str, Any]) -> tuple[int, int | None]:
    stated = head.get("fiscal_years")
    return (head["fiscal_year"], head["fiscal_year"]) if stated is None else (stated["from"], stated["to"])


def _period(head: dict[str, Any]) -> tuple[datetime.date, datetime.date | None]:
    stated = head.get("effective")
    if stated is None:
        first, last = _years(head)
        return datetime.date(first, 1, 1), None if last is None else datetime.date(last, 12, 31)
    until = stated.get("until")
    return datetime.date.fromisoformat(stated["from"]), None if until is None else datetime.date.fromisoformat(until)


def check_name(entry: Entry, document: Document) -> None:
    """Refuse a document that is not the ruleset under whose name it is found.

    Raises:
        RulesetError: it states another id or year.
    """
    head = _head(document)
    named = int(entry.path.stem)
    at = "/fiscal_years/from" if isinstance(head.get("fiscal_years"), dict) else "/fiscal_year"
    problems = []
    for name, stated, wanted in (("/id", head.get("id"), entry.id), (at, first_year(head), named)):
        if stated != wanted and isinstance(stated, str | int):
            shown = name[1:].replace("/", ".")
            problems.append(
                Problem(
                    "misplaced-ruleset",
                    Text(
                        f"{shown} 为 {stated}，而文件放在 {wanted} 的位置",
                        f"{shown} is {stated}, but the file stands where {wanted} is looked for",
                    ),
                    Text(
                        "请改正其一：文件应在 <id>/<年度>.json",
                        "correct one of them: the file belongs at <id>/<year>.json",
                    ),
                    document.place(name),
                )
            )
    if problems:
        raise RulesetError(problems)


def for_date(id: str, date: datetime.date, offered: Iterable[Source] | None = None) -> Entry:
    """The ruleset of ``id`` that is in force on ``date``: as its ``effective`` says, else in its fiscal years.

    Of several in force, the one that came into force last; one that scores several years, for the year of ``date`` or the nearest.

    Raises:
        RulesetError: no such id, or none in force on that day: the periods there are. A file whose head is not sound is
            left out, with a warning.
    """
    known = entries(offered)
    of_id = [entry for entry in known if entry.id == id] or _of_year(id, None, known)
    told: list[Summary] = []
    for entry in of_id:
        try:
            told.append(summary_of(entry))
        except JmrulesError as error:
            leave_out(error.problems)
    in_force = [one for one in told if one.period[0] <= date and (one.period[1] is None or date <= one.period[1])]
    if not in_force:
        periods = [f"{one.entry.fiscal_year}: {one.period[0]}..{one.period[1] or ''}" for one in told]
        raise _error(
            "none-in-force",
            Text(f"{date} 没有施行中的“{id}”", f"no ruleset of {id} is in force on {date}"),
            Text(f"施行期间：{'；'.join(periods)}", f"periods there are: {'; '.join(periods)}"),
        )
    latest = max(in_force, key=lambda one: (one.period[0], one.entry.fiscal_year))
    first, last = latest.years
    year = max(first, date.year if last is None else min(last, date.year))
    return evolve(find(latest.entry.reference, offered=offered), fiscal_year=year)
