"""The list of the scoring methods, which a method made of methods looks into; :mod:`jmrules.methods` fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.methods.base import Fields, Method, Site

#: by the kind that documents name
METHODS: dict[str, Method] = {}


def method_of(fields: Fields) -> Method:
    """The method whose fields these are."""
    return next(method for method in METHODS.values() if method.fields is type(fields))


def sites_of(fields: Fields) -> Iterator[Site]:
    """The expressions of a method, in document order."""
    yield from method_of(fields).sites(fields)
