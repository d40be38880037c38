"""The log file: one JSON document a line, only ever appended to, on disk before it is acknowledged.

A process can be killed, or a disk fill up, in the middle of a line. Such a torn line was never acknowledged; it stays where it is, is told, and
the next line starts afresh.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import document_of, parse, pretty, write_whole
from jmrules.errors import DocumentError, Place, Problem, Text
from jmrules.monitor.events import MonitorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from jmrules.documents import Document

#: bytes of a line
MAX_LINE = 16 * 1024 * 1024


@frozen(eq=False)
class Line:
    """A line of the log: its number from 1, and its document or what is wrong with it."""

    number: int
    document: Document | None
    problems: tuple[Problem, ...] = ()

    def at(self, problems: tuple[Problem, ...], file: str) -> tuple[Problem, ...]:
        """Problems of the line's document, placed in the file."""
        return tuple(
            problem.at(Place(file, problem.place.pointer, self.number, problem.place.column)) for problem in problems
        )


class Log:
    """A log, read as far as it goes; with ``writing`` it can be appended to, by one process at a time.

    Raises:
        MonitorError: the file is not there, cannot be read, or another process appends to it.
    """

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self.file = str(path)
        #: file descriptor to append with; None where the log is only read
        self._append_to: int | None = None
        try:
            self._stream: BinaryIO = path.open("rb")
            if writing:
                self._append_to = os.open(path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            raise MonitorError(_unusable(self.file, error)) from None
        if self._append_to is not None:
            _lock(self._append_to, self)
        self._read_to = 0
        self._lines = 0
        #: the bytes after the last line break
        self.tail = b""

    def read(self) -> Iterator[Line]:
        """The lines that were added since the last reading; what has no line break yet stays for later."""
        self._stream.seek(0, os.SEEK_END)
        if self._stream.tell() < self._read_to:
            raise MonitorError(_shrunk(self.file))
        self._stream.seek(self._read_to)
        while True:
            raw = self._stream.readline(MAX_LINE + 1)
            if not raw.endswith(b"\n") and len(raw) <= MAX_LINE:
                self.tail = raw
                return
            self._read_to += len(raw)
            self._lines += 1
            if raw.strip():
                yield self._line(raw)

    def _line(self, raw: bytes) -> Line:
        number = self._lines
        try:
            document = parse(raw.decode("utf-8-sig" if number == 1 else "utf-8"), self.file)
        except (UnicodeDecodeError, DocumentError) as error:
            reason = (
                error.problems[0].message if isinstance(error, DocumentError) else Text("不是 UTF-8 编码", "not UTF-8")
            )
            return Line(number, None, (_torn(Place(self.file, None, number), reason),))
        return Line(number, document)

    def append(self, value: Mapping[str, Any]) -> None:
        """Add a line; when this returns, it is on disk. A line torn off before must have been mended.

        Raises:
            MonitorError: it could not be written.
        """
        self._write((pretty(document_of(value).value, width=1 << 62) + "\n").encode())

    def mend(self) -> None:
        """End a last line that was torn off: if it lacked nothing else, it is an event; else it will be told, and left out.

        Raises:
            MonitorError: it could not be written.
        """
        if self.tail:
            self._write(b"\n")

    def _write(self, raw: bytes) -> None:
        assert self._append_to is not None, "the log was opened for reading"
        try:
            while raw:
                raw = raw[os.write(self._append_to, raw) :]
            os.fsync(self._append_to)
        except OSError as error:
            raise MonitorError(_unusable(self.file, error)) from None

    def torn(self) -> Problem | None:
        """The problem of a last line without its end, if there is one."""
        if not self.tail:
            return None
        return _torn(Place(self.file, None, self._lines + 1), Text("没有写完", "it was not finished"))

    def close(self) -> None:
        """Let others append."""
        self._stream.close()
        if self._append_to is not None:
            os.close(self._append_to)
            self._append_to = None


def create(path: Path, head: Mapping[str, Any]) -> None:
    """A new log with its first line, whole or not at all.

    Raises:
        MonitorError: there is such a file already, or it cannot be written.
    """
    if path.exists():
        raise MonitorError(
            Problem(
                "log-exists",
                Text("已有这个文件", "there is such a file already"),
                Text(
                    "请换一个文件名；已有的日志可直接接着用",
                    "choose another name; a log that is there can be gone on with",
                ),
                Place(str(path)),
            )
        )
    try:
        write_whole(path, pretty(document_of(head).value, width=1 << 62) + "\n")
    except OSError as error:
        raise MonitorError(_unusable(str(path), error)) from None


def _lock(descriptor: int, log: Log) -> None:
    try:
        import fcntl
    except ImportError:
        # Not on this system; two writers must then be kept apart by who starts them.
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        log.close()
        raise MonitorError(
            Problem(
                "log-in-use",
                Text("另一个进程正在写这个日志", "another process is appending to this log"),
                Text("请等它结束；只看不写不受影响", "wait until it ends; reading is possible meanwhile"),
                Place(log.file),
            )
        ) from None


def _torn(place: Place, reason: Text) -> Problem:
    return Problem(
        "torn-line",
        Text(f"这一行无法读取，已略过：{reason.zh}", f"this line cannot be read and is left out: {reason.say('en')}"),
        Text(
            "若写入时中断，它未被确认，请重新填报；其余各行不受影响",
            "if writing was interrupted it was never acknowledged: report it again; other lines are unaffected",
        ),
        place,
    )


def _unusable(file: str, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(
        "unusable-log",
        Text(f"日志无法使用：{reason}", f"the log cannot be used: {reason}"),
        Text(
            "请检查路径、权限和磁盘空间；新日志用 --start 建立",
            "check the path, its permissions and the disk; a new log is made by --start",
        ),
        Place(file),
    )


def _shrunk(file: str) -> Problem:
    return Problem(
        "log-shrunk",
        Text(
            "日志变短了：有内容被删去或文件被替换",
            "the log has become shorter: something was removed, or the file replaced",
        ),
        Text("日志只能追加；请恢复原文件后重新开始", "a log is only appended to: restore it and start again"),
        Place(file),
    )
