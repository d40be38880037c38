"""A monitoring session: a log, the state that it leads to, and the alerts raised and cleared on the way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from attrs import frozen

from jmrules.documents import document_of
from jmrules.errors import JmrulesError, Place, Problem, RulesetError, Text
from jmrules.monitor.events import Head, MonitorError, event_of, head_of, no_head
from jmrules.monitor.log import Log, create
from jmrules.monitor.state import Department, decide_quarters
from jmrules.ruleset import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.monitor.events import Event
    from jmrules.monitor.log import Line
    from jmrules.monitor.state import Quarter
    from jmrules.ruleset import Ruleset
    from jmrules.trace import Finding


@frozen
class Alert:
    """A finding that stands in a department's latest quarter."""

    department: str
    quarter: int
    finding: Finding

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What makes it the same alert: department, rule, item."""
        return self.department, self.finding.rule, self.finding.item


@frozen
class Change:
    """What an event did."""

    #: new: it changed what is reported; repeated: the log has it already; superseded: all that it states was stated later
    outcome: Literal["new", "repeated", "superseded"]
    #: line of the log
    line: int
    event: Event
    raised: tuple[Alert, ...] = ()
    cleared: tuple[Alert, ...] = ()
    #: what is odd about it, though it was taken in
    notices: tuple[Problem, ...] = ()


class MonitorSession:
    """Quarterly reports as they come: taken in, kept in a log, and turned into alerts.

    The state depends on which events the log holds, not on their order: of two statements of a fact for the same quarter
    the one recorded later counts. An event that is reported twice counts once. When :meth:`report` returns, its event is on disk.
    """

    def __init__(self, log: Log, head: Head, ruleset: Ruleset) -> None:
        self._log, self.head, self.ruleset = log, head, ruleset
        self._departments = {code: Department() for code in head.departments}
        self._seen: dict[str, set[str]] = {}
        self._latest_stamp = ""
        #: every event that did something, in the order of the log
        self.history: list[Change] = []
        #: lines and events that could not be taken in, and what is odd
        self.problems: list[Problem] = []

    @classmethod
    def start(cls, path: str | Path, ruleset: str | Path | Ruleset, departments: Mapping[str, str]) -> MonitorSession:
        """A new log for these departments (code to name), open for reports.

        Raises:
            MonitorError: the file is there already or cannot be written, or the ruleset has no monitoring.
            RulesetError, DocumentError: no sound ruleset.
        """
        loaded = load_ruleset(ruleset) if isinstance(ruleset, str | Path) else ruleset
        _monitored(loaded)
        # A file by its whole path: a reference is never a path, and the log may be read from elsewhere.
        is_file = isinstance(ruleset, Path) or (isinstance(ruleset, str) and ruleset.startswith((".", "/")))
        named = os.path.abspath(str(ruleset)) if is_file else loaded.reference
        head = {"ruleset": named, "digest": loaded.digest, "departments": dict(departments)}
        head_of(document_of(head))
        create(Path(path), head)
        return cls.open(path, loaded)

    @classmethod
    def open(cls, path: str | Path, ruleset: Ruleset | None = None, *, writing: bool = True) -> MonitorSession:
        """The session of a log, as far as the log goes; ``ruleset`` instead of the one that its first line names.

        Raises:
            MonitorError: there is no such log, it lacks its first line, or another process appends to it.
            RulesetError, DocumentError: no sound ruleset.
        """
        log = Log(Path(path), writing=writing)
        try:
            first = next(log.read(), None)
            if first is None or first.document is None:
                raise MonitorError(no_head(Place(str(path), None, 1)))
            head = _head(first, str(path))
            loaded = load_ruleset(head.ruleset) if ruleset is None else ruleset
            _monitored(loaded)
        except BaseException:
            log.close()
            raise
        session = cls(log, head, loaded)
        if head.digest is not None and head.digest != loaded.digest:
            session.problems.append(_other_ruleset(head, loaded, str(path)))
        session._catch_up()
        if writing:
            log.mend()
            session._catch_up()
        return session

    def report(self, event: Mapping[str, Any]) -> Change:
        """Take an event in (schemas/events.schema.json), keep it, and tell what it raised and cleared.

        Raises:
            MonitorError: the event is malformed, for an unknown department or quarter, its facts do not fit (then nothing is
                kept), or it could not be written.
        """
        document = document_of(event)
        checked = event_of(document, self.ruleset, self._departments)
        if checked.canonical in self._seen.get(checked.id, ()):
            return Change("repeated", 0, checked)
        # What an earlier writing that failed has left behind.
        self._catch_up()
        self._log.mend()
        self._catch_up()
        self._log.append(document.value)
        *_, change = self.refresh()
        return change

    def refresh(self) -> Iterator[Change]:
        """Take in what others have appended to the log since; what cannot be taken in goes to :attr:`problems`.

        Raises:
            MonitorError: the log has become shorter.
        """
        for line in self._log.read():
            change = self._take(line)
            if change is not None:
                yield change

    @property
    def torn(self) -> Problem | None:
        """A last line without its end: being written, or torn off."""
        return self._log.torn()

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What stands now, by department, then in the order of the rules."""
        return tuple(alert for code in self._departments for alert in self._alerts(code))

    def quarters(self, department: str) -> tuple[Quarter, ...]:
        """What follows from each quarter that the department has reported for."""
        return self._departments[department].quarters

    def reported(self, department: str) -> dict[int, dict[str, Any]]:
        """The facts that count, by quarter and name."""
        found = self._departments[department].reported
        return {
            quarter: {name: found[quarter][name][1] for name in sorted(found[quarter])} for quarter in sorted(found)
        }

    def _catch_up(self) -> None:
        for _ in self.refresh():
            pass

    def close(self) -> None:
        """Let others append to the log."""
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _alerts(self, code: str) -> tuple[Alert, ...]:
        latest = self._departments[code].latest
        return () if latest is None else tuple(Alert(code, latest.number, finding) for finding in latest.findings)

    def _take(self, line: Line) -> Change | None:
        if line.document is None:
            self.problems += line.problems
            return None
        try:
            event = event_of(line.document, self.ruleset, self._departments)
        except JmrulesError as error:
            self.problems += line.at(error.problems, self._log.file)
            return None
        place = Place(self._log.file, None, line.number)
        known = self._seen.setdefault(event.id, set())
        if event.canonical in known:
            change = Change("repeated", line.number, event, notices=(_repeated(event, place),))
        else:
            notices = (*((_reused(event, place),) if known else ()), *self._late(event, place))
            known.add(event.canonical)
            change = self._apply(event, line.number, notices)
        self.problems += change.notices
        self.history.append(change)
        return change

    def _apply(self, event: Event, line: int, notices: tuple[Problem, ...]) -> Change:
        department = self._departments[event.department]
        before = {alert.key: alert for alert in self._alerts(event.department)}
        if not department.take(event):
            return Change("superseded", line, event, notices=notices)
        department.quarters = decide_quarters(self.ruleset, department)
        after = {alert.key: alert for alert in self._alerts(event.department)}
        return Change(
            "new",
            line,
            event,
            raised=tuple(alert for key, alert in after.items() if key not in before),
            cleared=tuple(alert for key, alert in before.items() if key not in after),
            notices=notices,
        )

    def _late(self, event: Event, place: Place) -> tuple[Problem, ...]:
        if event.recorded >= self._latest_stamp:
            self._latest_stamp = event.recorded
            return ()
        return (
            Problem(
                "clock-went-back",
                Text(
                    f"事件“{event.id}”记录于 {event.recorded}，早于已有的 {self._latest_stamp}",
                    f"the event {event.id!r} was recorded at {event.recorded}, before {self._latest_stamp} that is already here",
                ),
                Text(
                    "已按其记录时间采用；若是时钟有误，请更正后重报",
                    "it counts by its own time; if a clock was wrong, report it again",
                ),
                place,
            ),
        )


def _head(line: Line, file: str) -> Head:
    assert line.document is not None
    try:
        return head_of(line.document)
    except MonitorError as error:
        raise MonitorError(line.at(error.problems, file)) from None


def _monitored(ruleset: Ruleset) -> None:
    if ruleset.monitoring is None:
        raise RulesetError(
            Problem(
                "no-monitoring",
                Text(f"{ruleset.reference} 没有监控规则", f"{ruleset.reference} has no monitoring"),
                Text("请在评分办法中写入 monitoring", "give the ruleset a `monitoring`"),
                Place(ruleset.source.file),
            )
        )


def _other_ruleset(head: Head, ruleset: Ruleset, file: str) -> Problem:
    return Problem(
        "ruleset-changed",
        Text(
            f"日志始于摘要为 {(head.digest or '')[:12]} 的评分办法，现为 {ruleset.digest[:12]}",
            f"the log was started under the ruleset of digest {(head.digest or '')[:12]}; now it is {ruleset.digest[:12]}",
        ),
        Text("以下按现在的评分办法判断", "what follows is by the present one"),
        Place(file, None, 1),
    )


def _repeated(event: Event, place: Place) -> Problem:
    return Problem(
        "event-repeated",
        Text(f"事件“{event.id}”已经有了", f"the event {event.id!r} is here already"),
        Text("只计一次", "it counts once"),
        place,
    )


def _reused(event: Event, place: Place) -> Problem:
    return Problem(
        "event-id-reused",
        Text(f"编号“{event.id}”已用于内容不同的事件", f"the id {event.id!r} is that of a different event"),
        Text("两个事件都已采用；更正请用新的编号", "both are taken in; give a correction an id of its own"),
        place,
    )
