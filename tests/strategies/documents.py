"""The same documents written otherwise: as text, in another order, with facts wrapped and in other units."""

import json
from decimal import Decimal as D

from hypothesis import strategies as st

BASES = ("assertion", "document", "figure", "verified")
#: of a declared unit: others of its kind, and how many of them it is
OTHER_UNITS = {
    "CNY_10k": (("CNY", D(10000)), ("元", D(10000)), ("亿元", D("0.0001"))),
    "%": (("ratio", D("0.01")), ("‰", D(10))),
    "ratio": (("%", D(100)), ("permille", D(1000))),
}


def json_text(value):
    """JSON text of a document with Decimals, each number as its Decimal is written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {json_text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(json_text(inner) for inner in value) + "]"
    return str(value) if isinstance(value, D) else json.dumps(value, ensure_ascii=False)


def shuffled(value, random):
    """The same document with the members of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    return [shuffled(inner, random) for inner in value] if isinstance(value, list) else value


@st.composite
def facts_documents(draw, case):
    """The facts document of a case: values bare or with basis, evidence, statements and in another unit."""

    def given_(declared, value):
        if declared["type"] == "list" and value is not None:
            value = [{k: given_(declared["item"][k], v) for k, v in item.items()} for item in value]
        form = draw(st.integers(0, 3))
        if form < 2:
            return value
        entry = {"value": value, "basis": draw(st.sampled_from(BASES))}
        if declared.get("unit") in OTHER_UNITS and value is not None and form == 3:
            unit, times = draw(st.sampled_from(OTHER_UNITS[declared["unit"]]))
            entry |= {"value": D(value) * times, "unit": unit}
        if form == 3:
            entry["evidence"] = [{"document": "report", "section": "二（一）"}]
        return entry

    return {
        "ruleset": case.ruleset["id"],
        "fiscal_year": case.ruleset["fiscal_year"],
        "subject": {"name": "某部门"},
        "documents": {"report": {"title": "自评报告", "kind": "report", "date": "2025-03-01"}},
        "facts": {name: given_(case.ruleset["facts"][name], value) for name, value in case.facts.items()},
    }
