"""What somebody neutral could see, in field notation: posts with an end, posts without one, watches."""

from __future__ import annotations

from field import at, whereabouts

from safepassage.values.ids import PlaceId
from safepassage.values.times import Stretch
from safepassage.whereabouts.coverage import Coverage


def seen(said: str, since: str = "20:00", until: str = "21:00") -> Coverage:
    return whereabouts(said).coverage([PlaceId("ramouseh")], Stretch(at(since), at(until)))


def test_a_post_covers_until_it_is_left() -> None:
    assert seen("20:10  m03 @ramouseh  on post\n20:40  m03 @ramouseh  left post") == Coverage(60, 30, 0)


def test_a_post_whose_end_nobody_recorded_is_counted_apart() -> None:
    """Forty minutes, twenty of which another post covers anyway."""
    said = "20:20  m03 @ramouseh  on post\n20:20  m04 @ramouseh  on post\n20:40  m04 @ramouseh  left post"
    assert seen(said) == Coverage(60, 40, 0, open=20)
    assert str(seen(said)) == "somebody on post 40 of 60 min (20 of them on a post with no end recorded), watch signed for 0"


def test_a_post_elsewhere_or_afterwards_covers_nothing() -> None:
    assert seen("20:10  m03 @khan-road  on post\n21:10  m04 @ramouseh  on post") == Coverage(60, 0, 0)
