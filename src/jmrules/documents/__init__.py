"""JSON documents: read with places and exact numbers, checked by JSON Schema, written whole or not at all."""

from jmrules.documents.kinds import kind_of, other_kind
from jmrules.documents.reader import Document, document_of, parse, read
from jmrules.documents.schema import check
from jmrules.documents.writer import canonical, plain, pretty, write_whole

__all__ = [
    "Document",
    "canonical",
    "check",
    "document_of",
    "kind_of",
    "other_kind",
    "parse",
    "plain",
    "pretty",
    "read",
    "write_whole",
]
