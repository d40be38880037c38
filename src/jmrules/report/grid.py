"""One score sheet while it is written: its columns, and cells that are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.report.book import put

if TYPE_CHECKING:
    from jmrules.report.book import Book
    from jmrules.report.scored import Scored


@frozen(eq=False)
class Grid:
    """One sheet while it is written."""

    book: Book
    sheet: Any
    scored: Scored
    #: columns of levels
    depth: int
    #: columns of numbers and texts, by what they hold
    columns: dict[str, int] = field(factory=dict)

    @property
    def form(self) -> str:
        """How awards are shown."""
        decimals = self.scored.ruleset.rounding.leaf
        return f"0.{'0' * decimals}" if decimals else "0"

    def put(self, row: int, column: int, value: Any, **looks: Any) -> None:
        """Write a cell with a border."""
        put(self.sheet, row, column, value, self.book.look(border=1, **looks))

    def merged(self, top: int, left: int, bottom: int, right: int, value: Any, **looks: Any) -> None:
        """Write a cell that takes the place of several."""
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.book.look(border=1, **looks))
        self.put(top, left, value, **looks)

    def wide(self, row: int, last: int, text: str, **looks: Any) -> None:
        """Write a text without a border over all columns."""
        look = self.book.look(text_wrap=True, **looks)
        self.sheet.merge_range(row, 0, row, last, "", look)
        put(self.sheet, row, 0, text, look)
