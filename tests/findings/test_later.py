"""A context whose members wait cannot be told from one that has them."""

from hypothesis import given
from hypothesis import strategies as st

from jmrules.findings.later import Later

NAMES = st.text("abc", max_size=2)
MEMBERS = st.dictionaries(NAMES, st.integers())


@given(known=MEMBERS, waiting=MEMBERS, asked=NAMES)
def test_it_is_the_dict_of_all_members_however_it_is_read(known, waiting, asked):
    known = {name: value for name, value in known.items() if name not in waiting}
    whole = {**known, **waiting}

    def later():
        return Later(known, tuple(waiting), lambda: waiting)

    assert (asked in later()) is (asked in whole)
    assert later().get(asked) == whole.get(asked)
    assert list(later().items()) == list(whole.items())
    assert list(later()) == list(later().keys()) == list(whole)
    assert list(later().values()) == list(whole.values())
    assert len(later()) == len(whole)
    assert later() == whole
    if asked in whole:
        assert later()[asked] == whole[asked]


def test_nothing_is_made_before_it_is_needed():
    def never():
        raise AssertionError

    row = Later({"status": "agrees"}, ("said",), never)
    assert row["status"] == "agrees"
    assert "said" in row
    assert "other" not in row
