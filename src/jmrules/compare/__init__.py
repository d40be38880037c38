"""What one ruleset would do to departments that another has scored: total by total, and where each change comes from."""
