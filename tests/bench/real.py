"""The shipped notices with their cases, in processor time and as ratios in one run.

python tests/bench/real.py [--peers FOLDER]

The work: the Jiangmen notice of 2024 and the real report as its department claims it (as-claimed.json, its gaps filled). Beside it the same criteria in
GoRules Zen (zen_jiangmen.py), where zen-engine is installed, and what a folder of further peers holds: modules with a function ``run(text)``.
Then every shipped notice with a case.
"""

import argparse
import gc
import importlib.util
import json
from pathlib import Path
from statistics import median
from time import process_time

from jmrules import evaluate, load_ruleset
from jmrules.crossfoot.crossfoot import cross_foot
from jmrules.facts.load import parse_facts
from jmrules.resources import shipped

HERE = Path(__file__).parent
NOTICE = "jiangmen/department-overall@2024"
ROUNDS = 7
#: processor time of one measurement
SECONDS = 0.05


def measured(rows):
    """Milliseconds of each piece of work, the pieces in turn so that a busy machine is as busy for all of them."""
    times, found = {}, {name: [] for name in rows}
    for name, work in rows.items():
        work()
        start = process_time()
        work()
        times[name] = max(1, int(SECONDS / max(1e-6, process_time() - start)))
    for _ in range(ROUNDS):
        for name, work in rows.items():
            gc.collect()
            start = process_time()
            for _ in range(times[name]):
                work()
            found[name].append((process_time() - start) / times[name] * 1e3)
    return {name: median(each) for name, each in found.items()}


def peers(folder, text):
    """What the modules of a folder make of the same facts; those that cannot are named."""
    for path in sorted(folder.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            module.run(text)
        except Exception as error:
            print(f"{path.stem}: {type(error).__name__}: {error}")
        else:
            yield path.stem, lambda run=module.run: run(text)


def labels(nodes):
    """The labels of all indicators."""
    return {node["id"]: node["label"] for node in nodes} | {
        id: label for node in nodes for id, label in labels(node.get("children", ())).items()
    }


def zen_rows(document, notice):
    """The same criteria in Zen; nothing where it is not installed."""
    try:
        import zen_jiangmen as zen
    except ImportError:
        return {}
    text = zen.facts_text(document, notice["facts"])
    plain, worded = zen.decision(), zen.decision(labels(notice["indicators"]))
    return {
        "zen: JSON -> JSON, its trace": lambda: plain(text),
        "zen: the same, words in two languages": lambda: worded(text),
    }


def notice_rows(ruleset, text):
    """What a user does with one department."""
    facts = parse_facts(text)

    def awards():
        scored = evaluate(ruleset, facts)
        return [leaf.awarded for leaf in scored.trace.leaves]

    return {
        "load facts": lambda: parse_facts(text),
        "load the ruleset again": lambda: load_ruleset(ruleset.reference),
        "evaluate -> total": lambda: evaluate(ruleset, facts).total,
        "evaluate, every award read": awards,
        "cross-footing": lambda: cross_foot(ruleset, facts),
        "evaluate, findings with cross-footing": lambda: evaluate(ruleset, facts).findings,
        "JSON -> JSON, compact": lambda: evaluate(ruleset, parse_facts(text)).to_json("compact"),
        "JSON -> JSON, whole": lambda: evaluate(ruleset, parse_facts(text)).to_json(),
    }


def cases():
    """Each shipped notice with the first of its cases that has a score."""
    for path in sorted(shipped("rulesets").glob("*/*/cases/*/*.json")):
        if path.name.endswith(".expected.json"):
            continue
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        reference = f"{document['ruleset'].partition('@')[0]}@{document['fiscal_year']}"
        try:
            ruleset = load_ruleset(reference)
            evaluate(ruleset, parse_facts(text)).to_json("compact")
        except Exception:
            continue
        yield ruleset, text


def show(found, base):
    """A line each, with the ratio to ``base`` where there is one."""
    for name, each in found.items():
        ratio = f"{each / base:8.2f} x" if base else ""
        print(f"  {name:42s} {each:9.3f} ms {ratio}")


def main():
    """Print the times."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--peers", type=Path, help="a folder of modules with a function run(text)")
    asked = arguments.parse_args()
    text = (HERE / "as-claimed.json").read_text(encoding="utf-8")
    ruleset = load_ruleset(NOTICE)
    rows = {
        **zen_rows(json.loads(text), json.loads(ruleset.source.text)),
        **(dict(peers(asked.peers, text)) if asked.peers else {}),
        **notice_rows(ruleset, text),
    }
    found = measured(rows)
    print(f"{NOTICE}, the real report as claimed; ratios to Zen's JSON -> JSON")
    show(found, found.get("zen: JSON -> JSON, its trace"))
    for each, case in {ruleset.reference: (ruleset, case) for ruleset, case in cases()}.values():
        print(each.reference)
        show(measured(notice_rows(each, case)), None)


if __name__ == "__main__":
    main()
