"""A monitoring in JSON's terms, for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.trace.document import finding_document

if TYPE_CHECKING:
    from jmrules.errors import Problem
    from jmrules.monitor.session import Alert, Change, MonitorSession


def session_document(session: MonitorSession) -> dict[str, Any]:
    """Alerts, history, the timeline by department and quarter, and what could not be taken in."""
    problems = [*session.problems, *([session.torn] if session.torn else [])]
    return {
        "ruleset": {"reference": session.ruleset.reference, "digest": session.ruleset.digest},
        "departments": dict(session.head.departments),
        "alerts": [_alert(alert) for alert in session.alerts],
        "history": [_change(change) for change in session.history],
        "timeline": [
            {
                "department": code,
                "quarter": quarter.number,
                "holding": [_key(key) for key in sorted(quarter.holding, key=str)],
                "undecided": [_key(key) for key in sorted(quarter.undecided, key=str)],
            }
            for code in session.head.departments
            for quarter in session.quarters(code)
        ],
        "problems": [_problem(problem) for problem in problems],
    }


def _key(key: tuple[str, str | None]) -> dict[str, Any]:
    name, item = key
    return {"id": name} if item is None else {"id": name, "item": item}


def _alert(alert: Alert) -> dict[str, Any]:
    return {"department": alert.department, "quarter": alert.quarter, "finding": finding_document(alert.finding)}


def _change(change: Change) -> dict[str, Any]:
    event = change.event
    return {
        "line": change.line,
        "event": event.id,
        "department": event.department,
        "quarter": event.quarter,
        "recorded": event.recorded,
        "outcome": change.outcome,
        "raised": [_alert(alert) for alert in change.raised],
        "cleared": [_alert(alert) for alert in change.cleared],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "line": problem.place.line,
        "message": {"zh": problem.message.zh, "en": problem.message.say("en")},
    }
