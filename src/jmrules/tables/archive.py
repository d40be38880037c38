"""A workbook is a zip of XML that somebody gave us: what would unpack without end, declare entities, or read other files is refused."""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from jmrules.tables.model import TableError, table_error

if TYPE_CHECKING:
    from pathlib import Path

#: bytes of a workbook unpacked, and parts of it
MAX_UNPACKED = 2 * 1024**3
MAX_PARTS = 20_000
#: bytes unpacked for each one packed, of parts larger than _LARGE; sheets pack to a tenth or a fiftieth
MAX_RATIO = 400
_LARGE = 16 * 1024**2
_PIECE = 1 << 16
#: where the text of an XML part begins: after this nothing can be declared
_ROOT = re.compile(rb"<[A-Za-z]")


def check_archive(file: Path) -> None:
    """Refuse a workbook that is no honest one; raises TableError. What is no zip is left to what reads it."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            packed = any(
                part.file_size > _LARGE and part.file_size > MAX_RATIO * max(1, part.compress_size) for part in parts
            )
            if total > MAX_UNPACKED or len(parts) > MAX_PARTS or packed:
                raise _refused(file, "unpacks-without-end", "展开后过大，不像正常的工作簿", "it unpacks to far more than a workbook holds",
                               "请在 Excel 或 WPS 中只保留需要的内容，另存为 .xlsx", "keep what is needed, and save it as .xlsx")  # fmt: skip
            for part in parts:
                name = part.filename.lower()
                if "externallinks/" in name:
                    raise _refused(file, "other-files", "含有指向其他文件的链接，数值可能来自别处", "it links to other files: its figures may come from elsewhere",
                                   "请在“数据—编辑链接”中断开链接，另存为 .xlsx", "break the links (Data, Edit Links), and save it as .xlsx")  # fmt: skip
                if name.endswith((".xml", ".rels")) and _declares(archive, part):
                    raise _refused(file, "declares-entities", f"其中的 {part.filename} 自行声明了实体或类型", f"its part {part.filename} declares a document type or entities",
                                   "请在 Excel 或 WPS 中打开后另存为 .xlsx", "open it in Excel or WPS, and save it as .xlsx")  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        return
    except OSError as error:
        # A damaged directory of parts points outside the file; what cannot be opened at all is another matter.
        if error.errno != errno.EINVAL:
            raise


def _refused(file: Path, code: str, zh: str, en: str, todo_zh: str, todo_en: str) -> TableError:
    return table_error(code, f"不读这份工作簿：{zh}", f"this workbook is not read: {en}", (todo_zh, todo_en), file)


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether an XML part declares a document type; one that is not in a common encoding counts as one that does."""
    head = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            head += piece
            if b"\x00" in head[:64]:
                return True
            root = _ROOT.search(head)
            declared = head.find(b"<!DOCTYPE", 0, root.start() if root else len(head))
            if declared >= 0 or root or len(head) > 16 * _PIECE:
                return declared >= 0 or root is None
    return False
