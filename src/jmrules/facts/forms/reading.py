"""A filled-in workbook while it is read: cells by what they say, what was found wrong, where each value stands, and its documents."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import Place, Problem, Text, did_you_mean
from jmrules.facts.forms import cells as said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.facts.forms.fields import Field
    from jmrules.facts.forms.pages import Form, Line

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


@frozen(eq=False)
class Reading:
    """One workbook while it is read: what was found wrong, and where each value stands."""

    file: str
    form: Form
    problems: list[Problem] = field(factory=list)
    cells: dict[str, str] = field(factory=dict)

    def read(self, line: Line, column: str, how: Callable[[str], Any], pointer: str = "", otherwise: Any = None) -> Any:
        """What a cell says, by ``how``; where it is blank, or wrong, ``otherwise``."""
        if pointer:
            self.cells.setdefault(pointer, line.places.get(column, ""))
        text = line[column]
        if text is None:
            return otherwise
        try:
            return how(said.sound(text))
        except said.CellError as error:
            self.wrong(line, column, error.problem)
            return otherwise

    def wrong(self, line: Line, column: str, problem: Problem) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(problem.at(Place(self.file, cell=line.places.get(column))))

    def members(self, line: Line, columns: Mapping[str, Callable[[str], Any]], pointer: str) -> dict[str, Any]:
        """An object of those of its members that are filled in."""
        found = {}
        for column, how in columns.items():
            value = self.read(line, column, how, f"{pointer}/{column}")
            if value is not None:
                found[column] = value
        return found

    def asked_at(self, path: str) -> Field:
        """What is asked for at the path of a list."""
        names = path.split("/")
        asked = self.form.facts[names[0]]
        for name in names[1:]:
            asked = asked.item[name]
        return asked

    @cached_property
    def documents(self) -> dict[str, Any]:
        """The documents listed, by id; those without one are numbered."""
        lines = [line for _, line in self.form.lines("documents") if line.cells]
        taken = {line["id"] for line in lines}
        found: dict[str, Any] = {}
        for number, line in enumerate(lines, 1):
            id = self.read(line, "id", said.text_of)
            if id is None:
                id = next(
                    name for name in (f"d{number}", *(f"d{number}_{n}" for n in range(1000))) if name not in taken
                )
            if id in found:
                self.wrong(line, "id", Problem("document-twice", Text(f"编号“{id}”出现了两次", f"the number {id!r} stands twice"),
                           Text("请改其中一个", "change one of them")))  # fmt: skip
            elif not _ID.fullmatch(id):
                self.wrong(line, "id", Problem("bad-number", Text(f"编号“{id}”不合要求", f"{id!r} cannot be a number of a document"),
                           Text("用小写字母、数字和下划线，字母开头；也可以不填", "lower-case letters, digits and underscores, a letter first; or leave it blank")))  # fmt: skip
                continue
            self.cells[f"/documents/{id}"] = line.places["title"]
            texts = dict.fromkeys(("title", "kind", "number", "date", "file", "sha256", "note"), said.text_of)
            found[id] = self.members(line, {**texts, "kind": self._kind, "date": day}, f"/documents/{id}")
        return found

    def _kind(self, cell: str) -> str:
        for kind, words in self.form.kinds.items():
            if cell in words:
                return kind
        if _ID.fullmatch(cell):
            return cell
        names = [words[0] for words in self.form.kinds.values()]
        raise said.CellError(Problem("no-such-kind", Text(f"没有“{cell}”这类材料", f"there is no kind of document {cell!r}"),
                             did_you_mean(cell, names, Text("请从下拉列表中选", "choose from the list"))))  # fmt: skip

    def document_named(self, cell: str) -> str:
        """The id of the document that a cell names by its id or its title; raises CellError."""
        text = said.text_of(cell)
        if text in self.documents:
            return text
        named = [id for id, members in self.documents.items() if members.get("title") == text]
        if len(named) == 1:
            return named[0]
        if named:
            what = Text(f"有 {len(named)} 份材料都叫“{text}”", f"{len(named)} documents are called {text!r}")
            raise said.CellError(Problem("which-document", what, Text("请改写编号", "write its number instead")))
        titles = [members.get("title", "") for members in self.documents.values()]
        what = Text(f"佐证材料清单中没有“{text}”", f"the list of documents has no {text!r}")
        raise said.CellError(
            Problem("no-such-document", what, did_you_mean(text, titles, Text("请先列入清单", "list it there first")))
        )


def points(cell: str) -> Any:
    """Points that a cell claims; raises CellError."""
    found = said.value_of(cell, said.POINTS)
    if "value" not in found or found["value"] is None:
        raise said.CellError(Problem("not-a-number", Text(f"“{cell}”不是得分", f"{cell!r} is no number of points"),
                             Text("请填数，没有自评就不填", "fill in a number, or nothing where nothing is claimed")))  # fmt: skip
    return found["value"]


def day(cell: str) -> str:
    """The day that a cell says; raises CellError."""
    return str(said.value_of(cell, said.DAY)["value"])
