"""Facts that are not known, where an exact score is asked for: told at once rather than one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Place, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.ruleset import Ruleset

#: the code of the problem that a fact is not known exactly
UNKNOWN = "unknown-value"
#: facts that are named
_FEW = 5


def only_unknown(problems: Sequence[Problem]) -> bool:
    """Whether nothing is wrong but that facts are not known."""
    return all(problem.code == UNKNOWN for problem in problems)


def told_at_once(problems: Sequence[Problem], ruleset: Ruleset, wanted: Text | None = None) -> tuple[Problem, ...]:
    """The problems themselves, or, where facts are not known and nothing else is wrong, one that says which.

    Args:
        wanted: what cannot be done, as the words before the names.
    """
    if not problems or not only_unknown(problems):
        return tuple(problems)
    names = dict.fromkeys((problem.place.pointer or "").split("/")[2] for problem in problems)
    labels = {fact.id: fact.label for fact in ruleset.facts}
    few = [labels[name] for name in list(names)[:_FEW] if name in labels]
    zh, en = "、".join(label.zh for label in few), ", ".join(label.say("en") for label in few)
    more, count = len(names) - len(few), len(names)
    wanted_zh, wanted_en = (f"，{wanted.zh}", f", and {wanted.say('en')}") if wanted else ("", "")
    known_en = "1 fact is not known" if count == 1 else f"{count} facts are not known"
    message = Text(
        f"有 {count} 项数据未知{wanted_zh}：{zh}{f'等（另 {more} 项）' if more else ''}",
        f"{known_en}{wanted_en}: {en}{f', and {more} more' if more else ''}",
    )
    hint = Text(
        "jmrules score 给出得分区间，并列出先补充哪些；补齐后再试，或用 jmrules what-if --set 假设其值",
        "jmrules score gives the scores that are possible and what to supply first; supply it, or try values by "
        "jmrules what-if --set",
    )
    return (Problem(UNKNOWN, message, hint, Place(problems[0].place.file)),)
