"""The scoring methods: one module each, and ``METHODS``, the only list of them.

A method says all that the other rooms need (:class:`jmrules.methods.base.Method`); they iterate over the list and name none.
Whatever a document states comes to one of the six shapes of :mod:`jmrules.methods.shapes`, which is what backends compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.methods.bands import BANDS
from jmrules.methods.base import Fields, Method
from jmrules.methods.checklist import CHECKLIST
from jmrules.methods.completion import COMPLETION
from jmrules.methods.deductions import DEDUCTIONS
from jmrules.methods.formula import FORMULA
from jmrules.methods.interpolate import INTERPOLATE
from jmrules.methods.levels import LEVELS
from jmrules.methods.ratio import RATIO
from jmrules.methods.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.methods.base import Site

#: by the kind that documents name
METHODS: dict[str, Method] = {
    method.kind: method
    for method in (RATIO, COMPLETION, BANDS, STEPS, DEDUCTIONS, CHECKLIST, LEVELS, INTERPOLATE, FORMULA)
}


def method_of(fields: Fields) -> Method:
    """The method whose fields these are."""
    return next(method for method in METHODS.values() if method.fields is type(fields))


def sites_of(fields: Fields) -> Iterator[Site]:
    """The expressions of a method, in document order."""
    yield from method_of(fields).sites(fields)


__all__ = ["METHODS", "Fields", "Method", "method_of", "sites_of"]
