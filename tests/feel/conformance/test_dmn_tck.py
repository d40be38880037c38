"""The DMN Technology Compatibility Kit: every case of every folder, but for external Java functions.

The kit is looked for in ``DMN_TCK``, else beside the checkout. The table of passed and total cases per folder is printed
at the end of the session.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from feel.conformance.boxed import child, local
from feel.conformance.cases import ROOT, cases, same
from feel.conformance.model import Model
from jmrules.feel.functions import NoValue

if TYPE_CHECKING:
    from pathlib import Path

    from feel.conformance.cases import Case

#: these models call Java's own classes, and jmrules runs no code of an expression
EXTERNAL = "0076-feel-external-java"

pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="the DMN TCK is not here; set DMN_TCK")


@cache
def model(path: Path) -> Model:
    return Model(path)


def outcome(case: Case) -> tuple[object, bool]:
    """What we compute for a case, and whether it is what the case expects."""
    owner = model(case.model)
    if case.service is not None:
        service = owner.named(case.service, "decisionService")
        assert service is not None
        function = owner.service(service, case.inputs)
        try:
            actual = function.call([], {name: case.inputs.get(name) for name in function.parameters or ()})
        except NoValue:
            actual = None
        if isinstance(actual, dict) and case.decision in actual:
            actual = actual[case.decision]
    else:
        element = owner.named(case.decision, "decision", "decisionService", "businessKnowledgeModel")
        assert element is not None
        actual = owner.decide(element, case.inputs)
    return actual, same(actual, case.expected)


def is_literal(case: Case) -> bool:
    """Whether the decision is a FEEL text that reads nothing but inputs."""
    element = model(case.model).named(case.decision, "decision")
    if element is None or case.service is not None or child(element, "literalExpression") is None:
        return False
    required = [local(each) for requirement in element for each in requirement if local(each).startswith("required")]
    return all(kind == "requiredInput" for kind in required)


FOLDERS = sorted({file.parent for file in ROOT.rglob("*-test-*.xml")})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_folder(folder: Path, conformance: dict[str, Counter[str]]) -> None:
    tally = conformance.setdefault(f"{folder.parent.name}/{folder.name}", Counter())
    wrong = []
    for case in cases(folder):
        actual, right = outcome(case)
        kind = "literal" if is_literal(case) else "other"
        tally[f"{kind} total"] += 1
        tally[f"{kind} passed"] += right
        if not right:
            wrong.append(f"{case}: expected {case.expected!r}, got {actual!r}")
    if folder.name != EXTERNAL:
        assert not wrong, "\n".join(wrong)
