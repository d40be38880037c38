"""Where a department's review stands, which its reviewers' file beside the facts says: 未审, 已审, 已签."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jmrules.errors import Text
from jmrules.formats import REVIEW_ENDING
from jmrules.review.adjudication import load_adjudication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts import Facts
    from jmrules.review.adjudication import Adjudication

#: unreviewed: nobody has decided anything; changed: the facts are not those that were reviewed; reviewed: decided or looked at, not
#: signed off; signed: every stage that decided something has signed
Progress = Literal["unreviewed", "changed", "reviewed", "signed"]
PROGRESS_WORDS: Mapping[Progress, Text] = {
    "unreviewed": Text("未审", "unreviewed"),
    "changed": Text("数据已变，需重审", "facts changed, review again"),
    "reviewed": Text("已审", "reviewed"),
    "signed": Text("已签", "signed"),
}


def review_file(facts: str | Path) -> Path:
    """The reviewers' file beside a facts file: X.json or X.xlsx -> X.review.json."""
    return Path(facts).with_suffix(REVIEW_ENDING)


def adjudication_beside(facts: Facts) -> Adjudication | None:
    """The reviewers' file beside a facts file; None where there is none.

    Raises:
        DocumentError, AdjudicationError: it cannot be read.
    """
    if facts.source.file is None or not (file := review_file(facts.source.file)).is_file():
        return None
    return load_adjudication(file)


def progress_of(facts: Facts, adjudication: Adjudication | None) -> Progress:
    """Where the review of a department stands."""
    if adjudication is None:
        return "unreviewed"
    if adjudication.digest is not None and adjudication.digest != facts.digest:
        return "changed"
    signed = {stage.stage for stage in adjudication.stages} - {"self_evaluation"}
    decided = {change.stage for change in adjudication.changes}
    return "signed" if signed and decided <= signed else "reviewed"
