"""The kinds of documents that a facts file may list: those that the notice asks for, and those that every department has."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from jmrules.documents import schema_text
from jmrules.errors import Problem, Text, did_you_mean
from jmrules.memo import kept
from jmrules.ruleset import Leaf, everything

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts.model import Facts
    from jmrules.ruleset import Ruleset


def _called(description: str) -> Text:
    zh, _, en = description.partition("。")
    return Text(zh, en.strip(" ."))


@cache
def _general() -> Mapping[str, Text]:
    """Kinds that no notice need ask for, with what they are called, as the schema of facts lists them."""
    listed = json.loads(schema_text("facts"))["$defs"]["general_kind"]["oneOf"]
    return {each["const"]: _called(each["description"]) for each in listed}


@kept
def known_kinds(ruleset: Ruleset) -> Mapping[str, Text]:
    """The kinds of documents that facts for a ruleset may list, with what each is called; none where it asks for no documents: any will do."""
    leaves = [node for _, node in everything(ruleset) if isinstance(node, Leaf)]
    asked = {each.kind: each.label for leaf in leaves for each in leaf.evidence}
    return {**asked, **_general()} if asked else {}


def kinds_are_known(ruleset: Ruleset, facts: Facts) -> bool:
    """Whether every document that is listed is of a kind that is known, or of none."""
    known = known_kinds(ruleset)
    return not known or all(document.kind is None or document.kind in known for document in facts.documents)


def unknown_kinds(ruleset: Ruleset, facts: Facts) -> list[Problem]:
    """The documents of a kind that nobody asks for: what is filed under a slip of the pen would count as missing."""
    if kinds_are_known(ruleset, facts):
        return []
    known = known_kinds(ruleset)
    zh = "、".join(f"{kind}（{label.zh}）" for kind, label in known.items())
    en = ", ".join(f"{kind} ({label.say('en')})" for kind, label in known.items())
    by_label = {label.zh: (kind,) for kind, label in known.items()}
    return [
        Problem(
            "unknown-document-kind",
            Text(
                f"文件“{document.title}”的种类“{document.kind}”不在已知的种类之中：{zh}",
                f"the document {document.title!r} is of the kind {document.kind!r}, which is none of the known: {en}",
            ),
            did_you_mean(
                document.kind,
                known,
                Text("请改用其中之一；都不是就不写 kind", "use one of them; where none fits, leave out its kind"),
                by_label,
            ),
            facts.source.place(f"/documents/{document.id}/kind"),
        )
        for document in facts.documents
        if document.kind is not None and document.kind not in known
    ]
