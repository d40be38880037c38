"""What helps to start a ruleset."""
