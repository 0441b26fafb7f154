"""What was not accepted, and what became of it: open until an entry answers it, and kept with its answer after that."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from safepassage.disclosure.log import AnswerView, RefusalView
from safepassage.picture import Picture
from safepassage.picture.decided import RefusalAnswer


def with_answers(picture: Picture, kept: Sequence[RefusalView]) -> list[RefusalView]:
    """Each with the answer that the picture holds; the open ones first, and of either the newest."""
    answers = picture.refusals_answered()
    found = [replace(each, answer=_shown(picture, answers[each.digest]) if each.digest in answers else None) for each in kept]
    return sorted(found, key=lambda each: (each.answer is not None, -each.kept_at, each.digest))


def _shown(picture: Picture, said: RefusalAnswer) -> AnswerView:
    anew = picture.entry(said.anew).index if said.anew is not None and picture.knows(said.anew) else None
    return AnswerView(said.reason.value, said.by, said.at, picture.entry(said.answer).index, said.anew, anew)
