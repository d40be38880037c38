"""Read a JSON text into Python values: numbers exact, nothing doubtful let through, every problem with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from numbers import Integral
from pathlib import Path
from typing import Any, NoReturn

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.documents.positions import Positions, escape, line_starts, locate
from jmrules.documents.slips import syntax_problem
from jmrules.documents.writer import pretty
from jmrules.errors import DocumentError, Place, Problem, Text
from jmrules.frozen import FrozenDict, FrozenList, frozen_value
from jmrules.memo import Keeper, kept
from jmrules.quantities import decimal_of

#: Bytes of a document; beyond it, what is meant is a table, not a document.
MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
MAX_DIGITS = 34
MAX_EXPONENT = 6144

_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@frozen(eq=False)
class Document(Keeper):
    """A JSON text and its value; places are found when a problem asks for them."""

    #: it cannot be changed
    value: Any = field(converter=frozen_value)
    text: str = field(repr=False)
    file: str | None = None

    def __repr__(self) -> str:
        return brief(self, self.file or "no file", f"{len(self.text)} characters")

    def place(self, pointer: str, *, of_key: bool = False, within: int | None = None) -> Place:
        """The place of the value (or the member name) at ``pointer``.

        ``within`` is an offset into a string value; it is followed into the text where the string has no escapes.
        """
        positions = _positions(self)
        offset = positions.keys.get(pointer) if of_key else None
        if offset is None:
            offset = positions.values.get(pointer)
        if offset is None:
            return Place(self.file, pointer or None)
        if within is not None and self.text[offset] == '"':
            end = self.text.find('"', offset + 1)
            offset = offset + 1 + within if "\\" not in self.text[offset:end] else offset
        line, column = positions.line_column(offset)
        return Place(self.file, pointer or None, line, column)


@kept
def _positions(document: Document) -> Positions:
    return locate(document.text)


def read(path: str | Path) -> Document:
    """Read the JSON file at ``path`` (UTF-8, with or without a byte order mark).

    Raises:
        DocumentError: it cannot be read, is not UTF-8, or is not JSON; every problem that can be told at once.
    """
    return parse(decoded(read_bytes(path), str(path)), str(path))


def read_bytes(path: str | Path) -> bytes:
    """The bytes of the file at ``path``.

    Raises:
        DocumentError: it cannot be read, or is too large.
    """
    file = str(path)
    try:
        if Path(path).is_dir():
            _fail(
                "is-directory",
                file,
                "这是文件夹，不是文件",
                "this is a folder, not a file",
                "请给出其中一个 JSON 文件",
                "name a JSON file in it",
            )
        with Path(path).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _fail(
            "no-such-file",
            file,
            "没有这个文件",
            "there is no such file",
            "请检查路径和文件名",
            "check the path and the name",
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _fail(
            "unreadable-file",
            file,
            f"无法读取：{reason}",
            f"cannot be read: {reason}",
            "请检查路径和权限",
            "check the path and its permissions",
        )
    if len(raw) > MAX_BYTES:
        _fail(
            "too-large",
            file,
            "文件超过 64 MiB",
            "the file is larger than 64 MiB",
            "大批数据请用表格文件",
            "put many departments into a table file",
        )
    return raw


def decoded(raw: bytes, file: str) -> str:
    """The text of the bytes of a file; raises DocumentError where they are not UTF-8."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(_not_utf_8(raw, error.start, file)) from None
    if "\0" in text[:4]:
        raise DocumentError(_not_utf_8(raw, 0, file))
    return text


def _not_utf_8(raw: bytes, offset: int, file: str) -> Problem:
    """That a text is in another encoding; which, where the bytes tell."""
    hint = Text("请在编辑器中另存为 UTF-8 编码", "save the file as UTF-8 in your editor")
    if b"\0" in raw[:4] or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = Text("文件是 UTF-16 编码，不是 UTF-8", "the file is UTF-16, not UTF-8")
        return Problem("not-utf-8", message, hint, Place(file))
    zh, en = f"第 {offset + 1} 个字节不是 UTF-8 编码", f"byte {offset + 1} is not UTF-8"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        pass
    else:
        zh, en = f"{zh}，文件可能是 GBK（GB18030）编码", f"{en}; the file may be GBK (GB18030)"
    return Problem("not-utf-8", Text(zh, en), hint, Place(file, None, raw.count(b"\n", 0, offset) + 1))


def _fail(code: str, file: str | None, zh: str, en: str, hint_zh: str, hint_en: str) -> NoReturn:
    raise DocumentError(Problem(code, Text(zh, en), Text(hint_zh, hint_en), Place(file)))


def parse(text: str, file: str | None = None) -> Document:
    """Parse a JSON text: integers as int, other numbers as Decimal, exactly.

    Raises:
        DocumentError: not JSON, nested deeper than 100, a member twice, a number that is not one or that has
            more than 34 digits or an exponent beyond 6144, or half of a surrogate pair.
    """
    # an editor's mark at the beginning of a text says nothing
    text = text.removeprefix("\ufeff")
    if not text.strip():
        _fail(
            "empty-document",
            file,
            "文件是空的",
            "the file is empty",
            "请写入一个 JSON 对象",
            "write a JSON object into it",
        )
    doubtful: list[str] = []
    # how deep the objects so far are nested, innermost first
    heights: dict[int, int] = {}

    def number(token: str) -> int | Decimal:
        value = _number(token)
        if value is None:
            doubtful.append(token)
            return 0
        return value

    def integer(token: str) -> int | Decimal:
        return int(token) if len(token) <= MAX_DIGITS else number(token)

    def constant(token: str) -> int:
        doubtful.append(token)
        return 0

    def items(value: list[Any]) -> tuple[FrozenList, int]:
        height = 0
        for index, item in enumerate(value):
            if type(item) is list:
                value[index], above = items(item)
                height = max(height, above)
            elif type(item) is FrozenDict:
                height = max(height, heights[id(item)])
        return FrozenList(value), height + 1

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = FrozenDict(pairs)
        if len(result) != len(pairs):
            doubtful.append("")
        height = 0
        for name, item in pairs:
            if type(item) is list:
                made, above = items(item)
                dict.__setitem__(result, name, made)
                height = max(height, above)
            elif type(item) is FrozenDict:
                height = max(height, heights[id(item)])
        heights[id(result)] = height + 1
        return result

    try:
        value = json.loads(
            text, parse_float=number, parse_int=integer, parse_constant=constant, object_pairs_hook=members
        )
        height = heights.get(id(value), 0)
        if type(value) is list:
            value, height = items(value)
    except json.JSONDecodeError as error:
        # the nearer of the two: what comes before a slip may already be nested too deep
        _check_depth(text, file)
        raise DocumentError(syntax_problem(error, file)) from None
    except RecursionError:
        height = MAX_DEPTH + 1
    if height > MAX_DEPTH:
        _check_depth(text, file)
    problems = _doubtful_problems(text, file) if doubtful else []
    if _SURROGATE.search(text):
        problems += _surrogate_problems(value, Document(value, text, file))
    if problems:
        raise DocumentError(problems)
    return Document(value, text, file)


def document_of(value: Any) -> Document:
    """A document for a Python value that came without a text; a float in it means its shortest decimal.

    Raises:
        DocumentError: the value has no JSON form, or is nested deeper than 100.
    """
    exact = _exact(value, "")
    return Document(exact, pretty(exact))


def _exact(value: Any, pointer: str) -> Any:
    if pointer.count("/") > MAX_DEPTH:
        message = Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
        raise DocumentError(
            Problem("nested-too-deep", message, Text("请减少嵌套", "flatten the value"), Place(None, pointer))
        )
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise _no_form(
                    Text(f"成员名应为文字，而不是 {name!r:.40}", f"a member name must be text, not {name!r:.40}"),
                    pointer,
                )
        return {_text(name, pointer): _exact(item, f"{pointer}/{escape(name)}") for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item, f"{pointer}/{index}") for index, item in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    if type(value).__module__ == "numpy" and isinstance(getattr(value, "item", bool)(), bool):
        return bool(value)
    if isinstance(value, str):
        return _text(value, pointer)
    number = decimal_of(value)
    if number is None:
        shown = type(value).__name__
        raise _no_form(Text(f"{shown} 值不能写成精确的 JSON", f"this {shown} has no exact JSON form"), pointer)
    if not number.is_finite():
        raise _no_form(Text(f"{number} 不是数", f"{number} is not a number"), pointer)
    if not _in_range(number):
        raise _no_form(_beyond(f"{number:.3e}"), pointer)
    return int(number) if isinstance(value, Integral) else number


def _text(value: str, pointer: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise DocumentError(_lone_surrogate(Place(None, pointer or None)))
    # a plain str, whatever class it came in
    return str.__str__(value)


def _no_form(message: Text, pointer: str) -> DocumentError:
    hint = Text("请使用 JSON 的类型和有限的数", "use JSON types and finite numbers")
    return DocumentError(Problem("no-json-form", message, hint, Place(None, pointer or None)))


def _beyond(shown: str) -> Text:
    return Text(
        f"数 {shown} 超出可精确表示的范围（34 位有效数字，指数不超过 6144）",
        f"the number {shown} is beyond exact range (34 significant digits, exponent up to 6144)",
    )


def _lone_surrogate(place: Place) -> Problem:
    return Problem(
        "lone-surrogate",
        Text("字符串含有不成对的代理字符", "a string holds half of a surrogate pair"),
        Text("请写出完整的字符", "write the whole character"),
        place,
    )


def _check_depth(text: str, file: str | None) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        token = match.group()
        if token in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line, column = _line_column(text, match.start())
                raise DocumentError(
                    Problem(
                        "nested-too-deep",
                        Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels"),
                        Text("请减少嵌套", "flatten the document"),
                        Place(file, None, line, column),
                    )
                )
        elif token in "]}":
            depth -= 1


def _line_column(text: str, offset: int) -> tuple[int, int]:
    starts = line_starts(text[:offset])
    return len(starts), offset - starts[-1] + 1


def _doubtful_problems(text: str, file: str | None) -> list[Problem]:
    document, positions = Document(None, text, file), locate(text)
    problems = []
    for pointer, offset in positions.duplicates:
        line, column = positions.line_column(offset)
        name = pointer.rsplit("/", 1)[1]
        problems.append(
            Problem(
                "duplicate-member",
                Text(f"成员“{name}”在同一对象中出现了两次", f"the member {name!r} stands twice in one object"),
                Text("请只保留一个", "keep one of them"),
                Place(file, pointer, line, column),
            )
        )
    for pointer, _, token in positions.numbers:
        shown = token if len(token) <= 40 else f"{token[:37]}…"
        if token.lstrip("-") in ("NaN", "Infinity"):
            message = Text(f"{shown} 不是数", f"{shown} is not a number")
        elif token[0] in "-0123456789" and _number(token) is None:
            message = _beyond(shown)
        else:
            continue
        problems.append(
            Problem("bad-number", message, Text("请写实际数值", "write the actual figure"), document.place(pointer))
        )
    return problems


def _number(token: str) -> Decimal | None:
    """The number that a numeral stands for; None where it is beyond exact range."""
    if len(token) <= MAX_DIGITS and token[-1].isdecimal() and "e" not in token and "E" not in token:
        return Decimal(token)
    try:
        value = Decimal(token)
    except InvalidOperation:
        # the exponent is more than any Decimal has
        return None
    return value if _in_range(value) else None


def _in_range(value: Decimal) -> bool:
    return value.is_finite() and len(value.as_tuple().digits) <= MAX_DIGITS and abs(value.adjusted()) <= MAX_EXPONENT


def _surrogate_problems(value: Any, document: Document) -> list[Problem]:
    problems = []
    waiting = [("", value)]
    while waiting:
        pointer, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [(f"{pointer}/{name}", part) for name, part in item.items()]
            item = "".join(item)
        elif isinstance(item, list):
            waiting += [(f"{pointer}/{index}", part) for index, part in enumerate(item)]
        if isinstance(item, str) and any("\ud800" <= char <= "\udfff" for char in item):
            problems.append(_lone_surrogate(document.place(pointer)))
    return problems
