"""The work-list of a reviewer who has many self-evaluations: the doubtful ones first, broken files too."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.documents import in_json, pretty, tell
from jmrules.errors import JmrulesError, Problem
from jmrules.facts import compared_facts, load_facts, ruleset_for_facts
from jmrules.findings import STANDINGS, Standing
from jmrules.formats import inert
from jmrules.review.adjudicate import adjudicate
from jmrules.review.adjudicated import in_points, span_said
from jmrules.review.claimed import Review, review
from jmrules.review.many import each_of
from jmrules.review.state import PROGRESS_WORDS, Progress, adjudication_beside, progress_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jmrules.errors import Language, Text
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

Interval = tuple[Decimal, Decimal]
_ZERO = Decimal(0)


@frozen
class Row:
    """One file: what its review comes to, or why there is none."""

    file: str
    error: JmrulesError | None = None
    subject: str = ""
    #: where its review stands; None where the facts, or the reviewers' file, cannot be read
    state: Progress | None = None
    claimed: Decimal | None = None
    grade_claimed: str | None = None
    earned: Interval | None = None
    #: the grades that the facts may get, best first
    grades: tuple[Text, ...] = ()
    #: the most that is earned, less what rests on assertion alone or is not known
    supported: Decimal = _ZERO
    #: the gravest of all its indicators and its total
    standing: Standing | None = None
    over_claimed: Decimal = _ZERO
    under_claimed: Decimal = _ZERO
    in_doubt: Decimal = _ZERO
    on_assertion: Decimal = _ZERO
    #: what its figures say about each other: that contradict, and all that ask for an answer
    contradictions: int = 0
    matters: int = 0
    overstated: int = 0
    #: what reviewers award, at least and at most, and the grades that this may get
    reviewed: tuple[Interval, tuple[Text, ...]] | None = None
    #: the review in JSON's terms, where it was asked for
    document: Any = field(default=None, repr=False, eq=False)

    @property
    def broken(self) -> bool:
        """Whether it could not be reviewed."""
        return self.standing is None

    def rank(self) -> tuple[bool, Decimal, int, Decimal, str]:
        """Worst first: files that cannot be reviewed; points over-claimed or in doubt; contradictions; points on assertion."""
        if self.broken:
            return (False, _ZERO, 0, _ZERO, self.file)
        doubtful = self.over_claimed + self.in_doubt
        return (True, -doubtful, -self.contradictions, -self.on_assertion, self.file)


def row_of(found: Review, file: str) -> Row:
    """The row of a department, with where the review that stands beside its facts has come to."""
    nodes = (found.total, *found.indicators)
    claimed = [node.standing for node in nodes if node.standing != "not-claimed"]
    row = Row(
        file,
        subject=found.facts.subject.name,
        claimed=found.facts.claims.total,
        grade_claimed=found.facts.claims.grade,
        earned=found.total.earned,
        grades=tuple(grade.label for grade in found.grades),
        supported=max(_ZERO, found.total.earned[1] - found.on_assertion),
        standing=min(claimed, key=STANDINGS.index, default="not-claimed"),
        over_claimed=found.over_claimed,
        under_claimed=found.under_claimed,
        in_doubt=found.in_doubt,
        on_assertion=found.on_assertion,
        contradictions=len(found.contradictions),
        matters=sum(matter.status not in ("agrees", "rounding") for matter in found.matters),
        overstated=len(found.overstated),
    )
    try:
        decided = adjudication_beside(found.facts)
        row = evolve(row, state=progress_of(found.facts, decided))
        if decided is not None and row.state != "changed":
            reviewed = adjudicate(found.ruleset, found.facts, decided).reviewed
            row = evolve(row, reviewed=(reviewed.between, tuple(grade.label for grade in reviewed.grades)))
    except JmrulesError as error:
        row = evolve(row, state=None, error=error)
    return row


def work_list(
    files: Iterable[str],
    ruleset_for: Callable[[Facts], Ruleset],
    *,
    documents: bool = False,
    told: Callable[[int, int], None] | None = None,
    processes: int | None = None,
    load: Callable[[str], Facts] = load_facts,
) -> tuple[Row, ...]:
    """Every file with its review, worst first; a file that cannot be reviewed is a row that says why.

    What a ruleset says of departments among each other is computed over the files for it, where they do not give it.

    Args:
        documents: keep each review in JSON's terms.
        told: is called with how many are reviewed, and of how many.
        processes: on how many cores; on all, if not given.
        load: how the facts of a file are had.
    """
    loaded = loaded_together(files, ruleset_for, load)
    rows = each_of(partial(_reviewed, documents=documents), loaded, told=told, processes=processes)
    return tuple(sorted(rows, key=Row.rank))


def loaded_together(
    files: Iterable[str], ruleset_for: Callable[[Facts], Ruleset], load: Callable[[str], Facts] = load_facts
) -> Sequence[tuple[Ruleset, Facts] | Row]:
    """Every file's ruleset and facts, these with what is so among departments; a file that cannot be read is its row."""
    loaded = [_loaded(file, ruleset_for, load) for file in files]
    known = [each for each in loaded if not isinstance(each, Row)]
    compared = iter(compared_facts(known))
    return [each if isinstance(each, Row) else (each[0], next(compared)) for each in loaded]


def _loaded(
    file: str, ruleset_for: Callable[[Facts], Ruleset], load: Callable[[str], Facts]
) -> tuple[Ruleset, Facts] | Row:
    try:
        facts = load(file)
        return ruleset_for_facts(ruleset_for(facts), facts), facts
    except JmrulesError as error:
        return Row(file, error)


def _reviewed(loaded: tuple[Ruleset, Facts] | Row, *, documents: bool) -> Row:
    if isinstance(loaded, Row):
        return loaded
    ruleset, facts = loaded
    file = facts.source.file or ""
    try:
        found = review(ruleset, facts, supported=False)
        row = row_of(found, file)
        return evolve(row, document=in_json(found)) if documents else row
    except JmrulesError as error:
        return Row(file, error, facts.subject.name)


COLUMNS = (
    "rank", "file", "subject", "state", "standing", "claimed", "earned_low", "earned_high", "supported", "grade_claimed", "grade",
    "over_claimed", "under_claimed", "in_doubt", "contradictions", "matters", "on_assertion", "overstated", "reviewed", "grade_reviewed", "error",
)  # fmt: skip


def cells(rank: int, row: Row, language: Language) -> dict[str, str]:
    """A row as text by column; empty where there is nothing."""
    found = {"rank": str(rank), "file": row.file, "subject": row.subject}
    if row.error is not None:
        found["error"] = row.error.say(language)
    if row.broken or row.earned is None:
        return found
    return found | {
        "state": "" if row.state is None else PROGRESS_WORDS[row.state].say(language),
        "standing": row.standing or "",
        "claimed": "" if row.claimed is None else f"{row.claimed:f}",
        "earned_low": f"{row.earned[0]:f}",
        "earned_high": f"{row.earned[1]:f}",
        "supported": f"{row.supported:f}",
        "grade_claimed": row.grade_claimed or "",
        "grade": "/".join(grade.say(language) for grade in row.grades),
        "over_claimed": f"{row.over_claimed:f}",
        "under_claimed": f"{row.under_claimed:f}",
        "in_doubt": f"{row.in_doubt:f}",
        "contradictions": str(row.contradictions),
        "matters": str(row.matters),
        "on_assertion": f"{row.on_assertion:f}",
        "overstated": str(row.overstated),
        "reviewed": "" if row.reviewed is None else span_said(row.reviewed[0]),
        "grade_reviewed": "" if row.reviewed is None else "/".join(grade.say(language) for grade in row.reviewed[1]),
    }


def to_csv(rows: Iterable[Row], language: Language) -> str:
    """The work-list as CSV (RFC 4180), a heading first; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: inert(text) for name, text in cells(number, row, language).items()})
    return out.getvalue()


def _reviewed_in_json(row: Row) -> dict[str, Any] | None:
    if row.reviewed is None:
        return None
    between, grades = row.reviewed
    return {"total": in_points(between), "grade": grades[0] if len(grades) == 1 else None, **({"grades": grades} if len(grades) > 1 else {})}  # fmt: skip


tell(Problem, "code", "message", "hint?", ("place", lambda problem: str(problem.place)))
tell(
    Row,
    "file",
    "subject",
    "state",
    "standing",
    ("reviewed?", _reviewed_in_json),
    "review?=document",
    ("problems?", lambda row: None if row.error is None else tuple(row.error.problems)),
)


def work_list_json(rows: Iterable[Row]) -> str:
    """The text of a work-list: the rows in order, each a review or the problems of its file."""
    ranked = [{"rank": rank, **in_json(row)} for rank, row in enumerate(rows, 1)]
    return pretty({"jmrules": version("jmrules"), "rows": ranked}) + "\n"
