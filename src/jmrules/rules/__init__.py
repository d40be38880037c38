"""What rules take off a score: signals, chaining (durable-rules), caps and vetoes. ``limits.run`` scores and limits.

- ``plan``: rules in strata; ``signals``: which hold; ``chain``: what follows; ``reference``: the same, to hold it against.
- ``bounds``: scores that are possible where facts are unknown, as rules limit them (docs/bounds.md).
- ``columns``: the same for many departments at once.
"""
