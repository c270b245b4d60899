"""No small group can be had from what a table shows: not by reading, and not by taking the others from the total."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from portal.leaders.home import shown_cells
from portal.leaders.withholding import withheld, withheld_in_parts

SIZES = st.lists(st.integers(0, 30), max_size=12)


def leaks(sizes: Sequence[int], hidden: frozenset[int]) -> bool:
    """Whether a small group is shown, or the rest of a total that may be shown is one."""
    shown_small = any(0 < size < 5 for n, size in enumerate(sizes) if n not in hidden)
    rest, total = sum(sizes[n] for n in hidden), sum(sizes)
    return shown_small or (total >= 5 and 0 < rest < 5)


@given(SIZES)
def test_nothing_small_is_left_of_the_total(sizes: list[int]) -> None:
    assert not leaks(sizes, withheld(sizes))


@given(SIZES, st.data())
def test_nothing_small_is_left_where_some_are_hidden_already(sizes: list[int], data: st.DataObject) -> None:
    already = data.draw(st.frozensets(st.sampled_from(range(len(sizes))))) if sizes else frozenset()
    hidden = withheld(sizes, already)
    assert already <= hidden and not leaks(sizes, hidden)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)), max_size=14))
def test_nothing_small_is_left_of_any_part(rows: list[tuple[int, int]]) -> None:
    sizes, parts = [size for size, _ in rows], [part for _, part in rows]
    hidden = withheld_in_parts(sizes, parts)
    assert not leaks(sizes, hidden)
    for part in set(parts):
        here = [n for n, one in enumerate(parts) if one == part]
        inside = frozenset(at for at, n in enumerate(here) if n in hidden)
        assert not leaks([sizes[n] for n in here], inside)


def test_hiding_the_small_ones_alone_would_be_found() -> None:
    only_small: Callable[[Sequence[int]], frozenset[int]] = lambda sizes: frozenset(  # noqa: E731
        n for n, size in enumerate(sizes) if 0 < size < 5
    )
    assert leaks([3, 10, 20], only_small([3, 10, 20]))
    assert withheld([3, 10, 20]) == {0, 1}


def test_no_more_is_hidden_than_must_be() -> None:
    assert withheld([10, 20, 0]) == frozenset()
    assert withheld([3, 4, 20]) == {0, 1}  # seven together
    assert withheld([3]) == {0}


def test_the_table_says_which_is_small_and_which_is_hidden_with_it() -> None:
    rows = [[(3, "3"), (0, "—")], [(8, "8"), (6, "4 / 6")], [(20, "20"), (2, "1 / 2")], [(9, "9"), (9, "9 / 9")]]
    few, too = "不足 5 人，不显示", "一并不显示"
    assert shown_cells(rows, [1, 1, 1, 1]) == [[few, too], [too, too], ["20", few], ["9", "9 / 9"]]
