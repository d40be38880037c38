"""The phrase book: its JSON is put into a ruleset, scored with the values beside it, and earns the points beside it."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import frozen

from jmrules import evaluate, load_facts, load_ruleset
from jmrules.evaluation import Evaluation

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"zh": DOCS / "phrases.zh-CN.md", "en": DOCS / "phrases.md"}
_ENTRY = re.compile(r"^### (\d+)\. (.+?)\n(.*?)^```json\n(.*?)^```\n\n(.*?)\n$", re.M | re.S)
_EXAMPLE = re.compile(r"`([^`]+)` (?:得|earns) (-?[0-9.]+)")
_VALUE = re.compile(r"(?:^|, )([a-z]+) = (.+?)(?=, [a-z]+ = |$)")
#: a value for each fact that an example does not name
IDLE = {
    "x": 1, "y": 1, "n": 0, "m": 0, "a": True, "b": True, "c": True, "level": "good", "chosen": 1,
    "due": "2025-01-01", "done": "2025-01-01", "rows": [],
}  # fmt: skip


@frozen
class Phrase:
    number: int
    words: str
    fragment: dict
    #: None: the total of the sheet is told
    points: Decimal | None
    examples: tuple[tuple[dict, Decimal], ...]

    def __str__(self):
        return str(self.number)


def in_json(text):
    return json.loads(text, parse_float=Decimal)


def facts_of(page):
    return in_json(re.search(r"```json\n(.*?)```", page, re.S)[1])


def phrases(language):
    page = PAGES[language].read_text("utf-8")
    found = []
    for number, words, _, fragment, told in _ENTRY.findall(page):
        points = re.match(r"([0-9.]+) (?:分|points)", told)
        examples = tuple(
            ({name: in_json(value) for name, value in _VALUE.findall(given)}, Decimal(earned))
            for given, earned in _EXAMPLE.findall(told)
        )
        found.append(Phrase(int(number), words, in_json(fragment), Decimal(points[1]) if points else None, examples))
    return found


FACTS = facts_of(PAGES["zh"].read_text("utf-8"))
PHRASES = phrases("zh")


def ruleset_with(phrase):
    """A ruleset of one indicator into which the fragment is put where the page says it goes."""
    leaf = {
        "id": "it", "points": phrase.points or 100, "label": {"zh": "指标"}, "method": {"kind": "ratio", "value": "x"},
        "source": {"status": "stated", "clause": "…"},
    }  # fmt: skip
    root = {}
    if "kind" in phrase.fragment:
        leaf["method"] = phrase.fragment
    elif "method" in phrase.fragment:
        leaf |= phrase.fragment
    else:
        root = phrase.fragment
    document = {
        "id": "a/phrase", "fiscal_year": 2024, "revision": "1.0.0", "status": "draft",
        "title": {"zh": "短语"}, "notice": {"issuer": {"zh": "…"}}, "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "any", "label": {"zh": "不分"}, "in": "-"}], "facts": FACTS, "indicators": [leaf],
    }  # fmt: skip
    return load_ruleset(document | root)


@pytest.mark.parametrize("phrase", PHRASES, ids=str)
def test_a_phrase_earns_what_stands_beside_it(phrase):
    ruleset = ruleset_with(phrase)
    for given, earned in phrase.examples:
        facts = {"ruleset": "a/phrase", "fiscal_year": 2024, "subject": {"name": "…"}, "facts": IDLE | given}
        result = evaluate(ruleset, load_facts(facts))
        assert isinstance(result, Evaluation)
        assert (result.total if phrase.points is None else result.trace["it"].awarded) == earned, given


def test_there_are_fifty_each_with_an_example_that_names_known_facts():
    assert [phrase.number for phrase in PHRASES] == list(range(1, 51))
    assert len({phrase.words for phrase in PHRASES}) == 50
    for phrase in PHRASES:
        assert phrase.examples
        assert all(given and set(given) <= set(FACTS) for given, _ in phrase.examples)


def test_both_pages_hold_the_same_json_and_the_same_examples():
    english = phrases("en")
    assert facts_of(PAGES["en"].read_text("utf-8")) == FACTS
    assert [(p.fragment, p.points, p.examples) for p in english] == [
        (p.fragment, p.points, p.examples) for p in PHRASES
    ]


def test_the_english_page_gives_each_phrase_in_the_notices_own_words_too():
    beside = [words.strip() for _, _, words, _, _ in _ENTRY.findall(PAGES["en"].read_text("utf-8"))]
    assert beside == [phrase.words for phrase in PHRASES]
