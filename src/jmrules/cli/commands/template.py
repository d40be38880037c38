"""``jmrules template``: a workbook to fill facts into; and facts filled into one, or out of one."""

from __future__ import annotations

from typing import Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked, ruleset_for
from jmrules.cli.output import say


def template(
    ruleset: Annotated[
        str | None,
        typer.Argument(
            metavar="ID@YEAR|FILE", help="评分办法；有 --facts 时可不写。 Ruleset; with --facts, that which they name."
        ),
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="写到 .xlsx；有 --facts 时也可写 .json。 An .xlsx file; with --facts, also .json.",
        ),
    ] = "facts.xlsx",
    facts: Annotated[
        str | None,
        typer.Option("--facts", metavar="FACTS", help="已有的事实，先填进去。 Facts to fill in already."),
    ] = None,
    lang: LANGUAGE = None,
) -> None:
    """生成填报事实的 Excel 模板。 Make a workbook to fill facts into."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.errors import FactsError, Problem, Text

    given = None
    if facts is not None:
        from jmrules.facts import load_facts

        given = load_facts(facts)
    ending = Path(output).suffix.lower()
    if ending not in (".xlsx", ".json") or (ending == ".json" and given is None):
        raise FactsError(Problem("other-format", Text(f"不能写成 {output}", f"cannot write {output}"),
                         Text("模板以 .xlsx 结尾；把填好的模板转为 .json 时用 --facts 指明它", "a template ends in .xlsx; to turn a filled one into .json, name it by --facts")))  # fmt: skip
    if given is not None and ending == ".json":
        from jmrules.documents import write_whole

        write_whole(output, given.to_json())
        say(output)
        return
    from jmrules.report import template as made_of
    from jmrules.report import write_bytes

    if given is not None:
        rules = ruleset_for(given, ruleset)
    elif ruleset is not None:
        rules = ruleset_asked(ruleset)
    else:
        raise FactsError(Problem("needs-ruleset", Text("没有写用哪个评分办法", "no ruleset is named"),
                         Text("请写 jmrules template 地区/评价@年度；现有的见 jmrules rulesets", "write jmrules template place/evaluation@year; jmrules rulesets lists them")))  # fmt: skip
    write_bytes(output, made_of(rules, given, language))
    say(output)
    say(f"填好后：jmrules score {output}" if language == "zh" else f"when filled in: jmrules score {output}", err=True)
