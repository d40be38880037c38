"""FEEL over values that are not known: what an expression may come to. ``reader.Reader`` is the way in."""
