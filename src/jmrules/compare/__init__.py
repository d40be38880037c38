"""Two rulesets side by side: what differs, and what that does to departments."""
