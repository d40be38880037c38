"""The one loop over a sheet, in arithmetics made for the purpose: what it asks, in which order, and what a leaf earns where."""

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import event, given

from jmrules import EvaluationError, FactsError, JmrulesError, load_ruleset
from jmrules.facts.bind import bind
from jmrules.feel.numbers import exactly
from jmrules.methods.shares import ALL, NOTHING
from jmrules.plan.build import plan_of
from jmrules.score.exact.evaluate import Exact, careful_program, score
from jmrules.score.exact.read import Poison, careful
from jmrules.score.sheet import Case, earn, score_sheet
from score.columns.tables import tables

STATED = {"status": "stated", "clause": "一"}
NUMBER, FLAG = {"type": "number", "label": {"zh": "数"}}, {"type": "boolean", "label": {"zh": "否"}}


def leaf(id, value="n", **more):
    method = {"kind": "ratio", "value": value}
    return {"id": id, "label": {"zh": id}, "points": 10, "method": method, "source": STATED, **more}


def plan(*indicators, **derived):
    return plan_of(
        load_ruleset(
            {
                "id": "somewhere/small",
                "fiscal_year": 2024,
                "revision": "1.0.0",
                "status": "official",
                "title": {"zh": "小表"},
                "notice": {"issuer": {"zh": "某局"}},
                "rounding": {"leaf": 2, "total": 2},
                "grades": [{"id": "any", "label": {"zh": "某"}, "in": ">= 0"}],
                "facts": {"n": NUMBER, "b": FLAG},
                "derived": {name: {"value": value, "label": {"zh": name}} for name, value in derived.items()},
                "indicators": list(indicators),
            }
        )
    )


class Told:
    """Writes down what it is asked. Where something is so is a word; what a leaf earns is the word for its share."""

    always = Case("everywhere", None, None)

    def __init__(self, plan, cases=None, shares=None):
        self.plan, self.cases, self.shares, self.asked = plan, cases or {}, shares or {}, []

    def applies(self, leaf):
        self.asked.append(f"{leaf.leaf.id} applies?")
        return self.cases.get(leaf.leaf.id, self.always)

    def allocate(self, leaving):
        self.asked.append(f"leaving: {[(self.plan.leaves[index].leaf.id, where) for index, where in leaving.items()]}")

    def share(self, leaf, where):
        self.asked.append(f"share of {leaf.leaf.id} {where}")
        return self.shares.get(leaf.leaf.id, ("share", None))

    def constant(self, leaf, share):
        return Fraction(*share)

    def award(self, leaf, earned):
        self.asked.append(f"{leaf.leaf.id} earns {[(where, str(share)) for where, share in earned]}")

    def fail(self, leaf, where):
        self.asked.append(f"{leaf.leaf.id} fails {where}")

    def derive(self, step):
        self.asked.append(f"derive {step.derived.id}")

    def publish(self, id, leaves):
        self.asked.append(f"publish {id} {leaves}")

    def total(self, failed):
        return sorted(failed)


def test_conditions_come_first_then_points_then_leaves_in_the_order_in_which_they_are_read():
    sheet = plan(
        leaf("late", "half_of_all"),
        {"id": "both", "label": {"zh": "组"}, "children": [leaf("one"), leaf("two", applies={"when": "b", "otherwise": "exclude", "reason": {"zh": "无"}})]},
        half_of_all="scores.both.rate / 2",
    )  # fmt: skip
    told = Told(sheet, {"two": Case("here", "there", None)})
    assert score_sheet(told) == []
    assert told.asked == [
        "two applies?",
        "leaving: [('two', 'there')]",
        "share of one everywhere",
        "one earns [('everywhere', 'share')]",
        "share of two here",
        "two earns [('here', 'share'), ('there', '0')]",
        "publish both (1, 2)",
        "derive half_of_all",
        "share of late everywhere",
        "late earns [('everywhere', 'share')]",
    ]


def test_what_reads_a_leaf_that_fails_is_not_asked_for():
    sheet = plan(
        leaf("end", "through"),
        leaf("free"),
        {"id": "group", "label": {"zh": "组"}, "children": [leaf("first"), leaf("last")]},
        through="scores.group.awarded",
    )
    told = Told(sheet, shares={"first": (None, "everywhere")})
    assert score_sheet(told) == ["end", "first", "group", "through"]
    assert [line for line in told.asked if "share of" not in line] == [
        "leaving: []",
        "free earns [('everywhere', 'share')]",
        "first fails everywhere",
        "last earns [('everywhere', 'share')]",
    ]


@pytest.mark.parametrize(("otherwise", "exempt"), [("full", ALL), ("zero", NOTHING), ("exclude", NOTHING)])
@pytest.mark.parametrize(
    ("case", "share", "undefined", "earned", "failing"),
    [
        (Case("in", None, None), ("s", None), None, [("in", "s")], []),
        (Case(None, "out", None), None, None, [("out", "otherwise")], []),
        (Case("in", "out", None), ("s", None), None, [("in", "s"), ("out", "otherwise")], []),
        (Case("in", "out", "open"), ("s", "wrong"), Fraction(1, 2),
         [("in", "s"), ("out", "otherwise"), ("open", "1/2"), ("wrong", "1/2")], []),
        (Case("in", "out", "open"), ("s", "wrong"), None, [("in", "s"), ("out", "otherwise")], ["open", "wrong"]),
        (Case("in", None, None), (None, "wrong"), Fraction(1, 2), [("wrong", "1/2")], []),
        (Case("in", None, None), (None, "wrong"), None, [], ["wrong"]),
        (Case(None, None, "open"), None, None, [], ["open"]),
    ],
)  # fmt: skip
def test_what_a_leaf_earns_where(case, share, undefined, earned, failing, otherwise, exempt):
    other = leaf("other")
    sheet = plan(leaf("x", applies={"when": "b", "otherwise": otherwise, "reason": {"zh": "无"}}), other)
    told = Told(sheet, shares={"x": share})
    assert earn(told, evolve(sheet.leaves[0], undefined=undefined), case) is bool(earned)
    expected = [f"x fails {where}" for where in failing]
    if earned:
        said = [(where, str(Fraction(*exempt)) if what == "otherwise" else what) for where, what in earned]
        expected.append(f"x earns {said}")
    assert [line for line in told.asked if "share of" not in line] == expected


class Together:
    """Departments at once, each in its own exact arithmetic: where something is so, is a set of them."""

    def __init__(self, plan, departments):
        self.plan = plan
        #: departments that have a score so far
        self.sheets = departments
        self.always = Case(frozenset(departments), None, None)

    def applies(self, leaf):
        cases = {number: sheet.applies(leaf) for number, sheet in self.sheets.items()}
        parts = (frozenset(number for number, case in cases.items() if case[at] is not None) for at in range(3))
        return Case(*(part or None for part in parts))

    def allocate(self, leaving):
        for number in list(self.sheets):
            try:
                self.sheets[number].allocate({leaf: True for leaf, where in leaving.items() if number in where})
            except EvaluationError:
                del self.sheets[number]

    def share(self, leaf, where):
        there = {number: self.sheets[number].share(leaf, True)[0] for number in where if number in self.sheets}
        undefined = frozenset(number for number, share in there.items() if share is None)
        return there if len(undefined) < len(there) else None, undefined or None

    def constant(self, leaf, share):
        return dict.fromkeys(self.sheets, share)

    def award(self, leaf, earned):
        for where, shares in earned:
            for number in where & self.sheets.keys():
                if shares[number] is not None:
                    self.sheets[number].award(leaf, [(True, shares[number])])

    def fail(self, leaf, where):
        for number in where:
            self.sheets.pop(number, None)

    def derive(self, step):
        for sheet in self.sheets.values():
            sheet.derive(step)

    def publish(self, id, leaves):
        for sheet in self.sheets.values():
            sheet.publish(id, leaves)

    def total(self, failed):
        return {number: sheet.total(failed) for number, sheet in self.sheets.items()}


@exactly
def together(ruleset, rows):
    """Total and grade of each department that has one, all of them in one loop."""
    made = plan_of(ruleset)
    sheets = {}
    for number, facts in enumerate(rows):
        try:
            slots = bind(ruleset, facts)
        except FactsError:
            continue
        slots += [None] * (made.slot_count - len(slots))
        for step in made.first:
            try:
                slots[step.slot] = careful(step.call, made)(slots)
            except JmrulesError as error:
                slots[step.slot] = Poison(error)
        sheets[number] = Exact(made, careful_program(made), slots)
    return score_sheet(Together(made, sheets))


def alone(ruleset, facts):
    try:
        found = score_of(ruleset, facts)
    except (FactsError, EvaluationError):
        return None
    return found.total, found.grade


@exactly
def score_of(ruleset, facts):
    return score(plan_of(ruleset), bind(ruleset, facts), facts)


@given(tables())
def test_departments_together_come_to_what_each_comes_to_alone(made):
    ruleset, _, rows = made
    found = together(ruleset, rows)
    assert [found.get(number) for number in range(len(rows))] == [alone(ruleset, facts) for facts in rows]
    event(f"{len(found)} of {len(rows)} have a score")


def test_what_was_undefined_before_the_first_score_stays_so_after_another_value_fails():
    unsure = {"undefined": {"share": 0.5, "reason": {"zh": "无法计算"}}}
    sheet = plan(
        leaf("one", "1"),
        leaf("two", "late", **unsure),
        leaf("three", "if scores.two.awarded > 0 and early = null then 1 else 0", **unsure),
        early="1 / n",
        late="scores.one.awarded / n",
    )
    found = score_of(sheet.ruleset, {"n": 0, "b": True})
    assert found.outcome.awards == (1000, 500, 500)
    assert [problem.code for problem in found.outcome.causes[2].problems] == ["feel-division-by-zero"]


def test_what_is_undefined_is_told_in_the_order_of_the_document():
    sheet = plan(leaf("end", "scores.first.rate / n"), leaf("first", "1"), leaf("other", "1 / n"))
    with pytest.raises(EvaluationError) as caught:
        score_of(sheet.ruleset, {"n": 0, "b": True})
    assert [problem.place.pointer for problem in caught.value.problems] == ["/indicators/0", "/indicators/2"]
