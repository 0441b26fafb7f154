"""Clauses to text, exactly: `parse(render(agreement))` is the agreement again; and each clause in other words."""

from __future__ import annotations

from safepassage.agreement import clause as c


def render(agreement: c.Agreement) -> str:
    """The whole text, in the one spelling that reads back as the same agreement."""
    lines = [f'Agreement "{agreement.title}".']
    if agreement.zoned:
        lines.append(f"Days are counted in the time zone {agreement.zone}.")
    return "\n".join([*lines, *(f"\n{render_clause(clause)}" for clause in agreement.clauses)]) + "\n"


def render_clause(clause: c.Clause) -> str:
    notes = "".join(f"\n  {_note(note)}" for note in clause.notes)
    return f'Clause {clause.label} "{clause.title}":\n  {render_shape(clause.shape)}{notes}'


def render_shape(shape: c.Shape) -> str:
    """The sentence, with its full stop."""
    match shape:
        case c.Duty(each, act, within, unless):
            less = f", unless {' and '.join(map(phrase, unless))}" if unless else ""
            return f"For each {phrase(each)}, {phrase(act)} within {render_limit(within)}{less}."
        case c.Pairing(each, act, within):
            return f"For each {phrase(each)}, a different {phrase(act)} within {render_limit(within)}; no bus counts twice."
        case c.Before(each, past, at_most):
            most = f", at most {render_limit(at_most)} earlier" if at_most else ""
            return f"For each {phrase(each)}, {phrase(past)} before{most}."
        case c.Ban(what):
            return f"No {phrase(what)}."
        case c.Presence(enters, leaves, present, gap):
            stretch = f"From when {phrase(enters)} until {phrase(leaves)}"
            return f"{stretch}, {phrase(present)} without a gap of more than {render_limit(gap)}."
        case c.Cycle(act, first, after, then):
            start = f"{phrase(act)} within {render_limit(first)} after {phrase(after)}"
            return f"{start}, and then within {render_limit(then)} after each report."
        case c.Balance(one, other, limit):
            return f"At no time do {phrase(one)} and {phrase(other)} differ by more than {limit:,}."


def phrase(atom: c.Atom) -> str:
    return atom.words.replace("{place}", _name(atom.place))


def _name(place: str) -> str:
    """As the grammar reads it: quoted unless every word begins with a capital and holds nothing strange."""
    plain = all(word[:1].isupper() and word[:1].isascii() and word.replace("-", "").isalnum() for word in place.split())
    return place if plain and place else f'"{place}"'


def render_limit(limit: c.Limit) -> str:
    match limit:
        case c.Elapsed(_, amount, unit):
            units = unit if amount == 1 else f"{unit}s"
            return f"{amount} {units}{' of 24 hours' if unit == 'day' else ''}"
        case c.Calendar(days):
            return f"{days} calendar day{'' if days == 1 else 's'}"
        case c.Open(words):
            return f"[{words}]"


def _note(note: c.Note) -> str:
    match note:
        case c.Owed(words):
            return f"Owed by {words}."
        case c.Source(words):
            return f'Source: "{words}".'
        case c.Through(words):
            return f"Watched through {words}."
        case c.ClockStops():
            return "The clock stops while passage is suspended."


def understood(clause: c.Clause) -> str:
    """What was understood, in other words, for the mediator to confirm."""
    stops = " While passage is suspended, the clock stands still; only a signed suspension stops it." if clause.clock_stops else ""
    return f"we understood: {_other_words(clause.shape, clause.zone)}{stops}"


def _other_words(shape: c.Shape, zone: str) -> str:
    match shape:
        case c.Duty(each, act, within, unless):
            less = f" It is also met if both are so: {' and '.join(map(phrase, unless))}." if unless else ""
            return f"each {phrase(each)} opens a duty of its own: {phrase(act)}, {_until(within, zone)}.{less}"
        case c.Pairing(each, act, within):
            first = "first come, first served: each bus answers one bus, the earliest that nobody has answered"
            return f"each {phrase(each)} is owed one that answers it alone ({phrase(act)}), {_until(within, zone)}; {first}."
        case c.Before(each, past, at_most):
            since = f"at most {render_limit(at_most)} earlier" if at_most else "at any time since the agreement opened"
            return f"for each {phrase(each)}: {phrase(past)}, at the same instant or {since}."
        case c.Ban(what):
            return f"`{phrase(what)}`: one that is established is enough; without one, it is kept so far, as far as somebody watched."
        case c.Presence(enters, leaves, present, gap):
            between = f"between when {phrase(enters)} and when {phrase(leaves)}"
            return (
                f"{between}, no stretch longer than {render_limit(gap)} without a record that {phrase(present)}; exactly that is allowed."
            )
        case c.Cycle(act, first, after, then):
            counted = f"then {_until(then, zone)}, counted from each report made, not from a fixed calendar"
            return f"{phrase(act)}, {_until(first, zone)}, counted from {phrase(after)}; {counted}."
        case c.Balance(one, other, limit):
            sums = f"{phrase(one)} less {phrase(other)}"
            return f"{sums} stays between -{limit:,} and {limit:,}, judged after all that happened at one instant."


def _until(limit: c.Limit, zone: str) -> str:
    match limit:
        case c.Elapsed():
            return f"from that instant to exactly {render_limit(limit)} later, both included"
        case c.Calendar(days):
            return f"until 23:59:59 of day {days} after, in {zone}"
        case c.Open(words):
            return f"[{words}]: nobody has said by when, so it is never kept and never breached"
