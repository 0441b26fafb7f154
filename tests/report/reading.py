"""A report as it is read: without marks and style, spaces joined."""

from __future__ import annotations

import re
from html import unescape


def read(page: bytes) -> str:
    body = re.sub(r"<style>.*?</style>", "", page.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace(" ,", ",").replace(" .", ".").replace(" ;", ";")
