"""What can go wrong with the files of a batch."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from jmrules.errors import JmrulesError, Place, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class BatchError(JmrulesError):
    """A batch that cannot be run, or that had to stop."""


def batch_error(
    code: str, zh: str, en: str, hint: tuple[str, str] | None = None, file: Path | None = None
) -> BatchError:
    """A single problem of a file."""
    return BatchError(
        Problem(code, Text(zh, en), None if hint is None else Text(*hint), Place(None if file is None else str(file)))
    )


def keep_apart(read: Iterable[Path], written: Iterable[Path]) -> None:
    """Raise BatchError for files that would be written over what is read, or over each other; all of them."""
    taken = {path.resolve() for path in read}
    problems = []
    for path in written:
        if path.resolve() in taken:
            message = Text("结果会盖掉输入文件或另一个结果", "this result would overwrite an input or another result")
            hint = Text("请换一个文件名", "name another file")
            problems.append(Problem("overwrites", message, hint, Place(str(path))))
        taken.add(path.resolve())
    if problems:
        raise BatchError(problems)


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is read into a BatchError."""
    try:
        yield
    except FileNotFoundError:
        raise batch_error("no-such-file", "没有这个文件", "there is no such file", file=file) from None
    except (pa.ArrowInvalid, pa.ArrowIOError, pa.ArrowException, EOFError) as error:
        first = str(error).splitlines()[0][:200]
        raise batch_error(
            "unreadable-file",
            f"文件损坏、不完整或不是所写的格式：{first}",
            f"the file is damaged, cut short or not of the format its name says: {first}",
            ("请重新导出该文件", "export the file again"),
            file,
        ) from None
    except OSError as error:
        raise batch_error(
            "unreadable-file",
            f"读不了这个文件：{error.strerror or error}",
            f"the file cannot be read: {error.strerror or error}",
            file=file,
        ) from None


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is written into a BatchError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            raise batch_error(
                "disk-full",
                "磁盘已满，结果没有写成",
                "the disk is full; no result was written",
                (
                    "请腾出空间后重新运行同一命令：已完成的部分会接着用",
                    "free some space and run the same command again: what is done is kept",
                ),
                file,
            ) from None
        raise batch_error(
            "cannot-write",
            f"写不了文件：{error.strerror or error}",
            f"the file cannot be written: {error.strerror or error}",
            file=file,
        ) from None
