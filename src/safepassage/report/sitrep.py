"""The situation report: one picture on paper, for people who must decide. One self-contained page, for printing and for e-mail.

What was seen, what was only heard, and what nobody saw stand apart; every figure keeps its bounds, and what is absent is said.
"""

from __future__ import annotations

from safepassage.disclosure.views import View
from safepassage.report import parts
from safepassage.report.drawing import corridor
from safepassage.report.pages import render, source_of_style
from safepassage.report.phrases import Words, people, thousands
from safepassage.report.summary import inexact, lead, seen, unlisted
from safepassage.values.counts import NONE

PAGE = "sitrep"


def sitrep(view: View) -> bytes:
    """The report of this view, in the order in which it is read: who, what is agreed, what was seen, what differs, what next."""
    words = Words(view)
    plan = parts.next_plan(view)
    clauses, idle = parts.judged(view)
    return render(
        PAGE,
        view=view,
        words=words,
        people=people,
        thousands=thousands,
        lead=lead(view, words),
        seen=seen(view),
        unlisted=unlisted(view),
        inexact=inexact(view),
        none_counted=NONE,
        drawing=corridor(view),
        clauses=clauses,
        idle=idle,
        mark=parts.mark,
        tally=parts.tally,
        reasons=parts.reasons,
        watched=parts.watched,
        idle_said=parts.idle_said,
        told=parts.told(view),
        differing=parts.differing(view),
        settled_by=parts.settled_by,
        bare=parts.bare(view, words),
        open_hours=parts.open_hours(view),
        plan=plan,
        trips=parts.still_to_go(plan, view.now),
        left_out=parts.left_out(view, words),
    )


def style_hash() -> str:
    """The CSP source of the report's inline style, quotes included, for the response that carries it and for no other."""
    return source_of_style(PAGE)
