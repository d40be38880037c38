"""The lists of a filled-in workbook: a row an item, each of its fields with what the row rests on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.facts.forms import cells as said
from jmrules.facts.forms.details import WithDetails

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts.forms.fields import Field
    from jmrules.facts.forms.pages import Line

_ORDER = ("unit", "basis", "evidence", "statements", "note")


@frozen(eq=False)
class WithLists(WithDetails):
    """One workbook while its lists are read."""

    def value(self, line: Line, column: str, asked: Field, unit: str | None, pointer: str) -> dict[str, Any] | None:
        """The value that a cell gives; None where it is left out."""
        blank = {"unknown": True} if asked.needed else None
        found: dict[str, Any] | None = self.read(
            line, column, lambda cell: said.value_of(cell, asked, unit), pointer, blank
        )
        return found

    @cached_property
    def rows(self) -> dict[tuple[str, str | None], list[Line]]:
        """Rows that are filled in, by the path of their list and the number of the row that they belong to."""
        found: dict[tuple[str, str | None], list[Line]] = {}
        for about, pages in self.form.pages.items():
            if not about.startswith("list:"):
                continue
            path = about.partition(":")[2]
            asked = self.asked_at(path)
            for page in pages:
                for line in page.lines:
                    if line.key != "row" and line.key is not None:
                        continue
                    if any(column in line.cells for column in asked.item):
                        found.setdefault((path, line["@parent"]), []).append(line)
        self._orphans(found)
        return found

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
                found[id] = short(given)
        return found


def defaults(part: Field, basis: str | None, evidence: list[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a row's basis and evidence mean for one of its fields: of a row of figures, what is no number rests on the document."""
    if "value" not in given and "between" not in given:
        return {}
    if basis == "figure" and part.type != "number":
        basis = "document"
    return {name: made for name, made in (("basis", basis), ("evidence", [dict(each) for each in evidence])) if made}


def short(given: dict[str, Any]) -> Any:
    """A fact object that says no more than its value, as the value."""
    return given["value"] if given.keys() == {"value"} else given
