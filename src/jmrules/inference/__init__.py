"""What follows from scores and facts: findings, caps, and in-year monitoring."""
