"""Run the cases on every mutant: which changes do they notice?"""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.cases.mutants import Mutant, mutants_of
from jmrules.cases.run import as_expected, codes_of
from jmrules.documents import Document
from jmrules.documents import check as check_schema
from jmrules.errors import JmrulesError
from jmrules.evaluation import run
from jmrules.facts import bind, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of
from jmrules.ruleset import check, content_of, setting_facts, structure
from jmrules.score.exact import Rescoring, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.cases.cases import Case
    from jmrules.errors import Text
    from jmrules.evaluation import Evaluation
    from jmrules.plan import Plan, PlannedLeaf
    from jmrules.ruleset import Ruleset

#: members of a ruleset that no score reads
_AFTER_SCORES = ("signals", "rules", "monitoring", "checks", "constraints")


@frozen
class Mutation:
    """What became of the mutants."""

    #: each with the first case that noticed it
    killed: tuple[tuple[Mutant, str], ...]
    survived: tuple[Mutant, ...]
    #: those that an author says change no score, with the reason
    equivalent: tuple[tuple[Mutant, Text], ...]
    #: no sound ruleset: loading tells
    rejected: tuple[Mutant, ...]

    @property
    def total(self) -> int:
        """Mutants that cases could notice."""
        return len(self.killed) + len(self.survived)

    def reaches(self, percent: int) -> bool:
        """Whether at least so many percent were killed."""
        return len(self.killed) * 100 >= percent * self.total


@frozen(eq=False)
class KnownCase:
    """A case and what the ruleset itself makes of it."""

    case: Case
    #: None where the facts do not fit the ruleset at all
    values: list[Any] | None
    #: None where they cannot be scored
    evaluation: Evaluation | None


def mutation_of(
    ruleset: Ruleset,
    cases: tuple[Case, ...],
    equivalent: Mapping[str, Text] | None = None,
    mutants: Iterable[Mutant] | None = None,
) -> Mutation:
    """Make every mutant of ``ruleset``, or those given, and run ``cases``, all of which must pass, until one notices.

    ``equivalent`` holds reasons, by mutant id, why a mutant changes no score; one that is killed is counted as killed all the same.
    """
    plan = plan_of(ruleset)
    killed, survived, same, rejected = (list[Any]() for _ in range(4))
    with localcontext(EXACT):
        known = [known_case(ruleset, case) for case in cases]
        base = Rescoring(plan)
        for mutant in mutants_of(plan) if mutants is None else mutants:
            mutated = load_mutant(ruleset, mutant)
            if mutated is None:
                rejected.append(mutant)
                continue
            # Where departments set points, each case is scored by a plan of its own.
            quick = None if setting_facts(ruleset) else Quick.of(base, mutant, plan_of(mutated))
            case = next(noticing(quick, mutated, known), None)
            if case is not None:
                killed.append((mutant, case.name))
            elif mutant.id in (equivalent or {}):
                same.append((mutant, (equivalent or {})[mutant.id]))
            elif _is_unsound(ruleset, mutant):
                rejected.append(mutant)
            else:
                survived.append(mutant)
    return Mutation(tuple(killed), tuple(survived), tuple(same), tuple(rejected))


def known_case(ruleset: Ruleset, case: Case) -> KnownCase:
    """A case, scored on the ruleset as it is."""
    ruleset = ruleset_for_facts(ruleset, case.facts)
    try:
        values = bind(ruleset, case.facts)
    except JmrulesError:
        return KnownCase(case, None, None)
    try:
        return KnownCase(case, values, run(plan_of(ruleset), values, case.facts))
    except JmrulesError:
        return KnownCase(case, values, None)


def _document(ruleset: Ruleset, mutant: Mutant) -> Document:
    return Document(mutant.applied(ruleset.source.value), ruleset.source.text, ruleset.source.file)


def load_mutant(ruleset: Ruleset, mutant: Mutant) -> Ruleset | None:
    """The mutated ruleset, as far as scores depend on it; None where that is not sound.

    What a survivor alone is worth is left for later: the schema, which mutants fit by construction, and the rules on scores. No
    digest is computed; it only has to differ from every other.
    """
    document = _document(ruleset, mutant)
    content = {name: value for name, value in content_of(document.value).items() if name not in _AFTER_SCORES}
    mutated = structure(content, f"{ruleset.digest} {mutant.id}", document, ruleset.fiscal_year)
    return None if check(mutated, document) else mutated


def _is_unsound(ruleset: Ruleset, mutant: Mutant) -> bool:
    """Whether loading would refuse a mutant for what :func:`load_mutant` leaves aside."""
    document = _document(ruleset, mutant)
    whole = structure(content_of(document.value), f"{ruleset.digest} whole {mutant.id}", document, ruleset.fiscal_year)
    return bool(check_schema(document, "ruleset") or check(whole, document))


def noticing(quick: Quick | None, mutated: Ruleset, known: list[KnownCase]) -> Iterator[Case]:
    """The cases that notice a mutant; ``quick`` tells those apart that it does not reach."""
    for each in known:
        of_year = ruleset_for_facts(mutated, each.case.facts)
        reached = quick is None or of_year is not mutated or each.evaluation is None or not quick.same(each.evaluation)
        if each.values is None or not reached:
            continue
        try:
            evaluation = run(plan_of(of_year), each.values, each.case.facts)
        except JmrulesError as error:
            if codes_of(error) != sorted(each.case.expected.errors):
                yield each.case
        else:
            if not as_expected(each.case, evaluation):
                yield each.case


@frozen(eq=False)
class Quick:
    """A mutant that changes one value or one leaf: only what depends on it is scored again."""

    rescoring: Rescoring
    derived: set[str]
    leaves: list[PlannedLeaf]

    @classmethod
    def of(cls, base: Rescoring, mutant: Mutant, plan: Plan) -> Quick | None:
        """None where points move, or scores are read by others: then the whole sheet is scored."""
        rescoring = Rescoring(plan)
        if not mutant.local or not base.alone or not rescoring.alone:
            return None
        derived, leaves = rescoring.reached({mutant.owner})
        if any(rescoring.moves_points(leaf, derived) for leaf in leaves):
            return None
        return cls(rescoring, derived, leaves)

    def same(self, evaluation: Evaluation) -> bool:
        """Whether every leaf that the mutant reaches comes out as before."""
        outcome = evaluation.outcome
        slots = self.rescoring.slots(slots_of(outcome), self.derived)
        for leaf in self.leaves:
            try:
                came = self.rescoring.leaf(leaf, slots, outcome.allocation.quanta[leaf.index])
            except JmrulesError:
                return False
            index = leaf.index
            if came.award != outcome.awards[index] or came.applies is not outcome.applies[index]:
                return False
            if (came.cause is None) != (index not in outcome.causes) or came.share != outcome.shares[index]:
                return False
        return True
