"""The command, run in this process."""

from cli import conftest

jmrules = conftest.jmrules
