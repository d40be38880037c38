"""``jmrules rulesets``: the rulesets there are."""

from __future__ import annotations

from jmrules.cli.common import LANGUAGE, chosen_language, console


def rulesets(lang: LANGUAGE = None) -> None:
    """列出可用的评分办法。 List the rulesets there are."""
    language = chosen_language(lang)
    from rich import box
    from rich.table import Table

    from jmrules.ruleset import load_ruleset
    from jmrules.ruleset.registry import entries

    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in (
        ("编号", "年度", "版本", "状态", "名称", "摘要")
        if zh
        else ("id", "year", "revision", "status", "title", "digest")
    ):
        table.add_column(heading, overflow="fold")
    for entry in entries():
        ruleset = load_ruleset(entry.path)
        table.add_row(
            ruleset.id,
            str(ruleset.fiscal_year),
            ruleset.revision,
            ruleset.status,
            ruleset.title.say(language),
            ruleset.digest[:12],
        )
    console().print(table)
