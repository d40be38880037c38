"""A bureau's own Word template, filled in by docxtpl: fields in {{ }}, rows and paragraphs by {% %}; a field that there is not is an error."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, Place, Problem, Text, did_you_mean
from jmrules.formats import seen
from jmrules.report.figures import money, money_lists
from jmrules.report.packed import packed_alike
from jmrules.report.telling import doubts_of, evidence_of, losses_of, number
from jmrules.report.word_analysis import analysis, earned_of, overview, points_of, rate, span, standing
from jmrules.report.word_given import check_word
from jmrules.report.word_narrative import SECTIONS
from jmrules.report.word_page import needs_word
from jmrules.report.word_report import name_of, notice_of
from jmrules.report.word_review import STAGE_WORDS, asked_matters, decision_said
from jmrules.review import ledger
from jmrules.ruleset import Group, walk

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2.sandbox import SandboxedEnvironment

    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.report.word_narrative import Narrative
    from jmrules.review import Adjudicated

#: loops within loops, and what a template may do with a text
_DEEPEST = 4
_FILTERS = (
    "default",
    "d",
    "join",
    "length",
    "count",
    "first",
    "last",
    "upper",
    "lower",
    "trim",
    "title",
    "e",
    "escape",
)


def fields(scored: Scored, narrative: Narrative, reviewed: Adjudicated | None, language: Language) -> dict[str, Any]:
    """Every field of a template, as texts and lists of them.

    ``indicators`` has a row an indicator, parents first; ``indicator`` has them by id; ``sections`` what the department wrote itself.
    """
    facts, ruleset = scored.facts, scored.ruleset
    claims = facts.claims
    from jmrules.crossfoot import asked, line, said

    rows = [
        _indicator(scored, narrative, pointer.count("/children"), node, language)
        for pointer, node in walk(ruleset.indicators)
    ]
    found: dict[str, Any] = {
        "department": name_of(scored, language), "fiscal_year": str(facts.fiscal_year), "title": ruleset.title.say(language),
        "notice": notice_of(scored, language), "notice_number": ruleset.notice.number or "", "issuer": ruleset.notice.issuer.say(language),
        "points": number(ruleset.points), "claimed": "—" if claims.total is None else number(claims.total), "grade_claimed": claims.grade or "—",
        "recomputed": span(scored.total), "grade": "、".join(grade.label.say(language) for grade in scored.review.grades),
        "over_claimed": number(scored.review.over_claimed), "in_doubt": number(scored.review.in_doubt),
        "on_assertion": number(scored.review.on_assertion),
        "reviewed": "—" if reviewed is None else span(reviewed.reviewed.between),
        "grade_reviewed": "—" if reviewed is None else "、".join(grade.label.say(language) for grade in reviewed.reviewed.grades),
        "indicators": rows, "indicator": {row["id"]: row for row in rows},
        "sections": {id: list(narrative.sections[id]) for id in SECTIONS if id in narrative.sections},
        "money": [dict(zip(("label", "amount", "source"), row, strict=True)) for row in money(scored, language)],
        "lists": [{"name": each.name, "heads": list(each.heads), "rows": [list(row) for row in each.rows]} for each in money_lists(scored, language)],
        "documents": [
            {"title": each.document.title, "number": each.document.number or "", "date": each.document.date or ""} for each in scored.evidence.documents
        ],
        "missing_documents": [
            {"kind": each.kind_label.say(language), "indicator": each.label.say(language)}
            for each in scored.evidence.required if each.status in ("missing", "out of date")
        ],
        "unknown": [] if scored.possible is None else [each.label.say(language) for each in scored.possible.worth],
        "matters": [
            {"about": line(each).say(language), "said": said(each).say(language), "ask": "" if (ask := asked(each)) is None else ask.say(language)}
            for each in asked_matters(scored)
        ],
        "decisions": [] if reviewed is None else [decision_said(each, language) for each in reviewed.decisions],
        "stages": [] if reviewed is None else [
            {"stage": STAGE_WORDS[each.stage].say(language), "total": "—" if each.total is None else number(each.total),
             "by": each.signed.by if each.signed else "", "date": each.signed.date if each.signed else ""}
            for each in reviewed.stages
        ],
        "findings": [
            {"found": str(each.entry.found), "problem": each.entry.problem, "measure": each.entry.measure or "", "owner": each.entry.owner or "",
             "due": each.entry.due or "", "state": each.state}
            for each in ledger((facts,), "9999-12-31")
        ],
    }  # fmt: skip
    return dict(_sound(found))


def _indicator(scored: Scored, narrative: Narrative, depth: int, node: Any, language: Language) -> dict[str, Any]:
    group = isinstance(node, Group)
    claimed = scored.facts.claims.indicators.get(node.id)
    earned, points = earned_of(scored, node), points_of(scored, node)
    return {
        "id": node.id, "label": node.label.say(language), "depth": str(depth), "points": number(node.points),
        "claimed": "—" if claimed is None else number(claimed), "recomputed": span(earned), "rate": rate(earned, points),
        "standing": overview(scored, node, language) if group else standing(scored, node, language),
        "analysis": [] if group else list(analysis(scored, node, language)),
        "losses": [] if group else list(losses_of(scored, node.id, language)),
        "evidence": [] if group else list(evidence_of(scored, node.id, language)),
        "doubts": [] if group else list(doubts_of(scored, node.id, language)),
        "own": list(narrative.indicators.get(node.id, ())),
    }  # fmt: skip


def _sound(value: Any) -> Any:
    """Texts that are text, whatever they look like."""
    if isinstance(value, dict):
        return {name: _sound(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_sound(part) for part in value]
    return seen(value).translate(dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd"))


def filled_template(path: str | Path, given: dict[str, Any]) -> bytes:
    """The template with its fields filled in; the same template and fields give the same bytes.

    Raises:
        DocumentError: it cannot be read.
        JmrulesError: it is no Word file that can be used, or asks for fields that there are not: all of them.
    """
    check_word(path)
    try:
        from docxtpl import DocxTemplate
        from jinja2 import TemplateError
    except ImportError:
        raise needs_word() from None
    lacking: dict[str, None] = {}
    template = DocxTemplate(str(path))
    try:
        template.render(given, _environment(lacking), autoescape=True)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise _not_a_template(str(path), error) from None
    if lacking:
        raise JmrulesError([_no_field(name, given, str(path)) for name in lacking])
    stream = io.BytesIO()
    template.save(stream)
    return packed_alike(stream.getvalue())


def _environment(lacking: dict[str, None]) -> SandboxedEnvironment:
    """Where a template's own code runs: it reads fields and repeats, and can do nothing else.

    ``lacking`` takes the names of fields that are shown or repeated and that there are not; to ask whether there is one is no error.
    """
    from jinja2 import ChainableUndefined, TemplateError, nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Lacking(ChainableUndefined):
        """A field that there is not."""

        def _note(self) -> None:
            lacking.setdefault(str(self._undefined_name))

        def __str__(self) -> str:
            self._note()
            return ""

        def __iter__(self) -> Any:
            self._note()
            return iter(())

        def __len__(self) -> int:
            self._note()
            return 0

        __html__ = __str__

    # what makes long texts of short ones, by its name
    refused = (nodes.Concat, nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.CallBlock, nodes.FilterBlock)

    class Bounded(ImmutableSandboxedEnvironment):
        """Templates whose work is bounded."""

        # what makes long texts of short ones
        intercepted_binops = frozenset({"*", "**", "%", "+"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise TemplateError(f"no {operator}")

        def call(self, context: Any, called: Any, *given: Any, **named: Any) -> Any:
            raise TemplateError("no calls")

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            tree = super()._parse(source, name, filename)
            if _depth(tree) > _DEEPEST:
                raise TemplateError("loops within loops")
            if any(next(tree.find_all(kind), None) is not None for kind in refused):
                raise TemplateError("fields, for and if are all there is")
            return tree

    def _depth(node: nodes.Node) -> int:
        inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
        return inner + isinstance(node, nodes.For)

    made = Bounded(undefined=Lacking, autoescape=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made


def _not_a_template(file: str, error: Exception) -> JmrulesError:
    line = getattr(error, "lineno", None)
    said = " ".join(str(error).split())[:200]
    return JmrulesError(
        Problem(
            "bad-template",
            Text(f"模板写得不对：{said}", f"the template cannot be filled in: {said}"),
            Text(
                "字段写成 {{ 名称 }}，重复写成 {%p for 各项 in 列表 %} … {%p endfor %}",
                "a field is {{ name }}, what is repeated {%p for each in list %} … {%p endfor %}",
            ),
            Place(file, line=line if isinstance(line, int) else None),
        )
    )


def _no_field(name: str, given: dict[str, Any], file: str) -> Problem:
    if name in SECTIONS:
        title = SECTIONS[name]
        return Problem("no-such-field", Text(f"模板要用“{title.zh}”，没有这段文字", f"the template wants {title.say('en')!r}, which nobody wrote"),
                       Text("请写进部门自述，用 --narrative 给出", "write it into the narrative, and give that by --narrative"), Place(file))  # fmt: skip
    known = {*given, *(key for row in given["indicators"][:1] for key in row), *given["indicator"]}
    return Problem("no-such-field", Text(f"没有“{name}”这个字段", f"there is no field {name!r}"),
                   did_you_mean(name, sorted(known), Text(f"字段有：{'、'.join(sorted(given))}", f"fields are {', '.join(sorted(given))}")), Place(file))  # fmt: skip
