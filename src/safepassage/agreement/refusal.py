"""Refusals that ask: what stands there, what may stand there, and the question that a mediator must answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NoReturn

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from safepassage.errors import UNREADABLE_CLAUSE, Where, stop

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
_WIDEST = 12
"""No more than so many allowed words are listed."""


def refuse_wording(wrong: UnexpectedInput, text: str, file: str, shown: Mapping[str, str]) -> NoReturn:
    """What stands there, what may stand there, and what to ask. `shown`: the words of each of the parser's terminals."""
    at: int = len(text) if _at_end(wrong) else getattr(wrong, "pos_in_stream", None) or 0
    found = re.split(r"[.\n]", text[at : at + 40])[0].strip() or ("the end of the text" if at >= len(text) else text[at])
    allowed = sorted({shown.get(name, _PLAIN.get(name, name.lower())) for name in _allowed(wrong)})
    listed = "; ".join(allowed[:_WIDEST]) + (f"; and {len(allowed) - _WIDEST} more" if len(allowed) > _WIDEST else "")
    question = next((asked for pattern, asked in _QUESTIONS if re.match(pattern, text[at:], re.IGNORECASE)), "")
    where = Where(file, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)
    stop(
        UNREADABLE_CLAUSE,
        where,
        reason=f"`{found}` stands where one of these may stand: {listed}",
        question=question or "Write one of the words allowed there; docs/reference/clauses.md shows every shape.",
    )


def _at_end(wrong: UnexpectedInput) -> bool:
    return isinstance(wrong, UnexpectedEOF) or (isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END")


def _allowed(wrong: UnexpectedInput) -> Iterator[str]:
    """Lark's internal names of what may come."""
    if isinstance(wrong, UnexpectedCharacters):
        yield from wrong.allowed
    elif isinstance(wrong, UnexpectedToken):
        yield from wrong.accepts or wrong.expected
