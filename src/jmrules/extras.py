"""What is installed beside the core: an extra that is missing is told in one sentence where it is first needed."""

from __future__ import annotations

from importlib.util import find_spec

from jmrules.errors import JmrulesError, Problem, Text


def check_installed(extra: str = "batch", modules: tuple[str, ...] = ("pyarrow", "numpy")) -> None:
    """Raise JmrulesError where a package of an extra is not installed, saying what to install."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise JmrulesError(
            Problem(
                "needs-extra",
                Text(f"这里需要 {'、'.join(missing)}", f"this needs {', '.join(missing)}"),
                Text(f'pip install "jmrules[{extra}]"', f'pip install "jmrules[{extra}]"'),
            )
        )
