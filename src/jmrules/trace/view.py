"""A leaf under explanation: its expressions read again, in words, with what they read remembered."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from jmrules.errors import Text
from jmrules.feel.tree import Binary, Name
from jmrules.quantities import points_apart, points_in_words, trimmed
from jmrules.trace.account import derivations, in_points
from jmrules.trace.reading import reads

if TYPE_CHECKING:
    from decimal import Decimal

    from jmrules.feel import Meaning, Words
    from jmrules.feel.tree import Expression
    from jmrules.plan import Call, PlannedLeaf
    from jmrules.ruleset import Effect
    from jmrules.trace.account import Account


@define(eq=False)
class View:
    """One leaf of an account, and its words; ``read`` remembers what was read. It is made for one look, by one thread."""

    account: Account
    leaf: PlannedLeaf
    words: Words
    #: points on this sheet, of the leaf or of the part that is told
    points: Fraction
    names: dict[str, None] = field(factory=dict)
    #: calls that have a value, and that value
    found: list[tuple[Call, Any]] = field(factory=list)
    #: calls that were read, those that have none too: the scores that they name were read
    calls: list[Call] = field(factory=list)
    #: whether it is a part that is told, whose points are not rounded
    partial: bool = False

    def read(self, call: Call) -> Any:
        """The value of the method's expression; raises its error."""
        for known, value in self.found:
            if known is call:
                return value
        value, error, names = reads(self.account, call)
        self.names.update(dict.fromkeys(names))
        self.calls.append(call)
        if error is not None:
            raise error
        self.found.append((call, value))
        return value

    def meaning(self, call: Call) -> Meaning | None:
        """Label and unit of an expression that is a single name."""
        tree = call.expression.tree
        return self.words.meanings.get(tree.name) if isinstance(tree, Name) else None

    def unit(self, call: Call) -> str | None:
        """The unit of the expression's value, as far as the names in it tell."""
        return self.words.vocabulary.unit_of(call.expression.tree)  # type: ignore[arg-type]

    def value_text(self, call: Call, value: Any) -> Text:
        """The value in its unit."""
        meaning = self.meaning(call)
        return self.words.value(value, self.unit(call), meaning.decimals if meaning else None)

    def named_value(self, call: Call, value: Any, value_text: Text | None = None) -> Text:
        """The value after its label, where the expression is a single name; else after the expression."""
        meaning = self.meaning(call)
        text = value_text or self.value_text(call, value)
        if meaning is None:
            return self.said(call, value, text)
        return Text(f"{meaning.label.zh} {text.zh}", f"{meaning.label.say('en')} {text.say('en')}")

    def said(self, call: Call, value: Any, value_text: Text | None = None) -> Text:
        """The expression in words with its value: derived values one level open."""
        tree: Expression = call.expression.tree  # type: ignore[assignment]
        text = call.expression.text
        value_text = value_text or self.value_text(call, value)
        if isinstance(tree, Name):
            if tree.name not in derivations(self.account.plan) or isinstance(value, list):
                return self.words.both(tree, text)
            opened: Expression = derivations(self.account.plan)[tree.name].call.expression.tree  # type: ignore[assignment]
            return _equals(self.opened(tree.name), value_text, opened)
        said = self.words.both(tree, text)
        return said if isinstance(value, bool) else _equals(said, value_text, tree)

    def opened(self, name: str) -> Text:
        """The expression of a derived value in words."""
        expression = derivations(self.account.plan)[name].call.expression
        return self.words.both(expression.tree, expression.text)  # type: ignore[arg-type]

    def ending(self, share: Fraction) -> Text:
        """What the share earns of the points."""
        digits, exact = self.account.plan.ruleset.rounding.leaf, share * self.points
        if self.partial:
            return earned(exact, exact, self.points, self.leaf.digits, max(2, digits))
        award = in_points(self.account.outcome.awards[self.leaf.index], digits)
        effect = self.leaf.leaf.effect
        if effect is not None:
            return beside(effect, award, self.points, digits)
        return earned(exact, award, self.points, self.leaf.digits, max(2, digits))

    def part(self, points: Fraction) -> View:
        """The same leaf, of a part that has so many points; what it reads is remembered of the leaf."""
        return evolve(self, points=points, partial=True)


def view_of(account: Account, leaf: PlannedLeaf) -> View:
    """A view of a leaf that has read nothing yet. The thread's decimal context must be FEEL's while it is used."""
    plan = account.plan
    points = in_points(account.outcome.allocation.quanta[leaf.index], plan.ruleset.rounding.leaf)
    return View(account, leaf, account.words, Fraction(points))


_SIGNS = {"+": " + ", "-": " − "}


def _equals(said: Text, value: Text, tree: Expression) -> Text:
    """The expression, and its value where it does not end with it, or begin with it and say why, already.

    An operation ends with the value of its last operand, which may equal its own; one that adds nothing is told as its first alone.
    """
    operation = isinstance(tree, Binary) and (tree.operator not in _SIGNS or _SIGNS[tree.operator] in said.zh)

    def equals(said: str, value: str, bracket: str) -> str:
        known = said == value or said.endswith(f" {value}") or said.startswith(f"{value}{bracket}")
        return said if known and not operation else f"{said} = {value}"

    return Text(equals(said.zh, value.zh, "（"), equals(said.say("en"), value.say("en"), " ("))


def earned(exact: Fraction, award: Decimal | Fraction, points: Fraction, digits: int, decimals: int) -> Text:
    """Points earned of points, with so many ``decimals``; and before rounding, where rounding to ``digits`` makes others of them."""
    whole = points_in_words(points, decimals)
    gained = points_in_words(award, decimals)
    if exact != award and (award in (0, points) or trimmed(exact, decimals) != trimmed(award, decimals)):
        said = points_apart(exact, award, digits + 2)
        to = Text("取整", "rounded") if not digits else Text(f"取到 {digits} 位小数", f"rounded to {digits} decimals")
        return Text(
            f"得 {said} 分（满分 {whole.zh}），{to.zh}为 {gained.zh}",
            f"{said} of {whole.say('en')}, {to.say('en')}, which makes {_number(gained)}",
        )
    if award == points:
        return Text(f"得满分 {whole.zh}", f"full {whole.say('en')}")
    if not award:
        return Text(f"不得分（满分 {whole.zh}）", f"0 of {whole.say('en')}")
    return Text(f"得 {gained.zh}（满分 {whole.zh}）", f"{_number(gained)} of {whole.say('en')}")


def beside(effect: Effect, award: Decimal, points: Fraction, digits: int) -> Text:
    """What a line beside the sheet adds or takes off, in words."""
    decimals = max(2, digits)
    most = points_in_words(points, decimals)
    counts = points_in_words(award if effect == "bonus" else points - Fraction(award), decimals)
    if award == (0 if effect == "bonus" else points):
        return Text("不加分", "nothing is added") if effect == "bonus" else Text("不倒扣", "nothing is taken off")
    if effect == "bonus":
        return Text(f"加 {counts.zh}（至多 {most.zh}）", f"adds {counts.say('en')} (at most {most.say('en')})")
    return Text(f"倒扣 {counts.zh}（至多 {most.zh}）", f"takes off {counts.say('en')} (at most {most.say('en')})")


def _number(points: Text) -> str:
    """The number of points in words."""
    return points.say("en").split(" ", maxsplit=1)[0]
