"""From a plan and facts to points: one loop over the sheet, and the arithmetic of each reading.

- ``exact``: one department, in rationals.
- ``bounds``: one department of which not all is known.
- ``columns``: many departments at once.
- ``allocate``: where the points of indicators that do not apply go.
"""
