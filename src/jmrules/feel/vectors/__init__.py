"""FEEL over many values at once: columns, with a bound on the error of each number."""
