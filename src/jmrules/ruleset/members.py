"""What differs between two versions of one entry of a document, member by member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import canonical, pointer_of
from jmrules.errors import JmrulesError
from jmrules.feel import parse, parse_unary_tests
from jmrules.frozen import frozen_value

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

#: members that hold FEEL, and how it is read; two ways of writing the same are the same
_EXPRESSIONS = ("value", "when", "holds", "level", "chosen", "points", "count", "items", "of")
_TESTS = ("in", "count", "dated")


@frozen
class Member:
    """A member that differs; None where a version does not have it (null means nothing in a ruleset)."""

    path: Path
    before: Any = field(converter=frozen_value)
    after: Any = field(converter=frozen_value)

    @property
    def at(self) -> str:
        """JSON pointer below the entry."""
        return pointer_of(self.path)

    @property
    def is_text(self) -> bool:
        """Whether it is a text for readers."""
        return any(is_text(value) for value in (self.before, self.after))


def is_text(value: Any) -> bool:
    """Whether the value is a text in Chinese and perhaps English."""
    return isinstance(value, dict) and isinstance(value.get("zh"), str) and value.keys() <= {"zh", "en"}


def differing(before: Any, after: Any, path: Path = ()) -> Iterator[Member]:
    """The members that differ: texts, scalars, arrays of another length, and members that only one version has."""
    if isinstance(before, dict) and isinstance(after, dict) and not (is_text(before) or is_text(after)):
        for name in dict.fromkeys((*before, *after)):
            yield from differing(before.get(name), after.get(name), (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differing(one, other, (*path, index))
    elif not _same(before, after, path):
        yield Member(path, before, after)


def _same(before: Any, after: Any, path: Path) -> bool:
    if canonical(before) == canonical(after):
        return True
    if not (isinstance(before, str) and isinstance(after, str) and path):
        return False
    for names, read in ((_EXPRESSIONS, parse), (_TESTS, parse_unary_tests)):
        if path[-1] in names:
            try:
                if read(before) == read(after):
                    return True
            except JmrulesError:
                continue
    return False
