"""Run a batch: chunk by chunk into parts on disk, then all of them into one file that appears whole or not at all.

Beside the output stands, while it is being made, a folder ``<output>.parts`` with a manifest of what the parts are made from. A run that
finds one made from the same ruleset, files and options goes on behind its last part; any other is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from attrs import asdict, field, frozen

from jmrules.batch.across import across_file, appended, with_across
from jmrules.batch.chunks import Chunk, Reject, Tally, empty_facts, facts_of, names_read, score_chunk
from jmrules.batch.errors import BatchError, batch_error, keep_apart, writing
from jmrules.batch.keys import refused_keys
from jmrules.batch.lists import spread_all
from jmrules.batch.mapping import Columns
from jmrules.batch.output import assemble, write_rejects
from jmrules.batch.sources import Source, format_of, tables
from jmrules.batch.summary import Summary, merged, summarise
from jmrules.errors import Problem, Text
from jmrules.score.columns import prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.errors import Language
    from jmrules.ruleset import Ruleset

ROWS = 200_000


@frozen
class Job:
    """A batch to run."""

    ruleset: Ruleset = field(repr=False)
    source: Source
    columns: Columns
    output: Path
    language: Language = "zh"
    #: departments that are read, scored and written together
    rows: int = ROWS
    threads: int | None = None
    #: also which rules fire
    findings: bool = False
    #: stop at the first department that cannot be scored
    strict: bool = False
    #: told after every chunk: departments done, and of how many (None: not known)
    progress: Callable[[int, int | None], None] | None = None

    @property
    def parts(self) -> Path:
        """The folder of what is done so far."""
        return self.output.with_name(f"{self.output.name}.parts")

    @property
    def rejects(self) -> Path:
        """The file of the departments that have no score."""
        return self.output.with_name(f"{self.output.stem}.rejects.csv")


def run(job: Job) -> Summary:
    """Run a batch to its end and return its summary.

    Raises:
        BatchError: files that cannot be read or written, orphans; with ``strict``, departments without a score.
        FactsError: columns that are missing or mistyped; all of them.
    """
    format_of(job.output)
    keep_apart(job.columns.files(job.source), (job.output, job.rejects))
    prepared(job.ruleset, with_across(job.ruleset, empty_facts(job.ruleset, job.source, job.columns)))
    _begin(job)
    leaves = len(plan_leaves(job.ruleset))
    tallies: list[Tally] = []
    done = 0
    for number, start, chunk in _chunks(job):
        if chunk is not None:
            if job.strict and chunk.rejects:
                shutil.rmtree(job.parts, ignore_errors=True)
                raise _refused(chunk.rejects[0])
            _write(job, number, chunk)
        tally = _read_back(job, number)
        tallies.append(tally)
        done = start + tally.scored + tally.rejected
        if job.progress:
            job.progress(done, job.source.rows)
    tally = merged(tallies, leaves)
    numbers = range(len(tallies))
    write_rejects(job.rejects, (_rejects(job, number) for number in numbers), tally.rejected, job.language)
    assemble(job.output, [_part(job, number) for number in numbers], tally.totals, _empty(job))
    shutil.rmtree(job.parts, ignore_errors=True)
    return summarise(job.ruleset, tally)


def plan_leaves(ruleset: Ruleset) -> tuple[Any, ...]:
    """The leaves of the ruleset's plan."""
    from jmrules.plan import plan_of

    return plan_of(ruleset).leaves


def _empty(job: Job) -> pa.Schema:
    """The columns of the output, where there is not one department."""
    from jmrules.batch.scores import schema_of

    kept = [(name, pa.string()) for name in job.columns.kept] or [("row", pa.int64())]
    return pa.schema([*kept, *schema_of(job.ruleset, findings=job.findings)])


# ---- parts


def _manifest(job: Job) -> dict[str, Any]:
    from importlib.metadata import version

    def stamp(path: Path) -> list[Any]:
        status = path.stat()
        return [str(path.resolve()), status.st_size, status.st_mtime_ns]

    return {
        "version": version("jmrules"),
        "ruleset": job.ruleset.digest,
        "source": stamp(job.source.path),
        "lists": [
            [table.fact, table.key, dict(table.columns), stamp(table.source.path)] for table in job.columns.lists
        ],
        "facts": dict(job.columns.facts),
        "units": {fact: [each.said, each.wanted] for fact, each in job.columns.reading.items()},
        "table": _where(job.source),
        "kept": list(job.columns.kept),
        "key": job.columns.key,
        "rows": job.rows,
        "language": job.language,
        "findings": job.findings,
    }


def _where(source: Source) -> list[Any]:
    """Where the table stands in its file."""
    layout = source.layout
    return [] if layout is None else [layout.sheet.name, layout.first, layout.last, list(source.names)]


def _begin(job: Job) -> None:
    """Keep the parts of an interrupted run of the same batch, or begin anew."""
    file = job.parts / "manifest.json"
    wanted = _manifest(job)
    try:
        if json.loads(file.read_text("utf-8")) == wanted:
            return
    except (OSError, ValueError):
        pass
    with writing(job.parts):
        shutil.rmtree(job.parts, ignore_errors=True)
        job.parts.mkdir(parents=True)
        spread_all(job.source, job.columns, job.rows, job.parts)
        temporary = file.with_suffix(".tmp")
        temporary.write_text(json.dumps(wanted, ensure_ascii=False), "utf-8")
        os.replace(temporary, file)


def _part(job: Job, number: int) -> Path:
    return job.parts / f"{number:08d}.arrow"


def _chunks(job: Job) -> Iterator[tuple[int, int, Chunk | None]]:
    """Number, first row and result of every chunk; no result where its part is there already."""
    start = 0
    key = job.columns.key
    refused = {} if key is None else refused_keys(job.source, key, job.rows)
    computed = across_file(job.ruleset, job.source, job.columns, job.rows)
    for number, raw in enumerate(tables(job.source, names_read(job.source, job.columns), job.rows)):
        if _part(job, number).exists():
            yield number, start, None
        else:
            facts, problems = facts_of(job.ruleset, raw, job.source, job.columns, job.parts, number, start)
            for row in range(raw.num_rows) if refused else ():
                if start + row in refused:
                    problems.setdefault(row, []).append(refused[start + row])
            facts = appended(facts, computed, start)
            yield number, start, score_chunk(
                job.ruleset, raw, job.columns, facts, problems, start=start, language=job.language, threads=job.threads,
                findings=job.findings,
            )  # fmt: skip
        start += raw.num_rows


def _write(job: Job, number: int, chunk: Chunk) -> None:
    """Write a part; it is there once its last file is, which is renamed into place."""
    part = _part(job, number)
    temporary = part.with_suffix(".tmp")
    with writing(part):
        side = {"tally": asdict(chunk.tally), "rejects": [_plain(reject, job.language) for reject in chunk.rejects]}
        part.with_suffix(".json").write_text(json.dumps(side, ensure_ascii=False), "utf-8")
        with pa.OSFile(str(temporary), "wb") as opened, pa.ipc.new_file(opened, chunk.table.schema) as writer:
            writer.write_table(chunk.table)
        os.replace(temporary, part)


def _plain(reject: Reject, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "row": reject.row, "key": reject.key, "code": problem.code, "place": problem.place.cell or problem.place.pointer or "",
            "message": problem.message.say(language), "hint": problem.hint.say(language) if problem.hint else "",
        }
        for problem in reject.problems
    ]  # fmt: skip


def _side(job: Job, number: int) -> dict[str, Any]:
    side: dict[str, Any] = json.loads(_part(job, number).with_suffix(".json").read_text("utf-8"))
    return side


def _rejects(job: Job, number: int) -> list[dict[str, Any]]:
    return [line for reject in _side(job, number)["rejects"] for line in reject]


def _read_back(job: Job, number: int) -> Tally:
    told = _side(job, number)["tally"]
    return Tally(
        told["scored"], told["rejected"],
        Counter({int(units): count for units, count in told["totals"].items()}),
        Counter({int(grade): count for grade, count in told["grades"].items()}),
        tuple(told["awarded"]), tuple(told["points"]),
        tuple(tuple(each) for each in told["best"]), tuple(tuple(each) for each in told["worst"]),
    )  # fmt: skip


# ---- what stops a batch


def _refused(reject: Reject) -> BatchError:
    named = f"{reject.key}，" if reject.key else ""
    named_en = f"{reject.key}, " if reject.key else ""
    return BatchError(
        Problem(
            problem.code,
            Text(
                f"第 {reject.row} 行（{named}--strict）：{problem.message.zh}",
                f"row {reject.row} ({named_en}--strict): {problem.message.say('en')}",
            ),
            problem.hint,
            problem.place,
        )
        for problem in reject.problems
    )


__all__ = ["ROWS", "Job", "batch_error", "run"]
