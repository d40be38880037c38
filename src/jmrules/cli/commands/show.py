"""``jmrules show``: a ruleset for readers, or the whole of it with the file that each value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import console, emit, say, styled
from jmrules.cli.show.lines import row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

    from rich.console import Console

    from jmrules.documents import Document
    from jmrules.errors import Language
    from jmrules.ruleset import Leaf, Node, Ruleset

#: as rulesets are laid out
_WIDTH = 160


def show(
    ruleset: Annotated[
        str, typer.Argument(metavar="RULESET", help="评分办法：编号@年度或文件。 A ruleset: id@year or file.")
    ],
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved", help="输出合并后的全文，逐行注明出自哪个文件。 Print the whole, each line with its file."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出合并后的全文 JSON。 Print the whole as JSON.")] = False,
    lang: LANGUAGE = None,
) -> None:
    """查看评分办法：指标、分值、标准。 Show a ruleset: indicators, points, criteria."""
    language = chosen_language(lang)

    loaded = ruleset_asked(ruleset)
    if as_json:
        from jmrules.documents import pretty

        emit(pretty(loaded.source.value) + "\n")
    elif resolved:
        for line in resolved_lines(loaded.source):
            say(line)
    else:
        print_ruleset(loaded, language, console())


def print_ruleset(ruleset: Ruleset, language: Language, out: Console) -> None:
    """Head, then the tree with points and criteria in words."""
    from rich.padding import Padding

    from jmrules.cli.commands.rulesets import STATUSES
    from jmrules.cli.show.source import status_of
    from jmrules.compare import beside_the_tree, criterion
    from jmrules.ruleset import Group, everything, years_in_words

    zh = language == "zh"
    notice = " ".join(part for part in (ruleset.notice.issuer.say(language), ruleset.notice.number) if part)
    out.print(styled("[bold]{}[/]", ruleset.title.say(language)))
    head = [f"{ruleset.reference}#{ruleset.revision}", STATUSES[ruleset.status][0 if zh else 1], ruleset.digest[:12]]
    if ruleset.fiscal_years is not None:
        span = years_in_words(ruleset.fiscal_years.first, ruleset.fiscal_years.last).say(language)
        head.append(f"适用年度：{span}" if zh else f"for {span}")
    out.print(" · ".join(head))
    out.print(notice)

    # an author's names for things stand apart, for those who edit the file
    ids = max(len(node.id) for _, node in everything(ruleset)) + 2

    def tree(nodes: Any, depth: int) -> None:
        for node in nodes:
            status = "" if isinstance(node, Group) else f" · {status_of(node.source, language)}"
            head = f"{node.label.say(language)} {_points(node)}{status}"
            row("  " * depth, head, [node.id], [ids], out, "")
            if isinstance(node, Group):
                tree(node.children, depth + 1)
            else:
                said = criterion(ruleset, node).say(language)
                out.print(Padding(styled("[dim]{}[/]", said), (0, 0, 0, 2 * depth + 2), expand=False))

    tree(ruleset.indicators, 1)
    print_settings(ruleset, language, out)
    if ruleset.adjustments:
        out.print(styled("  [bold]{}[/]", "加分项、倒扣项" if zh else "beside the sheet"))
        tree(ruleset.adjustments, 2)
    print_kinds(ruleset, language, out)
    out.print(styled("  [bold]{} {}[/]", "总分" if zh else "total", f"{ruleset.points:f}"))
    out.print()
    for name, said, source in beside_the_tree(ruleset):
        status = f" · {status_of(source, language)}" if source else ""
        out.print(f"{name.say(language)}{'：' if zh else ': '}{said.say(language)}{status}")


def _points(node: Node) -> str:
    """The points of an indicator; of a line beside the sheet the most that it adds or takes off."""
    return f"{'−' if node.effect == 'penalty' else '+'}{node.points:f}" if _is_beside(node) else f"{node.points:f}"


def _is_beside(node: Node) -> TypeGuard[Leaf]:
    return getattr(node, "effect", None) is not None


def print_settings(ruleset: Ruleset, language: Language, out: Console) -> None:
    """Which points departments set for themselves, and within what."""
    from jmrules.feel import intervals
    from jmrules.ruleset import settings

    facts = {fact.id: fact for fact in ruleset.facts}
    for each in settings(ruleset):
        fact = facts[each.fact]
        ranges = "、".join(str(part) for part in intervals(fact.tests or "-") or ())
        said = {
            "zh": f"“{each.node.label.zh}”的分值可由单位自定（{fact.label.zh}，{ranges} 分），各指标合计 {ruleset.points:f} 分",
            "en": f"departments set the points of {each.node.label.say('en')} ({fact.label.say('en')}, {ranges} points), to {ruleset.points:f} in all",
        }
        out.print(styled("  [dim]{}[/]", said[language]))


def print_kinds(ruleset: Ruleset, language: Language, out: Console) -> None:
    """Who is scored on what: a column for each kind of department, a row for each indicator that not all have."""
    from rich.table import Table

    from jmrules.ruleset import analyse, kind_in_words, leaves, variants, varying

    if not varying(ruleset) or ruleset.scale is not None:
        return
    zh = language == "zh"
    kinds = variants(ruleset, analyse(ruleset))
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column("各类单位的指标" if zh else "who is scored on what", overflow="fold")
    for kind in kinds:
        table.add_column(kind_in_words(ruleset, kind).say(language), justify="right", overflow="fold")
    for leaf in leaves(ruleset.indicators):
        cells = [f"{leaf.points:f}" if leaf.id in kind.leaves else "—" for kind in kinds]
        table.add_row(leaf.label.say(language), *cells)
    table.add_row("合计" if zh else "together", *(f"{kind.points:f}" for kind in kinds), style="bold")
    out.print()
    out.print(table)


def resolved_lines(document: Document) -> Iterator[str]:
    """The document as JSON lines, each after the file and line of what stands on it; first the list of files."""
    from jmrules.ruleset import ResolvedDocument

    origins = document.origins if isinstance(document, ResolvedDocument) else {"": (document, "")}
    written = list(dict.fromkeys(one for one, _ in origins.values()))
    files = {id(one): number for number, one in enumerate(written, 1)}
    for number, one in enumerate(written, 1):
        yield f"[{number}] {one.file or '-'}"
    for text, pointer in _lines(document.value, "", 0, frozenset(_parents(origins))):
        yield f"{_where(document, pointer, files):<9} {text}"


def _parents(origins: Any) -> Iterator[str]:
    """Pointers of containers that hold values from more than one place."""
    for pointer in origins:
        parts = pointer.split("/")
        yield from ("/".join(parts[:end]) for end in range(1, len(parts)))


def _where(document: Document, pointer: str | None, files: dict[int, int]) -> str:
    from jmrules.ruleset import origin_of

    if pointer is None:
        return ""
    written, at = origin_of(document, pointer)
    place = written.place(at)
    return f"[{files[id(written)]}]{':' + str(place.line) if place.line else ''}"


def _lines(
    value: Any, pointer: str, indent: int, mixed: frozenset[str], head: str = "", tail: str = ""
) -> Iterator[tuple[str, str | None]]:
    """Each line with the pointer of what it shows; None for what only closes."""
    from jmrules.documents import escape, pretty

    pad = " " * indent
    flat = pretty(value, width=10**9)
    if not isinstance(value, dict | list) or not value or (pointer not in mixed and indent + len(flat) <= _WIDTH):
        yield f"{pad}{head}{flat}{tail}", pointer
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    yield f"{pad}{head}{brackets[0]}", pointer
    members = (
        [(f"{pretty(name)}: ", escape(name), part) for name, part in value.items()]
        if isinstance(value, dict)
        else [("", str(index), part) for index, part in enumerate(value)]
    )
    for number, (name, step, part) in enumerate(members, 1):
        yield from _lines(part, f"{pointer}/{step}", indent + 2, mixed, name, "," if number < len(members) else "")
    yield f"{pad}{brackets[1]}{tail}", None
