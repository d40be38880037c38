"""The ledger and the evidence: what closes a problem, what repeats, what is lacking, and which files are what they say."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import FactsError, evaluate, load_facts, load_ruleset
from jmrules.review.evidence import evidence_report
from jmrules.review.rectification import STATES, Closed, Entry, ledger, state_of
from review.common import DOCUMENT, DOCUMENTS, department

PROOF = [{"note": "验收单"}]
CLOSED = {"by": "财政局", "date": "2025-05-01"}


def problem(**more):
    return {"id": "rules", "found": 2023, "problem": "制度不全", **more}


def states(*entries, as_of="2025-06-01", **more):
    return [(line.entry.id, line.state) for line in ledger([department(rectification=list(entries), **more)], as_of)]


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({}, "open"),
        ({"measure": "修订"}, "measure-only"),
        ({"measure": "修订", "due": "2025-06-01"}, "measure-only"),
        ({"measure": "修订", "due": "2025-05-31"}, "overdue"),
        ({"measure": "修订", "proof": PROOF}, "proven"),
        ({"proof": PROOF, "due": "2025-05-31"}, "overdue"),
        ({"measure": "修订", "closed": CLOSED}, "unproven"),
        ({"proof": PROOF, "closed": CLOSED}, "closed"),
        ({"proof": PROOF, "closed": {"by": "财政局", "date": "2025-07-01"}}, "proven"),
    ],
)
def test_a_measure_alone_closes_nothing(members, state):
    assert states(problem(**members)) == [("rules", state)]


DAYS = st.dates().map(str)
ENTRIES = st.builds(
    Entry,
    id=st.just("a"),
    found=st.just(2023),
    problem=st.just("问题"),
    measure=st.sampled_from([None, "修订"]),
    due=st.none() | DAYS,
    proof=st.sampled_from([(), ("proof",)]),
    closed=st.none() | st.builds(Closed, by=st.just("局"), date=DAYS),
)


@given(ENTRIES, DAYS, DAYS)
def test_without_proof_or_acceptance_nothing_is_closed_and_what_is_closed_stays_so(entry, one, other):
    early, late = sorted((one, other))
    if state_of(entry, early) == "closed":
        assert entry.proof and entry.closed and state_of(entry, late) == "closed"
    if not entry.proof or entry.closed is None:
        assert state_of(entry, late) != "closed"


def test_what_repeats_shows_and_the_latest_file_counts():
    before = department(fiscal_year=2023, rectification=[problem(found=2022, proof=PROOF, closed=CLOSED), problem()])
    after = department(rectification=[problem(measure="修订"), problem(id="other", problem="未公开", found=2023)])
    for files in ([before, after], [after, before]):
        lines = {(line.entry.id, line.entry.found): line for line in ledger(files, "2025-06-01")}
        assert lines["rules", 2022].years == lines["rules", 2023].years == (2022, 2023)
        assert lines["rules", 2022].recurred and not lines["rules", 2023].recurred
        assert lines["rules", 2023].entry.measure == "修订"
        assert not lines["other", 2023].repeats
    order = [STATES.index(line.state) for line in ledger([before, after], "2025-06-01")]
    assert order == sorted(order)


def test_lateness_shows():
    (line,) = ledger([department(rectification=[problem(proof=PROOF, due="2025-04-01", closed=CLOSED)])], "2025-06-01")
    assert line.state == "closed" and line.late


def test_a_bad_ledger_is_told_at_its_place():
    with pytest.raises(FactsError) as caught:
        states(problem(proof=[{"document": "x"}]), problem())
    assert [(p.code, p.place.pointer) for p in caught.value.problems] == [
        ("no-such-document", "/rectification/0/proof/0/document"),
        ("duplicate-identifier", "/rectification/1/id"),
    ]
    with pytest.raises(FactsError) as caught:
        department(rectification=[{"id": "a", "found": 2023}, problem(due="soon"), problem(closed={"by": "局"})])
    assert {p.place.pointer for p in caught.value.problems} == {
        "/rectification/0", "/rectification/1/due", "/rectification/2/closed",
    }  # fmt: skip
    with pytest.raises(FactsError):
        ledger([department(), department(subject={"name": "他局"})], "2025-06-01")


def requiring(**leaf):
    document = json.loads(json.dumps(DOCUMENT, default=str))
    document["indicators"][1] |= leaf
    document["indicators"][1]["evidence"] = [
        {"kind": "rule", "label": {"zh": "制度"}, "dated": '<= date("2024-12-31")'},
        {"kind": "minutes", "label": {"zh": "纪要"}},
    ]
    # what facts list besides, another indicator asks for
    document["indicators"][0]["children"][0]["evidence"] = [
        {"kind": kind, "label": {"zh": kind}} for kind in ("final_accounts", "inspection")
    ]
    return load_ruleset(document)


def test_required_evidence_is_missing_out_of_date_or_given(tmp_path):
    (tmp_path / "rule.txt").write_bytes(b"rule")
    (tmp_path / "other.txt").write_bytes(b"changed")
    right = hashlib.sha256(b"rule").hexdigest()
    documents = {
        "old": {"title": "旧制度", "kind": "rule", "date": "2025-01-01"},
        "rule": {"title": "制度", "kind": "rule", "date": "2024-12-31", "file": "rule.txt", "sha256": right},
        "changed": {"title": "纪要", "file": "other.txt", "sha256": right},
        "gone": {"title": "无", "file": "none.txt"},
        "far": {"title": "外", "file": "../secret", "sha256": right},
        "absolute": {"title": "外", "file": "/etc/hostname"},
        "plain": {"title": "无摘要", "file": "rule.txt"},
    }
    (tmp_path.parent / "secret").write_bytes(b"rule")
    report = evidence_report(requiring(), department(documents=documents), tmp_path)
    rule, minutes = (each for each in report.required if each.indicator == report.required[-1].indicator)
    assert (rule.status, rule.given.document.id, rule.given.status, rule.given.sha256) == (
        "given",
        "rule",
        "matches",
        right,
    )
    assert (minutes.status, minutes.given) == ("missing", None)
    assert {check.document.id: check.status for check in report.documents} == {
        "old": "none", "rule": "matches", "changed": "differs", "gone": "absent", "far": "outside", "absolute": "outside",
        "plain": "unstated", **dict.fromkeys(DOCUMENTS, "none"),
    }  # fmt: skip
    del documents["rule"]
    documents["changed"]["kind"] = "minutes"
    rule, minutes = evidence_report(requiring(), department(documents=documents), tmp_path).lacking
    assert (rule.status, rule.given.document.id) == ("out of date", "old")
    assert (minutes.status, minutes.given.status) == ("given", "differs")


def test_an_indicator_that_does_not_apply_needs_no_evidence():
    applies = {"when": "not(well_run)", "otherwise": "full", "reason": {"zh": "不涉及"}}
    report = evidence_report(requiring(applies=applies), department())
    assert {each.status for each in report.required[-2:]} == {"not needed"} and report.lacking == ()


def test_a_document_of_a_kind_that_nobody_asks_for_is_refused_with_the_list():
    documents = {"slip": {"title": "纪要", "kind": "minuts"}, "other": {"title": "附件"}}
    facts = department(documents=documents)
    for act in (evidence_report, evaluate):
        with pytest.raises(FactsError) as caught:
            act(requiring(), facts)
        (problem,) = caught.value.problems
        assert problem.code == "unknown-document-kind" and problem.place.pointer == "/documents/slip/kind"
        assert "minutes（纪要）" in problem.message.zh and "self_evaluation_report（自评报告）" in problem.message.zh
        assert "minutes" in problem.hint.zh and "did you mean" in problem.hint.say("en")
    # where nothing is asked for, there is no list that it could be missing from
    evaluate(load_ruleset(DOCUMENT), department(documents=documents))


def test_the_commands_list_them(jmrules, tmp_path):
    root = tmp_path / "facts.json"
    facts = department(rectification=[problem(measure="修订", due="2025-05-31")])
    root.write_text(facts.to_json(), encoding="utf-8")
    (tmp_path / "ruleset.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    ran = jmrules("rectification", root, "--as-of", "2025-06-01")
    assert ran.code == 0 and "overdue" in ran.out and "修订" in ran.out
    ran = jmrules("rectification", root, "--as-of", "2025-06-01", "--json")
    assert json.loads(ran.out)["lines"][0]["state"] == "overdue"
    assert jmrules("rectification", root, "--as-of", "June").code == 2
    ran = jmrules("evidence", root, "--ruleset", tmp_path / "ruleset.json", "--json")
    found = json.loads(ran.out)
    assert found["required"] == [] and [each["document"] for each in found["documents"]] == list(DOCUMENTS)
    assert load_facts(root) == facts
