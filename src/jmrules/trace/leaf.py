"""A leaf of a trace, made when it is read: its numbers at once, its figures and its words each when they are asked for."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError, Text, Undefined
from jmrules.feel import EXACT
from jmrules.feel.tree import Name
from jmrules.memo import kept
from jmrules.methods import Lost, Told
from jmrules.methods.wording import fill, lost_for, points
from jmrules.rounding import half_up
from jmrules.score import stated_points as all_there
from jmrules.score.exact import Poison
from jmrules.trace.account import fraction, in_points, leaves_by_id, stated, stated_points
from jmrules.trace.deferred import deferring
from jmrules.trace.explain import branch, explain, read
from jmrules.trace.inputs import Inputs
from jmrules.trace.model import LeafTrace, Loss, Move, Reading
from jmrules.trace.reading import reads
from jmrules.trace.required import required_evidence
from jmrules.trace.values import json_value
from jmrules.trace.view import View, view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.plan import Call, PlannedLeaf
    from jmrules.trace.account import Account
    from jmrules.trace.model import EvidenceCheck, Outcome


_deferred_leaf = deferring(LeafTrace, "id", "points", "awarded", "share")
_deferred_reading = deferring(Reading, "at", "expression", "value")


def leaf_traces(account: Account) -> list[LeafTrace]:
    """The traces of all leaves, in the order of the plan."""
    plan, outcome, maker = account.plan, account.outcome, partial(_made, account)
    digits, quanta = plan.ruleset.rounding.leaf, outcome.allocation.quanta
    points = (
        stated_points(plan) if outcome.allocation is all_there(plan) else [in_points(each, digits) for each in quanta]
    )
    return [
        _deferred_leaf(maker, id, whole, whole if award == full else in_points(award, digits), fraction(share))
        for id, whole, full, award, share in zip(
            leaves_by_id(plan), points, quanta, outcome.awards, outcome.shares, strict=True
        )
    ]


def _made(account: Account, leaf: LeafTrace, name: str) -> Mapping[str, Any]:
    return _MAKERS[name](account, leaves_by_id(account.plan)[leaf.id])


def _stated(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    return stated(account.plan.ruleset)[planned.leaf.id]


def _how(account: Account, planned: PlannedLeaf) -> Outcome:
    """How the leaf came by its share."""
    index = planned.index
    if index in account.outcome.causes:
        return "undefined"
    if account.outcome.applies[index] is not False:
        return "scored"
    assert planned.leaf.applies is not None
    otherwise = planned.leaf.applies.otherwise
    return "excluded" if otherwise == "exclude" else otherwise


def _outcome(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    return {"outcome": _how(account, planned)}


def _source(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    """The source of the rule that gave the points."""
    leaf, how = planned.leaf, _how(account, planned)
    ruled = leaf.undefined if how == "undefined" else None if how == "scored" else leaf.applies
    return {"source": (ruled and ruled.source) or leaf.source}


def seen(account: Account, planned: PlannedLeaf) -> View:
    """A view that has read what the evaluation read of the leaf."""
    view, how = view_of(account, planned), _how(account, planned)
    _read_condition(view)
    if how == "scored":
        read(view)
    elif how == "undefined":
        _read_what_failed(view)
    return view


def _read_condition(view: View) -> None:
    if view.leaf.applies is not None:
        try:
            view.read(view.leaf.applies)
        except Undefined:
            assert view.account.outcome.applies[view.leaf.index] is None


def _read_what_failed(view: View) -> None:
    """Read up to the failure, so that the facts it rests on are among the inputs."""
    try:
        explain(view, Fraction(1))
    except Undefined:
        return
    except AssertionError:
        return


def _inputs(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    with localcontext(EXACT):
        inputs = Inputs(seen(account, planned))
    return {"inputs": inputs.found, "basis": inputs.basis}


def _readings(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    found = _read_plainly(account, planned)
    if found is None:
        with localcontext(EXACT):
            found = [(_place(planned, call), value) for call, value in seen(account, planned).found]
    return {
        "readings": tuple(
            [
                _deferred_reading(
                    partial(_said, account, planned, place, value), place.at, place.text, json_value(value)
                )
                for place, value in found
            ]
        )
    }


@frozen(eq=False)
class _Place:
    """A call of a leaf, and what a reading of it says whatever its value."""

    call: Call
    at: str
    text: str
    #: the slot whose value it is; None where it must be computed
    slot: int | None


@kept
def _place(planned: PlannedLeaf, call: Call) -> _Place:
    at = call.pointer.removeprefix(f"{planned.pointer}/").removeprefix("method/")
    named = isinstance(call.expression.tree, Name) and call.slots is not None and len(call.slots) == 1
    return _Place(call, at, call.expression.text, call.slots[0] if named and call.slots else None)


@kept
def _places(planned: PlannedLeaf) -> tuple[_Place, ...] | None:
    """Where a scored leaf is read, its condition first; None where that depends on values."""
    if planned.shape.branching:
        return None
    return tuple(
        _place(planned, call) for call in (*([planned.applies] if planned.applies else []), *planned.shape.calls)
    )


def _read_plainly(account: Account, planned: PlannedLeaf) -> list[tuple[_Place, Any]] | None:
    """What was read of a leaf where all has a value; None where it takes more to tell."""
    places, index, slots = _places(planned), planned.index, account.slots
    if places is None or index in account.outcome.causes:
        return None
    if not account.outcome.applies[index]:
        places = places[:1]
    found = []
    for place in places:
        if place.slot is not None:
            value = slots[place.slot]
        else:
            with localcontext(EXACT):
                value = reads(account, place.call)[0]
        if type(value) is Poison:
            return None
        found.append((place, value))
    return found


def _said(
    account: Account, planned: PlannedLeaf, place: _Place, value: Any, reading: Reading, name: str
) -> Mapping[str, Any]:
    with localcontext(EXACT):
        return {name: view_of(account, planned).said(place.call, value)}


def _words(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    """How the leaf came by its share, in words, and what it lost."""
    how, share = _how(account, planned), fraction(account.outcome.shares[planned.index])
    with localcontext(EXACT):
        view = view_of(account, planned)
        if how == "scored":
            told = explain(view, share)
        elif how == "undefined":
            told = _undefined(view, share, account.outcome.causes[planned.index])
        else:
            told = _not_applicable(view, share)
        losses = _losses(account, planned, how, told.lost)
    return {"explanation": _with_own_points(account, planned, told.text), "parts": told.parts, "losses": losses}


def _with_own_points(account: Account, planned: PlannedLeaf, text: Text) -> Text:
    """The words with what the department set the points to, where those are not the notice's."""
    facts = _stated(account, planned)
    own: Decimal | None = facts["set"]
    if own is None:
        return text
    own_text, stated = points(own), points(facts["stated"])
    return fill(
        "{text}（分值由本单位定为 {own}，办法所列为 {stated}）",
        "{text} (the department set {own}, the notice lists {stated})",
        text=text, own=own_text, stated=stated,
    )  # fmt: skip


def _branch(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    """The branches that were taken."""
    how, share = _how(account, planned), fraction(account.outcome.shares[planned.index])
    if how != "scored":
        return {"branch": "undefined" if how == "undefined" else "does not apply"}
    with localcontext(EXACT):
        return {"branch": branch(view_of(account, planned), share)}


def _undefined(view: View, share: Fraction, cause: JmrulesError) -> Told:
    declared = view.leaf.leaf.undefined
    assert declared is not None
    inner = cause.problems[0].message
    reason = Text(f"{declared.reason.zh}（{inner.zh}）", f"{declared.reason.say('en')} ({inner.say('en')})")
    ending = view.ending(share)
    text = Text(f"{reason.zh}，{ending.zh}", f"{reason.say('en')}: {ending.say('en')}")
    return Told(text, lost_for(share, reason))


def _not_applicable(view: View, share: Fraction) -> Told:
    applies = view.leaf.leaf.applies
    assert applies is not None
    reason = applies.reason
    if applies.otherwise == "absent":
        text = Text(f"不在评分范围：{reason.zh}", f"is not scored here: {reason.say('en')}")
        return Told(text)
    if applies.otherwise == "exclude":
        text = Text(
            f"不适用：{reason.zh}，分值转给其他指标",
            f"does not apply: {reason.say('en')}; its points go to other indicators",
        )
        return Told(text)
    ending = view.ending(share)
    if applies.otherwise == "zero":
        # What bars the points is no reason why the indicator would not apply.
        text = Text(f"{reason.zh}，{ending.zh}", f"{reason.say('en')}: {ending.say('en')}")
    else:
        text = Text(f"不适用：{reason.zh}，{ending.zh}", f"does not apply: {reason.say('en')}: {ending.say('en')}")
    return Told(text, lost_for(share, reason))


def _losses(account: Account, planned: PlannedLeaf, how: Outcome, lost: tuple[Lost, ...]) -> tuple[Loss, ...]:
    """Losses as decimals that close the books: each rounded, and a line of its own for what rounding leaves."""
    outcome, digits = account.outcome, account.plan.ruleset.rounding.leaf
    points = in_points(outcome.allocation.quanta[planned.index], digits)
    awarded = in_points(outcome.awards[planned.index], digits)
    kind = {"undefined": "undefined", "zero": "not-applicable"}.get(how, "method")
    lines = [
        Loss(_quantised(item.share * Fraction(points), digits), item.reason, kind, item.part)  # type: ignore[arg-type]
        for item in lost
    ]
    if len(lines) == 1:
        # One reason carries the whole loss, its rounding included.
        only = lines[0]
        return (Loss(points - awarded, only.reason, only.kind, only.part),)
    rest = points - awarded - sum((line.points for line in lines), Decimal(0))
    if rest:
        lines.append(
            Loss(
                rest,
                Text(f"取到 {planned.digits} 位小数的差额", f"difference from rounding to {planned.digits} decimals"),
                "rounding",
            )
        )
    return tuple(lines)


def _quantised(value: Fraction, digits: int) -> Decimal:
    return in_points(half_up(value.numerator * 10**digits, value.denominator), digits)


def _moves(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    plan, index = account.plan, planned.index

    def move(other: int, quanta: int) -> Move:
        leaf = plan.leaves[other].leaf
        return Move(leaf.id, leaf.label, in_points(quanta, plan.ruleset.rounding.leaf))

    named = [
        move(item.source, item.quanta) if item.target == index else move(item.target, -item.quanta)
        for item in account.outcome.allocation.moves
        if index in (item.source, item.target)
    ]
    return {"moves": tuple(named)}


def _evidence(account: Account, planned: PlannedLeaf) -> Mapping[str, Any]:
    # What does not apply needs no papers.
    needed = _how(account, planned) in ("scored", "undefined")
    found: tuple[EvidenceCheck, ...] = required_evidence(planned.leaf, account.scored.facts) if needed else ()
    return {"evidence": found}


#: what makes each field that is not there from the start
_MAKERS: dict[str, Callable[[Account, PlannedLeaf], Mapping[str, Any]]] = {
    **dict.fromkeys(
        ("label", "stated", "set", "method", "applies", "undefined", "rounding", "note", "effect"), _stated
    ),
    **dict.fromkeys(("inputs", "basis"), _inputs),
    **dict.fromkeys(("explanation", "parts", "losses"), _words),
    "branch": _branch,
    "outcome": _outcome,
    "source": _source,
    "readings": _readings,
    "moves": _moves,
    "evidence": _evidence,
}
