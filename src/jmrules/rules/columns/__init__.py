"""Signals, findings and limits of many departments at once."""
