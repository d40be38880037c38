"""A filled-in workbook as a facts document, each of whose values knows its sheet and cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import Document, pretty
from jmrules.errors import FactsError, Place, Problem, Text
from jmrules.facts.forms import cells as said
from jmrules.facts.forms.listed import WithLists, short
from jmrules.facts.forms.pages import open_form
from jmrules.facts.forms.reading import day, points

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.facts.forms.fields import Field
    from jmrules.facts.forms.pages import Line


@frozen(eq=False)
class FormDocument(Document):
    """A facts document that was filled into a workbook: a place in it is a cell."""

    #: JSON pointer -> sheet and cell
    cells: Mapping[str, str] = field(repr=False, kw_only=True)

    def place(self, pointer: str, *, of_key: bool = False, within: int | None = None) -> Place:
        """The cell of the value at ``pointer``, or of what it is part of."""
        at = pointer
        while at and at not in self.cells:
            at = at.rpartition("/")[0]
        return Place(self.file, pointer or None, cell=self.cells.get(at))


def read_form(path: str | Path) -> FormDocument:
    """The facts document that a filled-in workbook makes.

    Raises:
        TableError: it cannot be read as Excel.
        FactsError: it is no such workbook, or cells do not say what they are asked for; each with its sheet and cell.
    """
    reading = _Whole(str(path), open_form(Path(path)))
    value = reading.document()
    if reading.problems:
        raise FactsError(reading.problems)
    return FormDocument(value, pretty(value) + "\n", str(path), cells=reading.cells)


@frozen(eq=False)
class _Whole(WithLists):
    """One workbook while it is read, whole."""

    def document(self) -> dict[str, Any]:
        """The facts document, or as much of it as could be read."""
        front = {line.key: line for _, line in self.form.lines("front") if line.key}

        def of_front(pointer: str, how: Callable[[str], Any] = said.text_of) -> Any:
            return self.read(front[pointer], "value", how, pointer) if pointer in front else None

        subject = {name: of_front(f"/subject/{name}") for name in ("name", "name_en", "code")}
        self.cells.setdefault("/subject", self.cells.get("/subject/name", ""))
        if subject["name"] is None and "/subject/name" in front:
            self.wrong(front["/subject/name"], "value", Problem("no-name", Text("没有填部门名称", "the department's name is not filled in"),
                       Text("请填上", "fill it in")))  # fmt: skip
            subject["name"] = "?"
        found: dict[str, Any] = {
            "ruleset": of_front("/ruleset") or self.form.ruleset,
            "fiscal_year": of_front("/fiscal_year", said.whole) or self.form.fiscal_year,
            "subject": {name: text for name, text in subject.items() if text is not None},
            "note": of_front("/note"),
            "documents": self.documents,
            "facts": self.facts(),
            "claims": self.claims(),
            "history": self.history(),
            "rectification": self.rectification(),
        }
        return {name: part for name, part in found.items() if name == "facts" or part not in (None, {}, [])}

    def facts(self) -> dict[str, Any]:
        """Every fact that is given, in the order asked for."""
        lines: dict[str, Line] = {}
        for _, line in self.form.lines("facts"):
            if line.key is not None and line.key in self.form.facts:
                lines[line.key] = line
            elif line["value"] is not None:
                self.wrong(line, "value", Problem("stray-cell", Text("这一行不对应任何数据项", "this row stands for no fact"),
                           Text("请填在列出的数据项那一行", "fill it in beside the fact that it is")))  # fmt: skip
        found = {}
        for id, asked in self.form.facts.items():
            if id in lines and (given := self.fact(id, asked, lines[id])) is not None:
                found[id] = short(given)
        return found

    def fact(self, id: str, asked: Field, line: Line) -> dict[str, Any] | None:
        """A fact object; None where it is left out."""
        pointer = f"/facts/{id}"
        self.cells[pointer] = line.places["value"]
        unit = None
        if asked.type == "list":
            given = self.items(id, asked, line, "value", None, pointer)
        else:
            if asked.type == "number":
                unit = self.read(line, "unit", lambda cell: said.unit_said(cell, asked.unit), f"{pointer}/unit")
            given = self.value(line, "value", asked, unit, pointer)
        basis = self.read(line, "basis", said.basis_of, f"{pointer}/basis")
        evidence = self.evidence(line, id, pointer)
        note = self.read(line, "note", said.text_of, f"{pointer}/note")
        extra = self.extra(id, pointer)
        rest = {
            "unit": unit if given and ("value" in given or "between" in given) else None,
            "basis": basis,
            "evidence": evidence,
            "statements": extra.get("statements"),
            "note": note if note is not None else extra.get("note"),
        }
        rest = {name: part for name, part in rest.items() if part}
        return {**(given or {"unknown": True}), **rest} if given or rest else None

    def claims(self) -> dict[str, Any]:
        """What the department says it scored."""
        found: dict[str, Any] = {}
        claimed: dict[str, Any] = {}
        for _, line in self.form.lines("claims"):
            if not line.key:
                continue
            pointer = f"/claims/{line.key[1:] if line.key.startswith('/') else f'indicators/{line.key}'}"
            value = self.read(line, "claimed", said.text_of if line.key == "/grade" else points, pointer)
            if value is None:
                continue
            if line.key.startswith("/"):
                found[line.key[1:]] = value
            else:
                claimed[line.key] = value
        return {**found, **({"indicators": claimed} if claimed else {})}

    def history(self) -> list[Any]:
        """Earlier reviewed results."""
        texts = dict.fromkeys(("stage", "grade", "section", "note"), said.text_of)
        columns = {"fiscal_year": said.whole, **texts, "total": points}
        lines = [line for _, line in self.form.lines("history") if line.cells]
        return [self.members(line, columns, f"/history/{at}") for at, line in enumerate(lines)]

    def rectification(self) -> list[Any]:
        """Problems found by earlier reviews."""
        texts = dict.fromkeys(("id", "problem", "indicator", "measure", "owner", "note"), said.text_of)
        columns = {**texts, "found": said.whole, "due": day}
        found = []
        for at, line in enumerate(
            line for _, line in self.form.lines("rectification") if line["problem"] or line["id"]
        ):
            pointer = f"/rectification/{at}"
            made = self.members(line, columns, pointer)
            row = line["@row"]
            proof = self.evidence(
                line, f"/rectification/{row}/proof", f"{pointer}/proof", "proof_document", "proof_section"
            )
            source = self.evidence(
                line, f"/rectification/{row}/source", f"{pointer}/source", "source_document", "source_section"
            )
            closed = self.members(line, {"closed_by": said.text_of, "closed_date": day}, pointer)
            if proof:
                made["proof"] = proof
            if source:
                made["source"] = source[0]
            if closed:
                made["closed"] = {name.removeprefix("closed_"): part for name, part in closed.items()}
            found.append(made)
        return found
