"""Which bytes a player gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.formats.byte_ranges import Unsatisfiable, wanted


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=900-", 900, 999),
        ("bytes=900-5000", 900, 999),
        ("bytes=-100", 900, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=0-0", 0, 0),
        ("bytes = 1 - 2", 1, 2),
    ],
)
def test_a_range(header, first, last):
    found = wanted(header, 1000)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("header", ["", "bytes=-", "bytes=5-2", "items=0-1", "bytes=0-1,5-9", "bytes=a-b", "x" * 5000])
def test_what_is_no_single_range_means_the_whole_file(header):
    assert wanted(header, 1000) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=1000-", 1000), ("bytes=5000-6000", 1000), ("bytes=-0", 9), ("bytes=0-", 0)]
)
def test_bytes_that_are_not_there(header, size):
    with pytest.raises(Unsatisfiable):
        wanted(header, size)


@given(st.text(max_size=40), st.integers(0, 10**6))
def test_any_header_is_answered(header, size):
    try:
        found = wanted(header, size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found.first <= found.last < size
