"""The usual leaves of a ruleset, compiled: a program of instructions that runs over blocks of departments that stay in the nearest cache.

``lower`` turns FEEL trees and methods into instructions, ``feed`` gives them the columns of a table, ``run`` executes them: in
floats with error bounds (``floats``), and where those leave an award in doubt, at once in whole numbers for that department (``exact``). What
this does not know (nulls, strings, exclusions, other methods) is left to the vectors of the rest of the backend.
"""
