"""The public page: how many people of each side have been registered at reception, rounded outwards, and nothing else.

It is late by its nature: somebody counts here only after the journey is over, so that it cannot be used to find a convoy (DESIGN 11).
Whatever view it is given, it reads no other figure of it, no tree head and no minute.
"""

from __future__ import annotations

import msgspec

from safepassage.disclosure.views import View
from safepassage.report.pages import render, source_of_style
from safepassage.report.phrases import Words
from safepassage.values.counts import Count
from safepassage.values.times import local

PAGE = "public"
FEW = 10
"""Fewer people than this are never told apart."""


class Total(msgspec.Struct, frozen=True):
    figure: str
    said: str


def public_page(view: View) -> bytes:
    """The public page of this view."""
    words = Words(view)
    hour = local(view.now, view.zone)
    return render(
        PAGE,
        exercise=view.exercise,
        title=words.title(),
        hour=f"{words.day(view.now)}, in the hour from {hour:%H}:00, {words.zone()}",
        totals=totals(view),
    )


def style_hash() -> str:
    """The CSP source of the public page's inline style, quotes included."""
    return source_of_style(PAGE)


def totals(view: View) -> tuple[Total, ...]:
    """One figure for each side; none where nobody at all is recorded, which is not the same as nobody having arrived."""
    if not any(side.registered_there for side in view.sides):
        return ()
    return tuple(Total(rounded(side.registered_there), f"from {side.name} were registered at reception.") for side in view.sides)


def rounded(persons: int) -> str:
    """Outwards, so that one bus more or less does not show: `200–300`; a round figure is hidden too.

    The truth is never outside; the step is 100, and 1,000 from 10,000 on.
    """
    if persons < FEW:
        return f"fewer than {FEW}"
    step = 1_000 if persons >= 10_000 else 100
    low = persons - persons % step
    bounds = Count(max(FEW, low), low + step)
    return f"{bounds.low:,}–{bounds.high:,}"
