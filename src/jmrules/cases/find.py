"""Which rulesets to test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jmrules.cases.cases import CasesError, folder_of
from jmrules.errors import Problem, Text
from jmrules.ruleset import entries, find, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR = "[0-9][0-9][0-9][0-9].json"


def rulesets_to_test(asked: str | None) -> tuple[Path, ...]:
    """The files of a reference, a file, a folder of rulesets at any depth, or of every known ruleset with cases.

    Raises:
        CasesError: none of them has cases.
        RulesetError: no ruleset has that reference.
    """
    if asked is None:
        files = tuple(entry.path for entry in entries())
    elif Path(asked).is_dir():
        files = tuple(sorted(Path(asked).rglob(_YEAR)))
    elif is_reference(asked) and not Path(asked).is_file():
        files = (find(asked).path,)
    else:
        files = (Path(asked),)
    with_cases = tuple(file for file in files if has_cases(file))
    if with_cases or (files and asked is not None and not Path(asked).is_dir() and not files[0].is_file()):
        # A file that is not there is for reading it to tell.
        return with_cases or files
    raise CasesError(
        Problem(
            "no-cases",
            Text(
                f"{asked or '已知的评分办法'}旁没有案例", f"there are no cases beside {asked or 'the known rulesets'}"
            ),
            Text(
                "案例放在评分办法旁的 cases/<年度>/ 文件夹：NAME.json 和 NAME.expected.json",
                "cases lie beside the ruleset in cases/<year>/: NAME.json and NAME.expected.json",
            ),
        )
    )


def has_cases(file: Path) -> bool:
    """Whether cases lie beside a ruleset."""
    return any(_json_files(folder_of(file)))


def _json_files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.json")
