"""Refusals that ask: what stands there, what may stand there, and the question that a mediator must answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from safepassage.errors import UNREADABLE_CLAUSE, Problem, Where, problem

_PLAIN = {
    "OPEN": "[time to be agreed]",
    "UNIT": "minutes, hours or days of 24 hours",
    "CALENDAR": "calendar days",
    "CLOCK": "a clock time such as 08:00",
    "LABEL": "a label such as 11a",
    "NUMBER": "a number such as 1,500",
    "INT": "a number",
    "NAME": "the name of a place or a signatory",
    "PARTY": "words up to a full stop",
    "ZONE": "a time zone such as Asia/Damascus",
    "STRING": "words in quotes",
    "_COMMA": "a comma",
    "_SEMICOLON": "a semicolon",
    "DOT": "a full stop",
    "COLON": "a colon",
    "$END": "the end",
}
_QUESTIONS: tuple[tuple[str, str], ...] = (
    (
        r"(a|one|another)\s+bus\b",
        "Which is meant: `a different bus` for each, with `no bus counts twice`, or one bus that may answer several?",
    ),
    (
        r"days?\b(?!\s+of)",
        "Which days are meant: `calendar days`, to the end of the last day, or `days of 24 hours`, from instant to instant?",
    ),
    (r"every\b", "Counted from what: `after each report`, from the report made, or from fixed dates? Only the first can be judged."),
    (
        r"(promptly|immediately|without\s+delay|urgently|as\s+soon)\b",
        "Within what time? Write hours or days, or leave it `[time to be agreed]`.",
    ),
    (r"(about|around|approximately|roughly|some)\b", "What is the exact limit? The last instant that still counts must be written."),
    (
        r"(continuously|constantly|permanently|at\s+all\s+times)\b",
        "How long may a gap be? Write `without a gap of more than 30 minutes`, say.",
    ),
    (r"(regularly|periodically)\b", "How often, counted from what? Write `within 30 calendar days after each report`, say."),
)
_SURE = 2
_UNTITLED = 'What is this clause called? Write its title in quotes before the colon: `Clause 3 "Safe passage": …`.'
"""The first so many are asked only where their words stand at the fault itself; the others are vague wherever they stand."""
_WIDEST = 12
"""No more than so many allowed words are listed, the nearest to what stands there first."""
_LONGEST = 60
"""Characters of what stands there that are quoted, whole words of one line."""


def wording(wrong: UnexpectedInput, text: str, file: str, shown: Mapping[str, str]) -> Problem:
    """What stands there, what may stand there, and what to ask. `shown`: the words of each of the parser's terminals."""
    at: int = len(text) if _at_end(wrong) else getattr(wrong, "pos_in_stream", None) or 0
    found = _quoted(text[at:])
    words = {shown.get(name, _PLAIN.get(name, name.lower())) for name in _allowed(wrong)}
    allowed = sorted(words, key=lambda one: (-SequenceMatcher(None, one.lower(), found.lower()).ratio(), one))
    listed = "; ".join(allowed[:_WIDEST]) + (f"; and {len(allowed) - _WIDEST} more" if len(allowed) > _WIDEST else "")
    question = next((asked for pattern, asked in _QUESTIONS if re.match(pattern, text[at:], re.IGNORECASE)), "")
    question = question or next((asked for pattern, asked in _QUESTIONS[_SURE:] if re.search(rf"\b{pattern}", found, re.IGNORECASE)), "")
    if found.startswith(":") and len(words) == 1:
        question = _UNTITLED
    where = Where(file, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)
    return problem(
        UNREADABLE_CLAUSE,
        where,
        reason=f"`{found}` stands where one of these may stand: {listed}",
        question=question or "Write one of the words allowed there; docs/reference/clauses.md shows every shape.",
    )


def _quoted(rest: str) -> str:
    """What stands there: to the end of its sentence or line; of a long one, whole words and a mark that it goes on."""
    if not rest.strip():
        return "the end of the text"
    found = re.split(r"[.\n]", rest)[0].strip()
    if len(found) <= _LONGEST:
        return found or rest[0]
    return (found[:_LONGEST].rpartition(" ")[0] or found[:_LONGEST]) + " …"


def _at_end(wrong: UnexpectedInput) -> bool:
    return isinstance(wrong, UnexpectedEOF) or (isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END")


def _allowed(wrong: UnexpectedInput) -> Iterator[str]:
    """Lark's internal names of what may come."""
    if isinstance(wrong, UnexpectedCharacters):
        yield from wrong.allowed
    elif isinstance(wrong, UnexpectedToken):
        yield from wrong.accepts or wrong.expected
