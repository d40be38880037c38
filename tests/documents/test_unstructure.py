"""Results in JSON's terms: what the converter writes is JSON, and a class has the members that it is told."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from jmrules.documents import parse, pretty
from jmrules.documents.unstructure import in_json, tell, tell_as
from jmrules.errors import Text


@frozen
class _Name:
    steps: tuple[str, ...]


@frozen
class _Node:
    id: str
    label: Text
    low: Decimal | None
    name: _Name
    reason: Text | None = None
    children: tuple[_Node, ...] = ()
    awards: dict[str, Decimal] | None = None


tell_as(_Name, lambda name: ".".join(name.steps))
tell(
    _Node, "id", "label", "low", "at=name", "zh=label.zh", "reason?", "children?", ("twice?", lambda node: node.awards)
)

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
texts = st.builds(Text, words, st.none() | words)
names = st.builds(_Name, st.lists(words, max_size=3).map(tuple))


def _nodes(children):
    return st.builds(
        _Node,
        words,
        texts,
        st.none() | numbers,
        names,
        st.none() | texts,
        st.just(()) if children is None else st.lists(children, max_size=3).map(tuple),
        st.none() | st.dictionaries(words, numbers, max_size=3),
    )


nodes = st.recursive(_nodes(None), _nodes, max_leaves=5)


@given(nodes)
def test_what_the_converter_writes_is_read_back_as_the_same(node):
    assert parse(pretty(in_json(node))).value == in_json(node)


@given(nodes)
def test_a_class_has_the_members_that_it_is_told_in_their_order(node):
    always = ["id", "label", "low", "at", "zh"]
    there = {"reason": node.reason is not None, "children": bool(node.children), "twice": bool(node.awards)}
    document = in_json(node)
    assert list(document) == [*always, *(name for name, stands in there.items() if stands)]
    assert (document["low"], document["at"], document["zh"]) == (node.low, ".".join(node.name.steps), node.label.zh)
    assert document.get("children", []) == [in_json(child) for child in node.children]


@given(texts)
def test_a_text_has_english_only_where_there_is_some(text):
    assert in_json(text) == {"zh": text.zh, **({} if text.en is None else {"en": text.en})}


def test_zero_and_false_are_values_not_absences():
    @frozen
    class Pair:
        count: int
        sure: bool

    tell(Pair, "count?", "sure?")
    assert in_json(Pair(0, False)) == {"count": 0, "sure": False}
