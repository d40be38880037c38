"""jmrules: a scoring notice as data, a department as data, and a score that anyone can check."""
