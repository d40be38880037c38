"""Expected scores written from what comes out, marked as not worked out by hand until someone signs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.cases.cases import EXPECTED, CasesError, expected_beside, folder_of, load_case
from jmrules.cases.run import awards, codes_of, outcome_of, run_case
from jmrules.documents import document_of, write_whole
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.evaluation import evaluate
from jmrules.facts import load_facts
from jmrules.rules.bounds import bounds
from jmrules.ruleset import laid_out, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jmrules.evaluation import Evaluation
    from jmrules.facts import Basis, Facts
    from jmrules.ruleset import Ruleset

_TRUSTS: tuple[Basis, ...] = ("assertion", "figure")


@frozen
class Accepted:
    """A file of expected scores that was written."""

    file: Path
    #: what it now expects, in a few words
    said: Text


def accept(file: Path) -> tuple[Accepted, ...]:
    """Write what the cases of a ruleset score as what they must score, where nobody has said so by hand.

    Written are the cases without expected scores, and those that came out otherwise than an earlier such writing that nobody signed.
    What someone worked out or signed is never touched.

    Raises:
        JmrulesError: the ruleset, facts or expected scores cannot be read, or a file cannot be written.
    """
    ruleset = load_ruleset(file)
    return tuple(_accepted(ruleset, facts) for facts in _to_write(folder_of(file), ruleset))


def _to_write(folder: Path, ruleset: Ruleset) -> Iterator[Path]:
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(EXPECTED):
            continue
        if not expected_beside(path).is_file():
            yield path
        else:
            case = load_case(path, ruleset)
            if case.expected.unsigned and not run_case(ruleset, case).passed:
                yield path


def _accepted(ruleset: Ruleset, path: Path) -> Accepted:
    from importlib.metadata import version

    expected, said = _expected(ruleset, load_facts(path))
    document = {**expected, "accepted": {"jmrules": version("jmrules"), "ruleset": ruleset.digest}}
    target = expected_beside(path)
    try:
        write_whole(target, laid_out(document_of(document)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise CasesError(
            Problem(
                "cannot-write",
                Text(f"无法写入 {target}：{reason}", f"cannot write {target}: {reason}"),
                Text("请检查文件夹的权限", "check the folder's permissions"),
            )
        ) from None
    return Accepted(target, said)


def _expected(ruleset: Ruleset, facts: Facts) -> tuple[dict[str, Any], Text]:
    """What facts come to: a score, the points that are possible, or why there is none."""
    try:
        return _scored(evaluate(ruleset, facts))
    except JmrulesError as error:
        if codes_of(error) == ["unknown-value"]:
            return _possible(ruleset, facts)
        first, more = error.problems[0].message, len(error.problems) - 1
        said = Text(
            f"不能打分：{first.zh}{f'（另有 {more} 个问题）' if more else ''}",
            f"cannot be scored: {first.say('en')}{f' (and {more} more)' if more else ''}",
        )
        return {"errors": codes_of(error)}, said


def _scored(evaluation: Evaluation) -> tuple[dict[str, Any], Text]:
    got = awards(evaluation)
    outcomes = {leaf.leaf.id: outcome_of(evaluation, leaf) for leaf in evaluation.plan.leaves}
    grade = evaluation.grade
    expected = {
        "total": evaluation.total,
        "grade": grade.id,
        "indicators": {leaf.leaf.id: got[leaf.leaf.id] for leaf in evaluation.plan.leaves},
        "outcomes": {id: outcome for id, outcome in outcomes.items() if outcome != "scored"},
    }
    total = f"{evaluation.total:f}"
    return expected, Text(f"{total} 分，{grade.label.zh}", f"{total} points, {grade.label.say('en')}")


def _possible(ruleset: Ruleset, facts: Facts) -> tuple[dict[str, Any], Text]:
    found = {trust: bounds(ruleset, facts, trust) for trust in _TRUSTS}
    least, most = found["assertion"].low, found["assertion"].high
    expected = {
        trust: {"total": [each.low, each.high], "grades": [grade.id for grade in each.grades]}
        for trust, each in found.items()
    }
    return {"bounds": expected}, Text(f"{least:f}—{most:f} 分", f"{least:f} to {most:f} points")
