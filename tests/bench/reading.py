"""How well reports are read: figures, planted errors and false alarms over tests/read/reports, in every kind of file; and how long it takes."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "read"))
from reports import WRITERS, every

from jmrules.read import audit, read_paper


def main() -> None:
    """Print a table: kind of file, figures due and read, errors planted and found, matters that are none."""
    print(f"{'file':8}{'figures':>9}{'read':>7}{'wrong':>7}{'planted':>9}{'found':>7}{'false':>7}{'ms a report':>13}")
    for ending, write in WRITERS.items():
        due = read = wrong = planted = found = false = 0
        took = 0.0
        with tempfile.TemporaryDirectory() as folder:
            reports = every()
            for report in reports:
                path = write(report, Path(folder) / f"{report.name}{ending}")
                start = perf_counter()
                result = audit(read_paper(path))
                took += perf_counter() - start
                have = Counter((each.value, each.unit, each.between is not None) for each in result.reading.figures)
                want = Counter((each.value, each.unit, each.about) for each in report.figures)
                due += want.total()
                read += (want & have).total()
                wrong += (have - want).total()
                told = [(each.status, each.label.zh) for each in result.matters if each.status != "agrees"]
                planted += len(report.matters)
                found += sum(
                    any(status == each and words in label for each, label in told) for status, words in report.matters
                )
                false += sum(
                    not any(each == status and words in label for status, words in report.matters)
                    for each, label in told
                )
        row = f"{ending:8}{due:9}{read:7}{wrong:7}{planted:9}{found:7}{false:7}"
        print(f"{row}{took / len(reports) * 1000:13.1f}")


if __name__ == "__main__":
    main()
