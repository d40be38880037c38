"""Where rulesets come from: those of the package, folders named by the user, installed packages."""

from __future__ import annotations

import os
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.resources import shipped
from jmrules.ruleset.years import first_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.metadata import EntryPoint

    from jmrules.documents import Document

#: folders of rulesets, separated as in PATH
VARIABLE = "JMRULES_PATH"
#: entry points of installed packages; each names a package that holds rulesets as files
GROUP = "jmrules.rulesets"


class RulesetWarning(UserWarning):
    """A folder, package or file of rulesets that is left out, and what is wrong with it; the others are there all the same."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        # what it is made of, so that it can be made again elsewhere: copied, pickled, sent to another process
        super().__init__(problem)

    def __str__(self) -> str:
        return self.problem.say("en")


def leave_out(problems: Iterable[Problem]) -> None:
    """Warn of what is wrong with something that is left out."""
    for problem in problems:
        warnings.warn(RulesetWarning(problem), stacklevel=3)


@frozen
class Source:
    """A folder of rulesets, ``<id>/<year>.json`` below it."""

    kind: Literal["shipped", "folder", "package"]
    #: what users call it: jmrules, the folder, the package
    name: str
    folder: Path


def sources(beside: Document | None = None) -> tuple[Source, ...]:
    """The package's own rulesets, the folders of ``JMRULES_PATH``, and the installed packages, each folder once.

    A folder that is not there and a package whose rulesets cannot be found are left out, with a :class:`RulesetWarning`.

    Args:
        beside: a ruleset whose own folder counts too, where its file stands as in a source: ``<id>/<year>.json``.
    """
    problems: list[Problem] = []
    found = [Source("shipped", "jmrules", shipped("rulesets"))]
    for name in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        if os.path.isdir(name):
            found.append(Source("folder", name, Path(name)))
        else:
            problems.append(
                Problem(
                    "no-such-folder",
                    Text(f"没有评分办法文件夹“{name}”", f"there is no folder of rulesets {name!r}"),
                    Text(f"请核对 --rulesets 或 {VARIABLE}", f"check --rulesets or {VARIABLE}"),
                )
            )
    for name, value in _entry_points():
        folders = _folders(value)
        found += [Source("package", name, folder) for folder in folders]
        if not folders:
            problems.append(
                Problem(
                    "no-such-package",
                    Text(
                        f"软件包“{name}”声明的评分办法 {value} 找不到",
                        f"the rulesets {value} that the package {name} declares are not there",
                    ),
                    Text(
                        f"{GROUP} 的入口点应写含有评分办法文件的 Python 包；请重装或卸载该软件包",
                        f"an entry point of {GROUP} names a Python package that holds the files; reinstall or remove {name}",
                    ),
                )
            )
    leave_out(problems)
    if beside is not None:
        found += _around(beside)
    once: dict[Path, Source] = {}
    for source in found:
        once.setdefault(source.folder.resolve(), source)
    return tuple(once.values())


def _around(document: Document) -> list[Source]:
    id, year = str(document.value.get("id")), first_year(document.value)
    if document.file is None or not Path(document.file).resolve().as_posix().endswith(f"/{id}/{year}.json"):
        return []
    steps = id.count("/") + 1
    named = Path(document.file).parents
    # As the user named it, where that reaches far enough up.
    folder = named[steps] if len(named) > steps else Path(document.file).resolve().parents[steps]
    return [Source("folder", str(folder), folder)]


@cache
def _entry_points() -> tuple[tuple[str, str], ...]:
    from importlib.metadata import entry_points

    try:
        found = [*entry_points(group=GROUP)]
    except Exception:  # some package, of rulesets or not, whose metadata cannot be read
        found = [*_one_by_one()]
    points = {(str(point.dist.name if point.dist else point.name), str(point.value)) for point in found}
    return tuple(sorted(points))


def _one_by_one() -> Iterator[EntryPoint]:
    """The entry points of each installed package, but for those whose metadata cannot be read."""
    from importlib.metadata import distributions

    for package in distributions():
        try:
            yield from package.entry_points.select(group=GROUP)
        except Exception as error:
            where = str(getattr(package, "_path", "") or "?")
            leave_out(
                [
                    Problem(
                        "bad-package",
                        Text(
                            f"软件包 {where} 的说明读不出来（{error}），它的评分办法不列入",
                            f"the metadata of the package {where} cannot be read ({error}): its rulesets are left out",
                        ),
                        Text("请重装或卸载该软件包", "reinstall or remove that package"),
                    )
                ]
            )


def _folders(package: str) -> list[Path]:
    """The folders of a package, found without running it, but for the packages around it."""
    try:
        spec = find_spec(package)
    except (Exception, SystemExit):  # whatever a package around it does when it is imported
        return []
    places = spec.submodule_search_locations if spec else None
    return [Path(place) for place in places or () if os.path.isdir(place)]
