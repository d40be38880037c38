"""Claims against what facts earn, reviewers' decisions, documents that are lacking, and what last year left to mend."""
