"""Events of a monitoring log: what a department reports for a quarter, checked before it is believed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.documents import canonical, check
from jmrules.errors import JmrulesError, Place, Problem, Text, did_you_mean
from jmrules.facts import bind_carefully

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.documents import Document
    from jmrules.ruleset import Rule, Ruleset, Signal

QUARTERS = (1, 2, 3, 4)


class MonitorError(JmrulesError):
    """An event, or a log, that cannot be taken in."""


@frozen
class Event:
    """A report of a department for a quarter, its facts bound."""

    id: str
    department: str
    quarter: int
    #: YYYY-MM-DDTHH:MM:SS
    recorded: str
    facts: Mapping[str, Any]
    #: canonical text of the document
    canonical: str

    @property
    def stamp(self) -> tuple[str, str, str]:
        """What decides which of two statements of a fact counts: the greater one, in whatever order they come."""
        return self.recorded, self.id, self.canonical


@frozen
class Head:
    """The first line of a log."""

    ruleset: str
    #: code -> name
    departments: Mapping[str, str]
    digest: str | None = None


def head_of(document: Document) -> Head:
    """The head that a line states.

    Raises:
        MonitorError: it is none.
    """
    value = document.value
    problems = check(document, "events")
    if not problems and "departments" not in value:
        problems = [no_head(document.place(""))]
    if problems:
        raise MonitorError(problems)
    return Head(value["ruleset"], value["departments"], value.get("digest"))


def no_head(place: Place) -> Problem:
    """The problem of a log without its first line."""
    return Problem(
        "log-without-head",
        Text(
            "日志缺少首行：首行应写明评分办法（ruleset）和部门（departments）",
            "the log lacks its first line, which names `ruleset` and `departments`",
        ),
        Text(
            "请用 jmrules monitor 日志 --start 评分办法 新建日志",
            "start the log with jmrules monitor LOG --start RULESET",
        ),
        place,
    )


def event_of(document: Document, ruleset: Ruleset, departments: Iterable[str]) -> Event:
    """The event that a line states, its facts bound to the ruleset's monitoring.

    Raises:
        MonitorError: a malformed event, an unknown department or quarter, facts that do not fit; every problem.
    """
    problems = check(document, "events")
    if problems:
        raise MonitorError(problems)
    value = document.value
    if "departments" in value:
        raise MonitorError(_head_again(document))
    problems = list(_doubts(document, list(departments)))
    bound, wrong = _bound(ruleset, value["facts"])
    problems += [problem.at(document.place(f"/facts{problem.place.pointer or ''}")) for problem in wrong]
    if not wrong:
        problems += _items(ruleset, bound, document)
    if problems:
        raise MonitorError(problems)
    return Event(value["id"], value["department"], value["quarter"], value["recorded"], bound, canonical(value))


def _bound(ruleset: Ruleset, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    assert ruleset.monitoring is not None
    # An event need not state every fact.
    declared = tuple(evolve(fact, optional=True) for fact in ruleset.monitoring.facts)
    values, problems = bind_carefully(evolve(ruleset, facts=declared, constraints=()), given)
    names = [fact.id for fact in declared]
    return {name: value for name, value in zip(names, values, strict=True) if name in given}, problems


def _head_again(document: Document) -> Problem:
    return Problem(
        "head-again",
        Text("只有首行可以写明 departments", "only the first line can name departments"),
        Text("请删去这一行", "remove this line"),
        document.place(""),
    )


def _doubts(document: Document, departments: list[str]) -> Iterator[Problem]:
    value = document.value
    if value["department"] not in departments:
        yield Problem(
            "no-such-department",
            Text(f"没有部门“{value['department']}”", f"there is no department {value['department']!r}"),
            did_you_mean(
                value["department"],
                departments,
                Text(f"现有：{'、'.join(departments[:20])}", f"there are: {', '.join(departments[:20])}"),
            ),
            document.place("/department"),
        )
    if value["quarter"] not in QUARTERS:
        yield Problem(
            "no-such-quarter",
            Text(f"没有第 {value['quarter']} 季度", f"there is no quarter {value['quarter']}"),
            Text("应为 1 至 4", "write 1 to 4"),
            document.place("/quarter"),
        )
    try:
        datetime.datetime.fromisoformat(value["recorded"])
    except ValueError:
        yield Problem(
            "no-such-time",
            Text(f"没有 {value['recorded']} 这个时刻", f"there is no time {value['recorded']}"),
            Text("应为 YYYY-MM-DDTHH:MM:SS", "write YYYY-MM-DDTHH:MM:SS"),
            document.place("/recorded"),
        )


def _items(ruleset: Ruleset, bound: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    """Items must be told apart, or they could not be known again in the next quarter."""
    assert ruleset.monitoring is not None
    rules: tuple[Signal | Rule, ...] = (*ruleset.monitoring.signals, *ruleset.monitoring.rules)
    for of, by in sorted({(rule.each.of, rule.each.by) for rule in rules if rule.each is not None and rule.each.by}):
        seen: set[str] = set()
        for index, item in enumerate(bound.get(of) or ()):
            name = item[by]
            if name is None or name in seen:
                yield Problem(
                    "items-not-told-apart",
                    Text(f"“{of}”中有两项都是“{name}”", f"two items of {of} are called {name!r}")
                    if name is not None
                    else Text(f"“{of}”中有一项没有 {by}", f"an item of {of} has no {by}"),
                    Text(f"请使各项的 {by} 互不相同", f"give each a {by} of its own"),
                    document.place(f"/facts/{of}/{index}"),
                )
            seen.add(name)
