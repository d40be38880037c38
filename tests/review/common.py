"""A small ruleset with every kind of check, and departments invented for it."""

from decimal import Decimal
from functools import cache

from jmrules import load_facts, load_ruleset

SOURCE = {"status": "stated", "clause": "一"}


def text(zh):
    return {"zh": zh, "en": zh}


def number(zh, unit="CNY_10k", **more):
    return {"type": "number", "unit": unit, "label": text(zh), **more}


DOCUMENT = {
    "id": "test/review",
    "fiscal_year": 2024,
    "revision": "1.0.0",
    "status": "draft",
    "title": text("复核"),
    "notice": {"issuer": text("局")},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "good", "label": text("优"), "in": ">= 60"}, {"id": "poor", "label": text("差"), "in": "< 60"}],
    "facts": {
        "budget": number("预算"),
        "basic": number("基本支出"),
        "project": number("项目支出"),
        "spent": number("决算"),
        "rate": number("支出率", "ratio", optional=True),
        "rows": {
            "type": "list",
            "label": text("项目"),
            "item": {
                "name": {"type": "string", "label": text("名称")},
                "budget": number("项目预算"),
                "spent": number("项目决算"),
            },
        },
        "breakdowns": {
            "type": "list",
            "optional": True,
            "label": text("分类"),
            "item": {
                "label": {"type": "string", "label": text("名称")},
                "total": number("合计"),
                "exhaustive": {"type": "boolean", "label": text("全部列出")},
                "parts": {
                    "type": "list",
                    "label": text("组成"),
                    "item": {
                        "label": {"type": "string", "label": text("名称")},
                        "amount": number("金额"),
                        "share": number("占比", "ratio", optional=True),
                    },
                },
            },
        },
        "counts": {
            "type": "list",
            "optional": True,
            "label": text("个数"),
            "item": {
                "total": number("合计", "count", decimals=0),
                "parts": {
                    "type": "list",
                    "label": text("组成"),
                    "item": {"amount": number("个数", "count", decimals=0)},
                },
            },
        },
        "well_run": {"type": "boolean", "label": text("管理良好")},
    },
    "derived": {"listed": {"value": "sum(rows.budget)", "label": text("列明的项目预算")}},
    "indicators": [
        {
            "id": "money",
            "label": text("预算"),
            "children": [
                {
                    "id": "execution",
                    "points": 60,
                    "label": text("执行"),
                    "method": {"kind": "ratio", "value": "spent / budget"},
                    "source": SOURCE,
                },
            ],
        },
        {
            "id": "management",
            "points": 40,
            "label": text("管理"),
            "method": {
                "kind": "checklist",
                "items": [{"id": "run", "when": "well_run", "points": 40, "label": text("良好")}],
            },
            "source": SOURCE,
        },
    ],
    "checks": {
        "parts": {"kind": "sum", "total": "budget", "parts": ["basic", "project"], "label": text("预算构成")},
        "listed_projects": {
            "kind": "sum",
            "total": "project",
            "parts": ["listed"],
            "exhaustive": False,
            "label": text("列明项目"),
        },
        "rate_as_stated": {
            "kind": "ratio",
            "stated": "rate",
            "part": "spent",
            "whole": "budget",
            "label": text("支出率"),
        },
        "within": {"kind": "at_most", "part": "spent", "whole": "budget", "label": text("不超预算")},
        "each_within": {
            "kind": "at_most",
            "each": {"as": "row", "of": "rows", "by": "name"},
            "part": "row.spent",
            "whole": "row.budget",
            "label": text("项目不超预算"),
        },
        "year": {"kind": "year", "facts": ["budget", "spent"], "label": text("年度")},
    },
}


@cache
def ruleset():
    return load_ruleset(DOCUMENT)


def figure(value, **more):
    return {"value": value, "basis": "figure", "evidence": [{"document": "accounts", "section": "表一"}], **more}


#: what departments list: their own report, and papers of others
DOCUMENTS = {
    "accounts": {"title": "决算报表", "kind": "final_accounts"},
    "report": {"title": "自评报告", "kind": "self_evaluation_report"},
    "opinion": {"title": "检查意见", "kind": "inspection"},
}


def department(facts=None, claims=None, **more):
    """A department whose figures all agree, with these changes."""
    given = {
        "budget": figure(
            Decimal("1000.00"),
            statements=[
                {"value": Decimal("1000.00"), "year": 2024, "section": "一"},
                {"value": Decimal("1000.00"), "year": 2024, "section": "二"},
            ],
        ),
        "basic": figure(Decimal("400.05")),
        "project": figure(Decimal("599.95")),
        "spent": figure(Decimal("812.34")),
        "rate": figure(Decimal("81.23"), unit="%"),
        "rows": figure(
            [
                {"name": "甲", "budget": figure(Decimal("300.00")), "spent": figure(Decimal("250.00"))},
                {"name": "乙", "budget": figure(Decimal("200.00")), "spent": figure(Decimal("200.00"))},
            ]
        ),
        "breakdowns": figure(
            [
                {
                    "label": "按类别",
                    "total": figure(600),
                    "exhaustive": True,
                    "parts": figure(
                        [
                            {
                                "label": "甲类",
                                "amount": figure(Decimal("123.45")),
                                "share": figure(Decimal("20.58"), unit="%"),
                            },
                            {
                                "label": "乙类",
                                "amount": figure(Decimal("476.55")),
                                "share": figure(Decimal("79.43"), unit="%"),
                            },
                        ]
                    ),
                }
            ]
        ),
        "counts": figure([{"total": figure(14), "parts": [{"amount": figure(6)}, {"amount": figure(8)}]}]),
        "well_run": {"value": True, "basis": "document", "evidence": [{"document": "opinion"}]},
    }
    given |= facts or {}
    return load_facts(
        {
            "ruleset": "test/review",
            "fiscal_year": 2024,
            "subject": {"name": "某局"},
            "facts": {name: value for name, value in given.items() if value is not None},
            "claims": claims or {},
            **more,
            "documents": DOCUMENTS | more.get("documents", {}),
        }
    )
