"""Files of departments in, files of scores out: in bounded memory, restartable, whole or not at all."""

from jmrules.extras import check_installed

# before what needs the extras is imported, so that a missing one is named
check_installed()

from jmrules.batch.chunks import empty_facts, facts_of, names_read  # noqa: E402
from jmrules.batch.errors import keep_apart, writing  # noqa: E402
from jmrules.batch.keys import refused_keys  # noqa: E402
from jmrules.batch.lists import as_text, spread_all  # noqa: E402
from jmrules.batch.mapping import Columns, mapped, mapped_for, open_departments  # noqa: E402
from jmrules.batch.report import explain_plan  # noqa: E402
from jmrules.batch.rows import facts_of_row  # noqa: E402
from jmrules.batch.run import Job, run  # noqa: E402
from jmrules.batch.sources import Source, row_numbers, tables  # noqa: E402
from jmrules.batch.summary import Summary, summarise  # noqa: E402
from jmrules.batch.table import Scores, evaluate_columns, exact_sum  # noqa: E402
from jmrules.batch.text import typed  # noqa: E402

__all__ = [
    "Columns",
    "Job",
    "Scores",
    "Source",
    "Summary",
    "as_text",
    "empty_facts",
    "evaluate_columns",
    "exact_sum",
    "explain_plan",
    "facts_of",
    "facts_of_row",
    "keep_apart",
    "mapped",
    "mapped_for",
    "names_read",
    "open_departments",
    "refused_keys",
    "row_numbers",
    "run",
    "spread_all",
    "summarise",
    "tables",
    "typed",
    "writing",
]
