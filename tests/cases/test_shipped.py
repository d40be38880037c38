"""The rulesets that ship: their cases take every branch, and notice a slip of the pen.

All mutants are made by ``jmrules test --mutate --min-killed 95``; here every eighth, more of small rulesets, from a place that differs by year.
"""

import pytest

from jmrules.cases.cases import folder_of, load_cases
from jmrules.cases.exceptions import load_exceptions
from jmrules.cases.mutants import mutants_of
from jmrules.cases.mutation import mutation_of
from jmrules.cases.report import examine
from jmrules.plan.build import plan_of
from jmrules.ruleset import load_ruleset
from jmrules.ruleset.registry import entries

FILES = [entry.path for entry in entries()]
NAMES = ["/".join(file.parts[-3:]) for file in FILES]


def test_there_are_rulesets():
    assert len(FILES) >= 5


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_cases_take_every_branch(file):
    ruleset = load_ruleset(file)
    report = examine(ruleset, file, load_cases(folder_of(file), ruleset), load_exceptions(file, ruleset))
    assert report.failed == ()
    assert [branch.id for branch in report.coverage.uncovered] == []
    assert report.stale == ()


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_cases_notice_a_slip_of_the_pen(file):
    ruleset = load_ruleset(file)
    cases, exceptions = load_cases(folder_of(file), ruleset), load_exceptions(file, ruleset)
    every = list(mutants_of(plan_of(ruleset)))
    step = min(8, max(1, len(every) // 12))
    found = mutation_of(ruleset, cases, exceptions.equivalent, every[(int(file.stem) + 2) % step :: step])
    assert found.total > 5
    # one of a sample may be one of the few that the whole can afford
    assert found.reaches(95) or len(found.survived) == 1, [mutant.id for mutant in found.survived]
