"""The published facts schema under the validators that people have: ajv and VS Code's by node, python-jsonschema on floats."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from jmrules import FactsError, load_ruleset
from jmrules.documents import parse, pretty
from jmrules.facts import facts_of, ruleset_for_facts
from jmrules.facts.json_schema import facts_schema
from jmrules.score.bounds import department

RULESETS = sorted(Path("rulesets").glob("*/*/[0-9][0-9][0-9][0-9].json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cases_of(path):
    cases = sorted((path.parent / "cases" / path.stem).glob("*.json"))
    return [case for case in cases if not case.name.endswith(".expected.json")]


@pytest.fixture(scope="session")
def validators(node_packages):
    """What ajv, VS Code's JSON service and python-jsonschema on floats say of documents: for each, a list of problems a validator."""

    def check(schema, texts):
        given = json.dumps({"schema": schema, "documents": texts})
        ran = subprocess.run(
            ["node", "check.cjs"], cwd=node_packages, input=given, check=True, capture_output=True, text=True
        )
        assert ran.stderr == ""
        floats = jsonschema.Draft202012Validator(schema)
        by_floats = [[error.message for error in floats.iter_errors(json.loads(text))] for text in texts]
        return [{**said, "floats": more} for said, more in zip(json.loads(ran.stdout), by_floats, strict=True)]

    return check


def published(ruleset, language="zh"):
    return json.loads(pretty(facts_schema(ruleset, language)))


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.parent.name + path.stem)
def test_every_shipped_case_is_accepted(validators, path):
    ruleset, cases = load_ruleset(path), cases_of(path)
    assert cases
    for language in ("zh", "en"):
        said = validators(published(ruleset, language), [case.read_text(encoding="utf-8") for case in cases])
        assert said == [{"ajv": [], "editor": [], "floats": []}] * len(cases)


#: what a JSON Schema cannot say: relations between facts, exactness, tests that are no ranges
LEFT_TO_BINDING = {
    "points-do-not-add-up",
    "broken-constraint",
    "too-many-decimals",
    "unit-inexact",
    "beyond-exact-range",
    "day-out-of-domain",
}


def variants(document, ruleset):
    """The document changed in one place at a time, in ways that people get wrong."""
    kinds = {(fact.type, fact.unit, fact.tests, fact.optional, fact.absent): fact for fact in ruleset.facts}
    for declaration in kinds.values():
        given = document["facts"].get(declaration.id)
        number = declaration.type == "number"
        values = [
            None, True, "x", "12", [], [{}], {}, {"value": None}, {"value": "x"}, -1, 0.07, 1.1, 19.99, 1e15, {"value": -1},
            {"value": 7, "unit": "%"}, {"value": 7, "unit": "万元"}, {"value": 7, "unit": "CNY"}, {"value": 7, "unit": "斤"},
            {"value": 1, "basis": "hearsay"}, {"value": 1, "source": "x"}, {"value": 1, "between": [1, 2]}, "2024-02-30", "20240101",
        ]  # fmt: skip
        if not number:
            values.append({"between": [1, 2]})
        if declaration.type != "list":
            values.append({"length": 3})
        for value in values:
            yield {**document, "facts": {**document["facts"], declaration.id: value}}
        left = {name: part for name, part in document["facts"].items() if name != declaration.id}
        yield {**document, "facts": left}
        yield {**document, "facts": {**left, declaration.label.zh: given}}
    yield {**document, "fiscal_year": 1991}
    yield {**document, "ruleset": "some/other"}
    yield {**document, "ruleset": f"{ruleset.id}@{ruleset.fiscal_year}"}
    yield {**document, "claims": {"indicators": {"no_such_indicator": 1}}}
    yield {**document, "claims": {"rows": {"no_such_indicator": [1]}}}
    for kind in ("review_opinion", "no_such_kind"):
        yield {**document, "documents": {**document.get("documents", {}), "more": {"title": "另一份", "kind": kind}}}


def left_to_binding(ruleset, problem):
    """A test on a day is FEEL's alone."""
    days = {fact.id for fact in ruleset.facts if fact.type == "date"}
    day = problem.place.pointer and problem.place.pointer.split("/")[2:3]
    return "day-out-of-domain" if problem.code == "out-of-domain" and day and day[0] in days else None


def codes(ruleset, text):
    """The problems that the engine has with a document."""
    try:
        facts = facts_of(parse(text))
        department(ruleset_for_facts(ruleset, facts), facts, "assertion")
    except FactsError as error:
        return {left_to_binding(ruleset, problem) or problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.parent.name + path.stem)
def test_what_the_engine_refuses_is_refused_where_a_schema_can_say_it(validators, path):
    ruleset = load_ruleset(path)
    document = next(
        document
        for document in sorted(map(read, cases_of(path)), key=lambda document: len(str(document)))
        if codes(ruleset, json.dumps(document)) == set()
    )
    texts = [json.dumps(variant, ensure_ascii=False, indent=1) for variant in variants(document, ruleset)]
    for text, said in zip(texts, validators(published(ruleset), texts), strict=True):
        found = codes(ruleset, text)
        accepted = {name: not problems for name, problems in said.items()}
        if not found:
            assert all(accepted.values()), (text, said)
        elif not found & LEFT_TO_BINDING:
            assert accepted["ajv"] is accepted["editor"] is False, (found, text, said)


def test_no_number_is_a_multiple_of_a_fraction():
    for path in RULESETS:
        assert not [part for part in steps(published(load_ruleset(path))) if part != 1]


def steps(schema):
    if isinstance(schema, dict):
        yield from (part for name, part in schema.items() if name == "multipleOf")
        for part in schema.values():
            yield from steps(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from steps(part)
