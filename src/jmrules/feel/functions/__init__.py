"""The built-in functions of FEEL, by family; importing this package registers them all."""

from jmrules.feel.functions import aggregates, contexts, conversion, dates, lists, logic, numeric, ranges, strings
from jmrules.feel.functions.call import built_in_value
from jmrules.feel.functions.registry import BUILT_INS, READINGS, BuiltIn, Forms, NoValue, Parameter, Signature, bind

__all__ = [
    "BUILT_INS", "READINGS", "BuiltIn", "Forms", "NoValue", "Parameter", "Signature", "aggregates", "bind", "built_in_value", "contexts", "conversion",
    "dates", "lists", "logic", "numeric", "ranges", "strings",
]  # fmt: skip
