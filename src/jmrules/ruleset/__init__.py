"""A notice as data: the document, its checks, its model, and where it is found."""

from jmrules.ruleset.check import check
from jmrules.ruleset.check_checks import check_texts
from jmrules.ruleset.checks import CrossCheck, Differs
from jmrules.ruleset.constraint_texts import constraint_texts
from jmrules.ruleset.constraints import Constraint
from jmrules.ruleset.declarations import Across, FactDeclaration, Source
from jmrules.ruleset.diff import Difference, Kind, Part, diff
from jmrules.ruleset.digest import content_of, digest_of
from jmrules.ruleset.expressions import SCORES, analyse, applies_pointer, identifiers, sites_of_leaf
from jmrules.ruleset.layout import laid_out, ordered
from jmrules.ruleset.load import load_ruleset, parse_ruleset, ruleset_for_date, ruleset_of
from jmrules.ruleset.members import Member, is_text
from jmrules.ruleset.model import (
    Clamp,
    Derived,
    Effect,
    Grade,
    Group,
    Leaf,
    Node,
    Notice,
    RequiredEvidence,
    Rounding,
    Ruleset,
    Scale,
    everything,
    indicators,
    leaves,
    walk,
)
from jmrules.ruleset.reads import derived_reading, leaves_below, nodes, reading_facts
from jmrules.ruleset.registry import Summary, entries, find, is_reference, summaries, years_in_words
from jmrules.ruleset.remarks import remarks
from jmrules.ruleset.rule_graph import plain_name, rule_graph
from jmrules.ruleset.rules import PREVIOUS, Cap, Each, Escalation, Rectification, Rule, Severity, Signal, When
from jmrules.ruleset.scaffold import scaffold, scaffold_overlay, write
from jmrules.ruleset.sources import VARIABLE
from jmrules.ruleset.structure import for_year, handed_down, structure
from jmrules.ruleset.templates import Slot, Template
from jmrules.ruleset.tracked import ResolvedDocument, origin_of
from jmrules.ruleset.variants import kind_in_words, variants, varying
from jmrules.ruleset.years import in_year

__all__ = [
    "PREVIOUS",
    "SCORES",
    "VARIABLE",
    "Across",
    "Cap",
    "Clamp",
    "Constraint",
    "CrossCheck",
    "Derived",
    "Difference",
    "Differs",
    "Each",
    "Effect",
    "Escalation",
    "FactDeclaration",
    "Grade",
    "Group",
    "Kind",
    "Leaf",
    "Member",
    "Node",
    "Notice",
    "Part",
    "Rectification",
    "RequiredEvidence",
    "ResolvedDocument",
    "Rounding",
    "Rule",
    "Ruleset",
    "Scale",
    "Severity",
    "Signal",
    "Slot",
    "Source",
    "Summary",
    "Template",
    "When",
    "analyse",
    "applies_pointer",
    "check",
    "check_texts",
    "constraint_texts",
    "content_of",
    "derived_reading",
    "diff",
    "digest_of",
    "entries",
    "everything",
    "find",
    "for_year",
    "handed_down",
    "identifiers",
    "in_year",
    "indicators",
    "is_reference",
    "is_text",
    "kind_in_words",
    "laid_out",
    "leaves",
    "leaves_below",
    "load_ruleset",
    "nodes",
    "ordered",
    "origin_of",
    "parse_ruleset",
    "plain_name",
    "reading_facts",
    "remarks",
    "rule_graph",
    "ruleset_for_date",
    "ruleset_of",
    "scaffold",
    "scaffold_overlay",
    "sites_of_leaf",
    "structure",
    "summaries",
    "variants",
    "varying",
    "walk",
    "write",
    "years_in_words",
]
