"""Assemble the command, and turn every declared error into words and exit code 2."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from jmrules.cli.commands.adjudicate import adjudicate
from jmrules.cli.commands.audit import audit
from jmrules.cli.commands.batch import batch
from jmrules.cli.commands.diff import diff
from jmrules.cli.commands.evidence import evidence, rectification
from jmrules.cli.commands.explain import explain
from jmrules.cli.commands.feel import feel
from jmrules.cli.commands.findings import findings
from jmrules.cli.commands.fmt import fmt
from jmrules.cli.commands.impact import impact
from jmrules.cli.commands.monitor import monitor
from jmrules.cli.commands.new import new
from jmrules.cli.commands.reach import reach
from jmrules.cli.commands.read import read
from jmrules.cli.commands.render import render
from jmrules.cli.commands.report import report
from jmrules.cli.commands.review import review
from jmrules.cli.commands.rulesets import rulesets
from jmrules.cli.commands.schema import schema
from jmrules.cli.commands.score import score
from jmrules.cli.commands.sensitivity import sensitivity
from jmrules.cli.commands.show import show
from jmrules.cli.commands.template import template
from jmrules.cli.commands.test import test
from jmrules.cli.commands.validate import validate
from jmrules.cli.commands.what_if import what_if
from jmrules.cli.common import LANGUAGE, asked, chosen_language, say_error
from jmrules.cli.help import Command, Commands
from jmrules.cli.output import any_encoding, say
from jmrules.cli.sources import with_options
from jmrules.cli.usage import usage_error
from jmrules.errors import JmrulesError

app = typer.Typer(
    name="jmrules",
    cls=Commands,
    help="评分办法即数据：按通知给部门打分，每一分都有出处。 Score departments by a notice, every point accounted for.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"jmrules {version('jmrules')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。 Show the version.")
    ] = False,
    lang: LANGUAGE = None,
) -> None:
    """Options of the command itself."""
    chosen_language(lang)


for command in (
    score,
    template,
    explain,
    batch,
    findings,
    monitor,
    feel,
    rulesets,
    schema,
    validate,
    test,
    diff,
    impact,
    render,
    report,
    review,
    audit,
    read,
    adjudicate,
    evidence,
    rectification,
    show,
    new,
    fmt,
    what_if,
    sensitivity,
    reach,
):
    app.command(cls=Command)(with_options(command))


def main() -> None:
    """Entry point of the ``jmrules`` command."""
    any_encoding()
    asked(sys.argv[1:])
    try:
        code = app(standalone_mode=False)
    except JmrulesError as error:
        say_error(error, chosen_language())
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(130) from None
    except BrokenPipeError:
        # The reader has seen enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if (problem := usage_error(error)) is None:
            raise
        say_error(JmrulesError(problem), chosen_language())
        raise SystemExit(2) from None
    finally:
        asked(())
    raise SystemExit(code or 0)
