"""``jmrules impact``: what a new ruleset would do to departments."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, is_folder, ruleset_asked
from jmrules.cli.output import console, emit
from jmrules.cli.show.tables import HEADER_ROW, KEY, LISTS, MAP, SHEET, say_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.compare import Impact
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


def impact(
    before: Annotated[
        str, typer.Argument(metavar="A", help="原评分办法，事实按它填写。 The ruleset before, which the facts are for.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="现评分办法。 The ruleset after.")],
    facts: Annotated[
        list[str],
        typer.Argument(
            metavar="FACTS...",
            help="事实文件或文件夹；或一张表（Parquet、CSV、Arrow、Excel）。 Facts files, folders of them, or a table.",
        ),
    ],
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume",
            metavar="NAME=JSON",
            help="部门未填的数据设为此值，可多次给出。 A value for a fact that departments do not give.",
        ),
    ] = None,
    pairs: MAP = None,
    lists: LISTS = None,
    key: KEY = None,
    sheet: SHEET = None,
    header_row: HEADER_ROW = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=0,
            help="最多列出几个部门；不写则列 20 个，JSON 列全部。 Departments listed: 20, in JSON all.",
        ),
    ] = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """新办法对各部门得分和等级的影响，逐项说明分数变化从何而来。 What a new ruleset would do, and why."""
    language = chosen_language(lang)
    from jmrules.cli.show.impact import nothing_compared, show
    from jmrules.compare import NAMED

    old, new = ruleset_asked(before), ruleset_asked(after)
    assumed = _assumed(assume or [], new)
    named = NAMED if limit is None else limit
    with _impact(old, new, facts, assumed, (pairs or [], lists or [], key, sheet, header_row), named) as found:
        if as_json:
            from jmrules.compare import impact_json

            for text in impact_json(found, found.departments if limit is None else found.named):
                emit(text)
        if not found.totals.scored:
            raise nothing_compared(found)
        if not as_json:
            show(found, language, console())


@contextmanager
def _impact(
    old: Ruleset, new: Ruleset, given: list[str], assumed: Mapping[str, Any],
    columns: tuple[list[str], list[str], str | None, str | None, int | None], named: int,
) -> Iterator[Impact]:  # fmt: skip
    """The impact on the departments of facts documents, or of a table, which is there only meanwhile."""
    from jmrules.formats import is_table

    tables = [name for name in given if is_table(name) and not is_folder(name)]
    if not tables:
        if any(columns):
            raise _refused(
                "needs-table",
                "--map、--list、--key、--sheet、--header-row 只用于表",
                "--map, --list, --key, --sheet and --header-row are for tables alone",
            )
        from jmrules.compare import impact as impact_of

        yield impact_of(old, new, _facts(given, old), assumed, named=named)
        return
    if len(given) > 1:
        raise _refused(
            "one-table", f"一次只能给一张表，且不能与事实文件混用：{'、'.join(given)}",
            f"give one table alone, without facts files or other tables: {', '.join(given)}",
        )  # fmt: skip
    from jmrules.batch import open_departments
    from jmrules.compare.table import impact_of as impact_of_table
    from jmrules.compare.table import table_of_file

    pairs, lists, key, sheet, header_row = columns
    source = open_departments(Path(tables[0]), (old, new), pairs, key, sheet=sheet, header_row=header_row)
    with table_of_file(old, new, source, pairs, lists, key, assumed) as table:
        say_notes(source, table.columns, chosen_language())
        yield impact_of_table(old, new, table, assumed, named)


def _refused(code: str, zh: str, en: str) -> Exception:
    from jmrules.errors import FactsError, Problem, Text

    return FactsError(
        Problem(
            code, Text(zh, en), Text("表以 .csv、.parquet、.arrow 或 .xlsx 结尾", "a table is a file that ends in .csv, .parquet, .arrow or .xlsx"),
        )
    )  # fmt: skip


def _facts(given: list[str], ruleset: Ruleset) -> list[Facts]:
    """The facts of the files named, and those for ``ruleset`` among the files of the folders named."""
    from jmrules.errors import FactsError, Problem, Text
    from jmrules.facts import facts_files, load_facts

    found: list[Facts] = []
    for name in given:
        if not is_folder(name):
            found.append(load_facts(name))
            continue
        inside = [load_facts(path) for path in facts_files(name, deep=True) if _is_for(path, ruleset)]
        if not inside:
            raise FactsError(
                Problem(
                    "no-facts",
                    Text(
                        f"文件夹“{name}”中没有 {ruleset.reference} 的事实文件",
                        f"the folder {name!r} holds no facts for {ruleset.reference}",
                    ),
                    Text("事实文件写明 ruleset 和 fiscal_year", "a facts file states ruleset and fiscal_year"),
                )
            )
        found += inside
    return found


def _assumed(given: list[str], ruleset: Ruleset) -> dict[str, Any]:
    from jmrules.documents import parse
    from jmrules.errors import FactsError, Problem, Text

    values: dict[str, Any] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in {fact.id for fact in ruleset.facts}:
            raise FactsError(
                Problem(
                    "unknown-fact",
                    Text(f"{ruleset.reference} 没有名为“{name}”的数据", f"{ruleset.reference} has no fact {name!r}"),
                    Text(
                        "写成 名称=JSON 值，例如 procurement_budget=100",
                        "write name=JSON value, such as procurement_budget=100",
                    ),
                )
            )
        values[name] = parse(value, f"--assume {name}").value
    return values


def _is_for(path: Path, ruleset: Ruleset) -> bool:
    from jmrules.facts import read_facts

    value = read_facts(path).value
    if not isinstance(value, dict) or "facts" not in value:
        return False
    named = str(value.get("ruleset")).partition("@")[0]
    year = value.get("fiscal_year")
    return named == ruleset.id and isinstance(year, int) and ruleset.scores(year)
