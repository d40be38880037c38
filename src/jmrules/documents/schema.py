"""Check a document against its JSON Schema, with every problem at its place and in both languages.

Two packages read the same schema. jsonschema-rs says quickly that a document has no problem; where it does not, jsonschema
finds all problems and explains them, and has the last word. jsonschema takes a Decimal for a number but never for an integer,
and divides it under the thread's own decimal context; both are set right here.
"""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from jmrules.documents.positions import escape, pointer_of
from jmrules.errors import JmrulesError, Problem, Text, did_you_mean
from jmrules.formats import LANGUAGES
from jmrules.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.documents.reader import Document

_TYPES = {
    "object": ("对象", "an object"),
    "array": ("数组", "an array"),
    "string": ("字符串", "a string"),
    "number": ("数", "a number"),
    "integer": ("整数", "a whole number"),
    "boolean": ("true 或 false", "true or false"),
    "null": ("null", "null"),
}
_BOUNDS = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_SIZES = {
    "minLength": ("太短，至少 {0} 个字符", "too short: at least {0} characters"),
    "maxLength": ("太长，至多 {0} 个字符", "too long: at most {0} characters"),
    "minItems": ("项数太少，至少 {0} 项", "too few items: at least {0}"),
    "maxItems": ("项数太多，至多 {0} 项", "too many items: at most {0}"),
    "minProperties": ("成员太少，至少 {0} 个", "too few members: at least {0}"),
}


def _is_integer(_: TypeChecker, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _multiple_of(_: Any, divisor: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    # Exactly, whatever the decimal context: 0.3 is a multiple of 0.1.
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        (top, bottom), (by, over) = Decimal(value).as_integer_ratio(), Decimal(str(divisor)).as_integer_ratio()
        if (top * over) % (bottom * by):
            yield ValidationError(f"{value} is not a multiple of {divisor}")


def _properties(validator: Any, properties: dict[str, Any], value: Any, _: Any) -> Iterator[ValidationError]:
    # jsonschema forgets which member it was that a false schema refuses.
    for name, part in properties.items() if isinstance(value, dict) else ():
        if name in value and part is False:
            yield ValidationError(
                f"{name} is not allowed",
                validator=None,  # type: ignore[arg-type]
                validator_value=None,
                instance=value[name],
                schema=False,
                path=(name,),
                schema_path=(name,),
            )
        elif name in value:
            yield from validator.descend(value[name], part, path=name, schema_path=name)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"properties": _properties, "multipleOf": _multiple_of},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


@cache
def schema_text(name: str) -> str:
    """The text of the schema ``name``: ruleset, facts, trace."""
    return (shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")


@cache
def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())

    def form(name: str, parser: Callable[[str], object], raises: type[Exception]) -> None:
        def holds(value: object) -> bool:
            if isinstance(value, str):
                parser(value)
            return True

        checker.checks(name, raises=raises)(holds)

    if not LANGUAGES:
        raise RuntimeError("import jmrules.feel first: without it nobody checks the expressions of a document")
    for name, parser in LANGUAGES.items():
        form(name, parser, JmrulesError)
    form("date", _iso_date, ValueError)
    return checker


def _iso_date(text: str) -> datetime.date:
    if len(text) != len("2024-12-31"):
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


@cache
def _validator(name: str) -> Any:
    return _Validator(json.loads(schema_text(name), parse_float=Decimal), format_checker=_format_checker())


class _Whole:
    """For jsonschema-rs: an integer is what is written as one; it would take 1.0 too."""

    def __init__(self, *_: object) -> None: ...

    def validate(self, value: object) -> None:
        if type(value) is not int:
            raise ValueError(value)


def _with_whole(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_whole(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: _with_whole(part) for name, part in schema.items()}
    return {**parts, "x-whole": True} if schema.get("type") == "integer" else parts


@cache
def _quick_validator(name: str) -> jsonschema_rs.Validator:
    checker = _format_checker()
    formats: dict[str, Callable[[str], bool]] = {
        form: partial(checker.conforms, format=form) for form in checker.checkers
    }
    return jsonschema_rs.validator_for(
        _with_whole(json.loads(schema_text(name), parse_float=Decimal)),
        formats=formats,
        validate_formats=True,
        keywords={"x-whole": _Whole},
    )


def accepts(value: Any, name: str) -> bool:
    """Whether a JSON value surely has no problem with the schema ``name``; where not, :func:`check` has the last word."""
    try:
        return _quick_validator(name).is_valid(value)
    except ValueError:  # a text that is no text, half of a surrogate pair
        return False


def check(document: Document, name: str) -> list[Problem]:
    """All the problems that ``document`` has with the schema ``name``, in the order of the document."""
    if accepts(document.value, name):
        return []
    problems = [
        problem
        for error in _validator(name).iter_errors(document.value)
        for leaf in _leaves(error)
        for problem in _problems(leaf, document)
    ]
    problems.sort(key=lambda problem: (problem.place.line or 0, problem.place.column or 0))
    return [*dict.fromkeys(_causes(problems))]


def _causes(problems: list[Problem]) -> Iterator[Problem]:
    """The problems, but for those that follow from another: of what is of the wrong type, or names a wrong kind."""
    mistyped = {problem.place.pointer for problem in problems if problem.code == "schema-type"}
    kinds = {problem.place.pointer for problem in problems if problem.code in ("schema-enum", "schema-const")}
    for problem in problems:
        pointer = problem.place.pointer or ""
        owner = pointer.rpartition("/")[0]
        if problem.code != "schema-type" and pointer in mistyped:
            continue
        if problem.code == "unknown-member" and kinds & {f"{owner}/type", f"{owner}/kind"}:
            continue
        yield problem


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    # if/then and $ref nest errors; only what is wrong in the end helps a reader.
    if error.context and error.validator not in ("oneOf", "anyOf"):
        for inner in error.context:
            yield from _leaves(inner)
    else:
        yield error


def _problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    pointer = pointer_of(error.absolute_path)
    keyword, wanted, value = error.validator, error.validator_value, error.instance
    if keyword == "format" and isinstance(error.cause, JmrulesError):
        for inner in error.cause.problems:
            within = None if inner.place.column is None or inner.place.line not in (1, None) else inner.place.column - 1
            yield Problem(inner.code, inner.message, inner.hint, document.place(pointer, within=within))
        return
    if keyword == "additionalProperties" or error.schema is False or "propertyNames" in error.absolute_schema_path:
        yield from _unknown_members(error, document, pointer)
        return
    yield Problem(
        f"schema-{_kebab(str(keyword))}",
        _message(str(keyword), wanted, value),
        _hint(error),
        document.place(pointer),
    )


def _member_names(value: Any) -> list[str]:
    """The member names of an object."""
    return list(value)


def _schema(error: ValidationError) -> dict[str, Any]:
    """The part of the schema that failed; of a false one, nothing."""
    return dict(error.schema) if isinstance(error.schema, dict) else {}


def _kebab(keyword: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in keyword)


def _unknown_members(error: ValidationError, document: Document, pointer: str) -> Iterator[Problem]:
    if "propertyNames" in error.absolute_schema_path:
        name = str(error.instance)
        yield Problem(
            "bad-name",
            Text(f"名称“{_clipped(name)}”不合规", f"{_clipped(name)!r} cannot be a name here"),
            Text(
                "名称用小写英文字母、数字和下划线，以字母开头", "use lower-case letters, digits and _, a letter first"
            ),
            document.place(f"{pointer}/{escape(name)}", of_key=True),
        )
        return
    if error.validator == "additionalProperties":
        known = list(_schema(error).get("properties", ()))
        names = [name for name in _member_names(error.instance) if name not in known]
    else:
        # A member that this kind of object must not have: its schema is false.
        pointer, _, name = pointer.rpartition("/")
        known, names = [], [name]
    for name in names:
        yield Problem(
            "unknown-member",
            Text(f"此处不能有“{_clipped(name)}”", f"{_clipped(name)!r} cannot stand here"),
            did_you_mean(name, known, Text("请删去或改名", "remove or rename it")),
            document.place(f"{pointer}/{escape(name)}", of_key=True),
        )


def _clipped(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}…"


def _message(keyword: str, wanted: Any, value: Any) -> Text:
    shown = _shown(value)
    if keyword == "type":
        types = [_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
        zh, en = "或".join(name[0] for name in types), " or ".join(name[1] for name in types)
        return Text(f"应为{zh}，而此处是 {shown}", f"{en} is expected, not {shown}")
    if keyword == "required":
        missing = "、".join(name for name in wanted if name not in value)
        return Text(f"缺少“{missing}”", f"{missing.replace('、', ', ')} is missing")
    if keyword in ("enum", "const"):
        choices = [_shown(item) for item in (wanted if keyword == "enum" else [wanted])]
        return Text(f"{shown} 不在允许的值之中", f"{shown} is not one of the values allowed: {', '.join(choices)}")
    if keyword in _BOUNDS:
        return Text(
            f"应 {_BOUNDS[keyword]} {wanted}，而此处是 {shown}", f"must be {_BOUNDS[keyword]} {wanted}, not {shown}"
        )
    if keyword in _SIZES:
        zh, en = _SIZES[keyword]
        return Text(zh.format(wanted), en.format(wanted))
    if keyword in ("oneOf", "anyOf"):
        names = [name for option in wanted for name in option.get("required", ())]
        if names:
            return Text(
                f"须且只能有其中之一：{'、'.join(names)}", f"exactly one of these must be given: {', '.join(names)}"
            )
    if keyword == "not" and "required" in wanted:
        names = wanted["required"]
        return Text(f"不能同时给出：{'、'.join(names)}", f"these exclude each other: {', '.join(names)}")
    if keyword == "uniqueItems":
        return Text("有重复的项", "an item stands here twice")
    if keyword == "format":
        return Text(f"{shown} 不是 YYYY-MM-DD 形式的日期", f"{shown} is not a date of the form YYYY-MM-DD")
    return Text(f"{shown} 不符合格式要求（{keyword}：{wanted}）", f"{shown} does not fit ({keyword}: {wanted})")


def _hint(error: ValidationError) -> Text | None:
    if error.validator == "enum":
        choices = [str(choice) for choice in list(error.validator_value)]  # type: ignore[arg-type]
        return did_you_mean(str(error.instance), choices, Text(f"可用的值：{'、'.join(choices)}", "use one of them"))
    description = _schema(error).get("description")
    return _in_each(description) if isinstance(description, str) else None


#: a description in both languages: Chinese up to its full stop, then English
_BOTH = re.compile(r"(?P<zh>[^A-Za-z].*?。)(?P<en>[^\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+)", re.DOTALL)


def _in_each(description: str) -> Text:
    """A description of the schema in each of its languages; where it has but one, in that."""
    both = _BOTH.fullmatch(description)
    return Text(description, description) if both is None else Text(both["zh"].strip(), both["en"].strip())


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, Decimal) else format(value, "f")
    return _clipped(text)
