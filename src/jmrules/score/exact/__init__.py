"""One department, exactly: facts in slots, slots to shares, shares to points. ``evaluate.score`` is the way in."""
