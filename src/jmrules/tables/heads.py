"""Heads of columns: what they are called, and which unit they say."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.units import UNITS, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_BY_ID = {id.casefold(): id for id in UNITS}
_BLANK = re.compile(r"[\s\u200b\ufeff\u200e\u200f]+")
_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]+)[)\]】〕]$")
_STATED = re.compile(r"[,，;；:：/]?(?:金额)?单位[:：]([^()\[\]【】〔〕,，;；]+)$")
_BEHIND = re.compile(r"(?<=.)(?:[/_:：](千元|百万元|千万元|万元|亿元|元|%|‰)|(千元|百万元|千万元|万元|亿元|%|‰))$")
#: a unit of the whole table, above its heads
_ON_PAGE = re.compile(r"单位[:：]?([^()（）,，;；。]+)")
#: reads as a unit, whether it is known or not: 美元, 万, 百人
_LOOKS = re.compile(r"[十百千万亿港美欧日英澳]*(?:元|币|圆)|[十百千万亿]+[人个次户件项]?")


def key_of(text: str) -> str:
    """What two spellings of one name have in common: no blanks or line breaks, one width, one case."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


@frozen
class Head:
    """The head of a column."""

    #: as written, without line breaks and blanks around it
    name: str
    #: counted from 0
    column: int
    #: the unit that it says, if any; it may be one that is not known
    unit: str | None = None
    #: by what it may be called: see :func:`key_of`
    keys: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Its name without the unit."""
        return self.keys[-1]


def head_of(text: str, column: int, aliases: Iterable[str] = ()) -> Head:
    """The head that a text is; ``aliases`` are other names of its column."""
    name = _BLANK.sub(" ", text).strip()
    whole = key_of(name)
    base, unit = apart(whole)
    more = [key for alias in aliases for key in (key_of(alias), apart(key_of(alias))[0])]
    return Head(name, column, unit, tuple(dict.fromkeys([whole, *more, base])))


def apart(key: str) -> tuple[str, str | None]:
    """A name without the unit it says, and that unit: 支出(万元), 支出[元], 支出/千元, 执行率%, 支出 单位:元."""
    if (found := _BRACKETED.search(key)) is not None:
        said = found[1].removeprefix("金额").removeprefix("单位:")
        if said != found[1] or looks_like_unit(said):
            return key[: found.start()] or key, plain_unit(said)
        return key, None
    for pattern in (_STATED, _BEHIND):
        if (found := pattern.search(key)) is not None:
            base, said = key[: found.start()], next(group for group in found.groups() if group)
            return (base or key, plain_unit(said))
    return key, None


def plain_unit(said: str) -> str:
    """A unit without 人民币 before it."""
    return said.removeprefix("人民币") or said


def known_unit(said: str | None) -> str | None:
    """The id of a unit, by the ways it is written; None where none is known by that name."""
    if said is None:
        return None
    found = unit_of(plain_unit(said))
    return found.id if found else _BY_ID.get(said.casefold())


def looks_like_unit(said: str) -> bool:
    """Whether a text reads as a unit, known or not."""
    return known_unit(said) is not None or _LOOKS.fullmatch(plain_unit(said)) is not None


def units_on_page(text: str) -> tuple[str, ...]:
    """The units that a line above the heads says for the table: 单位：万元、人; 填报单位：教育局 says none."""
    found = _ON_PAGE.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return ()
    first = found[1].split(maxsplit=1)[0] if found[1].split() else ""
    said = [part for part in re.split(r"[、/和]", first) if part]
    return tuple(plain_unit(part) for part in said) if said and all(map(looks_like_unit, said)) else ()
