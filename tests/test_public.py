"""The public interface: what it names is there, and importing it is light."""

import subprocess
import sys
from pathlib import Path

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


#: run before anything else: no package beside the core is found
WITHOUT_EXTRAS = """
import sys
EXTRAS = {"numpy", "pyarrow", "openpyxl", "xlsxwriter", "pandas", "polars", "pyspark", "durable", "durable_rules_engine", "pytest"}
class Core:
    def __init__(self, finder): self.finder = finder
    def find_spec(self, name, *more):
        return None if name.partition(".")[0] in EXTRAS else self.finder.find_spec(name, *more)
    def __getattr__(self, name): return getattr(self.finder, name)
sys.meta_path[:] = [Core(finder) for finder in sys.meta_path]
"""


def core_only(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS + code, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_core_imports_whole_and_tells_a_missing_extra_where_it_is_needed():
    ran = core_only(
        """
from jmrules import *
from jmrules import evaluate_table, impact_table
for function in (evaluate_table, impact_table):
    try:
        function(None, None)
    except JmrulesError as error:
        print(error)
"""
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ['this needs pyarrow, numpy - pip install "jmrules[batch]"'] * 2


R, FACTS = (
    "mof/department-common-framework@2013",
    "rulesets/mof/department-common-framework/cases/2013/pingyuan-water.json",
)
NEEDING = [
    ("batch", "t.csv", "--ruleset", R),
    ("score", "t.xlsx", "--ruleset", R),
    ("impact", R, R, "t.csv"),
    ("template", R, "-o", "x.xlsx"),
    ("report", FACTS, "-o", "y.xlsx"),
]
NEEDING_NOTHING = [
    ("score", FACTS),
    ("explain", FACTS),
    ("findings", FACTS),
    ("review", FACTS),
    ("evidence", FACTS),
    ("rectification", FACTS),
    ("sensitivity", FACTS),
    ("reach", FACTS, "--total", "60"),
    ("validate", FACTS),
    ("test", R),
    ("diff", R, R),
    ("impact", R, R, FACTS),
    ("schema", R),
    ("show", R),
    ("rulesets",),
    ("feel", "1 + 1"),
    ("new", "a/b", "2025", "--dir", "made"),
    ("monitor", "log.jsonl", "--start", "jiangmen/department-overall@2024", "--department", "1=a"),
    ("--help",),
]
COMMAND = "import sys; sys.argv[0] = 'jmrules'; from jmrules.cli import main; main()"


def put(tmp_path, arguments):
    return [tmp_path / word if word.endswith((".csv", ".xlsx", ".jsonl", "made")) else word for word in arguments]


@pytest.mark.parametrize("arguments", [*NEEDING, *NEEDING_NOTHING], ids=lambda arguments: " ".join(arguments[:1]))
def test_every_command_works_without_extras_or_says_in_one_sentence_which_it_needs(tmp_path, arguments):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    ran = core_only(COMMAND, *put(tmp_path, arguments), *([] if arguments == ("--help",) else ["--lang", "en"]))
    if arguments in NEEDING:
        assert ran.returncode == 2 and ran.stdout == ""
        assert len(ran.stderr.splitlines()) == 3 and 'pip install "jmrules[' in ran.stderr
    else:
        assert ran.returncode == 0, ran.stderr
        assert ("reference evaluator" in ran.stderr) is (arguments[0] == "findings")


def test_the_reference_chain_finds_the_same():
    case = Path("rulesets/jiangmen/department-overall/cases/2024/yunxi-agriculture.json")
    with_it = subprocess.run(
        [sys.executable, "-c", COMMAND, "findings", case, "--json"], capture_output=True, text=True, check=True
    )
    without = core_only(COMMAND, "findings", case, "--json")
    assert without.stdout == with_it.stdout and '"rule"' in without.stdout


MISSPELT = "from jmrules import evaluate, evalaute\nfrom jmrules.cases import report_on, report_no\nimport jmrules\njmrules.load_rulset\n"


def test_misspelt_names_fail_under_mypy(tmp_path):
    api = pytest.importorskip("mypy.api")
    (tmp_path / "user.py").write_text(MISSPELT)
    said, _, code = api.run(
        [str(tmp_path / "user.py"), "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache")]
    )
    assert code == 1 and all(f'"{name}"' in said for name in ("evalaute", "report_no", "load_rulset"))
    assert said.count("error:") == 3


def test_misspelt_names_fail_under_pyright(tmp_path, node_packages):
    (tmp_path / "user.py").write_text(MISSPELT)
    (tmp_path / "pyrightconfig.json").write_text("{}")
    command = ["node", node_packages / "node_modules/pyright/index.js", "--pythonpath", sys.executable, "user.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert all(f'"{name}" is' in said for name in ("evalaute", "report_no", "load_rulset")), said
    assert "3 errors" in said, said


def test_the_package_says_that_it_is_typed():
    assert (Path(jmrules.__file__).parent / "py.typed").is_file()
