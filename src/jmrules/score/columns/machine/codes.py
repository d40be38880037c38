"""The instructions. Each has a number of its own, which is also that of the register that it fills.

An instruction is a row of whole numbers: its code, three registers that it reads, the place of its numbers in the pool of floats and
in the pool of whole numbers, and two numbers whose meaning depends on the code.
"""

from __future__ import annotations

#: floats: least, greatest, 10^decimals (0: any); first number: fed column; second: how it is held (FED_*)
LOAD = 0
#: floats: value, relative error; whole: top, bottom, decimals; first number: 1 raw, 2 whole
CONSTANT = 1
ADD, SUBTRACT, MULTIPLY, DIVIDE = 2, 3, 4, 5
LEAST, GREATEST = 6, 7
NEGATE, MAGNITUDE = 8, 9
#: first number: mode (HALF_UP and so on); second: decimals
ROUND = 10
EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST = 11, 12, 13, 14, 15, 16
#: first number: 1 where the right side counts whatever the left says
AND, OR = 17, 18
NOT, CHOOSE = 19, 20
#: number -> band; floats: cuts; whole: how many, then above (0, 1) of each, entries, and tops and bottoms of the cuts
BAND = 21
#: target and actual of a fed list; floats: their bounds; first number: fed list; second: its fields, target * 100 + actual
COMPLETION = 22
#: number; floats: places and shares of the knots, steepest slope; first number: how many knots
INTERPOLATE = 23
#: left (-1: all), count; whole: all, cost, most, enough; cost -1: all that is left
DEDUCT = 24
#: so far (-1: nothing), truth; floats: worth
WEIGH = 25
#: share, applies (-1: always); whole: leaf, quanta, award where it does not apply, where it is undefined (-1: none), mode
AWARD = 26
#: entry, applies; whole: as AWARD, then how many entries and the award of each (-1: undefined)
AWARD_ENTRY = 27

#: columns of an instruction
CODE, A, B, C, FLOATS, WHOLE, FIRST, SECOND = range(8)

#: how a fed column is held, added up: whole numbers below 2^53; bounds and digits were looked at already; it is computed with
FED_WHOLE, FED_CHECKED, FED_COMPUTED = 1, 2, 4

#: what the second number of arithmetic says: FEEL's 34 digits bound the result, or nothing does
FEEL_DIGITS, UNLIMITED = 0, 1

HALF_UP, HALF_DOWN, HALF_EVEN, UP, DOWN, FLOOR, CEILING = range(7)
MODES = {
    "half up": HALF_UP,
    "half down": HALF_DOWN,
    "half even": HALF_EVEN,
    "up": UP,
    "down": DOWN,
    "floor": FLOOR,
    "ceiling": CEILING,
}
