"""The house style of documents on paper, as data: fonts by name, sizes, spacing and margins; whoever writes Word reads it here."""

from __future__ import annotations

from attrs import frozen


@frozen
class House:
    """How official documents look (GB/T 9704): all lengths in the unit that their name says."""

    #: the fonts of Chinese text, by what they are for
    title: str = "方正小标宋简体"
    heading: str = "黑体"
    subheading: str = "楷体_GB2312"
    body: str = "仿宋_GB2312"
    #: figures and Latin letters
    latin: str = "Times New Roman"
    #: sizes: 二号, 三号, and what fits into a table
    title_pt: float = 22
    body_pt: float = 16
    table_pt: float = 10.5
    #: exact spacing of lines, and how many signs a paragraph is indented by
    line_pt: float = 28
    indent_signs: int = 2
    #: A4
    page_cm: tuple[float, float] = (21.0, 29.7)
    top_cm: float = 3.7
    bottom_cm: float = 3.5
    left_cm: float = 2.8
    right_cm: float = 2.6
    #: a head of a table, a mark for what is new, a mark for what is gone
    head_fill: str = "D9E2F3"
    new_fill: str = "E2F0D9"
    gone_fill: str = "FCE4D6"
    doubt: str = "C00000"
    #: what a file says of when it was made: nothing that differs from run to run
    made: tuple[int, int, int] = (2000, 1, 1)


HOUSE = House()
