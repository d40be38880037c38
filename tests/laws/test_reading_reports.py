"""Reading reports: one generated from facts reads back to those facts, however it is laid out, and in time linear in its length."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jmrules.documents import pretty
from jmrules.facts import parse_facts
from jmrules.read import audit, draft, paper_of_text
from jmrules.ruleset import load_ruleset

NOTICE = load_ruleset("jiangmen/department-overall@2024")
NAMES = ("信息化建设专项经费", "大楼运维经费", "政务服务专项资金", "宣传培训经费")
amounts = st.decimals(min_value="0.01", max_value=99999, places=2)


@st.composite
def departments(draw):
    """What a report may say of a department."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    planned, spent = ([draw(amounts) for _ in names] for _ in range(2))
    rest = draw(amounts)
    basic = draw(amounts), draw(amounts)
    return {
        "names": names,
        "budget": (basic[0], sum(planned) + rest, planned),
        "outturn": (basic[1], sum(spent) + rest, spent),
    }


def printed(amount, unit, separated):
    """An amount in 万元, in another unit, exactly."""
    value = {"万元": amount, "元": amount * 10000, "亿元": amount / 10000}[unit]
    return f"{value:,f} {unit}" if separated else f"{value:f}{unit}"


@st.composite
def layouts(draw):
    """How it is laid out: unit, separators, wide digits, breaks, which section is first."""
    return {
        "unit": draw(st.sampled_from(["万元", "元", "亿元"])),
        "separated": draw(st.booleans()),
        "wide": draw(st.booleans()),
        "broken": draw(st.one_of(st.none(), st.integers(20, 60))),
        "turned": draw(st.booleans()),
    }


def report(told, layout):
    def section(number, lead, key):
        basic, project, parts = told[key]
        say = lambda amount: printed(amount, layout["unit"], layout["separated"])  # noqa: E731
        listed = "，".join(f"{name} {say(part)}" for name, part in zip(told["names"], parts, strict=True))
        return [
            f"（{number}）{key and '支出情况'}",
            f"2024 年{lead} {say(basic + project)}，其中基本支出 {say(basic)}，项目支出 {say(project)}。项目支出主要包括：{listed}。",
        ]

    sections = [section("一", "市财政批复我局预算", "budget"), section("二", "全年总支出完成", "outturn")]
    if layout["turned"]:
        sections = [section("一", "全年总支出完成", "outturn"), section("二", "市财政批复我局预算", "budget")]
    lines = ["一、基本情况", *sections[0], *sections[1]]
    if layout["wide"]:
        lines = [line.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) for line in lines]
    if layout["broken"]:
        width = layout["broken"]
        lines = [
            line
            if line.startswith(("一、", "（"))
            else "\n".join(line[at : at + width] for at in range(0, len(line), width))
            for line in lines
        ]
    return "\n\n".join(lines)


def read_back(text):
    facts = parse_facts(pretty(draft(paper_of_text(text), NOTICE).document))
    given = facts.given
    bound = {
        name: given[name]["value"]
        for name in ("budget_initial", "budget_basic", "budget_project", "outturn", "outturn_basic")
    }
    units = {"元": Decimal("0.0001"), "亿元": Decimal(10000)}
    scaled = {name: value * units.get(given[name].get("unit", "万元"), 1) for name, value in bound.items()}
    rows = given["projects"]["value"]
    told = [
        (
            row["name"]["value"],
            *(
                row[field]["value"] * units.get(row[field].get("unit", "万元"), 1)
                for field in ("budget_initial", "outturn")
            ),
        )
        for row in rows
    ]
    return scaled, sorted(told)


@given(departments(), layouts())
def test_a_report_reads_back_to_the_facts_it_was_made_of_however_it_is_laid_out(told, layout):
    scaled, rows = read_back(report(told, layout))
    (planned_basic, planned, each_planned), (spent_basic, spent, each_spent) = told["budget"], told["outturn"]
    assert scaled == {
        "budget_initial": planned_basic + planned,
        "budget_basic": planned_basic,
        "budget_project": planned,
        "outturn": spent_basic + spent,
        "outturn_basic": spent_basic,
    }
    assert rows == sorted(zip(told["names"], each_planned, each_spent, strict=True))


@given(departments(), layouts(), layouts())
def test_two_layouts_of_one_report_are_held_against_themselves_alike(told, one, other):
    def standing(layout):
        found = audit(paper_of_text(report(told, layout))).matters
        return sorted((matter.status, matter.label.zh) for matter in found)

    assert standing({**one, "unit": "万元"}) == standing({**other, "unit": "万元"})


def test_time_grows_with_length_and_no_faster():
    text = report(
        {
            "names": NAMES[:2],
            "budget": (Decimal(10), Decimal(30), [Decimal(10), Decimal(20)]),
            "outturn": (Decimal(9), Decimal(28), [Decimal(9), Decimal(19)]),
        },
        {"unit": "万元", "separated": True, "wide": False, "broken": None, "turned": False},
    )
    odd = ("1", "（", "一", "占", "其中", "1,234,", "2024年", "5个、", "按", "“", "剔除")
    for piece in (text + "\n\n", *odd):
        # so long that anything quadratic would not end: a limit on work, not on time
        audit(paper_of_text(piece * (200_000 // len(piece))))
