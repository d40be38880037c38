"""A monitored year: departments, and reports for their quarters."""

from hypothesis import strategies as st

RULESET = "jiangmen/department-overall@2024"
DEPARTMENTS = {"data": "政务服务和数据管理局", "school": "教育局"}


def event(id, quarter, recorded, department="data", **facts):
    return {"id": id, "department": department, "quarter": quarter, "recorded": recorded, "facts": facts}


def target(planned, actual, name="系统上线"):
    return {"name": name, "planned": planned, "actual": actual}


#: times; some events share one
TIMES = st.sampled_from([f"2024-10-{day:02}T09:00:00" for day in range(1, 9)])
RATES = st.sampled_from((0, 0.3, 0.5, 0.9, 1))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "budget": st.just(100),
        "executed": st.sampled_from((10, 50, 59.99, 60, 90)),
        "explanation": st.sampled_from(("招标推迟", None)),
        "targets": st.lists(
            st.builds(target, RATES, RATES, st.sampled_from(("甲", "乙"))), max_size=2, unique_by=lambda t: t["name"]
        ),
        "projects": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(("一期", "二期")),
                    "budget": st.just(50),
                    "executed": st.sampled_from((0, 30, 40)),
                }
            ),
            max_size=2,
            unique_by=lambda project: project["name"],
        ),
    },
).filter(bool)
EVENTS = st.lists(
    st.builds(
        lambda quarter, recorded, department, facts: event("", quarter, recorded, department, **facts),
        st.integers(1, 4),
        TIMES,
        st.sampled_from(sorted(DEPARTMENTS)),
        FACTS,
    ),
    min_size=1,
    max_size=7,
).map(lambda events: [{**each, "id": f"e{index}"} for index, each in enumerate(events)])


def state(session):
    """All that a monitoring has come to, however it got there."""
    return (
        {code: session.reported(code) for code in DEPARTMENTS},
        {code: session.quarters(code) for code in DEPARTMENTS},
        session.alerts,
    )
