"""A monitored year step by step: alerts raised and cleared at once, bad events told, the command."""

import json
import signal
import subprocess
import sys
import threading

import pytest

from jmrules import MonitorError, MonitorSession, RulesetError, load_ruleset
from jmrules.cli import main
from monitor.common import DEPARTMENTS, RULESET, event, target


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log.jsonl"


@pytest.fixture
def session(path):
    with MonitorSession.start(path, RULESET, DEPARTMENTS) as session:
        yield session


def names(alerts):
    return [(alert.department, alert.finding.rule, alert.finding.item) for alert in alerts]


def test_two_quarters_behind_raise_an_alert_and_catching_up_clears_it(session):
    assert session.report(event("1", 1, "2024-04-08T09:00:00", targets=[target(0.25, 0.1)])).raised == ()
    second = session.report(event("2", 2, "2024-07-08T09:00:00", targets=[target(0.5, 0.3)]))
    assert names(second.raised) == [("data", "target_behind_twice", "系统上线")]
    assert second.raised[0].finding.message.zh == "“系统上线”计划 50%，实际 30%，连续两个季度落后"
    assert {ground.id for ground in second.raised[0].finding.grounds} == {"target_behind", "previous.target_behind"}
    third = session.report(event("3", 3, "2024-10-08T09:00:00", targets=[target(0.75, 0.75)]))
    assert names(third.cleared) == [("data", "target_behind_twice", "系统上线")]
    assert names(third.raised) == names(session.alerts) == [("data", "target_recovered", "系统上线")]


def test_low_execution_without_an_explanation_until_there_is_one(session):
    low = session.report(event("1", 3, "2024-10-08T09:00:00", budget=100, executed=50))
    assert ("data", "execution_low_unexplained", None) in names(low.raised)
    explained = session.report(event("2", 3, "2024-10-09T09:00:00", explanation="招标推迟"))
    assert names(explained.cleared) == [("data", "execution_low_unexplained", None)]
    assert session.reported("data")[3] == {"budget": 100, "executed": 50, "explanation": "招标推迟"}


def test_a_correction_of_an_earlier_quarter_clears_what_rested_on_it(session):
    session.report(event("1", 1, "2024-04-08T09:00:00", targets=[target(0.25, 0.1)]))
    session.report(event("2", 2, "2024-07-08T09:00:00", targets=[target(0.5, 0.3)]))
    corrected = session.report(event("3", 1, "2024-07-09T09:00:00", targets=[target(0.25, 0.25)]))
    assert names(corrected.cleared) == [("data", "target_behind_twice", "系统上线")]


def test_what_is_not_reported_decides_nothing(session):
    session.report(event("1", 3, "2024-10-08T09:00:00", executed=50))
    (quarter,) = session.quarters("data")
    assert ("execution_low", None) in quarter.undecided
    assert names(session.alerts) == [("data", "not_filed", None)]


def test_a_target_that_is_no_longer_reported_has_neither_recovered_nor_fallen_behind(session):
    session.report(event("1", 1, "2024-04-08T09:00:00", targets=[target(0.25, 0.1), target(0.25, 0.25, "培训")]))
    session.report(event("2", 2, "2024-07-08T09:00:00", targets=[target(0.5, 0.2, "培训")]))
    assert names(session.alerts) == []


def test_items_are_known_again_by_name_wherever_they_stand(session):
    session.report(event("1", 1, "2024-04-08T09:00:00", targets=[target(0.25, 0.25, "培训"), target(0.25, 0.1)]))
    session.report(event("2", 2, "2024-07-08T09:00:00", targets=[target(0.5, 0.1), target(0.5, 0.1, "培训")]))
    assert names(session.alerts) == [("data", "target_behind_twice", "系统上线")]


def test_the_same_event_twice_counts_once_and_another_under_its_id_is_told(session):
    first = event("1", 1, "2024-04-08T09:00:00", executed=10)
    assert session.report(first).outcome == "new"
    assert session.report(first).outcome == "repeated"
    reused = session.report(event("1", 1, "2024-04-09T09:00:00", executed=20))
    assert (reused.outcome, [notice.code for notice in reused.notices]) == ("new", ["event-id-reused"])
    assert session.reported("data") == {1: {"executed": 20}}


def test_a_clock_that_goes_back_is_told_and_the_later_time_counts(session):
    session.report(event("1", 1, "2024-04-09T09:00:00", executed=20))
    back = session.report(event("2", 1, "2024-04-08T09:00:00", executed=10))
    assert (back.outcome, [notice.code for notice in back.notices]) == ("superseded", ["clock-went-back"])
    assert session.reported("data") == {1: {"executed": 20}}


BAD = {
    "an unknown department": (event("1", 1, "2024-04-08T09:00:00", "date", executed=1), "no-such-department"),
    "an unknown quarter": (event("1", 5, "2024-04-08T09:00:00", executed=1), "no-such-quarter"),
    "a quarter that is no number": (event("1", "Q1", "2024-04-08T09:00:00", executed=1), "schema-type"),
    "no such time": (event("1", 1, "2024-02-30T09:00:00", executed=1), "no-such-time"),
    "a time in another form": (event("1", 1, "8.4.2024", executed=1), "schema-pattern"),
    "an unknown fact": (event("1", 1, "2024-04-08T09:00:00", execution=1), "unknown-fact"),
    "a fact out of its domain": (event("1", 1, "2024-04-08T09:00:00", budget=0), "out-of-domain"),
    "no facts": (event("1", 1, "2024-04-08T09:00:00"), "schema-min-properties"),
    "two items of one name": (
        event("1", 1, "2024-04-08T09:00:00", targets=[target(1, 1), target(1, 0)]),
        "items-not-told-apart",
    ),
    "a second head": ({"ruleset": RULESET, "departments": DEPARTMENTS}, "head-again"),
    "a member too many": ({**event("1", 1, "2024-04-08T09:00:00", executed=1), "year": 2024}, "unknown-member"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_event_is_refused_and_leaves_no_trace(session, path, case):
    bad, code = BAD[case]
    before = path.read_bytes()
    with pytest.raises(MonitorError) as caught:
        session.report(bad)
    assert code in [problem.code for problem in caught.value.problems]
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)
    assert path.read_bytes() == before


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_in_a_log_is_told_with_its_number_and_the_others_count(session, path, case):
    bad, code = BAD[case]
    session.report(event("0", 1, "2024-04-08T09:00:00", executed=5))
    session.close()
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(bad) + "\n" + json.dumps(event("9", 2, "2024-07-08T09:00:00", executed=9)) + "\n")
    with MonitorSession.open(path) as again:
        assert again.reported("data") == {1: {"executed": 5}, 2: {"executed": 9}}
        assert (code, 3) in [(problem.code, problem.place.line) for problem in again.problems]


def test_lines_that_are_no_json_are_told_and_left_out(session, path):
    session.close()
    with path.open("ab") as stream:
        stream.write(
            b'{"id": \xff}\n\n[1, 2\n' + json.dumps(event("9", 2, "2024-07-08T09:00:00", executed=9)).encode() + b"\n"
        )
    with MonitorSession.open(path) as again:
        assert [(problem.code, problem.place.line) for problem in again.problems] == [
            ("torn-line", 2),
            ("torn-line", 4),
        ]
        assert again.reported("data") == {2: {"executed": 9}}


def test_one_process_appends_at_a_time_and_others_may_read(session, path):
    with pytest.raises(MonitorError) as caught:
        MonitorSession.open(path)
    assert caught.value.problems[0].code == "log-in-use"
    with MonitorSession.open(path, writing=False) as reader:
        session.report(event("1", 3, "2024-10-08T09:00:00", budget=100, executed=50))
        (change,) = reader.refresh()
        assert names(change.raised) == names(session.alerts)


def test_a_log_that_shrinks_is_an_error(session, path):
    session.report(event("1", 1, "2024-04-08T09:00:00", executed=10))
    with MonitorSession.open(path, writing=False) as reader:
        session.close()
        path.write_bytes(path.read_bytes()[:40])
        with pytest.raises(MonitorError) as caught:
            list(reader.refresh())
    assert caught.value.problems[0].code == "log-shrunk"


def test_what_cannot_be_started_or_opened(path, tmp_path):
    with pytest.raises(MonitorError) as caught:
        MonitorSession.open(path)
    assert caught.value.problems[0].code == "unusable-log"
    MonitorSession.start(path, RULESET, DEPARTMENTS).close()
    with pytest.raises(MonitorError) as caught:
        MonitorSession.start(path, RULESET, DEPARTMENTS)
    assert caught.value.problems[0].code == "log-exists"
    with pytest.raises(MonitorError):
        MonitorSession.start(tmp_path / "other.jsonl", RULESET, {})
    with pytest.raises(RulesetError) as missing:
        MonitorSession.start(tmp_path / "other.jsonl", "mof/project-self-evaluation@2020", DEPARTMENTS)
    assert missing.value.problems[0].code == "no-monitoring"


def test_a_ruleset_that_changed_since_is_told(session, path):
    session.close()
    document = dict(load_ruleset(RULESET).source.value)
    changed = load_ruleset({**document, "revision": "9.9.9"})
    with MonitorSession.open(path, changed) as again:
        assert [problem.code for problem in again.problems] == ["ruleset-changed"]


def run(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["jmrules", "monitor", *map(str, arguments)])
    monkeypatch.setattr("jmrules.cli.common._chosen", None)
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    return code, capsys.readouterr()


def test_the_command_starts_a_log_takes_events_in_and_shows_what_stands(path, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    code, _ = run([path, "--start", RULESET, "--department", "data=数据局"], monkeypatch, capsys)
    assert code == 0
    events = tmp_path / "events.jsonl"
    lines = [
        event("1", 3, "2024-10-08T09:00:00", budget=100, executed=50),
        event("2", 3, "2024-10-09T09:00:00", "nobody", executed=1),
    ]
    events.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    code, shown = run([path, "--add", events], monkeypatch, capsys)
    assert code == 1
    assert "支出进度低且未说明" in shown.out
    assert f"{events}:2" in shown.err
    code, shown = run([path, "--history", "--lang", "en"], monkeypatch, capsys)
    assert code == 0
    assert "raised" in shown.out and "Q3" in shown.out
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    code, shown = run([path, "--json"], monkeypatch, capsys)
    assert [alert["finding"]["rule"] for alert in json.loads(shown.out)["alerts"]] == [
        "execution_low_unexplained",
        "not_filed",
    ]
    code, _ = run([tmp_path / "none.jsonl", "--start", RULESET], monkeypatch, capsys)
    assert code == 2


def test_following_tells_what_is_appended(session, path):
    code = "import sys; from jmrules.cli import main; sys.argv = ['jmrules', *sys.argv[1:]]; main()"
    command = [sys.executable, "-c", code, "monitor", str(path), "--follow", "--every", "0.05", "--lang", "en"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        # Rather than wait forever for what does not come.
        watch = threading.Timer(120, process.kill)
        watch.start()
        for line in process.stdout:
            if "nothing reported" in line:
                break
        session.report(event("1", 3, "2024-10-08T09:00:00", budget=100, executed=50))
        told = next((line for line in process.stdout if "raised" in line), "")
        assert "execution low and not explained" in told
        process.send_signal(signal.SIGINT)
        process.wait()
        watch.cancel()
        assert process.returncode == 130
