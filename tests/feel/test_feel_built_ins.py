"""The registry of feel/functions is the only list of built-ins; what each reading has of its own, and leaves to it."""

from __future__ import annotations

import importlib

import pytest

from jmrules.feel import compile
from jmrules.feel.constants import MAKERS
from jmrules.feel.functions import BUILT_INS, READINGS, Forms

ROUNDINGS = {"floor", "ceiling", "round up", "round down", "round half up", "round half down"}
NUMERIC = {"sum", "min", "max", "abs", "not", "decimal", *ROUNDINGS}
#: the built-ins that each reading has a way of its own with; all others it leaves to the plain way
OWN = {
    "generated": {"count", "mean", *NUMERIC},
    "possible": {"count", "mean", "all", "any", "list contains", "concatenate", *NUMERIC},
    "columns": {"count", "mean", *NUMERIC},
    "words": {"sum", "count", "min", "max", "mean", "abs"},
    "words of rounding": ROUNDINGS,
    "mutants": {"min", "max", "any", "all"},
}


# they register what they have of their own
for module in (
    "feel.generation",
    "feel.possible.functions",
    "feel.vectors.iterations",
    "feel.words",
    "cases.mutants_feel",
):
    importlib.import_module(f"jmrules.{module}")


def test_no_reading_names_a_function_that_the_list_lacks() -> None:
    assert {reading: set(forms) for reading, forms in READINGS.items()} == OWN
    assert set().union(*OWN.values(), MAKERS) <= BUILT_INS.keys()


def test_a_form_of_a_function_that_the_list_lacks_is_refused() -> None:
    with pytest.raises(LookupError, match="summe"):
        Forms("refused", {"summe": 1})
    assert "refused" not in READINGS


def test_the_list_says_of_each_how_it_is_called() -> None:
    for name, built_in in BUILT_INS.items():
        assert built_in.name == name
        assert built_in.signatures
        for signature in built_in.signatures:
            assert all(parameter.name and parameter.types for parameter in signature.parameters)
            assert callable(signature.implementation)


def test_only_the_clock_is_not_constant() -> None:
    assert {name for name, built_in in BUILT_INS.items() if not built_in.constant} == {"now", "today"}


@pytest.mark.parametrize("name", sorted(BUILT_INS))
def test_what_generated_code_has_no_form_of_its_own_for_it_calls(name: str) -> None:
    """Where the types say which function it is, and nothing has to be converted."""
    signature = BUILT_INS[name].signatures[0]
    types = {f"p{index}": parameter.types[0] for index, parameter in enumerate(signature.parameters)}
    compiled = compile(f"{name}({', '.join(types)})", types)
    assert compiled.problems == ()
    plain = all("Any" not in str(kind) for kind in types.values())
    assert compiled.function.__code__.co_filename == "<feel>" or not plain
