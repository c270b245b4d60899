"""How Word documents are set: page, margins and styles of letters and of handbooks, lists and forms."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from core.docx.fonts import FANGSONG, HEI, SONG, language, style_fonts
from core.drawing.parts import Look

INK = RGBColor(0x1F, 0x27, 0x33)
SECONDARY = RGBColor(0x5B, 0x66, 0x75)
RED = RGBColor(0xA8, 0x20, 0x2A)
CELL, LABEL, QUIET = "Linghang Cell", "Linghang Label", "Linghang Note"


@dataclass(frozen=True, slots=True)
class Setting:
    """Margins in millimetres (top, right, bottom, left), faces, sizes and line heights in points."""

    margins: tuple[float, float, float, float]
    body: tuple[str, float, float]
    headings: tuple[tuple[str, float], tuple[str, float], tuple[str, float]]
    cell: float

    @property
    def width(self) -> float:
        """The measure in millimetres."""
        return 210.0 - self.margins[1] - self.margins[3]


SETTINGS: dict[Look, Setting] = {
    "letter": Setting((37, 26, 35, 28), (FANGSONG, 16, 28), ((SONG, 22), (HEI, 16), (HEI, 16)), 12),
    "book": Setting((25, 22, 22, 22), (SONG, 10.5, 19), ((SONG, 20), (HEI, 15), (HEI, 11)), 10),
}


def prepare(document: WordDocument, setting: Setting) -> None:
    """Set the styles that every paragraph of the document stands on."""
    face, size, line = setting.body
    normal = _style(document, "Normal")
    _drop_theme(document)
    style_fonts(normal, face)
    language(normal.element.get_or_add_rPr())
    normal.font.size = Pt(size)
    normal.font.color.rgb = INK
    _line(normal, line)
    _close_up(normal)
    for level, (heading, points) in zip(("Title", "Heading 1", "Heading 2"), setting.headings, strict=True):
        _heading(_style(document, level), heading, points)
    for name, points, color in (
        (CELL, setting.cell, INK), (LABEL, setting.cell, SECONDARY), (QUIET, setting.cell - 1, SECONDARY),
    ):  # fmt: skip
        own = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(own, ParagraphStyle)
        own.base_style = normal
        style_fonts(own, SONG)
        own.font.size, own.font.color.rgb = Pt(points), color
        _line(own, points * 1.45)


def page(section: Section, setting: Setting) -> None:
    """Make a section A4 with the margins of the setting."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, right, bottom, left = setting.margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(12), Mm(12 if bottom < 30 else 22)


def _style(document: WordDocument, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _drop_theme(document: WordDocument) -> None:
    """Take the template's theme faces away: they would be asked before ours."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)


def _line(style: ParagraphStyle, points: float) -> None:
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(points)


def _close_up(style: ParagraphStyle) -> None:
    """Put no space between Chinese and figures, as on the drawn papers: 第3期, 11月9日."""
    properties = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        flag = OxmlElement(name)
        flag.set(qn("w:val"), "0")
        properties.insert_element_before(flag, "w:spacing", "w:ind", "w:jc")


def _heading(style: ParagraphStyle, face: str, points: float) -> None:
    style_fonts(style, face)
    style.font.size, style.font.bold, style.font.italic = Pt(points), face == SONG, False
    style.font.color.rgb = INK
    shape = style.paragraph_format
    shape.keep_with_next = True
    shape.space_before, shape.space_after = Pt(points * 0.6), Pt(points * 0.4)
    if style.name == "Title":
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
            break
