"""Facts in a filled-in workbook: what its cells say, and the facts document that they make."""

from jmrules.facts.forms.read import read_form

__all__ = ["read_form"]
