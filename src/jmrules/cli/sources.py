"""``--rulesets``: folders of rulesets beside those that are there anyway, for every command."""

from __future__ import annotations

import inspect
import os
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

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


def with_rulesets(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the option ``--rulesets`` added, so that no command has to think of it."""

    @wraps(command)
    def run(*, rulesets_folders: list[str] | None = None, **options: Any) -> None:
        use(rulesets_folders or ())
        command(**options)

    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(command).parameters.items()
    ]
    added = inspect.Parameter("rulesets_folders", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_RULESETS)
    run.__signature__ = inspect.Signature([*own, added])  # type: ignore[attr-defined]
    run.__annotations__ = {**hints, added.name: _RULESETS}
    return run


def use(folders: Sequence[str]) -> None:
    """Let rulesets be found in these folders too, by this process and by the workers it starts."""
    from jmrules.ruleset.sources import VARIABLE

    known = [folder for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]
    if folders:
        os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*map(os.path.abspath, folders), *known]))
