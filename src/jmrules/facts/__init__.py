"""A department as data: facts with units, basis and evidence, and their fit to a ruleset."""

from jmrules.facts.across import across_all, compared, compared_facts
from jmrules.facts.basis import Grounds, Overstated, Spot, grounds_of, overstated, weaker, weakest
from jmrules.facts.bind import bind, bind_bare, bind_quickly, ruleset_for_facts
from jmrules.facts.careful import MissingFact, bind_carefully, judged
from jmrules.facts.constraints import all_hold, unmet
from jmrules.facts.documents import unknown_kinds
from jmrules.facts.domain import FEW, MAX_ITEMS, MAX_STRING, Domain, domain_of, items_alike
from jmrules.facts.forms.details import KINDS
from jmrules.facts.forms.fields import Field, fields_of, written
from jmrules.facts.forms.listed import defaults
from jmrules.facts.forms.pages import FORMAT, HEAD
from jmrules.facts.given import Given, bare_facts, given_of
from jmrules.facts.json_schema import facts_schema
from jmrules.facts.load import facts_files, facts_of, load_facts, parse_facts, read_facts
from jmrules.facts.model import (
    BASES,
    Basis,
    Claims,
    Decision,
    Evidence,
    Facts,
    SourceDocument,
    Subject,
    converter,
    copied,
    is_fact_object,
)
from jmrules.facts.unknown import only_unknown, told_at_once
from jmrules.facts.wording import allowed, called, counted

__all__ = [
    "BASES",
    "FEW",
    "FORMAT",
    "HEAD",
    "KINDS",
    "MAX_ITEMS",
    "MAX_STRING",
    "Basis",
    "Claims",
    "Decision",
    "Domain",
    "Evidence",
    "Facts",
    "Field",
    "Given",
    "Grounds",
    "MissingFact",
    "Overstated",
    "SourceDocument",
    "Spot",
    "Subject",
    "across_all",
    "all_hold",
    "allowed",
    "bare_facts",
    "bind",
    "bind_bare",
    "bind_carefully",
    "bind_quickly",
    "called",
    "compared",
    "compared_facts",
    "converter",
    "copied",
    "counted",
    "defaults",
    "domain_of",
    "facts_files",
    "facts_of",
    "facts_schema",
    "fields_of",
    "given_of",
    "grounds_of",
    "is_fact_object",
    "items_alike",
    "judged",
    "load_facts",
    "only_unknown",
    "overstated",
    "parse_facts",
    "read_facts",
    "ruleset_for_facts",
    "told_at_once",
    "unknown_kinds",
    "unmet",
    "weaker",
    "weakest",
    "written",
]
