"""A Word file that somebody gave us: what would unpack without end, declare entities, or read other files is refused."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from jmrules.documents import read_bytes
from jmrules.errors import JmrulesError, Place, Problem, Text

if TYPE_CHECKING:
    from typing import NoReturn

#: bytes of a template unpacked, of one part of it, and how many parts
MAX_UNPACKED, MAX_PART, MAX_PARTS = 64 * 1024**2, 16 * 1024**2, 2000
_RELATION = re.compile(rb"<Relationship\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)


def check_word(path: str | Path) -> None:
    """Refuse a Word file that is no honest one.

    Raises:
        DocumentError: it cannot be read.
        JmrulesError: it is no Word file, or one that is not opened, and why.
    """
    read_bytes(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, str(path))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        _refuse(str(path), "not-word", "这不是 Word 文件", "this is no Word file", "请另存为 .docx", "save it as .docx")


def _check(archive: zipfile.ZipFile, file: str) -> None:
    parts = archive.infolist()
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(part.file_size > MAX_PART for part in parts)
    ):
        _refuse(file, "unpacks-without-end", "展开后过大，不像正常的模板", "it unpacks to far more than a template holds",
                "请在 Word 或 WPS 中只保留需要的内容，另存为 .docx", "keep what is needed, and save it as .docx")  # fmt: skip
    if not any(part.filename == "word/document.xml" for part in parts):
        _refuse(file, "not-word", "这不是 Word 文件", "this is no Word file", "请另存为 .docx", "save it as .docx")
    for part in parts:
        name = part.filename.lower()
        if name.endswith("vbaproject.bin"):
            _refuse(
                file,
                "has-macros",
                "含有宏",
                "it holds macros",
                "请另存为不含宏的 .docx",
                "save it as .docx, without macros",
            )
        if not name.endswith((".xml", ".rels")):
            continue
        text = archive.read(part)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text[:64]:
            _refuse(file, "declares-entities", f"其中的 {part.filename} 自行声明了实体或类型", f"its part {part.filename} declares a document type or entities",
                    "请在 Word 或 WPS 中打开后另存为 .docx", "open it in Word or WPS, and save it as .docx")  # fmt: skip
        if name.endswith(".rels"):
            for relation in _RELATION.findall(text):
                if _OUTSIDE.search(relation) and not _LINK.search(relation):
                    _refuse(file, "other-files", "含有指向其他文件的链接（图片、对象或模板）", "it links to other files (pictures, objects, a template)",
                            "请把图片嵌入，断开链接，另存为 .docx", "embed the pictures, break the links, and save it as .docx")  # fmt: skip


def _refuse(file: str, code: str, zh: str, en: str, todo_zh: str, todo_en: str) -> NoReturn:
    message = Text(f"不用这份模板：{zh}", f"this template is not used: {en}")
    raise JmrulesError(Problem(code, message, Text(todo_zh, todo_en), Place(file)))
