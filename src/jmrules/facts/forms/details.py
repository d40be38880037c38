"""What a workbook adds to a fact beside its cell: further evidence, where else the source states it, a basis, unit or note of its own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.facts.forms import cells as said
from jmrules.facts.forms.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.facts.forms.pages import Line

#: details that a workbook may add to a fact: what each is called
KINDS = {
    "basis": ("依据", "basis"),
    "evidence": ("佐证", "evidence"),
    "statement": ("原文表述", "statement"),
    "unit": ("单位", "unit"),
    "note": ("说明", "note"),
}


@frozen(eq=False)
class WithDetails(Reading):
    """One workbook while its details are read."""

    @cached_property
    def details(self) -> dict[str, list[Line]]:
        """Rows of the sheet of details, by the place that they are about."""
        found: dict[str, list[Line]] = {}
        for _, line in self.form.lines("details"):
            if "kind" in line.cells:
                found.setdefault(self._place(line), []).append(line)
        return found

    def _place(self, line: Line) -> str:
        """The fact, or the field of a row, that a detail is about: as it was written, or by what readers call it."""
        if line.key:
            return line.key
        lists = {name: path for path, name in self.form.list_names().items()}
        name, row, column = (line[id] for id in ("@fact", "@at", "@field"))
        for id, asked in self.form.facts.items():
            if name in asked.label and row is None:
                return id
        for label, path in lists.items():
            asked = self.asked_at(path)
            for id, part in asked.item.items():
                if name in (label, *asked.label) and column in part.label:
                    return f"{path}/{row}/{id}"
        self.wrong(line, "@fact", Problem("no-such-place", Text("不知道这一行说的是哪个数据项", "it is not clear which fact this row is about"),
                   Text("请照填报表中的名称写数据项；列表还要写行和栏", "name the fact as its sheet does; of a list, the row and the column too")))  # fmt: skip
        return ""

    def extra(self, place: str, pointer: str) -> dict[str, Any]:
        """What the details add to a fact."""
        found: dict[str, Any] = {}
        for line in self.details.get(place, ()):
            kind = next((kind for kind, words in KINDS.items() if line["kind"] in words), None)
            if kind == "basis":
                found["overrides"] = True
                if (basis := self.read(line, "value", said.basis_of)) is not None:
                    found["basis"] = basis
            elif kind in ("unit", "note"):
                found[kind] = self.read(line, "value" if kind == "unit" else "note", said.text_of)
            elif kind == "evidence":
                columns: dict[str, Callable[[str], Any]] = {
                    "document": self.document_named,
                    "section": said.text_of,
                    "note": said.text_of,
                }
                found.setdefault("evidence", []).append(
                    self.members(line, columns, f"{pointer}/evidence/{len(found.get('evidence', ()))}")
                )
            elif kind == "statement":
                columns = {"value": said.figure_of, "unit": said.text_of, "document": self.document_named, "section": said.text_of, "year": said.whole, "period": said.text_of, "note": said.text_of}  # fmt: skip
                found.setdefault("statements", []).append(
                    self.members(line, columns, f"{pointer}/statements/{len(found.get('statements', ()))}")
                )
            else:
                names = "、".join(words[0] for words in KINDS.values())
                self.wrong(line, "kind", Problem("no-such-kind", Text(f"没有“{line['kind']}”这种补充", f"there is no such detail as {line['kind']!r}"),
                           Text(f"请从下拉列表中选：{names}", "choose from the list")))  # fmt: skip
        return found

    def evidence(
        self, line: Line, place: str, pointer: str, column: str = "document", at: str = "section"
    ) -> list[Any]:
        """What a row says of where a fact can be looked up, and what the further details add."""
        own = {
            "document": self.read(line, column, self.document_named, f"{pointer}/evidence"),
            "section": self.read(line, at, said.text_of),
        }
        first = {name: part for name, part in own.items() if part is not None}
        return [*([first] if first else []), *self.extra(place, pointer).get("evidence", ())]
