"""``--help`` in the reader's language, and the commands grouped by who uses them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from jmrules.cli.common import chosen_language

if TYPE_CHECKING:
    from jmrules.errors import Language

#: who uses which commands, in the order in which they are shown
GROUPS = (
    (
        "部门财务人员",
        "for a department",
        ("score", "explain", "validate", "what-if", "sensitivity", "reach", "schema", "template", "report"),
    ),
    (
        "复核人员",
        "for reviewers",
        ("review", "audit", "read", "adjudicate", "evidence", "rectification", "findings", "batch", "monitor"),
    ),
    (
        "评分办法编制人员",
        "for authors of rulesets",
        ("rulesets", "show", "render", "new", "test", "diff", "impact", "fmt", "feel"),
    ),
)

#: where the English of a text begins, after its Chinese
_ENGLISH = re.compile(r"(?<=[。）]) (?=[A-Za-z“])")
#: what typer itself says
_OWN_WORDS = (
    (re.compile(r"^Usage: ", re.MULTILINE), "用法："),
    (re.compile(r"^Options:$", re.MULTILINE), "选项："),
    (re.compile(r"^Arguments:$", re.MULTILINE), "参数："),
    (re.compile(r"^Commands:$", re.MULTILINE), "命令："),
    (re.compile(r"Show this message and exit\."), "显示本说明。"),
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 [参数]…"),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"\[default: "), "[默认："),
    (re.compile(r"(?<=人员):$", re.MULTILINE), "："),
)


def in_one_language(text: str, language: Language) -> str:
    """The half of a text of both languages, Chinese first, that is in ``language``; paragraph by paragraph."""
    halves = (_ENGLISH.split(paragraph, maxsplit=1) for paragraph in text.split("\n\n"))
    return "\n\n".join(half[0] if language == "zh" else half[-1] for half in halves)


def _told(command: Any, ctx: Any, tell: Any) -> str:
    """The help of a command with every text in the reader's language."""
    language = chosen_language()
    described = [command, *command.params]
    kept = [each.help for each in described if getattr(each, "help", None)]
    described = [each for each in described if getattr(each, "help", None)]
    for each in described:
        each.help = in_one_language(each.help, language)
    try:
        text = str(tell(ctx))
    finally:
        for each, whole in zip(described, kept, strict=True):
            each.help = whole
    for pattern, words in _OWN_WORDS if language == "zh" else ():
        text = pattern.sub(words, text)
    # What prints it takes a terminal of ASCII for one that is badly set up, and sends it UTF-8.
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


class Command(TyperCommand):
    """A command that is helped with in one language."""

    def get_help(self, ctx: Any) -> str:
        return _told(self, ctx, super().get_help)


class Commands(TyperGroup):
    """All commands, by who uses them."""

    def get_help(self, ctx: Any) -> str:
        return _told(self, ctx, super().get_help)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        language = chosen_language()
        for zh, en, names in GROUPS:
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None and command.help:
                    first = command.help.partition("\n\n")[0]
                    rows.append((name, in_one_language(first, language)))
            with formatter.section(zh if language == "zh" else en):
                formatter.write_dl(rows)
