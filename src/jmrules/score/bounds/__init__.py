"""What the indicators of one department may earn where facts are unknown: ``engine`` and ``sheet`` are the way in."""
