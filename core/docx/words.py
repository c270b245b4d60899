"""Runs, fields and tab stops of Word documents."""

from __future__ import annotations

import re

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from core.docx.fonts import run_fonts, stretches

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(
    paragraph: Paragraph,
    text: str,
    face: str,
    *,
    bold: bool = False,
    size: float = 0.0,
    color: RGBColor | None = None,
) -> None:
    """Add a text to a paragraph, a run for each stretch that needs a face of its own."""
    for words, wanted in stretches(UNPRINTABLE.sub("", text), face):
        run = paragraph.add_run(words)
        run_fonts(run, wanted, *((wanted,) if wanted != face else ()))
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)
        if color is not None:
            run.font.color.rgb = color


def put_style(paragraph: Paragraph, name: str) -> None:
    """Give a paragraph one of our styles by its id; asking python-docx by name searches all styles each time."""
    paragraph._p.style = name.replace(" ", "")


def add_field(paragraph: Paragraph, instruction: str, shown: str = "1", *, dirty: bool = False) -> None:
    """Add a field, as PAGE or SECTIONPAGES, with what stands there until Word counts."""
    _char(paragraph.add_run(), "begin", dirty=dirty)
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _char(paragraph.add_run(), "separate")
    paragraph.add_run(shown)
    _char(paragraph.add_run(), "end")


def _char(run: Run, kind: str, *, dirty: bool = False) -> None:
    char = OxmlElement("w:fldChar")
    char.set(qn("w:fldCharType"), kind)
    if dirty:
        char.set(qn("w:dirty"), "true")
    run._r.append(char)
