"""The work-list of a reviewer who has many self-evaluations: the doubtful ones first, broken files too."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.documents import in_json, pretty, tell
from jmrules.errors import JmrulesError, Problem
from jmrules.facts import compared_facts, load_facts, ruleset_for_facts
from jmrules.findings import STANDINGS, Standing
from jmrules.formats import inert
from jmrules.review.claimed import Review, review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


@frozen
class Row:
    """One file: its review, or why there is none."""

    file: str
    review: Review | None = None
    error: JmrulesError | None = None

    @property
    def standing(self) -> Standing | None:
        """The gravest of all its indicators and its total; None where it could not be reviewed."""
        if self.review is None:
            return None
        nodes = (self.review.total, *self.review.indicators)
        claimed = [node.standing for node in nodes if node.standing != "not-claimed"]
        return min(claimed, key=STANDINGS.index, default="not-claimed")

    def rank(self) -> tuple[bool, Decimal, int, Decimal, str]:
        """Worst first: files that cannot be reviewed; points over-claimed or in doubt; contradictions; points on assertion."""
        found = self.review
        if found is None:
            return (False, Decimal(0), 0, Decimal(0), self.file)
        doubtful = found.over_claimed + found.in_doubt
        return (True, -doubtful, -len(found.contradictions), -found.on_assertion, self.file)


def work_list(files: Iterable[str], ruleset_for: Callable[[Facts], Ruleset]) -> tuple[Row, ...]:
    """Every file with its review, worst first; a file that cannot be reviewed is a row that says why.

    What a ruleset says of departments among each other is computed over the files for it, where they do not give it.
    """
    loaded = [_loaded(file, ruleset_for) for file in files]
    known = [(ruleset, facts) for ruleset, facts in (each for each in loaded if not isinstance(each, Row))]
    found = iter(compared_facts(known))
    rows = (each if isinstance(each, Row) else _row(each[1], each[0], next(found)) for each in loaded)
    return tuple(sorted(rows, key=Row.rank))


def _loaded(file: str, ruleset_for: Callable[[Facts], Ruleset]) -> tuple[Ruleset, Facts] | Row:
    try:
        facts = load_facts(file)
        return ruleset_for_facts(ruleset_for(facts), facts), facts
    except JmrulesError as error:
        return Row(file, error=error)


def _row(given: Facts, ruleset: Ruleset, facts: Facts) -> Row:
    file = given.source.file or ""
    try:
        return Row(file, review(ruleset, facts, supported=False))
    except JmrulesError as error:
        return Row(file, error=error)


COLUMNS = (
    "rank", "file", "subject", "standing", "claimed", "earned_low", "earned_high", "grade_claimed", "grade",
    "over_claimed", "under_claimed", "in_doubt", "contradictions", "on_assertion", "overstated", "error",
)  # fmt: skip


def cells(rank: int, row: Row, language: Language) -> dict[str, str]:
    """A row as text by column; empty where there is nothing."""
    found = row.review
    if found is None:
        assert row.error is not None
        return {"rank": str(rank), "file": row.file, "error": row.error.say(language)}
    claims = found.facts.claims
    return {
        "rank": str(rank),
        "file": row.file,
        "subject": found.facts.subject.name,
        "standing": row.standing or "",
        "claimed": "" if claims.total is None else f"{claims.total:f}",
        "earned_low": f"{found.total.earned[0]:f}",
        "earned_high": f"{found.total.earned[1]:f}",
        "grade_claimed": claims.grade or "",
        "grade": "/".join(grade.label.say(language) for grade in found.grades),
        "over_claimed": f"{found.over_claimed:f}",
        "under_claimed": f"{found.under_claimed:f}",
        "in_doubt": f"{found.in_doubt:f}",
        "contradictions": str(len(found.contradictions)),
        "on_assertion": f"{found.on_assertion:f}",
        "overstated": str(len(found.overstated)),
    }


def to_csv(rows: Iterable[Row], language: Language) -> str:
    """The work-list as CSV (RFC 4180), a heading first; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: inert(text) for name, text in cells(number, row, language).items()})
    return out.getvalue()


tell(Problem, "code", "message", "hint?", ("place", lambda problem: str(problem.place)))
tell(
    Row,
    "file",
    "standing",
    "review?",
    ("problems?", lambda row: None if row.error is None else tuple(row.error.problems)),
)


def work_list_json(rows: Iterable[Row]) -> str:
    """The text of a work-list: the rows in order, each a review or the problems of its file."""
    ranked = [{"rank": rank, **in_json(row)} for rank, row in enumerate(rows, 1)]
    return pretty({"jmrules": version("jmrules"), "rows": ranked}) + "\n"
