"""The table of conformance that the session prints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_TALLY: dict[str, Counter[str]] = {}


@pytest.fixture(scope="session")
def conformance() -> Iterator[dict[str, Counter[str]]]:
    yield _TALLY


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _TALLY:
        return
    terminalreporter.section("DMN TCK: passed/total of FEEL literals, and of all")
    levels: dict[str, Counter[str]] = {}
    for folder, tally in sorted(_TALLY.items()):
        terminalreporter.write_line(_line(folder, tally))
        levels.setdefault(folder.partition("/")[0], Counter()).update(tally)
    for name, tally in [*levels.items(), ("all", sum(levels.values(), Counter()))]:
        terminalreporter.write_line(_line(name, tally))


def _line(name: str, tally: Counter[str]) -> str:
    passed = tally["literal passed"] + tally["other passed"]
    total = tally["literal total"] + tally["other total"]
    literal = f"{tally['literal passed']}/{tally['literal total']}"
    return f"{name:64} {literal:>10} {f'{passed}/{total}':>10}"
