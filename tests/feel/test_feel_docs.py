"""The page "FEEL in ten minutes", in both languages: every example is run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from jmrules.feel import evaluate
from jmrules.feel.values import equal, literal_of

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```feel(?P<names>[^\n]*)\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"(?:^|, )(?P<name>[\w ]+?) = ")


def names_of(text: str) -> dict[str, object]:
    """The values that a block's first line gives to names."""
    found = list(NAME.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return {
        match["name"].strip(): evaluate(text[match.end() : end], strict=True)
        for match, end in zip(found, ends, strict=True)
    }


def examples() -> list[tuple[str, str, dict[str, object]]]:
    return [
        (page.name, line, names_of(block["names"].strip()))
        for page in (DOCS / "feel.md", DOCS / "feel.zh-CN.md")
        for block in BLOCK.finditer(page.read_text("utf-8"))
        for line in block["lines"].splitlines()
    ]


@pytest.mark.parametrize(("page", "line", "names"), examples())
def test_example(page: str, line: str, names: dict[str, object]) -> None:
    expression, expected = line.rsplit(" => ", 1)
    value = evaluate(expression, names)
    wanted = evaluate(expected, strict=True)
    assert equal(value, wanted) is True, f"{page}: {expression} is {literal_of(value)}"


def test_both_pages_have_the_same_examples_but_for_words() -> None:
    pages = [page for page, _, _ in examples()]
    assert pages.count("feel.md") == pages.count("feel.zh-CN.md") > 30


def test_python_examples() -> None:
    results = doctest.testfile(str(DOCS / "feel.md"), module_relative=False, encoding="utf-8")
    assert results.attempted >= 8
    assert results.failed == 0
