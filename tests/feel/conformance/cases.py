"""The test cases of the DMN TCK: what goes in, what must come out."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from attrs import frozen

from feel.conformance.boxed import child, children, local
from jmrules.feel import temporal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ROOT = Path(os.environ.get("DMN_TCK") or Path(__file__).parents[3].parent / "shared" / "dmn-tck")

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@frozen
class Case:
    """One expected result of one test case."""

    file: Path
    model: Path
    identifier: str
    #: the decision whose result is expected
    decision: str
    #: the decision service that is called, if any
    service: str | None
    inputs: dict[str, Any]
    expected: Any

    @property
    def folder(self) -> str:
        return f"{self.file.parent.parent.name}/{self.file.parent.name}"

    def __str__(self) -> str:
        return f"{self.file.parent.name}:{self.identifier}:{self.decision}"


def cases(root: Path = ROOT) -> Iterator[Case]:
    """Every expected result under ``root``, in the order of the files."""
    for file in sorted(root.rglob("*-test-*.xml")):
        document = ElementTree.parse(file).getroot()
        name = child(document, "modelName")
        model = file.parent / ((name.text or "") if name is not None else "")
        for case in children(document, "testCase"):
            service = case.get("invocableName") if case.get("type") == "decisionService" else None
            inputs = {each.get("name", ""): value_of(each) for each in children(case, "inputNode")}
            for result in children(case, "resultNode"):
                expected = child(result, "expected")
                value = None if expected is None else value_of(expected)
                yield Case(file, model, case.get("id", ""), result.get("name", ""), service, inputs, value)


def value_of(element: Element) -> Any:
    """The FEEL value that a case writes in XML."""
    parts = [each for each in element if local(each) in ("value", "list", "component")]
    if not parts:
        return None
    if local(parts[0]) == "component":
        return {part.get("name", ""): value_of(part) for part in parts}
    if local(parts[0]) == "list":
        return None if parts[0].get(_NIL) == "true" else [value_of(item) for item in children(parts[0], "item")]
    return _simple(parts[0])


def _simple(element: Element) -> Any:
    text = element.text or ""
    if element.get(_NIL) == "true":
        return None
    match (element.get(_TYPE) or "string").rpartition(":")[2]:
        case "boolean":
            return text.strip() == "true"
        case "decimal" | "double" | "integer" | "int" | "float" | "long":
            return Decimal(text.strip())
        case "date":
            return temporal.parse_date(text.strip())
        case "time":
            return temporal.parse_time(text.strip())
        case "dateTime":
            return temporal.parse_date_time(text.strip())
        case "duration":
            return temporal.parse_duration(text.strip())
    return text


#: the TCK writes results of long decimal fractions rounded
TOLERANCE = Decimal("1e-8")


def same(actual: Any, expected: Any) -> bool:
    """Whether a result is what a case expects: numbers to eight places, all else exactly."""
    match actual, expected:
        case Decimal(), Decimal():
            return abs(actual - expected) <= TOLERANCE
        case list(), list():
            return len(actual) == len(expected) and all(map(same, actual, expected))
        case dict(), dict():
            return actual.keys() == expected.keys() and all(same(actual[key], expected[key]) for key in actual)
    return type(actual) is type(expected) and actual == expected
