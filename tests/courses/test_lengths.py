from __future__ import annotations

import pytest

from courses.rules.lengths import nominal_seconds, reading_seconds


@pytest.mark.parametrize(("characters", "minutes"), [(0, 0), (1, 1), (300, 1), (301, 2), (9000, 30)])
def test_reading_takes_whole_minutes_at_three_hundred_characters(characters, minutes):
    assert reading_seconds("<p>" + "字" * characters + "</p>\n&nbsp;") == minutes * 60


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({"kind": "video", "recorded": 1799, "minutes": 30}, 1799),
        ({"kind": "article", "minutes": 30}, 1800),
        ({"kind": "article"}, 120),
        ({"kind": "document"}, 0),
        ({"kind": "link"}, 0),
    ],
)
def test_the_recording_comes_first_then_the_editor_then_the_text(given, seconds):
    assert nominal_seconds(**{"recorded": None, "minutes": None, "text": "字" * 400, **given}) == seconds
