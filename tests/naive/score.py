"""A ruleset document and facts to points, awards, total and grade."""

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from naive import feel
from naive.functions import Undefined, truth
from naive.methods import share_of
from naive.sheet import NothingApplies, handed_down, leaves_of, nodes_of, points_on_sheet, round_to


@dataclass
class Scored:
    """What a leaf or a group came to. ``exact`` is a leaf's award before it is rounded."""

    points: Fraction
    awarded: Fraction
    exact: Fraction | None = None
    state: str = "group"


@dataclass
class Outcome:
    """Scores by id; or, with ``total`` None, why there is no score.

    ``failing`` are the leaves that are undefined and do not say what they then earn; ``blocked`` those among which an
    expression mentions the score of a failing one, so that it is a matter of taste whether they are failing too.
    """

    nodes: dict[str, Scored] = field(default_factory=dict)
    total: Fraction | None = None
    grade: str | None = None
    failing: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    nothing_applies: bool = False
    #: constraints that do not hold, or cannot be decided
    broken: set[str] = field(default_factory=set)


class Blocked(Exception):
    """The score that an expression reads does not exist, because its leaf failed."""


def evaluate(ruleset, facts):
    """Score ``facts`` (names to plain values, valid for the ruleset) under a ruleset document."""
    return Scoring(ruleset, facts).outcome()


def _worth(node, facts):
    """An indicator with the points that the facts set for it."""
    if "children" in node:
        return {**node, "children": [_worth(child, facts) for child in node["children"]]}
    points = facts.get(node.get("set_by"))
    return node if points is None else {**node, "points": points}


class Scoring:
    """One evaluation under way; values and scores are worked out when asked for, once."""

    def __init__(self, ruleset, facts):
        ruleset = {**ruleset, "indicators": [_worth(node, facts) for node in ruleset["indicators"]]}
        self.ruleset = ruleset
        self.root = handed_down({"children": ruleset["indicators"]})
        self.digits = ruleset["rounding"]["leaf"]
        self.mode = ruleset["rounding"].get("mode", "half up")
        self.known = {name: read(declared, facts.get(name)) for name, declared in ruleset["facts"].items()}
        #: the year that is scored: the first of several
        self.known["fiscal_year"] = Fraction(
            ruleset.get("fiscal_years", {"from": ruleset.get("fiscal_year", 0)})["from"]
        )
        self.derived = {name: entry["value"] for name, entry in ruleset.get("derived", {}).items()}
        self.nodes = {node["id"]: node for node in nodes_of(self.root) if "id" in node}
        self.beside = ruleset.get("adjustments", [])
        self.nodes |= {line["id"]: line for line in self.beside}
        self.scored = {}
        self.points = {}

    def value(self, text):
        return feel.evaluate(text, self.lookup)

    def lookup(self, name):
        if name == "scores":
            return _Scores(self)
        if name in self.derived:
            if name not in self.known:
                self.known[name] = self.remember(self.derived[name])
            if isinstance(self.known[name], Undefined):
                raise self.known[name]
        return self.known[name]

    def remember(self, text):
        try:
            return self.value(text)
        except Undefined as undefined:
            return undefined

    def applies(self, leaf):
        """True, False, or None where that is itself undefined."""
        if "applies" not in leaf:
            return True
        try:
            return truth(self.value(leaf["applies"]["when"]))
        except Undefined:
            return None

    def holds(self, constraint):
        """Whether a constraint holds, of every item where it goes through a list."""
        each = constraint.get("each")
        rows = [None] if each is None else self.known[each["of"]] or []
        for row in rows:

            def lookup(name, row=row):
                return row if each is not None and name == each["as"] else self.lookup(name)

            try:
                if "when" in constraint and not truth(feel.evaluate(constraint["when"], lookup)):
                    continue
                if not truth(feel.evaluate(constraint["holds"], lookup)):
                    return False
            except Undefined:
                return False
        return True

    def outcome(self):
        constraints = self.ruleset.get("constraints", {}).items()
        broken = {name for name, constraint in constraints if not self.holds(constraint)}
        if any(self.ruleset["constraints"][name]["otherwise"] == "error" for name in broken):
            return Outcome(broken=broken)
        leaves = leaves_of(self.root)
        self.applied = {leaf["id"]: self.applies(leaf) for leaf in (*leaves, *self.beside)}

        def leaving(otherwise):
            return {
                leaf["id"]
                for leaf in leaves
                if self.applied[leaf["id"]] is False and leaf["applies"]["otherwise"] == otherwise
            }

        try:
            self.points = points_on_sheet(self.root, leaving("exclude"), self.digits, leaving("absent"))
            self.points |= {line["id"]: Fraction(line["points"]) for line in self.beside}
        except NothingApplies:
            return Outcome(nothing_applies=True)
        outcome = Outcome(broken=broken)
        for name, node in self.nodes.items():
            try:
                outcome.nodes[name] = self.score(name)
            except Undefined:
                if "children" not in node:
                    outcome.failing.add(name)
            except Blocked:
                pass
        if outcome.failing:
            outcome.blocked = self.readers_of(outcome.failing)
            return outcome
        total = sum(self.score(leaf["id"]).awarded for leaf in leaves)
        if "scale" in self.ruleset:
            total *= Fraction(self.ruleset["scale"]["to"]) / sum(self.points[leaf["id"]] for leaf in leaves)
        for line in self.beside:
            scored = self.score(line["id"])
            total += scored.awarded if line["effect"] == "bonus" else scored.awarded - scored.points
        sign = -1 if total < 0 else 1
        total = sign * round_to(sign * total, self.ruleset["rounding"]["total"], self.mode)
        clamp = self.ruleset.get("clamp") or {}
        total = max(total, Fraction(clamp["from"])) if "from" in clamp else total
        outcome.total = min(total, Fraction(clamp["to"])) if "to" in clamp else total
        outcome.grade = self.grade(outcome.total)
        return outcome

    def grade(self, total):
        return next((grade["id"] for grade in self.ruleset["grades"] if feel.passes(grade["in"], total)), None)

    def score(self, name):
        if name not in self.scored:
            node = self.nodes[name]
            try:
                self.scored[name] = self.score_group(node) if "children" in node else self.score_leaf(node)
            except (Undefined, Blocked) as error:
                self.scored[name] = error
        if isinstance(self.scored[name], Exception):
            raise self.scored[name]
        return self.scored[name]

    def score_group(self, node):
        parts = [self.score(child["id"]) for child in node["children"]]
        return Scored(sum(part.points for part in parts), sum(part.awarded for part in parts))

    def score_leaf(self, leaf):
        points, applied = self.points[leaf["id"]], self.applied[leaf["id"]]
        if applied is False:
            otherwise = leaf["applies"]["otherwise"]
            awarded = points if otherwise == "full" else Fraction(0)
            return Scored(points, awarded, awarded, otherwise)
        try:
            if applied is None:
                raise Undefined("whether the leaf applies")
            share, state = share_of(leaf, self.value, self.mode), "scored"
        except Undefined:
            if "undefined" not in leaf:
                raise
            share, state = Fraction(leaf["undefined"]["share"]), "undefined"
        own = leaf.get("rounding", {})
        rounded = round_to(share * points, own.get("digits", self.digits), own.get("mode", self.mode))
        awarded = points if share == 1 else min(points, rounded)
        return Scored(points, awarded, share * points, state)

    def readers_of(self, failing):
        """The leaves that mention the score of a failing node, or of one that does so itself."""
        readers, before = set(), None
        while readers != before:
            before = set(readers)
            unsure = failing | readers
            unsure |= {
                name for name, node in self.nodes.items() if any(leaf["id"] in unsure for leaf in leaves_of(node))
            }
            readers |= {
                name for name, node in self.nodes.items() if "method" in node and self.mentions(node["method"]) & unsure
            }
        return readers

    def mentions(self, part, within=frozenset()):
        """Ids whose scores are named anywhere in ``part`` of the document, also by way of derived values."""
        if isinstance(part, dict | list):
            inner = part.values() if isinstance(part, dict) else part
            return set().union(*(self.mentions(one, within) for one in inner))
        if not isinstance(part, str):
            return set()
        named = set(re.findall(r"\bscores\.([a-z0-9_]+)", part))
        for name in (set(re.findall(r"[a-z][a-z0-9_]*", part)) & set(self.derived)) - within:
            named |= self.mentions(self.derived[name], within | {name})
        return named


class _Scores(dict):
    """``scores``: every indicator's points, awarded and rate, worked out when read."""

    def __init__(self, scoring):
        super().__init__()
        self.scoring = scoring

    def __missing__(self, name):
        try:
            scored = self.scoring.score(name)
        except Undefined as undefined:
            raise Blocked(name) from undefined
        rate = scored.awarded / scored.points if scored.points else None
        return {"points": scored.points, "awarded": scored.awarded, "rate": rate}


def read(declared, value):
    """A plain JSON value as FEEL sees it; what is absent is null."""
    if value is None:
        return None
    if declared["type"] == "number":
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    if declared["type"] == "date":
        return date.fromisoformat(value)
    if declared["type"] == "list":
        return [{name: read(inner, item.get(name)) for name, inner in declared["item"].items()} for item in value]
    return value
