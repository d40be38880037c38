"""A start for a ruleset and its cases: something sound and small, or next year's overlay of a ruleset that there is."""

from __future__ import annotations

import os
import re
from calendar import isleap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.documents import document_of, in_json, read
from jmrules.errors import Problem, RulesetError, Text
from jmrules.resources import shipped
from jmrules.ruleset.layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset.model import Ruleset

_ID = re.compile(r"[a-z][a-z0-9_-]*(/[a-z][a-z0-9_-]*){1,3}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_DATE = re.compile(r"([0-9]{4})-((?:0[1-9]|1[0-2])-[0-9]{2})")
_RULESET, _FACTS = "ruleset.schema.json", "facts.schema.json"
_EXPECTED = ".expected.json"
_EXCEPTIONS = ".exceptions.json"

Files = dict[Path, str]


def scaffold(id: str, year: int, folder: Path) -> Files:
    """A small ruleset that is sound, and a case that it passes: what to replace by the notice's own criteria.

    Args:
        id: place and evaluation.
        year: the fiscal year.
        folder: where rulesets lie; files go below it, at ``<id>/``.

    Returns:
        The text of each file, none of them written.

    Raises:
        RulesetError: the id or the year cannot be one.
    """
    check_name(id, year)
    facts, expected = _example(id, year)
    return texts_of(folder, id, year, _ruleset(id, year), {"example.json": facts, f"example{_EXPECTED}": expected})


def scaffold_overlay(base: Ruleset, id: str, year: int, folder: Path, cases: Path | None = None) -> Files:
    """A draft that extends ``base`` and changes nothing yet, with the base's cases for the new year.

    The draft scores as the base does until ``changes`` says otherwise, so the cases are what they were: each one that then
    fails shows what a change does.

    Args:
        base: the ruleset to extend.
        id: place and evaluation.
        year: the fiscal year.
        folder: where rulesets lie; files go below it, at ``<id>/``.
        cases: the folder of the base's cases; what no case can show stands beside it.

    Returns:
        The text of each file, none of them written.

    Raises:
        DocumentError: a case cannot be read.
        RulesetError: the id or the year cannot be one, or they are those of the base.
    """
    check_name(id, year)
    if (id, year) == (base.id, base.first_year):
        raise _refused(
            "extends-itself",
            f"{id}@{year} 不能沿用自己",
            f"{id}@{year} cannot extend itself",
            "请写下一年度",
            "name another year",
        )
    _check_found(base)
    document = {
        "extends": {"ruleset": f"{base.id}@{base.first_year}", "digest": base.digest},
        "id": id,
        "fiscal_year": year,
        "revision": "0.1.0",
        "status": "draft",
        "title": _next_year(base.title, base.fiscal_year, year),
        "notice": {"issuer": in_json(base.notice.issuer)},
        "changes": [],
    }
    copied = (
        {path.name: _for_year(read(path).value, id, year) for path in sorted(cases.glob("*.json"))}
        if cases and cases.is_dir()
        else {}
    )
    exceptions = cases.with_name(f"{cases.name}{_EXCEPTIONS}") if cases else None
    said = read(exceptions).value if exceptions is not None and exceptions.is_file() else None
    return texts_of(folder, id, year, document, copied, said)


def _check_found(base: Ruleset) -> None:
    """Refuse a base that no overlay could name: one in a file that is not laid out as rulesets are found."""
    place = f"{base.id}/{base.first_year}.json"
    if base.source.file is None or not Path(base.source.file).resolve().match(place):
        raise _refused(
            "not-found-by-reference",
            f"{base.source.file or base.id} 不在 {place} 的位置，无法按编号沿用",
            f"{base.source.file or base.id} does not stand at {place}, so no reference finds it to extend",
            f"请先把它放到评分办法文件夹的 {place}",
            f"move it to {place} in a folder of rulesets first",
        )


def write(files: Mapping[Path, str]) -> None:
    """Write the files of a scaffold, all of them or, where one is there already, none.

    Raises:
        RulesetError: a file is there already, or cannot be written.
    """
    from jmrules.documents import write_whole

    there = [path for path in files if path.exists()]
    if there:
        more = (f" 等 {len(there)} 个", f" and {len(there) - 1} more") if len(there) > 1 else ("", "")
        raise _refused(
            "file-exists",
            f"已有文件 {there[0]}{more[0]}",
            f"there is a file {there[0]}{more[1]} already",
            "请改用其他年度或文件夹，或先移走它",
            "choose another year or folder, or move it away",
        )
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(
            "cannot-write",
            f"无法写入 {error.filename}：{reason}",
            f"cannot write {error.filename}: {reason}",
            "请检查文件夹的权限",
            "check the folder's permissions",
        ) from None


def check_name(id: str, year: int) -> None:
    """Refuse an id or a year that cannot be one: RulesetError."""
    if _ID.fullmatch(id) is None:
        raise _refused(
            "bad-identifier",
            f"“{id}”不能作评分办法的编号",
            f"{id!r} cannot be the id of a ruleset",
            "应为 地区/评价，用小写英文字母、数字、- 和 _，例如 somewhere/department-overall",
            "write place/evaluation in lower-case letters, digits, - and _, such as somewhere/department-overall",
        )
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _refused(
            "bad-year",
            f"年度 {year} 不在 {_FIRST_YEAR}—{_LAST_YEAR} 之内",
            f"the year {year} is not within {_FIRST_YEAR}-{_LAST_YEAR}",
            "请写会计年度，例如 2025",
            "write a fiscal year, such as 2025",
        )


def _refused(code: str, zh: str, en: str, hint_zh: str, hint_en: str) -> RulesetError:
    return RulesetError(Problem(code, Text(zh, en), Text(hint_zh, hint_en)))


def texts_of(
    folder: Path, id: str, year: int, ruleset: dict[str, Any], cases: Mapping[str, Any], exceptions: Any = None
) -> Files:
    """The text of a ruleset, of its cases beside it, and of the schemas that editors look for."""
    at = folder / id
    schemas = _schemas(folder)
    documents: dict[Path, Any] = {at / f"{year}.json": {"$schema": _relative(schemas / _RULESET, at), **ruleset}}
    inside = at / "cases" / str(year)
    for name, case in cases.items():
        is_facts = isinstance(case, dict) and "subject" in case
        documents[inside / name] = {"$schema": _relative(schemas / _FACTS, inside), **case} if is_facts else case
    if exceptions is not None:
        plain = {name: part for name, part in exceptions.items() if name != "$schema"}
        documents[at / "cases" / f"{year}{_EXCEPTIONS}"] = plain
    texts = {path: laid_out(document_of(document)) for path, document in documents.items()}
    copies = {schemas / name: (shipped("schemas") / name).read_text(encoding="utf-8") for name in (_RULESET, _FACTS)}
    return texts | {path: text for path, text in copies.items() if not path.exists()}


def _schemas(folder: Path) -> Path:
    """Where editors find the schemas: beside the folder of rulesets if they are there, else in it."""
    beside = folder.parent / "schemas"
    return beside if (beside / _RULESET).is_file() else folder


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _next_year(title: Text, old: int, new: int) -> dict[str, str]:
    return {language: said.replace(str(old), str(new)) for language, said in in_json(title).items()}


def _for_year(case: Any, id: str, year: int) -> Any:
    """A case's document for another year, its dates and years so many years later; expected scores name no year."""
    if not isinstance(case, dict) or "fiscal_year" not in case:
        return case
    moved = _moved({name: part for name, part in case.items() if name != "$schema"}, year - case["fiscal_year"])
    return {**moved, "ruleset": id}


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, list):
        return [_moved(part, years) for part in value]
    if isinstance(value, dict):
        return {
            name: part + years if name in ("fiscal_year", "year") and type(part) is int else _moved(part, years)
            for name, part in value.items()
        }
    if isinstance(value, str) and (date := _DATE.fullmatch(value)):
        year, day = int(date[1]) + years, date[2]
        return f"{year:04}-{day if day != '02-29' or isleap(year) else '02-28'}"
    return value


def _ruleset(id: str, year: int) -> dict[str, Any]:
    ground = {"zh": "示例，请按通知改写。", "en": "An example: to be replaced by what the notice says."}
    source = {"status": "reconstructed", "confidence": "low", "ground": ground}
    return {
        "id": id,
        "fiscal_year": year,
        "revision": "0.1.0",
        "status": "draft",
        "title": {"zh": f"绩效自评（{year} 年度）", "en": f"Self-evaluation, fiscal year {year}"},
        "notice": {"issuer": {"zh": "印发单位", "en": "issuing authority"}},
        "rounding": {"leaf": 2, "total": 2, "mode": "half up"},
        "grades": [
            {"id": "excellent", "label": {"zh": "优", "en": "excellent"}, "in": ">= 90"},
            {"id": "good", "label": {"zh": "良", "en": "good"}, "in": "[80..90)"},
            {"id": "fair", "label": {"zh": "中", "en": "fair"}, "in": "[60..80)"},
            {"id": "poor", "label": {"zh": "差", "en": "poor"}, "in": "< 60"},
        ],
        "facts": {
            "budget": {"type": "number", "unit": "CNY_10k", "in": "> 0", "label": {"zh": "预算", "en": "budget"}},
            "outturn": {
                "type": "number",
                "unit": "CNY_10k",
                "in": ">= 0",
                "label": {"zh": "决算支出", "en": "outturn"},
            },
            "published": {"type": "boolean", "label": {"zh": "自评结果已公开", "en": "self-evaluation published"}},
        },
        "derived": {
            "execution_rate": {
                "value": "outturn / budget",
                "unit": "ratio",
                "decimals": 4,
                "label": {"zh": "支出率", "en": "execution rate"},
            }
        },
        "indicators": [
            {
                "id": "budget_execution",
                "points": 60,
                "label": {"zh": "预算执行", "en": "budget execution"},
                "method": {"kind": "ratio", "value": "execution_rate"},
                "source": source,
            },
            {
                "id": "disclosure",
                "points": 40,
                "label": {"zh": "信息公开", "en": "disclosure"},
                "method": {
                    "kind": "checklist",
                    "items": [
                        {
                            "id": "published",
                            "points": 40,
                            "when": "published",
                            "label": {"zh": "自评结果公开", "en": "the self-evaluation is published"},
                        }
                    ],
                },
                "source": source,
            },
        ],
    }


def _example(id: str, year: int) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = {
        "ruleset": id,
        "fiscal_year": year,
        "subject": {"name": "示例部门", "name_en": "An example"},
        "facts": {"budget": 100, "outturn": 95, "published": True},
    }
    expected = {
        "total": 97,
        "grade": "excellent",
        "indicators": {"budget_execution": 57, "disclosure": 40},
        "worked": {"budget_execution": "60 x 95 / 100 = 57", "disclosure": "40"},
    }
    return facts, expected
