"""A ruleset as typed steps in dependency order: the one form that every reading of it shares."""
