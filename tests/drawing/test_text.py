"""Lines of Chinese text: what may begin and end them, what is never split, and blocks that fit their boxes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.drawing.linebreak import CLOSING, OPENING, Measured, break_lines, is_word, may_break
from core.drawing.text import POINT, Run, Style, TextDoesNotFit, fit_text, set_text, text_width

TOKENS = st.one_of(
    st.sampled_from(list("王敏同志参加数字政府与依法行政领航班学习期满考核合格")),
    st.sampled_from(["，", "。", "、", "；", "：", "）", "》", "”", "！", "——", "……", "·"]),
    st.sampled_from(["（", "《", "“", "〔"]),
    st.integers(0, 999_999).map(str),
    st.sampled_from(["40", "3.5", "100%", "2026年", "第3期", "v2.0", "linghang", "A-1", "e-mail", "3,200"]),
    st.just(" "),
)
MANY = settings(max_examples=400, deadline=None, database=None)
TEXTS = st.lists(TOKENS, min_size=1, max_size=80).map("".join)


def measured(text: str) -> Measured:
    return Measured(text, [0.5 if is_word(char) or char == " " else 1.0 for char in text], 1.0)


def widest_unit(text: str) -> float:
    m, start, widest = measured(text), 0, 0.0
    for at in range(1, len(text) + 1):
        if at == len(text) or (text[at] != " " and may_break(text, at)):
            widest = max(widest, sum(m.advances[start:at]))
            start = at
    return widest


def naive(text: str, count: int) -> list[str]:
    return [text[at : at + count] for at in range(0, len(text), count)]


@MANY
@given(TEXTS, st.integers(8, 30))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text: str, measure: int) -> None:
    assume(widest_unit(text) <= measure)
    lines = [text[start:end] for start, end in break_lines(measured(text), measure)]
    for line in lines[1:]:
        assert line[:1] not in CLOSING or not line
    for line in lines[:-1]:
        assert line[-1:] not in OPENING or not line


@MANY
@given(TEXTS, st.integers(8, 30))
def test_numbers_and_words_stay_whole(text: str, measure: int) -> None:
    assume(widest_unit(text) <= measure)
    for _, end in break_lines(measured(text), measure)[:-1]:
        assert not (is_word(text[end - 1]) and end < len(text) and is_word(text[end]))


@MANY
@given(TEXTS, st.integers(1, 30))
def test_every_line_fits_and_nothing_is_lost(text: str, measure: int) -> None:
    m = measured(text)
    spans = break_lines(m, measure)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    for start, end in spans:
        assert m.width(start, end) <= max(measure, 1.0) + 1e-9 or end - start == 1


def test_control_cutting_after_so_many_characters_breaks_each_rule() -> None:
    text = "王敏参加数字政府班（第3期），学习期满，修完规定课程40学时"
    lines = naive(text, 14)
    assert lines[1][0] in CLOSING
    assert any(is_word(a[-1]) and is_word(b[0]) for a, b in zip(naive("修完规定课程40学时", 7), ["0"], strict=False))
    kept = [text[start:end] for start, end in break_lines(measured(text), 14)]
    assert not any(line[0] in CLOSING for line in kept)


def test_an_opening_mark_before_a_blank_does_not_end_a_line() -> None:
    text = "王王王王王王王——1000王（ 王"
    lines = [text[start:end] for start, end in break_lines(measured(text), 8)]
    assert not any(line.endswith("（") for line in lines[:-1])


def test_a_number_stays_with_its_unit() -> None:
    text = "参加第12期培训班于2026年9月7日开班"
    for measure in range(4, 14):
        joined = "|".join(text[start:end] for start, end in break_lines(measured(text), measure))
        assert "12|期" not in joined
        assert "第|12" not in joined
        assert "9|月" not in joined


def test_a_word_wider_than_the_line_is_cut_and_kept() -> None:
    text = "https://linghang.example.cn/verify/abcdefghijklmnopqrstuvwxyz"
    spans = break_lines(measured(text), 6)
    assert "".join(text[a:b] for a, b in spans) == text
    assert len(spans) > 3


def test_marks_that_meet_share_their_room() -> None:
    assert text_width("（女），", "serif", 10) < text_width("（女）", "serif", 10) + 10 * POINT
    assert text_width("《", "serif", 10) == pytest.approx(10 * POINT)


def test_justified_lines_reach_both_edges_and_the_last_does_not() -> None:
    block = set_text(
        "王敏同志参加数字政府与依法行政领航班学习期满考核合格准予结业",
        Style("serif", 12, align="justify"),
        60,
    )
    assert len(block.lines) > 2
    for line in block.lines[:-1]:
        assert sum(line.advances) * POINT == pytest.approx(60, abs=0.01)
    assert sum(block.lines[-1].advances) * POINT < 59


def test_a_block_shrinks_to_fit_and_refuses_what_cannot_fit() -> None:
    style = Style("serif", 20, leading=1.5)
    block = fit_text("参加数字政府与依法行政领航班" * 4, style, 100, 30)
    assert block.style.size < 20
    assert block.height <= 30 + block.style.size * 0.5 * POINT + 1e-6
    with pytest.raises(TextDoesNotFit, match="放不下"):
        fit_text("参加数字政府与依法行政领航班" * 400, style, 100, 30)


def test_markup_is_text() -> None:
    block = set_text([Run("<b>王敏</b> &amp; (a) \\n", "sans")], Style("sans", 10), 150)
    assert block.lines[0].text == "<b>王敏</b> &amp; (a) \\n"
