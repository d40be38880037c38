"""Traces of the shipped rulesets: every number of them is derived again or held, and altering any is noticed."""

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from jmrules import FactsError, bounds, evaluate, load_facts, load_ruleset
from jmrules.documents import check, parse
from jmrules.replaying import compared, derived_document, replay_document
from laws.altered import is_number, numbers, other, scalars, with_value
from strategies import json_text

RULESETS = Path(__file__).parents[2] / "rulesets"
REAL = RULESETS / "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
#: a case of which all is known
KNOWN = RULESETS / "jiangmen/department-overall/cases/2024/yunxi-agriculture.json"


def first_cases():
    """The first case of each ruleset that has cases."""
    for folder in sorted(RULESETS.glob("*/*/cases/[0-9][0-9][0-9][0-9]")):
        found = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".expected.json")]
        yield from found[:1]


def trace_of(path):
    """What is known of the score: the trace, or the bounds where not all is known."""
    ruleset = load_ruleset(f"{path.parents[3].name}/{path.parents[2].name}@{path.parent.name}")
    try:
        return evaluate(ruleset, load_facts(path)).to_json()
    except FactsError:
        return bounds(ruleset, load_facts(path)).to_json()


def unnoticed(text, count, seed):
    """Of so many single alterations, a third of them of numbers that were given, those that nobody notices."""
    document = json.loads(text, parse_float=Decimal)
    chance = random.Random(seed)
    given = [path for path in numbers(document) if path[0] == "given"]
    derived = [path for path in numbers(document) if path[0] != "given"]
    missed, again = [], derived_document(parse(text))
    for places, share in ((given, count // 3), (derived, count - count // 3)):
        for path in chance.sample(places, share):
            step = chance.choice((1, -1, Decimal("0.01"), Decimal("-0.6794")))
            altered = parse(json_text(with_value(document, path, lambda number, by=step: number + by)))
            # Where what was given is untouched, the same comes out of it each time.
            found = replay_document(altered) if places is given else compared(altered, again)
            if not found.problems and not check(altered, "trace"):
                missed.append(path)
    return missed


def test_of_120_alterations_of_numbers_of_the_real_case_none_goes_unnoticed():
    assert unnoticed(trace_of(REAL), 120, 2024) == []


@pytest.mark.parametrize("path", list(first_cases()), ids=lambda path: f"{path.parents[3].name}-{path.parent.name}")
def test_an_altered_number_of_a_shipped_rulesets_trace_is_noticed(path):
    text = trace_of(path)
    assert replay_document(parse(text)).problems == ()
    assert unnoticed(text, 12, 1) == []


def test_statuses_bases_branches_findings_and_what_they_rest_on_are_held():
    document = json.loads(trace_of(KNOWN), parse_float=Decimal)
    wanted = ("status", "basis", "branch", "outcome", "severity", "rule", "kind", "document", "section", "zh", "absent")
    seen = set()
    for path, value in scalars(document):
        member = next(step for step in reversed(path) if isinstance(step, str))
        if member in wanted and not is_number(value) and path[0] != "given" and member not in seen:
            seen.add(member)
            altered = parse(json_text(with_value(document, path, other)))
            assert replay_document(altered).problems, path
    assert {"status", "basis", "branch", "outcome", "severity", "rule", "document", "zh"} <= seen


def test_the_deciding_input_altered_and_the_award_left_is_refused():
    """Where a leaf tells what it read; and where the fact itself stands, with every digest made to fit."""
    document = json.loads(trace_of(KNOWN), parse_float=Decimal)
    fact = "budget_initial"
    told = [path for path, _ in scalars(document) if path[-1] == "value" and _input(document, path).get("name") == fact]
    assert told
    altered = with_value(document, told[0], lambda value: value * Decimal("0.3206"))
    found = replay_document(parse(json_text(altered))).problems
    assert [(problem.code, problem.place.pointer) for problem in found] == [
        ("replay-differs", "".join(f"/{step}" for step in told[0]))
    ]
    given = ("given", "facts", "facts", fact, "value")
    for path in (given, *told):
        document = with_value(document, path, lambda value: value * Decimal("0.3206"))
    document["facts"]["digest"] = load_facts(document["given"]["facts"]).digest
    assert replay_document(parse(json_text(document))).problems


def _input(document, path):
    """What holds the value at a path."""
    for step in path[:-1]:
        document = document[step]
    return document


def test_the_command_says_how_much_was_derived(jmrules, tmp_path):
    for form in (None, "zh", "en", "compact"):
        made = jmrules("score", KNOWN, "--json", *(["--form", form] if form else []))
        assert made.code == 0
        path = tmp_path / f"{form}.json"
        path.write_text(made.out, "utf-8")
        ran = jmrules("validate", path)
        assert ran.code == 0
        document = json.loads(made.out, parse_float=Decimal)
        held = sum(path[0] == "given" for path in numbers(document))
        assert f"{held} given ones held by their digests" in ran.out
        assert "none left out" in ran.out
    assert '"zh"' not in json.dumps({**json.loads((tmp_path / "en.json").read_text("utf-8")), "given": None})
    assert len((tmp_path / "compact.json").read_bytes()) * 5 < len((tmp_path / "None.json").read_bytes())
    text = (tmp_path / "None.json").read_text("utf-8")
    (tmp_path / "None.json").write_text(text.replace('"awarded": ', '"awarded": 1', 1), "utf-8")
    ran = jmrules("validate", tmp_path / "None.json")
    assert ran.code == 2
    assert "points awarded is recorded as 1" in ran.err
