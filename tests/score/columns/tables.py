"""Tables for the columns backend: the facts of many departments as Arrow, and what the exact backend says of each."""

from decimal import Decimal as D

import pyarrow as pa
from hypothesis import strategies as st

from jmrules import JmrulesError, evaluate, load_ruleset
from strategies import cases

ARROW = {"boolean": pa.bool_(), "string": pa.string(), "date": pa.date32()}


def declared(facts):
    """Name and declaration of each fact, or of each field of an item."""
    return facts.items()


def arrow_type(declaration, kind):
    if declaration["type"] == "list":
        return pa.list_(pa.struct([(name, arrow_type(part, kind)) for name, part in declared(declaration["item"])]))
    return ARROW.get(declaration["type"], pa.float64() if kind == "float" else pa.decimal128(38, 12))


def arrow_value(declaration, value, kind):
    if value is None:
        return None
    if declaration["type"] == "list":
        return [
            {name: arrow_value(part, item.get(name), kind) for name, part in declared(declaration["item"])}
            for item in value
        ]
    if declaration["type"] == "number":
        return float(value) if kind == "float" else D(value)
    if declaration["type"] == "date":
        import datetime

        return datetime.date.fromisoformat(value)
    return value


def table_of(facts, rows, kind="float"):
    """The rows as a table with a column per fact; ``kind`` is how numbers are held."""
    columns = {
        name: pa.array([arrow_value(part, row.get(name), kind) for row in rows], arrow_type(part, kind))
        for name, part in declared(facts)
    }
    if not columns:
        return pa.table({"department": pa.array(range(len(rows)))})
    return pa.table(columns)


def fits(value, kind):
    """Whether a number survives being held that way."""
    if kind == "float":
        return D(repr(float(value))) == value
    return abs(D(value).adjusted()) < 20 and D(value).as_tuple().exponent >= -12


def numbers(facts, row):
    for name, part in declared(facts):
        value = row.get(name)
        if value is None:
            continue
        if part["type"] == "list":
            for item in value:
                yield from numbers(part["item"], item)
        elif part["type"] == "number":
            yield D(value)


def expected(ruleset, row):
    """Awards by leaf, total and grade by the exact backend; None where it refuses."""
    try:
        evaluation = evaluate(ruleset, row)
    except JmrulesError:
        return None
    outcome = evaluation.outcome
    return [int(award) for award in outcome.awards], evaluation.total, evaluation.grade.id


def found(ruleset, scores, row):
    """The same of a row of the columns backend."""
    if row in scores.errors:
        return None
    rounding = ruleset.rounding
    total = D(int(scores.totals[row])).scaleb(-rounding.total)
    grade = ruleset.grades[scores.grades[row]].id
    return [int(award) for award in scores.awards[:, row]], total, grade


NUDGES = (D(1), D(-1), D("0.001"), D("0.5"), D("-0.25"), D("1e-9"))


@st.composite
def changed(draw, facts, row, most=3):
    """The facts of another department: some numbers moved, swapped for others, flags turned, items dropped."""
    row = {name: ([dict(item) for item in value] if isinstance(value, list) else value) for name, value in row.items()}
    for _ in range(draw(st.integers(0, most))):
        if not facts:
            break
        _change(draw, facts, row, draw(st.sampled_from(sorted(facts))))
    return row


def _change(draw, facts, row, name):
    part, value = facts[name], row.get(name)
    if part.get("optional") and draw(st.integers(0, 3)) == 0:
        row.pop(name, None)
    elif part["type"] == "boolean":
        row[name] = draw(st.booleans())
    elif part["type"] == "list":
        items = row.get(name) or []
        if items and draw(st.booleans()):
            if draw(st.booleans()):
                items.append(dict(draw(st.sampled_from(items))))
            else:
                items.pop()
        elif items and part["item"]:
            _change(draw, part["item"], draw(st.sampled_from(items)), draw(st.sampled_from(sorted(part["item"]))))
    elif part["type"] == "number":
        value = D(value or 0)
        row[name] = draw(
            st.sampled_from(
                (
                    value + draw(st.sampled_from(NUDGES)),
                    -value,
                    D(0),
                    value * 3,
                    D("1e25"),
                    D("1e-40"),
                    D("0.1"),
                    D(7) / 4,
                    D("123456789012345.678"),
                )
            )
        )


@st.composite
def tables(draw, most_rows=6):
    """A ruleset document, and rows of facts for it."""
    case = draw(cases(quotients=draw(st.sampled_from((4, 4, 1)))))
    rows = [case.facts]
    for _ in range(draw(st.integers(0, most_rows - 1))):
        rows.append(draw(changed(case.ruleset["facts"], case.facts)))
    return load_ruleset(case.ruleset), case.ruleset["facts"], rows
