"""Numbers of things against the names listed."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot import Matter, Side
from jmrules.errors import Text
from jmrules.read.sides import Noted, side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.read.links import Reading

_LIST = re.compile(r"^[^，。；：]{0,12}[：:]\s*([^。；]+)")


def count_matters(reading: Reading) -> Iterator[Noted]:
    """A number of things against the names that follow it."""
    for sentence in reading.sentences:
        for index, figure in enumerate(sentence.figures):
            if figure.unit != "count" or figure.between is not None:
                continue
            end = (
                sentence.figures[index + 1].spot.start - sentence.start
                if index + 1 < len(sentence.figures)
                else len(sentence.text)
            )
            rest = sentence.text[figure.spot.end - sentence.start : end]
            found = _LIST.match(rest)
            if found is None or index + 1 < len(sentence.figures):
                continue
            names = [name for name in re.split(r"[、，,]|和|及", found[1].strip()) if name.strip()]
            if len(names) < 2 or found[1].rstrip("。；").endswith("等") or len(names) == figure.value:
                continue
            yield Noted(
                Matter(
                    f"counted.{sentence.block}.{figure.spot.start}", "list",
                    Text(f"{figure.label}的个数与所列", f"number of {figure.label} against those listed"), "question", (),
                    stated=side(Text(figure.label), figure),
                    computed=Side(Text("所列", "listed"), Decimal(len(names)), "count", (figure.spot.section,)),
                    difference=Fraction(figure.value) - len(names),
                ),
                (figure,),
            )  # fmt: skip
