"""A monitoring in JSON's terms, for other tools."""

from __future__ import annotations

from typing import Any

from jmrules.documents import in_json, tell
from jmrules.monitor.session import Alert, Change, MonitorSession


def _timeline(session: MonitorSession) -> list[dict[str, Any]]:
    return [
        {
            "department": code,
            "quarter": quarter.number,
            "holding": [_key(key) for key in sorted(quarter.holding, key=str)],
            "undecided": [_key(key) for key in sorted(quarter.undecided, key=str)],
        }
        for code in session.head.departments
        for quarter in session.quarters(code)
    ]


def _key(key: tuple[str, str | None]) -> dict[str, Any]:
    name, item = key
    return {"id": name} if item is None else {"id": name, "item": item}


def _problems(session: MonitorSession) -> list[dict[str, Any]]:
    problems = [*session.problems, *([session.torn] if session.torn else [])]
    return [
        {
            "code": problem.code,
            "line": problem.place.line,
            "message": {"zh": problem.message.zh, "en": problem.message.say("en")},
        }
        for problem in problems
    ]


tell(Alert, "department", "quarter", "finding")
tell(
    Change,
    "line",
    "event=event.id",
    "department=event.department",
    "quarter=event.quarter",
    "recorded=event.recorded",
    "outcome",
    "raised",
    "cleared",
)
tell(
    MonitorSession,
    ("ruleset", lambda session: {"reference": session.ruleset.reference, "digest": session.ruleset.digest}),
    "departments=head.departments",
    "alerts",
    "history",
    ("timeline", _timeline),
    ("problems", _problems),
)


def session_document(session: MonitorSession) -> dict[str, Any]:
    """Alerts, history, the timeline by department and quarter, and what could not be taken in."""
    found: dict[str, Any] = in_json(session)
    return found
