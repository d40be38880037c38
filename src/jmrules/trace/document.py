"""The trace as a JSON document (schemas/trace.schema.json), written and read."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from cattrs.gen import make_dict_structure_fn, override

from jmrules.documents import (
    check,
    compact,
    exact,
    fraction_text,
    in_json,
    new_converter,
    parse,
    portable,
    pretty,
    tell,
)
from jmrules.errors import DocumentError, Problem, Text
from jmrules.ruleset import Clamp, Grade
from jmrules.trace.forms import in_form
from jmrules.trace.model import Adjustment, GroupTrace, LeafTrace, NodeTrace, Trace
from jmrules.trace.values import fraction_of

if TYPE_CHECKING:
    from cattrs import Converter

    from jmrules.documents import Document
    from jmrules.trace.forms import Form


#: members of a trace under which a text may stand for itself, so that a number written as one is marked
ANYTHING = ("value", "method", "applies", "undefined")

tell(
    Trace,
    "jmrules",
    "total",
    ("grade", lambda trace: {"id": trace.grade.id, "label": trace.grade.label}),
    "points=root.points",
    "awarded=root.awarded",
    "ruleset",
    "facts",
    "rounding",
    "scale?",
    "clamp?",
    "grades",
    "basis",
    "adjustments",
    "indicators=root.children",
    "beside?",
    "findings?",
    "given",
)
tell(GroupTrace, "id", "label", "points", "awarded", "rate", "children")
tell(
    LeafTrace,
    *(
        "id",
        "label",
        "effect?",
        "points",
        "stated",
        "awarded",
        "rate",
        "share",
        "outcome",
        "basis",
        "branch",
        "explanation",
    ),
    *(
        "source",
        "method",
        "inputs?",
        "readings?",
        "parts?",
        "losses?",
        "moves?",
        "evidence?",
        "applies?",
        "undefined?",
        "rounding?",
    ),
    "note?",
)


@cache
def _converter() -> Converter:
    """Structures the parts of a schema-valid trace document."""
    converter = new_converter()
    converter.register_structure_hook(Fraction, lambda value, _: fraction_of(value))
    converter.register_structure_hook(
        NodeTrace, lambda value, _: converter.structure(value, GroupTrace if "children" in value else LeafTrace)
    )
    renamed = {"tests": override(rename="in")}
    converter.register_structure_hook(Grade, make_dict_structure_fn(Grade, converter, **renamed))  # type: ignore[arg-type]
    ends = {"least": override(rename="from"), "most": override(rename="to")}
    converter.register_structure_hook(Clamp, make_dict_structure_fn(Clamp, converter, **ends))  # type: ignore[arg-type]
    return converter


def trace_document(trace: Trace) -> dict[str, Any]:
    """The trace in JSON's terms: total and grade at its top; numbers that a double does not hold are texts."""
    found = in_json(trace)
    given = found.pop("given")
    return {**portable(found, ANYTHING), "given": given}


def form_document(trace: Trace, form: Form | None) -> dict[str, Any]:
    """The trace in JSON's terms, in a form if one is given."""
    return _compact_document(trace) if form == "compact" else in_form(trace_document(trace), form)


def _compact_document(trace: Trace) -> dict[str, Any]:
    """Numbers alone: no words are made for it."""
    ruleset = trace.ruleset
    found = {
        "jmrules": trace.jmrules,
        "form": "compact",
        "total": trace.total,
        "points": trace.root.points,
        "awarded": trace.root.awarded,
        "basis": dict(trace.basis),
        "grade": {"id": trace.grade.id},
        "ruleset": {name: getattr(ruleset, name) for name in ("id", "fiscal_year", "revision", "status", "digest")},
        "facts": in_json(trace.facts),
        "adjustments": [_without_words(line) for line in trace.adjustments],
        "leaves": [
            {
                "id": leaf.id,
                "points": leaf.points,
                "awarded": leaf.awarded,
                "share": fraction_text(leaf.share),
                "outcome": leaf.outcome,
                "basis": leaf.basis,
                "branch": leaf.branch,
            }
            for leaf in trace.leaves
        ],
        "found": [
            {"rule": finding.rule} if finding.item is None else {"rule": finding.rule, "item": finding.item}
            for finding in trace.findings
        ],
    }
    return {**portable(found, ANYTHING), "given": {"facts": trace.given.facts}}


def _without_words(line: Adjustment) -> dict[str, Any]:
    return {name: part for name, part in in_json(line).items() if name != "reason"}


def trace_json(trace: Trace, form: Form | None = None) -> str:
    """The text of the trace document, in a form if one is given; the compact one on one line."""
    document = form_document(trace, form)
    if form == "compact":
        return compact(document) + "\n"
    del document["given"]
    # The ruleset in it is long, and the same in every trace.
    return f'{pretty(document).removesuffix("}").rstrip()},\n  "given": {trace.given.text()}\n}}\n'


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
    value = {name: member if name == "given" else exact(member) for name, member in document.value.items()}
    if "bounds" in value:
        raise DocumentError(_only_bounds(document))
    if "form" in value:
        raise DocumentError(_only_a_form(document))
    grade = next((grade for grade in value["grades"] if grade["id"] == value["grade"]["id"]), value["grade"])
    root = {
        "id": "total",
        "label": value["ruleset"]["title"],
        "points": value.pop("points"),
        "awarded": value.pop("awarded"),
        "children": value.pop("indicators"),
    }
    return _converter().structure({**value, "grade": grade, "root": root}, Trace)


def _only_a_form(document: Document) -> Problem:
    return Problem(
        "part-of-a-trace",
        Text(
            "该文件是精简或单语的得分过程，不含全部内容",
            "this document is a trace in one language or a compact one: not all is there",
        ),
        Text(
            "请用 jmrules validate 核对，或重新生成完整的文件",
            "check it with jmrules validate, or make the whole one again",
        ),
        document.place("/form"),
    )


def _only_bounds(document: Document) -> Problem:
    return Problem(
        "bounds-only",
        Text("该文件只有得分区间，没有确定的得分过程", "this document holds bounds, not the trace of one score"),
        Text("请用 jmrules score（不带 --trust）得出的文件", "use one that `jmrules score` makes without --trust"),
        document.place("/bounds"),
    )
