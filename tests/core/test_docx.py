"""Word documents: read back as an office's program would, with Chinese faces, repeated heads and page numbers."""

from __future__ import annotations

import io
import re
from datetime import date

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm

from core.docx import write_document
from core.docx.fonts import face_of, stretches
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

ROWS = tuple((str(n), f"学员{n:03d}", "云山市数据局") for n in range(200))
TABLE = Table((Column("序号", 0.2, "center"), Column("姓名", 0.3), Column("单位", 0.5)), ROWS)


def read(*sections: tuple[object, ...], look: str = "book", note: str = "") -> WordDocument:
    made = Document(
        "示范", tuple(Section(parts, "页眉", note) for parts in sections), look, "示范单位", date(2026, 9, 14)
    )
    return docx.Document(io.BytesIO(write_document(made)))


@pytest.mark.parametrize(
    ("char", "face"),
    [
        ("王", "仿宋"),
        ("a", "仿宋"),
        ("，", "仿宋"),
        ("“", "仿宋"),
        ("·", "仿宋"),
        ("䶮", "宋体"),
        ("𬱖", "SimSun-ExtB"),
    ],
)
def test_every_character_has_a_face_that_holds_it(char: str, face: str) -> None:
    assert face_of(char, "仿宋") == face


def test_a_name_is_split_only_where_the_face_changes() -> None:
    assert list(stretches("张𬱖同志", "仿宋")) == [("张", "仿宋"), ("𬱖", "SimSun-ExtB"), ("同志", "仿宋")]
    assert list(stretches("", "仿宋")) == []


def test_runs_and_styles_name_their_chinese_faces() -> None:
    document = read((Heading("通知", 0), Paragraph("“正文”与䶮字。")), look="letter")
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋"
    assert not [f for f in document.styles.element.iter(qn("w:rFonts")) if f.get(qn("w:eastAsiaTheme"))]
    runs = document.paragraphs[1].runs
    assert [(r.text, r._r.rPr.rFonts.get(qn("w:eastAsia"))) for r in runs] == [
        ("“正文”与", "仿宋"),
        ("䶮", "宋体"),
        ("字。", "仿宋"),
    ]
    assert runs[0]._r.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


@pytest.mark.parametrize(("look", "left", "top"), [("letter", 28, 37), ("book", 22, 25)])
def test_pages_are_a4_with_the_margins_of_the_look(look: str, left: float, top: float) -> None:
    section = read((Paragraph("正文"),), look=look).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.left_margin.mm), round(section.top_margin.mm)) == (left, top)


def test_heads_and_page_numbers_begin_anew_in_each_section() -> None:
    document = read((Paragraph("甲"),), (Paragraph("乙"),), note="示范文稿")
    assert len(document.sections) == 2
    for section in document.sections:
        assert "页眉" in section.header.paragraphs[0].text
        foot = section.footer._element.xml
        assert " PAGE " in foot and " SECTIONPAGES " in foot
        assert "示范文稿" in section.footer.paragraphs[0].text
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_a_list_repeats_its_head_keeps_its_rows_whole_and_its_width() -> None:
    document = read((TABLE,))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "姓名", "单位"]
    assert len(table.rows) == 201
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert abs(sum(cell.width for cell in table.rows[5].cells) - Mm(166)) < Mm(1)


def test_an_empty_list_says_so_and_has_no_table() -> None:
    document = read((Table((Column("姓名"),), (), "名单还没有确定。"),))
    assert not document.tables
    assert "名单还没有确定。" in [p.text for p in document.paragraphs]


def test_a_form_spans_and_keeps_room_to_write() -> None:
    form = Form((0.25, 0.25, 0.25, 0.25), (
        FormRow((Cell("姓名", label=True), Cell("王敏"), Cell("小组", label=True), Cell("第1组"))),
        FormRow((Cell("鉴定", label=True), Cell("", 3)), 60, "签名："),
    ))  # fmt: skip
    (table,) = read((form,)).tables
    assert [cell.text for cell in table.rows[0].cells] == ["姓名", "王敏", "小组", "第1组"]
    assert table.rows[1]._tr.tc_lst[1].grid_span == 3
    assert round(table.rows[1].height.mm) == 60
    assert "签名：" in table.rows[1].cells[-1].text


def test_a_form_stays_on_one_page_and_no_space_divides_figures_from_words() -> None:
    rows = tuple(FormRow((Cell("姓名", label=True), Cell(f"学员{n}"))) for n in range(3))
    made = read((Form((0.5, 0.5), rows),))
    kept = [[p.paragraph_format.keep_with_next for c in row.cells for p in c.paragraphs] for row in made.tables[0].rows]
    assert kept == [[True, True], [True, True], [None, None]]
    normal = made.styles["Normal"].element
    assert [normal.find(f".//{qn(name)}").get(qn("w:val")) for name in ("w:autoSpaceDE", "w:autoSpaceDN")] == ["0", "0"]
    order = [node.tag for node in made.tables[0]._tblPr]
    assert order.index(qn("w:tblCellMar")) < order.index(qn("w:tblLook")), "Word reads them in this order only"


def test_every_part_arrives_in_order() -> None:
    parts = (
        Cover("单位", "班次", "学员手册", (("时间", "九月"),), "示范文稿"), Contents(), Heading("概况"),
        Facts((("地点", "报告厅"),)), NewPage(), Heading("名单"), TABLE, CutLine("剪下"), Closing(("示范单位", "某日")),
    )  # fmt: skip
    document = read(parts)
    text = "\n".join(p.text for p in document.paragraphs)
    words = ("单位", "学员手册", "示范文稿", "目录", "概况", "报告厅", "剪下", "某日")
    assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)
    assert 'TOC \\o "1-1"' in document.element.xml
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["目录", "概况", "名单"]
    assert document.sections[0].different_first_page_header_footer


def test_what_xml_cannot_hold_is_left_out() -> None:
    document = read((Paragraph("甲\x00乙\x0b丙\ufffe"),))
    assert document.paragraphs[0].text == "甲乙丙"


def test_the_same_paper_says_the_same_day_inside() -> None:
    facts = read((Paragraph("正文"),)).core_properties
    assert (facts.author, facts.title, facts.created.date()) == ("示范单位", "示范", date(2026, 9, 14))
    assert not re.search("python", facts.comments or "", re.IGNORECASE)


def test_nothing_to_write_is_refused() -> None:
    with pytest.raises(ValueError, match="没有需要打印"):
        write_document(Document("空", ()))
