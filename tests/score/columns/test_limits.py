"""Caps and vetoes fall on the same departments, and as hard, by columns as one by one."""

from decimal import Decimal as D

from hypothesis import assume, event, given
from hypothesis import strategies as st

from jmrules import JmrulesError, evaluate, load_ruleset
from jmrules.batch.table import evaluate_columns
from score.columns.tables import changed, expected, fits, found, numbers, table_of
from strategies import cases
from strategies.builder import Builder
from strategies.expressions import condition, undefined_condition

SOURCE = {"status": "stated", "clause": "一"}


@st.composite
def rules_on(draw, document, facts):
    """The ruleset with signals over its facts, totals and items, and rules that limit the score."""
    builder = Builder(draw, document["rounding"]["leaf"])
    # names that the ruleset does not have
    builder.names = 900
    builder.status = document["status"]
    builder.facts, builder.values = dict(document["facts"]), dict(facts)
    builder.derived = dict(document.get("derived", {}))
    label = {"zh": "信号"}
    points = sum(D(str(leaf["points"])) for leaf in _leaves(document["indicators"]))
    digits = document["rounding"]["total"]
    signals = {}
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 4))
        signal = {"label": label}
        if kind == 0:
            signal["when"] = f"result.total >= {points / 2}"
        elif kind == 1:
            signal |= {
                "when": "x.amount >= 0.5 and x.flag",
                "each": {"as": "x", "of": builder.amounts([D(0), D("0.5")])},
            }
        elif kind == 2:
            signal |= {"when": undefined_condition(builder), "undefined": draw(st.booleans())}
        else:
            signal["when"] = condition(builder, draw(st.booleans()))
            if draw(st.booleans()):
                signal["undefined"] = draw(st.booleans())
        signals[f"signal_{number}"] = signal
    quantum = D(1).scaleb(-digits)
    grades = [grade["id"] for grade in document["grades"]]
    consequences = st.one_of(
        st.sampled_from([{"cap": {"total": (points / 2).quantize(quantum)}}, {"cap": {"total": D(0)}}, {"veto": True}]),
        st.sampled_from(grades).map(lambda grade: {"cap": {"grade": grade}}),
    )
    rules = []
    for number in range(draw(st.integers(1, 3))):
        names = draw(st.lists(st.sampled_from(sorted(signals)), min_size=1, max_size=2, unique=True))
        part = draw(st.sampled_from(("all", "any", "none")))
        when = {part: names} if part != "none" else {"none": names, "any": [draw(st.sampled_from(sorted(signals)))]}
        then = {"severity": "serious", "message": {"zh": "限制"}, **draw(consequences)}
        rules.append({"id": f"rule_{number}", "label": label, "when": when, "then": then, "source": SOURCE})
    made = {**document, "facts": builder.facts, "signals": signals, "rules": rules}
    if builder.derived:
        made["derived"] = builder.derived
    return made, builder.values


def _leaves(nodes):
    return [leaf for node in nodes for leaf in (_leaves(node["children"]) if "children" in node else [node])]


@given(st.data())
def test_limits_are_those_of_the_exact_backend(data):
    case = data.draw(cases(most_leaves=2))
    document, facts = data.draw(rules_on(case.ruleset, case.facts))
    ruleset = load_ruleset(document)
    rows = [facts] + [data.draw(changed(document["facts"], facts)) for _ in range(data.draw(st.integers(0, 4)))]
    rows = [row for row in rows if all(fits(number, "float") for number in numbers(document["facts"], row))]
    assume(rows)
    scores = evaluate_columns(ruleset, table_of(document["facts"], rows), chunk=data.draw(st.integers(1, 8)))
    for index, row in enumerate(rows):
        assert found(ruleset, scores, index) == expected(ruleset, row), row
        said = found(ruleset, scores, index)
        if said is not None:
            event("limited" if sum(said[0]) > said[1].scaleb(ruleset.rounding.leaf) else "not limited")
    event("needs the scalar backend" if scores.scalar else "columns alone")


@given(st.data())
def test_findings_are_those_of_the_exact_backend(data):
    case = data.draw(cases(most_leaves=2))
    document, facts = data.draw(rules_on(case.ruleset, case.facts))
    ruleset = load_ruleset(document)
    rows = [facts] + [data.draw(changed(document["facts"], facts)) for _ in range(data.draw(st.integers(0, 3)))]
    rows = [row for row in rows if all(fits(number, "float") for number in numbers(document["facts"], row))]
    assume(rows)
    scores = evaluate_columns(ruleset, table_of(document["facts"], rows), findings=True)
    for index, row in enumerate(rows):
        try:
            told = tuple(dict.fromkeys(finding.rule for finding in evaluate(ruleset, row).findings))
        except JmrulesError:
            assert index in scores.errors
        else:
            assert scores.findings[index] == told
            event("something found" if told else "nothing found")
