"""What-if: the score after changes is the score of the changed facts, and no change changes nothing."""

from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jmrules import EvaluationError, FactsError, evaluate, load_facts, load_ruleset, what_if
from jmrules.whatif import Open, open_what_if
from jmrules.whatif.paths import FactPath, parse_path
from strategies import cases

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"


def score_of(ruleset, facts):
    try:
        return evaluate(ruleset, facts)
    except EvaluationError:
        return None


@given(cases())
def test_no_change_changes_nothing(case):
    ruleset = load_ruleset(case.ruleset)
    score = score_of(ruleset, case.facts)
    assume(score is not None)
    found = what_if(ruleset, case.facts, {})
    assert found.changes == () and found.changed == () and found.change == 0
    assert found.before.total == found.after.total == score.total
    assert found.before.grade == found.after.grade


@given(st.data())
def test_the_score_after_is_that_of_the_changed_facts(data):
    case = data.draw(cases(most_leaves=3))
    ruleset = load_ruleset(case.ruleset)
    places = [
        (FactPath((name,)), not value if isinstance(value, bool) else value + 1)
        for name, value in case.facts.items()
        if isinstance(value, (bool, int, D))
    ]
    places += [
        (FactPath((name, index, field)), not value if isinstance(value, bool) else value + 1)
        for name, items in case.facts.items()
        if isinstance(items, list)
        for index, item in enumerate(items)
        for field, value in item.items()
        if isinstance(value, (bool, int, D))
    ]
    assume(places)
    path, value = data.draw(st.sampled_from(places))
    changed = dict(case.facts)
    if len(path.steps) == 1:
        changed[path.fact] = value
    else:
        name, index, field = path.steps
        changed[name] = [{**item, field: value} if i == index else item for i, item in enumerate(changed[name])]
    try:
        before, after = evaluate(ruleset, case.facts), evaluate(ruleset, changed)
    except (EvaluationError, FactsError) as error:
        with pytest.raises(type(error)):
            what_if(ruleset, case.facts, {str(path): value})
        return
    found = what_if(ruleset, case.facts, {str(path): value})
    assert (found.before.total, found.after.total) == (before.total, after.total)
    assert found.after.grade == after.grade
    leaves = [node for node in found.nodes if node.leaf]
    assert [node.after for node in leaves] == [leaf.awarded for leaf in after.trace.leaves]
    assert [node.points[1] for node in leaves] == [leaf.points for leaf in after.trace.leaves]
    [change] = found.changes
    assert (change.path, change.after) == (path, value)


@given(st.lists(st.tuples(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.integers(0, 99)), min_size=1, max_size=3))
def test_a_path_reads_back(parts):
    steps = [step for name, index in parts for step in (name, index)][:-1]
    path = FactPath(tuple(steps))
    assert parse_path(str(path)) == path


def real(name="yunxi-water"):
    facts = load_facts(CASES / f"{name}.json")
    return load_ruleset("jiangmen/department-overall@2024"), facts


def test_several_changes_on_a_real_ruleset():
    ruleset, facts = real()
    found = what_if(ruleset, facts, {"added_mid_year": 3, "outputs[1].actual": 1, "cost_review_held": False})
    assert [(node.id, node.change) for node in found.changed] == [
        ("output_completion", D("-3.75")),
        ("cost_control", D("-2.00")),
        ("budget_constraint", D("1.00")),
    ]
    assert found.change == D("-4.75")


def test_a_value_in_another_unit_means_the_same():
    ruleset, facts = real()
    one = what_if(ruleset, facts, {"added_mid_year": {"value": 30000, "unit": "元"}})
    other = what_if(ruleset, facts, {"added_mid_year": 3})
    assert one.after.total == other.after.total
    assert one.changes[0].after == other.changes[0].after == 3


def test_the_basis_of_a_changed_fact_stays():
    ruleset, facts = real()
    found = what_if(ruleset, facts, {"added_mid_year": 3})
    by_id = {leaf.id: leaf.basis for leaf in found.before.trace.leaves}
    assert by_id == {leaf.id: leaf.basis for leaf in found.after.trace.leaves}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"added_mid_yer": 3}, "did you mean 'added_mid_year'"),
        ({"outputs[99].actual": 1}, "the list has"),
        ({"outputs[0].actual": 1}, "items count from 1"),
        ({"outputs[1].actuel": 1}, "did you mean 'actual'"),
        ({"outputs.actual": 1}, "does not say which field of which item"),
        ({"outputs[1]": {}}, "does not say which field of which item"),
        ({"added_mid_year[1].x": 1}, "declares no 'x'"),
        ({"added_mid_year": -1}, "outside what is allowed"),
        ({"added_mid_year": "much"}, "must be a number"),
        ({"added_mid_year.more": 1}, "declares no 'more'"),
    ],
)
def test_a_change_that_cannot_be(changes, words):
    ruleset, facts = real()
    with pytest.raises(FactsError) as caught:
        what_if(ruleset, facts, changes)
    assert words in caught.value.say("en")
    assert all(problem.message.en and problem.message.zh for problem in caught.value.problems)


REAL = CASES / "jiangmen-gov-services.json"


def test_where_facts_are_unknown_what_is_possible_before_and_after_is_told():
    ruleset, facts = load_ruleset("jiangmen/department-overall@2024"), load_facts(REAL)
    found = open_what_if(ruleset, facts, {"added_mid_year": 3000, "adjustments[1].amount": 9000})
    assert [(change.before, change.after) for change in found.changes] == [(D("4.9"), 3000), (Open(), 9000)]
    assert [(node.id, node.before, node.after) for node in found.changed] == [("budget_constraint", (2, 2), (1, 1))]
    assert (found.before.low, found.after.low) == (D("38.96"), D("37.96"))
    assert (found.before.high, found.after.high) == (100, 99)
    narrowed = open_what_if(ruleset, facts, {"execution_rate_adjusted": {"between": [D("0.98"), 1]}})
    assert narrowed.changes[0].before == Open((D("0.95"), 1)) and narrowed.changes[0].after == Open((D("0.98"), 1))


@given(st.data())
def test_what_is_possible_holds_the_score_of_every_completion(data):
    case = data.draw(cases(most_leaves=3))
    ruleset = load_ruleset(case.ruleset)
    numbers = [name for name, value in case.facts.items() if type(value) in (int, D)]
    assume(len(numbers) >= 2)
    hidden, changed = data.draw(st.permutations(numbers))[:2]
    changes = {changed: case.facts[changed] + 1}
    try:
        exact = what_if(ruleset, case.facts, changes)
        found = open_what_if(ruleset, {**case.facts, hidden: {"unknown": True}}, changes)
    except (EvaluationError, FactsError):
        assume(False)
    for possible, evaluation in ((found.before, exact.before), (found.after, exact.after)):
        assert possible.low <= evaluation.total <= possible.high
    ranges = {node.id: node for node in found.nodes}
    for node in exact.nodes:
        assert ranges[node.id].before[0] <= node.before <= ranges[node.id].before[1]
        assert ranges[node.id].after[0] <= node.after <= ranges[node.id].after[1]


def test_commands_on_the_real_report_answer_or_say_once_what_to_do(jmrules):
    shown = jmrules("what-if", REAL, "--set", "targets_published=true", "--lang", "zh")
    assert (
        shown.code == 0 and "绩效目标随预算公开 未知 → 是" in shown.out and "38.96–100.00* → 39.46–100.00*" in shown.out
    )
    for arguments in (("reach", REAL, "--grade", "优"), ("sensitivity", REAL)):
        ran = jmrules(*arguments, "--lang", "zh")
        assert ran.code == 2 and ran.err.count("错误") == 1 and "有 16 项数据未知" in ran.err
    both = ("jiangmen/department-overall@2024", "jiangmen/department-overall@2025")
    compared = jmrules("impact", *both, REAL, "--lang", "zh")
    assert compared.code == 2 and compared.err.count("错误") == 1 and "有 16 项数据未知" in compared.err
