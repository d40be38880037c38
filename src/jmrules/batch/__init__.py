"""Files of departments in, files of scores out: in bounded memory, restartable, whole or not at all."""

from jmrules.batch.needs import check_installed

# before what needs the extras is imported, so that a missing one is named
check_installed()

from jmrules.batch.run import Job, run  # noqa: E402
from jmrules.batch.summary import Summary, summarise  # noqa: E402

__all__ = ["Job", "Summary", "run", "summarise"]
