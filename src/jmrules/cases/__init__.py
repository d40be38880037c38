"""Tests of rulesets: cases beside them, the branches the cases take, and mutants that they must notice.

- ``cases``: facts with expected scores (``NAME.json``, ``NAME.expected.json``), run and compared.
- ``branches``, ``hits``, ``coverage``: every branch of a ruleset, those an evaluation takes, and what is left.
- ``reach``: facts that would take a branch no case takes.
- ``mutants``, ``mutation``: the ruleset changed in one place at a time, and the changes that no case notices.
- ``plugin``: the cases of a ruleset repository under plain pytest.
"""
