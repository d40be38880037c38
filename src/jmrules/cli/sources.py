"""Options of every command: ``--rulesets``, folders of rulesets beside those that are there anyway; ``--json``, errors as JSON."""

from __future__ import annotations

import inspect
import os
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from jmrules.cli.common import telling_warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RULESETS = Annotated[
    list[str] | None,
    typer.Option(
        "--rulesets",
        metavar="DIR",
        help="另加的评分办法文件夹，可多次给出。 A further folder of rulesets; may be given more than once.",
    ),
]

_JSON = Annotated[bool, typer.Option("--json", help="错误写成 JSON。 Errors as JSON.")]


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options that all have, so that no command has to think of them.

    One that has a ``--json`` of its own keeps it.
    """

    @wraps(command)
    def run(*, rulesets_folders: list[str] | None = None, json_errors: bool = False, **options: Any) -> None:
        use(rulesets_folders or ())
        with telling_warnings():
            command(**options)

    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(command).parameters.items()
    ]
    added = [inspect.Parameter("rulesets_folders", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_RULESETS)]
    if not any("--json" in _names(hint) for hint in hints.values()):
        added.append(inspect.Parameter("json_errors", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_JSON))
    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {**hints, **{each.name: each.annotation for each in added}}
    return run


def _names(hint: Any) -> list[Any]:
    """What the option that an annotation declares is called; typer keeps the first name where a default may stand."""
    declared = getattr(hint, "__metadata__", ())
    return [name for each in declared for name in (each.default, *(getattr(each, "param_decls", None) or ()))]


def use(folders: Sequence[str]) -> None:
    """Let rulesets be found in these folders too, by this process and by the workers it starts."""
    from jmrules.ruleset import VARIABLE

    known = [folder for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]
    if folders:
        os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*map(os.path.abspath, folders), *known]))
