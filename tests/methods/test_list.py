"""``METHODS`` is the only list: the schema and the reference name the same kinds."""

import json
import re
from pathlib import Path

from jmrules.methods import METHODS
from jmrules.resources import shipped

DOCS = Path(__file__).parents[2] / "docs"


def test_the_schema_knows_the_methods():
    definitions = json.loads((shipped("schemas") / "ruleset.schema.json").read_text(encoding="utf-8"))["$defs"]
    method = definitions["method"]
    assert method["properties"]["kind"]["enum"] == list(METHODS)
    chosen = {rule["if"]["properties"]["kind"]["const"]: rule["then"]["$ref"] for rule in method["allOf"]}
    assert chosen == {kind: f"#/$defs/{kind}" for kind in METHODS}
    assert all(definitions[kind]["additionalProperties"] is False for kind in METHODS)


def test_the_reference_knows_the_methods():
    text = (DOCS / "ruleset.md").read_text(encoding="utf-8")
    table = text[text.index("| kind | share |") :].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(METHODS)
