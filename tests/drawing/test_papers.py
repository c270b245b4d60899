"""Papers of a class on values alone: letters, forms, cards, sheets; read back as a viewer reads them."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from core.drawing.attendance import Row, SheetWords, Slot, draw_attendance_table, draw_sign_in_sheets
from core.drawing.badges import CARD_HEIGHT, CARD_WIDTH, LEFT, PER_PAGE, TOP, Badge, draw_badges
from core.drawing.desk_cards import draw_desk_cards, spaced_name
from core.drawing.papers import draw_document
from core.drawing.parts import (
    Cell,
    Closing,
    Contents,
    Cover,
    CutLine,
    Document,
    Facts,
    Form,
    FormRow,
    Heading,
    NewPage,
    Paragraph,
    Section,
    Table,
)
from core.drawing.tables import Column
from core.drawing.text import TextDoesNotFit
from core.drawing.typefaces import MissingGlyphs
from tests.drawing.reading import fonts_of, packed, run, saved, text_of, words_of

LONG = "买买提·阿卜杜热合曼·托乎提"
RARE = "张𬱖䶮"
UNIT = "云山市人力资源和社会保障局（云山市外国专家局）"
MONDAY = date(2026, 9, 14)


def pages_of(folder: Path, data: bytes) -> list[str]:
    return [packed(page) for page in text_of(folder, data).split("\f")[:-1]]


def slots(days: int) -> list[Slot]:
    return [Slot(MONDAY + timedelta(days=day), half) for day in range(days) for half in ("上午", "下午")]


def inside(folder: Path, data: bytes, width: float, height: float, margin: float = 2.0) -> None:
    """Nothing stands beyond the edges of the paper."""
    for word in words_of(folder, data):
        assert word.left >= margin and word.right <= width - margin, word
        assert word.top >= margin and word.bottom <= height - margin, word


def letter(*parts: object, note: str = "") -> Document:
    return Document("函", (Section(parts, head="续页", note=note),), "letter")


def test_a_document_is_sound_and_embeds_its_fonts(tmp_path: Path) -> None:
    data = draw_document(
        letter(Heading("关于培训的通知", 0), Paragraph(f"{RARE}同志："), Closing(("示范单位", "某日")))
    )
    assert "No syntax" in run("qpdf", "--check", saved(tmp_path, data))
    assert all(font["embedded"] == "yes" and font["unicode"] == "yes" for font in fonts_of(tmp_path, data))
    assert RARE in packed(text_of(tmp_path, data))


def test_each_section_counts_its_pages_anew(tmp_path: Path) -> None:
    parts = (Heading("甲", 0), Paragraph("正文。" * 600))
    data = draw_document(Document("函", (Section(parts), Section(parts)), "letter"))
    pages = pages_of(tmp_path, data)
    half = len(pages) // 2
    assert half >= 2
    for place in (0, half):
        assert pages[place].endswith("—1—")
        assert pages[place + half - 1].endswith(f"—{half}—")


def test_a_paragraph_goes_on_overleaf_and_leaves_no_line_alone(tmp_path: Path) -> None:
    """A piece as high as its paragraph would run out of the page or leave half of it empty."""
    for lead in range(17, 24):
        text = "一二三四五六七八九十" * 24
        data = draw_document(letter(*[Paragraph("短句。") for _ in range(lead)], Paragraph(text)))
        inside(tmp_path, data, 210, 297)
        last = [line for line in text_of(tmp_path, data, 2).splitlines() if "一二" in line or "九十" in line]
        assert len(last) != 1
        first = [line for line in text_of(tmp_path, data, 1).splitlines() if "一二" in line or "九十" in line]
        assert len(first) != 1


def test_what_is_cut_off_stays_on_one_page(tmp_path: Path) -> None:
    form = Form((0.3, 0.7), tuple(FormRow((Cell(f"姓名{n}", label=True), Cell())) for n in range(9)))
    for lead in range(1, 22, 3):
        paragraphs = [Paragraph("短句。") for _ in range(lead)]
        pages = pages_of(tmp_path, draw_document(letter(*paragraphs, CutLine("剪下"), Heading("回执", 0), form)))
        slip = next(page for page in pages if "剪下" in page)
        assert "回执" in slip
        assert all(f"姓名{n}" in slip for n in range(9))


def test_a_slip_longer_than_a_page_goes_on_and_loses_nobody(tmp_path: Path) -> None:
    form = Form((0.3, 0.7), tuple(FormRow((Cell(f"姓名{n:02d}", label=True), Cell())) for n in range(40)))
    data = draw_document(letter(Paragraph("短句。"), CutLine("剪下"), form))
    text = packed(text_of(tmp_path, data))
    assert all(text.count(f"姓名{n:02d}") == 1 for n in range(40))
    inside(tmp_path, data, 210, 297)


def test_a_long_text_in_a_form_goes_on_in_the_next_row(tmp_path: Path) -> None:
    text = "".join(f"第{n:03d}句，学习认真。" for n in range(260))
    form = Form((0.2, 0.8), (FormRow((Cell("鉴定", label=True), Cell(text)), 60, "签名："),))
    data = draw_document(Document("表", (Section((form,)),)))
    said = packed(text_of(tmp_path, data))
    assert all(f"第{n:03d}句" in said for n in range(260))
    assert "鉴定（续）" in said
    assert said.count("签名：") == 1
    inside(tmp_path, data, 210, 297)


def test_a_form_row_must_fill_its_columns() -> None:
    with pytest.raises(ValueError, match="格数"):
        draw_document(Document("表", (Section((Form((0.5, 0.5), (FormRow((Cell("甲"),)),)),)),)))


def test_contents_name_the_page_of_each_chapter(tmp_path: Path) -> None:
    parts = (
        Cover("示范", "示范班", "学员手册", (("时间", "九月"),), "示范文稿"), Contents(), Heading("概况"),
        Facts((("班次", "示范班"),)), NewPage(), Heading("名单"), Paragraph("甲、乙"), Heading("规定"),
    )  # fmt: skip
    pages = pages_of(tmp_path, draw_document(Document("手册", (Section(parts),))))
    assert len(pages) == 4
    assert "概况3" in pages[1]
    assert "名单4规定4" in pages[1]
    assert "页/共" not in pages[0]
    assert "第4页/共4页" in pages[3]


def test_a_list_repeats_its_head_and_an_empty_one_says_so(tmp_path: Path) -> None:
    rows = tuple((str(n), LONG, UNIT) for n in range(200))
    table = Table((Column("序号", 0.2), Column("姓名", 0.3), Column("单位", 0.5)), rows)
    pages = pages_of(tmp_path, draw_document(Document("名册", (Section((table,)),))))
    assert len(pages) > 5
    assert all("序号姓名单位" in page for page in pages)
    empty = Table((Column("姓名"),), (), "学员名单还没有确定。")
    assert "还没有确定" in pages_of(tmp_path, draw_document(Document("名册", (Section((empty,)),))))[0]


def test_nothing_is_drawn_with_a_blank_for_a_character() -> None:
    with pytest.raises(MissingGlyphs, match="U\\+10FFFD"):
        draw_document(letter(Paragraph("张\U0010fffd")))


# Desk cards.


def test_two_characters_are_set_apart_as_three() -> None:
    assert spaced_name("王敏") == "王\u3000敏"
    assert spaced_name("李建国") == "李建国"


@pytest.mark.parametrize("name", ["王敏", "李建国", "欧阳文静", LONG, RARE, "甲" * 14, "阿" * 25 + "·" + "布" * 24])
def test_a_desk_card_says_the_name_twice_and_within_the_paper(name: str, tmp_path: Path) -> None:
    data = draw_desk_cards([name])
    assert packed(text_of(tmp_path, data)).count(name) + packed(text_of(tmp_path, data)).count(name[::-1]) >= 1
    assert PdfReader(io.BytesIO(data)).pages[0].extract_text().count(name[0]) >= 2
    picture = _picture(tmp_path, data)
    ink = picture.convert("L").point(lambda value: 255 if value < 100 else 0).getbbox()
    assert ink is not None
    width, height = picture.size
    assert ink[0] > width * 0.04 and ink[2] < width * 0.96
    upper, lower = picture.crop((0, 0, width, height // 2)), picture.crop((0, height - height // 2, width, height))
    turned = upper.rotate(180).convert("L").point(lambda value: 255 if value < 128 else 0)
    below = lower.convert("L").point(lambda value: 255 if value < 128 else 0)
    assert turned.getbbox() is not None
    assert all(abs(a - b) <= 2 for a, b in zip(turned.getbbox(), below.getbbox(), strict=True))


def _picture(folder: Path, data: bytes) -> Image.Image:
    run("pdftoppm", "-r", "40", "-png", "-singlefile", saved(folder, data), str(folder / "card"))
    with Image.open(folder / "card.png") as picture:
        return picture.convert("RGB")


def test_a_name_that_no_card_holds_is_refused() -> None:
    with pytest.raises(TextDoesNotFit):
        draw_desk_cards(["阿" * 120])


@pytest.mark.parametrize("count", [1, 200])
def test_one_sheet_for_each_name(count: int) -> None:
    data = draw_desk_cards([f"学员{n}" for n in range(count)])
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == count
    assert float(reader.pages[0].mediabox.width) > float(reader.pages[0].mediabox.height)


# Badges.


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 280), "#3b6").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 2), (200, 25)])
def test_eight_badges_to_a_page(count: int, pages: int) -> None:
    data = draw_badges([Badge(f"学员{n}", "示范局", "第1组") for n in range(count)], title="示范班")
    assert len(PdfReader(io.BytesIO(data)).pages) == pages


@pytest.mark.parametrize("with_photo", [False, True])
@pytest.mark.parametrize("name", ["王敏", LONG, RARE])
def test_a_badge_keeps_its_words_inside_its_card(name: str, with_photo: bool, tmp_path: Path) -> None:
    badge = Badge(name, UNIT, "第12组", "党支部书记", photo() if with_photo else b"")
    title = "领导干部数字政府建设与跨部门业务协同专题研修领航班（第12期）"
    data = draw_badges([badge] * PER_PAGE, title=title, marker="示范")
    text = packed(text_of(tmp_path, data))
    assert text.count(packed(name)) == PER_PAGE
    assert "党支部书记" in text
    for word in words_of(tmp_path, data):
        column = int((word.left - LEFT) // CARD_WIDTH)
        row = int((word.top - TOP) // CARD_HEIGHT)
        assert word.right <= LEFT + (column + 1) * CARD_WIDTH + 0.01, word
        assert word.bottom <= TOP + (row + 1) * CARD_HEIGHT + 0.01, word
    images = PdfReader(io.BytesIO(data)).pages[0].images
    assert bool(len(images)) == with_photo


# Sheets.


def test_a_week_stands_across_and_a_half_day_upright(tmp_path: Path) -> None:
    rows = [Row("王敏", UNIT, "第1组"), Row(LONG, UNIT, "第1组"), Row(RARE, "示范局", "第2组")]
    week = draw_sign_in_sheets([(SheetWords("签到表"), slots(5), rows)])
    half = draw_sign_in_sheets([(SheetWords("签到表", line="9月14日上午"), slots(1)[:1], rows)])
    for data, width, height in ((week, 297, 210), (half, 210, 297)):
        box = PdfReader(io.BytesIO(data)).pages[0].mediabox
        assert abs(float(box.width) / 72 * 25.4 - width) < 1
        inside(tmp_path, data, width, height, 5)
        assert RARE in packed(text_of(tmp_path, data))
    assert packed(text_of(tmp_path, week)).count("上午") == 5
    assert "签名" in packed(text_of(tmp_path, half))


def test_two_hundred_sign_under_a_head_on_each_page(tmp_path: Path) -> None:
    rows = [Row(f"学员{n:03d}", UNIT, "第1组") for n in range(200)]
    pages = pages_of(tmp_path, draw_sign_in_sheets([(SheetWords("签到表"), slots(1)[:1], rows)]))
    assert len(pages) >= 8
    assert all("序号小组姓名单位签名备注" in page for page in pages)
    assert sum(page.count("学员") for page in pages) == 200


def test_the_table_shows_marks_and_sums_on_pages_with_heads(tmp_path: Path) -> None:
    days = slots(5)
    rows = [Row(f"学员{n:03d}", UNIT, "第1组", ("√",) * 9 + ("假",), ("9", "1")) for n in range(60)]
    data = draw_attendance_table(SheetWords("考勤表", note="√ 到课"), days, rows, ("到课", "请假"))
    pages = pages_of(tmp_path, data)
    assert len(pages) >= 3
    for page in pages:
        assert "到课请假" in page.replace("\n", "")
        assert "9.14" in page
        assert page.count("√到课") == 1
    assert sum(page.count("√") for page in pages) == 60 * 9 + len(pages)
    inside(tmp_path, data, 297, 210, 5)


def test_a_long_class_goes_on_in_parts_and_its_sums_stand_once(tmp_path: Path) -> None:
    days = slots(30)
    rows = [Row("王敏", UNIT, "第1组", ("√",) * 60, ("60",))]
    pages = pages_of(tmp_path, draw_attendance_table(SheetWords("考勤表"), days, rows, ("合计",)))
    assert len(pages) == 3
    assert sum(page.count("√") for page in pages) == 60
    assert [("合计" in page) for page in pages] == [False, False, True]
    assert all("王敏" in page for page in pages)


def test_without_people_or_half_days_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="没有"):
        draw_sign_in_sheets([])
    with pytest.raises(ValueError, match="没有"):
        draw_attendance_table(SheetWords("考勤表"), [], [Row("王敏", UNIT)], ())
    with pytest.raises(ValueError, match="没有"):
        draw_desk_cards([])
    with pytest.raises(ValueError, match="没有"):
        draw_badges([], title="班")
