"""Bounds: the scores that are possible where facts are unknown, lie between bounds, or rest on too little.

See docs/bounds.md. :func:`~jmrules.backends.bounds.evaluate.bounds` is the way in.
"""
