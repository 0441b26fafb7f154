"""Clauses to text, exactly: `parse(render(agreement))` is the agreement again, in either tongue."""

from __future__ import annotations

from typing import assert_never

from safepassage.agreement import clause as c
from safepassage.agreement.tongue import ENGLISH, TONGUES, Tongue


def render(agreement: c.Agreement) -> str:
    """The whole text, in the one spelling that reads back as the same agreement."""
    tongue = TONGUES[agreement.tongue]
    lines = [f"{tongue.say('Agreement')} {_quoted(agreement.title, tongue)}."]
    if agreement.zoned:
        lines.append(f"{tongue.say('Days are counted in the time zone')} {agreement.zone}.")
    return "\n".join([*lines, *(f"\n{render_clause(clause, tongue)}" for clause in agreement.clauses)]) + "\n"


def render_clause(clause: c.Clause, tongue: Tongue = ENGLISH) -> str:
    notes = "".join(f"\n  {_note(note, tongue)}" for note in clause.notes)
    title = f"{tongue.say('Clause')} {clause.label} {_quoted(clause.title, tongue)}"
    return f"{title}:\n  {render_shape(clause.shape, tongue)}{notes}"


def render_shape(shape: c.Shape, tongue: Tongue = ENGLISH) -> str:
    """The sentence, with its full stop."""
    return Spelling(tongue).sentence(shape) + "."


class Spelling:
    """How a tongue spells each part."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue

    def sentence(self, shape: c.Shape) -> str:
        say, phrase, limit, comma = self._tongue.say, self.phrase, self.limit, self._tongue.comma
        match shape:
            case c.Duty(each, act, within, unless):
                both = f" {say('and')} ".join(map(phrase, unless))
                less = f"{comma} {say('unless')} {both}" if unless else ""
                return f"{say('For each')} {phrase(each)}{comma} {phrase(act)} {say('within')} {limit(within)}{less}"
            case c.Pairing(each, act, within):
                answer = f"{say('a different')} {phrase(act)} {say('within')} {limit(within)}"
                return f"{say('For each')} {phrase(each)}{comma} {answer}{self._tongue.semicolon} {say('no bus counts twice')}"
            case c.Before(each, past, at_most):
                most = f"{comma} {say('at most')} {limit(at_most)} {say('earlier')}" if at_most else ""
                return f"{say('For each')} {phrase(each)}{comma} {phrase(past)} {say('before')}{most}"
            case c.Hours(each, start, end):
                return f"{say('For each')} {phrase(each)}{comma} {say('the hour is between')} {start} {say('and#3')} {end}"
            case c.Ban(what, spot):
                less = f"{comma} {say('except at')} {self.name(spot.name)}" if spot else ""
                return f"{say('No')} {phrase(what)}{less}"
            case c.Permission(what):
                return f"{say('It is allowed that')} {phrase(what)}"
            case c.Presence(enters, leaves, present, gap):
                stretch = f"{say('From when')} {phrase(enters)} {say('until')} {phrase(leaves)}"
                return f"{stretch}{comma} {phrase(present)} {say('without a gap of more than')} {limit(gap)}"
            case c.Cycle(act, first, after, then):
                start = f"{phrase(act)} {say('within')} {limit(first)} {say('after')} {phrase(after)}"
                return f"{start}{comma} {say('and then within')} {limit(then)} {say('after each report')}"
            case c.Balance(one, other, most):
                sums = f"{phrase(one)} {say('and#2')} {phrase(other)}"
                return f"{say('At no time do')} {sums} {say('differ by more than')} {most:,}"
            case c.Milestone(once, reached, then, amount, within, in_all):
                all_ = f" {say('in all')}" if in_all else ""
                start = f"{say('Once')} {reached:,} {phrase(once)}"
                return f"{start}{comma} {amount:,} {phrase(then)}{all_} {say('within')} {limit(within)}"
            case c.Ceiling(what, most, daily):
                frame = "On any calendar day, no more than" if daily else "At any time, no more than"
                return f"{say(frame)} {most:,} {phrase(what)}"
            case _:
                assert_never(shape)

    def phrase(self, atom: c.Atom) -> str:
        words = self._tongue.say(atom.words)
        return words.replace("{place}", self.name(atom.place)).replace("{party}", self.name(atom.place))

    def name(self, name: str) -> str:
        """As the grammar reads it: quoted unless every word begins with a capital and holds nothing strange."""
        plain = all(word[:1].isupper() and word[:1].isascii() and word.replace("-", "").isalnum() for word in name.split())
        return name if plain and name else _quoted(name, self._tongue)

    def limit(self, limit: c.Limit) -> str:
        match limit:
            case c.Elapsed(_, amount, unit):
                return f"{amount} {self._tongue.unit(amount, unit)}"
            case c.Calendar(days):
                return f"{days} {self._tongue.unit(days, 'calendar')}"
            case c.Open(words):
                return f"[{words}]"


_ENGLISH = Spelling(ENGLISH)


def phrase(atom: c.Atom) -> str:
    """A phrase in English."""
    return _ENGLISH.phrase(atom)


def render_limit(limit: c.Limit) -> str:
    """A limit in English."""
    return _ENGLISH.limit(limit)


def _quoted(words: str, tongue: Tongue) -> str:
    before, after = tongue.quotes
    return f"{before}{words}{after}"


def _note(note: c.Note, tongue: Tongue) -> str:
    match note:
        case c.Owed(words):
            return f"{tongue.say('Owed by')} {words}."
        case c.Source(words):
            return f"{tongue.say('Source:')} {_quoted(words, tongue)}."
        case c.Through(words):
            return f"{tongue.say('Watched through')} {words}."
        case c.ClockStops():
            return f"{tongue.say('The clock stops while passage is suspended')}."
        case c.ByProof():
            return f"{tongue.say('Times count only as far as they are proved')}."
        case c.Sourced(number):
            return f"{tongue.say('Established by')} {number} {tongue.say('independent sources')}."
