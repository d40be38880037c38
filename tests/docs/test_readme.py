"""The opening of both README files is rendered from what the commands say of the real report: no number of it is typed.

``make readme`` writes it anew.
"""

import json
import os
import re
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from jmrules import bounds, load_facts, load_ruleset
from jmrules.cli import main

ROOT = Path(__file__).parents[2]
REAL = ROOT / "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
#: where the opening stands, and the language it is in
PAGES = {"README.md": "en", "README.zh-CN.md": "zh"}
OPENING = re.compile(r"(<!-- opening: make readme -->\n)(.*?)(<!-- end of opening -->\n)", re.S)

EN = """\
A municipal department reports on its own spending for {year} and gives itself {claimed} points. jmrules scores the same report by the notice it
was written under, and holds it against itself (`make score`):

```
{opening}
```

Taken at its word, the report leaves anything from {own_low} to {own_high} points possible, for it does not say how far its indicators were met; its
figures alone leave {figures_low} to {figures_high}. It spent {spent} of its budget, {funds_spent} of its special funds, and asks for cuts and transfers to be left out without
saying how much they were. Every point, won, lost or open, names its rule, its figures and where they stand:

```
{explained}
```
"""
ZH = """\
某市一个部门自评 {year} 年度部门整体支出绩效，给自己打了 {claimed} 分。jmrules 按同一份通知给同一份报告打分，并用报告自己核对报告（`make score`）：

```
{opening}
```

照报告自己的说法，{own_low} 分到 {own_high} 分都有可能，因为它没有说各项指标完成了多少；只凭它的数据，是 {figures_low} 分到 {figures_high} 分。预算支出了 {spent}，专项资金支出了 {funds_spent}；
报告要求剔除压减和调出，却没有说金额。每一分，得的、扣的、未定的，都写明规则、数据和出处：

```
{explained}
```
"""


def printed(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["jmrules", *map(str, arguments)])
    monkeypatch.setattr("jmrules.cli.common._chosen", None)
    monkeypatch.setenv("COLUMNS", "400")
    with suppress(SystemExit):
        main()
    return capsys.readouterr().out.splitlines()


def rate(part, whole):
    return f"{(sum(part) / sum(whole) * 100).quantize(Decimal('0.01'))}%"


def rendered(language, monkeypatch, capsys):
    """The opening, of what the commands print, the facts say, and the bounds are."""
    facts, document = load_facts(REAL), json.loads(REAL.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    ruleset = load_ruleset(f"{facts.ruleset}@{facts.fiscal_year}")
    own, figures = (bounds(ruleset, facts, trust) for trust in ("assertion", "figure"))
    score = printed(["score", REAL, "--lang", language], monkeypatch, capsys)
    explained = printed(["explain", REAL, "budget_constraint", "--lang", language], monkeypatch, capsys)
    given = document["facts"]
    funds = [row for row in given["projects"]["value"] if row["special_fund"]["value"]]
    return (EN if language == "en" else ZH).format(
        year=facts.fiscal_year,
        claimed=facts.claims.total,
        opening="\n".join(line.rstrip() for line in score[1 : score.index("")]),
        own_low=own.low,
        own_high=own.high,
        figures_low=figures.low,
        figures_high=figures.high,
        spent=rate([given["outturn"]["value"]], [given["budget_initial"]["value"]]),
        funds_spent=rate([row["outturn"]["value"] for row in funds], [row["budget_initial"]["value"] for row in funds]),
        explained="\n".join(line.rstrip() for line in explained[1:3]),
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_opening_is_what_the_commands_say(page, monkeypatch, capsys):
    file = ROOT / page
    text = file.read_text("utf-8")
    wanted = OPENING.sub(lambda found: found[1] + rendered(PAGES[page], monkeypatch, capsys) + found[3], text)
    if os.environ.get("JMRULES_REWRITE"):
        file.write_text(wanted, "utf-8")
    assert OPENING.search(text), "the opening is marked"
    assert file.read_text("utf-8") == wanted, "run make readme"


@pytest.mark.parametrize("page", PAGES)
def test_no_number_is_typed_outside_the_opening(page):
    rest = OPENING.sub("", (ROOT / page).read_text("utf-8"))
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", rest, flags=re.S)
    assert re.findall(r"\S*\d\S*", prose) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_opening_is_short(page):
    text = (ROOT / page).read_text("utf-8")
    opening = OPENING.search(text)
    assert opening is not None
    lines = [line for line in opening[2].splitlines() if line and line != "```"]
    assert text.index(opening[0]) < 40
    assert len(lines) <= 12
