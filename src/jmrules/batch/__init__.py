"""Files of departments in, files of scores out: in bounded memory, restartable, whole or not at all."""

from jmrules.batch.run import Job, run
from jmrules.batch.summary import Summary, summarise

__all__ = ["Job", "Summary", "run", "summarise"]
