"""What the laws share: scoring a case, and finding a problem's leaf."""

from fractions import Fraction

from jmrules import EvaluationError, evaluate, load_ruleset


def score(case):
    """The evaluation of a case, or the error that it is."""
    try:
        return evaluate(load_ruleset(case.ruleset), case.facts)
    except EvaluationError as error:
        return error


def outcome_text(ruleset, facts):
    """What an evaluation says, to the byte; of an error, where it is in the document, but not in which line of a file."""
    try:
        return evaluate(ruleset, facts).to_json()
    except EvaluationError as error:
        return "".join(
            f"{problem.place.pointer} {problem.code} {problem.message.zh} {problem.message.say('en')}"
            for problem in error.problems
        )


def leaves(nodes, pointer="/indicators"):
    """JSON pointer and leaf of each leaf of a document, in its order."""
    for index, node in enumerate(nodes):
        at = f"{pointer}/{index}"
        if "children" in node:
            yield from leaves(node["children"], f"{at}/children")
        else:
            yield at, node


def failing(error, ruleset):
    """Ids of the leaves that an error's problems point at."""
    by_pointer = {pointer: leaf["id"] for pointer, leaf in leaves(ruleset["indicators"])}
    by_pointer |= {f"/adjustments/{index}": line["id"] for index, line in enumerate(ruleset.get("adjustments", ()))}
    return {by_pointer.get(problem.place.pointer, problem.place.pointer) for problem in error.problems}


def stated_points(ruleset):
    if "points" in ruleset:
        return Fraction(ruleset["points"])
    return sum(Fraction(leaf["points"]) for _, leaf in leaves(ruleset["indicators"]))


def tree_nodes(node):
    """A node of a trace and all below it."""
    yield node
    for child in getattr(node, "children", ()):
        yield from tree_nodes(child)


def single_leaf(method, facts):
    """A small ruleset with one leaf, worth 10 points."""
    text = {"zh": "一"}
    leaf = {"id": "only", "label": text, "points": 10, "method": method, "source": {"status": "stated", "clause": "一"}}
    return {
        "id": "somewhere/small",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "draft",
        "title": text,
        "notice": {"issuer": text},
        "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "any", "label": text, "in": ">= 0"}],
        "facts": facts,
        "indicators": [leaf],
    }
