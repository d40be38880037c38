"""A facts document as the cells of a template: the other way round from ``facts.forms.read``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.facts import KINDS, defaults
from jmrules.facts.forms import cells as said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Language
    from jmrules.facts import Field


@frozen
class Detail:
    """A row of the sheet of details."""

    #: what it is about: a fact, or a list's path, the number of a row of it, and a field
    place: str
    kind: str
    cells: Mapping[str, Any]


@frozen(eq=False)
class Filled:
    """What stands in the cells: by fact and column, by list and row, and the details that no column holds."""

    language: Language
    documents: Mapping[str, Any]
    facts: dict[str, dict[str, Any]] = field(factory=dict)
    #: path of a list -> its rows
    rows: dict[str, list[dict[str, Any]]] = field(factory=dict)
    details: list[Detail] = field(factory=list)

    @property
    def pick(self) -> int:
        """Which of two words is the reader's."""
        return 0 if self.language == "zh" else 1

    def reference(self, id: str) -> str:
        """What a document is called in a cell: its title, unless another is called the same."""
        title = self.documents[id]["title"]
        alike = [each for each, members in self.documents.items() if members["title"] == title]
        return said.text_in(title if len(alike) == 1 and title not in self.documents else id)

    def basis(self, basis: str | None) -> str | None:
        """The word for a basis."""
        return None if basis is None else said.BASIS_WORDS[basis][self.pick]

    # ---- facts

    def fact(self, id: str, asked: Field, given: Any) -> None:
        """Fill in a fact."""
        whole = given if isinstance(given, dict) else {"value": given}
        cell = self.list(id, asked, whole, None) if asked.type == "list" else said.value_in(whole, asked, self.language)
        cells = {"value": cell, "unit": whole.get("unit"), "basis": self.basis(whole.get("basis")), **self.first(whole.get("evidence", ()))}  # fmt: skip
        if "note" in whole:
            cells["note"] = said.text_in(whole["note"])
        self.facts[id] = cells
        self.rest(id, whole.get("evidence", ()), whole.get("statements", ()))

    def first(self, evidence: Any, prefix: str = "") -> dict[str, Any]:
        """The first entry of evidence where two columns hold it."""
        if not evidence or "note" in evidence[0]:
            return {}
        made = {prefix + name: part for name, part in evidence[0].items()}
        if f"{prefix}document" in made:
            made[f"{prefix}document"] = self.reference(made[f"{prefix}document"])
        if f"{prefix}section" in made:
            made[f"{prefix}section"] = said.text_in(made[f"{prefix}section"])
        return made

    def rest(self, place: str, evidence: Any, statements: Any = ()) -> None:
        """The evidence that columns do not hold, and where else the source states the figure."""
        for entry in evidence[0 if evidence and "note" in evidence[0] else 1 :]:
            self.detail(place, "evidence", entry)
        for entry in statements:
            self.detail(place, "statement", {**entry, "value": said.figure_in(entry["value"])})

    def detail(self, place: str, kind: str, entry: Mapping[str, Any]) -> None:
        """Add a row of details."""
        cells = {}
        for name, part in entry.items():
            if name == "document":
                cells[name] = self.reference(part)
            else:
                cells[name] = said.text_in(part) if isinstance(part, str) and name != "value" else part
        self.details.append(Detail(place, KINDS[kind][self.pick], cells))

    # ---- lists

    def list(self, path: str, asked: Field, whole: Mapping[str, Any], parent: int | None) -> Any:
        """Fill in the rows of a list; what the cell says that counts them."""
        if whole.get("unknown"):
            return None if asked.needed else said.UNKNOWN[self.pick]
        if "length" in whole:
            length = whole["length"]
            return length if isinstance(length, int) else f"{length[0]}～{length[1]}"
        if whole["value"] is None:
            return said.NULL[self.pick]
        for item in whole["value"]:
            self.item(path, asked, item, parent)
        return None if whole["value"] else 0

    def item(self, path: str, asked: Field, item: Mapping[str, Any], parent: int | None) -> None:
        """Fill in a row of a list, and the details of those of its fields that rest on something else than the row."""
        rows = self.rows.setdefault(path, [])
        number = len(rows) + 1
        row: dict[str, Any] = {"@row": number, "@parent": parent}
        rows.append(row)
        given = {id: item[id] if isinstance(item[id], dict) else {"value": item[id]} for id in asked.item if id in item}
        basis, evidence = _shared(asked, given)
        row |= {"@basis": self.basis(basis), **self.first(evidence, "@")}
        for id, whole in given.items():
            part, place = asked.item[id], f"{path}/{number}/{id}"
            if part.type == "list":
                row[id] = self.list(f"{path}/{id}", part, whole, number)
                plain: dict[str, Any] = {}
            else:
                row[id] = said.value_in(whole, part, self.language)
                plain = defaults(part, basis, evidence, whole)
            if _rests(whole) != plain:
                self.detail(place, "basis", {"value": self.basis(whole.get("basis"))})
                for entry in whole.get("evidence", ()):
                    self.detail(place, "evidence", entry)
            self.rest(place, (), whole.get("statements", ()))
            if "unit" in whole:
                self.detail(place, "unit", {"value": said.text_in(whole["unit"])})
            if "note" in whole:
                self.detail(place, "note", {"note": whole["note"]})
        if all(row.get(id) is None for id in asked.item):
            # a blank row is no row: one whose items stand on another sheet counts them, one of which nothing is known says so
            listed = next(
                (id for id, whole in given.items() if asked.item[id].type == "list" and whole.get("value")), None
            )
            if listed is not None:
                row[listed] = len(given[listed]["value"])
                return
            needed = next((id for id, part in asked.item.items() if part.needed), None)
            row[needed or next(iter(asked.item))] = (said.UNKNOWN if needed else said.NULL)[self.pick]

    # ---- the ledger of problems

    def rectified(self, entry: Mapping[str, Any]) -> None:
        """Fill in a row of the ledger."""
        rows = self.rows.setdefault("/rectification", [])
        number = len(rows) + 1
        row: dict[str, Any] = {"@row": number}
        for name, part in entry.items():
            if name in ("proof", "source"):
                evidence = part if name == "proof" else [part]
                row |= self.first(evidence, f"{name}_")
                self.rest(f"/rectification/{number}/{name}", evidence)
            elif name == "closed":
                row |= {"closed_by": said.text_in(part["by"]), "closed_date": _day(part["date"])}
            else:
                row[name] = _day(part) if name == "due" else said.text_in(part) if isinstance(part, str) else part
        rows.append(row)


def _day(text: str) -> Any:
    return said.value_in({"value": text}, said.DAY, "zh")


def _rests(whole: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact object rests on."""
    found: dict[str, Any] = {"basis": whole["basis"]} if "basis" in whole else {}
    if whole.get("evidence"):
        found["evidence"] = [dict(entry) for entry in whole["evidence"]]
    return found


def _shared(asked: Field, given: Mapping[str, dict[str, Any]]) -> tuple[str | None, list[Any]]:
    """The basis and evidence of a row that say it for most of its fields."""
    plain = {id: whole for id, whole in given.items() if asked.item[id].type != "list"}
    choices: list[tuple[str | None, list[Any]]] = [(None, [])]
    for whole in plain.values():
        evidence = _rests(whole).get("evidence", [])
        if len(evidence) <= 1 and not any("note" in entry for entry in evidence):
            choices.append((whole.get("basis"), evidence))

    def fitting(choice: tuple[str | None, list[Any]]) -> int:
        return sum(_rests(whole) == defaults(asked.item[id], *choice, whole) for id, whole in plain.items())

    return max(choices, key=fitting)
