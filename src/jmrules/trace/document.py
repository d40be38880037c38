"""The trace as a JSON document (schemas/trace.schema.json), written and read."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from jmrules.documents import check, parse, pretty
from jmrules.documents.unstructure import new_converter
from jmrules.errors import DocumentError, Problem, Text
from jmrules.ruleset.model import Clamp, Rounding
from jmrules.trace.findings import Finding
from jmrules.trace.model import GradeTrace, GroupTrace, LeafTrace, NodeTrace, Trace
from jmrules.trace.values import fraction_of, fraction_text

if TYPE_CHECKING:
    from cattrs import Converter

    from jmrules.documents import Document


@cache
def _converter() -> Converter:
    converter = new_converter()
    converter.register_unstructure_hook(Fraction, fraction_text)
    converter.register_structure_hook(Fraction, lambda value, _: fraction_of(value))
    converter.register_structure_hook(
        NodeTrace, lambda value, _: converter.structure(value, GroupTrace if "children" in value else LeafTrace)
    )
    renamed = override(rename="in")
    converter.register_unstructure_hook(
        GradeTrace, make_dict_unstructure_fn(GradeTrace, converter, _cattrs_omit_if_default=True, tests=renamed)
    )
    converter.register_structure_hook(GradeTrace, make_dict_structure_fn(GradeTrace, converter, tests=renamed))
    # Always written out: a reader must not need to know what is assumed.
    converter.register_unstructure_hook(
        Rounding,
        make_dict_unstructure_fn(
            Rounding, converter, _cattrs_omit_if_default=True, mode=override(omit_if_default=False)
        ),
    )
    ends = {"least": override(rename="from"), "most": override(rename="to")}
    converter.register_unstructure_hook(
        Clamp,
        make_dict_unstructure_fn(Clamp, converter, _cattrs_omit_if_default=True, **ends),  # type: ignore[arg-type]
    )
    converter.register_structure_hook(Clamp, make_dict_structure_fn(Clamp, converter, **ends))  # type: ignore[arg-type]
    _with_rate(converter, GroupTrace)
    _with_rate(converter, LeafTrace)
    return converter


def _with_rate(converter: Converter, cls: type[GroupTrace | LeafTrace]) -> None:
    """A node's rate follows from its points, but readers want to see it."""
    inner = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)

    def unstructure(node: Any) -> dict[str, Any]:
        members = inner(node)
        head = ("id", "label", "effect", "points", "stated", "awarded")
        first = {name: members.pop(name) for name in head if name in members}
        return {**first, "rate": node.rate, **members}

    converter.register_unstructure_hook(cls, unstructure)


def trace_document(trace: Trace) -> dict[str, Any]:
    """The trace in JSON's terms: total and grade at its top."""
    members = _converter().unstructure(trace, Trace)
    root = members.pop("root")
    return {
        "jmrules": members.pop("jmrules"),
        "total": trace.total,
        "grade": {"id": trace.grade.id, "label": members["grade"]["label"]},
        "points": trace.root.points,
        "awarded": trace.root.awarded,
        "ruleset": members["ruleset"],
        "facts": members["facts"],
        "rounding": members["rounding"],
        **{name: members[name] for name in ("scale", "clamp") if name in members},
        "grades": members["grades"],
        "basis": members["basis"],
        "adjustments": members.get("adjustments", []),
        "indicators": root["children"],
        **({"beside": members["beside"]} if trace.beside else {}),
        **({"findings": members["findings"]} if trace.findings else {}),
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding in JSON's terms."""
    members: dict[str, Any] = _converter().unstructure(finding, Finding)
    return members


def trace_json(trace: Trace) -> str:
    """The text of the trace document."""
    return pretty(trace_document(trace)) + "\n"


def parse_trace(text: str, file: str | None = None) -> Trace:
    """The trace of a JSON text.

    Raises:
        DocumentError: it is not JSON, or not a trace document.
    """
    return trace_of(parse(text, file))


def trace_of(document: Document) -> Trace:
    """The trace that a document states; raises as :func:`parse_trace`."""
    problems = check(document, "trace")
    if problems:
        raise DocumentError(problems)
    value = dict(document.value)
    if "bounds" in value:
        raise DocumentError(_only_bounds(document))
    grade = next((grade for grade in value["grades"] if grade["id"] == value["grade"]["id"]), value["grade"])
    root = {
        "id": "total",
        "label": value["ruleset"]["title"],
        "points": value.pop("points"),
        "awarded": value.pop("awarded"),
        "children": value.pop("indicators"),
    }
    return _converter().structure({**value, "grade": grade, "root": root}, Trace)


def _only_bounds(document: Document) -> Problem:
    return Problem(
        "bounds-only",
        Text("该文件只有得分区间，没有确定的得分过程", "this document holds bounds, not the trace of one score"),
        Text("请用 jmrules score（不带 --trust）得出的文件", "use one that `jmrules score` makes without --trust"),
        document.place("/bounds"),
    )
