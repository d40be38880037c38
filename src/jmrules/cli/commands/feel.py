"""``jmrules feel``: evaluate FEEL expressions, one from the command line or many at a prompt."""

from __future__ import annotations

import os
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, say_error
from jmrules.cli.output import say
from jmrules.errors import JmrulesError

if TYPE_CHECKING:
    from jmrules.errors import Language

_ASSIGNMENT = re.compile(r"\s*(?P<name>[^:=\"(]+?)\s*:=\s*(?P<expression>.*)", re.DOTALL)


def feel(
    expression: Annotated[
        str | None,
        typer.Argument(metavar="EXPRESSION", help="FEEL 表达式；不写则逐行输入。 Without one, a prompt."),
    ] = None,
    context: Annotated[
        str | None,
        typer.Option("--context", metavar="JSON|FILE", help="名称的值：JSON 或其文件。 Values of names."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 给出值。 The value as JSON.")] = False,
    lang: LANGUAGE = None,
) -> None:
    """计算 FEEL 表达式。 Evaluate FEEL expressions."""
    language = chosen_language(lang)
    names = _context(context)
    if expression is None:
        _prompt(names, language, as_json=json)
    else:
        say(_answer(expression, names, language, as_json=json)[1])


def _context(given: str | None) -> dict[str, Any]:
    from jmrules.documents import parse, read
    from jmrules.feel import FeelError, problem

    if given is None:
        return {}
    value = parse(given).value if given.lstrip()[:1] == "{" else read(given).value
    if not isinstance(value, dict):
        raise FeelError(
            problem(
                "feel-context",
                "--context 应是一个 JSON 对象",
                "--context must be a JSON object",
                ('例如 {"预算": 100}', 'for instance {"budget": 100}'),
            )
        )
    return value


def _answer(text: str, names: dict[str, Any], language: Language, *, as_json: bool) -> tuple[Any, str]:
    """The value of ``text`` and how it is shown; diagnostics go to standard error."""
    from jmrules.documents import pretty
    from jmrules.feel import evaluate_with_diagnostics, literal_of

    value, diagnostics = evaluate_with_diagnostics(text, names)
    for diagnostic in diagnostics:
        say(diagnostic.say(language), err=True)
    return value, pretty(_json(value)) if as_json else literal_of(value)


def _json(value: Any) -> Any:
    """``value`` in JSON's types: what JSON has no type for, by its text."""
    from jmrules.feel import string_of

    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, str, Decimal)):
        return value
    return string_of(value)


def _prompt(names: dict[str, Any], language: Language, *, as_json: bool) -> None:
    """Read expressions until the end of the input; ``name := expression`` keeps a value under a name."""
    interactive = sys.stdin.isatty()
    if interactive:
        _remember_lines()
        say(
            "FEEL：输入表达式，名称 := 表达式 保存一个值，Ctrl-D 结束"
            if language == "zh"
            else "FEEL: type an expression, or name := expression to keep a value; Ctrl-D ends"
        )
    while True:
        try:
            line = input("feel> " if interactive else "")
        except EOFError:
            break
        if not line.strip():
            continue
        assignment = _ASSIGNMENT.fullmatch(line)
        text = assignment["expression"] if assignment else line
        try:
            value, shown = _answer(text, names, language, as_json=as_json)
        except JmrulesError as error:
            say_error(error, language)
            continue
        if assignment:
            names[" ".join(assignment["name"].split())] = value
        say(shown)
    if interactive:
        say("")


def _remember_lines() -> None:
    """Lines typed here can be recalled, now and the next time; a history that cannot be kept is no error."""
    try:
        import readline
    except ImportError:
        return
    import atexit

    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "jmrules"
    history = state / "feel_history"
    try:
        state.mkdir(parents=True, exist_ok=True)
        if history.exists():
            readline.read_history_file(history)
    except OSError:
        return
    readline.set_history_length(1_000)
    atexit.register(_save_lines, history)


def _save_lines(history: Path) -> None:
    import contextlib
    import readline

    with contextlib.suppress(OSError):
        readline.write_history_file(history)
