"""``jmrules validate``: check rulesets, facts and traces without scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_asked, ruleset_for, say_error, say_remarks
from jmrules.cli.output import say

if TYPE_CHECKING:
    from jmrules.documents import Document


def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="评分办法、事实或评分过程文件。 Files to check.")
    ],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
) -> None:
    """检查文件，列出全部问题。 Check files and list every problem."""
    language = chosen_language(lang)
    from jmrules.errors import JmrulesError

    failed = False
    for file in files:
        try:
            kind = _check(file, ruleset)
        except JmrulesError as error:
            say_error(error, language)
            failed = True
        else:
            say(f"{file}: {kind[0]}，没有问题" if language == "zh" else f"{file}: {kind[1]}, sound")
    if failed:
        raise typer.Exit(2)


def _check(file: str, ruleset: str | None) -> tuple[str, str]:
    from jmrules.documents import kind_of
    from jmrules.facts import read_facts

    document = read_facts(file)
    kind = kind_of(document)
    if kind == "ruleset":
        from jmrules.ruleset import remarks, ruleset_of

        say_remarks(remarks(ruleset_of(document)), chosen_language())
        return "评分办法", "a ruleset"
    if kind == "trace":
        return _replayed(document, ruleset)
    from jmrules.errors import FactsError
    from jmrules.facts import bind_carefully, facts_of

    facts = facts_of(document)
    rules = ruleset_for(facts, ruleset)
    found = bind_carefully(rules, facts)[1]
    unknown = sum(problem.code == "unknown-value" for problem in found)
    if unknown < len(found):
        raise FactsError(problem for problem in found if problem.code != "unknown-value")
    if not unknown:
        return "事实", "facts"
    from jmrules.score.bounds import department

    department(rules, facts, "assertion")
    return f"事实（{unknown} 项未知，得分为区间）", f"facts ({unknown} not known, so the score is an interval)"


def _replayed(document: Document, reference: str | None) -> tuple[str, str]:
    """What a trace is, and how much of it was derived again."""
    from jmrules.documents import check
    from jmrules.errors import DocumentError, JmrulesError
    from jmrules.replaying import replay_document

    if wrong := check(document, "trace"):
        raise DocumentError(wrong)
    found = replay_document(document, ruleset_asked(reference) if reference else None)
    if found.problems:
        raise JmrulesError(found.problems)
    zh, en = ("得分区间", "bounds") if "bounds" in document.value else ("评分过程", "a trace")
    zh = f"{zh}（重算得出 {found.derived} 个数，凭摘要核对所依据的 {found.held} 个数，没有不能重算的数"
    en = f"{en} ({found.derived} numbers derived again, {found.held} given ones held by their digests, none left out"
    if found.version is not None:
        zh += f"；由 {found.version} 版生成，文字未核对"
        en += f"; made by version {found.version}, whose wording was not compared"
    return f"{zh}）", f"{en})"
