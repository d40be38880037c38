"""Forward chaining on durable-rules against the rules by the book, and what chaining must not depend on."""

import gc
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from findings.common import holdings, rule_plans
from jmrules import EvaluationError
from jmrules.rules import chain, reference
from jmrules.rules.plan import Need, PlannedRule, RulePlan


@given(st.data())
def test_durable_rules_and_the_reference_agree(data):
    plan, signals = data.draw(rule_plans())
    holding, items = data.draw(holdings(signals))
    assert chain.conclude(plan, holding, items) == reference.conclude(plan, holding, items)


@given(st.data())
def test_an_irrelevant_signal_changes_nothing(data):
    plan, signals = data.draw(rule_plans())
    holding, items = data.draw(holdings(signals))
    found = chain.conclude(plan, holding, items)
    assert chain.conclude(plan, holding | {("unheard_of", None), ("other", 0)}, items) == found


@given(st.data())
def test_the_order_of_rules_that_do_not_rest_on_each_other_changes_nothing(data):
    plan, signals = data.draw(rule_plans())
    holding, items = data.draw(holdings(signals))
    reordered = RulePlan(tuple(data.draw(st.permutations(plan.rules))), plan.strata)
    assert chain.conclude(reordered, holding, items) == chain.conclude(plan, holding, items)


class Signals(RuleBasedStateMachine):
    """Signals come and go; both engines say the same after every step, whatever was asked before."""

    @initialize(data=st.data())
    def begin(self, data):
        self.plan, self.signals = data.draw(rule_plans())
        self.items = {"rows": 2, "columns": 1}
        self.holding = frozenset()

    @rule(data=st.data())
    def toggle(self, data):
        name = data.draw(st.sampled_from(sorted(self.signals)))
        domain = self.signals[name]
        item = None if domain is None else data.draw(st.integers(0, self.items[domain] - 1))
        self.holding = self.holding ^ {(name, item)}

    @invariant()
    def agree(self):
        if hasattr(self, "plan"):
            expected = reference.conclude(self.plan, self.holding, self.items)
            assert chain.conclude(self.plan, self.holding, self.items) == expected


TestSignals = Signals.TestCase
TestSignals.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


def _everything():
    """A plan that uses every kind of need, with what holds and what follows."""
    here, whole = Need("lags", True, True), Need("grave", False, False)
    plan = RulePlan(
        (
            PlannedRule("each", 0, "rows", (here,), (), (), 0, ()),
            PlannedRule("many", 0, None, (), (), (), 2, (Need("each", False, True),)),
            PlannedRule("calm", 1, None, (), (), (Need("many", False, False),), 0, ()),
            PlannedRule("either", 0, None, (), (whole, Need("many", False, False)), (), 0, ()),
        ),
        2,
    )
    return plan, frozenset((("lags", 0), ("lags", 2))), {"rows": 3}


def test_many_threads_get_the_same_answers():
    plan, holding, items = _everything()
    expected = {("each", 0), ("each", 2), ("many", None), ("either", None)}
    answers, quiet = [], frozenset()

    def ask():
        for _ in range(40):
            answers.append(chain.conclude(plan, holding, items))
            answers.append(chain.conclude(plan, quiet, items) | expected)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 12 * 80
    assert set(answers) == {frozenset(expected), frozenset((*expected, ("calm", None)))}


def test_more_evaluations_than_durable_rules_keeps_sessions():
    plan, holding, items = _everything()
    expected = reference.conclude(plan, holding, items)
    # It keeps 1,024 and fails beyond them; each is deleted here when it ends.
    assert all(chain.conclude(plan, holding, items) == expected for _ in range(1100))


def one_rule(index):
    """A rule that follows from a signal, and one that follows from it: only what chains is chained by durable-rules."""
    needs = (Need("s", False, False),), (Need(f"r{index}", False, False),)
    rules = (f"r{index}", needs[0]), (f"q{index}", needs[1])
    return RulePlan(tuple(PlannedRule(id, 0, None, need, (), (), 0, ()) for id, need in rules), 1)


@pytest.mark.skipif(not chain.compiled_part(), reason="durable-rules is not here")
def test_rules_are_compiled_once_and_go_with_their_plan(monkeypatch):
    rules_engine = pytest.importorskip("durable_rules_engine")
    gc.collect()  # what other tests left
    chain._give_back()
    made, forgotten = [], []
    engine, forget = chain._Engine, rules_engine.delete_ruleset
    monkeypatch.setattr(chain, "_Engine", lambda plan: made.append(plan.rules[0].id) or engine(plan))
    monkeypatch.setattr(rules_engine, "delete_ruleset", lambda handle: forgotten.append(handle) or forget(handle))
    plans = [one_rule(index) for index in range(300)]
    for _ in range(3):
        for index, plan in enumerate(plans):
            assert chain.conclude(plan, frozenset((("s", None),)), {}) == {(f"r{index}", None), (f"q{index}", None)}
    assert len(made) == len(set(made)) == 300 and not forgotten
    del plan, plans[1:]
    gc.collect()
    assert chain.conclude(plans[0], frozenset((("s", None),)), {}) == {("r0", None), ("q0", None)}
    assert len(set(forgotten)) == len(forgotten) == 299


def test_an_error_in_an_action_is_raised_and_the_next_evaluation_is_sound():
    plan, holding, items = _everything()

    class Lists(dict):
        """Lengths that fail when an action asks for one."""

        asked = 0

        def __getitem__(self, name):
            self.asked += 1
            if self.asked > 1:
                raise LookupError(name)
            return super().__getitem__(name)

    counts = PlannedRule("two", 0, "rows", (), (), (), 1, (Need("grave", False, False),))
    follows = PlannedRule("then", 0, "rows", (Need("two", True, True),), (), (), 0, ())
    counting = RulePlan((counts, follows), 1)
    try:
        chain.conclude(counting, frozenset((("grave", None),)), Lists(rows=2))
    except LookupError as error:
        assert error.args == ("rows",)
    else:
        raise AssertionError("the error was swallowed")
    assert chain.conclude(counting, frozenset((("grave", None),)), {"rows": 2}) == {
        (name, item) for name in ("two", "then") for item in (0, 1)
    }
    assert chain.conclude(plan, holding, items) == reference.conclude(plan, holding, items)


def test_more_items_than_people_read_about_is_an_error_not_a_hang():
    need = Need("s", True, True)
    plan = RulePlan((PlannedRule("r", 0, "rows", (need,), (), (), 0, ()),), 1)
    with pytest.raises(EvaluationError) as caught:
        chain.conclude(plan, frozenset(("s", item) for item in range(chain.MAX_SYMBOLS)), {"rows": chain.MAX_SYMBOLS})
    assert caught.value.problems[0].code == "too-many-signals"
