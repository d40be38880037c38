"""The schemas of schemas/, read by jsonschema alone."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[2] / "schemas"


@cache
def validator(name):
    return Draft202012Validator(json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")))


def schema_errors(name, document):
    """What jsonschema finds wrong in a document, whose Decimals are first made plain JSON numbers."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(as_json(document))]


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else value
