"""Cases: facts, and what they must score, side by side in ``<place>/<evaluation>/cases/<year>/``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen
from cattrs import Converter

from jmrules.documents import Document, read
from jmrules.documents import check as check_schema
from jmrules.errors import JmrulesError, Place, Problem, Text, did_you_mean
from jmrules.facts import Facts, load_facts
from jmrules.ruleset import Leaf, everything

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.ruleset import Ruleset

EXPECTED = ".expected.json"


class CasesError(JmrulesError):
    """Cases that cannot be run: files without their counterpart, or that say what cannot be expected."""


#: levels of trust at which an interval may be expected
Trusts = Literal["assertion", "document", "figure", "verified"]


@frozen
class ExpectedBounds:
    """Between which points facts that are not all known must score at one level of trust."""

    total: tuple[Decimal, Decimal]
    #: ids of the grades that are possible
    grades: tuple[str, ...] | None = None
    #: least and greatest award by indicator, leaf or group
    indicators: dict[str, tuple[Decimal, Decimal]] = field(factory=dict)


@frozen
class Expected:
    """What facts must score, between which points they must, or the problems that they must meet with."""

    total: Decimal | None = None
    grade: str | None = None
    #: awarded points by indicator, leaf or group
    indicators: dict[str, Decimal] = field(factory=dict)
    #: leaves not scored by their method; None where the case does not say
    outcomes: dict[str, Literal["full", "zero", "excluded", "absent", "undefined"]] | None = None
    #: leaf -> for each of its losses the part that lost, or words of the reason
    losses: dict[str, tuple[str, ...]] = field(factory=dict)
    #: codes of the problems, where the facts cannot be scored
    errors: tuple[str, ...] = ()
    #: by level of trust
    bounds: dict[Trusts, ExpectedBounds] = field(factory=dict)
    note: str | None = None
    #: with what they were written, where nobody worked them out by hand
    accepted: dict[str, str] | None = None
    #: who looked at them since, and when
    signed: dict[str, str] | None = None

    @property
    def unsigned(self) -> bool:
        """Whether they were written from what came out, and nobody has looked at them."""
        return self.accepted is not None and self.signed is None


@frozen(eq=False)
class Case:
    """Facts and what they must score."""

    name: str
    facts: Facts
    expected: Expected
    #: the file of expected scores
    document: Document = field(repr=False)


def folder_of(ruleset_file: Path) -> Path:
    """Where the cases of the ruleset in ``<year>.json`` lie."""
    return ruleset_file.parent / "cases" / ruleset_file.stem


def expected_beside(facts_file: Path) -> Path:
    """The file of expected scores of a facts file."""
    return facts_file.with_name(facts_file.stem + EXPECTED)


def load_cases(folder: Path, ruleset: Ruleset) -> tuple[Case, ...]:
    """The cases of a folder, by name; an absent folder has none.

    Raises:
        JmrulesError: a file that cannot be read, facts or expected scores of the wrong form, a file without its
            counterpart, an expectation of an indicator or a grade that the ruleset does not have; every problem.
    """
    files = sorted(folder.glob("*.json"))
    names = [path for path in files if not path.name.endswith(EXPECTED)]
    problems = list(_without_counterpart(files))
    cases: list[Case] = []
    for path in names:
        if expected_beside(path).is_file():
            try:
                cases.append(load_case(path, ruleset))
            except JmrulesError as error:
                problems += error.problems
    if problems:
        raise CasesError(problems)
    return tuple(cases)


def _without_counterpart(files: list[Path]) -> Iterator[Problem]:
    for path in files:
        if path.name.endswith(EXPECTED):
            facts = path.with_name(path.name.removesuffix(EXPECTED) + ".json")
            if not facts.is_file():
                yield Problem(
                    "no-facts",
                    Text(f"旁边没有事实文件 {facts.name}", f"there is no facts file {facts.name} beside it"),
                    Text("请补上事实文件，或删去本文件", "supply the facts, or remove this file"),
                ).at(Place(str(path)))
        elif not expected_beside(path).is_file():
            yield Problem(
                "no-expected",
                Text(
                    f"旁边没有应得分文件 {expected_beside(path).name}",
                    f"there is no {expected_beside(path).name} beside it",
                ),
                Text(
                    "请写明这些事实应得多少分，或用 jmrules test --accept 写出现在的得分，再行核对",
                    "say what these facts must score, or let jmrules test --accept write what they score, to be checked",
                ),
            ).at(Place(str(path)))


def load_case(facts_file: Path, ruleset: Ruleset) -> Case:
    """The case of a facts file and the expected scores beside it; raises as :func:`load_cases`."""
    facts = load_facts(facts_file)
    document = read(expected_beside(facts_file))
    problems = check_schema(document, "expected")
    if problems:
        raise CasesError(problems)
    expected = _converter().structure(document.value, Expected)
    problems = list(_not_in_ruleset(expected, ruleset, document))
    if problems:
        raise CasesError(problems)
    return Case(facts_file.stem, facts, expected, document)


@cache
def _converter() -> Converter:
    made = Converter(detailed_validation=False)
    made.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    return made


def _not_in_ruleset(expected: Expected, ruleset: Ruleset, document: Document) -> Iterator[Problem]:
    nodes = [node.id for _, node in everything(ruleset)]
    scored = [node.id for _, node in everything(ruleset) if isinstance(node, Leaf)]
    yield from _unknown(expected.indicators, nodes, "indicators", document)
    yield from _unknown(expected.outcomes or (), scored, "outcomes", document)
    yield from _unknown(expected.losses, scored, "losses", document)
    yield from _no_grades((expected.grade,) if expected.grade is not None else (), ruleset, "/grade", document)
    for trust, bounds in expected.bounds.items():
        yield from _unknown(bounds.indicators, nodes, f"bounds/{trust}/indicators", document)
        yield from _no_grades(bounds.grades or (), ruleset, f"/bounds/{trust}/grades", document)


def _no_grades(named: Iterable[str], ruleset: Ruleset, pointer: str, document: Document) -> Iterator[Problem]:
    known = [grade.id for grade in ruleset.grades]
    for grade in named:
        if grade not in known:
            yield Problem(
                "unknown-grade",
                Text(f"评分办法没有等级“{grade}”", f"the ruleset has no grade {grade!r}"),
                Text(f"现有：{', '.join(known)}", f"there are: {', '.join(known)}"),
                document.place(pointer),
            )


def _unknown(names: Iterable[str], known: list[str], member: str, document: Document) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(
                "unknown-indicator",
                Text(f"评分办法中没有这样的指标“{name}”", f"the ruleset has no such indicator: {name!r}"),
                did_you_mean(name, known, Text("请删去或改正", "remove or correct it")),
                document.place(f"/{member}/{name}", of_key=True),
            )
