"""The readings of unknown values and of columns know the nodes that they are said to follow as soon as they are imported."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("reading", "table", "nodes"),
    [
        ("jmrules.feel.possible.reader", "HANDLERS", "Name Path Binary If Between Filter For Quantified Call"),
        ("jmrules.feel.vectors.expressions", "HANDLERS", "Name Path Binary If Between In Filter For Quantified Call"),
    ],
)
def test_importing_a_reading_brings_what_it_follows(reading, table, nodes):
    code = f"import {reading} as reading; print(*(kind.__name__ for kind in reading.{table}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(nodes.split()) <= set(found)
