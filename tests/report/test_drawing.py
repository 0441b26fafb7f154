"""The corridor drawing: what is light, what is hatched, and where a vehicle can be."""

from __future__ import annotations

import msgspec

from safepassage.disclosure.audience import Part
from safepassage.report.drawing import WIDTH, corridor
from safepassage.report.labels import Rect, Wanted, place_labels
from tests.report.views import LEGS, NIGHT


def test_each_road_is_drawn_once_and_one_that_others_make_is_not_drawn_again() -> None:
    drawing = corridor(NIGHT)
    assert drawing is not None
    assert len(LEGS) == 6
    assert len(drawing.roads) == 4  # there and back is one road; the gate to Rashideen goes by the Khan road


def test_a_road_is_light_only_beside_a_place_with_somebody_on_post() -> None:
    drawing = corridor(NIGHT)
    assert drawing is not None
    posted = {place.name: place.posted for place in drawing.places}
    assert posted == {"Eastern assembly": True, "Ramouseh": True, "Khan road": False, "Rashideen": True, "Foua gate": False}
    assert sorted(len(road.light) for road in drawing.roads) == [1, 1, 1, 2]


def test_without_any_post_no_road_is_light() -> None:
    drawing = corridor(msgspec.structs.replace(NIGHT, posts=()))
    assert drawing is not None and drawing.covers
    assert not any(road.light for road in drawing.roads)


def test_where_posts_are_hidden_no_road_is_called_unwatched() -> None:
    drawing = corridor(msgspec.structs.replace(NIGHT, posts=(), hidden=(Part.POSTS.value,)))
    assert drawing is not None and not drawing.covers
    assert "not shown" in drawing.said


def test_a_vehicle_is_an_area_from_its_last_sighting_on() -> None:
    drawing = corridor(NIGHT)
    assert drawing is not None
    areas = {area.label.lines[0]: area for area in drawing.areas}
    assert set(areas) == {"B-05: 49–52", "B-07: 50"}
    assert areas["B-05: 49–52"].path.count("L") == 2  # from the gate, by the Khan road
    assert areas["B-07: 50"].path.count("L") == 1  # seen at the Khan road
    assert areas["B-05: 49–52"].overdue and not areas["B-07: 50"].overdue


def test_vehicles_out_of_action_are_written_beside_their_place() -> None:
    drawing = corridor(NIGHT)
    assert drawing is not None
    assert ("Foua gate", "1 out of action") in {label.lines for label in drawing.labels}


def test_a_view_without_roads_has_no_drawing() -> None:
    assert corridor(msgspec.structs.replace(NIGHT, legs=())) is None
    assert corridor(msgspec.structs.replace(NIGHT, places=())) is None


def test_places_without_a_position_stand_one_after_another() -> None:
    drawing = corridor(msgspec.structs.replace(NIGHT, places=tuple(msgspec.structs.replace(place, x=0, y=0) for place in NIGHT.places)))
    assert drawing is not None
    assert len({place.x for place in drawing.places}) == 5


def test_labels_stay_inside_and_apart() -> None:
    within = Rect(0, 0, WIDTH, 200)
    wanted = [Wanted(x, 100, 10, ("Some place",)) for x in (2, 60, 120, 180, 698)]
    labels = place_labels(wanted, [((2, 100), (698, 100))], within)
    boxes = [Rect(label.x, label.y - 11, 67, 14) for label in labels]
    assert all(box.x >= 0 and box.x + box.width <= WIDTH + 1 for box in boxes)
    assert not any(a.overlap(b) > 0 for index, a in enumerate(boxes) for b in boxes[index + 1 :])
