"""A filled-in workbook as a facts document, each of whose values knows its sheet and cell."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import Document, pretty
from jmrules.errors import FactsError, Place, Problem, Text, did_you_mean
from jmrules.facts.forms import cells as said
from jmrules.facts.forms.pages import Form, Line, open_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.facts.forms.fields import Field

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
#: details that a workbook may add to a fact: what each is called
KINDS = {
    "basis": ("依据", "basis"),
    "evidence": ("佐证", "evidence"),
    "statement": ("原文表述", "statement"),
    "unit": ("单位", "unit"),
    "note": ("说明", "note"),
}


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
    reading = _Reading(str(path), open_form(Path(path)))
    value = reading.document()
    if reading.problems:
        raise FactsError(reading.problems)
    return FormDocument(value, pretty(value) + "\n", str(path), cells=reading.cells)


@frozen(eq=False)
class _Reading:
    """One workbook while it is read: what was found wrong, and where each value stands."""

    file: str
    form: Form
    problems: list[Problem] = field(factory=list)
    cells: dict[str, str] = field(factory=dict)

    # ---- cells

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

    # ---- the document

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
            found[id] = self.members(line, {**texts, "kind": self._kind, "date": _day}, f"/documents/{id}")
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

    def _document(self, cell: str) -> str:
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

    # ---- facts

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
                found[id] = _short(given)
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

    def value(self, line: Line, column: str, asked: Field, unit: str | None, pointer: str) -> dict[str, Any] | None:
        """The value that a cell gives; None where it is left out."""
        blank = {"unknown": True} if asked.needed else None
        found: dict[str, Any] | None = self.read(
            line, column, lambda cell: said.value_of(cell, asked, unit), pointer, blank
        )
        return found

    def evidence(
        self, line: Line, place: str, pointer: str, column: str = "document", at: str = "section"
    ) -> list[Any]:
        """What a row says of where a fact can be looked up, and what the further details add."""
        own = {
            "document": self.read(line, column, self._document, f"{pointer}/evidence"),
            "section": self.read(line, at, said.text_of),
        }
        first = {name: part for name, part in own.items() if part is not None}
        return [*([first] if first else []), *self.extra(place, pointer).get("evidence", ())]

    # ---- lists

    @cached_property
    def rows(self) -> dict[tuple[str, str | None], list[Line]]:
        """Rows that are filled in, by the path of their list and the number of the row that they belong to."""
        found: dict[tuple[str, str | None], list[Line]] = {}
        for about, pages in self.form.pages.items():
            if not about.startswith("list:"):
                continue
            path = about.partition(":")[2]
            asked = self._asked(path)
            for page in pages:
                for line in page.lines:
                    if line.key != "row" and line.key is not None:
                        continue
                    if any(column in line.cells for column in asked.item):
                        found.setdefault((path, line["@parent"]), []).append(line)
        self._orphans(found)
        return found

    def _asked(self, path: str) -> Field:
        names = path.split("/")
        asked = self.form.facts[names[0]]
        for name in names[1:]:
            asked = asked.item[name]
        return asked

    def _orphans(self, rows: Mapping[tuple[str, str | None], list[Line]]) -> None:
        for (path, parent), lines in rows.items():
            above = path.rpartition("/")[0]
            if not above:
                continue
            numbers = {line["@row"] for (other, _), found in rows.items() if other == above for line in found}
            if parent is None or parent not in numbers:
                name = self.form.list_names().get(above, above)
                for line in lines:
                    self.wrong(line, "@parent", Problem("no-such-row", Text(f"没有写明属于“{name}”的哪一行", f"it is not said which row of {name!r} this belongs to"),
                               Text("请填那一行的序号", "fill in the number of that row")))  # fmt: skip

    def items(
        self, path: str, asked: Field, line: Line, column: str, parent: str | None, pointer: str
    ) -> dict[str, Any] | None:
        """A list: its rows, how many items there are, or that neither is known; None where it is left out."""
        rows = self.rows.get((path, parent), []) if parent is not None or "/" not in path else []
        cell = line[column]
        self.cells.setdefault(pointer, line.places[column])
        if cell is None and not rows:
            return {"unknown": True} if asked.needed else None
        if cell is not None and cell.lower() in said.NULL:
            return {"value": None}
        count = (len(rows), len(rows)) if cell is None else self.read(line, column, said.count_of)
        if not rows:
            if count is None:
                return {"unknown": True}
            low, high = count
            return {"value": []} if high == 0 else {"length": low if low == high else [low, high]}
        if count is None or count[0] != count[1] or count[0] < len(rows):
            name = self.form.list_names().get(path, path)
            self.wrong(line, column, Problem("other-count", Text(f"此处写 {cell}，“{name}”填了 {len(rows)} 行", f"here it says {cell}, and {name!r} has {len(rows)} rows"),
                       Text("请改正其中一处；逐项填了的，此处可以不填", "correct one of them; where rows are filled in, this can be left blank")))  # fmt: skip
            count = (len(rows), len(rows))
        blank = {id: {"unknown": True} for id, part in asked.item.items() if part.needed}
        made = [self.item(path, asked, row, f"{pointer}/value/{at}") for at, row in enumerate(rows)]
        return {"value": [*made, *(dict(blank) for _ in range(count[0] - len(rows)))]}

    def item(self, path: str, asked: Field, line: Line, pointer: str) -> dict[str, Any]:
        """A row of a list as an item, each of its fields with what the row rests on."""
        basis = self.read(line, "@basis", said.basis_of)
        evidence = self.evidence(line, f"{path}/{line['@row']}", pointer, "@document", "@section")
        found = {}
        for id, part in asked.item.items():
            at = f"{pointer}/{id}"
            extra = self.extra(f"{path}/{line['@row']}/{id}", at)
            if part.type == "list":
                given = self.items(f"{path}/{id}", part, line, id, line["@row"], at)
            else:
                given = self.value(line, id, part, extra.get("unit"), at)
                if "overrides" not in extra and given is not None:
                    extra = {**defaults(part, basis, evidence, given), **extra}
            if given is None and extra:
                given = {"unknown": True}
            if given is not None:
                given |= {name: extra[name] for name in _ORDER if extra.get(name)}
            if given is not None:
                found[id] = _short(given)
        return found

    # ---- details

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
            asked = self._asked(path)
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
                    "document": self._document,
                    "section": said.text_of,
                    "note": said.text_of,
                }
                found.setdefault("evidence", []).append(
                    self.members(line, columns, f"{pointer}/evidence/{len(found.get('evidence', ()))}")
                )
            elif kind == "statement":
                columns = {"value": said.figure_of, "unit": said.text_of, "document": self._document, "section": said.text_of, "year": said.whole, "period": said.text_of, "note": said.text_of}  # fmt: skip
                found.setdefault("statements", []).append(
                    self.members(line, columns, f"{pointer}/statements/{len(found.get('statements', ()))}")
                )
            else:
                names = "、".join(words[0] for words in KINDS.values())
                self.wrong(line, "kind", Problem("no-such-kind", Text(f"没有“{line['kind']}”这种补充", f"there is no such detail as {line['kind']!r}"),
                           Text(f"请从下拉列表中选：{names}", "choose from the list")))  # fmt: skip
        return found

    # ---- what stands beside the facts

    def claims(self) -> dict[str, Any]:
        """What the department says it scored."""
        found: dict[str, Any] = {}
        points: dict[str, Any] = {}
        for _, line in self.form.lines("claims"):
            if not line.key:
                continue
            pointer = f"/claims/{line.key[1:] if line.key.startswith('/') else f'indicators/{line.key}'}"
            value = self.read(line, "claimed", said.text_of if line.key == "/grade" else _points, pointer)
            if value is None:
                continue
            if line.key.startswith("/"):
                found[line.key[1:]] = value
            else:
                points[line.key] = value
        return {**found, **({"indicators": points} if points else {})}

    def history(self) -> list[Any]:
        """Earlier reviewed results."""
        texts = dict.fromkeys(("stage", "grade", "section", "note"), said.text_of)
        columns = {"fiscal_year": said.whole, **texts, "total": _points}
        lines = [line for _, line in self.form.lines("history") if line.cells]
        return [self.members(line, columns, f"/history/{at}") for at, line in enumerate(lines)]

    def rectification(self) -> list[Any]:
        """Problems found by earlier reviews."""
        texts = dict.fromkeys(("id", "problem", "indicator", "measure", "owner", "note"), said.text_of)
        columns = {**texts, "found": said.whole, "due": _day}
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
            closed = self.members(line, {"closed_by": said.text_of, "closed_date": _day}, pointer)
            if proof:
                made["proof"] = proof
            if source:
                made["source"] = source[0]
            if closed:
                made["closed"] = {name.removeprefix("closed_"): part for name, part in closed.items()}
            found.append(made)
        return found


_ORDER = ("unit", "basis", "evidence", "statements", "note")


def defaults(part: Field, basis: str | None, evidence: list[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a row's basis and evidence mean for one of its fields: of a row of figures, what is no number rests on the document."""
    if "value" not in given and "between" not in given:
        return {}
    if basis == "figure" and part.type != "number":
        basis = "document"
    return {name: made for name, made in (("basis", basis), ("evidence", [dict(each) for each in evidence])) if made}


def _short(given: dict[str, Any]) -> Any:
    """A fact object that says no more than its value, as the value."""
    return given["value"] if given.keys() == {"value"} else given


def _points(cell: str) -> Any:
    found = said.value_of(cell, said.POINTS)
    if "value" not in found or found["value"] is None:
        raise said.CellError(Problem("not-a-number", Text(f"“{cell}”不是得分", f"{cell!r} is no number of points"),
                             Text("请填数，没有自评就不填", "fill in a number, or nothing where nothing is claimed")))  # fmt: skip
    return found["value"]


def _day(cell: str) -> str:
    return str(said.value_of(cell, said.DAY)["value"])
