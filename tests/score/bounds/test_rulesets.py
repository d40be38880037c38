"""The shipped rulesets: what departments score lies within bounds at every level of trust, whoever's facts fill the gaps."""

from pathlib import Path

import pytest

from jmrules import bounds, evaluate, load_facts, load_ruleset
from laws.common import tree_nodes
from score.bounds.test_laws import nodes_of, scored

RULESETS = Path(__file__).parents[3] / "rulesets"
TRUSTS = ("document", "verified")
REAL = RULESETS / "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"


def departments():
    """Facts files of every ruleset, by folder; every fourth of them, for there are many."""
    for folder in sorted(RULESETS.glob("*/*/cases/*")):
        files = [file for file in sorted(folder.glob("*.json")) if not file.name.endswith(".expected.json")]
        yield folder, files[::4]


@pytest.mark.parametrize(
    ("folder", "file", "others"),
    [
        pytest.param(
            folder, file, [other for other in files if other != file], id=f"{folder.parent.parent.name}-{file.stem}"
        )
        for folder, files in departments()
        for file in files
    ],
)
def test_scores_lie_within_at_every_level_of_trust(folder, file, others):
    facts = load_facts(file)
    ruleset = load_ruleset(f"{facts.ruleset}@{facts.fiscal_year}")
    last = None
    for trust in TRUSTS:
        found = bounds(ruleset, facts, trust)
        nodes = nodes_of(found)
        for given in completions(ruleset, facts, found.unknown, others):
            score = scored(ruleset, given)
            if score is None:
                continue
            for node in tree_nodes(score.trace.root):
                of = nodes["" if node is score.trace.root else node.id]
                assert of.low <= node.awarded <= of.high, (trust, node.id)
            assert found.low <= score.total <= found.high
            assert score.grade.id in {grade.id for grade in found.grades}
        if last is not None:
            assert found.low <= last.low <= last.high <= found.high
        last = found


def completions(ruleset, facts, unknown, others):
    """The facts themselves, and with what is unknown as other departments have it, where all of it was unknown."""
    yield facts
    optional = {fact.id for fact in ruleset.facts if fact.optional}
    partly = {fact.id for fact in ruleset.facts if fact.type == "list" and _counts(facts.given.get(fact.id))}
    for other in others:
        theirs = load_facts(other).given
        given = dict(facts.given)
        for name in unknown:
            if name in partly:
                continue
            if name in theirs:
                given[name] = theirs[name]
            elif name in optional:
                given.pop(name, None)
        yield given


def _counts(given):
    """Whether a list's own basis may be trusted, so that its number of items is fixed."""
    return isinstance(given, dict) and given.get("basis", "assertion") != "assertion"


def test_the_real_report_is_worth_what_its_figures_support():
    facts = load_facts(REAL)
    ruleset = load_ruleset(f"{facts.ruleset}@{facts.fiscal_year}")
    assert evaluate(ruleset, facts).total == facts.claims.total == 100
    found = bounds(ruleset, facts, "figure")
    # Of 18 indicators, only the budget constraint rests on figures.
    assert (found.low, found.high, found.tight) == (2, 100, True)
    assert [node.id for node in found.leaves if node.low == node.high] == ["budget_constraint"]
    assert len(found.grades) == 4
    best = found.worth[:2]
    assert {each.fact for each in best} == {"outputs", "benefits"}
    assert all((each.claimed, each.least, each.greatest) == (15, 15, 15) for each in best)
    rate = next(each for each in found.worth if each.fact == "fund_execution_rate_adjusted")
    # That the fund is managed here is the report's own word: until it is shown, the fund's rate alone is worth nothing.
    assert rate.greatest == 0 and found["special_fund"].points == (0, 20)
