"""JSON documents: read with places and exact numbers, checked by JSON Schema, written whole or not at all."""

from jmrules.documents.doubles import exact, portable
from jmrules.documents.kinds import kind_of, other_kind
from jmrules.documents.positions import escape, pointer_of
from jmrules.documents.reader import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    Document,
    decoded,
    document_of,
    parse,
    read,
    read_bytes,
)
from jmrules.documents.schema import check, schema_text
from jmrules.documents.unstructure import fraction_text, in_json, new_converter, tell, tell_as
from jmrules.documents.writer import canonical, compact, normalised, plain, pretty, write_whole

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_EXPONENT",
    "Document",
    "canonical",
    "check",
    "compact",
    "decoded",
    "document_of",
    "escape",
    "exact",
    "fraction_text",
    "in_json",
    "kind_of",
    "new_converter",
    "normalised",
    "other_kind",
    "parse",
    "plain",
    "pointer_of",
    "portable",
    "pretty",
    "read",
    "read_bytes",
    "schema_text",
    "tell",
    "tell_as",
    "write_whole",
]
