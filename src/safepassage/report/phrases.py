"""How the reports say a view's figures, times and places. Bounds stay bounds; what is not known is said, never drawn as nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup, escape

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import PostView, Ref, View
from safepassage.values.counts import Count
from safepassage.values.times import Instant, local

WRISTBAND = re.compile(r"\bw-[a-z0-9]{6}\b")
GROUP = re.compile(r"\bg-[a-z0-9]{4}\b")
CODE = re.compile(r"\b[A-Z]{1,3}-[0-9]{1,3}\b")
SECONDS = re.compile(r"\b(\d\d:\d\d):\d\d(?:\.\d+)?\b")
CONTENT_ID = re.compile(r"\b[0-9a-f]{64}\b")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
NOT_SEEN = "not known: nobody neutral saw it"


class Words:
    """The words of one view: its zone, its names of places, what its audience is not shown."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._names = {place.place: place.name for place in view.places}

    def time(self, moment: Instant | None) -> str:
        """`23:04`, with the day where it is not the day of the report; the zone is named once, at the top."""
        if moment is None:
            return "time not known"
        seen = local(moment, self._view.zone)
        same = seen.date() == local(self._view.now, self._view.zone).date()
        return f"{seen:%H:%M}" if same else f"{seen.day} {MONTHS[seen.month - 1][:3]} {seen:%H:%M}"

    def day(self, moment: Instant) -> str:
        return _day(local(moment, self._view.zone))

    def moment(self, moment: Instant) -> str:
        """`18 December 2016, 23:04`."""
        return f"{self.day(moment)}, {local(moment, self._view.zone):%H:%M}"

    def zone(self) -> str:
        """`Damascus time`."""
        return f"{self._view.zone.rpartition('/')[2].replace('_', ' ')} time"

    def title(self) -> str:
        """The deployment's name; where it has none of its own, its sides."""
        view = self._view
        own = view.name if view.name != view.deployment else ""
        return own or ", ".join(side.name for side in view.sides) or view.deployment

    def place(self, place: str | None) -> str:
        return NOT_SEEN if place is None else self._names.get(place, place)

    def leg(self, start: str | None, end: str | None) -> str:
        return f"{self.place(start)} to {self.place(end)}"

    def plain(self, text: str) -> Markup:
        """A text without wristbands, groups and content ids: a report travels further than the list of who wears what.

        Places have their names, times no seconds, and codes of vehicles stand unbroken and left to right.
        """
        text = CONTENT_ID.sub("that entry", GROUP.sub("a group", _wristbands(text)))
        text = SECONDS.sub(r"\1", self._place_names(text))
        return Markup(CODE.sub(r'<bdi class="n">\g<0></bdi>', str(escape(text))))

    def named(self, subject: str) -> bool:
        """Whether a subject has a name that a report may say: a wristband has none."""
        return WRISTBAND.fullmatch(subject) is None

    def entries(self, refs: Sequence[Ref]) -> str:
        shown = ", ".join(str(ref.index) for ref in refs[:4])
        more = f" and {len(refs) - 4} more" if len(refs) > 4 else ""
        return f"{'entry' if len(refs) == 1 else 'entries'} {shown}{more}" if refs else "no entry"

    def hidden(self, part: Part) -> bool:
        return part.value in self._view.hidden

    def _place_names(self, text: str) -> str:
        """An id that could be another word is a place only after `at`, `to`, `from` or `for`."""
        for place in sorted(self._names, key=len, reverse=True):
            before = r"(?<![\w-])" if "-" in place else r"(?<=\bat )|(?<=\bto )|(?<=\bfrom )|(?<=\bfor )"
            named = self._names[place].replace("\\", r"\\")
            text = re.sub(rf"(?:{before}){re.escape(place)}(?![\w-])", named, text)
        return text


def people(count: Count) -> str:
    return f"{count} {'person' if count == Count(1, 1) else 'people'}"


def number(many: int, one: str, more: str) -> str:
    return f"{many:,} {one if many == 1 else more}"


def join(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def thousands(count: Count) -> str:
    """`35,000–40,000`."""
    if count.high is None:
        return f"at least {count.low:,}"
    return f"{count.low:,}" if count.exact else f"{count.low:,}–{count.high:,}"


def on_post(posts: Iterable[PostView], place: str, now: Instant) -> tuple[PostView, ...]:
    """Who is at a place now. Hours that are not known count from their start."""
    return tuple(post for post in posts if post.place == place and post.start <= now and (post.end is None or post.end > now))


def _wristbands(text: str) -> str:
    """`w-5m7cwb, w-c3cmbf` is two wristbands, whichever they are."""
    listed = re.compile(rf"{WRISTBAND.pattern}(?:, {WRISTBAND.pattern})+")
    text = listed.sub(lambda found: f"{found[0].count(',') + 1} wristbands", text)
    return WRISTBAND.sub("a wristband", text)


def _day(seen: datetime) -> str:
    return f"{seen.day} {MONTHS[seen.month - 1]} {seen.year}"
