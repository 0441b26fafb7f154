"""Devices whose chain is not whole here: numbers that later ones show to be absent, and numbers that were signed twice.

All of it is logged; here it is only shown, until what is absent arrives.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from safepassage.disclosure.log import DeviceView
from safepassage.picture import Picture
from safepassage.values.ids import DeviceId


def odd_devices(picture: Picture) -> tuple[DeviceView, ...]:
    """Those with a hole or a fork, by name; a device of another epoch is another device."""
    numbers: defaultdict[DeviceId, Counter[int]] = defaultdict(Counter)
    for entry in picture.entries:
        numbers[entry.device][entry.sequence] += 1
    shown = [DeviceView(device, _open(sorted(seen)), _forked(seen)) for device, seen in sorted(numbers.items())]
    return tuple(each for each in shown if each.open or each.forked)


def _open(present: list[int]) -> tuple[tuple[int, int], ...]:
    pairs = zip([0, *present], present, strict=False)
    return tuple((before + 1, after - 1) for before, after in pairs if after > before + 1)


def _forked(seen: Counter[int]) -> tuple[int, ...]:
    return tuple(sorted(number for number, times in seen.items() if times > 1))
