"""Methods made of methods: parts that add up, the best or the worst of several, the first case that holds."""

from decimal import Decimal as D

from strategies.builder import EDGE, FREE, TIE, UNDEFINED
from strategies.expressions import condition, undefined_condition, value


def compositions(simple, worth):
    """The generators of the four kinds; ``simple`` are those of the methods that they are made of, ``worth`` writes a worth."""

    def inner(b, points, where):
        return b.pick(*simple.values())(b, points, where)

    def part(b, method, **more):
        return {"id": b.name("part"), "label": b.text(), **({} if method is None else {"method": method}), **more}

    def fixed(b, points):
        return {"kind": "formula", "points": value(b, points)}

    def parts(b, points, where):
        units = int(points / b.quantum)
        cuts = sorted({b.integer(1, units) for _ in range(b.integer(1, 2))} | {units})
        sizes = [(high - low) * b.quantum for low, high in zip([0, *cuts], cuts, strict=False)]
        chosen = b.integer(0, len(sizes) - 1)
        made = []
        for index, size in enumerate(sizes):
            rest = fixed(b, b.pick(size, D(0))) if where in (TIE, EDGE) else inner(b, size, FREE)
            made.append(part(b, inner(b, size, where) if index == chosen else rest, **worth(b, points, size)))
        return {"kind": "parts", "parts": made}

    def either(kind, beaten):
        def generate(b, points, where):
            others = []
            for _ in range(b.integer(1, 2)):
                other = fixed(b, points if beaten else D(0)) if where in (TIE, EDGE) else inner(b, points, FREE)
                others.append(part(b, other, **(worth(b, points, points) if b.chance(4) else {})))
            if where == FREE and b.chance(3):
                half = max(points / 2 - points / 2 % b.quantum, b.quantum)
                others[0] = part(b, inner(b, half, FREE), **worth(b, points, half))
            others.insert(b.integer(0, len(others)), part(b, inner(b, points, where)))
            return {"kind": kind, "parts": others}

        generate.__name__ = kind
        return generate

    def cases(b, points, where):
        made = [part(b, None, when=condition(b, False), **worth(b, points, b.pick(points, D(0), points / 2)))]
        made = made if b.chance(2) else [part(b, fixed(b, points), when=condition(b, False))]
        if where == UNDEFINED and b.chance(2):
            made.append(part(b, fixed(b, points), when=undefined_condition(b)))
        if where == UNDEFINED and b.chance(3):
            return {"kind": "cases", "parts": made}
        when = {} if b.chance(3) else {"when": condition(b, True)}
        made.append(part(b, inner(b, points, where), **when))
        if when and b.chance(2):
            made.append(part(b, inner(b, points, b.pick(FREE, UNDEFINED))))
        return {"kind": "cases", "parts": made}

    return parts, either("best", beaten=False), either("worst", beaten=True), cases
