"""Where everything stands in the one row of whole numbers that the twin reads: the names of its places.

A *world* is one row `m`: numbers about it (`m[SIDES]`), where its tables begin (`m[m[LOAD] + route]`), the tables, and the working memory
of one decoding. A table with two indices lies flat: `side * 2 + kind`, `side * classes + class`, `gate * most + n`. `encoded` lays it out.
"""

from __future__ import annotations

Row = list[int]
"""Or an array of int64, once compiled."""

NEVER = 1 << 40
OPEN = 1 << 60
BEFORE = -(1 << 40)
DAY = 1440
FULL, HALF, ANY = 100, 50, 0
GENE = 5
"""Numbers of a gene: route, buses, ambulances, not before, and a label that only whoever made it can read."""
PLACED = 8
"""Numbers of a placed convoy: those of its gene as it went, start of loading, persons, the sum of their weights."""
NOBODY = -1
"""The label of a gene that nobody wished for."""
DEADLOCK = -1
DEARER = -2
"""What `decode` answers where there is no plan, or none that costs no more than asked."""

NUMBERS = 31
(
    SIDES, CLASSES, SIZES, HURT_SIZES, ROUTES, GATES, DAYS, LINKS, STOPPED, MINUTES, MOST, LOW, HIGH, NOW, LIMIT, LATE, ENDS,
    WOUNDED_WEIGHT, SWAPS, TOLD, PRICE, MOST_PLACES, RECEPTIONS, ARRIVALS, LAST_ARRIVAL, FACTS, ANY_MIXED, SINGLE, CHANGING, START, MEMORY,
) = range(NUMBERS)  # fmt: skip
"""`SIZES` different families, of which the first `HURT_SIZES` have wounded, all in the order in which they board; `STOPPED` suspensions;
`MINUTES` of the table `COLD`; `TOLD` announced convoys, and the `PRICE` of each person who does not keep theirs; at `MOST` so many convoys
pass a gate; no vehicle has more than `MOST_PLACES`; `RECEPTIONS` with a limit on each of `ARRIVALS` days, of which `LAST_ARRIVAL` is the
last that a convoy waits for; `FACTS` convoys under way; `ANY_MIXED`: some pool is; `SINGLE`:
none is, and the wounded are all on their own and need not lie; `CHANGING` numbers from `MEMORY` on are copied from `START` before each
decoding."""
TABLES = NUMBERS + 73
(
    ROUTE_SIDE, ROUTE_GATE, LOAD, PRE, ONWARD, POST, SETUP, PER_VEHICLE, WINDOW_FROM, OPENS, CLOSES, STOPS, GOES_ON, HOURS,
    POOL_FROM, MIXED, SEATS, PLACES, LIES, LOST, WEIGHTS, FAMILY, FAMILY_HURT, FAMILY_LYING, COLD, PLUS, MINUS, WP, WM, CONVOYS_MOST,
    CREW_FROM, ON_DUTY, OFF_DUTY, ENDS_THERE, FACT_BEGIN, FACT_END, FACT_MINUTE, FACT_UP, FACT_DOWN, FACT_COMES, FACT_BRINGS, FACT_WEIGHT,
    INWARD, HOME, EMPTY_SETUP, EMPTY_EACH, SWAP_LEG, SWAP_PLUS, SWAP_WP, SWAP_WM, SWAP_WITHIN, SWAP_WEIGHT, SWAP_MOST,
    TOLD_ROUTE, TOLD_DEPARTS, TOLD_PERSONS,
    FREE, ALONE, FAMILIES, WOUNDED, LYING, LAST, TRIPS, TAKES, CONVOYS, TOTALS, BUSY, POINTS,
    BUSY_BEGIN, BUSY_END, POINT_MINUTE, POINT_UP, POINT_DOWN,
) = range(NUMBERS, TABLES)  # fmt: skip
"""From `FREE` to `POINTS` stands what changes while convoys are placed, after it what `BUSY` and `POINTS` count. `TOTALS`: convoys placed,
the last end, the weighted minutes of those who passed. `SWAP_LEG`: by swap and route, the minutes from the gate to there, `NOWHERE` if
it does not lead there; `INWARD`: by route, the minutes from the gate until it is there again, empty; `NOWHERE` if nobody stops it.
By pool (side and kind), in which vehicles stand one after the other: the least `SEATS`, and whether it is `MIXED`; by vehicle: `PLACES`,
whether somebody `LIES` in it, when it is `LOST`, and from when it is `FREE`. `ENDS_THERE`: by route and reception, 1 where it does;
`TAKES`: by reception and day, the persons for whom there still is room."""
NOWHERE = -1
SOME_LOST, DIFFERENT = 1, 2
"""Of a pool that is mixed: its vehicles are alike, but some are lost later; or they differ."""
BLOCKED, OUT, BEFORE_BOARDING, BUSES, BEDS, CHAIRS, LEFT, CHOSEN = range(TABLES, TABLES + 8)
"""Genes that wait for the next placement, the placed convoys, who of a side waited before the convoy that is being placed; how many of its
buses, of its ambulances with stretchers, and of those without, have so many places that no family has taken; how many places are left to
anybody; and by vehicle of a mixed pool whether it goes."""
ON_SEATS, ON_BEDS, ON_CHAIRS, IN_ALL = range(4)
"""Of `LEFT`: in buses, on stretchers, in ambulances without, and persons whom parity and reception leave room for."""
HEAD = TABLES + 8
