"""FEEL, the expression language of DMN 1.5 (chapter 10): text to tree to value, exactly.

- :func:`parse`, :func:`parse_unary_tests`: text to an immutable tree (``jmrules.feel.tree``) with positions.
- :func:`evaluate`, :func:`unary_tests`: the value of a text in a context; :func:`evaluate_with_diagnostics`.
- :func:`compile`: a text once, for many evaluations, with types, static problems and a fast positional function.
- :func:`free_names`: which names, and which members of them, an expression reads.
- :func:`string_of`: the canonical text of any value. :data:`CONTEXT`: the decimal context of standard FEEL, which all of
  these compute by. Where a thread is under :data:`EXACT` instead, as a ruleset's evaluation is, numbers are rationals.

Values in Python: ``Decimal`` (and ``Quotient`` under ``EXACT``), ``str``, ``bool``, ``None``, ``list``, ``dict``, ``Range``, ``Function`` and the classes
of ``jmrules.feel.temporal``. An expression that has no value gives FEEL's null and a diagnostic, or, strictly, FeelError.
One that takes more work than is allowed gives LimitError, strict or not: that is no value, and not null either.
"""

from jmrules import formats
from jmrules.errors import LimitError
from jmrules.feel.api import evaluate, evaluate_with_diagnostics, unary_tests
from jmrules.feel.compiled import Compiled, compile
from jmrules.feel.functions.registry import BUILT_INS, Forms
from jmrules.feel.inference import free_names
from jmrules.feel.interpreter import interpret
from jmrules.feel.intervals import (
    EVERYTHING,
    Edge,
    Interval,
    Intervals,
    between,
    closed,
    complement,
    empty_range,
    empty_ranges,
    ends_on_grid,
    holding,
    intervals,
    merge,
    overlap,
)
from jmrules.feel.meanings import Meaning, day_said, said_tests, shown, shown_in_both
from jmrules.feel.numbers import (
    CONTEXT,
    EXACT,
    LONG,
    NUMBERS,
    Number,
    divide,
    exactly,
    in_context,
    is_number,
    is_whole,
    short,
)
from jmrules.feel.parser import parse, parse_unary_tests
from jmrules.feel.problems import DividedByZero, FeelError, FeelSyntaxError, problem
from jmrules.feel.quotients import LONG_DIGITS, Quotient, is_exact, quotient_of
from jmrules.feel.signs import right_name
from jmrules.feel.values import Function, Range, feel_value, literal_of, string_of
from jmrules.feel.words import LANGUAGES, SCORES, Vocabulary, Words, dotted

__all__ = [
    "BUILT_INS",
    "CONTEXT",
    "EVERYTHING",
    "EXACT",
    "LANGUAGES",
    "LONG",
    "LONG_DIGITS",
    "NUMBERS",
    "SCORES",
    "Compiled",
    "DividedByZero",
    "Edge",
    "FeelError",
    "FeelSyntaxError",
    "Forms",
    "Function",
    "Interval",
    "Intervals",
    "LimitError",
    "Meaning",
    "Number",
    "Quotient",
    "Range",
    "Vocabulary",
    "Words",
    "between",
    "closed",
    "compile",
    "complement",
    "day_said",
    "divide",
    "dotted",
    "empty_range",
    "empty_ranges",
    "ends_on_grid",
    "evaluate",
    "evaluate_with_diagnostics",
    "exactly",
    "feel_value",
    "free_names",
    "holding",
    "in_context",
    "interpret",
    "intervals",
    "is_exact",
    "is_number",
    "is_whole",
    "literal_of",
    "merge",
    "overlap",
    "parse",
    "parse_unary_tests",
    "problem",
    "quotient_of",
    "right_name",
    "said_tests",
    "short",
    "shown",
    "shown_in_both",
    "string_of",
    "unary_tests",
]

formats.LANGUAGES["feel"] = parse
formats.LANGUAGES["feel-unary-tests"] = parse_unary_tests
