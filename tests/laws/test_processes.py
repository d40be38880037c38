"""The same bytes in every process and under every decimal context of the caller."""

import os
import subprocess
import sys
from decimal import ROUND_UP, Context, Inexact, localcontext

from hypothesis import Phase, given, settings

from jmrules import load_ruleset
from laws.common import outcome_text
from strategies import cases, json_text

SCRIPT = """
import json, sys
from decimal import Decimal
from laws.common import outcome_text
from jmrules import load_ruleset
for line in open(sys.argv[1], encoding="utf-8"):
    ruleset, facts = json.loads(line, parse_float=Decimal)
    sys.stdout.buffer.write(outcome_text(load_ruleset(ruleset), facts).encode())
"""


def output(path, seed):
    """What another process, with another hash seed, says of the cases in a file."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_same_bytes_whatever_the_hash_seed(tmp_path):
    lines = []

    @settings(max_examples=40, derandomize=True, database=None, phases=[Phase.generate])
    @given(cases())
    def collect(case):
        lines.append(json_text([case.ruleset, case.facts]))

    collect()
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(line.replace("\u2028", "\\u2028") for line in lines), encoding="utf-8")
    outputs = [output(path, seed) for seed in ("1", "2")]
    assert len(outputs[0]) > 10_000
    assert outputs[0] == outputs[1]


@given(cases())
def test_same_bytes_whatever_the_decimal_context(case):
    expected = outcome_text(load_ruleset(case.ruleset), case.facts)
    with localcontext(Context(prec=3, rounding=ROUND_UP, traps=[Inexact])):
        assert outcome_text(load_ruleset(case.ruleset), case.facts) == expected
