"""docs/review.md tells each status with a line of the real report: what the page says is what is computed.

With JMRULES_REWRITE set, the page is written anew.
"""

import os
import re
from pathlib import Path

from crossfoot.report import department, ruleset
from jmrules.crossfoot import cross_foot
from jmrules.crossfoot.results import STATUSES
from jmrules.crossfoot.words import STATUS_WORDS, line, said

PAGE = Path(__file__).parents[2] / "docs/review.md"
#: the matter shown of each status
SHOWN = {
    "question": "additions_implied",
    "cannot-be-computed": "execution_rate",
    "misprint": "budget_initial.years",
    "remainder": "projects_budget",
    "rounding": "outturn_parts",
    "agrees": "budget_parts",
}


def row(status, found):
    name, meaning = STATUS_WORDS[status]
    told = "none" if status not in SHOWN else f"{line(found[SHOWN[status]]).en}: {said(found[SHOWN[status]]).en}"
    return f"| {name.en} {name.zh} | {meaning.en} | {told} |"


def test_the_table_of_statuses_is_what_the_report_comes_to():
    found = {matter.id: matter for matter in cross_foot(ruleset(), department())}
    assert not any(matter.status == "contradicts" for matter in found.values())
    rows = "\n".join(row(status, found) for status in reversed(STATUSES))
    page = PAGE.read_text("utf-8")
    if os.environ.get("JMRULES_REWRITE"):
        page = re.sub(r"\| contradicts .*?(?=\n\n)", lambda _: rows, page, count=1, flags=re.S)
        PAGE.write_text(page, "utf-8")
    assert rows in page


def test_every_status_has_words_in_both_languages():
    assert set(STATUS_WORDS) == set(STATUSES)
    assert all(text.zh and text.en for pair in STATUS_WORDS.values() for text in pair)
