"""What a text that is not JSON does instead: the slip by its name, and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmrules.documents.positions import line_starts
from jmrules.errors import Place, Problem, Text

if TYPE_CHECKING:
    import json

_SYNTAX = {
    "Expecting value": ("此处应有一个值", "a value is expected here"),
    "Expecting property name": ("此处应有双引号括起的成员名", "a member name in double quotes is expected here"),
    "Expecting ':'": ("成员名之后缺少冒号", "a colon is missing after the member name"),
    "Expecting ','": ("此处缺少逗号，或括号未闭合", "a comma is missing here, or a bracket is not closed"),
    "Unterminated string": ("字符串没有结束的双引号", "a string is not closed by a double quote"),
    "Invalid control character": ("字符串内有未转义的控制字符", "a string holds an unescaped control character"),
    "Invalid \\": ("字符串内有不合法的转义", "a string holds an escape that JSON does not know"),
    "Extra data": ("文档结束之后还有内容", "there is more text after the end of the document"),
    "Illegal trailing comma": ("最后一项之后不能有逗号", "no comma may follow the last item"),
}

#: what an input method for Chinese types, and the sign that is meant
FULL_WIDTH = {
    **dict.fromkeys("“”„‟＂「」『』", '"'),
    **dict.fromkeys("‘’＇", "'"),
    **dict.fromkeys("，、；", ","),
    **dict.fromkeys("：﹕", ":"),
    **dict.fromkeys("【［〔", "["),
    **dict.fromkeys("】］〕", "]"),
    **dict.fromkeys("。．", "."),
    **dict.fromkeys("－−–—", "-"),
    "｛": "{",
    "｝": "}",
    "＋": "+",
    "％": "%",
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
}
_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u200b\u202f\u205f\u3000\ufeff"

#: a word or sign where the text ceases to be JSON, what is said of it, and what to write
_WORDS = (
    (re.compile(r"//|/\*|#"), ("JSON 没有注释", "JSON has no comments"), ("请删去注释", "take the comment out")),
    (
        re.compile(r"'"),
        ("字符串用单引号括起", "a string stands in single quotes"),
        ('请用双引号 "…"', 'use double quotes "…"'),
    ),
    (
        re.compile(r"(True|False|None|TRUE|FALSE|NULL|Null|undefined|nil)\b"),
        ("{} 不是 JSON 的值", "{} is no value of JSON"),
        ("请写 true、false 或 null", "write true, false or null"),
    ),
    (
        re.compile(r"[+-]?\.\d+|\+\d[\d.]*"),
        ("数写作 {}，不合 JSON 的写法", "the number is written {}, as JSON does not write it"),
        ("小数点前写 0，正数不写加号", "write a 0 before the decimal point, and no plus sign"),
    ),
    (
        re.compile(r"%"),
        ("数后有百分号", "a per cent sign follows a number"),
        (
            '请写小数（98% 写作 0.98），或写明单位：{{"value": 98, "unit": "%"}}',
            'write a decimal (98% is 0.98), or name the unit: {{"value": 98, "unit": "%"}}',
        ),
    ),
    (
        re.compile(r"[^\W\d]\w*(?=\s*[:：])"),
        ("成员名 {} 没有用双引号括起", "the member name {} stands without double quotes"),
        ('请写作 "{}"', 'write "{}"'),
    ),
)
_AFTER_DIGITS = (
    (
        re.compile(r"(?<![\w.])-?\d{1,3}(?:,\d{3})*,$"),
        re.compile(r"\d{3}\b"),
        ("数中有千位分隔逗号", "commas separate the thousands of a number"),
        ("请去掉数中的逗号", "leave the commas of numbers out"),
    ),
    (
        re.compile(r"(?<![\w.])-?0$"),
        re.compile(r"\d"),
        ("数以多余的 0 开头", "a number begins with a 0 too many"),
        ("编号请用双引号括起，数请去掉开头的 0", "put a code in double quotes; a number begins with no 0"),
    ),
    (
        re.compile(r"(?<![\w.])-?\d+$"),
        re.compile(r"\.(?!\d)"),
        ("小数点后没有数字", "no digit follows the decimal point"),
        ("请去掉小数点或写全", "leave the point out, or write its digits"),
    ),
)
_MEND = Text("请改正此处后重试", "mend this place and try again")


def syntax_problem(error: json.JSONDecodeError, file: str | None) -> Problem:
    """The problem of a text that is not JSON, with the slip that it is where the text shows it."""
    offset, words, hint = _slip(error)
    starts = line_starts(error.doc[:offset])
    message = Text(f"JSON 语法错误：{words.zh}", f"JSON syntax: {words.en}")
    return Problem("json-syntax", message, hint, Place(file, None, len(starts), offset - starts[-1] + 1))


def _slip(error: json.JSONDecodeError) -> tuple[int, Text, Text]:
    """Where the slip is, what it is, and what to write."""
    text, offset = error.doc, error.pos
    if error.msg.startswith("Illegal trailing comma"):
        offset += 1  # Python 3.13 says so at the comma, others at what follows it
    if "string" not in error.msg and "control" not in error.msg and "escape" not in error.msg.lower():
        while offset < len(text) and text[offset] in " \t\r\n":
            offset += 1
        # a quotation mark of Chinese ended a string that JSON read on
        before = re.search(r'"[^"\n]*?(”)[\s，,：:}\]][^"\n]*"\s*$', text[max(0, offset - 2000) : offset])
        if before is not None:
            closing = max(0, offset - 2000) + before.start(1)
            return closing, *_full_width("”")
        if (found := _named(text, offset)) is not None:
            return offset, *found
    elif error.msg.startswith("Unterminated") and (
        mark := re.compile(r"[”“](?=\s*[，,：:}\]\n])").search(text, offset)
    ):
        return mark.start(), *_full_width(mark.group())
    elif error.msg.startswith("Invalid \\"):
        hint = Text(r"反斜杠本身写作 \\，路径也可用 /", r"a backslash itself is written \\; a path may use /")
        return offset, Text(*_SYNTAX["Invalid \\"]), hint
    words = next((words for start, words in _SYNTAX.items() if error.msg.startswith(start)), None)
    return error.pos, Text(*words or ("不符合 JSON 语法", "this is not JSON")), _MEND


def _named(text: str, offset: int) -> tuple[Text, Text] | None:
    """What stands at ``offset`` in place of JSON, and what to write; None where it is nothing that is known."""
    sign = text[offset : offset + 1]
    if not sign:
        return None
    if sign in "]}" and text[:offset].rstrip().endswith(","):
        return Text(*_SYNTAX["Illegal trailing comma"]), Text("请删去这个逗号", "take this comma out")
    if sign in FULL_WIDTH:
        return _full_width(sign)
    if sign in _BLANKS or (not sign.isprintable() and sign not in "\t\r\n"):
        shown = f"U+{ord(sign):04X}"
        return (
            Text(f"此处有看不见的字符 {shown}", f"an invisible character {shown} stands here"),
            Text("请删去它，空白用普通空格", "take it out; a blank is a plain space"),
        )
    for before, after, words, hint in _AFTER_DIGITS:
        if after.match(text, offset) and before.search(text[max(0, offset - 40) : offset].rstrip()):
            return Text(*words), Text(*hint)
    for pattern, words, hint in _WORDS:
        if (match := pattern.match(text, offset)) is not None:
            found = match.group()[:40]
            return Text(*(each.format(found) for each in words)), Text(*(each.format(found) for each in hint))
    return None


def _full_width(sign: str) -> tuple[Text, Text]:
    meant = FULL_WIDTH[sign]
    return (
        Text(f"此处的 {sign} 是中文（全角）符号", f"the full-width {sign} stands here"),
        Text(f"请改为半角的 {meant}", f"write {meant}"),
    )
