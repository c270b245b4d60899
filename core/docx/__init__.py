"""Papers as Word documents: the same parts that `core.drawing.papers` draws, for an office to edit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as WordSection
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from core.docx.fonts import HEI, KAI, SONG
from core.docx.setting import CELL, QUIET, RED, SECONDARY, SETTINGS, Setting, page, prepare
from core.docx.tables import ALIGNMENTS, add_form, add_table
from core.docx.words import add_field, write
from core.drawing.parts import (
    Closing,
    Contents,
    Cover,
    CutLine,
    Document,
    Facts,
    Form,
    Heading,
    NewPage,
    Paragraph,
    Part,
    Section,
    Table,
    chapters,
)

__all__ = ["write_document"]


def write_document(paper: Document) -> bytes:
    """Write a paper and return the docx file's bytes; each section counts its pages anew."""
    if not paper.sections:
        raise ValueError("没有需要打印的内容。")
    document, setting = docx.Document(), SETTINGS[paper.look]
    prepare(document, setting)
    for place, section in enumerate(paper.sections):
        made = document.add_section(WD_SECTION.NEW_PAGE) if place else document.sections[0]
        page(made, setting)
        _frame(made, paper, section, setting)
        _add_all(document, section.parts, setting)
    _properties(document, paper)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: WordDocument, paper: Document) -> None:
    facts = document.core_properties
    facts.title, facts.author, facts.comments, facts.language = paper.title, paper.author, "", "zh-CN"
    day = paper.created
    facts.created = facts.modified = datetime(day.year, day.month, day.day) if day else datetime(2000, 1, 1)


def _frame(made: WordSection, paper: Document, section: Section, setting: Setting) -> None:
    """Heads and page numbers, counted from one in each section."""
    made.header.is_linked_to_previous = made.footer.is_linked_to_previous = False
    made.different_first_page_header_footer = bool(section.parts) and isinstance(section.parts[0], Cover)
    number = OxmlElement("w:pgNumType")
    number.set(qn("w:start"), "1")
    made._sectPr.append(number)
    head, foot = made.header.paragraphs[0], made.footer.paragraphs[0]
    head.style = foot.style = QUIET
    if paper.look == "letter":
        write(head, section.note, SONG, color=RED)
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        write(foot, "— ", SONG)
        add_field(foot, "PAGE")
        write(foot, " —", SONG)
        return
    stops = head.paragraph_format.tab_stops, foot.paragraph_format.tab_stops
    for stop in stops:
        stop.add_tab_stop(Mm(setting.width), WD_TAB_ALIGNMENT.RIGHT)
    write(head, f"{paper.title}\t{section.head}", SONG)
    write(foot, f"{section.note}\t第 ", SONG)
    add_field(foot, "PAGE")
    write(foot, " 页 / 共 ", SONG)
    add_field(foot, "SECTIONPAGES")
    write(foot, " 页", SONG)


def _add_all(document: WordDocument, parts: Sequence[Part], setting: Setting) -> None:
    """Add parts in order; what follows a break, a cover or the contents begins a page itself."""
    body = document.element.body
    for place, part in enumerate(parts):
        at = len(body) - 1
        _add(document, part, parts, setting)
        breaks = place and isinstance(parts[place - 1], NewPage | Cover | Contents)
        if breaks and len(body) - 1 > at and body[at].tag == qn("w:p"):
            WordParagraph(body[at], document).paragraph_format.page_break_before = True


def _add(document: WordDocument, part: Part, parts: Sequence[Part], setting: Setting) -> None:
    match part:
        case Heading():
            paragraph = document.add_paragraph(style=("Title", "Heading 1", "Heading 2")[part.level])
            write(paragraph, part.text, setting.headings[part.level][0], bold=part.level == 0)
        case Paragraph():
            _paragraph(document, part, setting)
        case Facts():
            _facts(document, part, setting)
        case Table() if part.rows:
            add_table(document, part, setting)
            document.add_paragraph(style=CELL)
        case Table():
            write(document.add_paragraph(style=QUIET), part.empty, SONG)
        case Form():
            add_form(document, part, setting)
        case Closing():
            _closing(document, part, setting)
        case CutLine():
            _cut(document, part)
        case Cover():
            _cover(document, part)
        case Contents():
            _contents(document, part, chapters(parts), setting)


def _paragraph(document: WordDocument, part: Paragraph, setting: Setting) -> None:
    paragraph = document.add_paragraph(style=QUIET if part.quiet else None)
    paragraph.alignment = ALIGNMENTS[part.align]
    paragraph.paragraph_format.keep_with_next = part.keep or None
    if part.before:
        paragraph.paragraph_format.space_before = Mm(part.before)
    if part.indent and not part.quiet:
        _indent(paragraph, part.indent, setting)
    for place, line in enumerate(part.text.split("\n")):
        if place:
            paragraph.add_run().add_break()
        write(paragraph, line, SONG if part.quiet else setting.body[0])


def _indent(paragraph: WordParagraph, ems: float, setting: Setting) -> None:
    """Indent the first line by characters, so that it follows when somebody changes the size."""
    paragraph.paragraph_format.first_line_indent = Pt(ems * setting.body[1])
    indent = paragraph._p.get_or_add_pPr().find(qn("w:ind"))
    if indent is not None:
        indent.set(qn("w:firstLineChars"), str(round(ems * 100)))


def _facts(document: WordDocument, part: Facts, setting: Setting) -> None:
    wide = max((len(name) for name, _ in part.rows), default=0) + 2
    for name, value in part.rows:
        paragraph = document.add_paragraph()
        shape, left = paragraph.paragraph_format, Pt(wide * setting.body[1])
        shape.left_indent, shape.first_line_indent = left, -left
        shape.tab_stops.add_tab_stop(left)
        write(paragraph, f"{name}\t", HEI, color=SECONDARY)
        write(paragraph, value, setting.body[0])


def _closing(document: WordDocument, part: Closing, setting: Setting) -> None:
    """Lines centred over one another in the right half of the page."""
    document.add_paragraph()
    for line in part.lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.left_indent = Mm(setting.width * 0.42)
        write(paragraph, line, setting.body[0])


def _cut(document: WordDocument, part: CutLine) -> None:
    paragraph = document.add_paragraph(style=QUIET)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(14)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, f"- - - - - - - - - - - - - - - - ✂ {part.words} - - - - - - - - - - - - - - - -", SONG)


def _cover(document: WordDocument, part: Cover) -> None:
    lines = (
        (part.eyebrow, SONG, 12.0, 90.0, SECONDARY),
        (part.title, SONG, 30.0, 110.0, None),
        (part.subtitle, KAI, 22.0, 14.0, None),
        (part.marker, SONG, 10.0, 12.0, RED),
    )
    for text, face, size, before, color in lines:
        if text:
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Pt(before)
            write(paragraph, text, face, size=size, bold=size == 30, color=color)
    for place, (name, value) in enumerate(part.facts):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(0 if place else 150)
        write(paragraph, f"{name}　{value}", SONG, size=12)


def _contents(document: WordDocument, part: Contents, titles: Sequence[str], setting: Setting) -> None:
    """The chapters as a field: Word puts the page numbers in when the document is opened or printed."""
    write(document.add_paragraph(style=QUIET), part.title, HEI, size=16, bold=True)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(setting.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    add_field(paragraph, r'TOC \o "1-1" \h \z \u', "\n".join(titles), dirty=True)
