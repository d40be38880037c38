"""The shipped rulesets: what departments score lies within bounds at every level of trust, whoever's facts fill the gaps."""

from decimal import Decimal
from pathlib import Path

import pytest

from jmrules import FactsError, bounds, evaluate, load_facts, load_ruleset
from laws.common import tree_nodes
from laws.real import REAL, at_its_word
from score.bounds.test_laws import nodes_of, scored

RULESETS = Path(__file__).parents[3] / "rulesets"
TRUSTS = ("document", "verified")


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
    if file.stem.endswith("contradictions"):
        with pytest.raises(FactsError):
            bounds(ruleset, facts)
        return
    for trust in TRUSTS:
        found = bounds(ruleset, facts, trust)
        nodes = nodes_of(found)
        for given in completions(ruleset, facts, found.unknown, others):
            try:
                score = scored(ruleset, given)
            except FactsError:
                # Not all is known of the facts themselves.
                continue
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
    assert facts.claims.total == 100
    said, figures = bounds(ruleset, facts), bounds(ruleset, facts, "figure")
    # Only the budget constraint rests on figures; the funds spent 6746.91 of 17050.65, and what is left out is not known.
    assert (figures.low, figures.high) == (Decimal("5.96"), 100)
    assert [node.id for node in figures.leaves if node.low == node.high] == ["budget_constraint"]
    assert (said.low, said.high) == (Decimal("38.96"), 100)
    assert len(said.grades) == len(figures.grades) == 4
    # None of its projects has a large balance, it says; figures leave none to three.
    assert (said["input_cost"].low, figures["input_cost"].low) == (7, 0)
    best = said.worth[:4]
    assert [each.fact for each in best] == ["benefits", "outputs", "fund_targets", "adjustments"]
    assert [each.greatest for each in best[:3]] == [15, 15, 10]


def test_taken_at_its_word_the_real_report_scores_within_its_own_statements():
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    found = bounds(ruleset, load_facts(REAL))
    word = evaluate(ruleset, load_facts(at_its_word()))
    assert word.total == 100
    for leaf in word.trace.leaves:
        assert found[leaf.id].low <= leaf.awarded <= found[leaf.id].high, leaf.id
