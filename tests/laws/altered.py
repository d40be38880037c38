"""One thing in a JSON document altered: a number, any other scalar, or a member that is there or not."""

from decimal import Decimal

from hypothesis import strategies as st


def scalars(value, path=()):
    """Path and value of each scalar of a document."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(part, (*path, key))
    else:
        yield path, value


def is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def numbers(document):
    """The paths of all numbers of a document."""
    return [path for path, value in scalars(document) if is_number(value)]


def with_value(document, path, change):
    """A copy of the document in which ``change`` has been made of the value at a path; its last step of None drops a member."""
    if not path:
        return change(document)
    key, *rest = path
    if isinstance(document, dict):
        if not rest and change is None:
            return {name: part for name, part in document.items() if name != key}
        return {name: with_value(part, rest, change) if name == key else part for name, part in document.items()}
    return [with_value(part, rest, change) if index == key else part for index, part in enumerate(document)]


#: what becomes of a number: another one, near or far, or of another sign
CHANGES = st.sampled_from(
    (
        lambda number: number + 1,
        lambda number: number - 1,
        lambda number: number + Decimal("0.01"),
        lambda number: number + Decimal("1E-15"),
        lambda number: number * 2 + 7,
        lambda number: -number if number else 1,
    )
)


def other(value):
    """Another scalar of the same kind, or of another where there is but one."""
    if isinstance(value, bool):
        return not value
    return 1 if value is None else value + 1 if is_number(value) else f"{value}1"
