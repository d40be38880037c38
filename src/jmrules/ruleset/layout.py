"""The canonical layout of a document: members in one order, one way to break lines. What it says stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents import pretty

if TYPE_CHECKING:
    from jmrules.documents import Document

WIDTH = 160

#: kind of object -> its members in order; others follow as they stand. Labels come after what is scored, sources last.
_ORDER = {
    "ruleset": (
        "$schema extends id fiscal_year fiscal_years effective revision status title notice listed rounding grades facts derived"
        " constraints points scale indicators adjustments clamp signals rules monitoring absent checks reading changes"
    ),
    "notice": "number title issuer issued",
    "rounding": "leaf total digits mode source",
    "effective": "from until",
    "scale": "to source",
    "clamp": "from to source",
    "grade": "id label in source",
    "absent": "id label note",
    "fact": "like type unit decimals in values count optional omitted absent cost changeable across label note item",
    "across": "of is first",
    "constraint": "each when holds otherwise label source note",
    "derived": "value unit decimals declared label source note",
    "node": "id effect points set_by one_indicator label children applies method rounding undefined evidence listed source note",
    "method": (
        "kind value full_at zero_at bound direction step loss partial level chosen items bands otherwise levels knots parts"
        " target actual share weight points less_is_better direction upper dates judged over_achievement item_rounding"
    ),
    "applies": "like when otherwise to reason source",
    "undefined": "like share reason source",
    "required": "kind label dated",
    "part": "id at in share points range loss at_most free count when label method",
    "dates": "due done late",
    "direction": "field words",
    "late": "within share",
    "over_achievement": "when tolerance",
    "source": "like status confidence clause ground note",
    "text": "zh en",
    "signal": "each when undefined label source note",
    "each": "as of by",
    "rule": "id label each when then source note",
    "then": "severity message cap veto escalation rectification",
    "check": (
        "kind each total parts exhaustive stated part whole figures items between instead facts offset when differs"
        " label stated_label computed_label missing source note"
    ),
    "beyond": "label part whole",
    "monitoring": "facts signals rules",
    "change": "op indicator fact derived grade absent signal rule check constraint parent after note value",
}
_TEXTS = dict.fromkeys(
    (
        "label",
        "note",
        "title",
        "issuer",
        "reason",
        "ground",
        "message",
        "omitted",
        "stated_label",
        "computed_label",
        "missing",
    ),
    "text",
)
#: kind of object -> member -> kind of the object there, or of the items of the array there; "*": of every member
_INSIDE: dict[str, dict[str, str]] = {
    "ruleset": {
        "notice": "notice",
        "listed": "source",
        "rounding": "rounding",
        "effective": "effective",
        "grades": "grade",
        "facts": "facts",
        "derived": "derivations",
        "indicators": "node",
        "scale": "scale",
        "adjustments": "node",
        "clamp": "clamp",
        "signals": "signals",
        "rules": "rule",
        "checks": "checks",
        "constraints": "constraints",
        "monitoring": "monitoring",
        "absent": "absent",
        "changes": "change",
    },
    "facts": {"*": "fact"},
    "derivations": {"*": "derived"},
    "signals": {"*": "signal"},
    "checks": {"*": "check"},
    "constraints": {"*": "constraint"},
    "constraint": {"each": "each", "source": "source"},
    "fact": {"item": "facts", "across": "across", "values": "names"},
    "names": {"*": "text"},
    "derived": {"source": "source"},
    "node": {
        "children": "node",
        "method": "method",
        "applies": "applies",
        "undefined": "undefined",
        "rounding": "rounding",
        "evidence": "required",
        "source": "source",
        "listed": "source",
    },
    "applies": {"source": "source"},
    "undefined": {"source": "source"},
    "rounding": {"source": "source"},
    "scale": {"source": "source"},
    "clamp": {"source": "source"},
    "grade": {"source": "source"},
    "method": {
        "items": "part",
        "bands": "part",
        "otherwise": "part",
        "levels": "part",
        "knots": "part",
        "parts": "part",
        "over_achievement": "over_achievement",
        "judged": "method",
        "dates": "dates",
        "direction": "direction",
        "item_rounding": "rounding",
    },
    "dates": {"late": "late"},
    "direction": {"words": "words"},
    "part": {"method": "method"},
    "signal": {"each": "each", "source": "source"},
    "check": {"each": "each", "items": "beyond", "source": "source"},
    "rule": {"each": "each", "then": "then", "source": "source"},
    "monitoring": {"facts": "facts", "signals": "signals", "rules": "rule"},
}
#: what a change names -> what kind of object its value is
_VALUES = {
    "indicator": "node",
    "fact": "fact",
    "derived": "derived",
    "grade": "grade",
    "absent": "absent",
    "signal": "signal",
    "rule": "rule",
    "check": "check",
    "constraint": "constraint",
}


def laid_out(document: Document) -> str:
    """The text of a document in canonical layout: a ruleset's members in their order, any other document's as they stand."""
    value = document.value
    is_ruleset = isinstance(value, dict) and ("extends" in value or isinstance(value.get("indicators"), list))
    return pretty(ordered(value, "ruleset") if is_ruleset else value, WIDTH) + "\n"


def ordered(value: Any, kind: str | None) -> Any:
    """The value with its members in canonical order; ``kind`` is that of the object, or of the array's items."""
    if isinstance(value, list):
        return [ordered(item, kind) for item in value]
    if not isinstance(value, dict) or kind is None:
        return value
    order = _ORDER.get(kind, "").split()
    others = [name for name in value if name not in order]
    # What words mean has no order of its own.
    names = [*(name for name in order if name in value), *(sorted(others) if kind == "words" else others)]
    return {name: ordered(value[name], _kind_of(name, kind, value)) for name in names}


def _kind_of(name: str, kind: str, value: dict[str, Any]) -> str | None:
    inside = _INSIDE.get(kind, {})
    if "*" in inside:
        return inside["*"]
    if kind == "change" and name == "value":
        return next((_VALUES[what] for what in _VALUES if what in value), None)
    return inside.get(name) or _TEXTS.get(name)
