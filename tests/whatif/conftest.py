"""The fixture that runs the command."""

from cli.conftest import jmrules

__all__ = ["jmrules"]
