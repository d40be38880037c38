"""Word that people hand in, read and sign: the self-evaluation report, the reviewer's opinion, the reply; or a bureau's own template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jmrules.report.scored import scored
from jmrules.report.word_narrative import Narrative, load_narrative
from jmrules.report.word_report import self_evaluation
from jmrules.report.word_review import opinion, reply
from jmrules.report.word_template import fields, filled_template
from jmrules.review import adjudicate, adjudication_beside

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.report.scored import Scored
    from jmrules.review import Adjudication
    from jmrules.ruleset import Ruleset

Letter = Literal["report", "opinion", "reply"]
LETTERS: tuple[Letter, ...] = ("report", "opinion", "reply")


def word(
    ruleset: Ruleset,
    facts: Facts,
    letter: Letter = "report",
    *,
    language: Language = "zh",
    narrative: str | Path | None = None,
    template: str | Path | None = None,
    adjudication: Adjudication | None = None,
) -> tuple[bytes, tuple[str, ...]]:
    """A Word document about a department, and what is still to be written in it.

    Args:
        letter: the self-evaluation report, the reviewer's opinion, or the department's reply to it.
        narrative: file with the department's own words, JSON or Markdown.
        template: a .docx of the bureau's own, whose fields are filled in instead.
        adjudication: what reviewers decided; that which stands beside the facts, if not given.

    Raises:
        FactsError, EvaluationError: the facts do not fit the ruleset, or have no score.
        JmrulesError: the narrative, the template or the decisions cannot be used; what writes Word is not installed.
    """
    return word_of(
        scored(ruleset, facts),
        letter,
        language=language,
        narrative=narrative,
        template=template,
        adjudication=adjudication,
    )


def word_of(
    found: Scored,
    letter: Letter = "report",
    *,
    language: Language = "zh",
    narrative: str | Path | None = None,
    template: str | Path | None = None,
    adjudication: Adjudication | None = None,
) -> tuple[bytes, tuple[str, ...]]:
    """As :func:`word`, of a department that was scored."""
    facts = found.facts
    own = Narrative() if narrative is None else load_narrative(narrative, found.ruleset)
    decisions = adjudication_beside(facts) if adjudication is None else adjudication
    # A self-evaluation comes before its review.
    reviewed = None if decisions is None or letter == "report" else adjudicate(found.ruleset, facts, decisions)
    if template is not None:
        return filled_template(template, fields(found, own, reviewed, language)), ()
    if letter == "report":
        page = self_evaluation(found, own, language)
    elif letter == "opinion":
        page = opinion(found, reviewed, language)
    else:
        page = reply(found, reviewed, own, language)
    return page.data(), tuple(page.todo)
