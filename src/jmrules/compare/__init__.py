"""What one ruleset would do to departments that another has scored: total by total, and where each change comes from."""

from jmrules.compare.attribution import Attribution
from jmrules.compare.beside import ROUNDINGS, beside_the_tree
from jmrules.compare.criteria import criterion, in_words, tests_in_words
from jmrules.compare.departments import Department
from jmrules.compare.document import diff_document, diff_markdown, impact_json
from jmrules.compare.fit import Path
from jmrules.compare.impact import NAMED, Impact, impact
from jmrules.compare.sourced import ground_of, how_sourced
from jmrules.compare.totals import Reason
from jmrules.compare.words import KINDS, PARTS, said

__all__ = [
    "KINDS",
    "NAMED",
    "PARTS",
    "ROUNDINGS",
    "Attribution",
    "Department",
    "Impact",
    "Path",
    "Reason",
    "beside_the_tree",
    "criterion",
    "diff_document",
    "diff_markdown",
    "ground_of",
    "how_sourced",
    "impact",
    "impact_json",
    "in_words",
    "said",
    "tests_in_words",
]
