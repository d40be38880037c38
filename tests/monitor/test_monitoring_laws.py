"""Laws of the monitoring: any order, any repetition, any interruption ends in the same state, and loses nothing acknowledged."""

import tempfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from jmrules import MonitorError, MonitorSession, load_ruleset
from monitor.common import DEPARTMENTS, EVENTS, RULESET, event, state, target


@cache
def ruleset():
    return load_ruleset(RULESET)


def reported(path, events):
    with MonitorSession.start(path, ruleset(), DEPARTMENTS) as session:
        changes = [session.report(each) for each in events]
    return session, changes


@settings(max_examples=30)
@given(st.data())
def test_any_order_and_any_repetition_end_in_the_same_state(data):
    events = data.draw(EVENTS)
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3))))
    with tempfile.TemporaryDirectory() as folder:
        one, _ = reported(Path(folder) / "one.jsonl", events)
        other, _ = reported(Path(folder) / "other.jsonl", again)
        assert state(one) == state(other)


@settings(max_examples=30)
@given(EVENTS)
def test_the_log_alone_leads_to_the_same_state_and_the_same_history(events):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        session, changes = reported(path, events)
        with MonitorSession.open(path, ruleset(), writing=False) as again:
            assert state(again) == state(session)
            assert again.history == session.history == changes
            assert again.problems == session.problems


@settings(max_examples=20)
@given(st.data())
def test_killed_at_any_byte_nothing_acknowledged_is_lost(data):
    events = data.draw(EVENTS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        reported(path, events)
        whole = path.read_bytes()
        head = whole.index(b"\n") + 1
        for _ in range(4):
            cut = data.draw(st.integers(0, len(whole)))
            path.write_bytes(whole[:cut])
            if cut < head:
                try:
                    MonitorSession.open(path, ruleset()).close()
                except MonitorError as error:
                    assert error.problems[0].code == "log-without-head"
                else:
                    raise AssertionError("a log without its head was opened")
                continue
            acknowledged = events[: whole[head:cut].count(b"\n")]
            with MonitorSession.open(path, ruleset()) as session:
                kept = [change.event.id for change in session.history]
                assert kept[: len(acknowledged)] == [each["id"] for each in acknowledged]
                # What was under way may be whole but for its line break; nothing else can have come in.
                assert kept in (
                    [each["id"] for each in acknowledged],
                    [each["id"] for each in events[: len(acknowledged) + 1]],
                )
                for each in events:
                    session.report(each)
                resumed = state(session)
            with MonitorSession.open(path, ruleset(), writing=False) as again:
                assert state(again) == resumed
            path.unlink()
            assert resumed == state(reported(path, events)[0])


def test_killed_at_every_byte_of_a_line(tmp_path):
    path = tmp_path / "log.jsonl"
    events = [event("一", 1, "2024-04-08T09:00:00", budget=100, executed=10, explanation="“招标”推迟")]
    reported(path, events)
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    for cut in range(head, len(whole) + 1):
        path.write_bytes(whole[:cut])
        with MonitorSession.open(path, ruleset(), writing=False) as reader:
            assert (reader.torn is not None) == (head < cut < len(whole))
            assert len(reader.history) == (cut == len(whole))
        with MonitorSession.open(path, ruleset()) as session:
            session.report(events[0])
            session.report(event("2", 2, "2024-07-08T09:00:00", executed=20))
        with MonitorSession.open(path, ruleset(), writing=False) as again:
            assert again.reported("data") == {
                1: {"budget": 100, "executed": 10, "explanation": "“招标”推迟"},
                2: {"executed": 20},
            }
            assert again.torn is None


@given(st.permutations(range(4)))
@settings(max_examples=24)
def test_quarters_may_come_in_any_order(order):
    actual = (0.2, 0.3, 0.75, 1)
    events = [
        event(
            str(q),
            q + 1,
            f"2024-{3 * q + 4:02}-08T09:00:00" if q < 3 else "2025-01-08T09:00:00",
            targets=[target((q + 1) / 4, actual[q])],
        )
        for q in range(4)
    ]
    with tempfile.TemporaryDirectory() as folder:
        session, _ = reported(Path(folder) / "log.jsonl", [events[index] for index in order])
    firing = [
        sorted(key for key in quarter.holding if key[0].startswith("target_")) for quarter in session.quarters("data")
    ]
    assert firing == [
        [("target_behind", "系统上线")],
        [("target_behind", "系统上线"), ("target_behind_twice", "系统上线")],
        [("target_recovered", "系统上线")],
        [],
    ]
