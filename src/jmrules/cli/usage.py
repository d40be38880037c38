"""What is wrong with how a command was typed, as a problem in both languages."""

from __future__ import annotations

import typer

from jmrules.errors import Problem, Text, did_you_mean

#: the base of what typer raises for a command line that it cannot read
_USAGE = typer.BadParameter.__mro__[1]


def usage_error(error: Exception) -> Problem | None:
    """The problem that an error of typer tells; None where it is no such error."""
    if not isinstance(error, _USAGE):
        return None
    said = str(getattr(error, "message", "") or error)
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "jmrules") if context is not None else "jmrules"
    hint = Text(f"用法见 {path} --help", f"see {path} --help")
    kind = type(error).__name__
    if kind == "NoSuchOption":
        name = str(getattr(error, "option_name", ""))
        parameters = getattr(getattr(context, "command", None), "params", ())
        known = [option for each in parameters for option in each.opts]
        return Problem(
            "no-such-option", Text(f"没有选项 {name}", f"there is no option {name}"), did_you_mean(name, known, hint)
        )
    if kind == "MissingParameter":
        name = _name_of(error)
        return Problem("missing-argument", Text(f"缺少 {name}", f"{name} is missing"), hint)
    if kind == "BadParameter":
        name = _name_of(error)
        zh, en = said.split(" / ", 1) if " / " in said else (said, said)
        return Problem("bad-argument", Text(f"{name} 不能这样写：{zh}", f"{name} cannot be so: {en}"), hint)
    if said.startswith("No such command"):
        name = said.split("'")[1] if said.count("'") >= 2 else said
        known = list(getattr(getattr(context, "command", None), "commands", {}))
        return Problem(
            "no-such-command", Text(f"没有命令 {name}", f"there is no command {name}"), did_you_mean(name, known, hint)
        )
    return Problem("usage", Text(said, said), hint)


def _name_of(error: Exception) -> str:
    """What the parameter that is wrong is called on the command line."""
    hint, parameter = getattr(error, "param_hint", None), getattr(error, "param", None)
    if hint:
        return hint if isinstance(hint, str) else " ".join(hint)
    if parameter is None:
        return "参数"
    long = [option for option in parameter.opts if option.startswith("-")]
    return long[0] if long else str(parameter.metavar or parameter.human_readable_name)
