"""What follows from a score, with its grounds: rules that fired, told in words. ``findings.findings_of`` is the way in."""
