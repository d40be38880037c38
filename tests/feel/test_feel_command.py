"""``jmrules feel``: one expression, or many at a prompt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from jmrules.cli.main import app
from jmrules.feel import FeelSyntaxError, LimitError

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = CliRunner()


def test_one_expression() -> None:
    result = RUNNER.invoke(app, ["feel", "0.1 + 0.2"])
    assert (result.exit_code, result.stdout) == (0, "0.3\n")


def test_context_given_and_from_a_file(tmp_path: Path) -> None:
    text = '{"年初预算": 21573.15, "rows": [{"x": 1}, {"x": 2}]}'
    file = tmp_path / "context.json"
    file.write_text(text, "utf-8")
    for context in (text, str(file)):
        result = RUNNER.invoke(app, ["feel", "年初预算 * 2 + sum(rows.x)", "--context", context])
        assert result.stdout == "43149.3\n"


def test_json_is_exact() -> None:
    result = RUNNER.invoke(app, ["feel", '{a: [1/3, "x", null, true], d: @"2024-02-29", r: [1..2)}', "--json"])
    assert json.loads(result.stdout, parse_float=str) == {
        "a": ["0.3333333333333333333333333333333333", "x", None, True],
        "d": "2024-02-29",
        "r": "[1..2)",
    }


def test_why_it_is_null_is_said_on_standard_error() -> None:
    result = RUNNER.invoke(app, ["feel", "1 / 0", "--lang", "en"])
    assert result.stdout == "null\n"
    assert "division by zero" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["1 +"], FeelSyntaxError),
        (["for i in 1..10**9 return i"], LimitError),
    ],
)
def test_errors_are_declared(arguments: list[str], error: type[Exception]) -> None:
    assert isinstance(RUNNER.invoke(app, ["feel", *arguments]).exception, error)


def test_prompt_keeps_values_and_goes_on_after_errors() -> None:
    lines = "x := 3\nx * 2\n1 +\nmy rate := x / 4\nmy rate * 100\n"
    result = RUNNER.invoke(app, ["feel"], input=lines)
    assert (result.exit_code, result.stdout) == (0, "3\n6\n0.75\n75\n")
    assert "1:4" in result.stderr
