"""The public interface: what it names is there, and importing it is light."""

import subprocess
import sys

import pytest

import jmrules


def test_every_public_name_is_there():
    for name in jmrules.__all__:
        assert getattr(jmrules, name).__name__ == name
    assert set(jmrules.__all__) <= set(dir(jmrules))


def test_a_name_that_is_not_there_is_an_attribute_error():
    assert not hasattr(jmrules, "nothing_of_the_kind")


def test_importing_the_package_imports_nothing_it_does_not_need():
    code = "import jmrules, sys; print(*sorted(name for name in sys.modules if not name.startswith('_')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"attrs", "cattrs", "jsonschema", "rich", "typer", "durable", "numpy", "pyarrow", "hypothesis"}
    assert not heavy & set(loaded)


def test_scoring_imports_nothing_of_the_extras():
    code = "import jmrules, sys; r = jmrules.load_ruleset('jiangmen/department-overall@2024'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"rich", "typer", "numpy", "pyarrow", "pandas", "hypothesis", "pytest"} & set(loaded)


def test_a_misspelt_import_fails_under_a_type_checker(tmp_path):
    api = pytest.importorskip("mypy.api")
    file = tmp_path / "user.py"
    file.write_text("from jmrules import evaluate, evalaute\n", encoding="utf-8")
    said, _, code = api.run([str(file), "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache")])
    assert code == 1 and '"evalaute"' in said and '"evaluate"' not in said.split("evalaute")[0]
