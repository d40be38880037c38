"""``jmrules schema``: the JSON Schema of the facts that a ruleset needs."""

from __future__ import annotations

from typing import Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import emit


def schema(
    ruleset: Annotated[
        str, typer.Argument(metavar="RULESET", help="评分办法：编号@年度或文件。 A ruleset: id@year or file.")
    ],
    lang: LANGUAGE = None,
) -> None:
    """输出该评分办法所需事实的 JSON Schema，供编辑器和表单使用。 Print the JSON Schema of its facts."""
    language = chosen_language(lang)
    from jmrules.documents import pretty
    from jmrules.facts import facts_schema

    emit(pretty(facts_schema(ruleset_asked(ruleset), language)) + "\n")
