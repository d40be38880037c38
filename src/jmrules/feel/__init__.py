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

from jmrules.errors import LimitError
from jmrules.feel.api import evaluate, evaluate_with_diagnostics, unary_tests
from jmrules.feel.compiled import Compiled, compile
from jmrules.feel.inference import free_names
from jmrules.feel.numbers import CONTEXT, EXACT, Number
from jmrules.feel.parser import parse, parse_unary_tests
from jmrules.feel.problems import FeelError, FeelSyntaxError
from jmrules.feel.quotients import Quotient
from jmrules.feel.values import Function, Range, feel_value, string_of
from jmrules.formats import LANGUAGES

__all__ = [
    "CONTEXT",
    "EXACT",
    "Compiled",
    "FeelError",
    "FeelSyntaxError",
    "Function",
    "LimitError",
    "Number",
    "Quotient",
    "Range",
    "compile",
    "evaluate",
    "evaluate_with_diagnostics",
    "feel_value",
    "free_names",
    "parse",
    "parse_unary_tests",
    "string_of",
    "unary_tests",
]

LANGUAGES["feel"] = parse
LANGUAGES["feel-unary-tests"] = parse_unary_tests
