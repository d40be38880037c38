"""Many departments at once, every row equal to the exact reading's to the last digit: ``score.score`` is the way in."""
