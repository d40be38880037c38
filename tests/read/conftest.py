import pytest

from jmrules.ruleset import load_ruleset


@pytest.fixture(scope="session")
def notice():
    return load_ruleset("jiangmen/department-overall@2024")
