"""The jmrules command: one module a command."""

from jmrules.cli.main import main

__all__ = ["main"]
