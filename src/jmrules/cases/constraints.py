"""Which relations between facts the cases break: one that none of them breaks has not been tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.facts import bind_carefully, unmet
from jmrules.feel import exactly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.cases.cases import Case
    from jmrules.ruleset import Ruleset


@exactly
def broken_by(ruleset: Ruleset, cases: Iterable[Case]) -> dict[str, tuple[str, ...]]:
    """Id of a constraint, whether it refuses or asks -> names of the cases whose facts are known to break it."""
    found: dict[str, list[str]] = {}
    for case in cases:
        values, problems = bind_carefully(ruleset, case.facts)
        if any(problem.code not in ("broken-constraint", "undecided-constraint") for problem in problems):
            continue
        ids = dict.fromkeys(each.constraint.id for each in unmet(ruleset, values, questions=True) if each.decided)
        for id in ids:
            found.setdefault(id, []).append(case.name)
    return {id: tuple(names) for id, names in found.items()}
