"""The competency report, the activation slips and plain lists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.drawing import (
    CODE_ALPHABET,
    ActivationSlip,
    AmbiguousCode,
    Column,
    MissingGlyphs,
    draw_competency_report,
    draw_slips,
    draw_table_document,
    missing_in_report,
)
from core.drawing.competency import DimensionResult, change, level
from core.drawing.dates import chinese_window
from core.drawing.radar import draw_radar
from core.drawing.sheet import Sheet
from tests.drawing.reading import codes_of, fonts_of, packed, run, saved, text_of, words_of
from tests.drawing.samples import LONG_NAME, LONG_UNIT, dimension, evidence, report

GOLDEN = Path(__file__).parent / "golden"


def pages_of(folder: Path, data: bytes) -> list[str]:
    return [packed(page) for page in text_of(folder, data).split("\f")[:-1]]


def test_the_report_says_exactly_this(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, draw_competency_report(report()))
    path = GOLDEN / "competency_report.txt"
    assert "\n".join(pages) + "\n" == path.read_text("utf-8")


def test_order_of_the_report_and_its_page_numbers(tmp_path: Path) -> None:
    data = draw_competency_report(report())
    pages = pages_of(tmp_path, data)
    assert len(pages) == 6
    assert "胜任力报告" in pages[0]
    assert "一页总览" in pages[1]
    assert "优势" in pages[1]
    assert "下一步" in pages[1]
    for number, (first, second) in enumerate((("A", "B"), ("C", "D"), ("E", "F")), 2):
        assert f"指标{first}1" in pages[number]
        assert f"指标{second}4" in pages[number]
    for number, page in enumerate(pages[1:], 2):
        assert f"第{number}页/共{len(pages)}页" in page
        assert "胜任力报告·王敏" in page
        assert "仅用于培训改进，不作为任免、奖惩的直接依据" in page
    assert "资料来源" in "".join(pages)
    assert "No syntax" in run("qpdf", "--check", saved(tmp_path, data))
    assert all(font["embedded"] == "yes" for font in fonts_of(tmp_path, data))


def test_figures_stand_in_the_table_beside_the_radar(tmp_path: Path) -> None:
    page = pages_of(tmp_path, draw_competency_report(report()))[1]
    assert "B行政体制改革与协同2.43.3+0.92.8–3.62.912条，2类" in page
    assert "A政治能力与决策执行—证据不足——2.912条，1类" in page


def test_the_summary_stays_on_one_page_also_with_long_sentences(tmp_path: Path) -> None:
    sentences = ("能推动多部门数据治理，在结业任务中提出可执行的责任清单，并说明数据目录与共享规则。" * 2,) * 3
    pages = pages_of(tmp_path, draw_competency_report(report(strengths=sentences, next_steps=sentences)))
    assert "一页总览" in pages[1]
    assert pages[1].count("责任清单") == 12
    assert "指标A1" in pages[2]


def test_a_dimension_without_enough_evidence_shows_no_level(tmp_path: Path) -> None:
    lacking = report((replace(dimension(0), insufficient=True), dimension(1), dimension(2)))
    pages = pages_of(tmp_path, draw_competency_report(lacking))
    part = pages[2].split("B行政体制改革与协同")[0]
    assert "证据不足" in part
    assert "证据不足，暂不判断" in part
    assert re.search(r"训[前后]\d", part) is None
    assert "训前2.2" in pages[2].split("B行政体制改革与协同")[1]


def test_the_radar_leaves_a_gap_and_never_a_zero() -> None:
    def strokes(dimensions: list[DimensionResult]) -> tuple[int, int]:
        sheet = Sheet(210, 297, title="图")
        draw_radar(sheet, dimensions, (105, 100), 40)
        closed = sum(1 for op in sheet.ops if op.endswith(" s"))
        dots = sum(1 for op in sheet.ops if op == "h b")
        return closed, dots

    full = [dimension(at) for at in range(6)]
    assert strokes(full) == (3, 18)
    assert strokes([replace(full[0], insufficient=True), *full[1:]]) == (1, 16)
    assert strokes(full[:2]) == (0, 0)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_reports_with_few_or_no_dimensions(tmp_path: Path, count: int) -> None:
    rows = tuple(dimension(at, indicators=1, lines=0) for at in range(count))
    data = draw_competency_report(report(rows, strengths=(), next_steps=(), sources=()))
    text = packed(text_of(tmp_path, data))
    assert "暂不列出优势" in text
    assert "暂无" in text
    assert "None" not in text


def test_a_report_without_any_evidence_says_so(tmp_path: Path) -> None:
    rows = tuple(DimensionResult(code, f"维度{code}", insufficient=True, indicators=()) for code in "ABCDEF")
    text = packed(text_of(tmp_path, draw_competency_report(report(rows, group_size=None))))
    assert "各维度的证据尚不足以形成结论" in text
    assert text.count("证据不足") >= 6
    assert "None" not in text


def test_forty_lines_of_evidence_run_over_pages_with_their_heading(tmp_path: Path) -> None:
    rows = (
        dimension(0, lines=0),
        dimension(1, lines=70, indicators=2, anchor="能牵头协调分歧并形成共识。" * 12),
    )
    data = draw_competency_report(report(rows))
    pages = pages_of(tmp_path, data)
    text = "".join(pages)
    for line in evidence(70):
        assert text.count(line.source) == 2
    assert "指标B1（续）" in text
    assert all(word.bottom < 297 - 8 and word.right < 192 for word in words_of(tmp_path, data))


def test_no_text_of_the_report_overlaps_another(tmp_path: Path) -> None:
    def overlaps(data: bytes) -> list[tuple[str, str]]:
        found = []
        for page in range(1, len(PdfReader(saved(tmp_path, data)).pages) + 1):
            one = tmp_path / "one.pdf"
            run("qpdf", saved(tmp_path, data), "--pages", ".", str(page), "--", str(one))
            words = words_of(tmp_path, one.read_bytes())
            for at, a in enumerate(words):
                for b in words[at + 1 :]:
                    wide = min(a.right, b.right) - max(a.left, b.left)
                    high = min(a.bottom, b.bottom) - max(a.top, b.top)
                    if wide > 0.3 and high > 1.6:
                        found.append((a.text, b.text))
        return found

    named = report(person=LONG_NAME, unit=LONG_UNIT, cohort="数字政府与依法行政领航班（第3期）" * 3)
    assert overlaps(draw_competency_report(report())) == []
    assert overlaps(draw_competency_report(named)) == []
    sheet = Sheet(210, 297, title="压字")
    from core.drawing.text import Style

    sheet.text("第一行", 20, 20, Style("sans", 12))
    sheet.text("第二行", 22, 21, Style("sans", 12))
    assert overlaps(sheet.finish()) != []


def test_reports_repeat_byte_for_byte_and_refuse_blanks() -> None:
    assert draw_competency_report(report()) == draw_competency_report(report())
    assert draw_competency_report(report()) != draw_competency_report(report(person="王玫"))
    broken = report(person="王\ue000")
    assert missing_in_report(broken) == {"\ue000"}
    assert missing_in_report(report(person="𠅤䶮")) == set()
    with pytest.raises(MissingGlyphs):
        draw_competency_report(broken)


def test_figures_round_as_people_do() -> None:
    from decimal import Decimal

    assert level(Decimal("2.25")) == "2.3"
    assert level(None) == "—"
    assert change(Decimal("2.35"), Decimal("3.25")) == "+0.9"
    assert change(Decimal("3.0"), Decimal("2.8")) == "−0.2"
    assert change(Decimal("3.04"), Decimal("3.0")) == "0.0"
    assert chinese_window(date(2026, 12, 28), date(2027, 1, 8)) == "2026年12月28日至2027年1月8日"
    assert chinese_window(date(2026, 9, 7), date(2026, 9, 11)) == "2026年9月7日至9月11日"


def slip(place: int, unit: str = "市大数据管理局", **changes: object) -> ActivationSlip:
    url = f"https://linghang.example.cn/start/{place}"
    made = ActivationSlip(
        f"学员{place}",
        unit,
        f"2026{place:04}",
        "7KMX-P2QW-9RTD",
        url,
        date(2026, 9, 21),
        "linghang.example.cn/start",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_slips_stand_unit_by_unit_with_all_a_person_needs(tmp_path: Path) -> None:
    slips = [slip(1), slip(2, "市司法局"), *(slip(at) for at in range(3, 9))]
    data = draw_slips(slips)
    pages = pages_of(tmp_path, data)
    assert len(pages) == 3
    assert "市大数据管理局" in pages[0]
    assert "学员2" in pages[2]
    assert "市大数据管理局" not in pages[2]
    for expected in ("学员1", "20260001", "7KMX-P2QW-9RTD", "linghang.example.cn/start", "有效期至2026年9月21日",
                     "激活码只能使用一次", "本系统为非涉密系统"):  # fmt: skip
        assert expected in pages[0]
    assert sorted(codes_of(tmp_path, data, page=3)) == ["https://linghang.example.cn/start/2"]
    assert len(codes_of(tmp_path, data, page=1)) == 6


def test_slips_hold_long_names_and_refuse_codes_that_are_misread(tmp_path: Path) -> None:
    text = packed(text_of(tmp_path, draw_slips([slip(1, LONG_UNIT, name=LONG_NAME)])))
    assert LONG_NAME in text
    assert LONG_UNIT in text
    for code in ("7KMX-0OIL", "abc", ""):
        with pytest.raises(AmbiguousCode):
            draw_slips([slip(1, code=code)])
    assert not set("01OIL") & set(CODE_ALPHABET)
    with pytest.raises(ValueError, match="没有"):
        draw_slips([])


def test_a_list_repeats_its_header_and_counts_its_pages(tmp_path: Path) -> None:
    rows = [
        [str(at), LONG_NAME if at % 7 == 0 else f"学员{at}", LONG_UNIT if at % 5 == 0 else "市司法局"]
        for at in range(1, 121)
    ]
    data = draw_table_document(
        "学员名册", "领航班（第3期）", [Column("序号", align="right"), "姓名", "单位"], rows, "虚构数据"
    )
    pages = pages_of(tmp_path, data)
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert "序号姓名单位" in page
        assert f"第{number}页/共{len(pages)}页" in page
        assert "虚构数据" in page
    assert all(f"学员{at}市司法局" in "".join(pages) for at in range(1, 121) if at % 7 and at % 5)
    assert all(word.right < 192 for word in words_of(tmp_path, data))


def test_an_empty_list_says_so_and_uneven_rows_are_refused(tmp_path: Path) -> None:
    assert "没有符合条件的记录" in text_of(tmp_path, draw_table_document("名册", "", ["姓名"], []))
    with pytest.raises(ValueError, match="列数"):
        draw_table_document("名册", "", ["姓名", "单位"], [["王敏"]])


def test_a_wide_list_lies_on_its_side(tmp_path: Path) -> None:
    columns = [f"列{at}" for at in range(12)]
    data = draw_table_document("统计表", "", columns, [["很长的内容" * 4] * 12] * 3, landscape=True)
    assert "841.89 x 595.2" in run("pdfinfo", saved(tmp_path, data))
    assert all(word.right < 297 - 18 for word in words_of(tmp_path, data))
