from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.numbers import new_code, number_text, plain_code, same_number, short_number, shown_code
from core.drawing import CODE_ALPHABET


def test_the_number_reads_as_the_trade_writes_it():
    assert number_text("领航示范结字", 2026, 1) == "领航示范结字〔2026〕第0001号"
    assert number_text("领航示范结字", 2026, 12345) == "领航示范结字〔2026〕第12345号"


@pytest.mark.parametrize(
    "typed", ["领航示范结字〔2026〕第0001号", "2026-0001", "2026-1", "〔2026〕第0001号", "领航示范结字(2026)第 0001 号"]
)
def test_ways_of_writing_the_same_number(typed):
    assert same_number("领航示范结字〔2026〕第0001号", typed)


@pytest.mark.parametrize("typed", ["", "2026", "0001", "2025-0001", "2026-0010", "领航示范结字", "' OR 1=1 --"])
def test_other_numbers_are_not_taken_for_it(typed):
    assert not same_number("领航示范结字〔2026〕第0001号", typed)


def test_codes_are_eight_unmistakable_characters():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert plain_code(f" {shown_code('7K4MQ2XW').lower()} ") == "7K4MQ2XW"


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(text):
    short_number(text)
    plain_code(text)
