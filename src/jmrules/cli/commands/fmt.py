"""``jmrules fmt``: the canonical layout of rulesets, facts and other JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, is_folder, say_error
from jmrules.cli.output import say

if TYPE_CHECKING:
    from pathlib import Path


def fmt(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="文件或文件夹。 Files, or folders of JSON files.")
    ],
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="只检查，不改写；有未排好的则退出码为 1。 Change nothing; exit 1 if any would change."
        ),
    ] = False,
    lang: LANGUAGE = None,
) -> None:
    """统一版式：成员次序、换行、缩进；内容和摘要不变。 Lay files out canonically; what they say stays the same."""
    language = chosen_language(lang)
    from jmrules.documents import read, write_whole
    from jmrules.errors import JmrulesError
    from jmrules.ruleset import laid_out

    zh = language == "zh"
    changed = failed = 0
    for path, named in _paths(files):
        try:
            document = read(path)
        except JmrulesError as error:
            say_error(error, language)
            failed += 1
            continue
        if not named and not _ours(path, document.value):
            continue
        text = laid_out(document)
        if path.read_bytes() == text.encode():
            continue
        changed += 1
        if check:
            say(f"{path}: {'版式需调整' if zh else 'not laid out'}")
        else:
            write_whole(path, text)
            say(f"{path}: {'已调整' if zh else 'laid out'}")
    if failed:
        raise typer.Exit(2)
    if check and changed:
        raise typer.Exit(1)


def _paths(names: list[str]) -> list[tuple[Path, bool]]:
    """The files named, and the JSON files in the folders named, each with whether it was named itself."""
    from pathlib import Path

    found: list[tuple[Path, bool]] = []
    for name in names:
        if is_folder(name):
            found += [(path, False) for path in sorted(Path(name).rglob("*.json"))]
        else:
            found.append((Path(name), True))
    return found


def _ours(path: Path, value: Any) -> bool:
    """Whether a document found in a folder is a ruleset, facts, what goes with them or a trace: others are not ours to lay out."""
    if path.name.endswith((".expected.json", ".review.json", ".exceptions.json")):
        return True
    if not isinstance(value, dict) or "$id" in value:
        return False
    ruleset = "id" in value and ("indicators" in value or "extends" in value)
    facts = {"ruleset", "subject", "facts"} <= value.keys()
    return ruleset or facts or "jmrules" in value
