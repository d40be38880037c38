"""Facts filled into a template and read from it are the same facts, and fill it in the same way, whatever the ruleset and the facts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmrules.facts import load_facts
from jmrules.facts.model import fact_of
from jmrules.report import template
from jmrules.ruleset import load_ruleset
from strategies import cases, facts_documents


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("forms") / "facts.xlsx"


@settings(max_examples=25)
@given(
    cases(most_leaves=3).flatmap(lambda case: st.tuples(st.just(case), facts_documents(case))),
    st.sampled_from(["zh", "en"]),
)
def test_facts_survive_a_template(path, drawn, language):
    case, document = drawn
    ruleset, facts = load_ruleset(case.ruleset), load_facts(document)
    made = template(ruleset, facts, language)
    path.write_bytes(made)
    read = load_facts(path)
    assert {name: fact_of(part) for name, part in read.given.items()} == {
        name: fact_of(part) for name, part in facts.given.items()
    }
    assert template(ruleset, read, language) == made
