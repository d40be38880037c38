"""Findings in the trace: what follows from a score, and what it follows from."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.facts import Basis, Evidence
from jmrules.frozen import frozen_value
from jmrules.ruleset import Cap, Escalation, Rectification, Severity, Source
from jmrules.trace.deferred import Deferred, deferring


@frozen
class Figure:
    """A value that a signal read."""

    name: str
    label: Text
    #: FEEL type; of a list, the value is its number of items
    type: str
    value: Any = field(converter=frozen_value)
    #: the value for readers
    shown: Text
    unit: str | None = None
    basis: Basis | None = None
    evidence: tuple[Evidence, ...] = ()


@frozen
class Ground:
    """A signal that held, or an earlier finding, on which a finding rests."""

    kind: Literal["signal", "finding"]
    #: of the signal or rule; with ``previous.``, in the quarter before
    id: str
    label: Text
    #: the item that it is about, and what it is called in English where that is otherwise
    item: str | None = None
    item_en: str | None = None
    #: of a signal: its condition, and that in words
    expression: str | None = None
    shown: Text | None = None
    figures: tuple[Figure, ...] = ()


@frozen
class Finding(Deferred):
    """What a rule found. Its words and grounds are made when they are read."""

    rule: str
    label: Text
    severity: Severity
    message: Text
    source: Source
    #: the item that it is about, and what it is called in English where that is otherwise
    item: str | None = None
    item_en: str | None = None
    grounds: tuple[Ground, ...] = ()
    #: signals and rules that had to be absent, and were
    absent: tuple[str, ...] = ()
    cap: Cap | None = None
    veto: bool = False
    escalation: Escalation | None = None
    rectification: Rectification | None = None
    note: Text | None = None


#: a finding of which only the rule and the item are told at once
deferred_finding = deferring(Finding, "rule", "item")
