"""The rectification ledger (整改台账): what earlier reviews found, and whether it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen
from cattrs import Converter

from jmrules.documents import tell
from jmrules.errors import FactsError, Problem, Text
from jmrules.facts import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.facts import Facts

#: worst first. overdue: due, and nobody accepted it as mended. unproven: said to be closed, with nothing to show. measure-only:
#: something is done about it, with nothing to show. open: nothing is done. proven: proof is there, nobody accepted it yet
State = Literal["overdue", "unproven", "open", "measure-only", "proven", "closed"]
STATES: tuple[State, ...] = ("overdue", "unproven", "open", "measure-only", "proven", "closed")


@frozen
class Closed:
    """Who accepted a problem as mended, and when (ISO date)."""

    by: str
    date: str


@frozen
class Entry:
    """A problem, and what became of it."""

    id: str
    #: fiscal year in whose evaluation it was found
    found: int
    problem: str
    indicator: str | None = None
    measure: str | None = None
    owner: str | None = None
    #: ISO date
    due: str | None = None
    proof: tuple[Evidence, ...] = ()
    closed: Closed | None = None
    source: Evidence | None = None
    note: str | None = None


@frozen
class Line:
    """A line of the ledger."""

    entry: Entry
    state: State
    #: accepted as mended after it was due
    late: bool
    #: every year in which the same problem was found, in order
    years: tuple[int, ...] = field()

    @property
    def repeats(self) -> bool:
        """Whether it was found in more than one year."""
        return len(self.years) > 1

    @property
    def recurred(self) -> bool:
        """Whether it was found again after this finding: then no closing of this one held."""
        return self.years[-1] > self.entry.found


tell(
    Line,
    "id=entry.id",
    "found=entry.found",
    "problem=entry.problem",
    "indicator=entry.indicator",
    "measure=entry.measure",
    "owner=entry.owner",
    "due=entry.due",
    "proof=entry.proof",
    "closed=entry.closed",
    "state",
    "late",
    "years",
    "recurred",
)


def entries_of(facts: Facts) -> tuple[Entry, ...]:
    """The entries of one facts document.

    Raises:
        FactsError: an entry stands twice, or proof refers to a document that is not listed; all of them.
    """
    given = facts.source.value.get("rectification", ())
    entries = Converter(detailed_validation=False).structure(given, tuple[Entry, ...])
    problems = list(_problems(facts, entries))
    if problems:
        raise FactsError(problems)
    return entries


def _problems(facts: Facts, entries: tuple[Entry, ...]) -> Iterator[Problem]:
    known = {document.id for document in facts.documents}
    seen: set[tuple[str, int]] = set()
    for index, entry in enumerate(entries):
        pointer = f"/rectification/{index}"
        if (entry.id, entry.found) in seen:
            yield Problem(
                "duplicate-identifier",
                Text(
                    f"{entry.found} 年度的问题“{entry.id}”出现了两次",
                    f"the problem {entry.id!r} of {entry.found} stands here twice",
                ),
                Text("同一年度的同一问题只记一行", "keep one line for a problem and a year"),
                facts.source.place(f"{pointer}/id"),
            )
        seen.add((entry.id, entry.found))
        cited = [(f"proof/{number}", each) for number, each in enumerate(entry.proof)]
        cited += [("source", entry.source)] if entry.source is not None else []
        for step, evidence in cited:
            if evidence.document is not None and evidence.document not in known:
                yield Problem(
                    "no-such-document",
                    Text(f"documents 中没有“{evidence.document}”", f"documents lists no {evidence.document!r}"),
                    Text("请在 documents 中列出该文件", "list it under documents"),
                    facts.source.place(f"{pointer}/{step}/document"),
                )


def ledger(documents: Iterable[Facts], as_of: str) -> tuple[Line, ...]:
    """The ledger of one department over the facts documents of one or more years, worst first.

    Where several documents tell of the same finding, that of the latest fiscal year counts. A problem keeps its id from
    year to year, which is how repetition shows. A measure alone closes nothing: it takes proof, and someone who accepted it.

    Args:
        as_of: the day on which it is looked at, an ISO date.

    Raises:
        FactsError: entries that stand twice, or refer to documents that are not listed; documents of several departments.
    """
    found: dict[tuple[str, int], Entry] = {}
    ordered = sorted(documents, key=lambda facts: facts.fiscal_year)
    for facts in ordered:
        if facts.subject.name != ordered[0].subject.name:
            raise FactsError(_other_department(facts, ordered[0]))
        found |= {(entry.id, entry.found): entry for entry in entries_of(facts)}
    years: dict[str, list[int]] = {}
    for id, year in sorted(found):
        years.setdefault(id, []).append(year)
    lines = [Line(entry, state_of(entry, as_of), _late(entry), tuple(years[entry.id])) for entry in found.values()]
    lines.sort(key=lambda line: (STATES.index(line.state), -len(line.years), line.entry.found, line.entry.id))
    return tuple(lines)


def _other_department(facts: Facts, first: Facts) -> Problem:
    return Problem(
        "other-facts",
        Text(
            f"“{facts.subject.name}”与“{first.subject.name}”不是同一部门",
            f"{facts.subject.name} is not {first.subject.name}: a ledger is one department's",
        ),
        Text("请每次只给一个部门的文件", "give the files of one department"),
        facts.source.place("/subject/name"),
    )


def state_of(entry: Entry, as_of: str) -> State:
    """Where a problem stands on a day: closed only with proof and with someone who accepted it by then."""
    accepted = entry.closed is not None and entry.closed.date <= as_of
    if accepted:
        return "closed" if entry.proof else "unproven"
    if entry.due is not None and entry.due < as_of:
        return "overdue"
    if entry.proof:
        return "proven"
    return "measure-only" if entry.measure else "open"


def _late(entry: Entry) -> bool:
    return entry.closed is not None and entry.due is not None and entry.closed.date > entry.due
