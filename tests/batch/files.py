"""A small ruleset and files of departments for it."""

import json
from decimal import Decimal as D

import pyarrow as pa
import pyarrow.parquet as pq

from jmrules import load_ruleset

STATED = {"status": "stated", "clause": "一"}


def leaf(id, points, method, **more):
    return {"id": id, "label": {"zh": id}, "points": points, "method": method, "source": STATED, **more}


DOCUMENT = {
    "id": "test/batch", "fiscal_year": 2024, "revision": "1.0.0", "status": "official",
    "title": {"zh": "批量"}, "notice": {"issuer": {"zh": "财政局"}}, "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "good", "label": {"zh": "好"}, "in": ">= 8"}, {"id": "poor", "label": {"zh": "差"}, "in": "< 8"}],
    "facts": {
        "budget": {"type": "number", "in": "> 0", "label": {"zh": "预算", "en": "budget"}},
        "spent": {"type": "number", "label": {"zh": "支出", "en": "spent"}},
        "audited": {"type": "boolean", "optional": True, "label": {"zh": "已审计"}},
        "filed": {"type": "date", "optional": True, "label": {"zh": "报送日期"}},
        "outputs": {"type": "list", "label": {"zh": "产出"}, "item": {
            "target": {"type": "number", "label": {"zh": "目标"}}, "actual": {"type": "number", "label": {"zh": "实际"}}}},
    },
    "indicators": [
        leaf("rate", 4, {"kind": "ratio", "value": "spent / budget"}),
        leaf("done", 4, {"kind": "completion", "items": "outputs"}, undefined={"share": 0, "reason": {"zh": "没有产出"}}),
        leaf("order", 2, {"kind": "checklist", "items": [
            {"id": "audit", "label": {"zh": "审计"}, "share": 0.5, "when": "audited = true"},
            {"id": "time", "label": {"zh": "按时"}, "share": 0.5, "when": 'filed != null and filed <= date("2025-03-31")'}]}),
    ],
}  # fmt: skip


def ruleset():
    return load_ruleset(DOCUMENT)


def ruleset_file(folder):
    file = folder / "ruleset.json"
    file.write_text(json.dumps(DOCUMENT, default=str), "utf-8")
    return file


def departments(count):
    """Departments as plain facts, every seventh with more spent than any budget."""
    return [
        {
            "dept": f"D{i:04d}",
            "budget": D(100 + i),
            "spent": D(10 * (i % 13)) + D("0.01") * i,
            "audited": i % 3 == 0,
            "filed": "2025-03-31" if i % 2 else None,
            "outputs": [{"target": D(10), "actual": D((i * j) % 12)} for j in range(1, i % 4 + 1)],
        }
        for i in range(count)
    ]


def facts_alone(row):
    return {name: value for name, value in row.items() if name != "dept" and value is not None}


TYPES = {
    "dept": pa.string(), "budget": pa.decimal128(18, 2), "spent": pa.decimal128(18, 2), "audited": pa.bool_(), "filed": pa.date32(),
    "outputs": pa.list_(pa.struct([("target", pa.decimal128(18, 2)), ("actual", pa.decimal128(18, 2))])),
}  # fmt: skip


def table(rows):
    import datetime

    rows = [row | {"filed": row["filed"] and datetime.date.fromisoformat(row["filed"])} for row in rows]
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in TYPES.items()})


def parquet(folder, rows, name="in.parquet", **options):
    file = folder / name
    pq.write_table(table(rows), file, **options)
    return file


def csv(folder, rows, name="in.csv"):
    lines = ["dept,budget,spent,audited,filed,outputs"]
    for row in rows:
        items = json.dumps([{key: float(value) for key, value in item.items()} for item in row["outputs"]]).replace(
            '"', '""'
        )
        lines.append(
            f'{row["dept"]},{row["budget"]},{row["spent"]},{"是" if row["audited"] else "否"},{row["filed"] or ""},"{items}"'
        )
    file = folder / name
    file.write_text("\n".join(lines) + "\n", "utf-8-sig")
    return file


def excel(folder, rows, name="in.xlsx"):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["dept", "budget", "spent", "audited", "filed", "outputs"])
    for row in rows:
        items = json.dumps([{key: float(value) for key, value in item.items()} for item in row["outputs"]])
        sheet.append([row["dept"], float(row["budget"]), float(row["spent"]), row["audited"], row["filed"], items])
    file = folder / name
    book.save(file)
    return file


def arrow(folder, rows, name="in.arrow"):
    file = folder / name
    with pa.OSFile(str(file), "wb") as opened, pa.ipc.new_file(opened, table(rows).schema) as writer:
        writer.write_table(table(rows))
    return file


def job(source, output, *, key="dept", lists=(), pairs=(), keep=(), **options):
    from jmrules.batch import Job
    from jmrules.batch.mapping import mapped
    from jmrules.batch.sources import open_source

    opened = open_source(source)
    return Job(ruleset(), opened, mapped(ruleset(), opened, pairs, lists, key, keep), output, **options)
