"""What a score is made from, whole: the ruleset and the facts in JSON's terms, so that it can be made again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import exact, portable, pretty, tell_as
from jmrules.facts.model import Facts
from jmrules.feel import string_of
from jmrules.frozen import frozen_mapping
from jmrules.memo import kept
from jmrules.quantities import decimal_of
from jmrules.ruleset import Ruleset, content_of, digest_of, ordered

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class Given:
    """A ruleset and facts, as documents say them; a number that a double does not hold is marked (``documents.doubles``)."""

    #: resolved, without what says how it is edited
    ruleset: Mapping[str, Any] = field(repr=False, converter=frozen_mapping)
    #: the facts document; the year and the facts alone where they came as a mapping
    facts: Mapping[str, Any] = field(repr=False, converter=frozen_mapping)
    #: the ruleset as a trace writes it, where that is known: it is the same in every trace
    ruleset_text: str | None = field(default=None, eq=False, repr=False)

    def text(self) -> str:
        """The text of both, as it stands under a member of a document."""
        return f"""{{
    "ruleset": {self.ruleset_text or pretty(self.ruleset, indent=4)},
    "facts": {pretty(self.facts, indent=4)}
  }}"""

    @property
    def facts_digest(self) -> str:
        """SHA-256 of the facts, in canonical JSON; of a facts document, its digest."""
        return digest_of(exact(self.facts, typed=False))


tell_as(Given, lambda given: {"ruleset": given.ruleset, "facts": given.facts})


def given_of(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> Given:
    """What a score of these facts under this ruleset is made from."""
    if isinstance(facts, Facts):
        document = content_of(facts.source.value)
        if _LONG.search(facts.source.text):
            document = portable(document, (), inside=True)
    else:
        document = portable({"fiscal_year": ruleset.fiscal_year, "facts": _plain(facts)}, (), inside=True)
    return Given(_content(ruleset), document, _text(ruleset))


#: what a number that a double does not hold looks like, at least
_LONG = re.compile(r"[0-9](?:[0-9.]{15}|[eE])", re.ASCII)


@kept
def _content(ruleset: Ruleset) -> Mapping[str, Any]:
    return frozen_mapping(portable(ordered(content_of(ruleset.source.value), "ruleset"), (), inside=True))


@kept
def _text(ruleset: Ruleset) -> str:
    return pretty(_content(ruleset), indent=4)


def bare_facts(ruleset: Ruleset, values: Iterable[Any]) -> Mapping[str, Any]:
    """Facts as bare values in JSON's terms, of their bound values in the order of the declarations; what is absent is left out."""
    return frozen_mapping(
        {fact.id: _bare(value) for fact, value in zip(ruleset.facts, values, strict=False) if value is not None}
    )


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: _bare(part) for name, part in item.items() if part is not None} for item in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value that came from Python, in JSON's terms, members in one order; a float means its shortest decimal."""
    if isinstance(value, Mapping):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    # Python limits the digits of an int's own text.
    if (number := decimal_of(value)) is not None:
        return number
    return value if value is None or isinstance(value, str | bool) else string_of(value)
